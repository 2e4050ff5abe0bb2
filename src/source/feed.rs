//! The bytes of an input, through one buffer of fixed size.
//!
//! Owns reading, the look ahead, and how many bytes were used up. Knows nothing of what they mean.

use std::io::{self, ErrorKind, Read};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use super::SourceError;
use super::change_detector::{ChangeDetector, LastLine};
use super::decoding::Decoding;
use super::encoding::Encoding;
use super::rest::Rest;

/// Bytes in the buffer: how far an input can be looked into before it is read.
const CAPACITY: usize = 256 * 1024;

/// Bytes up to which the buffer grows for a row that is looked at as a whole: those that a table keeps of a row.
const LONGEST_KEPT: usize = 4_000_000;

/// The byte order mark that some programs put before UTF-8.
const BOM: &[u8] = b"\xef\xbb\xbf";

/// An input's bytes.
pub(super) struct Feed {
    reader: Box<dyn Read + Send>,
    buffer: Vec<u8>,
    start: usize,
    end: usize,
    consumed: u64,
    ending: Option<FeedEnd>,
    translated: Option<Translated>,
    /// From where on the buffer is kept.
    mark: Option<usize>,
    watched: Watched,
    /// Asked at the end whether the input was changed while it was read.
    pub(super) change_detector: Option<ChangeDetector>,
    /// The last byte that was read.
    last: u8,
}

/// A byte that is to be noticed before it is used up.
#[derive(Clone, Copy, Default)]
struct Watched {
    byte: Option<u8>,
    /// Where the next of it is in the buffer; its end where the buffer holds no more of it.
    next: usize,
}

/// How far a translated input was read.
struct Translated {
    /// Bytes of the input itself that were taken so far.
    taken: Arc<AtomicU64>,
    /// …before what the buffer begins with.
    before: u64,
}

/// Why no more bytes come.
enum FeedEnd {
    Reached,
    /// Reported once, after the bytes that came before it.
    Failed(io::Error),
}

impl Feed {
    pub(super) fn new(reader: Box<dyn Read + Send>) -> Feed {
        Feed::with_capacity(reader, CAPACITY)
    }

    /// A feed of what follows bytes of its input that were used up in another way.
    pub(super) fn after(consumed: u64, reader: Box<dyn Read + Send>) -> Feed {
        Feed {
            consumed,
            ..Feed::new(reader)
        }
    }

    /// A feed through a buffer of `capacity` bytes, which is also how far it looks ahead.
    pub(super) fn with_capacity(reader: Box<dyn Read + Send>, capacity: usize) -> Feed {
        Feed {
            reader,
            buffer: vec![0; capacity],
            start: 0,
            end: 0,
            consumed: 0,
            ending: None,
            translated: None,
            mark: None,
            watched: Watched::default(),
            change_detector: None,
            last: b'\n',
        }
    }

    /// From here on what is read is the text of an encoding, as UTF-8. What was looked at is looked at anew.
    pub(super) fn translate(&mut self, encoding: Encoding) {
        let rest: Box<dyn Read + Send> = match self.ending.take() {
            None => std::mem::replace(&mut self.reader, Box::new(io::empty())),
            Some(FeedEnd::Reached) => Box::new(io::empty()),
            Some(FeedEnd::Failed(error)) => Box::new(Failing(Some(error))),
        };
        let looked_at = io::Cursor::new(self.buffered().to_vec());
        let decoding = Decoding::new(Box::new(looked_at.chain(rest)), encoding);
        self.translated = Some(Translated {
            taken: decoding.taken(),
            before: 0,
        });
        self.reader = Box::new(decoding);
        // What was looked at is in the reader's chain now; a mark would point into the old bytes.
        (self.start, self.end) = (0, 0);
        self.mark = None;
    }

    /// Drops byte order marks at the start, also one that two programs doubled; whether there was one.
    pub(super) fn drop_marks(&mut self) -> bool {
        let mut found = false;
        while self.peek().starts_with(BOM) {
            self.consume(BOM.len());
            found = true;
        }
        found
    }

