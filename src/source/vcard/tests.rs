//! vCards, as a user meets them.

use proptest::prelude::*;

use super::super::tests::{drain, drain_small, error_text, open_bytes, records, shown};
use super::super::{Format, Options, SourceError};
use super::*;
use crate::record::RAW_KEY;

const ANDROID: &[u8] = include_bytes!(concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/fixtures/vcard/android-2.1.vcf"
));
const APPLE: &[u8] = include_bytes!(concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/fixtures/vcard/apple-3.0.vcf"
));
const RFC: &[u8] = include_bytes!(concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/fixtures/vcard/rfc-4.0.vcf"
));
const FIXTURES: [&[u8]; 3] = [ANDROID, APPLE, RFC];

/// A cell of a record by its column; `-` where it is absent.
fn cell(record: &Record, column: &str) -> String {
    let at = card::COLUMNS.iter().position(|name| *name == column);
    shown(record)[at.unwrap()].clone()
}

/// What a card of these lines has in a column.
fn said(lines: &str, column: &str) -> String {
    let text = format!("BEGIN:VCARD\n{lines}\nEND:VCARD\n");
    let all = records("a.vcf", text);
    assert_eq!(all.len(), 1, "{lines}");
    assert_eq!(all[0].flaw, None, "{lines}");
    cell(&all[0], column)
}

/// Each record as its number, its name and what is wrong with it.
fn told(bytes: impl Into<Vec<u8>>) -> Vec<String> {
    let show = |record: &Record| match &record.flaw {
        None => format!("{} {}", record.place.row, cell(record, "FN")),
        Some(Flaw::BadCard { words }) => format!("{} broken: {words}", record.place.row),
        Some(flaw) => format!("{} {flaw:?}", record.place.row),
    };
    records("a.vcf", bytes).iter().map(show).collect()
}

fn card(name: &str) -> String {
    format!("BEGIN:VCARD\nFN:{name}\nTEL:+919876543210\nEND:VCARD\n")
}

#[test]
fn an_android_export_is_read() {
    let all = records("a.vcf", ANDROID);
    assert_eq!(all.len(), 3);
    let first = &all[0];
    assert_eq!(cell(first, "FN"), "आशा कुमारी राव");
    assert_eq!(cell(first, "Given Name"), "आशा");
    assert_eq!(cell(first, "Additional Name"), "कुमारी");
    assert_eq!(cell(first, "Family Name"), "राव");
    assert_eq!(cell(first, "TEL"), "+91 98765 43210+022-2345-6789");
    assert!(cell(first, "NOTE").contains("END:VCARD"));
    assert_eq!(cell(&all[1], "TEL"), "+91-98765-43211");
    assert_eq!(cell(&all[2], "TEL"), "-");
    assert!(all.iter().all(|record| record.flaw.is_none()));
}

#[test]
fn an_apple_export_is_read_with_the_labels_of_its_groups() {
    let all = records("a.vcf", APPLE);
    let only = &all[0];
    assert_eq!(cell(only, "FN"), "Ana María Muñoz");
    assert_eq!(cell(only, "TEL"), "+34 612 345 678++34 623 456 789");
    assert_eq!(cell(only, "FAX"), "+34 912 345 678");
    assert_eq!(cell(only, "EMAIL"), "ana@example.com+ana.work@example.com");
    assert_eq!(cell(only, "CATEGORIES"), "VIP+Flores, S.L.");
    assert_eq!(cell(only, "ORG"), "Flores, S.L., Ventas");
    assert_eq!(cell(only, "ADR"), "Calle Mayor 1, Madrid, 28013, España");
    assert_eq!(cell(only, "BDAY"), "1990-04-01");
    assert_eq!(cell(only, "NOTE"), "línea uno\nlínea dos, con coma");
}

#[test]
fn a_card_of_version_4_is_read() {
    let all = records("a.vcf", RFC);
    let only = &all[0];
    assert_eq!(cell(only, "FN"), "Zoë van der Berg");
    assert_eq!(
        cell(only, "TEL"),
        "tel:+31-6-12345678+tel:+31-20-765-4321+tel:+31-20-123-4567;ext=102"
    );
    assert_eq!(cell(only, "EMAIL"), "zoe@example.com+work@example.com");
    assert_eq!(cell(only, "CATEGORIES"), "friends+Amsterdam");
    assert_eq!(cell(only, "BDAY"), "--02-03");
}

