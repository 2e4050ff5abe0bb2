//! Which existing file a rejects file may replace: an empty one, a device, or one that bp-import wrote.
//!
//! Owns how a rejects file is recognised: by our first column in its header or its first object, whatever program
//! saved it last. Writes nothing.

use std::collections::{BTreeSet, HashMap};
use std::fs::File;
use std::io::{self, Read, Seek};
use std::path::Path;

use serde::de::IgnoredAny;

use crate::rejects;

/// The first of the columns that only a rejects file has.
const MARK: &str = rejects::ROW;
/// In a longer header our column is not searched: 16,384 columns of 60 bytes.
const LONGEST_HEADER: u64 = 1_000_000;
/// In a longer first object our key is not searched: many times what `source::object` reads of one (4 MB).
const LONGEST_OBJECT: u64 = 64_000_000;

/// Whether what is at this path would be lost if a rejects file were written or removed there.
pub(super) fn is_precious(path: &Path) -> io::Result<bool> {
    // Opening a pipe would wait for its writer.
    match path.metadata() {
        Ok(metadata) if metadata.is_file() => is_precious_file(&mut File::open(path)?),
        _ => Ok(false),
    }
}

/// The same of an open file, which is then at its beginning again.
pub(super) fn is_precious_file(file: &mut File) -> io::Result<bool> {
    let metadata = file.metadata()?;
    // Devices such as /dev/null hold nothing, and an empty file loses nothing.
    if !metadata.is_file() || metadata.len() == 0 {
        return Ok(false);
    }
    let is_ours = has_mark(file)?;
    file.rewind()?;
    Ok(!is_ours)
}

fn has_mark(file: &mut File) -> io::Result<bool> {
    let mut head = Vec::new();
    file.by_ref().take(LONGEST_HEADER).read_to_end(&mut head)?;
    let Some(object) = first_object(&head) else {
        return Ok(is_marked_header(&text(&head)));
    };
    file.seek(io::SeekFrom::Start(object))?;
    Ok(is_marked_object(file.by_ref().take(LONGEST_OBJECT)))
}

/// Where the first object of NDJSON, or of a list, begins.
fn first_object(head: &[u8]) -> Option<u64> {
    // A byte order mark, an opening bracket and blanks may come before it.
    let head_of_json = |byte: &u8| !b"\xef\xbb\xbf[ \t\r\n".contains(byte);
    let at = head.iter().position(head_of_json)?;
    let is_object = head.get(at) == Some(&b'{');
    is_object.then(|| u64::try_from(at).ok()).flatten()
}

fn is_marked_object(json: impl Read) -> bool {
    let json = serde_json::Deserializer::from_reader(io::BufReader::new(json));
    let mut objects = json.into_iter::<HashMap<String, IgnoredAny>>();
    matches!(objects.next(), Some(Ok(object)) if object.contains_key(MARK))
}

/// Excel saves what it opened as UTF-16 where "Unicode text" is chosen.
fn text(head: &[u8]) -> String {
    match head {
        [0xff, 0xfe, rest @ ..] => utf16(rest, u16::from_le_bytes),
        [0xfe, 0xff, rest @ ..] => utf16(rest, u16::from_be_bytes),
        _ => {
            let text = String::from_utf8_lossy(head);
            text.trim_start_matches('\u{feff}').to_owned()
        }
    }
}

fn utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> String {
    let (pairs, _) = bytes.as_chunks::<2>();
    let units: Vec<u16> = pairs.iter().map(|pair| unit(*pair)).collect();
    String::from_utf16_lossy(&units)
}