    /// What is next, as much of it as the buffer holds. An error is kept for [`Feed::unread`], behind these bytes.
    pub(super) fn peek(&mut self) -> &[u8] {
        while self.end < self.buffer.len() && self.ending.is_none() {
            self.read_more();
        }
        self.buffered()
    }

    /// What is next: empty at the end of the input, and only there.
    ///
    /// # Errors
    /// [`SourceError::Unreadable`] before the first byte, [`SourceError::BrokeOff`] after it.
    pub(super) fn unread(&mut self) -> Result<&[u8], SourceError> {
        if self.start == self.end {
            self.refill()?;
        }
        Ok(self.buffered())
    }

    fn refill(&mut self) -> Result<(), SourceError> {
        // A reader may give little at a time: what is kept is not moved for each of it.
        if self.mark.is_none_or(|mark| mark == self.start) || self.end == self.buffer.len() {
            self.make_room();
        }
        while self.start == self.end && self.ending.is_none() {
            self.read_more();
        }
        if self.start == self.end {
            self.tell_failure()?;
        }
        Ok(())
    }

    /// Drops what was used up, but for what was marked as long as that is not too long.
    fn make_room(&mut self) {
        let kept = self.mark.unwrap_or(self.start).min(self.start);
        // A row longer than this is cut by csv-core alone, so that memory stays bounded.
        let kept = match self.end - kept {
            length if length < LONGEST_KEPT => kept,
            _ => self.start,
        };
        self.mark = self.mark.filter(|mark| *mark == kept).map(|_| 0);
        if let Some(translated) = &mut self.translated {
            translated.before = translated.consumed(kept, self.end);
        }
        self.buffer.copy_within(kept..self.end, 0);
        (self.start, self.end) = (self.start - kept, self.end - kept);
        if self.watched.byte.is_some() {
            self.look_out(self.start);
        }
        if self.end == self.buffer.len() {
            // Doubling keeps the copying linear in the row's length.
            let larger = (self.buffer.len() * 2).min(LONGEST_KEPT.max(self.buffer.len()));
            self.buffer.resize(larger, 0);
        }
    }

    /// What is next is kept from here on, so that it can be gone back to.
    pub(super) fn mark(&mut self) {
        self.mark = Some(self.start);
    }

    /// No longer keeps what was marked.
    pub(super) fn unmark(&mut self) {
        self.mark = None;
    }

    /// Whether nothing more can be read behind what is buffered.
    pub(super) fn has_ended(&self) -> bool {
        self.ending.is_some()
    }

    /// Goes back to the mark; `None` where too much was used up since.
    pub(super) fn rewind(&mut self) -> Option<()> {
        let mark = self.mark?;
        self.consumed -= (self.start - mark) as u64;
        self.start = mark;
        Some(())
    }

    /// Whether what is next can be had without reading more: `is_whole` says whether these bytes are enough for it.
    pub(super) fn holds(&self, is_whole: impl FnOnce(&[u8]) -> bool) -> bool {
        self.ending.is_some() || is_whole(self.buffered())
    }

    /// Reads more behind what is buffered, and keeps that; false where nothing changed: the end is known, or it is too
    /// long.
    pub(super) fn extend(&mut self) -> bool {
        if self.ending.is_some() {
            return false;
        }
        if self.end == self.buffer.len() {
            self.make_room();
        }
        let before = self.end;
        while self.end == before && self.end < self.buffer.len() && self.ending.is_none() {
            self.read_more();
        }
        self.end > before || self.ending.is_some()
    }

    /// Watches for a byte: [`Feed::unwatched`] stops before it.
    pub(super) fn watch(&mut self, byte: u8) {
        self.watched.byte = Some(byte);
        self.watched.next = self.start;
        self.look_out(self.start);
    }

