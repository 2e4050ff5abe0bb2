//! What every source promises, whatever the format; and what the tests of the formats share.

use std::io::{self, Write};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use proptest::prelude::*;

use super::*;
use crate::record::{CellValue, DraftRecord};

mod dialects;
mod hostile;

/// Gives its bytes in pieces of the sizes, over and over.
pub(super) struct Pieces {
    bytes: Vec<u8>,
    at: usize,
    sizes: Vec<usize>,
    turn: usize,
}

impl Pieces {
    pub(super) fn new(bytes: impl Into<Vec<u8>>, sizes: Vec<usize>) -> Pieces {
        Pieces {
            bytes: bytes.into(),
            at: 0,
            sizes,
            turn: 0,
        }
    }
}

impl Read for Pieces {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let size = self.sizes[self.turn % self.sizes.len()];
        self.turn += 1;
        let count = size.min(buffer.len()).min(self.bytes.len() - self.at);
        buffer[..count].copy_from_slice(&self.bytes[self.at..self.at + count]);
        self.at += count;
        Ok(count)
    }
}

/// A beginning, then one text over and over; counts the bytes that are taken.
pub(super) struct Endless {
    start: Vec<u8>,
    repeated: Vec<u8>,
    taken: Arc<AtomicU64>,
}

impl Endless {
    pub(super) fn new(start: &str, repeated: &str) -> (Endless, Arc<AtomicU64>) {
        let taken = Arc::new(AtomicU64::new(0));
        let endless = Endless {
            start: start.into(),
            repeated: repeated.into(),
            taken: Arc::clone(&taken),
        };
        (endless, taken)
    }
}

impl Read for Endless {
    fn read(&mut self, mut buffer: &mut [u8]) -> io::Result<usize> {
        let count = if self.start.is_empty() {
            buffer.write(&self.repeated)?
        } else {
            let count = buffer.write(&self.start)?;
            self.start.drain(..count);
            count
        };
        self.taken.fetch_add(count as u64, Ordering::Relaxed);
        Ok(count)
    }
}

/// The formats that are read from the start to the end.
const TEXTS: [Format; 5] = [
    Format::Csv,
    Format::Tsv,
    Format::Json,
    Format::Ndjson,
    Format::Vcard,
];

pub(super) fn open_bytes(name: &str, bytes: impl Into<Vec<u8>>) -> Result<OpenInput, SourceError> {
    open_as(name, bytes, &ReadOptions::default())
}

pub(super) fn open_as(
    name: &str,
    bytes: impl Into<Vec<u8>>,
    options: &ReadOptions,
) -> Result<OpenInput, SourceError> {
    let reader = Box::new(io::Cursor::new(bytes.into()));
    open_reader(name, reader, InputId(0), options)
}

/// A table under a header, of this delimiter.
fn dialect(delimiter: Delimiter) -> csv::Dialect {
    csv::Dialect {
        delimiter,
        escape: Escape::None,
        quote: b'"',
        skips_spaces: false,
        certainty: csv::Certainty::Found,
        above: 0,
        heading: csv::ColumnNaming::Named,
    }
}

/// All records, and what ended them if it was not the end.
pub(super) fn drain(
    opened: Result<OpenInput, SourceError>,
) -> (Vec<DraftRecord>, Option<SourceError>) {
    let mut records = Vec::new();
    let mut opened = match opened {
        Ok(opened) => opened,
        Err(error) => return (records, Some(error)),
    };
    loop {
        match opened.next() {
            Ok(Some(record)) => records.push(record),
            Ok(None) => return (records, None),
            Err(error) => return (records, Some(error)),
        }
    }
}

/// All records of an input that is read to its end.
pub(super) fn records(name: &str, bytes: impl Into<Vec<u8>>) -> Vec<DraftRecord> {
    let (records, error) = drain(open_bytes(name, bytes));
    assert!(error.is_none(), "{error:?}");
    records
}

/// Cells as a test writes them; `-` is absent.
pub(super) fn shown(record: &DraftRecord) -> Vec<String> {
    let show = |cell: &CellValue| match cell {
        CellValue::Text(text) => text.clone(),
        CellValue::List(texts) => texts.join("+"),
        CellValue::Faulty(fault, text) => format!("{fault:?} {text}"),
        CellValue::Absent => "-".to_owned(),
    };
    record.cells.iter().map(show).collect()
}

