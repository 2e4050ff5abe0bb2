//! What an input is, judged by its name and its first bytes.
//!
//! Owns the guesses; all of them pure. Reads nothing itself.

use std::path::Path;

use super::grammar::grammar_error;
use super::splitter::{Splitter, ValueCut};
use super::vcard::begins_card;
use super::{Foreign, Format};

/// First bytes that give a kind of file away.
const MAGIC: &[(&[u8], Foreign)] = &[
    (b"BZh91AY&SY", Foreign::Archive),
    (b"\xfd7zXZ\x00", Foreign::Archive),
    (b"7z\xbc\xaf\x27\x1c", Foreign::Archive),
    (b"%PDF-", Foreign::Pdf),
    (b"\x89PNG\r\n\x1a\n", Foreign::Picture),
    (b"\xff\xd8\xff", Foreign::Picture),
    (b"GIF87a", Foreign::Picture),
    (b"GIF89a", Foreign::Picture),
    (b"\xff\xfe\x00\x00", Foreign::Utf32),
    (b"\x00\x00\xfe\xff", Foreign::Utf32),
    (b"SQLite format 3\x00", Foreign::Database),
    (b"<?xml", Foreign::Xml),
    (b"II*\x00", Foreign::Picture),
    (b"MM\x00*", Foreign::Picture),
    (b"RIFF", Foreign::Media),
    (b"ID3\x03", Foreign::Media),
    (b"ID3\x04", Foreign::Media),
    (b"OggS", Foreign::Media),
    (b"{\\rtf", Foreign::Document),
    (b"Rar!\x1a\x07", Foreign::Archive),
    (b"\x7fELF", Foreign::Program),
];

/// First words of a web page, in lower case.
const PAGE_STARTS: [&[u8]; 2] = [b"<!doctype html", b"<html"];

/// What a file is that cannot be read as text, if its beginning gives it away.
pub(super) fn foreign(start: &[u8]) -> Option<Foreign> {
    let known = MAGIC
        .iter()
        .find(|(magic, _)| start.starts_with(magic))
        .map(|(_, kind)| *kind);
    known.or_else(|| boxed(start)).or_else(|| page(start))
}

/// What the first box of an ISO media file says (ISO/IEC 14496-12, 4.3): photos of telephones, and films.
fn boxed(start: &[u8]) -> Option<Foreign> {
    let brand = start.get(4..)?.strip_prefix(b"ftyp")?.get(..4)?;
    let is_photo = [b"heic", b"heix", b"mif1", b"avif"].contains(&brand.first_chunk()?);
    Some(if is_photo {
        Foreign::Picture
    } else {
        Foreign::Media
    })
}

fn page(start: &[u8]) -> Option<Foreign> {
    let start = start.trim_ascii_start();
    let begins = |word: &[u8]| {
        start
            .get(..word.len())
            .is_some_and(|first| first.eq_ignore_ascii_case(word))
    };
    PAGE_STARTS
        .iter()
        .any(|word| begins(word))
        .then_some(Foreign::WebPage)
}

/// How an input is read for which no format was named.
pub(super) fn format(name: &str, start: &[u8]) -> Format {
    match by_extension(name) {
        // Whatever the extension is: BEGIN:VCARD is unmistakable.
        _ if begins_card(start) => Format::Vcard,
        Some(Format::Vcard) if !holds_card(start) => by_content(start),
        Some(Format::Csv | Format::Tsv) if is_surely_json(start) => json_or_ndjson(start),
        Some(Format::Json) => json_or_ndjson(start),
        Some(Format::Ndjson) if !are_lines(start) => Format::Json,
        Some(format) => format,
        None => by_content(start),
    }
}

