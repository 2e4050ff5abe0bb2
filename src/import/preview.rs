//! The first contacts of an import as they would be sent, beside the cells they come from.

use super::Options;
use super::maker::Maker;
use crate::batch::Item;
use crate::mapping::{CellOf, Mapper};
use crate::record::Record;
use crate::report::preview::Preview;
use crate::wire;

pub(super) fn of(item: &Item, options: &Options) -> Preview {
    let records = item.twins.iter().chain([&item.record]);
    Preview {
        place: item.record.place,
        merged: item.twins.iter().map(|twin| twin.place).collect(),
        json: String::from_utf8_lossy(&item.json).into_owned(),
        fields: wire::shown(&item.json),
        cells: records.flat_map(|record| cells(record, options)).collect(),
    }
}

fn cells(record: &Record, options: &Options) -> Vec<CellOf> {
    if Maker::passes_through(record) {
        return Vec::new();
    }
    let mut mapper = Mapper::new(&options.mapping);
    let plan = mapper.plan(&record.header).ok();
    plan.map(|plan| plan.cells(record)).unwrap_or_default()
}
