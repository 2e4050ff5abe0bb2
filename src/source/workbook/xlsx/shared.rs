//! What all sheets of an .xlsx share.

use super::strings::Strings;
use crate::source::workbook::styles::Styles;
use crate::source::workbook::value::Epoch;

/// What all sheets share.
#[derive(Default)]
pub(super) struct Shared {
    pub(super) strings: Strings,
    pub(super) styles: Styles,
    pub(super) epoch: Epoch,
    pub(super) calculation: Calculation,
}

/// Whether the values of formulas are meant to be used.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Calculation {
    #[default]
    Stored,
    /// `fullCalcOnLoad`: to be calculated when the file is opened. XlsxWriter and the like store 0 until then.
    OnLoad,
}
