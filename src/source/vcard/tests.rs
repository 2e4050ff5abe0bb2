//! vCards, as a user meets them.

use proptest::prelude::*;

use super::super::tests::{
    drain, drain_small, error_text, format, open_as, open_bytes, records, shown,
};
use super::super::{Format, ReadOptions, SourceError};
use super::builder::PROPERTY_LIMIT;
use super::card_row::{ANOTHER, AROUND, NO_END, OUTSIDE, TOO_LARGE, TOO_MANY};
use super::*;
use crate::record::DraftRecord;
use crate::rejects::RAW;

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
fn cell(record: &DraftRecord, column: &str) -> String {
    let at = card::COLUMNS.iter().position(|name| *name == column);
    shown(record)[at.unwrap()].clone()
}

/// What a card of these lines has in a column.
fn cell_of(lines: &str, column: &str) -> String {
    let text = format!("BEGIN:VCARD\n{lines}\nEND:VCARD\n");
    let all = records("a.vcf", text);
    assert_eq!(all.len(), 1, "{lines}");
    assert_eq!(all[0].defect, None, "{lines}");
    cell(&all[0], column)
}

/// Each record as its number, its name and what is wrong with it.
fn names_of(bytes: impl Into<Vec<u8>>) -> Vec<String> {
    let show = |record: &DraftRecord| match &record.defect {
        None => format!("{} {}", record.place.row, cell(record, "FN")),
        Some(Defect::BadCard { words }) => format!("{} broken: {words}", record.place.row),
        Some(defect) => format!("{} {defect:?}", record.place.row),
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
    assert!(all.iter().all(|record| record.defect.is_none()));
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
fn categories_are_separated_by_semicolons_too_before_version_4() {
    for (version, value, expected) in [
        ("2.1", "VIP;Gold", "VIP+Gold"),
        ("2.1", "VIP,Gold;New", "VIP+Gold+New"),
        ("2.1", "VIP\\;Gold;New", "VIP;Gold+New"),
        (
            "2.1",
            "Food &amp; Drink;R&D;New",
            "Food &amp; Drink+R&D+New",
        ),
        ("3.0", "VIP;Gold", "VIP+Gold"),
        ("4.0", "VIP;Gold,New", "VIP;Gold+New"),
    ] {
        let text = format!(
            "BEGIN:VCARD\nVERSION:{version}\nFN:Asha\nTEL:1\nCATEGORIES:{value}\nEND:VCARD\n"
        );
        let all = records("a.vcf", text.as_bytes());
        assert_eq!(cell(&all[0], "CATEGORIES"), expected, "{version} {value}");
    }
    let quoted = "BEGIN:VCARD\nVERSION:2.1\nTEL:1\nCATEGORIES;ENCODING=QUOTED-PRINTABLE;CHARSET=UTF-8:\
                  VIP=C3=A9;Gold\nEND:VCARD\n";
    let all = records("a.vcf", quoted.as_bytes());
    assert_eq!(cell(&all[0], "CATEGORIES"), "VIPé+Gold");
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
        ("TEL:1\nb.TEL:2\nb.X-ABLabel:Komórka", "2+1"),
        (
            "TEL:1\nTEL;X-CUSTOM(CHARSET=UTF-8,ENCODING=QUOTED-PRINTABLE,=D7=A0=D7=99=D7=99=D7=93):2",
            "2+1",
        ),
        ("TEL;TYPE=X-WhatsApp:1\nTEL;CELL:2", "1+2"),
        ("TEL:\nTEL: \nTEL:1", "1"),
        ("tel;type=cell:1", "1"),
    ];
    for (lines, phones) in cases {
        assert_eq!(cell_of(lines, "TEL"), phones, "{lines}");
    }
}

#[test]
fn a_fax_is_kept_and_is_not_a_phone() {
    let cases = [
        ("TEL;TYPE=fax,pref:1\nTEL;PAGER:2\nTEL:3", "1+2"),
        ("TEL;MODEM:1\nTEL;TYPE=\"bbs,home\":2\nTEL:3", "1+2"),
        ("TEL;CELL:3\na.TEL;CELL:1\na.X-ABLabel:_$!<HomeFAX>!$_", "1"),
        (
            "TEL;X-CUSTOM(CHARSET=UTF-8,ENCODING=QUOTED-PRINTABLE,=46=61=78):1\nTEL:3",
            "1",
        ),
    ];
    for (lines, faxes) in cases {
        assert_eq!(cell_of(lines, "FAX"), faxes, "{lines}");
        assert_eq!(cell_of(lines, "TEL"), "3", "{lines}");
    }
}

#[test]
fn the_number_on_whatsapp_goes_first_however_a_card_says_so() {
    const FIRST: &str = "+4915123456782";
    let cases = [
        "TEL;type=HOME;waid=4915123456782:+49 1512 3456782",
        "item1.TEL;WAID=4915123456782;PREF=100:+49 1512 3456782\nitem1.X-ABLabel:Ponsel",
        "TEL;TYPE=FAX;waid=\"+49 1512 3456782\":1",
        "TEL;waid=4915123456782:",
        "TEL;TYPE=WhatsApp:+4915123456782",
        "TEL;X-WhatsApp:+4915123456782",
        "TEL;TYPE=HOME;X-SERVICE-TYPE=WhatsApp:+4915123456782",
        "TEL;X-CUSTOM(CHARSET=UTF-8,ENCODING=QUOTED-PRINTABLE,WhatsApp):+4915123456782",
        "TEL;X-CUSTOM(CHARSET=UTF-8,ENCODING=QUOTED-PRINTABLE,=57=68=61=74=73=41=70=70);PREF:+4915123456782",
        "item1.TEL:+4915123456782\nitem1.X-ABLabel:WhatsApp",
        "item1.TEL:+4915123456782\nitem1.X-ABLabel;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:=57hatsApp",
        "X-WHATSAPP:+4915123456782",
        "X-WhatsApp-ID;TYPE=pref:4915123456782",
        "IMPP:whatsapp:+4915123456782",
        "IMPP;PREF=1:whatsapp:%2B4915123456782",
        "IMPP;X-SERVICE-TYPE=WhatsApp;TYPE=HOME:x-apple:+4915123456782",
        "item2.IMPP;X-SERVICE-TYPE=WhatsApp;x-bundleidentifiers=net.whatsapp.WhatsApp:https\\://wa.me/4915123456782",
        "IMPP;SERVICE-TYPE=WhatsApp:4915123456782",
        "IMPP:xmpp:4915123456782@s.whatsapp.net",
        "X-SOCIALPROFILE;type=whatsapp:+4915123456782",
        "X-SOCIALPROFILE;type=WhatsApp;x-user=asha:https://wa.me/4915123456782?text=Hi",
        "SOCIALPROFILE;SERVICE-TYPE=WhatsApp:https://wa.me/4915123456782",
        "item3.URL:https\\://api.whatsapp.com/send?phone=4915123456782",
        "URL;TYPE=HOME:https://wa.me/4915123456782",
    ];
    for line in cases {
        let phones = cell_of(&format!("TEL;type=CELL,pref:+4915123456781\n{line}"), "TEL");
        let first = phones.split_inclusive("+49").take(2).collect::<String>();
        assert!(
            phones.starts_with(FIRST) && !first.is_empty(),
            "{line}: {phones}"
        );
        assert!(phones.ends_with("+4915123456781"), "{line}: {phones}");
    }
}

#[test]
fn what_is_not_a_number_on_whatsapp_is_not_a_phone() {
    let cases = [
        "IMPP:skype:+4915123456782",
        "IMPP;X-SERVICE-TYPE=Telegram:x-apple:4915123456782",
        "IMPP;X-SERVICE-TYPE=WhatsApp:x-apple:asha",
        "X-SOCIALPROFILE;type=twitter:https://x.com/4915123456782",
        "URL:https://example.com/4915123456782",
        "URL:https://wa.me/message/ABC4915123456782",
        "NOTE:https://wa.me/4915123456782",
        "X-WHATSAPP:yes",
    ];
    for line in cases {
        assert_eq!(cell_of(&format!("TEL:1\n{line}"), "TEL"), "1", "{line}");
    }
    assert_eq!(
        cell_of("TEL;waid=1:+4915123456782\nTEL;CELL:2", "TEL"),
        "2++4915123456782"
    );
}

#[test]
fn a_phone_with_a_label_that_is_not_known_goes_last() {
    let lines = "a.TEL:1\na.X-ABLabel:Gärtner\nTEL;HOME:2\nb.TEL:3\nb.X-ABLabel:_$!<Work>!$_";
    assert_eq!(cell_of(lines, "TEL"), "2+3+1");
}

#[test]
fn what_only_sounds_like_a_fax_is_a_phone() {
    assert_eq!(cell_of("b.TEL:1\nb.X-ABLabel:Halifax office", "TEL"), "1");
    assert_eq!(cell_of("TEL;WORK;VOICE;FAX:1", "TEL"), "1");
}

#[test]
fn the_preferred_of_several_names_is_the_name() {
    assert_eq!(cell_of("FN;PREF=2:Second\nFN;PREF=1:First", "FN"), "First");
    assert_eq!(cell_of("FN:\nFN:Asha", "FN"), "Asha");
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
        (
            "VERSION:2.1\nFN;ENCODING=QUOTED-PRINTABLE:=E5=A4=A\n A=E9=83=8E",
            "太郎",
        ),
        ("FN;ENCODING=QUOTED-PRINTABLE:=E5=A4=\n AA=E9=83=8E", "太郎"),
        (
            "FN;ENCODING=QUOTED-PRINTABLE:=E5=A4=\n =AA=E9=83=8E",
            "太郎",
        ),
        ("FN;ENCODING=QUOTED-PRINTABLE:=E5=A4=AA\n=E9=83=8E", "太郎"),
        (
            "FN;ENCODING=QUOTED-PRINTABLE:=E5=A4=AA=E9\n=83=8E=3A: x",
            "太郎:: x",
        ),
    ];
    for (lines, name) in cases {
        for end in ["\n", "\r\n", "\r"] {
            assert_eq!(cell_of(&lines.replace('\n', end), "FN"), name, "{lines:?}");
        }
    }
}

