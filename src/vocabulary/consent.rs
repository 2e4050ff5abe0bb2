//! What headers and cells say about being contacted. The words are in `consent.txt`.
//!
//! Owns how a question of consent, the way it speaks of and an answer are recognised. What they come to is for the
//! mapping.

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
    /// No answer.
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

struct ConsentIndex {
    /// Keys of what headers begin with.
    refused: Vec<String>,
    agreed: Vec<String>,
    /// Keys of words, by their section.
    words: HashMap<&'static str, HashSet<String>>,
    /// Answers by their keys; marks as they are.
    answers: HashMap<String, ConsentAnswer>,
}

static INDEX: LazyLock<ConsentIndex> = LazyLock::new(|| {
    let mut index = ConsentIndex {
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

fn is_in(section: &str, word: &str) -> bool {
    let known = INDEX.words.get(section);
    known.is_some_and(|known| known.contains(word))
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
        // U+FE0F only asks for the emoji form of a mark.
        true => text.trim().trim_end_matches('\u{fe0f}').to_owned(),
        false => key,
    }
}

/// What a header asks; `None` where it is not one of consent.
pub(crate) fn consent_question(header: &str) -> Option<ConsentQuestion> {
    let header = HeaderWords::of(header);
    let begins = |beginnings: &[String]| beginnings.iter().any(|text| header.says(text));
    if begins(&INDEX.refused) || begins(&INDEX.agreed) && header.takes_back() {
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
    let header = HeaderWords::of(header);
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
    if let Some(answer) = of_number(value) {
        answer
    } else if let Some(answer) = INDEX.answers.get(&text) {
        believed(*answer, value)
    } else if is_nothing(value) || text == "unknown" || is_zeros(&text) || is_no_date(value) {
        ConsentAnswer::Nothing
    } else if is_moment(value) {
        ConsentAnswer::Moment
    } else {
        of_words(value)
    }
}

/// Whether a value is a word that is known, and not free text that may be about somebody.
pub(crate) fn is_word_of_consent(value: &str) -> bool {
    let text = comparable(value);
    is_in("awaited", &text)
        || INDEX.answers.contains_key(&text)
        || of_number(value).is_some()
        || is_nothing(value)
        || text == "unknown"
        || is_zeros(&text)
        || value.chars().count() <= LONGEST_MOMENT && is_moment(value)
}

/// `2024-01-05T10:00:00.000Z` and a little more.
const LONGEST_MOMENT: usize = 32;

/// `1.0` and `0,0`, which a program makes of the 1 and 0 of a column that has blanks.
fn of_number(value: &str) -> Option<ConsentAnswer> {
    let (whole, decimals) = value.trim().split_once(['.', ','])?;
    let is_whole = !decimals.is_empty() && is_zeros(decimals);
    match whole {
        "1" if is_whole => Some(ConsentAnswer::Yes),
        "0" if is_whole => Some(ConsentAnswer::No),
        _ => None,
    }
}

/// An answer, unless there is a question mark or the mark of a no beside a yes: `yes?`, `☐ yes`.
fn believed(answer: ConsentAnswer, value: &str) -> ConsentAnswer {
    let is_no = |mark: char| {
        !mark.is_alphanumeric() && INDEX.answers.get(&mark.to_string()) == Some(&ConsentAnswer::No)
    };
    match answer {
        ConsentAnswer::Yes | ConsentAnswer::Agreed if value.contains(is_no) => {
            ConsentAnswer::Refused
        }
        ConsentAnswer::Yes | ConsentAnswer::Agreed | ConsentAnswer::No
            if value.contains(['?', '？', '؟']) =>
        {
            ConsentAnswer::Other
        }
        answer => answer,
    }
}

/// `Yes, I agree` and `No (2024-01-05)`; not `Yes (revoked)` or `Yes, by e-mail`. A yes with a word behind it that is
/// not known to be harmless is not a yes, and one word of refusal outweighs all others.
fn of_words(value: &str) -> ConsentAnswer {
    // A capital begins no word here: `WhatsApp`.
    let words = words(&value.to_lowercase());
    let (answer, rest) = beginning(&words);
    let refuses = || {
        (0..words.len()).any(|at| {
            #[expect(clippy::indexing_slicing, reason = "at is below the length")]
            let from = &words[at..];
            matches!(
                beginning(from).0,
                Some(ConsentAnswer::No | ConsentAnswer::Refused)
            )
        })
    };
    match answer {
        Some(ConsentAnswer::Refused) => ConsentAnswer::Refused,
        Some(answer) if are_harmless(rest) => believed(answer, value),
        _ if refuses() => ConsentAnswer::Refused,
        _ => ConsentAnswer::Other,
    }
}

/// The answer that words begin with, and the words behind it. A single letter or digit says something only by itself.
fn beginning(words: &[String]) -> (Option<ConsentAnswer>, &[String]) {
    const MOST: usize = 4;
    // The longest beginning counts: a shorter one may be only a part of it.
    let longest = (1..=MOST.min(words.len())).rev();
    let mut answers = longest.filter_map(|count| {
        let (first, rest) = words.split_at_checked(count)?;
        let first = first.concat();
        let answer = INDEX.answers.get(&first).filter(|_| first.len() > 1)?;
        Some((*answer, rest))
    });
    answers
        .next()
        .map_or((None, words), |(answer, rest)| (Some(answer), rest))
}

/// Whether words behind an answer take nothing from it: a moment, what is agreed to, WhatsApp. Another way is fine
/// beside it.
fn are_harmless(words: &[String]) -> bool {
    let applies = words.iter().any(|word| is_in("this-way", word));
    words.iter().all(|word| {
        let letters = word.trim_matches(|c: char| c.is_ascii_digit());
        letters.is_empty()
            || is_in("of-a-moment", letters)
            || is_in("harmless", word)
            || is_in("this-way", word)
            || applies && is_in("other-way", word)
    })
}

/// The date that programs write for no date: day 0 or 1 of Excel's and SQL Server's calendar, of Unix, of .NET.
fn is_no_date(value: &str) -> bool {
    let groups = value.split(|c: char| !c.is_ascii_digit());
    let numbers: Vec<u32> = groups.filter_map(|group| group.parse().ok()).collect();
    let is_year_first = value.trim().bytes().take_while(u8::is_ascii_digit).count() == 4;
    let (year, one, other) = match (numbers.as_slice(), is_year_first) {
        ([year, one, other, ..], true) | ([one, other, year, ..], false) => (*year, *one, *other),
        _ => return false,
    };
    // Files differ in which of month and day is first; none of these dates needs it.
    matches!(
        (year, one.min(other), one.max(other)),
        (0, 0, 0) | (1 | 1900 | 1970, 1, 1) | (1900, 0, 1) | (1899, 12, 30 | 31)
    )
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
    (digits >= OF_SECONDS || digits >= 3 && is_parted)
        && words.all(|word| is_in("of-a-moment", &key(word)))
}

/// A header has no more words than this before those that matter.
const MOST_WORDS: usize = 24;

/// The words of a header, and what they are run together.
struct HeaderWords {
    words: Vec<String>,
    whole: String,
}

impl HeaderWords {
    fn of(header: &str) -> HeaderWords {
        let mut words = words(header);
        words.truncate(MOST_WORDS);
        let whole = words.concat();
        HeaderWords { words, whole }
    }

    /// Whether one of its words takes a consent back: `Consent Withdrawn`, `Opt-in Revoked`.
    fn takes_back(&self) -> bool {
        let refuses = |word: &String| INDEX.answers.get(word) == Some(&ConsentAnswer::Refused);
        self.words.iter().any(refuses)
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
