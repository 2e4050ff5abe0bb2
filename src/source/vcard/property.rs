//! One property of a card, joined from its lines and rewritten so that calcard reads it as meant.
//!
//! Owns folding, soft line breaks, and which properties are kept. `charset` decodes the bytes.

use std::borrow::Cow;

use super::super::bounded_text::{BoundedText, ReadText};
use super::super::encoding::Encoding;
use super::card::{self, AGENT};
use super::charset::{self, Charsets, TransferEncoding};
use super::head::{self, parted};
use super::lines::{LINE_LIMIT, content};
use crate::text;

/// What becomes of the blank at the start of a folded line.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Folding {
    /// Folding added it (RFC 2426, section 2.6; RFC 6350, section 3.2).
    #[default]
    RemovesBlank,
    /// It is part of the text: lines are only folded at blanks (vCard 2.1, section 2.1.3).
    KeepsBlank,
}

/// A property while its lines are read.
pub(super) struct Property {
    /// In upper case, without its group.
    name: String,
    coding: TransferEncoding,
    /// The last line ended with a soft line break, `=`: the next one continues it (RFC 2045, section 6.7).
    pub(super) soft_break: bool,
    /// Its first line is `NAME:` without a value.
    is_empty: bool,
    is_cut: bool,
    /// Name, parameters and value; `None` where it is not kept.
    body: Option<BoundedText>,
}

/// A property on one line.
pub(super) struct UnfoldedProperty {
    pub(super) name: String,
    /// In UTF-8 and without a transfer encoding, unless its charset is unknown.
    pub(super) line: String,
    pub(super) fault: Option<PropertyFault>,
}

/// What is wrong with a property.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum PropertyFault {
    /// Its value is in no known encoding; its bytes are kept as quoted-printable text.
    Unread,
    /// Only its beginning is kept.
    TooLarge,
}

impl UnfoldedProperty {
    pub(super) fn is_version_4(&self) -> bool {
        parted(self.line.as_bytes())
            .1
            .trim_ascii()
            .starts_with(b"4")
    }

    /// Separates the values of a list by commas, of which vCard 2.1 knows nothing: programs write semicolons.
    pub(super) fn separate_by_commas(&mut self) {
        let head = parted(self.line.as_bytes()).0.len();
        let Some((head, value)) = self.line.split_at_checked(head) else {
            return;
        };
        if self.fault.is_none() && value.contains(';') {
            self.line = format!("{head}{}", with_commas(value));
        }
    }
}

/// A value with commas for its semicolons, but for those that are a part of the text: `\;`, and that of `&amp;`.
fn with_commas(value: &str) -> String {
    let mut separated = String::with_capacity(value.len());
    let mut is_escaped = false;
    for c in value.chars() {
        let is_part = is_escaped || c == ';' && ends_with_html(&separated);
        separated.push(if c == ';' && !is_part { ',' } else { c });
        is_escaped = c == '\\' && !is_escaped;
    }
    separated
}

fn ends_with_html(text: &str) -> bool {
    let last = text.rfind('&').and_then(|at| text.get(at..));
    let open = last.filter(|last| !last.contains(';'));
    open.is_some_and(|last| matches!(text::decoded(&format!("{last};")), Cow::Owned(_)))
}

impl Property {
    /// Starts a property with its first line.
    pub(super) fn begin(line: &BoundedText) -> Property {
        let bytes = content(line);
        let (head, value) = parted(bytes);
        let name = head::name(head);
        let is_kept = card::is_known(&name);
        let mut property = Property {
            name,
            coding: head::transfer_encoding(head),
            soft_break: false,
            is_empty: value.trim_ascii().is_empty(),
            is_cut: false,
            body: is_kept.then(|| BoundedText::new(LINE_LIMIT)),
        };
        property.push(line);
        property
    }

    /// Whether a whole card follows as its value (`AGENT:` and then `BEGIN:VCARD`; vCard 2.1, section 2.4.2).
    pub(super) fn announces_card(&self) -> bool {
        self.name == AGENT && self.is_empty
    }

    /// Whether it is a `BEGIN` or `END` line that was damaged: no property has these names.
    pub(super) fn is_damaged_mark(&self) -> bool {
        matches!(self.name.as_str(), "BEGIN" | "END")
    }

    pub(super) fn says_version_2(&self) -> bool {
        self.name == "VERSION" && parted(self.body()).1.trim_ascii() == b"2.1"
    }

    /// What is kept so far: nothing of a property that no column needs.
    fn body(&self) -> &[u8] {
        self.body.as_ref().map_or(&[], BoundedText::bytes)
    }

    fn push(&mut self, line: &BoundedText) {
        self.is_cut |= line.is_cut();
        self.push_bytes(content(line));
    }