#[test]
fn a_character_that_was_folded_in_its_middle_is_whole_again() {
    let mut bytes = b"BEGIN:VCARD\r\nFN:Zo\xc3\r\n \xab\r\nEND:VCARD\r\n".to_vec();
    assert_eq!(names_of(bytes.clone()), ["1 Zoë"]);
    bytes.retain(|byte| *byte != b'\n');
    assert_eq!(names_of(bytes), ["1 Zoë"]);
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
        assert_eq!(names_of(bytes), [format!("1 {name}")], "{line:?}");
    }
}

/// Each record as its name, or as the column whose bytes were not read.
fn names(bytes: impl Into<Vec<u8>>, encoding: &str) -> Vec<String> {
    let options = ReadOptions {
        encoding: encoding.parse().ok(),
        ..ReadOptions::default()
    };
    let (records, error) = drain(open_as("a.vcf", bytes, &options));
    assert!(error.is_none(), "{error:?}");
    let show = |record: &DraftRecord| match &record.defect {
        Some(Defect::UnreadValue { column }) => format!("unread {column}: {}", cell(record, "FN")),
        Some(defect) => format!("{defect:?}"),
        None => cell(record, "FN"),
    };
    records.iter().map(show).collect()
}

fn card_of(lines: &[&[u8]]) -> Vec<u8> {
    let lines = lines.join(b"\n".as_slice());
    [b"BEGIN:VCARD\n", &lines[..], b"\nEND:VCARD\n"].concat()
}

