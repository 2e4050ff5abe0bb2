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

mod assembly;
mod book;
mod compound;
mod digits;
mod error;
mod gauge;
mod guard;
mod header;
mod kind;
mod merges;
mod number_format;
mod ods;
mod old;
mod package;
mod reference;
mod row;
mod sheet;
mod styles;
mod value;
mod xls;
mod xlsx;
mod xml;

use book::Book;
pub(crate) use error::WorkbookError;
use header::{FIRST_BYTES, FIRST_ROWS, Merit};
use row::Row;
use sheet::{Sheet, Sight};

/// Rows that are handed over at a time.
const LOT: usize = 64;
/// …and bytes of them, so that huge rows do not pile up.
const LOT_BYTES: usize = 256 * 1024;
/// Lots that may lie between the parser and who uses them.
const LOTS_BETWEEN: usize = 4;

/// Whether a file that begins like this is a container, which may hold a workbook.
pub(super) fn is_container(start: &[u8]) -> bool {
    let zip: [&[u8]; 3] = [b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08"];
    zip.iter().any(|magic| start.starts_with(magic)) || start.starts_with(compound::MAGIC)
}

/// A sheet whose header was read.
pub(super) struct Workbook {
    input: InputId,
    sheet: Chosen,
    header: Arc<Header>,
    header_row: HeaderRow,
    /// The last row above the header, where there are such rows.
    banner: Option<u64>,
    waiting: VecDeque<Row>,
    /// Until it said that there is no more.
    told: Option<Receiver<Told>>,
    bytes: u64,
}

/// The sheet that is read.
struct Chosen {
    name: String,
    /// All sheets of the workbook.
    of: Vec<String>,
    /// Those that have contacts, too.
    others: Vec<String>,
}

/// What a user said of the sheet.
pub(super) struct Wanted {
    /// Its name, or its number from 1.
    pub(super) sheet: Option<String>,
    pub(super) pick: SheetChoice,
}

/// What the parser says.
type Told = Result<News, SourceError>;

enum News {
    /// The sheet that is read; said first.
    Sheet(Chosen),
    Rows(Vec<Row>),
    /// Said last: silence before it means that the parser is gone.
    End,
}

impl Workbook {
    /// Opens a workbook and reads the header of the sheet that was asked for.
    pub(super) fn open(
        file: File,
        input: InputId,
        wanted: Wanted,
        header_row: HeaderRow,
    ) -> Result<Workbook, SourceError> {
        let told = parse(file, wanted)?;
        let News::Sheet(sheet) = next_news(&told)? else {
            return Err(GONE.into());
        };
        let mut workbook = Workbook {
            input,
            sheet,
            header: Arc::new(numbered(0)),
            header_row,
            banner: None,
            waiting: VecDeque::new(),
            told: Some(told),
            bytes: 0,
        };
        workbook.read_header()?;
        Ok(workbook)
    }

    fn read_header(&mut self) -> Result<(), SourceError> {
        while self.is_short() && self.told.is_some() {
            self.listen()?;
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

    /// Whether more rows are needed to tell the header.
    fn is_short(&self) -> bool {
        let bytes: usize = self.waiting.iter().map(|row| row.bytes).sum();
        self.waiting.len() < FIRST_ROWS && bytes < FIRST_BYTES
    }

    /// Waits for more rows.
    fn listen(&mut self) -> Result<(), SourceError> {
        let Some(told) = &self.told else {
            return Ok(());
        };
        match next_news(told)? {
            News::Rows(rows) => self.waiting.extend(rows),
            News::Sheet(_) | News::End => self.told = None,
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
            if self.told.is_none() {
                return Ok(None);
            }
            self.listen()?;
        }
    }

    /// Cells beside the table are a user's notes, which no header asks for.
    fn record(&self, row: Row) -> Option<Record> {
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

fn next_news(told: &Receiver<Told>) -> Told {
    told.recv().unwrap_or(Err(GONE.into()))
}

/// Starts to parse on a thread of its own, which ends with its work or when nobody listens any more.
fn parse(file: File, wanted: Wanted) -> Result<Receiver<Told>, SourceError> {
    let (tell, told) = sync_channel(LOTS_BETWEEN);
    let work = move || {
        let result = guard::guard(|| read(file, &wanted, &tell));
        let last = match result {
            Ok(Ok(())) => Ok(News::End),
            Ok(Err(error)) => Err(error),
            Err(guard::Panicked) => Err(GONE.into()),
        };
        // Whoever hung up knows why.
        let _ = tell.send(last);
    };
    thread::Builder::new()
        .name("workbook".to_owned())
        .spawn(work)
        .map_err(SourceError::Unreadable)?;
    Ok(told)
}

fn read(mut file: File, wanted: &Wanted, tell: &SyncSender<Told>) -> Result<(), SourceError> {
    let kind = kind::of(&mut file)?;
    let mut book = Book::open(file, kind)?;
    let sheet = choose(&mut book, wanted)?;
    let mut lots = Lots::new(tell);
    let chosen = Chosen {
        name: sheet.clone(),
        of: book.sheets().into_iter().map(|of| of.name).collect(),
        others: match wanted.sheet {
            Some(_) => Vec::new(),
            None => others(&mut book, &sheet),
        },
    };
    if tell.send(Ok(News::Sheet(chosen))).is_err() {
        return Ok(());
    }
    book.rows(&sheet, &mut |row| lots.add(row))?;
    // At the end it makes no difference whether anybody listens.
    let _ = lots.send();
    Ok(())
}

/// Rows on their way out.
struct Lots<'a> {
    tell: &'a SyncSender<Told>,
    rows: Vec<Row>,
    bytes: usize,
}

impl Lots<'_> {
    fn new(tell: &SyncSender<Told>) -> Lots<'_> {
        Lots {
            tell,
            rows: Vec::new(),
            bytes: 0,
        }
    }

    fn add(&mut self, row: Row) -> ControlFlow<()> {
        self.bytes += row.bytes;
        self.rows.push(row);
        if self.rows.len() < LOT && self.bytes < LOT_BYTES {
            return ControlFlow::Continue(());
        }
        self.send()
    }

    fn send(&mut self) -> ControlFlow<()> {
        self.bytes = 0;
        match self
            .tell
            .send(Ok(News::Rows(std::mem::take(&mut self.rows))))
        {
            Ok(()) => ControlFlow::Continue(()),
            Err(_) => ControlFlow::Break(()),
        }
    }
}

/// The name of the sheet to read.
fn choose(book: &mut Book, wanted: &Wanted) -> Result<String, WorkbookError> {
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
    let (shown, hidden): (Vec<_>, Vec<_>) =
        sheets.iter().partition(|sheet| sheet.sight == Sight::Shown);
    for group in [shown, hidden] {
        let mut best: Option<(Merit, &Sheet)> = None;
        for sheet in group {
            let merit = header::merit(&first_of(book, sheet)?);
            if best.is_none_or(|(best, _)| merit > best) {
                best = Some((merit, sheet));
            }
            let enough = match wanted.pick {
                SheetChoice::Contacts => Merit::Contacts,
                SheetChoice::First => Merit::Header,
            };
            if merit >= enough {
                break;
            }
        }
        if let Some((_, sheet)) = best.filter(|(merit, _)| *merit > Merit::Blank) {
            return Ok(sheet.name.clone());
        }
    }
    Err(WorkbookError::Blank { sheets: names() })
}

/// So many sheets are looked at for contacts that are not read.
const LOOKED_AT: usize = 20;

/// The other sheets that have contacts; what is hidden is hidden for a reason.
fn others(book: &mut Book, chosen: &str) -> Vec<String> {
    let sheets = book.sheets();
    let shown = sheets.iter().filter(|sheet| sheet.sight == Sight::Shown);
    let others = shown.filter(|sheet| sheet.name != chosen).take(LOOKED_AT);
    // What cannot be read there is no reason not to read the chosen one.
    let has_contacts = |sheet: &&Sheet| {
        first_of(book, sheet).is_ok_and(|first| header::merit(&first) == Merit::Contacts)
    };
    others
        .filter(has_contacts)
        .map(|sheet| sheet.name.clone())
        .collect()
}

/// A sheet by its name, in any case where no other is called exactly so, or by its number from 1.
fn named<'a>(sheets: &'a [Sheet], wanted: &str) -> Option<&'a Sheet> {
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
fn first_of(book: &mut Book, sheet: &Sheet) -> Result<Vec<Row>, WorkbookError> {
    let first = book.first(&sheet.name)?;
    Ok(header::with_one_header(first))
}

#[cfg(test)]
mod tests;