/// The delimiter is what is beside the mark: any that `--delimiter` takes.
fn is_marked_header(head: &str) -> bool {
    let beside = head.match_indices(MARK).flat_map(|(at, _)| {
        let (before, after) = head.split_at(at);
        [
            before.bytes().rev().find(|byte| *byte != b'"'),
            after.bytes().skip(MARK.len()).find(|byte| *byte != b'"'),
        ]
    });
    let delimiters: BTreeSet<u8> = beside.flatten().filter(is_delimiter).collect();
    // A lone mark has nothing beside it.
    let mut tried = delimiters.into_iter().chain([b',']);
    tried.any(|delimiter| names(head, delimiter).iter().any(|name| name == MARK))
}

/// A part of a longer name is not a delimiter, and neither is a line break.
fn is_delimiter(byte: &u8) -> bool {
    byte.is_ascii() && !byte.is_ascii_alphanumeric() && !matches!(byte, b'_' | b'\n' | b'\r')
}

/// The cells of the first row that is not blank.
fn names(head: &str, delimiter: u8) -> Vec<String> {
    let mut rows = csv::ReaderBuilder::new()
        .has_headers(false)
        .delimiter(delimiter)
        .from_reader(head.as_bytes());
    let first = rows.records().next().and_then(Result::ok);
    first.map_or_else(Vec::new, |row| {
        row.iter().map(|name| name.trim().to_owned()).collect()
    })
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use super::*;

    fn is_precious_text(content: &[u8]) -> bool {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), content).unwrap();
        is_precious(file.path()).unwrap()
    }

    #[test]
    fn a_rejects_file_is_known_whatever_program_saved_it_last() {
        let utf16: Vec<u8> = "\u{feff}phone\tbp_row\r\n+91 12\t2\r\n"
            .encode_utf16()
            .flat_map(u16::to_le_bytes)
            .collect();
        let swapped: Vec<u8> = utf16
            .chunks(2)
            .flat_map(|pair| [pair[1], pair[0]])
            .collect();
        let long = format!("{}bp_row,bp_outcome\n", "a name,".repeat(16_000));
        for ours in [
            "",
            "bp_row",
            "bp_row\n",
            "\u{feff}phone,bp_row,bp_outcome,bp_code,bp_reason\n",
            "phone;bp_row;bp_outcome\n",
            "phone\tbp_row\n",
            "phone|bp_row|x\n",
            "phone\u{1}bp_row\n",
            "\"phone\",\"bp_row\"\r\n\"1\",\"2\"\r\n",
            "\"two\nlines\",bp_row\n",
            "\n\nphone, bp_row ,more\n",
            &long,
            "{\"phone\":\"1\",\"bp_row\":2}\n",
            "\u{feff}{\"bp_row\":2,\"a\":{\"b\":[1]}}\n{}\n",
            "[\n  {\"phone\": \"1\",\n   \"bp_row\": 2}\n]\n",
        ] {
            assert!(!is_precious_text(ours.as_bytes()), "{ours:.80}");
        }
        assert!(!is_precious_text(&utf16) && !is_precious_text(&swapped));
    }

    #[test]
    fn anything_else_is_precious() {
        for theirs in [
            &b"phone\n+919876543210\n"[..],
            b"phone,note\n1,bp_row\n",
            b"phone,bp_rows\n1,2\n",
            b"abp_rowa,x\n",
            b"report\nphone,bp_row\n1,2\n",
            b"{\"phone\":\"bp_row\"}\n",
            b"{\"a\":1}\n{\"bp_row\":2}\n",
            b"{\"a\":{\"bp_row\":2}}\n",
            b"{\"bp_row\":",
            b"[]",
            b"country = \"IN\"\n",
            b"token",
            b"PK\x03\x04\x14\x00xl/bp_row.xml",
            b"\xff\xfe",
            b"\x00\x00",
            b" ",
        ] {
            let shown = String::from_utf8_lossy(theirs);
            assert!(is_precious_text(theirs), "{shown}");
        }
    }

    #[test]
    fn what_is_no_file_is_not_precious() {
        let folder = tempfile::tempdir().unwrap();
        assert!(!is_precious(&folder.path().join("missing")).unwrap());
        assert!(!is_precious(folder.path()).unwrap());
    }
}
