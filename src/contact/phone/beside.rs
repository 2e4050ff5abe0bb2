//! The words at both ends of a number in its cell: a name or a remark, which is taken off, or a word by which the
//! number must not be sent.
//!
//! Owns which words are harmless. The words are the vocabulary's; one that is not known makes the cell unreadable,
//! unless it is written as a name, because it may say that the number is not a phone.

use super::label::is_fax;
use super::unreadable::Unreadable;
use crate::vocabulary::{
    PhoneWord, WrongPhone, is_another_number, is_label, is_remark, label_kind, phone_word,
    says_not_to_call,
};

/// Whether a number is the only one of its cell: a name beside it is the contact's then.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Company {
    /// It is the only one.
    Alone,
    /// There are others, and a name may belong to any of them.
    Others,
}

/// The number between the words of a text, or what the words say against it. Letters inside the number are left for
/// others.
pub(super) fn without_words(text: &str, company: Company) -> Result<&str, Unreadable> {
    // Nearly no cell has letters.
    if !text.contains(char::is_alphabetic) {
        return Ok(text);
    }
    let Some((before, number, behind)) = around_number(text) else {
        return Ok(text);
    };
    let words = Words { number, company };
    words.judge(before, WordSide::Before)?;
    words.judge(behind, WordSide::Behind)?;
    let is_bare = !before.contains(char::is_alphabetic) && !behind.contains(char::is_alphabetic);
    Ok(if is_bare { text } else { number })
}

/// What the words at both ends of a number say against it. Before labels are taken off: an `A/C` ends with one.
pub(super) fn against_ends(text: &str) -> Option<Unreadable> {
    if !text.contains(char::is_alphabetic) {
        return None;
    }
    let (before, _, behind) = around_number(text)?;
    let mut ends = [before, behind].into_iter();
    ends.find_map(|words| {
        words
            .contains(char::is_alphabetic)
            .then(|| against(words))?
    })
}

/// What words without a number say against the numbers beside them.
pub(super) fn against(text: &str) -> Option<Unreadable> {
    if is_another_number(text) {
        return Some(Unreadable::Letters);
    }
    if says_not_to_call(text) {
        return Some(Unreadable::Outdated);
    }
    let rest: Vec<&str> = words(text).filter(|word| !is_remark(word)).collect();
    if rest.iter().any(|word| is_fax(word)) {
        return Some(Unreadable::Fax);
    }
    label_kind(&rest.join(" ")).err().map(Unreadable::from)
}

/// Why a number is not believed for words that are apart from it: what they say, or that they are not known.
pub(super) fn against_alone(text: &str) -> Option<Unreadable> {
    let is_known = |word| !matches!(kind_of(word), Word::Unknown);
    against(text).or_else(|| (!words(text).all(is_known)).then_some(Unreadable::Letters))
}

/// A text before, in and behind its number.
fn around_number(text: &str) -> Option<(&str, &str, &str)> {
    let start = text.find(|c: char| c.is_ascii_digit() || c == '+')?;
    let end = text.rfind(|c: char| c.is_ascii_digit())? + 1;
    Some((text.get(..start)?, text.get(start..end)?, text.get(end..)?))
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    let is_between = |c: char| c.is_whitespace() || c.is_ascii_punctuation() || c == '\u{2022}';
    text.split(is_between).filter(|word| !word.is_empty())
}

/// Where words are.
#[derive(Clone, Copy, PartialEq, Eq)]
enum WordSide {
    Before,
    Behind,
}

struct Words<'a> {
    number: &'a str,
    company: Company,
}

impl Words<'_> {
    fn judge(&self, text: &str, side: WordSide) -> Result<(), Unreadable> {
        // A sign that is not punctuation may mean anything.
        let is_plain =
            |c: char| c.is_alphanumeric() || c == ' ' || ".,:;-()[]/'\"&".contains(c) || is_mark(c);
        if !text.contains(char::is_alphabetic) {
            return Ok(());
        }
        let is_harmless = |word| match kind_of(word) {
            Word::Kind => true,
            Word::Contact => side == WordSide::Behind || self.is_surely_a_phone(),
            Word::Name => self.company == Company::Alone && self.may_be_named(side),
            Word::Unknown => false,
        };
        match text.chars().all(is_plain) && words(text).all(is_harmless) {
            true => Ok(()),
            false => Err(Unreadable::Letters),
        }
    }

    /// `Ravi 1234567890` may be a number of any kind; people who are called by a name before it have written it as a
    /// phone.
    fn may_be_named(&self, side: WordSide) -> bool {
        const FEWEST: usize = 7;
        let digits = self.number.bytes().filter(u8::is_ascii_digit).count();
        let is_grouped = self.number.contains([' ', '-', '.', '(', '/']);
        digits >= FEWEST && (side == WordSide::Behind || is_grouped || self.is_surely_a_phone())
    }

    fn is_surely_a_phone(&self) -> bool {
        self.number.starts_with(['+', '0'])
    }
}

/// The vowel signs and points of scripts that write them as characters of their own.
fn is_mark(c: char) -> bool {
    !c.is_ascii() && !c.is_whitespace() && matches!(c, '̀'..='ͯ' | '֑'..='ׇ' | 'ـ'..='ٰ' | 'ऀ'..='๎')
}

/// What a word is, where it says nothing against a number.
enum Word {
    /// It says what kind of phone it is, or is a remark.
    Kind,
    /// It is a word for the contact itself: a customer's phone, or a customer's number.
    Contact,
    /// It is written as a name.
    Name,
    Unknown,
}

