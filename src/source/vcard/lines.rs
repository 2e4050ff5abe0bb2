//! Cuts a vCard file into lines, and classifies each by itself.

use super::super::SourceError;
use super::super::bounded_text::BoundedText;
use super::super::feed::Feed;

/// Bytes of a line. Only the beginning of a longer one is kept, such as a picture on one line.
pub(super) const LINE_LIMIT: usize = 1_000_000;

/// The byte order mark. It is also between cards where files were concatenated.
const BOM: &[u8] = b"\xef\xbb\xbf";

/// Cuts an input at CR LF, LF and CR, and around a `BEGIN` or `END` that shares its line with other text.
pub(super) struct CardLines {
    pub(super) feed: Feed,
    line: BoundedText,
    /// The last line ended with CR. A LF that follows is the rest of CR LF, though another buffer may hold it.
    after_return: bool,
    /// Where the next piece of the line begins, after a cut at a boundary.
    rest: Option<usize>,
    piece: BoundedText,
}

impl CardLines {
    pub(super) fn new(feed: Feed) -> CardLines {
        CardLines {
            feed,
            line: BoundedText::new(LINE_LIMIT),
            after_return: false,
            rest: None,
            piece: BoundedText::new(LINE_LIMIT),
        }
    }

    /// The next line, or piece of one, without its line break; `None` at the end of the input.
    pub(super) fn next(&mut self) -> Result<Option<&BoundedText>, SourceError> {
        if let Some(at) = self.rest.take() {
            return Ok(Some(self.piece(at)));
        }
        if !self.read_line()? {
            return Ok(None);
        }
        let bytes = content(&self.line);
        let from = self.line.bytes().len() - bytes.len();
        match cut(bytes) {
            Some(_) if !self.line.is_cut() => Ok(Some(self.piece(from))),
            _ => Ok(Some(&self.line)),
        }
    }

    fn read_line(&mut self) -> Result<bool, SourceError> {
        self.line.restart(LINE_LIMIT);
        self.pass_line_feed()?;
        let mut begun = false;
        loop {
            let bytes = self.feed.unread()?;
            // The last line may lack its line break.
            if bytes.is_empty() {
                return Ok(begun);
            }
            begun = true;
            let end = bytes.iter().position(|byte| matches!(byte, b'\n' | b'\r'));
            let count = end.unwrap_or(bytes.len());
            #[expect(
                clippy::indexing_slicing,
                reason = "the count is the length or a place in it"
            )]
            self.line.push(&bytes[..count]);
            self.after_return = bytes.get(count) == Some(&b'\r');
            self.feed.consume(count + usize::from(end.is_some()));
            if end.is_some() {
                return Ok(true);
            }
        }
    }

    /// The piece of the line from here to the next boundary.
    fn piece(&mut self, from: usize) -> &BoundedText {
        #[expect(
            clippy::indexing_slicing,
            reason = "a place that was found in the line"
        )]
        let bytes = &self.line.bytes()[from..];
        let end = cut(bytes);
        let (piece, rest) = bytes.split_at(end.unwrap_or(bytes.len()));
        self.piece.restart(LINE_LIMIT);
        self.piece.push(piece);
        let blank = rest.len() - without_blanks(rest).len();
        self.rest = end.map(|end| from + end + blank);
        &self.piece
    }

    fn pass_line_feed(&mut self) -> Result<(), SourceError> {
        if std::mem::take(&mut self.after_return) && self.feed.unread()?.first() == Some(&b'\n') {
            self.feed.consume(1);
        }
        Ok(())
    }
}

/// The kind of a line, judged without the lines around it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum LineKind {
    /// Blanks and control characters only.
    Blank,
    /// `BEGIN:VCARD`
    Begin,
    /// `END:VCARD`
    End,
    /// The continuation of a folded line (RFC 6350, section 3.2).
    Folded,
    /// A name, a colon, a value.
    Property,
    /// Anything else.
    Rest,
}

/// The bytes of a line without the byte order marks before it.
pub(super) fn content(line: &BoundedText) -> &[u8] {
    let mut bytes = line.bytes();
    while let Some(rest) = bytes.strip_prefix(BOM) {
        bytes = rest;
    }
    bytes
}

