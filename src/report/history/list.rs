//! The list: a line a run, in columns, as a log reads.

use super::past_run::{PastRun, RunStage};
use crate::report::amounts::amounts;
use crate::report::ended_run::phrase;
use crate::report::when;
use crate::text::safe;
use crate::units::{duration, grouped};

/// To which side a column's text is set.
#[derive(Clone, Copy)]
enum Align {
    Left,
    Right,
}

/// The columns but the last, whose width is not aligned.
const COLUMNS: [(&str, Align); 7] = [
    ("began (UTC)", Align::Left),
    ("took", Align::Right),
    ("run", Align::Left),
    ("inputs", Align::Left),
    ("account", Align::Left),
    ("outcome", Align::Left),
    ("accepted", Align::Right),
];

struct ListRow {
    cells: [String; COLUMNS.len()],
    /// Of how many, and what else became of them.
    of: String,
}

/// The runs in the given order, under a heading; an empty text without any.
pub(crate) fn list(runs: &[&PastRun]) -> String {
    if runs.is_empty() {
        return String::new();
    }
    let widest = runs
        .iter()
        .map(|past| whole(past).map_or(0, |whole| whole.len()));
    let width = widest.max().unwrap_or_default();
    let heading = ListRow {
        cells: COLUMNS.map(|(name, _)| name.to_owned()),
        of: String::new(),
    };
    let rows: Vec<ListRow> = std::iter::once(heading)
        .chain(runs.iter().map(|past| row(past, width)))
        .collect();
    let widths = widths(&rows);
    rows.iter().map(|row| line(row, &widths)).collect()
}

fn row(past: &PastRun, width: usize) -> ListRow {
    ListRow {
        cells: [
            past.began.map(when::minute).unwrap_or_default(),
            past.took().map(duration).unwrap_or_default(),
            safe(&past.run).into_owned(),
            safe(&inputs(past)).into_owned(),
            safe(&past.account.words()).into_owned(),
            safe(&past.outcome()).into_owned(),
            accepted(past),
        ],
        of: whole(past).map_or_else(String::new, |whole| {
            format!("of {whole:>width$} {}", rest(past))
        }),
    }
}

fn inputs(past: &PastRun) -> String {
    match (&past.stage, past.shard) {
        (RunStage::Unreadable, _) => String::new(),
        (_, None) => phrase(&past.inputs),
        (_, Some(shard)) => format!("{}, shard {shard}", phrase(&past.inputs)),
    }
}

fn accepted(past: &PastRun) -> String {
    match (&past.stage, past.archive()) {
        (RunStage::Unreadable, _) => String::new(),
        (_, Some(archive)) => grouped(archive.accepted),
        (_, None) => grouped(past.recorded.accepted),
    }
}

/// What the accepted are a part of.
fn whole(past: &PastRun) -> Option<String> {
    match (&past.stage, past.archive()) {
        (RunStage::Unreadable, _) => None,
        (_, Some(archive)) => Some(grouped(archive.read)),
        (_, None) => Some(grouped(past.recorded.sent)),
    }
}

fn rest(past: &PastRun) -> String {
    if let Some(archive) = past.archive() {
        let skipped = archive.skipped_by.total();
        return match skipped {
            0 => "read".to_owned(),
            _ => format!("read, {} skipped", grouped(skipped)),
        };
    }
    let open = match past.stage {
        RunStage::Running => "under way",
        _ => "unknown",
    };
    let mut rest = vec!["sent".to_owned()];
    rest.extend(amounts([
        (past.recorded.refused, "refused"),
        (past.recorded.unknown, open),
    ]));
    rest.join(", ")
}

fn widths(rows: &[ListRow]) -> [usize; COLUMNS.len()] {
    let mut widths = [0; COLUMNS.len()];
    for row in rows {
        for (width, cell) in widths.iter_mut().zip(&row.cells) {
            *width = cell.chars().count().max(*width);
        }
    }
    widths
}

fn line(row: &ListRow, widths: &[usize]) -> String {
    let mut line = String::new();
    for ((cell, width), (_, side)) in row.cells.iter().zip(widths).zip(COLUMNS) {
        let padding = " ".repeat(width.saturating_sub(cell.chars().count()));
        match side {
            Align::Left => line.extend([cell, padding.as_str(), "  "]),
            Align::Right => line.extend([padding.as_str(), cell, "  "]),
        }
    }
    // "3,410" and "of 3,412 read" are one phrase: a single space between the last two columns.
    line.pop();
    line.push_str(&row.of);
    line.truncate(line.trim_end().len());
    line.push('\n');
    line
}
