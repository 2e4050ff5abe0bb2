//! The lines of a vCard file, whatever ends them, and what each of them is.

use super::super::SourceError;
use super::super::clip::Clip;
use super::super::feed::Feed;

/// Bytes of a line; a longer one, as of a picture, is only begun.
pub(super) const LINE_LIMIT: usize = 1_000_000;

/// The byte order mark, which stands between cards where files were put together.
const BOM: &[u8] = b"\xef\xbb\xbf";

/// Cuts an input at CR LF, LF and CR.
pub(super) struct Lines {
    feed: Feed,
    line: Clip,
    /// The line before ended with a CR: a LF that follows belongs to it.
    after_return: bool,
}

impl Lines {
    pub(super) fn new(feed: Feed) -> Lines {
        Lines {
            feed,
            line: Clip::new(LINE_LIMIT),
            after_return: false,
        }
    }

    /// Bytes used up so far.
    pub(super) fn consumed(&self) -> u64 {
        self.feed.consumed()
    }

    /// The next line, without what ends it; `None` at the end of the input.
    pub(super) fn next(&mut self) -> Result<Option<&Clip>, SourceError> {
        self.line.restart(LINE_LIMIT);
        self.pass_line_feed()?;
        let mut begun = false;
        loop {
            let bytes = self.feed.unread()?;
            if bytes.is_empty() {
                return Ok(begun.then_some(&self.line));
            }
            begun = true;
            let end = bytes.iter().position(|byte| matches!(byte, b'\n' | b'\r'));
            let count = end.unwrap_or(bytes.len());
            self.line.push(bytes.get(..count).unwrap_or_default());
            self.after_return = bytes.get(count) == Some(&b'\r');
            self.feed.consume(count + usize::from(end.is_some()));
            if end.is_some() {
                return Ok(Some(&self.line));
            }
        }
    }

    fn pass_line_feed(&mut self) -> Result<(), SourceError> {
        if std::mem::take(&mut self.after_return) && self.feed.unread()?.first() == Some(&b'\n') {
            self.feed.consume(1);
        }
        Ok(())
    }
}

/// What a line is, by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// Nothing that shows.
    Blank,
    /// `BEGIN:VCARD`
    Begin,
    /// `END:VCARD`
    End,
    /// The rest of a line that was folded (RFC 6350, section 3.2).
    Folded,
    /// A name, a colon, a value.
    Property,
    /// Anything else.
    Rest,
}

/// The bytes of a line that were kept, without a byte order mark.
pub(super) fn content(line: &Clip) -> &[u8] {
    let bytes = line.bytes();
    bytes.strip_prefix(BOM).unwrap_or(bytes)
}

/// What a line is, by itself.
pub(super) fn kind(line: &[u8]) -> Kind {
    match line.first() {
        _ if line.iter().all(|byte| *byte <= b' ') => Kind::Blank,
        Some(b' ' | b'\t') => Kind::Folded,
        _ if is_mark(line, b"BEGIN") => Kind::Begin,
        _ if is_mark(line, b"END") => Kind::End,
        _ if line.contains(&b':') => Kind::Property,
        _ => Kind::Rest,
    }
}

/// Whether a line is `NAME:VCARD`, with blanks round its words and in any case.
fn is_mark(line: &[u8], name: &[u8]) -> bool {
    let colon = line.iter().position(|byte| *byte == b':');
    let Some((before, after)) = colon.and_then(|at| line.split_at_checked(at)) else {
        return false;
    };
    let value = after.get(1..).unwrap_or_default();
    before.trim_ascii().eq_ignore_ascii_case(name)
        && value.trim_ascii().eq_ignore_ascii_case(b"VCARD")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(text: &[u8], capacity: usize) -> Vec<String> {
        let reader = Box::new(std::io::Cursor::new(text.to_vec()));
        let mut lines = Lines::new(Feed::with_capacity(reader, capacity));
        let mut found = Vec::new();
        while let Some(line) = lines.next().unwrap() {
            found.push(String::from_utf8_lossy(content(line)).into_owned());
        }
        found
    }

    #[test]
    fn a_line_ends_with_cr_lf_or_both_wherever_the_buffer_ends() {
        for text in [
            "a\nb\n\nc",
            "a\rb\r\rc",
            "a\r\nb\r\n\r\nc",
            "a\nb\r\n\rc\r\n",
            "a\rb\n\nc\n",
        ] {
            for capacity in [1, 2, 3, 64] {
                assert_eq!(
                    lines(text.as_bytes(), capacity),
                    ["a", "b", "", "c"],
                    "{text:?}"
                );
            }
        }
    }

    #[test]
    fn a_line_is_told_by_its_beginning() {
        let cases = [
            ("", Kind::Blank),
            ("\t \u{1a}", Kind::Blank),
            ("begin : vcard ", Kind::Begin),
            ("END:VCARD", Kind::End),
            (" END:VCARD", Kind::Folded),
            ("BEGIN:VCALENDAR", Kind::Property),
            ("item1.TEL:1", Kind::Property),
            ("R0lGODdh", Kind::Rest),
        ];
        for (line, expected) in cases {
            assert_eq!(kind(line.as_bytes()), expected, "{line:?}");
        }
    }
}
