//! NDJSON: an object a line.
//!
//! Owns the lines; a broken one costs only itself. What a line holds is for `object` to read.

use super::SourceError;
use super::bounded_text::BoundedText;
use super::feed::Feed;
use super::object::{OBJECT_LIMIT, Objects};
use crate::record::{InputId, Records};

/// An input of one object a line.
pub(super) struct NdjsonLines {
    feed: Feed,
    number: u64,
    line: BoundedText,
    objects: Objects,
}

impl NdjsonLines {
    pub(super) fn open(feed: Feed, input: InputId) -> NdjsonLines {
        NdjsonLines {
            feed,
            number: 0,
            line: BoundedText::new(OBJECT_LIMIT),
            objects: Objects::new(input),
        }
    }

    pub(super) fn read(&mut self, records: &mut Records) -> Result<bool, SourceError> {
        while self.read_line()? {
            self.number += 1;
            // Blank lines between records are common in logs; they count for the line number only.
            if !self.line.is_blank() {
                let place = (self.number, self.feed.consumed());
                let added = self.objects.add(&self.line, place, records, || Ok(()));
                return added.map(|()| true);
            }
        }
        Ok(false)
    }

    /// Whether the next line is in memory.
    pub(super) fn holds_line(&self) -> bool {
        self.feed
            .holds(|bytes| bytes.trim_ascii_start().contains(&b'\n'))
    }

    /// Reads another line; false at the end of the input.
    fn read_line(&mut self) -> Result<bool, SourceError> {
        self.line.restart(OBJECT_LIMIT);
        let mut is_read = false;
        loop {
            let bytes = self.feed.unread()?;
            if bytes.is_empty() {
                return Ok(is_read);
            }
            is_read = true;
            let end = bytes.iter().position(|byte| *byte == b'\n');
            let count = end.unwrap_or(bytes.len());
            self.line.push(bytes.get(..count).unwrap_or_default());
            self.feed.consume(count + usize::from(end.is_some()));
            if end.is_some() {
                return Ok(is_read);
            }
        }
    }
}