/// `.txt` says nothing about what separates the columns.
fn by_extension(name: &str) -> Option<Format> {
    let extension = Path::new(name).extension()?.to_str()?.to_ascii_lowercase();
    match extension.as_str() {
        "csv" => Some(Format::Csv),
        "tsv" | "tab" => Some(Format::Tsv),
        "json" => Some(Format::Json),
        "ndjson" | "jsonl" => Some(Format::Ndjson),
        "vcf" | "vcard" => Some(Format::Vcard),
        // What is only called a workbook is text: many programs write tables under that name.
        _ => None,
    }
}

/// Whether a card begins somewhere here.
fn holds_card(start: &[u8]) -> bool {
    let mut lines = start.split(|byte| matches!(byte, b'\n' | b'\r'));
    lines.any(begins_card)
}

fn by_content(start: &[u8]) -> Format {
    match start.trim_ascii_start().first() {
        Some(&RECORD_SEPARATOR) => Format::Json,
        Some(b'[' | b'{') => json_or_ndjson(start),
        _ => Format::Csv,
    }
}

/// `[{` and `{"` begin JSON: no header of a table looks like that.
fn is_surely_json(start: &[u8]) -> bool {
    match start.trim_ascii_start().split_first() {
        Some((b'[', rest)) => rest.trim_ascii_start().starts_with(b"{"),
        Some((b'{', rest)) => rest.trim_ascii_start().starts_with(b"\""),
        _ => false,
    }
}

/// What is before each document of a JSON text sequence (RFC 7464).
const RECORD_SEPARATOR: u8 = 0x1E;

/// Whether what is called NDJSON has an object a line, as far as its first line shows; else it has documents one behind
/// another, written over several lines, or lists.
fn are_lines(start: &[u8]) -> bool {
    let start = start.trim_ascii_start();
    let line_end = start.iter().position(|byte| *byte == b'\n');
    let (line, rest) = start
        .split_at_checked(line_end.unwrap_or(start.len()))
        .unwrap_or_default();
    let (line, rest) = (line.trim_ascii(), rest.trim_ascii_start());
    let first_two = line
        .iter()
        .filter(|byte| !byte.is_ascii_whitespace())
        .take(2);
    let is_list = first_two.eq(b"[{") || line.starts_with(b"[[");
    let is_broken_up = line == b"[" || line == b"{" && rest.starts_with(b"\"");
    line.first() != Some(&RECORD_SEPARATOR) && !is_list && !is_broken_up && !has_more_behind(line)
}

/// Whether an object ends in the line, and a comma or another one follows it. One that is broken costs only its line.
fn has_more_behind(line: &[u8]) -> bool {
    let ValueCut::Ends(end) = Splitter::new().pass(line) else {
        return false;
    };
    let (object, rest) = line.split_at_checked(end).unwrap_or_default();
    if !std::str::from_utf8(object).is_ok_and(|text| grammar_error(text).is_none()) {
        return false;
    }
    let rest = rest.trim_ascii_start();
    let behind = rest.strip_prefix(b",").unwrap_or(rest).trim_ascii_start();
    line.starts_with(b"{") && (rest == b"," || behind.starts_with(b"{"))
}

/// NDJSON where the first line is a complete object and another one begins after it.
fn json_or_ndjson(start: &[u8]) -> Format {
    let start = start.trim_ascii_start();
    let line_end = start
        .iter()
        .position(|byte| *byte == b'\n')
        .unwrap_or(start.len());
    let (line, rest) = start.split_at_checked(line_end).unwrap_or_default();
    let another = rest.trim_ascii_start().starts_with(b"{");
    if another && is_one_object(line.trim_ascii()) {
        Format::Ndjson
    } else {
        Format::Json
    }
}

