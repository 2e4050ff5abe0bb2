//! Reads the XML of a workbook's parts, event by event.
//!
//! Owns what the parser leaves out: UTF-16, attributes by their local names, entities. `gauge` has checked the bounds
//! before.

use std::borrow::Cow;
use std::io::{self, BufRead, BufReader, ErrorKind, Read};

use quick_xml::Reader;
use quick_xml::escape;
use quick_xml::events::{BytesRef, BytesStart, Event};

use super::error::WorkbookError;

/// A part that is read once, from its beginning.
pub(super) struct XmlReader<'a> {
    reader: Reader<Box<dyn BufRead + 'a>>,
    buffer: Vec<u8>,
}

impl<'a> XmlReader<'a> {
    pub(super) fn new(part: impl Read + 'a) -> Result<XmlReader<'a>, WorkbookError> {
        let mut reader = Reader::from_reader(decoded(part).map_err(|_| WorkbookError::DAMAGED)?);
        let config = reader.config_mut();
        config.check_comments = false;
        // `gauge` has checked it; a second check costs time for a million rows.
        config.check_end_names = false;
        config.expand_empty_elements = true;
        Ok(XmlReader {
            reader,
            buffer: Vec::with_capacity(1024),
        })
    }

    /// The next event. An empty element gives a start and an end.
    pub(super) fn next(&mut self) -> Result<Event<'_>, WorkbookError> {
        self.buffer.clear();
        let event = self.reader.read_event_into(&mut self.buffer);
        event.map_err(|_| WorkbookError::DAMAGED)
    }
}

/// A part as UTF-8. XML processors must read UTF-8 and UTF-16 (XML 1.0, section 2.2), and spreadsheets use no others.
pub(super) fn decoded<'a>(part: impl Read + 'a) -> io::Result<Box<dyn BufRead + 'a>> {
    let mut bytes = BufReader::new(part);
    let start = bytes.fill_buf()?;
    let unit: Option<fn([u8; 2]) -> u16> = match start {
        [0xFF, 0xFE, ..] | [b'<', 0, ..] => Some(u16::from_le_bytes),
        [0xFE, 0xFF, ..] | [0, b'<', ..] => Some(u16::from_be_bytes),
        _ => None,
    };
    Ok(match unit {
        None => Box::new(bytes),
        Some(unit) => {
            let bytes = bytes.bytes();
            Box::new(BufReader::new(Utf16 {
                units: char::decode_utf16(Units { bytes, unit }),
                rest: Vec::new(),
            }))
        }
    })
}

/// Reads UTF-16 as UTF-8, without its byte order mark.
struct Utf16<R: Read> {
    units: std::char::DecodeUtf16<Units<R>>,
    /// Bytes of a character that did not fit into the caller's buffer.
    rest: Vec<u8>,
}

/// The 16-bit units of a reader; an odd byte at the end is ignored.
struct Units<R> {
    bytes: io::Bytes<R>,
    unit: fn([u8; 2]) -> u16,
}

impl<R: Read> Iterator for Units<R> {
    type Item = u16;

    fn next(&mut self) -> Option<u16> {
        let first = self.bytes.next()?.ok()?;
        let second = self.bytes.next()?.ok()?;
        Some((self.unit)([first, second]))
    }
}

impl<R: BufRead> Read for Utf16<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.rest.len() < buffer.len() {
            match self.units.next() {
                Some(Ok('\u{feff}')) => {}
                Some(Ok(c)) => self.rest.extend(c.encode_utf8(&mut [0; 4]).bytes()),
                Some(Err(_)) => return Err(ErrorKind::InvalidData.into()),
                None => break,
            }
        }
        let count = self.rest.len().min(buffer.len());
        for (place, byte) in buffer.iter_mut().zip(self.rest.drain(..count)) {
            *place = byte;
        }
        Ok(count)
    }
}

