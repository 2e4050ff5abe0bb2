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
    /// `fullCalcOnLoad` (ECMA-376 part 1, 18.2.2): formulas are calculated when the file is opened. Programs that do not
    /// calculate, such as XlsxWriter, store 0 until then.
    pub(super) calculate_on_load: bool,
}