#[test]
fn phones_are_tried_with_the_cell_first_then_the_preferred_then_the_rest() {
    let cases = [
        ("TEL;HOME:1\nTEL;CELL:2", "2+1"),
        (
            "TEL;TYPE=home:1\nTEL;TYPE=work,pref:2\nTEL;TYPE=\"cell,voice\":3",
            "3+2+1",
        ),
        ("TEL;TYPE=fax,pref:1\nTEL;PAGER:2\nTEL:3", "3"),
        (
            "TEL;TYPE=WORK,FAX:1\nb.TEL:2\nb.X-ABLabel:_$!<WorkFAX>!$_",
            "-",
        ),
        ("TEL;PREF=3:1\nTEL;PREF=1:2\nTEL:3\nTEL;PREF=x:4", "2+4+1+3"),
        ("TEL;CELL:1\nTEL;CELL;PREF:2", "2+1"),
        ("TEL;CELL:1\na.TEL:2\na.X-ABLABEL:My WhatsApp", "2+1"),
        ("TEL:1\nb.TEL:2\nb.X-ABLabel:_$!<Mobile>!$_", "2+1"),
        ("TEL;TYPE=X-WhatsApp:1\nTEL;CELL:2", "1+2"),
        ("TEL:\nTEL: \nTEL:1", "1"),
        ("tel;type=cell:1", "1"),
    ];
    for (lines, phones) in cases {
        assert_eq!(said(lines, "TEL"), phones, "{lines}");
    }
}

#[test]
fn a_fax_is_kept_and_is_no_phone() {
    let lines = "TEL;TYPE=fax,pref:1\nTEL;PAGER:2\nTEL:3";
    assert_eq!(said(lines, "FAX"), "1+2");
}

#[test]
fn what_only_sounds_like_a_fax_is_a_phone() {
    assert_eq!(said("b.TEL:1\nb.X-ABLabel:Halifax office", "TEL"), "1");
    assert_eq!(said("TEL;WORK;VOICE;FAX:1", "TEL"), "1");
}

#[test]
fn the_preferred_of_several_names_is_the_name() {
    assert_eq!(said("FN;PREF=2:Second\nFN;PREF=1:First", "FN"), "First");
    assert_eq!(said("FN:\nFN:Asha", "FN"), "Asha");
}

#[test]
fn a_line_may_be_broken_in_every_way() {
    let cases = [
        ("FN:Asha\n  Rao", "Asha Rao"),
        ("FN:As\n\tha", "Asha"),
        ("VERSION:2.1\nFN:Asha\n Rao", "Asha Rao"),
        (
            "FN;ENCODING=QUOTED-PRINTABLE;CHARSET=UTF-8:Ash=C3=\n=A9",
            "Ashé",
        ),
        (
            "FN;QUOTED-PRINTABLE;CHARSET=UTF-8:=41sha=\n Rao",
            "Asha Rao",
        ),
        ("FN;ENCODING=QUOTED-PRINTABLE:Asha=\n\nTEL:1", "Asha"),
        ("FN;ENCODING=QUOTED-PRINTABLE:Asha=", "Asha"),
        ("FN;ENCODING=QUOTED-PRINTABLE:a=\nb: c=3Dd", "ab: c=d"),
        ("FN:Asha\nRao", "Asha Rao"),
    ];
    for (lines, name) in cases {
        for end in ["\n", "\r\n", "\r"] {
            assert_eq!(said(&lines.replace('\n', end), "FN"), name, "{lines:?}");
        }
    }
}

#[test]
fn a_character_that_was_folded_in_its_middle_is_whole_again() {
    let mut bytes = b"BEGIN:VCARD\r\nFN:Zo\xc3\r\n \xab\r\nEND:VCARD\r\n".to_vec();
    assert_eq!(told(bytes.clone()), ["1 Zoë"]);
    bytes.retain(|byte| *byte != b'\n');
    assert_eq!(told(bytes), ["1 Zoë"]);
}

