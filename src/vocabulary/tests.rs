//! That the files say one thing each, in every language, and that words are understood wherever they are.

use std::collections::HashMap;

use super::file::sections;
use super::*;
use crate::text::{folded, key, words};

const PHONES: &str = include_str!("phones.txt");
const FILES: [(&str, &str); 9] = [
    ("addresses.txt", include_str!("addresses.txt")),
    ("consent.txt", include_str!("consent.txt")),
    ("countries.txt", include_str!("countries.txt")),
    ("exports.txt", include_str!("exports.txt")),
    ("headers.txt", include_str!("headers.txt")),
    ("keys.txt", include_str!("keys.txt")),
    ("labels.txt", include_str!("labels.txt")),
    ("nothing.txt", include_str!("nothing.txt")),
    ("phones.txt", PHONES),
];

/// Those of the exports that people bring, and of the countries that most of them live in.
const LANGUAGES: [&str; 23] = [
    "en", "de", "fr", "es", "pt", "it", "tr", "ru", "uk", "pl", "nl", "ar", "fa", "he", "hi", "bn",
    "id", "ms", "vi", "th", "zh", "ja", "ko",
];

#[test]
fn every_line_of_every_file_is_read_and_says_where_its_words_were_seen() {
    for (file, text) in FILES {
        let sections = sections(text);
        let is_content = |line: &&str| !line.is_empty() && !line.starts_with(['#', '[']);
        let written = text.lines().filter(is_content).count();
        let read: usize = sections.iter().map(|section| section.lines.len()).sum();
        assert_eq!(read, written, "{file}");
        for section in &sections {
            assert!(!section.seen.is_empty(), "{file} [{}]", section.name);
            for line in &section.lines {
                let is_word = |word: &&str| {
                    !word.is_empty() && (word.trim() == *word || word.ends_with("* "))
                };
                assert!(line.words.iter().all(is_word), "{file} {}", line.key);
            }
        }
    }
}

#[test]
fn no_word_says_two_things_of_a_phone() {
    let mut meanings: HashMap<String, (&str, &str)> = HashMap::new();
    for section in sections(PHONES) {
        assert!(phones::meaning(section.name).is_some(), "{}", section.name);
        for word in section.words() {
            let before = meanings.insert(words(word).join(" "), (section.name, word));
            assert!(
                before.is_none_or(|(other, _)| other == section.name),
                "{word} in [{}] and {before:?}",
                section.name
            );
        }
    }
}

#[test]
fn no_word_beside_a_number_says_two_things() {
    let mut meanings: HashMap<String, &str> = HashMap::new();
    for section in sections(include_str!("labels.txt")) {
        if !matches!(section.name, "fax" | "remark" | "another" | "not-to-call") {
            continue;
        }
        for word in section.words() {
            let before = meanings.insert(words(word).join(" "), section.name);
            assert!(
                before.is_none_or(|other| other == section.name),
                "{word} in [{}] and {before:?}",
                section.name
            );
            let elsewhere = phone_word(word);
            let is_said_against = matches!(
                elsewhere,
                Some(PhoneWord::Fax | PhoneWord::Stranger | PhoneWord::Outdated)
            );
            // Of a column an owner is somebody else; beside its number it is the contact.
            let is_owner = word == "owner";
            assert!(
                section.name != "remark" || !is_said_against || is_owner,
                "{word} is a remark and {elsewhere:?}"
            );
        }
    }
}

#[test]
fn every_language_has_words_beside_a_number() {
    for section in sections(include_str!("labels.txt")) {
        if !matches!(section.name, "remark" | "another" | "not-to-call") {
            continue;
        }
        for language in LANGUAGES {
            let has_words = section.lines.iter().any(|line| line.key == language);
            assert!(has_words, "{language} has no word for [{}]", section.name);
        }
    }
}

#[test]
fn no_header_means_two_things() {
    let mut meanings: HashMap<String, &str> = HashMap::new();
    for section in sections(include_str!("headers.txt")) {
        if section.name.starts_with("sounds-like") {
            continue;
        }
        assert!(headers::meaning(section.name).is_some(), "{}", section.name);
        for word in section.words() {
            let before = meanings.insert(key(word), section.name);
            assert_eq!(before, None, "{word} in [{}]", section.name);
        }
    }
}

