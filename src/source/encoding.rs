//! The encoding of an input: named by the user, by its byte order mark, or guessed.
//!
//! Owns the names and the guess. With `decoding` and `small_text`, the only home of encoding_rs and chardetng. Reads nothing itself.

use std::collections::HashSet;
use std::fmt;
use std::str::FromStr;

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{MACINTOSH, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};

use super::rest::Rest;
use crate::mapping::nearest;

/// An encoding of the WHATWG's Encoding Standard.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Encoding(pub(super) &'static encoding_rs::Encoding);

/// A label that is not the name of an encoding.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "\"{label}\" is no encoding{}",
    .nearest.map_or_else(
        || ": write one such as utf-8, utf-16le, windows-1252 or shift_jis".to_owned(),
        |name| format!(" (did you mean {name}?)"),
    )
)]
pub(crate) struct UnknownEncoding {
    /// What was written.
    pub(crate) label: String,
    /// The one that was probably meant.
    pub(crate) nearest: Option<&'static str>,
}

/// The names that a slip is compared with, as they are announced; and what people call an encoding that the standard
/// does not.
const NAMES: [(&str, &str); 46] = [
    ("utf-8", "utf-8"),
    ("utf-16le", "utf-16le"),
    ("utf-16be", "utf-16be"),
    ("utf16", "utf-16le"),
    ("windows-1250", "windows-1250"),
    ("windows-1251", "windows-1251"),
    ("windows-1252", "windows-1252"),
    ("windows-1253", "windows-1253"),
    ("windows-1254", "windows-1254"),
    ("windows-1255", "windows-1255"),
    ("windows-1256", "windows-1256"),
    ("windows-1257", "windows-1257"),
    ("windows-1258", "windows-1258"),
    ("windows-874", "windows-874"),
    ("cp1252", "windows-1252"),
    ("ansi", "windows-1252"),
    ("iso-8859-1", "windows-1252"),
    ("latin-1", "windows-1252"),
    ("iso-8859-2", "iso-8859-2"),
    ("iso-8859-3", "iso-8859-3"),
    ("iso-8859-4", "iso-8859-4"),
    ("iso-8859-5", "iso-8859-5"),
    ("iso-8859-6", "iso-8859-6"),
    ("iso-8859-7", "iso-8859-7"),
    ("iso-8859-8", "iso-8859-8"),
    ("iso-8859-9", "windows-1254"),
    ("iso-8859-10", "iso-8859-10"),
    ("iso-8859-11", "windows-874"),
    ("iso-8859-13", "iso-8859-13"),
    ("iso-8859-14", "iso-8859-14"),
    ("iso-8859-15", "iso-8859-15"),
    ("iso-8859-16", "iso-8859-16"),
    ("ibm866", "ibm866"),
    ("koi8-r", "koi8-r"),
    ("koi8-u", "koi8-u"),
    ("macintosh", "macintosh"),
    ("macroman", "macintosh"),
    ("x-mac-cyrillic", "x-mac-cyrillic"),
    ("shift_jis", "shift_jis"),
    ("cp932", "shift_jis"),
    ("euc-jp", "euc-jp"),
    ("iso-2022-jp", "iso-2022-jp"),
    ("euc-kr", "euc-kr"),
    ("gbk", "gbk"),
    ("gb18030", "gb18030"),
    ("big5", "big5"),
];

impl FromStr for Encoding {
    type Err = UnknownEncoding;

    fn from_str(label: &str) -> Result<Encoding, UnknownEncoding> {
        let spelled = |name: &str| folded(name) == folded(label);
        let by_label = || labelled(label);
        let by_name = || {
            let named = NAMES.iter().find(|(name, _)| spelled(name));
            named.and_then(|(_, known)| labelled(known))
        };
        by_label().or_else(by_name).ok_or_else(|| UnknownEncoding {
            label: label.to_owned(),
            nearest: nearest(label, NAMES.map(|(name, _)| name)),
        })
    }
}

fn labelled(label: &str) -> Option<Encoding> {
    encoding_rs::Encoding::for_label_no_replacement(label.as_bytes()).map(Encoding)
}

fn folded(name: &str) -> String {
    let kept = name.chars().filter(char::is_ascii_alphanumeric);
    kept.map(|c| c.to_ascii_lowercase()).collect()
}

impl fmt::Display for Encoding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.name().to_ascii_lowercase())
    }
}

