//! What words say of a phone: its kind, whose it is, or that it is a fax.
//!
//! Owns how a header or a label is understood from its words, in any order and language. The words are in
//! `phones.txt`.

use std::collections::HashMap;
use std::sync::LazyLock;

use super::file::sections;
use crate::text::words;

/// Kinds of phones, the likeliest to have WhatsApp first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum PhoneKind {
    Whatsapp,
    Mobile,
    /// The main phone, or one whose kind is not given.
    Primary,
    Work,
    Home,
    Other,
}

/// What one word, or several that belong together, says of a phone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PhoneWord {
    /// It is a phone of this kind. For WhatsApp and mobiles the word alone says that it is a phone.
    Kind(PhoneKind),
    /// It is a phone.
    Phone,
    /// A number follows.
    Number,
    /// It is a fax or a pager.
    Fax,
    /// It is somebody else's.
    Stranger,
    /// It is no longer, or only secondly, the contact's.
    Outdated,
    /// It is the contact's own.
    Own,
    /// It is the calling code of a phone, and no phone.
    Code,
    /// A remark that changes nothing.
    Note,
}

/// Whose phone words speak of, where it must not be sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum WrongPhone {
    /// A fax's or a pager's.
    Fax,
    /// Somebody else's.
    Stranger,
    /// An old or an alternative one.
    Outdated,
}

/// What a header says of the phones below it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ColumnKind {
    /// The contact's phone of this kind.
    Phone {
        /// The likeliest of the kinds that it names.
        kind: PhoneKind,
        /// The least likely of the others: `Work Mobile` comes after `Mobile`.
        nuance: PhoneKind,
    },
    /// The calling codes of phones: of those of a kind, where it names one.
    Code(Option<PhoneKind>),
    /// Numbers that are never sent, nor guessed.
    Never(WrongPhone),
    /// Nothing that is known for sure.
    Unknown,
}

const FILE: &str = include_str!("phones.txt");

/// Words up to this number may have a meaning together: `số điện thoại di động`.
const LONGEST_PHRASE: usize = 4;

struct WordIndex {
    /// By the words as they are compared, one space between them.
    phrases: HashMap<String, KnownWord>,
    /// Beginnings of words, the longest first.
    stems: Vec<(String, KnownWord)>,
}

/// What a word says, and the languages that it says it in, a bit each. Words of different languages are one when they
/// are folded: `di` is of, in Italian, and an aunt in Vietnamese.
#[derive(Clone, Copy)]
struct KnownWord {
    word: PhoneWord,
    languages: Languages,
}

type Languages = u32;

/// The languages in the order in which the file names them first.
static LANGUAGES: LazyLock<Vec<&'static str>> = LazyLock::new(|| {
    let mut languages: Vec<&'static str> = Vec::new();
    for section in sections(FILE) {
        for line in section.lines {
            if !languages.contains(&line.key) {
                languages.push(line.key);
            }
        }
    }
    languages
});

fn language(key: &str) -> Languages {
    let at = LANGUAGES.iter().position(|known| *known == key);
    at.and_then(|at| 1_u32.checked_shl(u32::try_from(at).ok()?))
        .unwrap_or(Languages::MAX)
}

static INDEX: LazyLock<WordIndex> = LazyLock::new(|| {
    let mut index = WordIndex {
        phrases: HashMap::new(),
        stems: Vec::new(),
    };
    for section in sections(FILE) {
        let Some(word) = meaning(section.name) else {
            continue;
        };
        for line in &section.lines {
            let languages = language(line.key);
            for text in &line.words {
                let known = KnownWord { word, languages };
                match text.strip_suffix('*') {
                    Some(stem) => index.stems.push((words(stem).join(" "), known)),
                    // A word of two languages is known in both.
                    None => {
                        index
                            .phrases
                            .entry(words(text).join(" "))
                            .or_insert(known)
                            .languages |= languages
                    }
                }
            }
        }
    }
    index
        .stems
        .sort_by_key(|(stem, _)| std::cmp::Reverse(stem.len()));
    index
});

/// The meaning of a section.
pub(super) fn meaning(section: &str) -> Option<PhoneWord> {
    Some(match section {
        "phone" => PhoneWord::Phone,
        "number" => PhoneWord::Number,
        "fax" => PhoneWord::Fax,
        "stranger" => PhoneWord::Stranger,
        "outdated" => PhoneWord::Outdated,
        "own" => PhoneWord::Own,
        "note" => PhoneWord::Note,
        "code" => PhoneWord::Code,
        kind => PhoneWord::Kind(kind_named(kind)?),
    })
}