/// Reads in pieces of the sizes through a buffer of `capacity`, so that both end anywhere; no guess is made.
pub(super) fn drain_small(
    format: Format,
    bytes: impl Into<Vec<u8>>,
    sizes: Vec<usize>,
    capacity: usize,
) -> (Vec<DraftRecord>, Option<SourceError>) {
    let mut feed = Feed::with_capacity(Box::new(Pieces::new(bytes, sizes)), capacity);
    feed.drop_marks();
    let id = InputId(0);
    let records = match format {
        Format::Csv => csv::CsvTable::open(feed, id, &dialect(Delimiter::COMMA))
            .map(|table| RecordReader::Table(Box::new(table))),
        Format::Tsv => csv::CsvTable::open(feed, id, &dialect(Delimiter::TAB))
            .map(|table| RecordReader::Table(Box::new(table))),
        Format::Json => {
            start_json(feed, id, format, &ReadOptions::default(), None).map(|opened| opened.records)
        }
        Format::Ndjson => Ok(RecordReader::Lines(Box::new(ndjson::NdjsonLines::open(
            feed, id,
        )))),
        Format::Vcard => Ok(RecordReader::Cards(Box::new(vcard::Cards::open(
            feed,
            id,
            vcard::Charsets::default(),
        )))),
        Format::Xlsx => unreachable!("a workbook is not read from a feed"),
    };
    let opened = |records| OpenInput::new(Shape::Objects, records);
    drain(records.map(opened))
}

/// How an input is read.
pub(super) fn format(opened: &OpenInput) -> Format {
    match (&opened.records, &opened.shape) {
        (RecordReader::Table(_), Shape::Table { delimiter, .. }) if *delimiter == b'\t' => {
            Format::Tsv
        }
        (RecordReader::Table(_), _) => Format::Csv,
        (RecordReader::Documents(_), _) => Format::Json,
        (RecordReader::Lines(_), _) => Format::Ndjson,
        (RecordReader::Cards(_), _) => Format::Vcard,
        (RecordReader::Sheet(_), _) => Format::Xlsx,
        (RecordReader::Over, _) => panic!("it is read to its end"),
    }
}

pub(super) fn error_text(name: &str, bytes: impl Into<Vec<u8>>) -> String {
    drain(open_bytes(name, bytes))
        .1
        .map(|error| error.to_string())
        .unwrap_or_default()
}

#[test]
fn formats_are_named_as_on_the_command_line() {
    for format in Format::ALL {
        assert_eq!(format.as_str().parse(), Ok(format));
    }
    assert_eq!("NDJSON".parse(), Ok(Format::Ndjson));
    let error = "xml".parse::<Format>().unwrap_err();
    assert_eq!(
        error.to_string(),
        "unknown format \"xml\": csv, tsv, json, ndjson, xlsx or vcard"
    );
}

#[test]
fn an_input_is_called_by_its_path_and_its_rejects_by_its_stem() {
    let file = Input::file("exports/contacts.v2.csv");
    assert_eq!(
        (file.name().as_str(), file.stem().as_str()),
        ("exports/contacts.v2.csv", "contacts.v2")
    );
    assert_eq!(
        (
            Input::stdin().name().as_str(),
            Input::stdin().stem().as_str()
        ),
        ("stdin", "stdin")
    );
    let stems = ["contacts.csv.gz", "a/contacts.TSV.zst", "contacts.gz"];
    for path in stems {
        assert_eq!(Input::file(path).stem(), "contacts");
    }
}

#[test]
fn a_file_is_read_and_its_size_known() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("contacts.csv");
    std::fs::write(&path, "name,phone\nAnn,1\n").unwrap();
    let mut opened = open(&Input::file(&path), InputId(3), &ReadOptions::default()).unwrap();
    assert_eq!((format(&opened), opened.size), (Format::Csv, Some(17)));
    let record = opened.next().unwrap().unwrap();
    assert_eq!(
        (record.place, record.bytes),
        (
            crate::record::Place {
                input: InputId(3),
                row: 2
            },
            17
        )
    );
    assert_eq!(opened.next().unwrap(), None);
}

