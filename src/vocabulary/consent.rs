//! What headers and cells say about being contacted. The words are in `consent.txt`.
//!
//! Owns how a question of consent, the way it speaks of and an answer are recognised. What they come to is for the mapping.

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use super::file::sections;
use super::is_nothing;
use super::phones::{PhoneKind, PhoneWord, phone_word};
use crate::text::{key, words};

/// What the values of a column of consent mean.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ConsentQuestion {
    /// Whether they agreed: only a yes is a yes.
    Agreed,
    /// Whether they refused: yes says no, and blank says nothing.
    Refused,
    /// Since when they refuse: any moment says no.
    RefusedSince,
    /// When and from where they answered: nothing says no.
    Circumstance,
}

/// By which way a column of consent lets people be contacted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ConsentWay {
    /// WhatsApp.
    WhatsApp,
    /// The phone: calls, or any use of the number.
    Phone,
    /// Every way, or none in particular.
    Any,
    /// Only e-mail, text messages, letters: nothing that is sent here.
    Other,
}

/// What the value of a column of consent is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum ConsentAnswer {
    /// There is none.
    Nothing,
    /// Yes, whatever was asked.
    Yes,
    /// No, whatever was asked.
    No,
    /// They agreed.
    Agreed,
    /// They refused.
    Refused,
    /// A date, where whether is asked: since when.
    Moment,
    /// A word that is not known.
    Other,
}

const FILE: &str = include_str!("consent.txt");

struct Index {
    /// Keys of what headers begin with.
    refused: Vec<String>,
    agreed: Vec<String>,
    /// Keys of words, by their section.
    words: HashMap<&'static str, HashSet<String>>,
    /// Answers by their keys; marks as they are.
    answers: HashMap<String, ConsentAnswer>,
}

static INDEX: LazyLock<Index> = LazyLock::new(|| {
    let mut index = Index {
        refused: Vec::new(),
        agreed: Vec::new(),
        words: HashMap::new(),
        answers: HashMap::new(),
    };
    for section in sections(FILE) {
        let keys = || section.words().map(key);
        if let Some(answer) = answer_named(section.name) {
            let texts = section.words().map(comparable);
            index.answers.extend(texts.map(|text| (text, answer)));
            continue;
        }
        match section.name {
            "asks-refused" => index.refused.extend(keys()),
            "asks-agreed" => index.agreed.extend(keys()),
            name => index.words.entry(name).or_default().extend(keys()),
        }
    }
    index
});

/// The words of an answer, for tests that try all of them.
#[cfg(test)]
pub(crate) fn words_of_answer(section: &str) -> Vec<&'static str> {
    super::file::words_in(FILE, section)
}

/// The answer that a section has the words of.
pub(super) fn answer_named(section: &str) -> Option<ConsentAnswer> {
    Some(match section {
        "yes" => ConsentAnswer::Yes,
        "no" => ConsentAnswer::No,
        "agreed" => ConsentAnswer::Agreed,
        "refused" => ConsentAnswer::Refused,
        _ => return None,
    })
}

/// The key of an answer; of a mark, which has no letter, the mark.
pub(super) fn comparable(text: &str) -> String {
    let key = key(text);
    match key.is_empty() {
        true => text.trim().trim_end_matches('\u{fe0f}').to_owned(),
        false => key,
    }
}

/// What a header asks; `None` where it is not one of consent.
pub(crate) fn consent_question(header: &str) -> Option<ConsentQuestion> {
    let header = Header::of(header);
    let begins = |beginnings: &[String]| beginnings.iter().any(|text| header.says(text));
    if begins(&INDEX.refused) {
        Some(match () {
            () if header.is_about("moment") => ConsentQuestion::RefusedSince,
            () if header.is_about("circumstance") => ConsentQuestion::Circumstance,
            () => ConsentQuestion::Refused,
        })
    } else if begins(&INDEX.agreed) {
        let terms = ["moment", "circumstance", "terms"];
        let is_around = terms.iter().any(|section| header.is_about(section));
        Some(match is_around {
            true => ConsentQuestion::Circumstance,
            false => ConsentQuestion::Agreed,
        })
    } else {
        None
    }
}

/// The way that a header of consent speaks of; of several the nearest to WhatsApp.
pub(crate) fn consent_way(header: &str) -> ConsentWay {
    let header = Header::of(header);
    let phone_words = || header.words.iter().filter_map(|word| phone_word(word));
    let is_whatsapp = |word| word == PhoneWord::Kind(PhoneKind::Whatsapp);
    let is_phone = |word| matches!(word, PhoneWord::Phone | PhoneWord::Kind(PhoneKind::Mobile));
    if header.whole.contains("whatsapp") || phone_words().any(is_whatsapp) {
        ConsentWay::WhatsApp
    } else if header.has("calls") || phone_words().any(is_phone) {
        ConsentWay::Phone
    } else if header.has("other-way") || phone_words().any(|word| word == PhoneWord::Fax) {
        ConsentWay::Other
    } else {
        ConsentWay::Any
    }
}