    /// As [`Feed::unread`], but only up to the next byte that is watched for; `None` where that is next, and the mark
    /// can be gone back to.
    pub(super) fn unwatched(&mut self) -> Result<Option<&[u8]>, SourceError> {
        self.unread()?;
        if self.watched.byte.is_none() || self.mark.is_none() {
            return Ok(Some(self.buffered()));
        }
        if self.watched.next < self.start {
            self.look_out(self.start);
        }
        let clear = self.buffer.get(self.start..self.watched.next);
        let clear = clear.unwrap_or_default();
        Ok(Some(clear).filter(|clear| !clear.is_empty() || self.start == self.end))
    }

    /// Finds the next byte that is watched for from there on.
    fn look_out(&mut self, from: usize) {
        let behind = self.buffer.get(from..self.end).unwrap_or_default();
        // `contains` is memchr: most buffers hold no backslash and must not cost a slow search.
        let found = self.watched.byte.filter(|byte| behind.contains(byte));
        let at = found.and_then(|own| behind.iter().position(|byte| *byte == own));
        self.watched.next = from + at.unwrap_or(behind.len());
    }

    fn tell_failure(&mut self) -> Result<(), SourceError> {
        match self.ending.replace(FeedEnd::Reached) {
            // Before the first byte nothing was read: a file that cannot be read, not one that broke off.
            Some(FeedEnd::Failed(error)) if self.consumed == 0 => {
                Err(SourceError::Unreadable(error))
            }
            Some(FeedEnd::Failed(error)) => Err(SourceError::BrokeOff(error)),
            Some(FeedEnd::Reached) | None => self.confirm_end(),
        }
    }

    /// Checks once whether the file is still the one that was opened. The end is not reported before that: a last line
    /// without a line end may be half a record that another program is still writing.
    fn confirm_end(&mut self) -> Result<(), SourceError> {
        let last = match self.last {
            // JSON needs no line end.
            b'\n' | b'\r' | b']' | b'}' => LastLine::Ended,
            _ => LastLine::Open,
        };
        match self.change_detector.take() {
            Some(detector) if detector.has_changed(last) => Err(SourceError::Changed),
            Some(_) | None => Ok(()),
        }
    }

    #[expect(clippy::indexing_slicing, reason = "the end is within the buffer")]
    fn read_more(&mut self) {
        let room = &mut self.buffer[self.end..];
        let length = room.len();
        match self.reader.read(room) {
            Ok(0) => self.ending = Some(FeedEnd::Reached),
            Ok(count) => self.grow(count.min(length)),
            // A signal that is handled elsewhere (SIGWINCH) interrupts a read; the next read resumes.
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) => self.ending = Some(FeedEnd::Failed(error)),
        }
    }

    fn grow(&mut self, count: usize) {
        let before = self.end;
        self.end += count;
        self.last = self.buffered().last().copied().unwrap_or(self.last);
        if self.watched.byte.is_some() && self.watched.next == before {
            self.look_out(before);
        }
    }

    /// What was read and not used up.
    #[expect(
        clippy::indexing_slicing,
        reason = "start <= end <= the buffer's length"
    )]
    pub(super) fn buffered(&self) -> &[u8] {
        &self.buffer[self.start..self.end]
    }

    /// Uses up `count` of the bytes that are next.
    pub(super) fn consume(&mut self, count: usize) {
        let count = count.min(self.end - self.start);
        self.start += count;
        self.consumed += count as u64;
    }

    /// Bytes of the input used up so far; an estimate where it is translated.
    pub(super) fn consumed(&self) -> u64 {
        match &self.translated {
            None => self.consumed,
            Some(translated) => translated.consumed(self.start, self.end),
        }
    }

    /// What is next and all that follows, as a reader again.
    pub(super) fn into_reader(self) -> Box<dyn Read + Send> {
        let buffered = io::Cursor::new(self.buffered().to_vec());
        match self.ending {
            None => Box::new(buffered.chain(self.reader)),
            Some(FeedEnd::Reached) => Box::new(buffered),
            Some(FeedEnd::Failed(error)) => Box::new(buffered.chain(Failing(Some(error)))),
        }
    }

    /// Whether all of the input is in the buffer or used up; sure only after a [`Feed::peek`].
    pub(super) fn rest(&self) -> Rest {
        match self.ending {
            Some(FeedEnd::Reached) => Rest::Buffered,
            Some(FeedEnd::Failed(_)) | None => Rest::Beyond,
        }
    }
}