/// The attributes of an element by their local names, with their values as written. The parser's own iterator checks for
/// duplicates, which takes longer than everything else for a million cells.
pub(super) fn attributes<'t>(tag: &'t BytesStart<'_>) -> impl Iterator<Item = (&'t str, &'t str)> {
    let mut rest = tag.attributes_raw();
    std::iter::from_fn(move || {
        let (name, behind) = cut(rest, b'=')?;
        let behind = behind.trim_ascii_start();
        let quote = *behind.as_bytes().first()?;
        let (value, after) =
            cut(behind.get(1..)?, quote).filter(|_| matches!(quote, b'"' | b'\''))?;
        rest = after;
        let name = name.trim_ascii();
        Some((cut(name, b':').map_or(name, |(_, local)| local), value))
    })
}

/// The text before an ASCII character and the text behind it.
fn cut(text: &str, at: u8) -> Option<(&str, &str)> {
    let position = text.bytes().position(|byte| byte == at)?;
    Some((text.get(..position)?, text.get(position + 1..)?))
}

/// The value of an attribute by its name without a prefix, as it is written.
pub(super) fn attribute<'t>(tag: &'t BytesStart<'_>, wanted: &str) -> Option<&'t str> {
    let mut all = attributes(tag);
    all.find_map(|(name, value)| (name == wanted).then_some(value))
}

/// The same with its entities resolved.
pub(super) fn text_attribute(tag: &BytesStart<'_>, wanted: &str) -> Option<String> {
    let value = attribute(tag, wanted)?;
    // Unchanged where an entity is unknown.
    Some(escape::unescape(value).map_or_else(|_| value.to_owned(), Cow::into_owned))
}

/// Whether a Boolean attribute is true (`xsd:boolean` and ECMA-376 part 1, 22.9.2.7, ST_OnOff).
pub(super) fn is_on(tag: &BytesStart<'_>, wanted: &str) -> bool {
    matches!(attribute(tag, wanted), Some("1" | "true" | "on"))
}

/// Appends the text of an event.
pub(super) fn push_text(to: &mut String, event: &Event<'_>) {
    match event {
        Event::Text(text) => to.push_str(&text.xml10_content()),
        Event::CData(text) => to.push_str(&text.xml10_content()),
        Event::GeneralRef(reference) => to.extend(resolved(reference)),
        _ => {}
    }
}

fn resolved(reference: &BytesRef<'_>) -> Option<char> {
    match &**reference {
        "lt" => Some('<'),
        "gt" => Some('>'),
        "amp" => Some('&'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        _ => reference.resolve_char_ref().ok().flatten(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(part: &[u8]) -> Result<String, WorkbookError> {
        let mut xml = XmlReader::new(part)?;
        let mut text = String::new();
        loop {
            match xml.next()? {
                Event::Eof => return Ok(text),
                event => push_text(&mut text, &event),
            }
        }
    }

    #[test]
    fn a_part_in_utf_16_is_read_like_one_in_utf_8() {
        let xml = "<?xml version=\"1.0\"?><a>Zoë 😀 &amp; &#65;&#x42;<![CDATA[<x>]]></a>";
        let expected = Ok("Zoë 😀 & AB<x>".to_owned());
        assert_eq!(texts(xml.as_bytes()), expected);
        assert_eq!(texts(format!("\u{feff}{xml}").as_bytes()), expected);
        for mark in ["", "\u{feff}"] {
            let units: Vec<u16> = format!("{mark}{xml}").encode_utf16().collect();
            let little: Vec<u8> = units.iter().flat_map(|unit| unit.to_le_bytes()).collect();
            let big: Vec<u8> = units.iter().flat_map(|unit| unit.to_be_bytes()).collect();
            assert_eq!(texts(&little), expected);
            assert_eq!(texts(&big), expected);
        }
        assert_eq!(
            texts(b"<\0a\0>\0\x00\xd8<\0/\0a\0>\0"),
            Err(WorkbookError::DAMAGED)
        );
    }

    #[test]
    fn attributes_go_by_their_names_without_a_prefix() {
        let tag =
            BytesStart::from_content("c r:id = 'A\"1'  s=\"2\" x:name=\"a &amp; b\" broken", 1);
        let all: Vec<_> = attributes(&tag).collect();
        assert_eq!(all, [("id", "A\"1"), ("s", "2"), ("name", "a &amp; b")]);
        assert_eq!(text_attribute(&tag, "name").as_deref(), Some("a & b"));
        assert_eq!(attribute(&tag, "t"), None);
    }
}
