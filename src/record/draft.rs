//! Records that a test makes by hand.

use std::sync::Arc;

use super::records::{Record, RecordFacts, Records, SharedRecord};
use super::{CellValue, Defect, Header, InputId, Place, Remark};

/// A record with its own cells, to be put into a chunk of its own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct DraftRecord {
    pub(crate) place: Place,
    pub(crate) header: Arc<Header>,
    pub(crate) cells: Vec<CellValue>,
    pub(crate) raw: Option<String>,
    pub(crate) hidden: bool,
    pub(crate) defect: Option<Defect>,
    pub(crate) remark: Option<Remark>,
    pub(crate) bytes: u64,
}

impl DraftRecord {
    /// Row 2 of a table.
    pub(crate) fn new(header: &Arc<Header>, cells: Vec<CellValue>) -> DraftRecord {
        DraftRecord {
            place: Place {
                input: InputId(0),
                row: 2,
            },
            header: Arc::clone(header),
            cells,
            raw: None,
            hidden: false,
            defect: None,
            remark: None,
            bytes: 0,
        }
    }

    /// Row 2 of a table of texts.
    pub(crate) fn of_table(header: &Arc<Header>, values: &[&str]) -> DraftRecord {
        let text = |value: &&str| CellValue::Text((*value).to_owned());
        DraftRecord::new(header, values.iter().map(text).collect())
    }

    /// What was read, by itself.
    pub(crate) fn all_of(records: &Records) -> Vec<DraftRecord> {
        records.iter().map(DraftRecord::of).collect()
    }

    fn of(record: Record<'_>) -> DraftRecord {
        DraftRecord {
            place: record.place,
            header: Arc::clone(record.header()),
            cells: record.cells().iter().map(CellValue::from).collect(),
            raw: record.raw().map(str::to_owned),
            hidden: record.hidden,
            defect: record.defect.clone(),
            remark: record.remark.clone(),
            bytes: record.bytes,
        }
    }

    /// A record as if it came from another input.
    pub(crate) fn of_input(input: usize, record: &SharedRecord) -> SharedRecord {
        let mut moved = DraftRecord::of(record.get());
        moved.place.input = InputId(input);
        moved.shared()
    }

    /// The record in a chunk of its own.
    pub(crate) fn shared(self) -> SharedRecord {
        let records = Arc::new([self].into_iter().collect::<Records>());
        records.shared().next().unwrap()
    }
}

impl FromIterator<DraftRecord> for Records {
    fn from_iter<T: IntoIterator<Item = DraftRecord>>(drafts: T) -> Records {
        let mut records = Records::default();
        for draft in drafts {
            draft.cells.iter().for_each(|cell| records.push_value(cell));
            if let Some(raw) = &draft.raw {
                records.keep_raw(raw);
            }
            let facts = RecordFacts {
                place: draft.place,
                hidden: draft.hidden,
                defect: draft.defect,
                remark: draft.remark,
                bytes: draft.bytes,
            };
            records.finish(&draft.header, facts);
        }
        records
    }
}