impl Translated {
    /// The share of the buffer that was used up is taken for that of the bytes it was made of.
    fn consumed(&self, start: usize, end: usize) -> u64 {
        let taken = self.taken.load(Ordering::Relaxed) - self.before;
        let share = (taken * start as u64).checked_div(end as u64);
        self.before + share.unwrap_or_default()
    }
}

/// A reader that fails once, then is at its end.
pub(super) struct Failing(pub(super) Option<io::Error>);

impl Read for Failing {
    fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
        self.0.take().map_or(Ok(0), Err)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Gives its parts one by one, an `Err` for each `None`.
    struct Parts(Vec<Option<&'static [u8]>>);

    impl Read for Parts {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            if self.0.is_empty() {
                return Ok(0);
            }
            let part = self
                .0
                .remove(0)
                .ok_or_else(|| io::Error::other("cable pulled"))?;
            buffer[..part.len()].copy_from_slice(part);
            Ok(part.len())
        }
    }

    fn feed(parts: &[Option<&'static [u8]>]) -> Feed {
        Feed::new(Box::new(Parts(parts.to_vec())))
    }

    #[test]
    fn what_came_before_a_failure_is_given_before_it_is_reported() {
        let mut feed = feed(&[Some(b"ab"), Some(b"c"), None]);
        assert_eq!(feed.peek(), b"abc");
        assert_eq!(feed.unread().unwrap(), b"abc");
        feed.consume(3);
        assert!(matches!(feed.unread(), Err(SourceError::BrokeOff(_))));
        assert_eq!(feed.unread().unwrap(), b"");
    }

    #[test]
    fn as_a_reader_again_it_gives_what_was_not_used_and_fails_where_it_failed() {
        let mut feed = feed(&[Some(b"ab"), Some(b"c"), None]);
        feed.peek();
        feed.consume(1);
        let mut rest = Vec::new();
        let error = feed.into_reader().read_to_end(&mut rest).unwrap_err();
        assert_eq!(
            (rest.as_slice(), error.to_string()),
            (&b"bc"[..], "cable pulled".into())
        );
    }

    #[test]
    fn a_failure_before_the_first_byte_is_an_unreadable_input() {
        assert!(matches!(
            feed(&[None]).unread(),
            Err(SourceError::Unreadable(_))
        ));
    }

    #[test]
    fn what_was_looked_at_is_translated_and_the_rest_and_the_failure_behind_it() {
        let mut feed = feed(&[Some(b"a\xe9"), Some(b"\xe8"), None]);
        assert_eq!(feed.peek(), b"a\xe9\xe8");
        feed.translate("windows-1252".parse().unwrap());
        assert_eq!(feed.unread().unwrap(), "aéè".as_bytes());
        feed.consume(5);
        assert_eq!(feed.consumed(), 3);
        assert!(matches!(feed.unread(), Err(SourceError::BrokeOff(_))));
        assert_eq!(feed.unread().unwrap(), b"");
        assert_eq!(feed.consumed(), 3);
    }

    #[test]
    fn a_doubled_byte_order_mark_is_dropped_and_counted() {
        let mut feed = feed(&[Some(b"\xef\xbb"), Some(b"\xbf\xef\xbb\xbfab")]);
        feed.drop_marks();
        assert_eq!(feed.unread().unwrap(), b"ab");
        assert_eq!(feed.consumed(), 6);
    }
}
