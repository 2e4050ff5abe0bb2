//! Contacts written in dialects drawn by lot, read back unchanged.

use proptest::prelude::*;

use super::*;

/// What a language's contacts are written with, and the encodings that have all of it.
const LANGUAGES: [(&str, &[&str], &[&str]); 5] = [
    (
        "latin",
        &[
            "José",
            "Zoë Müller",
            "Hélène Lefèvre",
            "Søren Ångström",
            "Núñez, Inés",
            "François",
        ],
        &["utf-8", "utf-16le", "utf-16be", "windows-1252"],
    ),
    (
        "japanese",
        &[
            "山田太郎",
            "鈴木花子",
            "佐藤一郎",
            "東京都渋谷区",
            "高橋さくら",
            "渡辺 健",
        ],
        &["utf-8", "utf-16le", "utf-16be", "shift_jis", "euc-jp"],
    ),
    (
        "russian",
        &[
            "Иван Петров",
            "Ольга Смирнова",
            "Дмитрий Соколов",
            "Анна Кузнецова",
            "Москва",
        ],
        &["utf-8", "utf-16le", "utf-16be", "windows-1251"],
    ),
    (
        "greek",
        &[
            "Γιώργος Παπαδόπουλος",
            "Μαρία Νικολάου",
            "Αθήνα",
            "Ελένη Γεωργίου",
        ],
        &["utf-8", "utf-16le", "windows-1253"],
    ),
    (
        "plain",
        &[
            "Ann",
            "Bob \"by\" Lee",
            "two\nlines",
            "O'Brien",
            "a;b,c|d\te",
            "",
            "x",
        ],
        &["utf-8", "utf-16le", "utf-16be", "windows-1252", "shift_jis"],
    ),
];

#[derive(Clone, Debug)]
struct Dialect {
    encoding: &'static str,
    mark: bool,
    delimiter: u8,
    quotes: ::csv::QuoteStyle,
    line_end: ::csv::Terminator,
    declares: bool,
}

fn written(rows: &[[String; 3]], dialect: &Dialect) -> Vec<u8> {
    let mut writer = ::csv::WriterBuilder::new()
        .delimiter(dialect.delimiter)
        .quote_style(dialect.quotes)
        .terminator(dialect.line_end)
        .from_writer(Vec::new());
    writer.write_record(["Name", "Phone", "City"]).unwrap();
    for row in rows {
        writer.write_record(row).unwrap();
    }
    let table = String::from_utf8(writer.into_inner().unwrap()).unwrap();
    let mut text = String::new();
    if dialect.mark {
        text.push('\u{feff}');
    }
    if dialect.declares {
        text.push_str(&format!("sep={}\r\n", char::from(dialect.delimiter)));
    }
    text.push_str(&table);
    encoded(&text, dialect.encoding)
}

fn encoded(text: &str, label: &str) -> Vec<u8> {
    match label {
        "utf-16le" => text.encode_utf16().flat_map(u16::to_le_bytes).collect(),
        "utf-16be" => text.encode_utf16().flat_map(u16::to_be_bytes).collect(),
        _ => {
            let encoding: Encoding = label.parse().unwrap();
            encoding.0.encode(text).0.into_owned()
        }
    }
}

fn dialect() -> impl Strategy<Value = (usize, Dialect)> {
    let language = 0..LANGUAGES.len();
    let encoding = any::<proptest::sample::Index>();
    let delimiter = prop_oneof![Just(b','), Just(b';'), Just(b'\t'), Just(b'|')];
    let quotes = prop_oneof![
        Just(::csv::QuoteStyle::Necessary),
        Just(::csv::QuoteStyle::Always),
        Just(::csv::QuoteStyle::NonNumeric),
    ];
    let line_end = prop_oneof![
        Just(::csv::Terminator::CRLF),
        Just(::csv::Terminator::Any(b'\n')),
        Just(::csv::Terminator::Any(b'\r')),
    ];
    let flags = (any::<bool>(), any::<bool>());
    (language, encoding, delimiter, quotes, line_end, flags).prop_map(
        |(language, encoding, delimiter, quotes, line_end, (mark, declares))| {
            let encoding = *encoding.get(LANGUAGES[language].2);
            let dialect = Dialect {
                encoding,
                mark: mark && encoding.starts_with("utf"),
                delimiter,
                quotes,
                line_end,
                declares,
            };
            (language, dialect)
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]
    #[test]
    fn contacts_in_any_dialect_are_read_back_unchanged(
        (language, dialect) in dialect(),
        picks in proptest::collection::vec(any::<[proptest::sample::Index; 2]>(), 4..30),
        sizes in proptest::collection::vec(1..5_000_usize, 1..4),
    ) {
        let words = LANGUAGES[language].1;
        let row = |(number, [name, city]): (usize, &[proptest::sample::Index; 2])| {
            [(*name.get(words)).to_owned(), format!("+9198765{number:05}"), (*city.get(words)).to_owned()]
        };
        let rows: Vec<[String; 3]> = picks.iter().enumerate().map(row).collect();
        let reader = Box::new(Pieces::new(written(&rows, &dialect), sizes));
        let (read, error) = drain(open_reader("stdin", reader, InputId(0), &ReadOptions::default()));
        prop_assert!(error.is_none(), "{:?}", error);
        prop_assert!(read.iter().all(|record| record.defect.is_none()));
        let cells: Vec<Vec<String>> = read.iter().map(shown).collect();
        prop_assert_eq!(&cells, &rows.iter().map(|row| row.to_vec()).collect::<Vec<_>>());
        let first = 2 + u64::from(dialect.declares);
        let numbers: Vec<u64> = read.iter().map(|record| record.place.row).collect();
        prop_assert_eq!(numbers, (first..first + rows.len() as u64).collect::<Vec<_>>());
    }
}

#[test]
fn what_was_assumed_reads_the_same_when_it_is_an_option() {
    for delimiter in [b',', b';', b'\t', b'|'] {
        for (encoding, name) in [
            ("windows-1252", "José"),
            ("shift_jis", "山田太郎"),
            ("utf-16be", "Zoë"),
        ] {
            let dialect = Dialect {
                encoding,
                mark: false,
                delimiter,
                quotes: ::csv::QuoteStyle::Necessary,
                line_end: ::csv::Terminator::CRLF,
                declares: false,
            };
            let rows = [[name.to_owned(), "+919876543210".to_owned(), name.to_owned()]];
            let bytes = written(&rows, &dialect);
            let guessed = open_bytes("stdin", bytes.clone()).unwrap();
            let options = ReadOptions {
                encoding: guessed.assumed.encoding,
                delimiter: guessed.assumed.delimiter,
                ..ReadOptions::default()
            };
            let named = open_as("stdin", bytes, &options).unwrap();
            assert_eq!(named.assumed, Assumed::default());
            assert_eq!(drain(Ok(named)).0, drain(Ok(guessed)).0);
        }
    }
}
