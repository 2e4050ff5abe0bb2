//! What all sheets of an .xlsx share.

use super::strings::SharedStringTable;
use crate::source::workbook::cell_styles::CellStyles;
use crate::source::workbook::value::DateSystem;

/// What all sheets share.
#[derive(Default)]
pub(super) struct XlsxShared {
    pub(super) strings: SharedStringTable,
    pub(super) styles: CellStyles,
    pub(super) date_system: DateSystem,
    /// `fullCalcOnLoad`: formulas are to be calculated when the file is opened. XlsxWriter and the like store 0 until
    /// then.
    pub(super) calculate_on_load: bool,
}
