//! The first contacts of an import as they would be sent, next to the cells they come from.

use super::encoder::Encoder;
use super::options::ImportOptions;
use crate::batch::Item;
use crate::mapping::{Mapper, SourceCell};
use crate::record::{Record, SharedRecord};
use crate::report::preview::Preview;
use crate::wire;

/// The cells of this many merged rows are shown: a phone may be in thousands of rows.
const MERGED_SHOWN: usize = 8;

pub(super) fn of(item: &Item, options: &ImportOptions) -> Preview {
    let mut mapper = Mapper::new(&options.mapping);
    let first = item.merged.iter().take(MERGED_SHOWN);
    let cells = first.chain([&item.record]).map(SharedRecord::get);
    Preview {
        place: item.record.place,
        merged: item.merged.iter().map(|other| other.place).collect(),
        json: String::from_utf8_lossy(&item.json).into_owned(),
        fields: wire::shown(&item.json),
        cells: cells
            .flat_map(|record| cells_of(record, &mut mapper))
            .collect(),
    }
}

fn cells_of(record: Record<'_>, mapper: &mut Mapper<'_>) -> Vec<SourceCell> {
    if Encoder::passes_through(record) {
        return Vec::new();
    }
    let plan = mapper.plan(record.place.input, record.header()).ok();
    plan.map(|plan| plan.cells(record)).unwrap_or_default()
}
