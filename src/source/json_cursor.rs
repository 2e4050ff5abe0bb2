//! A feed that counts lines and characters.
//!
//! Owns positions in JSON. Knows nothing of its grammar but blanks.

use super::SourceError;
use super::feed::Feed;
use super::rest::Rest;

/// Where a byte is in its input.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct JsonPosition {
    /// Counted from 1.
    line: u64,
    /// The character in the line, counted from 1.
    column: u64,
}

impl JsonPosition {
    /// The position behind `bytes`, which begin at this one.
    pub(super) fn after(self, bytes: &[u8]) -> JsonPosition {
        if !bytes.contains(&b'\n') {
            return JsonPosition {
                column: self.column + characters(bytes),
                ..self
            };
        }
        let lines = bytes.iter().filter(|byte| **byte == b'\n').count() as u64;
        let last = bytes
            .rsplit(|byte| *byte == b'\n')
            .next()
            .unwrap_or_default();
        JsonPosition {
            line: self.line + lines,
            column: 1 + characters(last),
        }
    }

    /// The error of JSON that is broken here.
    pub(super) fn broken(self, words: impl Into<String>) -> SourceError {
        SourceError::BrokenJson {
            line: self.line,
            column: self.column,
            words: words.into(),
        }
    }
}

/// Whether a byte may be between two documents, beside blanks: a record separator (RFC 7464), or a byte of the mark
/// that some programs put before each document.
pub(super) fn is_between_documents(byte: u8) -> bool {
    matches!(byte, 0x1E | 0xEF | 0xBB | 0xBF)
}

fn characters(bytes: &[u8]) -> u64 {
    // UTF-8: bytes that continue a character begin with the bits 10 (RFC 3629).
    let is_start = |byte: &&u8| **byte & 0b1100_0000 != 0b1000_0000;
    bytes.iter().filter(is_start).count() as u64
}

/// Reads JSON.
pub(super) struct JsonCursor {
    pub(super) feed: Feed,
    pub(super) position: JsonPosition,
}

impl JsonCursor {
    pub(super) fn new(feed: Feed) -> JsonCursor {
        JsonCursor::at(feed, JsonPosition { line: 1, column: 1 })
    }

    /// A cursor whose feed begins at that position of its input.
    pub(super) fn at(feed: Feed, position: JsonPosition) -> JsonCursor {
        JsonCursor { feed, position }
    }

    /// Uses up `count` of the bytes that are next.
    pub(super) fn consume(&mut self, count: usize) -> Result<(), SourceError> {
        let bytes = self.feed.unread()?.get(..count).unwrap_or_default();
        self.position = self.position.after(bytes);
        self.feed.consume(count);
        Ok(())
    }

    /// What is next, as far ahead as the feed looks, and whether there may be more.
    pub(super) fn peek(&mut self) -> (&[u8], Rest) {
        self.feed.peek();
        let rest = self.feed.rest();
        (self.feed.peek(), rest)
    }

    /// The next byte that is not blank, without using it up; `None` at the end of the input.
    pub(super) fn skip_blanks(&mut self) -> Result<Option<u8>, SourceError> {
        self.skip(|byte| byte.is_ascii_whitespace())
    }

    /// As [`JsonCursor::skip_blanks`], between documents.
    pub(super) fn skip_to_document(&mut self) -> Result<Option<u8>, SourceError> {
        self.skip(|byte| byte.is_ascii_whitespace() || is_between_documents(byte))
    }

    fn skip(&mut self, is_skipped: fn(u8) -> bool) -> Result<Option<u8>, SourceError> {
        loop {
            let bytes = self.feed.unread()?;
            let blanks = bytes.iter().take_while(|byte| is_skipped(**byte)).count();
            let next = bytes.get(blanks).copied();
            let at_end = bytes.is_empty();
            self.consume(blanks)?;
            if next.is_some() || at_end {
                return Ok(next);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn positions_count_lines_and_characters() {
        let start = JsonPosition { line: 1, column: 1 };
        let cases = [
            ("", 1, 1),
            ("abc", 1, 4),
            ("é€", 1, 3),
            ("a\n", 2, 1),
            ("a\r\nb\nçd", 3, 3),
        ];
        for (text, line, column) in cases {
            assert_eq!(
                start.after(text.as_bytes()),
                JsonPosition { line, column },
                "{text:?}"
            );
        }
    }
}