#[test]
fn a_value_in_an_unnamed_encoding_is_read_by_a_guess_that_is_reported() {
    let cases: [(&[&[u8]], &str, &str); 6] = [
        (&[b"FN:Jos\xe9"], "windows-1252", "José"),
        (
            &[b"FN;ENCODING=QUOTED-PRINTABLE:Jos=E9"],
            "windows-1252",
            "José",
        ),
        (
            &[b"FN;ENCODING=QUOTED-PRINTABLE:=C8=E2=E0=ED =CF=E5=F2=F0=EE=E2"],
            "windows-1251",
            "Иван Петров",
        ),
        (
            &[b"FN:\x8eR\x93c\x91\xbe\x98Y", b"ORG:\x83\x5c\x83j\x81["],
            "shift_jis",
            "山田太郎",
        ),
        // Nothing is to be guessed of what says what it is, or is UTF-8.
        (&[b"FN;CHARSET=ISO-8859-1:Jos\xe9"], "-", "José"),
        (&["FN:José".as_bytes()], "-", "José"),
    ];
    for (lines, encoding, name) in cases {
        let opened = open_bytes("a.vcf", card_of(lines)).unwrap();
        let guessed = opened.assumed.encoding;
        assert_eq!(
            guessed.map_or("-".to_owned(), |it| it.to_string()),
            encoding,
            "{lines:?}"
        );
        assert_eq!(names(card_of(lines), ""), [name], "{lines:?}");
    }
}

