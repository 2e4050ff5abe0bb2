//! A sheet as its workbook lists it: name and visibility.

/// A sheet of cells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct SheetEntry {
    pub(super) name: String,
    pub(super) is_hidden: bool,
}