fn is_one_object(text: &[u8]) -> bool {
    text.starts_with(b"{") && Splitter::new().pass(text) == ValueCut::Ends(text.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_that_are_not_text_are_known_by_their_first_bytes() {
        let cases: &[(&[u8], Option<Foreign>)] = &[
            (b"\x89PNG\r\n\x1a\n", Some(Foreign::Picture)),
            (b"\xff\xd8\xff\xe0", Some(Foreign::Picture)),
            (b"\0\0\0\x18ftypheic", Some(Foreign::Picture)),
            (b"\0\0\0\x18ftypisom", Some(Foreign::Media)),
            (b"RIFF\x24\0\0\0WEBP", Some(Foreign::Media)),
            (b"{\\rtf1", Some(Foreign::Document)),
            (b"\xff\xfe\x00\x00n\x00\x00\x00", Some(Foreign::Utf32)),
            (b"\xff\xfen\x00", None),
            (b"\r\n <!DOCTYPE HTML>", Some(Foreign::WebPage)),
            (b"BEGIN:VCARD\r\n", None),
            (b"name,phone\0\n", None),
            (b"PK,name\n", None),
            (b"%PDF", None),
            (b"<name>,phone", None),
            (b"", None),
        ];
        for (start, kind) in cases {
            assert_eq!(
                foreign(start),
                *kind,
                "{:?}",
                String::from_utf8_lossy(start)
            );
        }
    }

    #[test]
    fn the_format_follows_from_name_and_content() {
        let cases = [
            ("a.csv", "name\tphone", Format::Csv),
            ("a.CSV", "{name},phone", Format::Csv),
            ("a.csv", "[id],name", Format::Csv),
            ("a.csv", " [\n {\"name\":1}]", Format::Json),
            ("a.csv", "{\"a\":1}\n{\"a\":2}\n", Format::Ndjson),
            ("a.tsv", "name,phone", Format::Tsv),
            ("a.Tab", "name", Format::Tsv),
            ("a.txt", "name\tphone\n1,2\n", Format::Csv),
            ("a.json", "[]", Format::Json),
            ("a.json", "name,phone", Format::Json),
            ("a.json", "{\"a\":1}\n", Format::Json),
            ("a.json", "{\"a\":1}\r\n\r\n{", Format::Ndjson),
            ("a.json", "{\"a\":\"}\"}\n{", Format::Ndjson),
            ("a.json", "{\n\"a\":1}\n{", Format::Json),
            ("a.json", "{\"a\":1} x\n{", Format::Json),
            ("a.jsonl", "[1]", Format::Ndjson),
            ("a.jsonl", "[{\"a\":1}]\n[{\"a\":2}]", Format::Json),
            ("a.jsonl", "{\n\"a\":1}\n{", Format::Json),
            ("a.ndjson", "{\"a\":1\n{\"a\":2}", Format::Ndjson),
            ("a.ndjson", "{\"a\":1} x\n{\"a\":2}", Format::Ndjson),
            ("a.ndjson", "{\"a\":1}, {\"a\":2}", Format::Json),
            ("a.ndjson", "{\"a\":1},\n{\"a\":2}", Format::Json),
            ("a.ndjson", "{x},\n{\"a\":2}", Format::Ndjson),
            ("a.ndjson", "{", Format::Ndjson),
            ("a.ndjson", "{\nx", Format::Ndjson),
            ("a.ndjson", "\u{1e}{\"a\":1}\n", Format::Json),
            ("stdin", "\u{1e}{\"a\":1}\n", Format::Json),
            ("a.NDJSON", "", Format::Ndjson),
            ("stdin", "\n [1]", Format::Json),
            ("stdin", "{\"a\":1}\n{\"a\":2}", Format::Ndjson),
            ("stdin", "name", Format::Csv),
            ("a.csv", "\r\n begin:VCard\r\nFN:a", Format::Vcard),
            ("a.txt", "BEGIN:VCARD", Format::Vcard),
            ("a.csv", "BEGIN:VCARD,phone", Format::Csv),
            ("a.vcf", "TEL:1\nEND:VCARD\nBEGIN:VCARD\n", Format::Vcard),
            ("a.vcf", "name,phone\n", Format::Csv),
            ("a.vcf", "[{}]", Format::Json),
        ];
        for (name, start, expected) in cases {
            assert_eq!(format(name, start.as_bytes()), expected, "{name} {start:?}");
        }
    }
}