#[test]
fn what_cannot_be_opened_is_reported_in_words() {
    let folder = tempfile::tempdir().unwrap();
    let text = |path: &Path| {
        open(&Input::file(path), InputId(0), &ReadOptions::default())
            .err()
            .unwrap()
            .to_string()
    };
    assert_eq!(
        text(folder.path()),
        "this is a directory: name the files in it"
    );
    assert_eq!(
        text(&folder.path().join("none.csv")),
        "there is no such file: check its name"
    );
}

#[cfg(windows)]
#[test]
fn what_excel_shows_is_read_where_it_lets_others_and_else_the_user_is_told_to_close_it() {
    use std::os::windows::fs::OpenOptionsExt;
    /// `FILE_SHARE_READ`: others may read.
    const READ: u32 = 1;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("contacts.csv");
    std::fs::write(&path, "name,phone\nAnn,1\n").unwrap();
    let reading = |share| {
        let mut excel = std::fs::OpenOptions::new();
        let _shown = excel.read(true).share_mode(share).open(&path).unwrap();
        open(&Input::file(&path), InputId(0), &ReadOptions::default()).map(drop)
    };
    assert!(reading(READ).is_ok());
    assert_eq!(
        reading(0).unwrap_err().to_string(),
        "it is open in another program: close it in Excel, then run again"
    );
}

#[test]
fn an_input_with_nothing_in_it_is_empty_in_every_format() {
    for name in ["a.csv", "a.tsv", "a.json", "a.ndjson", "stdin"] {
        for bytes in ["", "\u{feff}", " \r\n\n ", "\u{feff}\n"] {
            assert!(
                matches!(open_bytes(name, bytes).err(), Some(SourceError::Empty)),
                "{name} {bytes:?}"
            );
        }
    }
    assert!(matches!(
        open_bytes("a.csv", ",,,\n\"\"\n").err(),
        Some(SourceError::Empty)
    ));
}

#[test]
fn bytes_that_are_not_text_are_refused_in_words() {
    let noise: Vec<u8> = (0..=255).cycle().take(2_000).collect();
    assert!(error_text("contacts.csv", noise).starts_with("this is no text"));
}

#[test]
fn compressed_text_and_cards_go_through_the_same_layers() {
    let packed = |bytes: &[u8]| {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    };
    let opened = open_bytes("a.csv.gz", packed(b"name;phone\nJos\xe9;1\n")).unwrap();
    let options = "read with --delimiter semicolon --encoding windows-1252";
    assert_eq!(opened.assumed.lines(), [options]);
    assert_eq!(shown(&drain(Ok(opened)).0[0]), ["José", "1"]);
    let cards = packed(b"BEGIN:VCARD\nFN:Ann\nTEL:1\nEND:VCARD\n");
    assert_eq!(format(&open_bytes("a.gz", cards).unwrap()), Format::Vcard);
}

#[test]
fn a_named_format_beats_name_and_content() {
    let read = |format| {
        let bytes = b"{\"a\":1}\n{\"a\":2}\n".as_slice();
        let options = ReadOptions {
            format: Some(format),
            ..ReadOptions::default()
        };
        super::tests::format(&open_as("a.csv", bytes, &options).unwrap())
    };
    for format in TEXTS {
        assert_eq!(read(format), format);
    }
}

#[test]
fn after_an_error_there_is_nothing_more() {
    for (name, bytes) in [
        ("a.csv", "a\n1\n\"2\n3\n"),
        ("a.json", "[{\"a\":1},{\"a\" 2},{\"a\":3}]"),
    ] {
        let mut opened = open_bytes(name, bytes).unwrap();
        assert!(opened.next().unwrap().is_some());
        assert!(opened.next().is_err());
        assert_eq!(opened.next().unwrap(), None);
        assert_eq!(opened.next().unwrap(), None);
    }
}

struct Breaking(Option<Vec<u8>>);

impl Read for Breaking {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let bytes = self
            .0
            .take()
            .ok_or_else(|| io::Error::from(io::ErrorKind::TimedOut))?;
        buffer[..bytes.len()].copy_from_slice(&bytes);
        Ok(bytes.len())
    }
}

#[test]
fn rows_before_a_read_error_are_yielded() {
    for (name, bytes) in [
        ("a.csv", "name\nAnn\nBob"),
        ("a.json", "[{\"name\":\"Ann\"},{"),
        ("a.ndjson", "{\"name\":\"Ann\"}\n{"),
    ] {
        let reader = Box::new(Breaking(Some(bytes.into())));
        let (records, error) = drain(open_reader(
            name,
            reader,
            InputId(0),
            &ReadOptions::default(),
        ));
        assert_eq!(
            records.iter().map(shown).collect::<Vec<_>>(),
            [["Ann"]],
            "{name}"
        );
        let error = error.unwrap();
        assert_eq!(error.cause(), Cause::Input);
        assert_eq!(
            error.to_string(),
            "reading broke off (it took too long): run again once it can be read to its end"
        );
    }
}