#[test]
fn every_language_has_a_word_for_every_kind_of_phone() {
    let sections = sections(PHONES);
    for section in &sections {
        if matches!(section.name, "whatsapp" | "note" | "code") {
            continue;
        }
        for language in LANGUAGES {
            let has_words = section.lines.iter().any(|line| line.key == language);
            assert!(has_words, "{language} has no word for [{}]", section.name);
        }
    }
}

#[test]
fn no_two_names_of_countries_mean_different_regions() {
    let mut seen: HashMap<String, &str> = HashMap::new();
    for section in sections(include_str!("countries.txt")) {
        for line in &section.lines {
            for name in &line.words {
                let before = seen.insert(countries::comparable(name), line.key);
                assert!(
                    before.is_none_or(|other| other == line.key),
                    "{name} is {} and {before:?}",
                    line.key
                );
            }
        }
    }
}

#[test]
fn a_header_of_a_phone_is_understood_in_any_order_and_language() {
    use PhoneKind::{Home, Mobile, Other, Primary, Whatsapp, Work};
    for (header, expected) in [
        ("Phone", Primary),
        ("PHONE_NUMBER", Primary),
        ("phone_mobile", Mobile),
        ("Phone (Mobile)", Mobile),
        ("Phone - mobile", Mobile),
        ("MobilePhone", Mobile),
        ("mobilephone", Mobile),
        ("Mobile No.", Mobile),
        ("Customer WhatsApp Number", Whatsapp),
        ("WhatsApp-Nr", Whatsapp),
        ("Numero de WhatsApp", Whatsapp),
        ("Phone (required)", Primary),
        ("Business Phone", Work),
        ("Work Mobile", Mobile),
        ("Téléphone (domicile)", Home),
        ("Other Phone", Other),
        ("Handynummer", Mobile),
        ("Cep Telefonu", Mobile),
        ("İş Telefonu", Work),
        ("Мобильный телефон", Mobile),
        ("Рабочий телефон", Work),
        ("Мобільний", Mobile),
        ("Telefon komórkowy", Mobile),
        ("Telefon służbowy", Work),
        ("Mobiel nummer", Mobile),
        ("رقم الجوال", Mobile),
        ("رقم الهاتف", Primary),
        ("تلفن همراه", Mobile),
        ("טלפון נייד", Mobile),
        ("मोबाइल नंबर", Mobile),
        ("মোবাইল নম্বর", Mobile),
        ("No HP", Mobile),
        ("Nomor Telepon", Primary),
        ("Telefon bimbit", Mobile),
        ("Số điện thoại", Primary),
        ("Điện thoại di động", Mobile),
        ("เบอร์มือถือ", Mobile),
        ("手机号码", Mobile),
        ("联系电话", Primary),
        ("行動電話", Mobile),
        ("携帯電話番号", Mobile),
        ("휴대폰 번호", Mobile),
        ("전화번호", Primary),
    ] {
        match column(header) {
            ColumnKind::Phone { kind, .. } => assert_eq!(kind, expected, "{header}"),
            other => panic!("{header} is {other:?}"),
        }
    }
}

#[test]
fn a_fax_a_stranger_and_an_old_number_are_never_the_contacts_phone() {
    use WrongPhone::{Fax, Outdated, Stranger};
    for (header, expected) in [
        ("Fax", Fax),
        ("Phone/Fax", Fax),
        ("Work Fax", Fax),
        ("faxnumber", Fax),
        ("Telefax (Büro)", Fax),
        ("Pager", Fax),
        ("Télécopie", Fax),
        ("Номер факса", Fax),
        ("Домашний факс", Fax),
        ("İş faksı", Fax),
        ("Belgegeçer", Fax),
        ("Faks służbowy", Fax),
        ("传真", Fax),
        ("家庭传真", Fax),
        ("फ़ैक्स नंबर", Fax),
        ("فاكس العمل", Fax),
        ("نمابر", Fax),
        ("פקס", Fax),
        ("ファックス番号", Fax),
        ("자택 팩스", Fax),
        ("Số fax", Fax),
        ("โทรสาร", Fax),
        ("RECEIVER_MOBILE", Stranger),
        ("Seller Phone", Stranger),
        ("agent_mobile", Stranger),
        ("Father's Mobile No", Stranger),
        ("Emergency Contact Number", Stranger),
        ("Phone (spouse)", Stranger),
        ("Merchant phone", Stranger),
        ("Telefono madre", Stranger),
        ("Телефон матери", Stranger),
        ("家长手机", Stranger),
        ("Old Phone", Outdated),
        ("Delivery Person Mobile", Stranger),
        ("Telefone do entregador", Stranger),
        ("SENDER_MOBILE_ALT", Stranger),
        ("Alternate Mobile", Outdated),
        ("Mobile (old)", Outdated),
        ("Eski telefon", Outdated),
    ] {
        assert_eq!(column(header), ColumnKind::Never(expected), "{header}");
    }
}

