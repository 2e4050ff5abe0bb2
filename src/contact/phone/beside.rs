//! The words at both ends of a number in its cell: a name or a remark, which is taken off, or a word by which the number must
//! not be sent.
//!
//! Owns which words are harmless. The words are the vocabulary's; one that is not known makes the cell unreadable, unless it
//! is written as a name, because it may say that the number is not a phone.

use super::error::Unreadable;
use super::label::is_fax;
use crate::vocabulary::{
    PhoneWord, Whose, is_another_number, is_label, is_remark, label_kind, phone_word,
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

/// The number between the words of a text, or what the words say against it. Letters inside the number are left for others.
pub(super) fn without_words(text: &str, company: Company) -> Result<&str, Unreadable> {
    // Nearly no cell has letters.
    if !text.contains(char::is_alphabetic) {
        return Ok(text);
    }
    let Some((before, number, behind)) = around_number(text) else {
        return Ok(text);
    };
    let words = Words { number, company };
    words.judge(before, Side::Before)?;
    words.judge(behind, Side::Behind)?;
    let is_bare = !before.contains(char::is_alphabetic) && !behind.contains(char::is_alphabetic);
    Ok(if is_bare { text } else { number })
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
enum Side {
    Before,
    Behind,
}

struct Words<'a> {
    number: &'a str,
    company: Company,
}

impl Words<'_> {
    fn judge(&self, text: &str, side: Side) -> Result<(), Unreadable> {
        // A sign that is not punctuation may mean anything.
        let is_plain =
            |c: char| c.is_alphanumeric() || c == ' ' || ".,:;-()[]/'\"&".contains(c) || is_mark(c);
        if !text.contains(char::is_alphabetic) {
            return Ok(());
        }
        if let Some(why) = against(text) {
            return Err(why);
        }
        let is_harmless = |word| match kind_of(word) {
            Word::Kind => true,
            Word::Contact => side == Side::Behind || self.is_surely_a_phone(),
            Word::Name => self.company == Company::Alone && self.may_be_named(side),
            Word::Unknown => false,
        };
        match text.chars().all(is_plain) && words(text).all(is_harmless) {
            true => Ok(()),
            false => Err(Unreadable::Letters),
        }
    }

    /// `Ravi 1234567890` may be a number of any kind; people who are called by a name before it have written it as a phone.
    fn may_be_named(&self, side: Side) -> bool {
        const FEWEST: usize = 7;
        let digits = self.number.bytes().filter(u8::is_ascii_digit).count();
        let is_grouped = self.number.contains([' ', '-', '.', '(', '/']);
        digits >= FEWEST && (side == Side::Behind || is_grouped || self.is_surely_a_phone())
    }

    fn is_surely_a_phone(&self) -> bool {
        self.number.starts_with(['+', '0'])
    }
}

/// The vowel signs and points of scripts that write them as characters of their own.
fn is_mark(c: char) -> bool {
    !c.is_ascii()
        && !c.is_whitespace()
        && matches!(c, '\u{300}'..='\u{36F}' | '\u{591}'..='\u{5C7}' | '\u{640}'..='\u{670}' | '\u{900}'..='\u{E4E}')
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

/// Whether a word is written as a name: a capital and small letters. In scripts without capitals a name cannot be told from
/// any other word.
fn is_name(word: &str) -> bool {
    let mut letters = word.chars();
    letters.next().is_some_and(char::is_uppercase)
        && !letters.as_str().is_empty()
        && letters.all(|c| c.is_lowercase() || c == '\u{2019}')
}

impl From<Whose> for Unreadable {
    fn from(whose: Whose) -> Unreadable {
        match whose {
            Whose::Fax => Unreadable::Fax,
            Whose::Stranger => Unreadable::Stranger,
            Whose::Outdated => Unreadable::Outdated,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_or_a_remark_is_taken_off() {
        for text in [
            "Ravi 0558 123 456",
            "Ravi +91 98765 43210",
            "Mr Khan +91 98765 43210",
            "Owner-+91 98765 43210",
            "Mar\u{ED}a: 98765 43210",
            "\u{410}\u{43D}\u{43D}\u{430} 98765 43210",
            "9876543210 (WhatsApp only)",
            "9876543210 (Mr. Khan)",
            "9876543210 - Sra. N\u{FA}\u{F1}ez",
            "9876543210 new",
            "9876543210 (preferred)",
            "+91 98765 43210 - Ravi Kumar",
            "Customer +91 98765 43210",
            "98765 43210 (neu)",
            "98765 43210 yeni",
            "98765 43210 \u{43D}\u{43E}\u{432}\u{44B}\u{439}",
        ] {
            let found = without_words(text, Company::Alone);
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
            "1234 Elm 98765 43210 Street",
            "RAVI 98765 43210",
            "\u{8A02}\u{5355} 98765 43210",
            "Ravi @ 98765 43210",
        ] {
            assert_eq!(
                without_words(text, Company::Alone),
                Err(Unreadable::Letters),
                "{text}"
            );
        }
        assert_eq!(
            without_words("Ravi +91 98765 43210", Company::Others),
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
                    "m\u{E8}re",
                    "m\u{E3}e",
                    "marito",
                    "e\u{15F}i",
                    "\u{436}\u{435}\u{43D}\u{430}",
                    "\u{434}\u{440}\u{443}\u{436}\u{438}\u{43D}\u{430}",
                    "\u{17C}ona",
                    "moeder",
                    "\u{632}\u{648}\u{62C}",
                    "\u{645}\u{627}\u{62F}\u{631}",
                    "\u{5D0}\u{5DE}\u{5D0}",
                    "\u{92A}\u{924}\u{94D}\u{928}\u{940}",
                    "\u{9AE}\u{9BE}",
                    "istri",
                    "isteri",
                    "v\u{1EE3}",
                    "\u{E41}\u{E21}\u{E48}",
                    "\u{6BCD}\u{4EB2}",
                    "\u{6BCD}",
                    "\u{C5B4}\u{BA38}\u{B2C8}",
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
                    "\u{441}\u{442}\u{430}\u{440}\u{44B}\u{439}",
                    "stary",
                    "oud",
                    "\u{642}\u{62F}\u{64A}\u{645}",
                    "\u{5D9}\u{5E9}\u{5DF}",
                    "\u{92A}\u{941}\u{930}\u{93E}\u{928}\u{93E}",
                    "lama",
                    "c\u{169}",
                    "\u{65E7}",
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
                    "\u{444}\u{430}\u{43A}\u{441}",
                    "\u{4F20}\u{771F}",
                    "\u{641}\u{627}\u{643}\u{633}",
                    "\u{92B}\u{93C}\u{948}\u{915}\u{94D}\u{938}",
                    "\u{D329}\u{C2A4}",
                    "\u{30D5}\u{30A1}\u{30C3}\u{30AF}\u{30B9}",
                    "\u{5E4}\u{5E7}\u{5E1}",
                    "t\u{E9}l\u{E9}copie",
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
                    assert_eq!(without_words(&text, Company::Alone), Err(*why), "{text}");
                }
            }
        }
    }
}
