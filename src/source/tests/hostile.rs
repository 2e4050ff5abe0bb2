//! Inputs that were cut off or damaged: there is an answer to each, and never a panic.

use super::*;
use crate::mapping::{self, Mapper};

const CONTACTS: &str = "Name,Phone,Email,Tags\nZoë Müller,+91 98765 43210,zoe@example.com,\"a, b\"\n\
    \"Lee, \"\"Bo\"\"\",+91 98765 43211,,x\n\nJosé,919876543212,j@example.com,\n";

/// Text inputs as they come: fixtures, and contacts in several dialects.
fn originals() -> Vec<(String, Vec<u8>)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures");
    let files = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path());
    let small = files.filter(|path| path.is_file() && path.metadata().unwrap().len() < 50_000);
    let mut originals: Vec<(String, Vec<u8>)> = small
        .map(|path| {
            (
                path.file_name().unwrap().to_string_lossy().into_owned(),
                std::fs::read(&path).unwrap(),
            )
        })
        .collect();
    originals.sort();
    originals.extend(dialects());
    originals
}

fn dialects() -> [(String, Vec<u8>); 7] {
    let semicolons = CONTACTS.replace(',', ";");
    let legacy: Vec<u8> = semicolons
        .chars()
        .map(|c| u8::try_from(u32::from(c)).unwrap())
        .collect();
    let cases = [
        ("latin.csv", legacy),
        (
            "unicode.txt",
            utf16(&format!("\u{feff}{}", CONTACTS.replace(',', "\t"))),
        ),
        ("unmarked.csv", utf16(CONTACTS)),
        (
            "declared.csv",
            format!("sep=;\r\n{semicolons}").into_bytes(),
        ),
        (
            "banner.csv",
            format!("Contacts exported 2026-01-01\n\n{CONTACTS}").into_bytes(),
        ),
        ("mac.csv", CONTACTS.replace('\n', "\r").into_bytes()),
        (
            "wide.json",
            utf16(
                "\u{feff}[{\"name\":\"Zoë\",\"phone\":\"+919876543210\",\"tags\":[\"a\"]},{\"phone\":{\"x\":[1]}}]",
            ),
        ),
    ];
    cases.map(|(name, bytes)| (name.to_owned(), bytes))
}

/// Bytes that mean something somewhere.
const SPECIAL: [u8; 20] = *b"\"',;|\t\r\n\0{}[]:\\=\xff\xfe\xef\x81";

fn mutated(original: &[u8], luck: &mut fastrand::Rng) -> Vec<u8> {
    let mut bytes = original.to_vec();
    if luck.u8(..3) == 0 {
        bytes.truncate(luck.usize(..=original.len()));
    }
    for _ in 0..luck.usize(0..6) {
        let at = luck.usize(..=bytes.len());
        let special = SPECIAL[luck.usize(..SPECIAL.len())];
        match (luck.u8(..5), bytes.get_mut(at)) {
            (0, Some(byte)) => *byte = luck.u8(..),
            (1, Some(byte)) => *byte = special,
            (2, Some(_)) => drop(bytes.remove(at)),
            (3, _) => {
                let piece = original[luck.usize(..original.len())..].to_vec();
                bytes.splice(at..at, piece);
            }
            _ => bytes.insert(at, special),
        }
    }
    bytes
}

/// Reads and maps it; every record has one answer, at a place behind the last.
fn check(name: &str, bytes: Vec<u8>, header: HeaderRow) {
    let size = bytes.len() as u64;
    let options = ReadOptions {
        header,
        ..ReadOptions::default()
    };
    let (records, _) = drain(open_as(name, bytes, &options));
    let mapping = mapping::Options::default();
    let mut mapper = Mapper::new(&mapping);
    for record in &records {
        assert!(record.bytes <= size && record.place.row > 0);
        if let Ok(plan) = mapper.plan(record.place.input, &record.header) {
            plan.apply(record.clone().shared().get(), &mapping);
        }
    }
    assert!(
        records
            .windows(2)
            .all(|pair| pair[0].place.row < pair[1].place.row)
    );
}

fn check_mutations(of_each: usize) {
    for (name, original) in originals() {
        let mut luck = fastrand::Rng::with_seed(original.len() as u64);
        for turn in 0..of_each {
            let header = if turn % 4 == 0 {
                HeaderRow::None
            } else {
                HeaderRow::First
            };
            check(&name, mutated(&original, &mut luck), header);
        }
    }
}

#[test]
fn damaged_inputs_have_an_answer() {
    check_mutations(200);
}

#[test]
#[ignore = "takes minutes"]
fn very_many_damaged_inputs_have_an_answer() {
    check_mutations(10_000);
}

#[test]
fn every_beginning_of_an_input_has_an_answer() {
    for (name, original) in originals() {
        let step = original.len().div_ceil(200).max(1);
        for end in (0..original.len()).step_by(step) {
            check(&name, original[..end].to_vec(), HeaderRow::First);
        }
    }
}