#[test]
fn a_text_is_decoded_by_its_charset() {
    let cases: [(&[u8], &str); 6] = [
        (b"FN;CHARSET=ISO-8859-1:Jos\xe9 = x", "José = x"),
        (
            b"FN;CHARSET=windows-1251;ENCODING=QUOTED-PRINTABLE:=CF=E0=E2=E5=EB",
            "Павел",
        ),
        (b"FN;CHARSET=windows-1251:\xcf\xe0\xe2\xe5\xeb", "Павел"),
        (b"FN;ENCODING=QUOTED-PRINTABLE:Jos=C3=A9", "José"),
        (b"FN;ENCODING=QUOTED-PRINTABLE:Jos=E9", "José"),
        (b"FN;ENCODING=BASE64;CHARSET=UTF-8:Sm9zw6k=", "José"),
    ];
    for (line, name) in cases {
        let bytes = [b"BEGIN:VCARD\n", line, b"\nEND:VCARD\n"].concat();
        assert_eq!(told(bytes), [format!("1 {name}")], "{line:?}");
    }
}

#[test]
fn bytes_without_a_charset_cost_their_card_only() {
    let mut bytes = b"BEGIN:VCARD\nFN:Jos\xe9\nEND:VCARD\n".to_vec();
    bytes.extend(card("Ann").bytes());
    let all = records("a.vcf", bytes);
    let column = Some("FN".to_owned());
    assert_eq!(all[0].flaw, Some(Flaw::BadEncoding { column }));
    assert_eq!(cell(&all[1], "FN"), "Ann");
}

#[test]
fn a_file_in_utf_16_is_read() {
    let text = format!("\u{feff}{}", card("Zoë 😀"));
    let little: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let big: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
    assert_eq!(told(little), ["1 Zoë 😀"]);
    assert_eq!(told(big), ["1 Zoë 😀"]);
}

#[test]
fn what_begins_as_a_card_is_one_whatever_its_name() {
    for name in ["a.csv", "a.txt", "a.json", "a.vcf", "stdin"] {
        for start in ["", "\u{feff}", "\r\n\r\n", "  \t", "\u{feff}\n "] {
            let text = format!(
                "{start}{}",
                card("Ann").replace("BEGIN:VCARD", "Begin:vCard")
            );
            let opened = open_bytes(name, text).unwrap();
            assert_eq!(opened.format, Format::Vcard, "{name} {start:?}");
        }
    }
}

#[test]
fn a_broken_card_costs_itself_only_and_keeps_its_text() {
    let (ann, bob) = (card("Ann"), card("Bob"));
    let cut = ann.replace("END:VCARD\n", "");
    let headless = ann.replace("BEGIN:VCARD\n", "");
    let cases = [
        (
            format!("{cut}{bob}"),
            vec![format!("1 broken: {NO_END}"), "2 Bob".into()],
        ),
        (
            format!("{ann}{cut}"),
            vec!["1 Ann".into(), format!("2 broken: {NO_END}")],
        ),
        (
            format!("{ann}{headless}{bob}"),
            vec![
                "1 Ann".into(),
                format!("2 broken: {NO_BEGIN}"),
                "3 Bob".into(),
            ],
        ),
        (
            format!("{ann}hello\n\nworld\n{bob}"),
            vec![
                "1 Ann".into(),
                format!("2 broken: {OUTSIDE}"),
                "3 Bob".into(),
            ],
        ),
        (
            format!("{ann}END:VCARD\n{bob}"),
            vec![
                "1 Ann".into(),
                format!("2 broken: {NO_BEGIN}"),
                "3 Bob".into(),
            ],
        ),
        (format!("{ann}\u{1a}"), vec!["1 Ann".into()]),
        (
            format!("{ann}\u{feff}{bob}"),
            vec!["1 Ann".into(), "2 Bob".into()],
        ),
        (ann.trim_end().to_owned(), vec!["1 Ann".into()]),
        ("BEGIN:VCARD\nEND:VCARD\n".to_owned(), vec!["1 -".into()]),
    ];
    for (text, expected) in cases {
        assert_eq!(told(text.clone()), expected, "{text}");
    }
    let broken = &records("a.vcf", format!("{cut}{bob}"))[0];
    assert_eq!(cell(broken, RAW_KEY), cut);
    assert_eq!(cell(broken, "TEL"), "-");
}

