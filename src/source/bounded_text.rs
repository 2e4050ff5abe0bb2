//! Text that keeps only its beginning once it outgrows its limit: the bound on every cell, element and line.
//!
//! Owns the cutting and the decoding of what was kept. Knows nothing of formats.

use std::borrow::Cow;

/// Bytes kept of a text that is over its limit: enough to find it again.
pub(super) const KEPT: usize = 200;

/// Bytes of a cell of a table or a sheet.
pub(super) const CELL_LIMIT: usize = 1_000_000;
/// Bytes of all cells of a row together; from the cell that exceeds it on, only beginnings are kept.
const ROW_LIMIT: usize = 4_000_000;

/// Bytes that the next cell of a row may have: even in a full row, each keeps enough to be found again.
pub(super) fn room_in_row(bytes: usize) -> usize {
    ROW_LIMIT.saturating_sub(bytes).clamp(KEPT, CELL_LIMIT)
}

/// A text while it is read.
pub(super) struct BoundedText {
    bytes: Vec<u8>,
    limit: usize,
    /// Only the beginning is kept.
    is_cut: bool,
}

/// A text that was read.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum ReadText<'a> {
    /// As it was.
    Whole(Cow<'a, str>),
    /// Not all of it was UTF-8: it has U+FFFD in those places.
    Garbled(Cow<'a, str>),
    /// Over the limit: its first bytes, up to [`KEPT`].
    Beginning(Cow<'a, str>),
}

impl BoundedText {
    pub(super) fn new(limit: usize) -> BoundedText {
        BoundedText {
            bytes: Vec::new(),
            limit,
            is_cut: false,
        }
    }

    /// Forgets the text and starts another one, of at most `limit` bytes.
    pub(super) fn restart(&mut self, limit: usize) {
        self.bytes.clear();
        self.limit = limit;
        self.is_cut = false;
    }

    pub(super) fn push(&mut self, more: &[u8]) {
        if self.is_cut {
            return;
        }
        self.is_cut = self.bytes.len() + more.len() > self.limit;
        if self.is_cut {
            let missing = KEPT.saturating_sub(self.bytes.len());
            self.bytes.extend(more.iter().take(missing));
            // A text that was already longer keeps no more than one that was cut at once.
            self.bytes.truncate(KEPT);
        } else {
            self.bytes.extend_from_slice(more);
        }
    }

    /// Bytes that can follow before the text is cut; a text that was cut takes any number, and drops them.
    pub(super) fn room(&self) -> usize {
        match self.is_cut {
            true => usize::MAX,
            false => self.limit - self.bytes.len(),
        }
    }

    /// What is kept, as far as it is UTF-8.
    pub(super) fn readable(&self) -> &str {
        self.bytes
            .utf8_chunks()
            .next()
            .map_or("", |chunk| chunk.valid())
    }

    /// What is kept, as bytes.
    pub(super) fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Whether only the beginning is kept.
    pub(super) fn is_cut(&self) -> bool {
        self.is_cut
    }

    /// Whether all of the text is blank.
    pub(super) fn is_blank(&self) -> bool {
        !self.is_cut && self.bytes.trim_ascii().is_empty()
    }

    pub(super) fn text(&self) -> ReadText<'_> {
        match std::str::from_utf8(&self.bytes) {
            _ if self.is_cut => ReadText::Beginning(beginning(&self.bytes)),
            Ok(text) => ReadText::Whole(Cow::Borrowed(text)),
            Err(_) => ReadText::Garbled(String::from_utf8_lossy(&self.bytes)),
        }
    }
}

/// A character that the cut went through is left out.
fn beginning(bytes: &[u8]) -> Cow<'_, str> {
    let whole = match std::str::from_utf8(bytes) {
        Err(error) if error.error_len().is_none() => {
            bytes.get(..error.valid_up_to()).unwrap_or_default()
        }
        Ok(_) | Err(_) => bytes,
    };
    String::from_utf8_lossy(whole)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(chunks: &[&str], limit: usize) -> ReadText<'static> {
        let mut text = BoundedText::new(limit);
        for chunk in chunks {
            text.push(chunk.as_bytes());
        }
        match text.text() {
            ReadText::Whole(text) => ReadText::Whole(text.into_owned().into()),
            ReadText::Garbled(text) => ReadText::Garbled(text.into_owned().into()),
            ReadText::Beginning(text) => ReadText::Beginning(text.into_owned().into()),
        }
    }

    #[test]
    fn a_text_of_exactly_the_limit_stays_whole() {
        let text = "x".repeat(300);
        assert_eq!(read(&[&text], 300), ReadText::Whole(text.as_str().into()));
    }

    #[test]
    fn a_text_over_the_limit_keeps_the_same_beginning_however_it_arrives() {
        let text = "0123456789".repeat(31);
        let beginning = ReadText::Beginning((&text[..KEPT]).into());
        assert_eq!(read(&[&text], 300), beginning);
        assert_eq!(read(&[&text[..10], &text[10..]], 300), beginning);
        assert_eq!(read(&[&text[..299], &text[299..]], 300), beginning);
    }

    #[test]
    fn a_cut_text_ends_with_a_whole_character() {
        let text = format!("x{}", "é".repeat(200));
        assert_eq!(
            read(&[&text], 300),
            ReadText::Beginning((&text[..KEPT - 1]).into())
        );
    }

    #[test]
    fn a_text_that_was_cut_does_not_grow_again() {
        let long = "x".repeat(1_000);
        let mut text = BoundedText::new(300);
        for _ in 0..1_000 {
            text.push(long.as_bytes());
        }
        assert_eq!(text.bytes.len(), KEPT);
        text.restart(300);
        text.push(b"short");
        assert_eq!(text.text(), ReadText::Whole("short".into()));
    }

    #[test]
    fn bytes_that_are_not_utf8_are_marked_in_their_place() {
        let mut text = BoundedText::new(300);
        text.push(b"J\xfcrgen");
        assert_eq!(text.text(), ReadText::Garbled("J\u{fffd}rgen".into()));
    }
}