/// The kind that a section of a file is called by.
pub(super) fn kind_named(section: &str) -> Option<PhoneKind> {
    Some(match section {
        "whatsapp" => PhoneKind::Whatsapp,
        "mobile" => PhoneKind::Mobile,
        "main" | "phone" => PhoneKind::Primary,
        "work" => PhoneKind::Work,
        "home" => PhoneKind::Home,
        "other" => PhoneKind::Other,
        _ => return None,
    })
}

/// What a word says of a phone; several words are looked up as one phrase.
pub(crate) fn phone_word(text: &str) -> Option<PhoneWord> {
    let words = words(text);
    let known = phrase(&words).or_else(|| match words.as_slice() {
        [only] => stem(only),
        _ => None,
    });
    known.map(|known| known.word)
}

/// What a header says of the phones below it. A word that is not known makes it unknown, unless another says that such
/// a phone is never sent.
pub(crate) fn column(header: &str) -> ColumnKind {
    let said = TextWords::of(header);
    let is_understood = said.unknown == 0
        && said.languages != 0
        && (said.of_own == Languages::MAX || said.of_phones & said.of_own != 0);
    let names_a_phone = said.is_phone || !said.kinds.is_empty();
    match (said.never, is_understood) {
        (Some(whose), _) => ColumnKind::Never(whose),
        (None, true) if said.is_code && names_a_phone => {
            ColumnKind::Code(said.kinds.iter().min().copied())
        }
        (None, true) if said.is_phone && !said.is_code => {
            let kind = said.kinds.iter().min().copied();
            let others = said.kinds.iter().filter(|other| Some(**other) != kind);
            ColumnKind::Phone {
                kind: kind.unwrap_or(PhoneKind::Primary),
                nuance: others.max().copied().unwrap_or(PhoneKind::Whatsapp),
            }
        }
        (None, _) => ColumnKind::Unknown,
    }
}

/// The kind of phone that a label beside a number names (`Mobile`, `İş faksı`, `Tel. privat`), and whose it is where
/// it must not be sent. A blank label says nothing, an unknown one is ranked last.
pub(crate) fn label_kind(label: &str) -> Result<PhoneKind, WrongPhone> {
    let said = TextWords::of(label);
    match (said.never, said.kinds.iter().min()) {
        (Some(whose), _) => Err(whose),
        (None, Some(kind)) => Ok(*kind),
        (None, None) if said.unknown > 0 => Ok(PhoneKind::Other),
        (None, None) => Ok(PhoneKind::Primary),
    }
}

/// The words that alone are the header of a phone, as they are written.
pub(crate) fn phone_names() -> impl Iterator<Item = &'static str> {
    static NAMES: LazyLock<Vec<&'static str>> = LazyLock::new(|| {
        let alone = ["whatsapp", "mobile", "phone"];
        let sections = sections(FILE);
        let known = sections
            .iter()
            .filter(|section| alone.contains(&section.name));
        known
            .flat_map(|section| section.words())
            .map(|word| word.trim_end_matches('*'))
            .collect()
    });
    NAMES.iter().copied()
}

/// The words of a section, for tests that try all of them.
#[cfg(test)]
pub(crate) fn phone_words(section: &str) -> Vec<&'static str> {
    super::file::words_in(FILE, section)
}

/// What the words of a text mean together.
struct TextWords {
    never: Option<WrongPhone>,
    kinds: Vec<PhoneKind>,
    is_phone: bool,
    is_code: bool,
    unknown: usize,
    /// The languages that all the words are of; English words for a phone go with any.
    languages: Languages,
    /// Those of any word for a phone, and those that all words for the contact's own have.
    of_phones: Languages,
    of_own: Languages,
}

/// A text with more bytes than this is no header and no label, and is not searched for words.
const LONGEST: usize = 200;

impl TextWords {
    fn of(text: &str) -> TextWords {
        let mut said = TextWords {
            never: None,
            kinds: Vec::new(),
            is_phone: false,
            is_code: false,
            unknown: 0,
            languages: Languages::MAX,
            of_phones: 0,
            of_own: Languages::MAX,
        };
        if text.len() > LONGEST {
            // Unknown, so that it is taken for nothing.
            said.unknown = 1;
            return said;
        }
        let words = words(text);
        let mut rest = words.as_slice();
        while let Some((first, behind)) = rest.split_first() {
            // The longest phrase counts, so that no word of it is read alone.
            let longest = (1..=rest.len().min(LONGEST_PHRASE)).rev();
            let mut phrases = longest.filter_map(|length| rest.split_at_checked(length));
            let known = phrases.find_map(|(head, tail)| Some((phrase(head)?, tail)));
            if let Some((word, tail)) = known {
                said.note(word);
                rest = tail;
                continue;
            }
            said.note_word(first);
            rest = behind;
        }
        said
    }