    /// Appends the line behind a soft line break.
    pub(super) fn push_soft(&mut self, line: &BoundedText) {
        self.is_cut |= line.is_cut();
        let bytes = line.bytes();
        match rejoined(self.body(), bytes) {
            Some(Rejoined::Escape(rest)) => self.push_bytes(rest),
            Some(Rejoined::Digits(rest)) => self.push_bytes(&[b"=", rest].concat()),
            None => self.push_bytes(content(line)),
        }
    }

    /// Appends the continuation of a folded line.
    #[expect(clippy::indexing_slicing, reason = "a folded line begins with a blank")]
    pub(super) fn unfold(&mut self, line: &BoundedText, fold: Folding) {
        self.is_cut |= line.is_cut();
        let bytes = content(line);
        match (fold, self.coding) {
            (Folding::KeepsBlank, TransferEncoding::Plain) => self.push_bytes(bytes),
            _ => self.push_bytes(&bytes[1..]),
        }
    }

    /// Appends a line that was broken as no version allows. The break replaced a blank in plain text.
    pub(super) fn push_rest(&mut self, line: &BoundedText) {
        if self.coding == TransferEncoding::Plain {
            self.push_bytes(b" ");
        }
        self.push(line);
    }

    fn push_bytes(&mut self, bytes: &[u8]) {
        let unbroken = match self.coding {
            TransferEncoding::QuotedPrintable => bytes.trim_ascii_end().strip_suffix(b"="),
            TransferEncoding::Plain | TransferEncoding::Base64 => None,
        };
        self.soft_break = unbroken.is_some();
        if let Some(body) = &mut self.body {
            body.push(unbroken.unwrap_or(bytes));
        }
    }

    /// Ends the property; `None` where it is not kept.
    pub(super) fn close(self, charsets: Charsets) -> Option<UnfoldedProperty> {
        let body = self.body?;
        let (line, fault) = match body.text() {
            ReadText::Beginning(line) => (line.into_owned(), Some(PropertyFault::TooLarge)),
            ReadText::Whole(line) | ReadText::Garbled(line) if self.is_cut => {
                (line.into_owned(), Some(PropertyFault::TooLarge))
            }
            ReadText::Whole(line) if line.is_ascii() && is_plain(&line) => {
                (line.into_owned(), None)
            }
            ReadText::Whole(_) | ReadText::Garbled(_) => {
                decoded(body.bytes(), self.coding, charsets)
            }
        };
        Some(UnfoldedProperty {
            name: self.name,
            line,
            fault,
        })
    }

    /// The bytes of a value that has no charset and is not ASCII, for a guess.
    pub(super) fn unlabelled(&self) -> Option<Cow<'_, [u8]>> {
        let (head, value) = parted(self.body.as_ref()?.bytes());
        let label = head::charset(head).map(str::parse::<Encoding>);
        let is_labelled = matches!(label, Some(Ok(_))) || self.coding == TransferEncoding::Base64;
        let bytes = charset::bytes(value, self.coding);
        (!is_labelled && !bytes.is_ascii()).then_some(bytes)
    }
}

/// Whether a line of ASCII needs no decoding: no transfer encoding, and no escape sequence of ISO-2022-JP.
fn is_plain(line: &str) -> bool {
    const ESCAPE: char = '\u{1b}';
    let head = parted(line.as_bytes()).0;
    head::is_plain(head) && !line.contains(ESCAPE)
}

fn decoded(
    body: &[u8],
    coding: TransferEncoding,
    charsets: Charsets,
) -> (String, Option<PropertyFault>) {
    let (head, value) = parted(body);
    let label = head::charset(head);
    // calcard decodes Base64; the line is ASCII, unless it is damaged.
    if coding == TransferEncoding::Base64 {
        return (String::from_utf8_lossy(body).into_owned(), None);
    }
    let plain = head::plain(head, charsets);
    match charsets.text(value, coding, label) {
        Some(text) => (format!("{plain}:{text}"), None),
        None => {
            let charset = label.map_or_else(String::new, |label| format!(";CHARSET={label}"));
            let value = charset::quoted(value, coding);
            let line = format!("{plain}{charset}{QUOTED}:{value}");
            (line, Some(PropertyFault::Unread))
        }
    }
}

const QUOTED: &str = ";ENCODING=QUOTED-PRINTABLE";

/// A line that [`decoded`] left as quoted-printable text, with U+FFFD for bytes that are not text; `None` for others.
pub(super) fn lossy(line: &str) -> Option<String> {
    let (head, value) = line.split_at_checked(parted(line.as_bytes()).0.len())?;
    let is_unread = head::transfer_encoding(head.as_bytes()) == TransferEncoding::QuotedPrintable;
    let plain = || head::plain(head.as_bytes(), Charsets::default());
    is_unread.then(|| {
        format!(
            "{}:{}",
            plain(),
            charset::lossy(value.strip_prefix(':').unwrap_or(value))
        )
    })
}