impl Encoding {
    /// What everything is in that says nothing else.
    pub(crate) const UTF_8: Encoding = Encoding(UTF_8);

    /// The encoding of an input that begins like this: its byte order mark decides, else what was named, else what the
    /// bytes look like. `None`: they do not look like text.
    pub(super) fn of(start: &[u8], rest: Rest, named: Option<Encoding>) -> Option<Encoding> {
        let marked = encoding_rs::Encoding::for_bom(start).map(|(encoding, _)| Encoding(encoding));
        match marked.or(named).or_else(|| wide(start)) {
            Some(known) => Some(known),
            None => by_bytes(start, rest),
        }
    }

    /// UTF-16, as its byte order mark or its bytes say.
    pub(super) fn wide(start: &[u8]) -> Option<Encoding> {
        let marked = encoding_rs::Encoding::for_bom(start).map(|(encoding, _)| Encoding(encoding));
        let wide = marked.map_or_else(|| wide(start), Some);
        wide.filter(|encoding| encoding.is_wide())
    }

    /// What texts without any mark look like, put together; `None` where they look like UTF-8, or not like text.
    pub(super) fn guess(texts: &[u8]) -> Option<Encoding> {
        by_bytes(texts, Rest::Buffered).filter(|guess| *guess != Encoding::UTF_8)
    }

    /// A short text; `None` where some of its bytes are not a character in this encoding.
    pub(super) fn text(self, bytes: &[u8]) -> Option<String> {
        let text = self
            .0
            .decode_without_bom_handling_and_without_replacement(bytes)?;
        // The standard gives bytes without a character those of C1, which no text has.
        let is_damaged =
            self.0.is_single_byte() && text.contains(|c| matches!(c, '\u{80}'..='\u{9f}'));
        (!is_damaged).then(|| text.into_owned())
    }

    /// Whether each byte below 0x80 is the character of ASCII, and never a part of another.
    pub(super) fn keeps_ascii(self) -> bool {
        self == Encoding::UTF_8 || self.0.is_single_byte()
    }

    pub(super) fn is_wide(self) -> bool {
        [UTF_16LE, UTF_16BE].contains(&self.0)
    }

    /// The encoding that Windows or the old Macintosh knows by this number, or one with its letters in the same places.
    pub(super) fn of_code_page(number: u16) -> Option<Encoding> {
        let label = match number {
            437 | 850 | 1252 | 20127 | 28591 | 32769 => "windows-1252",
            866 => "ibm866",
            874 | 10021 => "windows-874",
            932 | 10001 => "shift_jis",
            936 | 10008 => "gbk",
            949 | 10003 => "euc-kr",
            950 | 10002 => "big5",
            1250 => "windows-1250",
            1251 => "windows-1251",
            1253 => "windows-1253",
            1254 => "windows-1254",
            1255 | 10005 => "windows-1255",
            1256 | 10004 => "windows-1256",
            1257 => "windows-1257",
            1258 => "windows-1258",
            10000 | 32768 => "macintosh",
            10007 | 10017 => "x-mac-cyrillic",
            65001 => "utf-8",
            _ => return None,
        };
        labelled(label)
    }

    /// The characters of some bytes, U+FFFD for those that cannot be read.
    pub(super) fn decode(self, bytes: &[u8]) -> String {
        self.0.decode_without_bom_handling(bytes).0.into_owned()
    }
}

/// Code units at the start of an input that show whether it is UTF-16 without a mark.
const UNITS: usize = 512;

/// UTF-16 without its mark: many of the characters at its start are of ASCII (letters, digits, what separates the
/// columns), every other byte of them zero.
fn wide(start: &[u8]) -> Option<Encoding> {
    const FEWEST: usize = 4;
    let units = start.as_chunks::<2>().0;
    let units = units.get(..UNITS).unwrap_or(units);
    let little = units
        .iter()
        .filter(|[low, high]| *high == 0 && is_printed(*low));
    let big = units
        .iter()
        .filter(|[high, low]| *high == 0 && is_printed(*low));
    let (little, big) = (little.count(), big.count());
    // Characters such as U+4E00 look like one of the other order.
    let is_most = |own: usize, other: usize| own * 4 > units.len() && own > other * 4;
    match () {
        () if units.len() < FEWEST => None,
        () if is_most(little, big) => Some(Encoding(UTF_16LE)),
        () if is_most(big, little) => Some(Encoding(UTF_16BE)),
        () => None,
    }
}

