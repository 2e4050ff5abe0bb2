//! What was found out about an input because the user did not say it: shown as the options that would say it.

use super::nested::OtherList;
use super::{Delimiter, Encoding, Escape, RecordsPath};
use crate::hint::{DELIMITER, ENCODING, ESCAPE, RECORDS, SHEET, long};
use crate::text::shell_word;

/// What was found out about an input because the user did not say it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Assumed {
    /// The sheet that is read, where the workbook has others.
    pub(crate) sheet: Option<String>,
    /// The other sheets that have contacts, and are not read.
    pub(crate) other_sheets: Vec<String>,
    /// Its encoding, where it is neither UTF-8 nor the one that was named.
    pub(crate) encoding: Option<Encoding>,
    /// What separates its columns, where its name suggests another character.
    pub(crate) delimiter: Option<Delimiter>,
    /// What escapes a quote inside quotes, where it decides how a row is read.
    pub(crate) escape: Option<Escape>,
    /// Whether single quotes around cells are taken off.
    pub(super) has_single_quotes: bool,
    /// Whether spaces before a quote are skipped, since cells in quotes are written so.
    pub(super) skips_spaces: bool,
    /// The last row above the header, where there are such rows.
    pub(crate) banner: Option<u64>,
    /// Where its records are, of a JSON document that is not the list of them.
    pub(crate) records: Option<RecordsPath>,
    /// What else in a JSON document has phones, and is not read.
    pub(crate) other_lists: Vec<OtherList>,
}

impl Assumed {
    /// A line a user reads for each thing.
    pub(crate) fn lines(&self) -> Vec<String> {
        let all = [
            self.pinned(),
            self.single_quotes(),
            self.spaced(),
            self.not_read(),
            self.lists_not_read(),
            self.above(),
        ];
        all.into_iter().flatten().collect()
    }

    /// The options that would say it, and their values.
    pub(crate) fn options(&self) -> Vec<(&'static str, String)> {
        let sheet = self.sheet.clone();
        let delimiter = self.delimiter.map(|it| it.word());
        let escape = self.escape.map(Escape::word);
        let encoding = self.encoding.map(|it| it.to_string());
        let all = [
            (long(SHEET), sheet),
            (long(DELIMITER), delimiter),
            (long(ESCAPE), escape),
            (long(ENCODING), encoding),
            (
                long(RECORDS),
                self.records.as_ref().map(ToString::to_string),
            ),
        ];
        all.into_iter()
            .filter_map(|(option, value)| Some((option, value?)))
            .collect()
    }

    /// The same for a shell: `read with --delimiter semicolon --encoding windows-1252`.
    fn pinned(&self) -> Option<String> {
        let sheet = self.sheet.as_deref().map(of_sheet);
        let delimiter = self.delimiter.map(|it| format!(" {DELIMITER} {it}"));
        let escape = self.escape.map(|it| format!(" {ESCAPE} {it}"));
        let encoding = self.encoding.map(|it| format!(" {ENCODING} {it}"));
        let records = self.records.as_ref().map(|it| format!(" {}", it.option()));
        let all = [sheet, delimiter, escape, encoding, records];
        let all: String = all.into_iter().flatten().collect();
        (!all.is_empty()).then(|| format!("read with{all}"))
    }

    fn single_quotes(&self) -> Option<String> {
        let words = "single quotes around cells were removed: 'a, b' is one cell";
        self.has_single_quotes.then(|| words.to_owned())
    }

    fn spaced(&self) -> Option<String> {
        let words = "spaces before an opening quote were passed over: , \"a, b\" is one cell";
        self.skips_spaces.then(|| words.to_owned())
    }

    fn not_read(&self) -> Option<String> {
        let others = self.other_sheets.iter().map(|name| of_sheet(name));
        let others: String = others.collect::<Vec<_>>().join(" or");
        let words = format!("other sheets have contacts, too, and are not read:{others} reads one");
        (!others.is_empty()).then_some(words)
    }

    fn lists_not_read(&self) -> Option<String> {
        let others: Vec<String> = self.other_lists.iter().map(OtherList::line).collect();
        (!others.is_empty()).then(|| format!("left out: {}", others.join(", ")))
    }

    fn above(&self) -> Option<String> {
        self.banner.map(|last| match last {
            1 => "row 1 was passed over: it stands above the header".to_owned(),
            _ => format!("rows 1 to {last} were passed over: they stand above the header"),
        })
    }
}

/// A name that begins with a dash would be taken for an option.
fn of_sheet(name: &str) -> String {
    let separator = if name.starts_with('-') { '=' } else { ' ' };
    format!(" {SHEET}{separator}{}", shell_word(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_assumed_is_printed_as_options() {
        let assumed = Assumed {
            sheet: Some("All contacts".to_owned()),
            other_sheets: vec!["Old".to_owned(), "New ones".to_owned()],
            encoding: "windows-1252".parse().ok(),
            delimiter: ";".parse().ok(),
            escape: Some(Escape::BACKSLASH),
            has_single_quotes: true,
            skips_spaces: true,
            banner: Some(2),
            records: "data.users".parse().ok(),
            other_lists: vec![
                OtherList {
                    path: "agents".parse().unwrap(),
                    objects: 1_200,
                },
                OtherList {
                    path: RecordsPath::default(),
                    objects: 1,
                },
            ],
        };
        assert_eq!(
            assumed.lines(),
            [
                "read with --sheet \"All contacts\" --delimiter semicolon --escape backslash --encoding windows-1252 --records data.users",
                "single quotes around cells were removed: 'a, b' is one cell",
                "spaces before an opening quote were passed over: , \"a, b\" is one cell",
                "other sheets have contacts, too, and are not read: --sheet Old or --sheet \"New ones\" reads one",
                "left out: list agents (1,200 objects with phones: --records agents), a phone outside of the list (--records .)",
                "rows 1 to 2 were passed over: they stand above the header",
            ]
        );
        assert!(Assumed::default().lines().is_empty());
    }
}