#[test]
fn a_header_with_a_word_that_is_not_known_is_not_taken_for_a_phone() {
    for header in [
        "",
        "Phone Type",
        "Phone verified",
        "Mobile app version",
        "Work",
        "Home",
        "Number",
        "Customer Number",
        "Contact",
        "Número",
        "Phone model",
        "Dial me",
        "Mobile Country Code",
        "Şoför Cep Telefonu",
        "Cellulare nonno",
        "Nana Mobile",
        "काका का मोबाइल",
        "SĐT dì",
        "代表手机",
        "Van Mobile",
        "Automóvil",
        "Cartel",
        "Mittel",
        "CEP",
    ] {
        assert!(
            matches!(column(header), ColumnKind::Unknown | ColumnKind::Code(_)),
            "{header} is {:?}",
            column(header)
        );
    }
}

#[test]
fn a_label_ranks_the_number_beside_it_and_an_unknown_one_ranks_last() {
    for (label, expected) in [
        ("* Mobile", Ok(PhoneKind::Mobile)),
        ("iPhone", Ok(PhoneKind::Mobile)),
        ("WhatsApp", Ok(PhoneKind::Whatsapp)),
        ("Work", Ok(PhoneKind::Work)),
        ("Privat", Ok(PhoneKind::Home)),
        ("Ev", Ok(PhoneKind::Home)),
        ("Komórka", Ok(PhoneKind::Mobile)),
        ("住家", Ok(PhoneKind::Home)),
        ("", Ok(PhoneKind::Primary)),
        ("Xyzzy", Ok(PhoneKind::Other)),
        ("Work Fax", Err(WrongPhone::Fax)),
        ("Дом. факс", Err(WrongPhone::Fax)),
        ("傳真（公司）", Err(WrongPhone::Fax)),
        ("Mum", Err(WrongPhone::Stranger)),
        ("old", Err(WrongPhone::Outdated)),
    ] {
        assert_eq!(label_kind(label), expected, "{label}");
    }
}

#[test]
fn what_says_nothing_is_nothing_however_it_is_written() {
    for text in [
        "",
        "  ",
        "-",
        "--",
        "—",
        ".",
        "?",
        "n/a",
        "N/A",
        "#N/A",
        "null",
        "NULL",
        "(none)",
        "NaN",
        "\\N",
        "(blank)",
        "<null>",
        "undefined",
        "nil",
        "na",
        "#REF!",
        "#DIV/0!",
        "\u{200B}",
        "null null",
        "None None",
        "#N/A #N/A",
        "N / A",
        "N.A",
        "None.",
        "NULL,",
        "(blanks)",
        "#Н/Д",
        "#ССЫЛКА!",
        "#WAARDE!",
        "*",
        "−",
        "\u{2800}",
        " NULL ",
    ] {
        assert!(is_nothing(text), "{text:?}");
    }
    for text in [
        "0",
        "unknown",
        "####",
        "#sale!",
        "#C0FFEE",
        "#VIP",
        "no",
        "Nina",
        "Nilsson",
        "Namibia",
        "❤️",
        "C++",
        "Na Li",
        "#1001",
        "call office",
        "ñ",
    ] {
        assert!(!is_nothing(text), "{text:?}");
    }
    assert!(!is_nothing_in_name("Null") && !is_nothing_in_name("None"));
    assert!(is_nothing_in_name("NULL") && is_nothing_in_name("none"));
}

#[test]
fn every_export_has_marks_and_columns_that_are_understood() {
    assert_eq!(exports().len(), sections(include_str!("exports.txt")).len());
    for export in exports() {
        assert!(!export.marks.is_empty(), "{}", export.name);
    }
    let known = ["mark", "bare", "system-tag", "continuation"];
    for section in sections(include_str!("exports.txt")) {
        for line in &section.lines {
            let is_meaning = headers::meaning(line.key).is_some();
            let is_phone = phones::kind_named(line.key).is_some();
            assert!(
                known.contains(&line.key) || is_meaning || is_phone,
                "{}",
                line.key
            );
        }
    }
}