#[test]
fn a_named_encoding_is_that_of_every_value_that_names_none() {
    let cases: [(&[u8], &str, &str); 7] = [
        (
            b"FN;ENCODING=QUOTED-PRINTABLE:=C8=E2=E0=ED",
            "windows-1251",
            "Иван",
        ),
        (b"FN:\xc8\xe2\xe0\xed", "windows-1251", "Иван"),
        (
            b"FN;CHARSET=koi8-r:\xe9\xd7\xc1\xce",
            "windows-1251",
            "Иван",
        ),
        (b"FN:Jos\xe9", "utf-8", "unread FN: Jos\u{fffd}"),
        (b"FN;CHARSET=UTF-8:Jos\xe9", "", "unread FN: Jos\u{fffd}"),
        (b"FN;CHARSET=UTF-8:Jos\xe9", "windows-1252", "José"),
        (b"FN:\x1b$B;3ED\x1b(B", "iso-2022-jp", "山田"),
    ];
    for (line, encoding, name) in cases {
        assert_eq!(
            names(card_of(&[line]), encoding),
            [name],
            "{line:?} {encoding}"
        );
    }
}

#[test]
fn a_byte_order_mark_beats_the_named_encoding() {
    let text = [
        "\u{feff}BEGIN:VCARD\nFN:José".as_bytes(),
        b"\nNOTE:\xe9\nEND:VCARD\n",
    ]
    .concat();
    assert_eq!(names(text, "windows-1251"), ["José"]);
}

#[test]
fn bytes_that_are_not_utf_8_beside_much_that_is_cost_only_their_value() {
    let good = "FN:Łukasz Żółć\nTEL:1".as_bytes();
    let text = [
        card_of(&[good, b"NOTE:\xe9"]),
        card_of(&[b"FN:Jos\xe9", b"TEL:2", b"NOTE:a=b;\xff"]),
    ];
    let all = records("a.vcf", text.concat());
    let unread = |column: &str| {
        let column = column.to_owned();
        Some(Defect::UnreadValue { column })
    };
    assert_eq!(all[0].defect, unread("NOTE"));
    assert_eq!(all[1].defect, unread("FN"));
    let text = "BEGIN:VCARD\nFN;ENCODING=QUOTED-PRINTABLE:Jos=E9\nTEL:2\n\
                NOTE;ENCODING=QUOTED-PRINTABLE:a=3Db;=FF\nEND:VCARD\n";
    assert_eq!(cell(&all[1], RAW), text);
    assert_eq!(cell(&all[1], "NOTE"), "a=b;\u{fffd}");
    let kept = RejectedCard::read(text, "windows-1252".parse().ok()).unwrap();
    assert_eq!(kept.defect, None);
    assert_eq!(kept.cell("FN"), CellValue::Text("José".to_owned()));
    assert_eq!(kept.cell("NOTE"), CellValue::Text("a=b;ÿ".to_owned()));
}

