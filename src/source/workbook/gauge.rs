//! Proves that the parts of a zipped workbook are well-formed and within bounds, before a reader trusts them.
//!
//! Owns the bounds. A part is inflated once and read as XML through a meter: a zip bomb, a lie about sizes and a part
//! that breaks off are found before the first record. Only merged ranges are kept, which a sheet lists behind its cells. Does
//! not know what cells mean.

use std::io::{self, BufRead, ErrorKind, Read};

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use super::error::WorkbookError;
use super::merged_cells::MergedCells;
use super::reference;
use super::xml::attribute;

/// Bytes of one tag or one text. The parser buffers a whole one.
const PIECE: usize = 2_000_000;
/// Bytes of one cell, or of one shared string, with its markup. A reader holds a whole one.
const ITEM: u64 = 8_000_000;
/// Bytes that the shared strings may take in memory.
const STRINGS: u64 = 128_000_000;
/// Memory of a string besides its text: an entry in the list, and the overhead of an allocation.
const STRING_OVERHEAD: u64 = 64;
/// Bytes of a sheet: more than a million rows of fifty columns.
const SHEET: u64 = 4_000_000_000;
/// Bytes of any other part, such as styles and relationships.
const OTHER: u64 = 64_000_000;
/// Elements of any other part: room for Excel's 65,490 styles, each with alignment and protection.
const ELEMENTS: u64 = 300_000;
/// Bytes that the styles of cells may take in memory. Excel allows 65,490 styles.
const STYLES: u64 = 64_000_000;
/// Memory of a style besides the longest text in the part, which each style may have a copy of.
const STYLE_OVERHEAD: u64 = 512;
/// Depth of nested elements. Bounds the parser's stack of open elements.
const DEPTH: u64 = 100;
/// Filled cells of an OpenDocument, repeated ones counted each time: a few bytes can claim 16 billion.
const CELLS: u64 = 20_000_000;
/// Bytes of text in a row of an OpenDocument, with its repeated cells.
const ROW_TEXT: u64 = 24_000_000;
/// Bytes of text in all rows of an OpenDocument. Without this bound, a file of 935 bytes that claimed 1.9 GB took a
/// minute to read.
const TEXTS: u64 = 256_000_000;

/// Bytes of a cell's attributes that are not counted as text: an ordinary cell has no more.
const ORDINARY: u64 = 200;

/// Checks a part; returns the merged ranges of a sheet.
pub(super) fn check(part: impl BufRead) -> Result<MergedCells, WorkbookError> {
    let mut check = PartCheck::new(part);
    check.run()?;
    Ok(check.merges.in_order())
}

const HUGE_PART: WorkbookError = WorkbookError::TooLarge("a part of it is too large");

/// The kind of a part, by its root element. A wrong content type cannot choose weaker bounds.
#[derive(Clone, Copy, PartialEq, Eq)]
enum PartKind {
    Strings,
    Sheet,
    OpenDocument,
    Other,
}

impl PartKind {
    fn of(root: &str) -> PartKind {
        match root {
            "sst" => PartKind::Strings,
            "worksheet" => PartKind::Sheet,
            "document-content" => PartKind::OpenDocument,
            _ => PartKind::Other,
        }
    }

    /// The depth of the elements that a reader holds as a whole: `si` in the strings, `c` in a sheet.
    fn item_depth(self) -> u64 {
        match self {
            PartKind::Strings => 2,
            PartKind::Sheet => 4,
            PartKind::OpenDocument | PartKind::Other => u64::MAX,
        }
    }
}

/// The state of a check.
struct PartCheck<R> {
    reader: Reader<Metered<R>>,
    kind: PartKind,
    depth: u64,
    elements: u64,
    styles: u64,
    /// Bytes of the longest tag below the root element.
    longest: u64,
    /// Where the current item began, in bytes.
    item: Option<u64>,
    strings: StringTotals,
    ods: OdsTotals,
    merges: MergedCells,
}

impl<R: BufRead> PartCheck<R> {
    fn new(part: R) -> PartCheck<R> {
        let mut reader = Reader::from_reader(Metered {
            inner: part,
            left: PIECE,
        });
        // A comment with `--` in it breaks XML, and harms nothing.
        reader.config_mut().check_comments = false;
        PartCheck {
            reader,
            kind: PartKind::Other,
            depth: 0,
            elements: 0,
            styles: 0,
            longest: 0,
            item: None,
            strings: StringTotals::default(),
            ods: OdsTotals::default(),
            merges: MergedCells::default(),
        }
    }

