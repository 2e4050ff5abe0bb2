//! Spreadsheets (.xlsx, .xls, .ods) row by row: the sheet that is read, its header, every row with its number.
//!
//! Owns the thread on which a workbook is parsed: a panic there ends the input, not the program, and parsing goes on while
//! rows are used. Which bytes are a workbook is for `kind` to say, what they may cost for `gauge` and `old`.

use std::collections::VecDeque;
use std::fs::File;
use std::ops::ControlFlow;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread;

use super::header_row::numbered;
use super::{HeaderRow, SheetChoice, SourceError};
use crate::record::{Cell, Defect, Header, InputId, Place, Record};

mod biff;
mod catch_panic;
mod cell_styles;
mod compound_file;
mod digits;
mod error;
mod gauge;
mod header;
mod kind;
mod merged_cells;
mod number_format;
mod ods;
mod package;
mod reference;
mod row_assembler;
mod sheet_entry;
mod sheet_row;
mod value;
mod workbook_file;
mod xls;
mod xlsx;
mod xml;

pub(crate) use error::WorkbookError;
use header::{FIRST_BYTES, FIRST_ROWS, SheetRank};
use sheet_entry::{SheetEntry, Visibility};
use sheet_row::SheetRow;
use workbook_file::WorkbookFile;

/// Rows that are handed over at a time.
const ROWS_PER_MESSAGE: usize = 64;
/// …and bytes of them, so that huge rows do not pile up.
const BYTES_PER_MESSAGE: usize = 256 * 1024;
/// Messages that may lie between the parser and who uses them.
const MESSAGES_BETWEEN: usize = 4;