/// As many Windows programs write text that they call Unicode.
fn utf16(text: &str) -> Vec<u8> {
    text.encode_utf16().flat_map(u16::to_le_bytes).collect()
}

#[test]
fn every_format_is_read_in_utf_16_too() {
    for (name, text) in [
        ("a.txt", "\u{feff}name\tphone\r\nZoë\t1\r\n"),
        ("a.csv", "name,phone\nZoë,1\n"),
        ("a.json", "\u{feff}[{\"name\":\"Zoë\",\"phone\":1}]"),
        ("a.ndjson", "{\"name\":\"Zoë\",\"phone\":1}\r\n"),
    ] {
        let all = records(name, utf16(text));
        assert_eq!(shown(&all[0]), ["Zoë", "1"], "{name}");
        assert_eq!(all.len(), 1);
        let encoding = open_bytes(name, utf16(text)).unwrap().assumed.encoding;
        assert_eq!(encoding, "utf-16le".parse().ok());
    }
}

#[test]
fn a_translated_input_is_refused_in_the_words_of_any_other() {
    assert!(error_text("a.csv", utf16("\u{feff}<!doctype html>")).contains("web page"));
    assert!(error_text("a.csv", utf16("\u{feff}\r\n")).contains("nothing in it"));
}

#[test]
fn progress_through_a_translated_input_is_that_of_its_own_bytes() {
    let text = "name\tphone\n".to_owned() + &"Zoë\t12345\n".repeat(50_000);
    let bytes = utf16(&text);
    let size = bytes.len() as u64;
    let all = records("a.txt", bytes);
    assert!(all.windows(2).all(|pair| pair[0].bytes <= pair[1].bytes));
    assert!(all[25_000].bytes.abs_diff(size / 2) < size / 10);
    assert_eq!(all.last().unwrap().bytes, size);
}

#[test]
fn latin_letters_behind_the_look_are_damage_and_never_wrong_letters() {
    let mut bytes = b"name,phone\n".to_vec();
    bytes.extend(b"Ann,1\n".repeat(50_000));
    bytes.extend(b"Jos\xe9,1\n");
    bytes.extend("José,1\n".as_bytes());
    let all = records("a.csv", bytes);
    let [latin, wide] = &all[50_000..] else {
        panic!("two rows were expected")
    };
    assert_eq!(
        latin.defect,
        Some(crate::record::Defect::BadEncoding {
            column: Some("name".into())
        })
    );
    assert_eq!(
        (shown(wide), &wide.defect),
        (vec!["José".into(), "1".into()], &None)
    );
}

#[test]
fn an_encoding_that_is_named_is_used_and_a_mark_beats_it() {
    let options = ReadOptions {
        encoding: "windows-1251".parse().ok(),
        ..ReadOptions::default()
    };
    let read = |bytes: &[u8]| {
        let opened = open_as("a.csv", bytes, &options).unwrap();
        let assumed = opened.assumed.encoding;
        (shown(&drain(Ok(opened)).0[0]).join(","), assumed)
    };
    assert_eq!(
        read(b"name,phone\n\xc8\xe2\xe0\xed,1\n"),
        ("Иван,1".into(), None)
    );
    let marked = "\u{feff}name,phone\nИван,1\n".as_bytes();
    assert_eq!(read(marked), ("Иван,1".into(), Some(Encoding::UTF_8)));
}