    fn run(&mut self) -> Result<(), WorkbookError> {
        let mut buffer = Vec::with_capacity(1024);
        loop {
            buffer.clear();
            // Each event may be as long as a piece, not the part as a whole.
            self.reader.get_mut().left = PIECE;
            let event = self.reader.read_event_into(&mut buffer).map_err(refusal)?;
            match &event {
                Event::Start(tag) => self.open(tag)?,
                Event::Empty(tag) => {
                    self.open(tag)?;
                    self.close(tag.local_name().as_ref())?;
                }
                Event::End(tag) => self.close(tag.local_name().as_ref())?,
                Event::Text(text) => self.pass(text.len() as u64),
                Event::CData(text) => self.pass(text.len() as u64),
                Event::Eof if self.depth == 0 => return Ok(()),
                Event::Eof => return Err(WorkbookError::DAMAGED),
                _ => {}
            }
            self.check_size()?;
        }
    }

    fn open(&mut self, tag: &BytesStart<'_>) -> Result<(), WorkbookError> {
        self.depth += 1;
        self.elements += 1;
        if self.depth > DEPTH {
            return Err(WorkbookError::Broken("its elements nest too deep"));
        }
        // The root element decides which bounds apply.
        if self.elements == 1 {
            self.kind = PartKind::of(tag.local_name().as_ref());
            self.strings.promise(tag)?;
        }
        if self.depth == self.kind.item_depth() {
            self.item = Some(self.reader.buffer_position());
            self.strings.count += 1;
        }
        match self.kind {
            PartKind::OpenDocument => self.ods.open(tag),
            PartKind::Other => self.take_style(tag),
            PartKind::Sheet if tag.local_name().as_ref() == "mergeCell" => self.take_merge(tag),
            PartKind::Strings | PartKind::Sheet => Ok(()),
        }
    }

    fn take_merge(&mut self, tag: &BytesStart<'_>) -> Result<(), WorkbookError> {
        match attribute(tag, "ref").and_then(reference::parse_range) {
            Some(area) => self.merges.add(area),
            None => Ok(()),
        }
    }

    fn take_style(&mut self, tag: &BytesStart<'_>) -> Result<(), WorkbookError> {
        if self.depth > 1 {
            self.longest = self.longest.max(tag.len() as u64);
        }
        if tag.local_name().as_ref() == "xf" {
            self.styles += 1;
        }
        if self.styles * (STYLE_OVERHEAD + self.longest) > STYLES {
            return Err(HUGE_PART);
        }
        Ok(())
    }

    fn close(&mut self, name: &str) -> Result<(), WorkbookError> {
        if self.depth == self.kind.item_depth() {
            self.item = None;
        }
        self.depth = self.depth.saturating_sub(1);
        match self.kind {
            PartKind::Strings => self.strings.check(),
            PartKind::OpenDocument => self.ods.close(name),
            PartKind::Sheet | PartKind::Other => Ok(()),
        }
    }

    fn pass(&mut self, length: u64) {
        self.strings.bytes += length;
        self.ods.pass(length);
    }

    fn check_size(&self) -> Result<(), WorkbookError> {
        let position = self.reader.buffer_position();
        let (bytes, elements) = match self.kind {
            PartKind::Other => (OTHER, ELEMENTS),
            PartKind::Strings | PartKind::Sheet | PartKind::OpenDocument => (SHEET, u64::MAX),
        };
        let item = self.item.map_or(0, |start| position.saturating_sub(start));
        if position > bytes || self.elements > elements || item > ITEM {
            return Err(HUGE_PART);
        }
        Ok(())
    }
}

/// The texts that all sheets share.
#[derive(Default)]
struct StringTotals {
    count: u64,
    bytes: u64,
}

impl StringTotals {
    /// Checks the count that the part declares, for which a reader may allocate memory.
    fn promise(&self, root: &BytesStart<'_>) -> Result<(), WorkbookError> {
        match number(root, "uniqueCount")? {
            Some(count) if count > STRINGS / STRING_OVERHEAD => Err(Self::TOO_MANY),
            _ => Ok(()),
        }
    }

    const TOO_MANY: WorkbookError = WorkbookError::TooLarge("its texts take more than 128 MB");

    fn check(&self) -> Result<(), WorkbookError> {
        if self.count * STRING_OVERHEAD + self.bytes > STRINGS {
            return Err(Self::TOO_MANY);
        }
        Ok(())
    }
}

