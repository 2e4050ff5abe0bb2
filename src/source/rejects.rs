//! Our own rejects files as inputs: they are recognised, and what they kept of lines and vCards is read anew.
//!
//! Owns the reading; the columns are those of `crate::rejects`, where the mapping asks which columns are not fields.

use super::delimiter::Delimiter;
use super::encoding::Encoding;
use super::vcard::{self, RejectedCard};
use crate::entries::ObjectEntries;
use crate::outcome::Code;
use crate::record::{CellValue, Cells, Defect, Header, Records};
use crate::rejects::{CODE, OUTCOME, RAW, ROW, is_own_column};

/// Whether a row is the header of a rejects file.
pub(super) fn is_header<'a>(mut names: impl Iterator<Item = &'a str>) -> bool {
    names.any(|name| name == ROW)
}

/// The delimiter of a table that begins like this, where it is a rejects file.
pub(super) fn delimiter(start: &[u8]) -> Option<Delimiter> {
    delimiter_of_header(first_row(start))
}

/// The character before our first column in a header, which may be quoted. An unusual one must also follow the column:
/// it may be a letter of a longer name.
fn delimiter_of_header(header: &[u8]) -> Option<Delimiter> {
    let is_usual = |byte: u8| Delimiter::USUAL.iter().any(|usual| usual.byte() == byte);
    let ends_name =
        |next: Option<&u8>| next.is_none_or(|byte| is_usual(*byte) || matches!(byte, b'"' | b'\r'));
    let mut found = header
        .windows(ROW.len())
        .enumerate()
        .filter(|(_, window)| *window == ROW.as_bytes())
        .map(|(at, _)| at);
    found.find_map(|at| {
        let (before, after) = header.split_at_checked(at)?;
        let after = after.get(ROW.len()..)?;
        let before = before.strip_suffix(b"\"").unwrap_or(before).last().copied();
        let usual = before.filter(|byte| is_usual(*byte) && ends_name(after.first()));
        usual
            .or_else(|| before_the_next(after))
            .and_then(Delimiter::of)
    })
}

/// The character between our first two columns.
fn before_the_next(after: &[u8]) -> Option<u8> {
    let after = after.strip_prefix(b"\"").unwrap_or(after);
    let (delimiter, next) = after.split_first()?;
    let next = next.strip_prefix(b"\"").unwrap_or(next);
    next.starts_with(OUTCOME.as_bytes()).then_some(*delimiter)
}

/// The first line that is not blank, with the lines that its quotes join to it.
fn first_row(start: &[u8]) -> &[u8] {
    let start = start.trim_ascii_start();
    let mut quoted = false;
    let ends = |byte: &u8| {
        quoted ^= *byte == b'"';
        !quoted && matches!(byte, b'\n' | b'\r')
    };
    let end = start.iter().position(ends).unwrap_or(start.len());
    start.get(..end).unwrap_or_default()
}

/// Where a table has our columns, if it is a rejects file.
#[derive(Default)]
pub(super) struct RejectsTable {
    /// Why a row was rejected.
    code: Option<usize>,
    /// The text of a broken card, in a rejects file of vCards.
    card: Option<usize>,
    /// The encoding that the user named, in which such a text has the bytes that were not read.
    pub(super) named: Option<Encoding>,
}

impl RejectsTable {
    pub(super) fn new(header: &Header) -> RejectsTable {
        let column = |wanted: &str| header.names.iter().position(|name| name == wanted);
        let is_of_cards = vcard::is_table_of_cards(&header.names);
        RejectsTable {
            code: column(CODE),
            card: column(RAW).filter(|_| is_of_cards),
            named: None,
        }
    }

    /// Whether its rows were vCards.
    pub(super) fn is_of_cards(&self) -> bool {
        self.card.is_some()
    }

    /// The code for which a row was rejected.
    pub(super) fn code<'a>(&self, cells: Cells<'a>) -> Option<&'a str> {
        cells.get(self.code?)?.text()
    }

    /// Reads the cells of a row as they were read from its card: several values are a list again, and the text of a
    /// card that was kept counts where nothing else is in the row. Else only cells with U+FFFD are read anew from it.
    /// What is still wrong with the card is the row's defect.
    pub(super) fn restore_card(&self, header: &Header, records: &mut Records) -> Option<Defect> {
        let mut cells: Vec<CellValue> = records.open().iter().map(CellValue::from).collect();
        let defect = self.restore(header, &mut cells);
        records.abandon();
        cells.iter().for_each(|cell| records.push_value(cell));
        defect
    }

    fn restore(&self, header: &Header, cells: &mut [CellValue]) -> Option<Defect> {
        let card = self.card?;
        let columns = header.names.iter().zip(&mut *cells);
        for (_, cell) in columns.filter(|(name, _)| vcard::is_list(name)) {
            if let CellValue::Text(text) = cell {
                *cell = vcard::list(text);
            }
        }
        let kept = RejectedCard::read(cells.get(card)?.text()?, self.named)?;
        let columns = header.names.iter().zip(cells);
        let own = columns.filter(|(name, _)| !is_own_column(name));
        let mut own: Vec<_> = own.collect();
        let is_bare = own.iter().all(|(_, cell)| cell.is_blank());
        // What the user typed into the other cells counts: it is the correction.
        own.retain(|(_, cell)| is_bare || cell.is_garbled());
        let is_read_anew = !own.is_empty();
        for (name, cell) in own {
            *cell = kept.cell(name);
        }
        kept.defect.filter(|_| is_read_anew)
    }
}

/// A line that a rejects file kept under a key of its own because it was not an object.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct KeptLine {
    /// The line; once it is fixed it is an object again.
    pub(super) text: String,
    /// Why it was rejected.
    code: Option<String>,
}

impl KeptLine {
    /// The line that an object keeps; `None` for any other object.
    pub(super) fn of(object: &str) -> Option<KeptLine> {
        // Every record comes by here: only those of rejects files are parsed twice.
        if !object.contains(RAW) {
            return None;
        }
        let ObjectEntries(entries) = serde_json::from_str(object).ok()?;
        let value = |wanted: &str| {
            let (_, value) = entries.iter().find(|(key, _)| key == wanted)?;
            serde_json::from_str(value.get()).ok()
        };
        Some(KeptLine {
            text: value(RAW)?,
            code: value(CODE),
        })
    }

    /// Whether it was not UTF-8 and came back as it was.
    pub(super) fn is_still_garbled(&self) -> bool {
        self.code.as_deref() == Some(Code::BadEncoding.as_str())
            && self.text.contains(char::REPLACEMENT_CHARACTER)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_kept_line_is_taken_only_where_it_is_a_text() {
        let kept = |code: Option<&str>| {
            Some(KeptLine {
                text: "{\"a\":1".to_owned(),
                code: code.map(ToOwned::to_owned),
            })
        };
        assert_eq!(
            KeptLine::of(r#"{"bp_row":2,"bp_raw":"{\"a\":1"}"#),
            kept(None)
        );
        let coded = r#"{"bp_raw":"{\"a\":1","bp_code":"bad_json"}"#;
        assert_eq!(KeptLine::of(coded), kept(Some("bad_json")));
        assert_eq!(KeptLine::of(r#"{"bp_raw":1}"#), None);
        assert_eq!(KeptLine::of(r#"{"a":"bp_raw"}"#), None);
        assert_eq!(KeptLine::of("bp_raw"), None);
    }
}