/// A line that belongs to no card as UTF-8, so that its bytes survive in a rejects file.
pub(super) fn as_utf8(line: &[u8]) -> Cow<'_, str> {
    match std::str::from_utf8(line) {
        Ok(text) => Cow::Borrowed(text),
        Err(_) => Cow::Owned(
            decoded(
                line,
                head::transfer_encoding(parted(line).0),
                Charsets::default(),
            )
            .0,
        ),
    }
}

/// How a line continues where a soft line break split an escape (`=E9`) or a character of several bytes.
enum Rejoined<'l> {
    /// The rest of an escape, or the next one.
    Escape(&'l [u8]),
    /// The digits of an escape: its `=` was taken for that of the line break.
    Digits(&'l [u8]),
}

/// Programs that fold lines after encoding them split escapes and characters, and put a blank before the second half.
/// That blank is not part of the text.
fn rejoined<'l>(body: &[u8], line: &'l [u8]) -> Option<Rejoined<'l>> {
    let rest = line.trim_ascii_start();
    if ends_within_escape(body) {
        return Some(Rejoined::Escape(rest));
    }
    let is_continuation =
        |text: &[u8]| charset::hex_byte(text).is_some_and(|(byte, _)| matches!(byte, 0x80..=0xbf));
    match rest.strip_prefix(b"=") {
        _ if !ends_within_character(body) => None,
        Some(digits) => is_continuation(digits).then_some(Rejoined::Escape(rest)),
        None => is_continuation(rest).then_some(Rejoined::Digits(rest)),
    }
}

fn ends_within_escape(body: &[u8]) -> bool {
    matches!(body, [.., b'=', digit] if digit.is_ascii_hexdigit())
}

/// Whether a text ends with escapes that are an incomplete character of UTF-8.
fn ends_within_character(body: &[u8]) -> bool {
    let mut bytes = Vec::new();
    let mut rest = body;
    while let Some((before, [b'=', digits @ ..])) = rest.split_last_chunk::<3>() {
        // A character has four bytes at most.
        let Some((byte, _)) = charset::hex_byte(digits).filter(|_| bytes.len() < 4) else {
            break;
        };
        bytes.insert(0, byte);
        if byte >= 0xc0 {
            break;
        }
        rest = before;
    }
    std::str::from_utf8(&bytes).is_err_and(|error| error.error_len().is_none())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn clip(text: &str) -> BoundedText {
        let mut clip = BoundedText::new(LINE_LIMIT);
        clip.push(text.as_bytes());
        clip
    }

    #[test]
    fn the_blank_of_a_folded_line_belongs_to_the_text_only_in_version_2() {
        for (fold, expected) in [
            (Folding::RemovesBlank, "FN:AshaRao"),
            (Folding::KeepsBlank, "FN:Asha Rao"),
        ] {
            let mut property = Property::begin(&clip("FN:Asha"));
            property.unfold(&clip(" Rao"), fold);
            assert_eq!(property.close(Charsets::default()).unwrap().line, expected);
        }
    }

    #[test]
    fn a_soft_break_joins_two_lines_only_in_quoted_printable() {
        for (head, goes_on) in [("FN;ENCODING=quoted-printable", true), ("FN", false)] {
            let property = Property::begin(&clip(&format!("{head}:x=")));
            assert_eq!(property.soft_break, goes_on, "{head}");
        }
    }

    #[test]
    fn what_no_column_is_made_of_is_not_kept() {
        let property = Property::begin(&clip("PHOTO:x"));
        assert!(property.body.is_none() && property.close(Charsets::default()).is_none());
    }

    #[test]
    fn an_escape_or_a_character_that_a_line_break_went_through_is_whole_again() {
        let cases: [&[&str]; 8] = [
            &["=E5=A4=AA=E9=83=8E"],
            &["=E5=A4=", "=AA=E9=83=8E"],
            &["=E5=A4=", " =AA=E9=", "\t=83=8E"],
            &["=E5=A4=A=", "A=E9=8=", " 3=8E"],
            &["=E5=A4=", "AA=E9=", " 83=8E"],
            &["=E5=A4=AA=", "=E9=83=8E"],
            &["=E5=", "A4=", "AA=E9=83=", "8E"],
            &["=E5=A4=AA=E9=83=8E=", ""],
        ];
        for parts in cases {
            let (first, rest) = parts.split_first().unwrap();
            let mut property = Property::begin(&clip(&format!("FN;QUOTED-PRINTABLE:{first}")));
            for part in rest {
                property.push_soft(&clip(part));
            }
            let line = property.close(Charsets::default()).unwrap().line;
            assert_eq!(line, "FN:太郎", "{parts:?}");
        }
    }
}