fn kind_of(word: &str) -> Word {
    match phone_word(word) {
        _ if is_remark(word) || is_label(word) => Word::Kind,
        Some(PhoneWord::Kind(_) | PhoneWord::Phone | PhoneWord::Note) => Word::Kind,
        Some(PhoneWord::Own | PhoneWord::Number) => Word::Contact,
        None if is_name(word) => Word::Name,
        _ => Word::Unknown,
    }
}

/// Whether a word is written as a name: a capital and small letters. In scripts without capitals a name cannot be
/// distinguished from any other word.
fn is_name(word: &str) -> bool {
    let mut letters = word.chars();
    letters.next().is_some_and(char::is_uppercase)
        && !letters.as_str().is_empty()
        && letters.all(|c| c.is_lowercase() || c == '\u{2019}')
}

impl From<WrongPhone> for Unreadable {
    fn from(wrong: WrongPhone) -> Unreadable {
        match wrong {
            WrongPhone::Fax => Unreadable::Fax,
            WrongPhone::Stranger => Unreadable::Stranger,
            WrongPhone::Outdated => Unreadable::Outdated,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str, company: Company) -> Result<&str, Unreadable> {
        against_ends(text).map_or_else(|| without_words(text, company), Err)
    }

    #[test]
    fn a_name_or_a_remark_is_taken_off() {
        for text in [
            "Ravi 0558 123 456",
            "Ravi +91 98765 43210",
            "Mr Khan +91 98765 43210",
            "Owner-+91 98765 43210",
            "María: 98765 43210",
            "Анна 98765 43210",
            "9876543210 (WhatsApp only)",
            "9876543210 (Mr. Khan)",
            "9876543210 - Sra. Núñez",
            "9876543210 new",
            "9876543210 (preferred)",
            "+91 98765 43210 - Ravi Kumar",
            "Customer +91 98765 43210",
            "98765 43210 (neu)",
            "98765 43210 yeni",
            "98765 43210 новый",
        ] {
            let found = read(text, Company::Alone);
            assert!(
                found.is_ok_and(|number| !number.contains(char::is_alphabetic)),
                "{text}: {found:?}"
            );
        }
    }

    #[test]
    fn a_word_that_may_say_that_it_is_not_a_phone_makes_the_cell_unreadable() {
        for text in [
            "Ravi 9876543210",
            "Customer 9876543210",
            "Order 98765 43210",
            "Invoice +91 98765 43210",
            "ID 98765 43210",
            "INV 98765 43210",
            "PO Box 98765 43210",
            "Ref: 98765 43210",
            "Acc. 98765 43210",
            "USD 98765 43210",
            "Mar 13 1985123",
            "ask Ravi 98765 43210",
            "98765 43210 kg",
            "98765 43210 Euro",
            "98765 43210 (A/C)",
            "1234 Elm 98765 43210 Street",
            "RAVI 98765 43210",
            "訂单 98765 43210",
            "Ravi @ 98765 43210",
        ] {
            assert_eq!(
                read(text, Company::Alone),
                Err(Unreadable::Letters),
                "{text}"
            );
        }
        assert_eq!(
            read("Ravi +91 98765 43210", Company::Others),
            Err(Unreadable::Letters)
        );
    }

    #[test]
    fn a_word_that_says_whose_or_what_it_is_refuses_it_with_that_reason_in_every_language() {
        let cases: &[(Unreadable, &[&str])] = &[
            (
                Unreadable::Stranger,
                &[
                    "mother",
                    "wife",
                    "husband",
                    "Father",
                    "son",
                    "esposo",
                    "esposa",
                    "madre",
                    "Mutter",
                    "mère",
                    "mãe",
                    "marito",
                    "eşi",
                    "жена",
                    "дружина",
                    "żona",
                    "moeder",
                    "زوج",
                    "مادر",
                    "אמא",
                    "पत्नी",
                    "মা",
                    "istri",
                    "isteri",
                    "vợ chồng",
                    "แม่",
                    "母亲",
                    "母",
                    "어머니",
                    "emergency",
                    "driver",
                ],
            ),
            (
                Unreadable::Outdated,
                &[
                    "old",
                    "OLD",
                    "wrong number",
                    "do not call",
                    "not working",
                    "switched off",
                    "alt",
                    "antiguo",
                    "ancien",
                    "vecchio",
                    "eski",
                    "старый",
                    "stary",
                    "oud",
                    "قديم",
                    "ישן",
                    "पुराना",
                    "lama",
                    "旧",
                    "no llamar",
                    "ne pas appeler",
                    "nicht anrufen",
                    "invalid",
                ],
            ),
            (
                Unreadable::Fax,
                &[
                    "fax",
                    "Fax",
                    "FAX",
                    "F",
                    "faks",
                    "факс",
                    "传真",
                    "فاكس",
                    "फ़ैक्स",
                    "팩스",
                    "ファックス",
                    "פקס",
                    "télécopie",
                ],
            ),
        ];
        for (why, words) in cases {
            for word in *words {
                let texts = [
                    format!("+91 98765 43210 ({word})"),
                    format!("98765 43210 {word}"),
                    format!("{word}: +91 98765 43210"),
                    format!("{word} 98765 43210"),
                ];
                for text in texts {
                    assert_eq!(read(&text, Company::Alone), Err(*why), "{text}");
                }
            }
        }
    }
}