fn is_printed(byte: u8) -> bool {
    matches!(byte, b' '..=b'~' | b'\t' | b'\r' | b'\n')
}

fn by_bytes(start: &[u8], rest: Rest) -> Option<Encoding> {
    let found = Utf8Evidence::in_bytes(start, rest);
    if found.strange == 0 {
        return Some(Encoding::UTF_8);
    }
    // Only after UTF-8 failed: text in UTF-8 may hold odd control characters and is still text.
    if is_binary(start) {
        return None;
    }
    let guess = guess(start, rest);
    Some(if found.looks_like_damaged_utf8(guess) {
        Encoding::UTF_8
    } else {
        guess
    })
}

/// What UTF-8 makes of some bytes, those of ASCII aside. What occurs again and again counts once: a word of another
/// encoding that happens to look like UTF-8 may be a common one.
struct Utf8Evidence {
    /// Characters of several bytes.
    characters: usize,
    /// Byte sequences that are not UTF-8.
    strange: usize,
    /// Whether there are more of the former, each time counted.
    mostly: bool,
}

impl Utf8Evidence {
    fn in_bytes(start: &[u8], rest: Rest) -> Utf8Evidence {
        let (mut characters, mut strange) = (HashSet::new(), HashSet::new());
        let (mut valid, mut invalid) = (0, 0);
        let mut chunks = start.utf8_chunks().peekable();
        while let Some(chunk) = chunks.next() {
            let wide = chunk.valid().chars().filter(|c| !c.is_ascii());
            valid += wide.clone().count();
            characters.extend(wide);
            // The last character may go on behind what was looked at.
            let is_last = chunks.peek().is_none() && rest == Rest::Beyond;
            // The look-ahead may end within a character, which would make UTF-8 look damaged.
            let is_cut = is_last && begins_a_character(chunk.invalid());
            if !chunk.invalid().is_empty() && !is_cut {
                invalid += 1;
                strange.insert(chunk.invalid());
            }
        }
        Utf8Evidence {
            characters: characters.len(),
            strange: strange.len(),
            mostly: valid > invalid,
        }
    }

    /// Text of another encoding rarely holds what is a character in UTF-8 (no word has Ã©), unless its own
    /// characters have several bytes, too. Where a file has both, damaged cells are rejected but wrong ones would be
    /// sent.
    fn looks_like_damaged_utf8(&self, guess: Encoding) -> bool {
        let weight = if guess.0.is_single_byte() { 10 } else { 1 };
        self.mostly || self.characters > 0 && self.characters * weight >= self.strange
    }
}

fn begins_a_character(bytes: &[u8]) -> bool {
    std::str::from_utf8(bytes).is_err_and(|error| error.error_len().is_none())
}

/// Control characters that no text has, one in a hundred bytes.
fn is_binary(start: &[u8]) -> bool {
    let control = |byte: &&u8| matches!(**byte, 0..=8 | 14..=26 | 28..=31);
    start.iter().filter(control).count() * 100 >= start.len()
}

/// Bytes that the guess is made of, from the first that is not ASCII on.
const SAMPLE: usize = 64 * 1024;

fn guess(start: &[u8], rest: Rest) -> Encoding {
    let first = start.iter().position(|byte| !byte.is_ascii());
    // The detector also judges by the character before, such as the letter that carries an accent.
    let from = first.unwrap_or_default().saturating_sub(16);
    let behind = start.get(from..).unwrap_or_default();
    let sample = behind.get(..SAMPLE).unwrap_or(behind);
    let is_whole = sample.len() == behind.len() && rest == Rest::Buffered;
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(sample, is_whole);
    let guess = detector.guess(None, Utf8Detection::Deny);
    match guess.is_single_byte() {
        // First of these: the detector does not know Macintosh and takes it for another encoding.
        true if is_of_an_old_mac(sample) => Encoding(MACINTOSH),
        true if reads_the_same(sample, guess, WINDOWS_1252) => Encoding(WINDOWS_1252),
        true if !is_central_european(guess) && holds_a_few_western_letters(sample) => {
            Encoding(WINDOWS_1252)
        }
        true | false => Encoding(guess),
    }
}

