//! What words say of a phone: its kind, whose it is, or that it is a fax.
//!
//! Owns how a header or a label is understood from its words, in any order and language. The words are in `phones.txt`.

use std::collections::HashMap;
use std::sync::LazyLock;

use super::file::sections;
use crate::text::words;

/// Kinds of phones, the likeliest to have WhatsApp first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum PhoneKind {
    Whatsapp,
    Mobile,
    /// The main phone, or one of which nothing is said.
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
    /// A remark that changes nothing.
    Note,
}

/// Whose phone words speak of, where it must not be sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Whose {
    /// A fax's or a pager's.
    Fax,
    /// Somebody else's.
    Stranger,
    /// An old or an alternative one.
    Outdated,
}

/// What a header says of the phones below it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Column {
    /// The contact's phone of this kind.
    Phone {
        /// The likeliest of the kinds that it names.
        kind: PhoneKind,
        /// The least likely of the others: `Work Mobile` comes after `Mobile`.
        nuance: PhoneKind,
    },
    /// Numbers that are never sent, nor guessed.
    Never(Whose),
    /// Nothing that is known for sure.
    Unknown,
}

const FILE: &str = include_str!("phones.txt");

/// Words up to this number may have a meaning together: `số điện thoại di động`.
const LONGEST_PHRASE: usize = 4;

struct Index {
    /// By the words as they are compared, one space between them.
    phrases: HashMap<String, PhoneWord>,
    /// Beginnings of words, the longest first.
    stems: Vec<(String, PhoneWord)>,
}

static INDEX: LazyLock<Index> = LazyLock::new(|| {
    let mut index = Index {
        phrases: HashMap::new(),
        stems: Vec::new(),
    };
    for section in sections(FILE) {
        let Some(meaning) = meaning(section.name) else {
            continue;
        };
        for word in section.words() {
            match word.strip_suffix('*') {
                Some(stem) => index.stems.push((words(stem).join(" "), meaning)),
                None => drop(index.phrases.insert(words(word).join(" "), meaning)),
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
    phrase(&words).or_else(|| match words.as_slice() {
        [only] => stem(only),
        _ => None,
    })
}

/// What a header says of the phones below it. A word that is not known makes it unknown, unless another says that such a
/// phone is never sent.
pub(crate) fn column(header: &str) -> Column {
    let said = Said::of(header);
    match (said.never, said.is_phone && said.unknown == 0) {
        (Some(whose), _) => Column::Never(whose),
        (None, false) => Column::Unknown,
        (None, true) => {
            let kind = said.kinds.iter().min().copied();
            let others = said.kinds.iter().filter(|other| Some(**other) != kind);
            Column::Phone {
                kind: kind.unwrap_or(PhoneKind::Primary),
                nuance: others.max().copied().unwrap_or(PhoneKind::Whatsapp),
            }
        }
    }
}

/// The kind of phone that a label beside a number names (`Mobile`, `İş faksı`, `Tel. privat`), and whose it is where it must
/// not be sent. A blank label says nothing, an unknown one is ranked last.
pub(crate) fn label_kind(label: &str) -> Result<PhoneKind, Whose> {
    let said = Said::of(label);
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

/// All that the words of a text say.
#[derive(Default)]
struct Said {
    never: Option<Whose>,
    kinds: Vec<PhoneKind>,
    is_phone: bool,
    unknown: usize,
}

/// A text with more bytes than this is no header and no label, and is not searched for words.
const LONGEST: usize = 200;

impl Said {
    fn of(text: &str) -> Said {
        let mut said = Said::default();
        if text.len() > LONGEST {
            said.unknown = 1;
            return said;
        }
        let words = words(text);
        let mut rest = words.as_slice();
        while let Some((first, behind)) = rest.split_first() {
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

    fn note(&mut self, word: PhoneWord) {
        match word {
            PhoneWord::Kind(kind) => {
                self.is_phone |= matches!(kind, PhoneKind::Whatsapp | PhoneKind::Mobile);
                self.kinds.push(kind);
            }
            PhoneWord::Phone => self.is_phone = true,
            PhoneWord::Fax => self.never = Some(Whose::Fax),
            PhoneWord::Stranger => self.never = self.never.or(Some(Whose::Stranger)),
            PhoneWord::Outdated => self.never = self.never.or(Some(Whose::Outdated)),
            PhoneWord::Number | PhoneWord::Own | PhoneWord::Note => {}
        }
    }
}

fn phrase(words: &[String]) -> Option<PhoneWord> {
    match words {
        [only] => INDEX.phrases.get(only.as_str()).copied(),
        several => INDEX.phrases.get(several.join(" ").as_str()).copied(),
    }
}

fn stem(word: &str) -> Option<PhoneWord> {
    let mut stems = INDEX.stems.iter();
    stems
        .find(|(stem, _)| word.starts_with(stem.as_str()))
        .map(|(_, meaning)| *meaning)
}

/// A shorter word of letters that come in pairs of vowel and consonant is part of too many others.
const SHORTEST_PART: usize = 3;

/// The known words that a word is wholly made of: `mobilephone`, `家庭传真`. Each part is the longest that is known.
fn joined(word: &str) -> Option<Vec<PhoneWord>> {
    let mut parts = Vec::new();
    let mut rest = word;
    while !rest.is_empty() {
        let ends = rest.char_indices().map(|(at, c)| at + c.len_utf8()).rev();
        let longest = ends
            .filter_map(|end| rest.split_at_checked(end))
            .filter(|(part, _)| !part.is_ascii() || part.len() >= SHORTEST_PART || is_number(part))
            .find_map(|(part, tail)| Some((*INDEX.phrases.get(part)?, tail)));
        let (part, tail) = longest?;
        parts.push(part);
        rest = tail;
    }
    Some(parts)
}

/// `no` and `nr` end many a word: `telefonnr`, `mobileno`.
fn is_number(part: &str) -> bool {
    INDEX.phrases.get(part) == Some(&PhoneWord::Number)
}