fn hostile_bytes() -> impl Strategy<Value = Vec<u8>> {
    let piece = prop_oneof![
        Just(b"\"".to_vec()),
        Just(b",".to_vec()),
        Just(b"\n".to_vec()),
        Just(b"\r\n".to_vec()),
        Just(b"\r".to_vec()),
        Just(b"[".to_vec()),
        Just(b"{\"a\":".to_vec()),
        Just(b"}".to_vec()),
        Just(b"]".to_vec()),
        Just(b"\\".to_vec()),
        Just(b"1".to_vec()),
        Just(b"\t".to_vec()),
        Just(b"\xef\xbb\xbf".to_vec()),
        Just(b"\xff\xfe".to_vec()),
        Just(b"sep=;".to_vec()),
        Just(b";".to_vec()),
        Just(b"\"bp_row\"".to_vec()),
        Just(b"{\"bp_raw\":\"{}\"}".to_vec()),
        proptest::collection::vec(any::<u8>(), 0..4),
    ];
    proptest::collection::vec(piece, 0..60).prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn any_bytes_end_in_records_or_an_error(bytes in hostile_bytes(), name in "stdin|a\\.(csv|txt|json|ndjson)") {
        drain(open_bytes(&name, bytes));
    }

    #[test]
    fn it_makes_no_difference_how_the_bytes_arrive(
        bytes in hostile_bytes(),
        sizes in proptest::collection::vec(1..40_usize, 1..6),
        capacity in 32..64_usize,
    ) {
        for format in TEXTS {
            let whole = drain_small(format, bytes.clone(), vec![usize::MAX], 64 * 1024);
            let parts = drain_small(format, bytes.clone(), sizes.clone(), capacity);
            prop_assert_eq!(whole.0, parts.0);
            prop_assert_eq!(format!("{:?}", whole.1), format!("{:?}", parts.1));
        }
    }

    #[test]
    fn a_record_has_as_many_cells_as_columns_and_rows_only_grow(bytes in hostile_bytes()) {
        for format in TEXTS {
            let (records, _) = drain_small(format, bytes.clone(), vec![7], 64);
            for record in &records {
                prop_assert!(record.defect.is_some() || record.cells.len() == record.header.names.len());
            }
            prop_assert!(records.windows(2).all(|pair| pair[0].place.row < pair[1].place.row));
            prop_assert!(records.windows(2).all(|pair| pair[0].bytes <= pair[1].bytes));
        }
    }
}

pub(super) fn gzipped(bytes: &[u8]) -> Vec<u8> {
    let mut writer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    writer.write_all(bytes).unwrap();
    writer.finish().unwrap()
}

pub(super) fn zstd_frame(bytes: &[u8]) -> Vec<u8> {
    ruzstd::encoding::compress_to_vec(bytes, ruzstd::encoding::CompressionLevel::Fastest)
}

#[test]
fn compressed_inputs_are_read_whatever_their_name_and_all_members_of_them() {
    let (first, second) = (b"name,phone\nAnn,1\n", b"Bob,2\n");
    let gz = [gzipped(first), gzipped(second)].concat();
    let zst = [zstd_frame(first), zstd_frame(second)].concat();
    for bytes in [gz, zst] {
        for name in ["a.csv", "stdin", "a.csv.gz", "a.csv.zst"] {
            let names: Vec<_> = records(name, bytes.clone()).iter().map(shown).collect();
            assert_eq!(names, [["Ann", "1"], ["Bob", "2"]], "{name}");
        }
    }
    let twice = gzipped(&gzipped(first));
    assert!(error_text("a.csv.gz.gz", twice).contains("compressed twice"));
}

#[test]
fn the_name_inside_of_a_compressed_file_says_the_format() {
    let opened = open_bytes("a.tsv.gz", gzipped(b"name,x\tphone\nAnn\t1\n")).unwrap();
    assert_eq!(format(&opened), Format::Tsv);
}

#[test]
fn a_compressed_file_that_was_cut_gives_its_whole_rows_and_then_broke_off() {
    let rows: String = (0..20_000)
        .map(|row| format!("Ann {row},{}\n", row * 7919))
        .collect();
    let whole = format!("name,phone\n{rows}");
    let zst = zstd_frame(whole.as_bytes());
    for bytes in [gzipped(whole.as_bytes()), zst] {
        let cut = bytes[..bytes.len() * 2 / 3].to_vec();
        let (records, error) = drain(open_bytes("a.csv", cut));
        assert!(
            records.len() > 1_000 && records.len() < 20_000,
            "{}",
            records.len()
        );
        let last = shown(records.last().unwrap());
        assert!(whole.contains(&format!("{},{}\n", last[0], last[1])));
        let error = error.unwrap();
        assert!(matches!(error, SourceError::BrokeOff(_)), "{error:?}");
        assert_eq!(
            error.to_string(),
            "reading broke off (it ends too early): run again once it can be read to its end"
        );
    }
}