#[test]
fn bytes_outside_of_a_whole_card_are_kept_too() {
    let text = [
        &b"FN:Jos\xe9\nTEL:1\nEND:VCARD\n"[..],
        &card_of(&["FN:Zoë Łódź".as_bytes()]),
    ]
    .concat();
    let all = records("a.vcf", text);
    let kept = "FN;ENCODING=QUOTED-PRINTABLE:Jos=E9\nTEL:1\nEND:VCARD\n";
    assert_eq!(cell(&all[0], RAW), kept);
}

#[test]
fn half_a_surrogate_is_read_with_its_other_half_only() {
    let cases: [(&[u8], &str); 4] = [
        (b"FN:A\xed\xa0\xbd\xed\xb8\x80", "A😀"),
        (b"FN;ENCODING=QUOTED-PRINTABLE:A=ED=A0=BD=ED=B8=80", "A😀"),
        (b"FN:As\xc0\x80ha", "Asha"),
        ("FN:한국어 ퟿".as_bytes(), "한국어 ퟿"),
    ];
    for (line, name) in cases {
        assert_eq!(names(card_of(&[line]), ""), [name], "{line:?}");
    }
}

#[test]
fn a_file_in_utf_16_is_read() {
    let text = format!("\u{feff}{}", card("Zoë 😀"));
    let little: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let big: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
    assert_eq!(names_of(little), ["1 Zoë 😀"]);
    assert_eq!(names_of(big), ["1 Zoë 😀"]);
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
            assert_eq!(format(&opened), Format::Vcard, "{name} {start:?}");
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
        assert_eq!(names_of(text.clone()), expected, "{text}");
    }
    let broken = &records("a.vcf", format!("{cut}{bob}"))[0];
    assert_eq!(cell(broken, RAW), cut);
    assert_eq!(cell(broken, "TEL"), "-");
}

/// Each record as its name and its phones.
fn contacts(bytes: impl Into<Vec<u8>>) -> Vec<String> {
    let show = |record: &DraftRecord| match &record.defect {
        None => format!("{} {}", cell(record, "FN"), cell(record, "TEL")),
        Some(Defect::BadCard { words }) => format!("broken: {words}"),
        Some(defect) => format!("{defect:?}"),
    };
    records("a.vcf", bytes).iter().map(show).collect()
}

#[test]
fn the_card_of_an_agent_is_a_contact_of_its_own() {
    let third = "BEGIN:VCARD\nFN:Third\nTEL:3\nEND:VCARD\n";
    let agent = format!("BEGIN:VCARD\nFN:Agent\nAGENT:\n{third}TEL:2\nEND:VCARD\n");
    for announced in ["AGENT:\n", "A.AGENT;TYPE=x: \n", "AGENT:\n\n", "AGENT:"] {
        let text = format!(
            "BEGIN:VCARD\nFN:Boss\n{announced}{agent}TEL:1\nEND:VCARD\n{}",
            card("Next")
        );
        let expected = ["Boss 1", "Agent 2", "Third 3", "Next +919876543210"];
        assert_eq!(contacts(text), expected, "{announced}");
    }
    let inner = "BEGIN:VCARD\\nFN:Agent\\nAGENT:BEGIN:VCARD\\\\nFN:Third\\\\nTEL:3\\\\nEND:VCARD\\\\n\\nTEL\\;CELL:2\\nEND:VCARD\\n";
    let inline = format!("BEGIN:VCARD\nFN:Boss\nAGENT:{inner}\nTEL:1\nEND:VCARD\n");
    assert_eq!(contacts(inline), ["Boss 1", "Agent 2", "Third 3"]);
    let encoded = "BEGIN:VCARD\nFN:Boss\nAGENT;ENCODING=QUOTED-PRINTABLE:BEGIN:VCARD=0D=0AFN:Agent=0D=0A=\n\
                   TEL:2=0D=0AEND:VCARD=0D=0A\nTEL:1\nEND:VCARD\n";
    assert_eq!(contacts(encoded), ["Boss 1", "Agent 2"]);
    for value in ["CID:agent@example.com", "Ann", "http://example.com"] {
        assert_eq!(
            cell_of(&format!("TEL:1\nAGENT;VALUE=uri:{value}"), "TEL"),
            "1"
        );
    }
}