#[test]
fn the_card_of_an_agent_is_not_the_contact() {
    let nested = |inner: &str| {
        format!(
            "BEGIN:VCARD\nFN:Boss\nAGENT:\n{inner}TEL:1\nEND:VCARD\n{}",
            card("Next")
        )
    };
    let agent =
        "BEGIN:VCARD\nFN:Agent\nTEL:2\nAGENT:\nBEGIN:VCARD\nFN:Third\nEND:VCARD\nEND:VCARD\n";
    assert_eq!(told(nested(agent)), ["1 Boss", "2 Next"]);
    assert_eq!(cell(&records("a.vcf", nested(agent))[0], "TEL"), "1");
    let inline = "FN:Boss\nAGENT:BEGIN:VCARD\\nFN:Agent\\nTEL:2\\nEND:VCARD\\n\nTEL:1";
    assert_eq!(said(inline, "TEL"), "1");
}

#[test]
fn an_agent_that_never_ends_does_not_swallow_the_next_cards() {
    let text = format!(
        "BEGIN:VCARD\nFN:Boss\nAGENT:\nBEGIN:VCARD\nFN:Agent\n{}{}",
        card("Ann"),
        card("Bob")
    );
    assert_eq!(
        told(text),
        [
            format!("1 broken: {NO_END}"),
            "2 Ann".into(),
            "3 Bob".into()
        ]
    );
}

#[test]
fn a_file_without_a_card_is_an_error() {
    let open = |text: &'static str| {
        let reader = Box::new(text.as_bytes());
        let opened = super::super::open_reader(
            "a.csv",
            reader,
            InputId(0),
            &Options {
                format: Some(Format::Vcard),
                ..Options::default()
            },
        );
        drain(opened)
    };
    for text in ["name,phone\n", "BEGIN:VCALENDAR\n", "x"] {
        let (records, error) = open(text);
        assert!(records.is_empty(), "{text}");
        assert!(
            matches!(error, Some(SourceError::NoCard)),
            "{text}: {error:?}"
        );
    }
    assert_eq!(error_text("a.vcf", card("Ann")), "");
}

#[test]
fn a_picture_of_any_size_is_passed_over() {
    for head in [
        "PHOTO:data:image/png;base64,",
        "PHOTO;ENCODING=b:",
        "LOGO;BASE64:\n",
        "item1.KEY:",
        "SOUND:",
    ] {
        let line = "A".repeat(76);
        let folded = format!("\n {line}").repeat(20_000);
        let bare = format!("\n{line}").repeat(20_000);
        let long = "A".repeat(1_500_000);
        for data in [folded, bare, long] {
            assert_eq!(
                said(&format!("{head}{data}\nFN:Ann"), "FN"),
                "Ann",
                "{head}"
            );
        }
    }
}

#[test]
fn what_is_too_large_costs_its_card_only() {
    let long = "x".repeat(1_100_000);
    let text = |inner: String| format!("BEGIN:VCARD\nTEL:1\n{inner}END:VCARD\n{}", card("Bob"));
    let notes = text(format!("NOTE:{}\n", "x".repeat(900_000)).repeat(5));
    assert_eq!(
        told(notes),
        [format!("1 broken: {TOO_LARGE}"), "2 Bob".into()]
    );
    let many = text("TEL:1\n".repeat(PROPERTY_LIMIT));
    assert_eq!(
        told(many),
        [format!("1 broken: {TOO_MANY}"), "2 Bob".into()]
    );
    for note in [
        format!("NOTE:{long}\n"),
        format!(
            "NOTE:x\n{}",
            format!(" {}\n", "x".repeat(70)).repeat(16_000)
        ),
    ] {
        let all = records("a.vcf", text(note));
        let column = Some("NOTE".to_owned());
        assert_eq!(all[0].flaw, Some(Flaw::CellTooLarge { column }));
        assert_eq!(cell(&all[1], "FN"), "Bob");
    }
}

