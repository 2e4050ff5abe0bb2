//! Cells of records, as views on the texts of their chunk.
//!
//! Owns what a cell can be. Where its text is kept is for `texts` to say.

use super::texts::{Span, Texts};

/// A cell of a record. A blank cell is not absent: the input has it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cell<'a> {
    /// Text as in the input; numbers are never reformatted.
    Text(&'a str),
    /// A JSON array of scalars, each as text; the phones, addresses or categories of a vCard.
    List(CellList<'a>),
    /// Something that shows no value: blank for every field, and a reason where it should be a phone.
    Faulty(CellFault, &'a str),
    /// Not there: a row that is too short, or a JSON `null`.
    Absent,
}

/// Why a spreadsheet's cell shows no value that could be sent. The text beside it in [`Cell::Faulty`] is what the file
/// stores, for the rejects file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CellFault {
    /// A formula that was not calculated: no value is stored, or 0 where the file asks to be calculated on loading.
    NotCalculated,
    /// An error value: `#N/A`, `#REF!`.
    ErrorValue,
    /// A number whose format shows other digits than are stored, in a way that is not understood.
    UnknownFormat,
}

impl<'a> Cell<'a> {
    /// The cell as one text; `None` when it is absent or a list.
    pub(crate) fn text(self) -> Option<&'a str> {
        match self {
            Cell::Text(text) => Some(text),
            Cell::List(_) | Cell::Faulty(..) | Cell::Absent => None,
        }
    }

    /// All its texts: one, those of a list, or none.
    pub(crate) fn texts(self) -> impl Iterator<Item = &'a str> {
        let list = match self {
            Cell::List(list) => Some(list),
            _ => None,
        };
        self.text()
            .into_iter()
            .chain(list.into_iter().flat_map(CellList::iter))
    }

    /// Whether a table would show nothing in it.
    pub(crate) fn is_blank(self) -> bool {
        match self {
            Cell::Text(text) | Cell::Faulty(_, text) => text.trim().is_empty(),
            Cell::List(list) => list.is_empty(),
            Cell::Absent => true,
        }
    }
}

/// The elements of a list in a cell.
#[derive(Clone, Copy)]
pub struct CellList<'a> {
    texts: &'a Texts,
    elements: &'a [Span],
}

impl<'a> CellList<'a> {
    /// The elements in their order.
    pub(crate) fn iter(self) -> impl Iterator<Item = &'a str> + Clone {
        let CellList { texts, elements } = self;
        elements.iter().map(move |element| texts.text(*element))
    }

    /// Whether there are none.
    pub(crate) fn is_empty(self) -> bool {
        self.elements.is_empty()
    }
}

impl PartialEq for CellList<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.iter().eq(other.iter())
    }
}

impl Eq for CellList<'_> {}

impl std::fmt::Debug for CellList<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_list().entries(self.iter()).finish()
    }
}

/// Where a cell is.
#[derive(Clone, Copy, Debug)]
pub(super) enum CellSpan {
    Text(Span),
    List(Span),
    Faulty(CellFault, Span),
    Absent,
}

/// Cells of a row, in their order.
#[derive(Clone, Copy)]
pub struct Cells<'a> {
    texts: &'a Texts,
    spans: &'a [CellSpan],
}

impl<'a> Cells<'a> {
    pub(super) fn new(texts: &'a Texts, spans: &'a [CellSpan]) -> Cells<'a> {
        Cells { texts, spans }
    }

    /// How many they are.
    pub(crate) fn len(self) -> usize {
        self.spans.len()
    }

    /// The cell of a column, from 0.
    pub(crate) fn get(self, column: usize) -> Option<Cell<'a>> {
        Some(self.cell(*self.spans.get(column)?))
    }

    /// The cells one by one.
    pub(crate) fn iter(
        self,
    ) -> impl DoubleEndedIterator<Item = Cell<'a>> + ExactSizeIterator + Clone {
        self.spans.iter().map(move |span| self.cell(*span))
    }

    /// Those before a column.
    pub(crate) fn before(self, column: usize) -> Cells<'a> {
        let spans = self.spans.get(..column).unwrap_or(self.spans);
        Cells { spans, ..self }
    }

    /// Those from a column on.
    pub(crate) fn from(self, column: usize) -> Cells<'a> {
        let spans = self.spans.get(column..).unwrap_or_default();
        Cells { spans, ..self }
    }

    fn cell(self, span: CellSpan) -> Cell<'a> {
        match span {
            CellSpan::Text(text) => Cell::Text(self.texts.text(text)),
            CellSpan::List(elements) => Cell::List(CellList {
                texts: self.texts,
                elements: self.texts.elements(elements),
            }),
            CellSpan::Faulty(fault, text) => Cell::Faulty(fault, self.texts.text(text)),
            CellSpan::Absent => Cell::Absent,
        }
    }
}

impl std::fmt::Debug for Cells<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_list().entries(self.iter()).finish()
    }
}

/// A cell that is kept by itself, apart from a record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CellValue {
    /// As [`Cell::Text`].
    Text(String),
    /// As [`Cell::List`].
    List(Vec<String>),
    /// As [`Cell::Faulty`].
    Faulty(CellFault, String),
    /// As [`Cell::Absent`].
    Absent,
}

impl CellValue {
    /// The cell as one text; `None` when it is absent or a list.
    pub(crate) fn text(&self) -> Option<&str> {
        match self {
            CellValue::Text(text) => Some(text),
            CellValue::List(_) | CellValue::Faulty(..) | CellValue::Absent => None,
        }
    }

    /// Whether a table would show nothing in it.
    pub(crate) fn is_blank(&self) -> bool {
        match self {
            CellValue::Text(text) | CellValue::Faulty(_, text) => text.trim().is_empty(),
            CellValue::List(texts) => texts.is_empty(),
            CellValue::Absent => true,
        }
    }

    /// Whether it holds U+FFFD, for bytes that could not be read.
    pub(crate) fn is_garbled(&self) -> bool {
        let is_garbled = |text: &String| text.contains(char::REPLACEMENT_CHARACTER);
        match self {
            CellValue::Text(text) => is_garbled(text),
            CellValue::List(texts) => texts.iter().any(is_garbled),
            CellValue::Faulty(..) | CellValue::Absent => false,
        }
    }
}

impl From<Cell<'_>> for CellValue {
    fn from(cell: Cell<'_>) -> CellValue {
        match cell {
            Cell::Text(text) => CellValue::Text(text.to_owned()),
            Cell::List(list) => CellValue::List(list.iter().map(str::to_owned).collect()),
            Cell::Faulty(fault, text) => CellValue::Faulty(fault, text.to_owned()),
            Cell::Absent => CellValue::Absent,
        }
    }
}