#[test]
fn where_an_end_is_missing_no_card_that_is_in_another_is_read() {
    let agent = "BEGIN:VCARD\nFN:Agent\nTEL:2\n";
    let boss =
        |agent: &str, end: &str| format!("BEGIN:VCARD\nFN:Boss\nAGENT:\n{agent}TEL:1\n{end}");
    let next = "Next +919876543210".to_owned();
    let (open, around) = (format!("broken: {NO_END}"), format!("broken: {AROUND}"));
    let cases = [
        // It is unknown which card each line belongs to.
        (boss(agent, "END:VCARD\n"), [&open, &around]),
        (boss(agent, ""), [&open, &open]),
        (boss(&format!("{agent}END:VCARD\n"), ""), [&open, &around]),
    ];
    for (text, expected) in cases {
        assert_eq!(
            contacts(text.clone()),
            expected.map(String::as_str),
            "{text}"
        );
        let followed = [expected[0], expected[1], &next].map(String::as_str);
        assert_eq!(contacts(text.clone() + &card("Next")), followed, "{text}");
    }
    let twice = boss(
        "BEGIN:VCARD\nFN:Agent\nEND:VCARD\n",
        "END:VCARD\n\nEND:VCARD\n",
    );
    let stray = format!("broken: {NO_BEGIN}");
    assert_eq!(
        contacts(twice),
        [&around, &around, &stray].map(String::as_str)
    );
}

#[test]
fn cards_in_one_another_without_end_are_each_a_record() {
    let nested = "BEGIN:VCARD\nFN:a\nTEL:1\nAGENT:\n".repeat(1_000);
    let all = contacts(nested.clone());
    assert_eq!(all.len(), 1_000);
    assert!(all.iter().all(|card| card == &format!("broken: {NO_END}")));
    let closed = contacts(nested + &"END:VCARD\n".repeat(1_000));
    assert!(closed.len() >= 1_000);
}

#[test]
fn cards_that_run_together_are_cards_of_their_own() {
    let (asha, bala) = ("FN:Asha\nTEL:1", "FN:Bala\nTEL:2");
    let between = [
        "END:VCARDBEGIN:VCARD",
        "END:VCARD BEGIN:VCARD",
        "END:VCARD\tBEGIN:VCARD",
        "END:VCARD \u{a0}\u{3000} BEGIN:VCARD  ",
        "end:vcardBegin:vCard",
        "END : VCARD BEGIN: VCARD",
        "END:VCARD\u{feff}BEGIN:VCARD",
        "END:VCARD\n\u{feff}\u{feff}BEGIN:VCARD",
        "END:VCARD\n\u{feff} \u{feff}BEGIN:VCARD ",
        "END:VCARD\r\rBEGIN:VCARD",
        "END:VCARD\nitem1.BEGIN:VCARD",
        "item1.END:VCARDitem2.BEGIN:VCARD",
        "END:VCARD\u{1a}BEGIN:VCARD",
    ];
    for line in between {
        for end in ["\nEND:VCARD\n", "\nEND:VCARD", "\r\nEND:VCARD\r\n\u{1a}"] {
            let text = format!("BEGIN:VCARD\n{asha}\n{line}\n{bala}{end}");
            assert_eq!(contacts(text), ["Asha 1", "Bala 2"], "{line:?} {end:?}");
        }
    }
    let three = format!(
        "BEGIN:VCARD\n{asha}\nEND:VCARD BEGIN:VCARDEND:VCARDBEGIN:VCARD\n{bala}\nEND:VCARD"
    );
    assert_eq!(contacts(three), ["Asha 1", "- -", "Bala 2"]);
}