/// The kind of a line.
pub(super) fn kind(line: &[u8]) -> LineKind {
    match line.first() {
        _ if line.iter().all(|byte| *byte <= b' ') => LineKind::Blank,
        Some(b' ' | b'\t') => LineKind::Folded,
        _ if is_boundary(line, BEGIN) => LineKind::Begin,
        _ if is_boundary(line, END) => LineKind::End,
        // No name begins with `=`: it is quoted-printable text whose soft line break is missing.
        Some(byte) if *byte != b'=' && line.contains(&b':') => LineKind::Property,
        _ => LineKind::Rest,
    }
}

/// Whether a text begins with a card, apart from blanks and byte order marks.
pub(crate) fn begins_card(text: &[u8]) -> bool {
    let text = without_blanks(text);
    boundary_at_start(text).is_some_and(|boundary| is_name(boundary.name, BEGIN))
}

/// Whether a text ends with `END:VCARD`.
pub(super) fn ends_card(text: &[u8]) -> bool {
    without_boundary(text, END).is_some()
}

const BEGIN: &[u8] = b"BEGIN";
const END: &[u8] = b"END";
const VCARD: &[u8] = b"VCARD";

/// Bytes in which the colon of a boundary is searched for: more than a group and blanks take. Without a bound, a file
/// of one long line would be searched again for each of its bytes.
const BOUNDARY_REACH: usize = 128;

/// `BEGIN:VCARD` or `END:VCARD` at the start of a line.
struct Boundary<'l> {
    name: &'l [u8],
    /// What follows it on its line.
    rest: &'l [u8],
}

fn is_boundary(line: &[u8], name: &[u8]) -> bool {
    let boundary = boundary_at_start(line);
    boundary.is_some_and(|boundary| is_name(boundary.name, name) && is_blank(boundary.rest))
}

fn is_name(found: &[u8], name: &[u8]) -> bool {
    found.eq_ignore_ascii_case(name)
}

fn is_blank(bytes: &[u8]) -> bool {
    without_blanks(bytes).is_empty()
}

/// The boundary at the start of a line. A blank, another boundary or nothing must follow: `END:VCARDS` is a property.
fn boundary_at_start(line: &[u8]) -> Option<Boundary<'_>> {
    let boundary = bare_boundary(line)?;
    let rest = boundary.rest;
    let is_apart = rest.is_empty() || without_blank(rest).is_some();
    (is_apart || bare_boundary(rest).is_some()).then_some(boundary)
}

/// A boundary, whatever follows it: in any case, behind a group, with blanks around its words.
fn bare_boundary(line: &[u8]) -> Option<Boundary<'_>> {
    let reach = line.get(..line.len().min(BOUNDARY_REACH))?;
    let colon = reach.iter().position(|byte| *byte == b':')?;
    let name = line.get(..colon)?.rsplit(|byte| *byte == b'.').next()?;
    let name = name.trim_ascii();
    let word = line.get(colon + 1..)?.trim_ascii_start();
    let (word, rest) = word.split_at_checked(VCARD.len())?;
    let is_card = word.eq_ignore_ascii_case(VCARD);
    (is_card && (is_name(name, BEGIN) || is_name(name, END))).then_some(Boundary { name, rest })
}

/// Where to cut a line that contains a boundary and other text: behind the boundary at its start, or before the one at
/// its end. Files that were concatenated have such lines where the last line of one had no line break.
fn cut(line: &[u8]) -> Option<usize> {
    // A folded line continues a value, which may contain these words as text.
    if matches!(line.first(), Some(b' ' | b'\t')) {
        return None;
    }
    match boundary_at_start(line) {
        Some(boundary) => (!is_blank(boundary.rest)).then_some(line.len() - boundary.rest.len()),
        None => begin_at_end(line),
    }
}

/// The start of the `BEGIN:VCARD` at the end of a line, or of the `END:VCARD` right before it.
fn begin_at_end(line: &[u8]) -> Option<usize> {
    let before = without_boundary(line, BEGIN)?;
    let end = without_boundary(before, END).unwrap_or(before).len();
    (end > 0).then_some(end)
}