/// The size of the tables of an OpenDocument, with repeated cells and rows counted each time.
#[derive(Default)]
struct OdsTotals {
    rows_repeated: u64,
    /// Filled cells of this row.
    filled: u64,
    /// Bytes of text of this row.
    row_text: u64,
    /// How often the current cell is repeated.
    cell_repeated: u64,
    /// Filled cells of the rows before.
    cells: u64,
    text: u64,
}

impl OdsTotals {
    fn open(&mut self, tag: &BytesStart<'_>) -> Result<(), WorkbookError> {
        match tag.local_name().as_ref() {
            "table-row" => {
                self.rows_repeated = number(tag, "table:number-rows-repeated")?.unwrap_or(1);
            }
            "table-cell" | "covered-table-cell" => {
                self.cell_repeated = number(tag, "table:number-columns-repeated")?
                    .unwrap_or(1)
                    // Readers cut the count to the columns of a sheet, too.
                    .min(16_384);
                self.take_cell(tag);
            }
            _ => {}
        }
        Ok(())
    }

    fn take_cell(&mut self, tag: &BytesStart<'_>) {
        let attributes = tag.attributes_raw();
        let has_value = ["office:", "calcext:", "table:formula"]
            .iter()
            .any(|name| attributes.contains(name));
        if has_value {
            self.filled = self.filled.saturating_add(self.cell_repeated);
            self.pass((attributes.len() as u64).saturating_sub(ORDINARY));
        }
    }

    fn pass(&mut self, length: u64) {
        self.row_text = self
            .row_text
            .saturating_add(length.saturating_mul(self.cell_repeated));
    }

    fn close(&mut self, name: &str) -> Result<(), WorkbookError> {
        match name {
            "table-cell" | "covered-table-cell" => self.cell_repeated = 0,
            "table-row" => self.end_row(),
            _ => {}
        }
        self.check()
    }

    fn end_row(&mut self) {
        // Saturating: the counts are the file's, and may be any.
        let repeated = |of_row: u64| of_row.saturating_mul(self.rows_repeated.max(1));
        self.cells = self.cells.saturating_add(repeated(self.filled));
        self.text = self.text.saturating_add(repeated(self.row_text));
        (self.filled, self.row_text) = (0, 0);
    }

    fn check(&self) -> Result<(), WorkbookError> {
        if self.cells.saturating_add(self.filled) > CELLS {
            return Err(WorkbookError::TooLarge("it has more than 20,000,000 cells"));
        }
        if self.row_text > ROW_TEXT || self.text > TEXTS {
            return Err(WorkbookError::TooLarge("its texts are too long"));
        }
        Ok(())
    }
}

/// A whole number in an attribute as written. Entities are not resolved: no program writes a number with them, but a
/// hostile file might, to hide it from this check.
fn number(tag: &BytesStart<'_>, name: &str) -> Result<Option<u64>, WorkbookError> {
    let attribute = tag
        .try_get_attribute(name)
        .map_err(|_| WorkbookError::DAMAGED)?;
    attribute
        .map(|attribute| {
            attribute
                .value
                .trim()
                .parse()
                .map_err(|_| WorkbookError::DAMAGED)
        })
        .transpose()
}

fn refusal(error: quick_xml::Error) -> WorkbookError {
    match error {
        quick_xml::Error::Io(error) if error.kind() == ErrorKind::FileTooLarge => HUGE_PART,
        _ => WorkbookError::DAMAGED,
    }
}

/// Gives at most [`PIECE`] bytes until it is topped up, which bounds what the parser buffers at a time.
struct Metered<R> {
    inner: R,
    left: usize,
}

impl<R: BufRead> BufRead for Metered<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        let bytes = self.inner.fill_buf()?;
        // At the end of the part nothing is cut off, however little is left.
        if self.left == 0 && !bytes.is_empty() {
            return Err(ErrorKind::FileTooLarge.into());
        }
        let count = bytes.len().min(self.left);
        Ok(bytes.get(..count).unwrap_or_default())
    }

    fn consume(&mut self, count: usize) {
        self.left = self.left.saturating_sub(count);
        self.inner.consume(count);
    }
}

impl<R: BufRead> Read for Metered<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let mut bytes = self.fill_buf()?;
        let count = bytes.read(buffer)?;
        self.consume(count);
        Ok(count)
    }
}