#[test]
fn cards_whose_lines_are_all_indented_are_cards() {
    let text =
        "\n  BEGIN:VCARD\n  VERSION:3.0\n  FN:Asha\n   Rao\n\n  TEL:1\n  END:VCARD\n".repeat(2);
    assert_eq!(contacts(text.clone()), ["AshaRao 1"; 2]);
    assert_eq!(contacts(text.replace("  ", "\t")), ["AshaRao 1"; 2]);
    let folded = " BEGIN:VCARD\nFN:Asha\n TEL:2\nTEL:1\nEND:VCARD\n";
    assert_eq!(contacts(folded), ["AshaTEL:2 1"]);
}

#[test]
fn a_card_that_was_cut_off_never_takes_the_phone_of_the_next() {
    let next = "VERSION:3.0\nFN:Bala\nTEL:2\nEND:VCARD\n";
    let broken = format!("broken: {NO_END}");
    for cut in [
        "FN:AshaBEGIN:VCARD\n",
        "FN:Asha\nTEL:+9198BEGIN:VCARD\n",
        "FN:Asha\nTEL;TYPEBEGIN:VCARD\n",
        "FN;ENCODING=QUOTED-PRINTABLE:Asha=\nBEGIN:VCARD\n",
        "FN:Asha\nNOTE:xBEGIN: vcard \n",
    ] {
        let text = format!("BEGIN:VCARD\nVERSION:3.0\n{cut}{next}");
        assert_eq!(contacts(text), [broken.as_str(), "Bala 2"], "{cut:?}");
    }
    let text = format!("BEGIN:VCARD\nVERSION:3.0\nFN:Asha\nTEL:1END:VCARD BEGIN:VCARD\n{next}");
    assert_eq!(contacts(text), ["Asha 1", "Bala 2"]);
    // Both marks between them are gone.
    let another = [format!("broken: {ANOTHER}")];
    for marks in [
        "",
        "END:VCARDS\n",
        "BEGIN:VCARD=\n",
        "ND:VCARD\nEGIN:VCARD\n",
        " END:VCARD\n BEGIN:VCARD\n",
    ] {
        let text = format!("BEGIN:VCARD\nVERSION:3.0\nFN:Asha\n{marks}{next}");
        assert_eq!(contacts(text), another, "{marks:?}");
    }
    let twice = format!("BEGIN:VCARD\nVERSION:3.0\n{next}");
    assert_eq!(contacts(twice), ["Bala 2"]);
}

#[test]
fn a_file_without_a_card_is_an_error() {
    let open = |text: &'static str| {
        let reader = Box::new(text.as_bytes());
        let opened = super::super::open_reader(
            "a.csv",
            reader,
            InputId(0),
            &ReadOptions {
                format: Some(Format::Vcard),
                ..ReadOptions::default()
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
                cell_of(&format!("{head}{data}\nFN:Ann"), "FN"),
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
        names_of(notes),
        [format!("1 broken: {TOO_LARGE}"), "2 Bob".into()]
    );
    let many = text("TEL:1\n".repeat(PROPERTY_LIMIT));
    assert_eq!(
        names_of(many),
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
        assert_eq!(all[0].defect, Some(Defect::CellTooLarge { column }));
        assert_eq!(cell(&all[1], "FN"), "Bob");
    }
}

/// The number of fixtures, each cut short or with bytes changed; all of it repeats for one seed.
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
        let begun = begun(&bytes);
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let (records, _) = drain_small(Format::Vcard, bytes, vec![64], 64);
        // No card is lost; what is between cards is a record of its own.
        assert!(records.len() >= begun, "{text}");
        assert!(
            records
                .iter()
                .all(|record| record.cells.len() == card::COLUMNS.len()),
            "{text}"
        );
    }
}

/// How many cards begin in these bytes.
fn begun(bytes: &[u8]) -> usize {
    let feed = Feed::new(Box::new(Cursor::new(bytes.to_vec())));
    let mut lines = CardLines::new(feed);
    let mut begun = 0;
    while let Some(line) = lines.next().unwrap() {
        begun += usize::from(kind(content(line)) == LineKind::Begin);
    }
    begun
}