/// A text without the boundary at its end.
fn without_boundary<'l>(text: &'l [u8], name: &[u8]) -> Option<&'l [u8]> {
    let text = without_suffix(text, VCARD)?;
    let text = without_suffix(text, b":")?;
    without_suffix(text, name)
}

/// A text without a word at its end, in any case, and the blanks behind it.
fn without_suffix<'l>(text: &'l [u8], word: &[u8]) -> Option<&'l [u8]> {
    let text = text.trim_ascii_end();
    let (before, last) = text.split_at_checked(text.len().checked_sub(word.len())?)?;
    last.eq_ignore_ascii_case(word).then_some(before)
}

/// A text without the blanks and byte order marks at its start.
pub(super) fn without_blanks(mut text: &[u8]) -> &[u8] {
    while let Some(rest) = without_blank(text) {
        text = rest;
    }
    text
}

fn without_blank(text: &[u8]) -> Option<&[u8]> {
    let (&byte, rest) = text.split_first()?;
    if byte.is_ascii() {
        return (byte <= b' ').then_some(rest);
    }
    let first = (2..=4).find_map(|length| std::str::from_utf8(text.get(..length)?).ok())?;
    let is_blank = |c: char| c.is_whitespace() || matches!(c, '\u{200b}' | '\u{feff}');
    text.get(first.len()..)
        .filter(|_| first.chars().all(is_blank))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(text: &[u8], capacity: usize) -> Vec<String> {
        let reader = Box::new(std::io::Cursor::new(text.to_vec()));
        let mut lines = CardLines::new(Feed::with_capacity(reader, capacity));
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
    fn a_line_is_known_by_its_beginning() {
        let cases = [
            ("", LineKind::Blank),
            ("\t \u{1a}", LineKind::Blank),
            ("begin : vcard ", LineKind::Begin),
            ("BEGIN: VCARD", LineKind::Begin),
            ("item1.BEGIN:VCARD", LineKind::Begin),
            ("END:VCARD", LineKind::End),
            ("END : VCARD\u{feff}", LineKind::End),
            ("END:VCARDS", LineKind::Property),
            ("=41:", LineKind::Rest),
            (" END:VCARD", LineKind::Folded),
            ("BEGIN:VCALENDAR", LineKind::Property),
            ("item1.TEL:1", LineKind::Property),
            ("R0lGODdh", LineKind::Rest),
        ];
        for (line, expected) in cases {
            assert_eq!(kind(line.as_bytes()), expected, "{line:?}");
        }
    }

    #[test]
    fn a_line_is_cut_at_the_marks_in_it() {
        let cases = [
            ("END:VCARDBEGIN:VCARD", "END:VCARD|BEGIN:VCARD"),
            ("END:VCARD \tBEGIN : VCARD ", "END:VCARD|BEGIN : VCARD "),
            ("end:vcard\u{feff}begin:vcard", "end:vcard|begin:vcard"),
            (
                "END:VCARD\u{a0}\u{3000}BEGIN:VCARD",
                "END:VCARD|BEGIN:VCARD",
            ),
            (
                "END:VCARD BEGIN:VCARDEND:VCARDitem1.BEGIN:VCARD",
                "END:VCARD|BEGIN:VCARD|END:VCARD|item1.BEGIN:VCARD",
            ),
            ("BEGIN:VCARD VERSION:3.0", "BEGIN:VCARD|VERSION:3.0"),
            ("FN:AshaBEGIN:VCARD", "FN:Asha|BEGIN:VCARD"),
            ("TEL:1END:VCARD BEGIN:VCARD", "TEL:1|END:VCARD|BEGIN:VCARD"),
            ("AGENT:BEGIN:VCARD", "AGENT:|BEGIN:VCARD"),
            (
                "AGENT:BEGIN:VCARD\\nEND:VCARD",
                "AGENT:BEGIN:VCARD\\nEND:VCARD",
            ),
            (" folded BEGIN:VCARD", " folded BEGIN:VCARD"),
            ("END:VCARDS", "END:VCARDS"),
            ("PROFILE:VCARD", "PROFILE:VCARD"),
        ];
        for (line, pieces) in cases {
            assert_eq!(lines(line.as_bytes(), 64).join("|"), pieces, "{line:?}");
        }
    }
}