/// So many fixtures, each cut short or with bytes changed; all of it repeats for one seed.
fn hostile(count: u64) {
    let mut dice = fastrand::Rng::with_seed(7);
    for number in 0..count {
        let original = FIXTURES[(number % 3) as usize];
        let mut bytes = original.to_vec();
        if dice.bool() {
            bytes.truncate(dice.usize(..bytes.len()));
        }
        for _ in 0..dice.usize(..12) {
            mutate(&mut bytes, &mut dice);
        }
        let lines = bytes.split(|byte| matches!(byte, b'\r' | b'\n'));
        let begun = lines.filter(|line| kind(line) == Kind::Begin).count();
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let (records, _) = drain_small(Format::Vcard, bytes, vec![64], 64);
        // No card is lost; what stands between cards is a record of its own.
        assert!(records.len() >= begun, "{text}");
        assert!(
            records
                .iter()
                .all(|record| record.cells.len() == card::COLUMNS.len()),
            "{text}"
        );
    }
}

fn mutate(bytes: &mut Vec<u8>, dice: &mut fastrand::Rng) {
    const PIECES: [&[u8]; 14] = [
        b"\r",
        b"\n",
        b"\r\n ",
        b"=",
        b"=\n",
        b";",
        b":",
        b"\"",
        b"\\",
        b",",
        b"\0",
        b"\xff",
        b"BEGIN:VCARD\n",
        b"END:VCARD\n",
    ];
    let at = dice.usize(..=bytes.len());
    let end = (at + dice.usize(..4)).min(bytes.len());
    let piece = PIECES[dice.usize(..PIECES.len())];
    bytes.splice(at..end, piece.iter().copied());
}

/// As UTF-16, cut short or shifted by a byte anywhere: records to its end, or no text at all.
fn hostile_wide(count: u64) {
    let mut dice = fastrand::Rng::with_seed(8);
    for number in 0..count {
        let text = String::from_utf8_lossy(FIXTURES[(number % 3) as usize]);
        let unit = [u16::to_le_bytes, u16::to_be_bytes][dice.usize(..2)];
        let mut bytes: Vec<u8> = text.encode_utf16().flat_map(unit).collect();
        bytes.truncate(dice.usize(64..bytes.len()));
        let at = dice.usize(64..=bytes.len());
        bytes.splice(at..at, (0..dice.usize(..4)).map(|_| dice.u8(..)));
        let (records, error) = drain(open_bytes("a.vcf", bytes));
        assert_eq!(records.is_empty(), error.is_some(), "{error:?}");
    }
}

#[test]
fn hostile_cards_end_in_records() {
    hostile_wide(200);
    hostile(200);
}

#[test]
#[ignore = "takes seconds, and adds nothing day by day"]
fn ten_thousand_hostile_cards_end_in_records() {
    hostile_wide(10_000);
    hostile(10_000);
}

proptest! {
    #[test]
    fn a_name_comes_back_however_it_is_written(name in "[\\PC&&[^\u{fffd}\u{feff}]]{1,60}", width in 20..76_usize) {
        let name = name.trim().to_owned();
        prop_assume!(!name.is_empty());
        for line in [escaped(&name), quoted_printable(&name, width)] {
            prop_assert_eq!(said(&line, "FN"), name.as_str(), "{}", line);
        }
        let folded = folded(&escaped(&name), width);
        let all = records("a.vcf", [b"BEGIN:VCARD\r\n".as_slice(), &folded, b"\r\nEND:VCARD"].concat());
        prop_assert_eq!(cell(&all[0], "FN"), name);
    }
}

fn escaped(name: &str) -> String {
    format!("FN:{}", name.replace('\\', "\\\\"))
}

/// Folded at bytes, as RFC 2425 does it, through characters too.
fn folded(line: &str, width: usize) -> Vec<u8> {
    let lines: Vec<&[u8]> = line.as_bytes().chunks(width).collect();
    lines.join(b"\r\n ".as_slice())
}

fn quoted_printable(name: &str, width: usize) -> String {
    let mut text = "FN;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:".to_owned();
    for (index, byte) in name.bytes().enumerate() {
        if index % width == width - 1 {
            text.push_str("=\n");
        }
        text.push_str(&format!("={byte:02X}"));
    }
    text
}