fn mutate(bytes: &mut Vec<u8>, dice: &mut fastrand::Rng) {
    const PIECES: [&[u8]; 19] = [
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
        b"END:VCARDBEGIN:VCARD\n",
        b"BEGIN:VCARD",
        b"AGENT:\n",
        b"AGENT:BEGIN:VCARD\\nFN:x\\n",
        b"\xed\xa0\xbd",
    ];
    let at = dice.usize(..=bytes.len());
    let end = (at + dice.usize(..4)).min(bytes.len());
    let piece = PIECES[dice.usize(..PIECES.len())];
    bytes.splice(at..end, piece.iter().copied());
}

/// As UTF-16, cut short or shifted by a byte anywhere: records to its end, or it is refused as not text.
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

/// Cards whose names are the numbers of their phones, cut off, put together and damaged: nobody gets another's phone.
fn hostile_files(count: u64) {
    let mut dice = fastrand::Rng::with_seed(9);
    for _ in 0..count {
        let cards = dice.usize(2..6);
        let cut = dice.bool();
        let mut text: Vec<u8> = (0..cards).flat_map(|_| numbered(cut, &mut dice)).collect();
        if !cut {
            mutate(&mut text, &mut dice);
        }
        let shown = String::from_utf8_lossy(&text).into_owned();
        let (records, _) = drain_small(Format::Vcard, text, vec![64], 64);
        let digits = |text: String| {
            text.chars()
                .filter(char::is_ascii_digit)
                .collect::<String>()
        };
        for record in records.iter().filter(|record| record.defect.is_none()) {
            let (name, phone) = (digits(cell(record, "FN")), digits(cell(record, "TEL")));
            let is_whole = name.len() == 6 && phone.len() == 6;
            assert!(!is_whole || name == phone, "{name} {phone} in {shown}");
        }
    }
}

/// A card, maybe cut off, and what is between it and the next one.
fn numbered(is_cut: bool, dice: &mut fastrand::Rng) -> Vec<u8> {
    const ENDS: [&str; 8] = [
        "\n",
        "",
        " ",
        "\r\n",
        "\u{feff}",
        "\t",
        "\n\n",
        "\n\u{feff}",
    ];
    let number = dice.u32(100_000..1_000_000);
    let agent = dice.u32(100_000..1_000_000);
    let nested = match dice.usize(..6) {
        0 => format!("AGENT:\nBEGIN:VCARD\nVERSION:2.1\nFN:{agent}\nTEL:{agent}\nEND:VCARD\n"),
        1 => format!("AGENT:BEGIN:VCARD\\nFN:{agent}\\nTEL:{agent}\\nEND:VCARD\n"),
        _ => String::new(),
    };
    let mut card =
        format!("BEGIN:VCARD\nVERSION:2.1\nFN:{number}\n{nested}TEL:{number}\nEND:VCARD");
    if is_cut && dice.usize(..4) == 0 {
        card.truncate(dice.usize(11..card.len()));
    }
    card.push_str(ENDS[dice.usize(..ENDS.len())]);
    card.into_bytes()
}

#[test]
fn hostile_cards_end_in_records() {
    hostile_wide(200);
    hostile(200);
    hostile_files(500);
}

#[test]
#[ignore = "takes seconds, and adds nothing day by day"]
fn ten_thousand_hostile_cards_end_in_records() {
    hostile_wide(10_000);
    hostile(10_000);
    hostile_files(100_000);
}

proptest! {
    #[test]
    fn a_name_comes_back_however_it_is_written(name in "[\\PC&&[^\u{fffd}\u{feff}]]{1,60}", width in 20..76_usize) {
        let name = name.trim().to_owned();
        prop_assume!(!name.is_empty());
        for line in [escaped(&name), quoted_printable(&name, width)] {
            prop_assert_eq!(cell_of(&line, "FN"), name.as_str(), "{}", line);
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