#[test]
fn words_beside_a_number_are_known_in_any_case() {
    for word in [
        "Tel", "MOBIL", "Büro", "w", "Тел", "手机", "جوال", "whatsapp",
    ] {
        assert!(is_label(word), "{word}");
    }
    for word in ["fax", "f", "Order", "ID", "wife", ""] {
        assert!(!is_label(word), "{word}");
    }
    assert!(is_joining("Oder") && is_short_fax("F"));
    assert_eq!(after_extension_word(&folded("Extensión 5")), Some(" 5"));
}

#[test]
fn no_word_of_consent_says_two_things() {
    let consent = sections(include_str!("consent.txt"));
    let mut answers: HashMap<String, &str> = HashMap::new();
    let mut questions: HashMap<String, &str> = HashMap::new();
    for section in &consent {
        let seen = match section.name {
            "asks-refused" | "asks-agreed" => &mut questions,
            name if consent::answer_named(name).is_some() => &mut answers,
            _ => continue,
        };
        for word in section.words() {
            let before = seen.insert(consent::comparable(word), section.name);
            assert!(
                before.is_none_or(|other| other == section.name),
                "{word} in [{}] and {before:?}",
                section.name
            );
        }
    }
    for section in consent.iter().filter(|section| {
        !["terms", "of-a-moment", "this-way", "harmless", "awaited"].contains(&section.name)
    }) {
        for language in LANGUAGES {
            let has_words = section.lines.iter().any(|line| line.key == language);
            assert!(has_words, "{language} has no word for [{}]", section.name);
        }
    }
}

#[test]
fn a_header_of_consent_is_understood_with_its_way_in_every_language() {
    use {ConsentQuestion::*, ConsentWay::*};
    for (header, expected) in [
        ("HASOPTEDOUTOFEMAIL", Some((Refused, Other))),
        ("HasOptedOutOfEmail", Some((Refused, Other))),
        (
            "I agree to be contacted on WhatsApp",
            Some((Agreed, WhatsApp)),
        ),
        ("Don't contact", Some((Refused, Any))),
        ("Do not text", Some((Refused, Other))),
        ("Date of consent", Some((Circumstance, Any))),
        ("WhatsApp-Einwilligung", Some((Agreed, WhatsApp))),
        ("Anrufe unerwünscht", Some((Refused, Phone))),
        ("E-Mail-Einwilligung", Some((Agreed, Other))),
        ("Datum der Einwilligung", Some((Circumstance, Any))),
        ("Accepte le marketing", Some((Agreed, Any))),
        ("Ne pas appeler", Some((Refused, Phone))),
        ("Désinscrit", Some((Refused, Any))),
        ("Acepta marketing", Some((Agreed, Any))),
        ("Consentimiento WhatsApp", Some((Agreed, WhatsApp))),
        ("No llamar", Some((Refused, Phone))),
        ("Fecha de consentimiento", Some((Circumstance, Any))),
        ("Não ligar", Some((Refused, Phone))),
        ("Consenso marketing", Some((Agreed, Any))),
        ("Non chiamare", Some((Refused, Phone))),
        ("WhatsApp iletişim izni", Some((Agreed, WhatsApp))),
        ("Arama yapma", Some((Refused, Phone))),
        ("Согласие на рассылку", Some((Agreed, Any))),
        ("Не звонить", Some((Refused, Phone))),
        ("Отписан", Some((Refused, Any))),
        ("Дата согласия", Some((Circumstance, Any))),
        ("Згода", Some((Agreed, Any))),
        ("Не дзвонити", Some((Refused, Phone))),
        ("Zgoda na WhatsApp", Some((Agreed, WhatsApp))),
        ("Nie dzwoń", Some((Refused, Phone))),
        ("Toestemming", Some((Agreed, Any))),
        ("Niet bellen", Some((Refused, Phone))),
        ("موافقة واتساب", Some((Agreed, WhatsApp))),
        ("لا تتصل", Some((Refused, Phone))),
        ("رضایت", Some((Agreed, Any))),
        ("הסכמה לוואטסאפ", Some((Agreed, Any))),
        ("सहमति", Some((Agreed, Any))),
        ("সম্মতি", Some((Agreed, Any))),
        ("Persetujuan WhatsApp", Some((Agreed, WhatsApp))),
        ("Jangan hubungi", Some((Refused, Any))),
        ("Đồng ý nhận tin", Some((Agreed, Any))),
        ("Không gọi", Some((Refused, Phone))),
        ("ความยินยอม", Some((Agreed, Any))),
        ("อย่าโทร", Some((Refused, Phone))),
        ("是否同意", Some((Agreed, Any))),
        ("不同意", Some((Refused, Any))),
        ("已退订", Some((Refused, Any))),
        ("短信退订", Some((Refused, Other))),
        ("同意日期", Some((Circumstance, Any))),
        ("WhatsApp同意", Some((Agreed, WhatsApp))),
        ("メール配信停止", Some((Refused, Other))),
        ("電話不可", Some((Refused, Phone))),
        ("마케팅 수신동의", Some((Agreed, Any))),
        ("수신거부", Some((Refused, Any))),
        ("Adopted on", None),
        ("Agreement number", None),
        ("Optional notes", None),
        ("Nome", None),
        ("No WhatsApp", None),
        ("Notizen", None),
        ("Data", None),
    ] {
        let found = consent_question(header).map(|asks| (asks, consent_way(header)));
        assert_eq!(found, expected, "{header}");
    }
}