/// Encodings whose letters look like western ones byte by byte: a detector that sees them in words knows better.
fn is_central_european(guess: &'static encoding_rs::Encoding) -> bool {
    const NAMES: [&str; 6] = [
        "windows-1250",
        "windows-1257",
        "ISO-8859-2",
        "ISO-8859-4",
        "ISO-8859-13",
        "ISO-8859-16",
    ];
    NAMES.contains(&guess.name())
}

/// The letters with which western European names are written, in either case; without those
/// whose bytes are other letters in central Europe's encoding (`œ` is its `ś`).
const WESTERN: &str = "äëïöüáéíóúàèìòùâêîôûãõñçåæøßÿ";
/// Letters up to which this rule decides; with more the detector is reliable (the cases in this file's tests).
const FEW: usize = 12;

/// A detector has little to go by where there are one or two names with an accent: such letters, each between others of
/// ASCII, are taken for the commonest encoding.
fn holds_a_few_western_letters(sample: &[u8]) -> bool {
    let (text, _) = WINDOWS_1252.decode_without_bom_handling(sample);
    let mut lone = text
        .split(|c: char| c.is_ascii())
        .filter(|run| !run.is_empty());
    let is_western = |run: &str| {
        let mut letters = run.chars().flat_map(char::to_lowercase);
        run.chars().count() == 1 && letters.all(|letter| WESTERN.contains(letter))
    };
    lone.clone().count() <= FEW && lone.all(is_western)
}

/// A few letters may be the same in many encodings: then the commonest is named.
fn reads_the_same(
    sample: &[u8],
    one: &'static encoding_rs::Encoding,
    other: &'static encoding_rs::Encoding,
) -> bool {
    let text = |encoding: &'static encoding_rs::Encoding| {
        encoding.decode_without_bom_handling_and_without_replacement(sample)
    };
    text(one).is_some_and(|text_of_one| text(other) == Some(text_of_one))
}