/// Whether a file that begins like this is a container, which may hold a workbook.
pub(super) fn is_container(start: &[u8]) -> bool {
    let zip: [&[u8]; 3] = [b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08"];
    zip.iter().any(|magic| start.starts_with(magic)) || start.starts_with(compound_file::MAGIC)
}

/// A sheet whose header was read.
pub(super) struct Workbook {
    input: InputId,
    sheet: ChosenSheet,
    header: Arc<Header>,
    header_row: HeaderRow,
    /// The last row above the header, where there are such rows.
    banner: Option<u64>,
    waiting: VecDeque<SheetRow>,
    /// Until it said that there is no more.
    receiver: Option<Receiver<Received>>,
    bytes: u64,
}

/// The sheet that is read.
struct ChosenSheet {
    name: String,
    /// All sheets of the workbook.
    of: Vec<String>,
    /// Those that have contacts, too.
    others: Vec<String>,
}

/// What a user said of the sheet.
pub(super) struct SheetRequest {
    /// Its name, or its number from 1.
    pub(super) sheet: Option<String>,
    pub(super) pick: SheetChoice,
}

/// What the parser says.
type Received = Result<Message, SourceError>;

enum Message {
    /// The sheet that is read; said first.
    Sheet(ChosenSheet),
    Rows(Vec<SheetRow>),
    /// Said last: silence before it means that the parser is gone.
    End,
}

impl Workbook {
    /// Opens a workbook and reads the header of the sheet that was asked for.
    pub(super) fn open(
        file: File,
        input: InputId,
        wanted: SheetRequest,
        header_row: HeaderRow,
    ) -> Result<Workbook, SourceError> {
        let receiver = parse(file, wanted)?;
        let Message::Sheet(sheet) = receive(&receiver)? else {
            return Err(GONE.into());
        };
        let mut workbook = Workbook {
            input,
            sheet,
            header: Arc::new(numbered(0)),
            header_row,
            banner: None,
            waiting: VecDeque::new(),
            receiver: Some(receiver),
            bytes: 0,
        };
        workbook.read_header()?;
        Ok(workbook)
    }

    fn read_header(&mut self) -> Result<(), SourceError> {
        while self.is_short() && self.receiver.is_some() {
            self.wait_for_rows()?;
        }
        self.waiting = header::with_one_header(self.waiting.drain(..).collect()).into();
        let waiting = self.waiting.make_contiguous();
        let first = waiting.get(..FIRST_ROWS).unwrap_or(waiting);
        if first.first().is_some_and(header::is_rejects_header) {
            self.header_row = HeaderRow::First;
        }
        if self.header_row == HeaderRow::None {
            self.header = Arc::new(numbered(header::widest(first)));
            return Ok(());
        }
        let banner = header::banner(first);
        let passed = banner.map_or(0, |banner| banner.lines) + 1;
        let mut row = self
            .waiting
            .drain(..passed.min(self.waiting.len()))
            .next_back()
            .ok_or(GONE)?;
        while self.waiting.front().is_some_and(|next| next.goes_on(&row))
            && let Some(next) = self.waiting.pop_front()
        {
            row = next.below(row);
        }
        self.bytes = row.bytes as u64;
        self.banner = banner.map(|banner| banner.last);
        self.header = Arc::new(header::header(&row));
        Ok(())
    }

    /// Whether more rows are needed to find the header.
    fn is_short(&self) -> bool {
        let bytes: usize = self.waiting.iter().map(|row| row.bytes).sum();
        self.waiting.len() < FIRST_ROWS && bytes < FIRST_BYTES
    }

    /// Waits for more rows.
    fn wait_for_rows(&mut self) -> Result<(), SourceError> {
        let Some(receiver) = &self.receiver else {
            return Ok(());
        };
        match receive(receiver)? {
            Message::Rows(rows) => self.waiting.extend(rows),
            Message::Sheet(_) | Message::End => self.receiver = None,
        }
        Ok(())
    }

    pub(super) fn header(&self) -> &Arc<Header> {
        &self.header
    }

    /// The name of the sheet that is read.
    pub(super) fn sheet(&self) -> &str {
        &self.sheet.name
    }

    /// The names of all sheets, hidden ones too.
    pub(super) fn sheets(&self) -> &[String] {
        &self.sheet.of
    }

    /// Whether there are others.
    pub(super) fn is_one_of_several(&self) -> bool {
        self.sheet.of.len() > 1
    }

    /// The sheets that have contacts, too, and are not read.
    pub(super) fn other_sheets(&self) -> Vec<String> {
        self.sheet.others.clone()
    }

    /// Whether its columns have names.
    pub(super) fn header_row(&self) -> HeaderRow {
        self.header_row
    }

    /// The last row above the header, where there are such rows.
    pub(super) fn banner(&self) -> Option<u64> {
        self.banner
    }

    /// The next row in which a column of the table has something.
    pub(super) fn next(&mut self) -> Result<Option<Record>, SourceError> {
        loop {
            while let Some(row) = self.waiting.pop_front() {
                self.bytes += row.bytes as u64;
                if let Some(record) = self.record(row) {
                    return Ok(Some(record));
                }
            }
            if self.receiver.is_none() {
                return Ok(None);
            }
            self.wait_for_rows()?;
        }
    }

    /// Cells beside the table are a user's notes, which no header asks for.
    fn record(&self, row: SheetRow) -> Option<Record> {
        let mut cells = vec![Cell::Absent; self.header.names.len()];
        let mut filled = false;
        let mut surplus = None;
        for (column, content) in row.cells {
            match cells.get_mut(column) {
                Some(cell) => {
                    *cell = content;
                    filled = true;
                }
                // A note beside the table is nobody's; a number there is a contact's that the header does not name.
                None if is_like_a_number(&content) => surplus = Some(column + 1),
                None => {}
            }
        }
        let surplus = surplus.map(|found| Defect::SurplusCells {
            found,
            expected: self.header.names.len(),
        });
        filled |= surplus.is_some();
        let cut = row.cut.and_then(|column| self.header.names.get(column));
        filled.then(|| Record {
            place: Place {
                input: self.input,
                row: row.number,
            },
            header: Arc::clone(&self.header),
            cells,
            raw: None,
            hidden: row.hidden,
            defect: surplus.or(cut.map(|name| Defect::CellTooLarge {
                column: Some(name.clone()),
            })),
            remark: None,
            bytes: self.bytes,
        })
    }
}

/// Whether a cell has as many digits as a phone.
fn is_like_a_number(cell: &Cell) -> bool {
    const FEWEST: usize = 7;
    let text = cell.text().unwrap_or_default();
    text.chars().filter(|c| c.is_numeric()).count() >= FEWEST
}

const GONE: WorkbookError = WorkbookError::Broken {
    what: "its parts do not fit together",
};

fn receive(receiver: &Receiver<Received>) -> Received {
    receiver.recv().unwrap_or(Err(GONE.into()))
}

/// Starts to parse on a thread of its own, which ends with its work or when nobody listens any more.
fn parse(file: File, wanted: SheetRequest) -> Result<Receiver<Received>, SourceError> {
    let (sender, receiver) = sync_channel(MESSAGES_BETWEEN);
    let work = move || {
        let result = catch_panic::catch_panic(|| read(file, &wanted, &sender));
        let last = match result {
            Ok(Ok(())) => Ok(Message::End),
            Ok(Err(error)) => Err(error),
            Err(catch_panic::Panicked) => Err(GONE.into()),
        };
        // Whoever hung up knows why.
        let _ = sender.send(last);
    };
    thread::Builder::new()
        .name("workbook".to_owned())
        .spawn(work)
        .map_err(SourceError::Unreadable)?;
    Ok(receiver)
}

fn read(
    mut file: File,
    wanted: &SheetRequest,
    sender: &SyncSender<Received>,
) -> Result<(), SourceError> {
    let kind = kind::detect(&mut file)?;
    let mut book = WorkbookFile::open(file, kind)?;
    let sheet = choose(&mut book, wanted)?;
    let mut rows = RowSender::new(sender);
    let chosen = ChosenSheet {
        name: sheet.clone(),
        of: book.sheets().into_iter().map(|of| of.name).collect(),
        others: match wanted.sheet {
            Some(_) => Vec::new(),
            None => others(&mut book, &sheet),
        },
    };
    if sender.send(Ok(Message::Sheet(chosen))).is_err() {
        return Ok(());
    }
    book.rows(&sheet, &mut |row| rows.add(row))?;
    // At the end it makes no difference whether anybody listens.
    let _ = rows.send();
    Ok(())
}

/// Rows on their way out.
struct RowSender<'a> {
    sender: &'a SyncSender<Received>,
    rows: Vec<SheetRow>,
    bytes: usize,
}