#[test]
fn an_answer_is_understood_in_every_language() {
    use ConsentAnswer::*;
    for (value, expected) in [
        ("Sí", Yes),
        ("SIM", Yes),
        ("Evet", Yes),
        ("ДА", Yes),
        ("так", Yes),
        ("نعم", Yes),
        ("بله", Yes),
        ("כן", Yes),
        ("हाँ", Yes),
        ("হ্যাঁ", Yes),
        ("ya", Yes),
        ("có", Yes),
        ("ใช่", Yes),
        ("是", Yes),
        ("はい", Yes),
        ("예", Yes),
        ("WAHR", Yes),
        ("Yes, I agree", Yes),
        ("✔\u{fe0f}", Yes),
        ("Não", No),
        ("HAYIR", No),
        ("нет", No),
        ("ні", No),
        ("لا", No),
        ("خیر", No),
        ("לא", No),
        ("नहीं", No),
        ("না", No),
        ("tidak", No),
        ("không", No),
        ("ไม่ใช่", No),
        ("否", No),
        ("いいえ", No),
        ("아니요", No),
        ("FAUX", No),
        ("No, thanks", Refused),
        ("Подписан", Agreed),
        ("同意する", Agreed),
        ("NEVER_SUBSCRIBED", Refused),
        ("отписан", Refused),
        ("已退订", Refused),
        ("không đồng ý", Refused),
        ("Yes, but only by e-mail", Other),
        ("Yes (revoked)", Refused),
        ("yes, unsubscribed later", Refused),
        ("Yes, but no calls", Refused),
        ("ja nein", Refused),
        ("Yes/No", Refused),
        ("☐ yes", Refused),
        ("Yes (pending confirmation)", Other),
        ("yes?", Other),
        ("Yes, by email", Other),
        ("ja, nur E-Mail", Other),
        ("on hold", Other),
        ("Subscribed (email)", Other),
        ("not yet", Other),
        ("Yes (WhatsApp)", Yes),
        ("Yes - WhatsApp and email", Yes),
        ("Yes 2024-01-05", Yes),
        ("yes since 2024-01-05T10:00Z", Yes),
        ("Yes via form", Yes),
        ("1.0", Yes),
        ("1,0", Yes),
        ("Ok", Yes),
        ("checked", Yes),
        ("👍", Yes),
        ("0.0", No),
        ("nope", No),
        ("no (2024-01-05)", No),
        ("2024-01-05 (revoked)", Refused),
        ("STOP", Refused),
        ("no thanks", Refused),
        ("cancelled", Refused),
        ("Opted out on 2024-01-05", Refused),
        ("Unsubscribed (2024-01-05)", Refused),
        ("❌ no", No),
        ("pending", Other),
        ("Double opt-in sent", Other),
        ("n/a", Nothing),
        ("-", Nothing),
        ("0000-00-00", Nothing),
        ("1900-01-00", Nothing),
        ("1/0/1900", Nothing),
        ("31/12/1899", Nothing),
        ("30/12/1899", Nothing),
        ("1899-12-30T00:00:00", Nothing),
        ("1970-01-01", Nothing),
        ("0000-00-00 00:00:00", Nothing),
        ("2024-01-05", Moment),
    ] {
        assert_eq!(consent_answer(value), expected, "{value}");
    }
}