/// What a value says.
pub(crate) fn consent_answer(value: &str) -> ConsentAnswer {
    let text = comparable(value);
    if let Some(answer) = INDEX.answers.get(&text) {
        *answer
    } else if is_nothing(value) || text == "unknown" || is_zeros(&text) {
        ConsentAnswer::Nothing
    } else if is_moment(value) {
        ConsentAnswer::Moment
    } else {
        first_word(value)
    }
}

/// `Yes, I agree` and `No, thanks`; not `Yes, but only by e-mail`.
fn first_word(value: &str) -> ConsentAnswer {
    const LIMITS: [&str; 6] = ["but", "only", "not", "except", "no", "unless"];
    let words = words(value);
    let first = words.first().filter(|first| first.len() > 1);
    let answer = first.and_then(|first| INDEX.answers.get(first)).copied();
    let is_limited = || {
        words
            .iter()
            .skip(1)
            .any(|word| LIMITS.contains(&word.as_str()))
    };
    match answer {
        Some(ConsentAnswer::Yes) if !is_limited() => ConsentAnswer::Yes,
        Some(ConsentAnswer::No) if value.contains(',') => ConsentAnswer::No,
        _ => ConsentAnswer::Other,
    }
}

/// `0000-00-00`, as MySQL writes a date that is not there.
fn is_zeros(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte == b'0')
}

/// `2024-01-05T10:00Z`, `5.1.24`, `Jan 5, 2024`, `1704412800`; not `2024-01-05 (revoked)`.
fn is_moment(value: &str) -> bool {
    const OF_SECONDS: usize = 8;
    let digits = value.chars().filter(char::is_ascii_digit).count();
    let is_parted = value.trim().chars().any(|c| !c.is_ascii_digit());
    let mut words = value
        .split(|c: char| !c.is_alphabetic())
        .filter(|word| !word.is_empty());
    let known = INDEX.words.get("of-a-moment");
    (digits >= OF_SECONDS || digits >= 3 && is_parted)
        && words.all(|word| known.is_some_and(|known| known.contains(&key(word))))
}

/// A header has no more words than this before those that matter.
const MOST_WORDS: usize = 24;

/// The words of a header, and what they are run together.
struct Header {
    words: Vec<String>,
    whole: String,
}

impl Header {
    fn of(header: &str) -> Header {
        let mut words = words(header);
        words.truncate(MOST_WORDS);
        let whole = words.concat();
        Header { words, whole }
    }

    /// Whether these words begin at one of its own.
    fn says(&self, beginning: &str) -> bool {
        if is_unspaced(beginning) {
            return self.whole.contains(beginning);
        }
        let mut rest = self.whole.as_str();
        self.words.iter().any(|word| {
            let begins = rest.starts_with(beginning);
            rest = rest.strip_prefix(word.as_str()).unwrap_or(rest);
            begins
        })
    }

    /// Whether one of its words, or two that belong together, are in a section.
    fn has(&self, section: &str) -> bool {
        let Some(known) = INDEX.words.get(section) else {
            return false;
        };
        let pairs = self.words.iter().zip(self.words.iter().skip(1));
        self.words.iter().any(|word| known.contains(word))
            || pairs
                .map(|(one, two)| format!("{one}{two}"))
                .any(|pair| known.contains(&pair))
            || known
                .iter()
                .any(|word| is_inside(word) && self.whole.contains(word.as_str()))
    }

    /// Whether it ends with a word of a section; or begins with one, as most languages say `date of consent`.
    fn is_about(&self, section: &str) -> bool {
        const SHORTEST_FIRST: usize = 4;
        let Some(known) = INDEX.words.get(section) else {
            return false;
        };
        let first = self
            .words
            .first()
            .filter(|first| first.chars().count() >= SHORTEST_FIRST);
        let is_known = |word: &String| known.contains(word);
        let ends = |word: &&String| is_unspaced(word) && self.whole.ends_with(word.as_str());
        self.words.last().is_some_and(is_known)
            || first.is_some_and(is_known)
            || known.iter().any(|word| ends(&word))
    }
}

/// Thai and the scripts of East Asia have no spaces between words.
fn is_unspaced(word: &str) -> bool {
    word.starts_with(
        |c| matches!(c, '\u{E00}'..='\u{E7F}' | '\u{1100}'..='\u{11FF}' | '\u{2E80}'..='\u{D7FF}'),
    )
}

/// Such words are found inside others, too: `HASOPTEDOUTOFEMAIL`.
fn is_inside(word: &str) -> bool {
    is_unspaced(word) || ["email", "newsletter"].contains(&word)
}
