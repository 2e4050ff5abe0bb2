//! The thread on which a workbook is parsed: a panic there ends the input, not the program, and parsing continues
//! while rows are used.
//!
//! Owns the messages between the two threads.

use std::fs::File;
use std::ops::ControlFlow;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread;

use super::catch_panic;
use super::error::WorkbookError;
use super::kind;
use super::sheet_choice;
use super::sheet_row::SheetRow;
use super::workbook_file::WorkbookFile;
use crate::source::{ReadOptions, SourceError};

/// Rows in a message, so that they share the cost of the channel.
const ROWS_PER_MESSAGE: usize = 64;
/// Bytes of rows in a message, so that huge rows do not pile up.
const BYTES_PER_MESSAGE: usize = 256 * 1024;
/// Messages in the channel. Bounds memory, and lets the parser work ahead.
const MESSAGES_BETWEEN: usize = 4;

/// The sheet that is read.
pub(crate) struct ChosenSheet {
    pub(crate) name: String,
    /// The names of all sheets of the workbook, hidden ones too.
    pub(crate) of: Vec<String>,
    /// Other sheets with contacts, which are not read.
    pub(crate) others: Vec<String>,
}

/// A message, or the error with which parsing ended.
pub(super) type Received = Result<Message, SourceError>;

pub(super) enum Message {
    /// The sheet that is read; the first message.
    Sheet(ChosenSheet),
    Rows(Vec<SheetRow>),
    /// The last message. A channel that closes before it means that the parser is gone.
    End,
}

pub(super) fn receive(receiver: &Receiver<Received>) -> Received {
    receiver
        .recv()
        .unwrap_or(Err(WorkbookError::INCONSISTENT.into()))
}

/// Starts to parse on a thread of its own, which ends with its work or when the receiver is dropped.
pub(super) fn parse(file: File, wanted: ReadOptions) -> Result<Receiver<Received>, SourceError> {
    let (sender, receiver) = sync_channel(MESSAGES_BETWEEN);
    let work = move || {
        let result = catch_panic::catch_panic(|| read(file, &wanted, &sender));
        let last = match result {
            Ok(Ok(())) => Ok(Message::End),
            Ok(Err(error)) => Err(error),
            Err(catch_panic::Panicked) => Err(WorkbookError::INCONSISTENT.into()),
        };
        // It fails where the receiver was dropped: then the import has ended, and reports why itself.
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
    wanted: &ReadOptions,
    sender: &SyncSender<Received>,
) -> Result<(), SourceError> {
    let kind = kind::detect(&mut file)?;
    let mut book = WorkbookFile::open(file, kind)?;
    let sheet = sheet_choice::choose(&mut book, wanted)?;
    let mut rows = RowSender::new(sender);
    let chosen = ChosenSheet {
        name: sheet.clone(),
        of: book.sheets().into_iter().map(|of| of.name).collect(),
        others: match wanted.sheet {
            Some(_) => Vec::new(),
            None => sheet_choice::others(&mut book, &sheet),
        },
    };
    if sender.send(Ok(Message::Sheet(chosen))).is_err() {
        return Ok(());
    }
    book.rows(&sheet, &mut |row| rows.add(row))?;
    // The rows are read; a dropped receiver changes nothing.
    let _ = rows.send();
    Ok(())
}

/// Collects rows into messages.
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
        let rows = std::mem::take(&mut self.rows);
        match self.sender.send(Ok(Message::Rows(rows))) {
            Ok(()) => ControlFlow::Continue(()),
            Err(_) => ControlFlow::Break(()),
        }
    }
}