/// Lines that end in lone carriage returns, and accents where the Macintosh had them (0x80 to 0x9F), not Windows (from
/// 0xC0 on). The detector does not know this one.
fn is_of_an_old_mac(sample: &[u8]) -> bool {
    let count = |low: u8, high: u8| {
        let within = |byte: &&u8| (low..=high).contains(*byte);
        sample.iter().filter(within).count()
    };
    sample.contains(&b'\r') && !sample.contains(&b'\n') && count(0x80, 0x9f) > count(0xa0, 0xff)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(start: &[u8]) -> String {
        Encoding::of(start, Rest::Buffered, None).map_or("none".to_owned(), |it| it.to_string())
    }

    fn encoded(text: &str, label: &str) -> Vec<u8> {
        let encoding: Encoding = label.parse().unwrap();
        encoding.0.encode(text).0.into_owned()
    }

    #[test]
    fn an_encoding_is_known_by_many_names() {
        for (label, name) in [
            ("UTF-8", "utf-8"),
            ("utf8", "utf-8"),
            ("windows-1252", "windows-1252"),
            ("Windows 1252", "windows-1252"),
            ("windows1252", "windows-1252"),
            ("cp1252", "windows-1252"),
            ("latin1", "windows-1252"),
            ("ANSI", "windows-1252"),
            ("Shift-JIS", "shift_jis"),
            ("sjis", "shift_jis"),
            ("UTF-16", "utf-16le"),
            ("utf_16be", "utf-16be"),
            ("macintosh", "macintosh"),
        ] {
            assert_eq!(label.parse::<Encoding>().unwrap().to_string(), name);
        }
    }

    #[test]
    fn every_name_names_an_encoding_and_is_announced_as_it_is() {
        for (name, known) in NAMES {
            let encoding: Encoding = name.parse().unwrap();
            assert_eq!(encoding.to_string(), known, "{name}");
        }
    }

    #[test]
    fn a_wrong_label_is_reported_with_the_nearest() {
        let message = |label: &str| label.parse::<Encoding>().unwrap_err().to_string();
        assert_eq!(
            message("windoes-1252"),
            "\"windoes-1252\" is no encoding (did you mean windows-1252?)"
        );
        assert!(message("klingon").contains("such as utf-8"));
        assert!(message("").contains("such as utf-8"));
    }

    #[test]
    fn one_accented_name_is_enough_for_the_commonest_encoding() {
        for name in [
            "Zoë",
            "José",
            "Jörg Müller",
            "François",
            "Ångström",
            "Nuñez",
            "Beyoncé",
            "Øystein",
        ] {
            let file = format!("name,phone\n{name},+919876543210\nBo,+919876543211\n");
            assert_eq!(
                of(&encoded(&file, "windows-1252")),
                "windows-1252",
                "{name}"
            );
        }
        let latvian = "name\nJānis Bērziņš\nLīga Kārkliņa\nĢirts Ozoliņš\n";
        assert_eq!(of(&encoded(latvian, "windows-1257")), "windows-1257");
        let mut damaged = "José,1\n".repeat(50).into_bytes();
        for byte in 0xe0..0xeb {
            damaged.extend([b'x', byte, b'x', b'\n']);
        }
        assert_eq!(
            of(&damaged),
            "utf-8",
            "damaged cells are better than wrong ones"
        );
        let polish = "name\nŁukasz Wiśniewski\nŻaneta Dąbrowska\nGrażyna Brzęczyszczykiewicz\n";
        assert_eq!(of(&encoded(polish, "windows-1250")), "windows-1250");
    }

    #[test]
    fn text_is_utf_8_unless_its_bytes_say_something_else() {
        let cases: [(&[u8], &str); 9] = [
            (b"", "utf-8"),
            (b"name,phone\nAnn,1\n", "utf-8"),
            ("name\nJos\u{e9}\n".as_bytes(), "utf-8"),
            (b"name\nJos\xe9,1\n", "windows-1252"),
            (b"\xef\xbb\xbfname\nJos\xe9,1\n", "utf-8"),
            (b"\xff\xfen\0", "utf-16le"),
            (b"\xfe\xff\0n", "utf-16be"),
            (b"n\0a\0m\0e\0;\0", "utf-16le"),
            (b"\0n\0a\0m\0e\0;", "utf-16be"),
        ];
        for (start, name) in cases {
            assert_eq!(of(start), name, "{start:?}");
        }
    }

    #[test]
    fn legacy_encodings_are_guessed() {
        for (text, name) in [
            ("Nom;Téléphone\nHélène Lefèvre;1\n", "windows-1252"),
            ("Имя;Телефон\nИван Петров;1\n", "windows-1251"),
            ("氏名,電話番号\n山田太郎,1\n鈴木花子,2\n", "shift_jis"),
            (
                "Jméno;Příjmení\nJiří;Dvořák\nŠtěpán;Kučera\n",
                "windows-1250",
            ),
            ("이름,전화\n김철수,1\n박영희,2\n", "euc-kr"),
        ] {
            assert_eq!(of(&encoded(text, name)), name);
        }
    }

    #[test]
    fn lone_carriage_returns_and_low_accents_are_of_an_old_mac() {
        assert_eq!(of(b"name;tel\rJos\x8e;1\r"), "macintosh");
        assert_eq!(of(b"name;tel\rJos\xe9;1\r"), "windows-1252");
    }

    #[test]
    fn a_single_letter_that_many_encodings_share_is_of_the_commonest() {
        assert_eq!(of(b"name,phone\nJ\xfcrg,1\n"), "windows-1252");
        assert_eq!(of(b"{\"name\":\"J\xfc\"}"), "windows-1252");
    }

    #[test]
    fn utf_8_with_a_few_damaged_cells_stays_utf_8() {
        let damaged = [b"name\nJos\xe9\n", "Zoë\nÅsa\n".as_bytes()].concat();
        assert_eq!(of(&damaged), "utf-8");
    }

    #[test]
    fn a_character_cut_by_the_look_ahead_is_not_damage() {
        let cut = &"name\nJosé".as_bytes()[..9];
        let seen = |rest| Encoding::of(cut, rest, None).unwrap();
        assert_eq!(seen(Rest::Beyond), Encoding::UTF_8);
        assert_ne!(seen(Rest::Buffered), Encoding::UTF_8);
    }

    #[test]
    fn what_is_named_beats_the_guess_and_a_mark_beats_both() {
        let named = "windows-1251".parse().ok();
        let of = |start: &[u8]| Encoding::of(start, Rest::Buffered, named).unwrap();
        assert_eq!(of(b"name\nJos\xe9").to_string(), "windows-1251");
        assert_eq!(of(b"\xef\xbb\xbfname"), Encoding::UTF_8);
    }

    #[test]
    fn bytes_that_are_not_text_are_reported() {
        let noise: Vec<u8> = (0..=255).cycle().take(2_000).collect();
        assert_eq!(of(&noise), "none");
    }
}