    fn note_word(&mut self, word: &str) {
        if word.bytes().all(|byte| byte.is_ascii_digit()) {
            return;
        }
        match (stem(word), joined(word)) {
            (Some(known), _) => self.note(known),
            (None, Some(parts)) => parts.into_iter().for_each(|part| self.note(part)),
            (None, None) => self.unknown += 1,
        }
    }

    fn note(&mut self, known: KnownWord) {
        // English words for a phone are used in every language, so they do not narrow it down.
        let is_of_any = matches!(
            known.word,
            PhoneWord::Phone | PhoneWord::Kind(PhoneKind::Whatsapp | PhoneKind::Mobile)
        ) && known.languages & language("en") != 0;
        if !is_of_any {
            self.languages &= known.languages;
        }
        match known.word {
            PhoneWord::Own => self.of_own &= known.languages,
            PhoneWord::Phone | PhoneWord::Kind(PhoneKind::Mobile) => {
                self.of_phones |= known.languages;
            }
            PhoneWord::Kind(PhoneKind::Whatsapp) => self.of_phones = Languages::MAX,
            _ => {}
        }
        match known.word {
            PhoneWord::Kind(kind) => {
                self.is_phone |= matches!(kind, PhoneKind::Whatsapp | PhoneKind::Mobile);
                self.kinds.push(kind);
            }
            PhoneWord::Phone => self.is_phone = true,
            // A fax is a fax, no matter whose: this outweighs the two below.
            PhoneWord::Fax => self.never = Some(WrongPhone::Fax),
            PhoneWord::Stranger => self.never = self.never.or(Some(WrongPhone::Stranger)),
            PhoneWord::Outdated => self.never = self.never.or(Some(WrongPhone::Outdated)),
            PhoneWord::Code => self.is_code = true,
            PhoneWord::Number | PhoneWord::Own | PhoneWord::Note => {}
        }
    }
}

fn phrase(words: &[String]) -> Option<KnownWord> {
    match words {
        // Nothing is joined for one word.
        [only] => INDEX.phrases.get(only.as_str()).copied(),
        several => INDEX.phrases.get(several.join(" ").as_str()).copied(),
    }
}

fn stem(word: &str) -> Option<KnownWord> {
    let mut stems = INDEX.stems.iter();
    stems
        .find(|(stem, _)| word.starts_with(stem.as_str()))
        .map(|(_, meaning)| *meaning)
}

/// A shorter word is part of too many others: `tel` of `cartel`, `no` of `nonno`.
const SHORTEST_PART: usize = 3;
/// One of the parts of a word of Latin letters is a phone's word of at least this many letters.
const SHORTEST_PHONE: usize = 4;

/// The known words that a word is wholly made of: `mobilephone`, `家庭传真`. Each part is the longest that is known. Other
/// scripts part their words by spaces.
fn joined(word: &str) -> Option<Vec<KnownWord>> {
    let is_latin = word.is_ascii();
    if !is_latin && !word.chars().all(is_written_without_spaces) {
        return None;
    }
    let mut parts = Vec::new();
    let mut has_phone = !is_latin;
    let mut rest = word;
    while !rest.is_empty() {
        let ends = rest.char_indices().map(|(at, c)| at + c.len_utf8()).rev();
        let longest = ends
            .filter_map(|end| rest.split_at_checked(end))
            .filter(|(part, tail)| {
                !is_latin || part.len() >= SHORTEST_PART || tail.is_empty() && is_number(part)
            })
            .find_map(|(part, tail)| Some((*INDEX.phrases.get(part)?, part, tail)));
        let (known, part, tail) = longest?;
        has_phone |= part.len() >= SHORTEST_PHONE && says_what_it_is(known.word);
        parts.push(known);
        rest = tail;
    }
    has_phone.then_some(parts)
}

/// Chinese, Japanese, Korean and Thai.
fn is_written_without_spaces(c: char) -> bool {
    matches!(c, '\u{E00}'..='\u{E7F}' | '\u{3040}'..='\u{30FF}' | '\u{3400}'..='\u{9FFF}' | '\u{AC00}'..='\u{D7AF}')
}

fn says_what_it_is(word: PhoneWord) -> bool {
    matches!(
        word,
        PhoneWord::Phone
            | PhoneWord::Fax
            | PhoneWord::Kind(PhoneKind::Whatsapp | PhoneKind::Mobile)
    )
}

/// `no` and `nr` end many a word: `telefonnr`, `mobileno`.
fn is_number(part: &str) -> bool {
    let known = INDEX.phrases.get(part);
    known.is_some_and(|known| known.word == PhoneWord::Number)
}
