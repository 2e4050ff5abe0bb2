//! Cells that show no value: never half of a number, never another one, and a warning where they are left blank.
//!
//! Owns where a fault matters. Its words are `defect`'s.

use crate::mapping::plan::Plan;
use crate::mapping::source::{FieldSource, column_label};
use crate::mapping::{Warning, defect};
use crate::outcome::Reason;
use crate::record::{Cell, CellFault, Record};

/// The first of a source's cells that shows no value.
pub(super) fn of_source<'r>(
    source: &FieldSource,
    record: Record<'r>,
) -> Option<(CellFault, &'r str)> {
    let mut columns = source.columns().into_iter();
    columns.find_map(|index| match record.cell(index)? {
        Cell::Faulty(fault, text) => Some((fault, text)),
        _ => None,
    })
}

impl Plan {
    /// Why the first phone cell that shows no value shows none.
    pub(super) fn faulty_phone(&self, record: Record<'_>) -> Option<Reason> {
        let mut sources = self.fields.phone.iter();
        let (fault, text) = sources.find_map(|source| of_source(source, record))?;
        Some(defect::fault(fault, text))
    }

    /// Why some cells show no value from which a row would say where its number is from.
    pub(super) fn faulty_home(
        &self,
        sources: &[FieldSource],
        record: Record<'_>,
    ) -> Option<Reason> {
        if !record.has_faults() {
            return None;
        }
        let faulty = |source| Some((source, of_source(source, record)?));
        let (source, (fault, text)) = sources.iter().find_map(faulty)?;
        let reason = defect::fault(fault, text);
        Some(Reason {
            full: self.of(source, &reason.full),
            ..reason
        })
    }

    /// That values of a contact were left blank. A number in a format that is not understood is taken as it is stored.
    pub(super) fn left_blank(&self, record: Record<'_>) -> Vec<Warning> {
        if !record.has_faults() {
            return Vec::new();
        }
        let warning = |index: &usize| match record.cell(*index)? {
            Cell::Faulty(CellFault::UnknownFormat, _) => None,
            Cell::Faulty(fault, text) => {
                let column = column_label(&self.header, *index);
                let reason = defect::fault(fault, text);
                Some(Warning::new(
                    format!("{} in {column}, left blank", reason.brief),
                    format!("{column}: {}", reason.full),
                ))
            }
            _ => None,
        };
        self.used.iter().filter_map(warning).collect()
    }
}