impl RowSender<'_> {
    fn new(sender: &SyncSender<Received>) -> RowSender<'_> {
        RowSender {
            sender,
            rows: Vec::new(),
            bytes: 0,
        }
    }

    fn add(&mut self, row: SheetRow) -> ControlFlow<()> {
        self.bytes += row.bytes;
        self.rows.push(row);
        if self.rows.len() < ROWS_PER_MESSAGE && self.bytes < BYTES_PER_MESSAGE {
            return ControlFlow::Continue(());
        }
        self.send()
    }

    fn send(&mut self) -> ControlFlow<()> {
        self.bytes = 0;
        match self
            .sender
            .send(Ok(Message::Rows(std::mem::take(&mut self.rows))))
        {
            Ok(()) => ControlFlow::Continue(()),
            Err(_) => ControlFlow::Break(()),
        }
    }
}

/// The name of the sheet to read.
fn choose(book: &mut WorkbookFile, wanted: &SheetRequest) -> Result<String, WorkbookError> {
    let sheets = book.sheets();
    let names = || sheets.iter().map(|sheet| sheet.name.clone()).collect();
    if let Some(wanted) = wanted.sheet.as_deref() {
        let named = named(&sheets, wanted).ok_or_else(|| WorkbookError::NoSheet {
            wanted: wanted.to_owned(),
            sheets: names(),
        })?;
        return match first_of(book, named)?.is_empty() {
            false => Ok(named.name.clone()),
            true => Err(WorkbookError::Blank {
                sheets: vec![named.name.clone()],
            }),
        };
    }
    let (shown, hidden): (Vec<_>, Vec<_>) = sheets
        .iter()
        .partition(|sheet| sheet.visibility == Visibility::Visible);
    for group in [shown, hidden] {
        let mut best: Option<(SheetRank, &SheetEntry)> = None;
        for sheet in group {
            let rank = header::rank(&first_of(book, sheet)?);
            if best.is_none_or(|(best, _)| rank > best) {
                best = Some((rank, sheet));
            }
            let enough = match wanted.pick {
                SheetChoice::Contacts => SheetRank::Contacts,
                SheetChoice::First => SheetRank::Header,
            };
            if rank >= enough {
                break;
            }
        }
        if let Some((_, sheet)) = best.filter(|(rank, _)| *rank > SheetRank::Blank) {
            return Ok(sheet.name.clone());
        }
    }
    Err(WorkbookError::Blank { sheets: names() })
}

/// So many sheets are looked at for contacts that are not read.
const LOOKED_AT: usize = 20;

/// The other sheets that have contacts; what is hidden is hidden for a reason.
fn others(book: &mut WorkbookFile, chosen: &str) -> Vec<String> {
    let sheets = book.sheets();
    let shown = sheets
        .iter()
        .filter(|sheet| sheet.visibility == Visibility::Visible);
    let others = shown.filter(|sheet| sheet.name != chosen).take(LOOKED_AT);
    // What cannot be read there is no reason not to read the chosen one.
    let has_contacts = |sheet: &&SheetEntry| {
        first_of(book, sheet).is_ok_and(|first| header::rank(&first) == SheetRank::Contacts)
    };
    others
        .filter(has_contacts)
        .map(|sheet| sheet.name.clone())
        .collect()
}

/// A sheet by its name, in any case where no other is called exactly so, or by its number from 1.
fn named<'a>(sheets: &'a [SheetEntry], wanted: &str) -> Option<&'a SheetEntry> {
    let exact = sheets.iter().find(|sheet| sheet.name == wanted);
    let alike = || {
        let wanted = wanted.trim().to_lowercase();
        sheets
            .iter()
            .find(|sheet| sheet.name.trim().to_lowercase() == wanted)
    };
    let numbered = || {
        let number: usize = wanted.trim().parse().ok()?;
        sheets.get(number.checked_sub(1)?)
    };
    exact.or_else(alike).or_else(numbered)
}

/// The first rows of a sheet.
fn first_of(book: &mut WorkbookFile, sheet: &SheetEntry) -> Result<Vec<SheetRow>, WorkbookError> {
    let first = book.first(&sheet.name)?;
    Ok(header::with_one_header(first))
}

#[cfg(test)]
mod tests;
