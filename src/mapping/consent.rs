//! Consent columns: who agreed to be written to, and who did not.
//!
//! Owns which headers are of consent and which of their values say no, as data. Leaves nobody out: that is for the user
//! to say (`--except`).

use crate::text::{is_blank, key};
use std::collections::HashSet;
use std::sync::LazyLock;

/// What the values of a consent column mean.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Asks {
    /// Whether they agreed: `no` says no.
    Agreed,
    /// Whether they refused: `yes` says no.
    Refused,
    /// Since when they refuse: anything says no.
    RefusedSince,
    /// When and from where they answered: nothing says no.
    Circumstance,
}

/// How the words of a header begin that is of consent; the first that fits counts. Case and separators do not matter.
const HEADERS: &[(Asks, &[&str])] = &[
    (
        Asks::RefusedSince,
        &[
            "unsubscribed at",
            "unsubscribed on",
            "unsubscribe date",
            "unsubscribe time",
            "unsub time",
            "opted out at",
            "opt out date",
            "opt out time",
        ],
    ),
    (
        Asks::Circumstance,
        &[
            "optin time",
            "optin ip",
            "optin date",
            "optin source",
            "opted in at",
            "consent timestamp",
            "consent date",
            "consent source",
            "consent ip",
            "confirm time",
            "confirm ip",
            "optout reason",
            "unsub reason",
            "unsub campaign",
        ],
    ),
    (
        Asks::Refused,
        &[
            "unsubscribed",
            "opt out",
            "opted out",
            "has opted out",
            "do not contact",
            "do not call",
            "do not disturb",
            "do not whatsapp",
            "do not sms",
            "do not email",
            "dnd",
            "do not text",
            "do not message",
            "blocked",
            "blocklist",
            "blacklist",
            "suppressed",
            "abgemeldet",
        ],
    ),
    (
        Asks::Agreed,
        &[
            "accepts",
            "opt in",
            "opted",
            "consent",
            "subscribed",
            "subscription status",
            "marketing status",
            "marketing permission",
            "marketing allowed",
            "allow broadcast",
            "allow marketing",
            "newsletter",
            "gdpr",
            "einwilligung",
            "zustimmung",
            "consentimiento",
            "consentement",
            "consentimento",
            "consenso",
        ],
    ),
];

/// What stands for no where a column asks whether somebody agreed.
const NOES: &[&str] = &[
    "no",
    "n",
    "false",
    "f",
    "0",
    "off",
    "never",
    "unsubscribed",
    "not subscribed",
    "never subscribed",
    "non subscribed",
    "opted out",
    "opt out",
    "declined",
    "denied",
    "refused",
    "rejected",
    "revoked",
    "withdrawn",
    "nein",
    "non",
    "não",
    "nee",
    "nie",
    "nej",
    "нет",
    "नहीं",
    "いいえ",
    "否",
];

/// What stands for yes where a column asks whether somebody refused.
const YESES: &[&str] = &[
    "yes",
    "y",
    "true",
    "t",
    "1",
    "on",
    "x",
    "unsubscribed",
    "opted out",
    "opt out",
    "blocked",
    "blocklisted",
    "blacklisted",
    "suppressed",
    "ja",
    "j",
    "oui",
    "si",
    "sim",
    "да",
    "हाँ",
    "はい",
    "是",
];

static HEADER_KEYS: LazyLock<Vec<(String, Asks)>> = LazyLock::new(|| {
    let lines = HEADERS.iter();
    lines
        .flat_map(|(asks, beginnings)| beginnings.iter().map(|text| (key(text), *asks)))
        .collect()
});
static NO_KEYS: LazyLock<HashSet<String>> =
    LazyLock::new(|| NOES.iter().map(|word| key(word)).collect());
static YES_KEYS: LazyLock<HashSet<String>> =
    LazyLock::new(|| YESES.iter().map(|word| key(word)).collect());

/// Whether a header is of consent: such a column is never taken for anything else.
pub fn is_consent(name: &str) -> bool {
    asks(name).is_some()
}

/// What a column asks by its header; `None` for a column that is not of consent.
pub(super) fn asks(name: &str) -> Option<Asks> {
    let words: Vec<String> = name
        .split(|c: char| !c.is_alphanumeric())
        .map(key)
        .filter(|word| !word.is_empty())
        .take(MOST_WORDS)
        .collect();
    let from_each_word: Vec<String> = (0..words.len())
        .map(|from| words.iter().skip(from).map(String::as_str).collect())
        .collect();
    let fits = |beginning: &str| {
        from_each_word
            .iter()
            .any(|rest| rest.starts_with(beginning))
    };
    let mut known = HEADER_KEYS.iter();
    known
        .find(|(beginning, _)| fits(beginning))
        .map(|(_, asks)| *asks)
}

/// Whether a value only says yes or no.
pub(super) fn is_yes_or_no(value: &str) -> bool {
    let key = key(value);
    NO_KEYS.contains(&key) || YES_KEYS.contains(&key)
}

/// A header has no more words than this before those that matter.
const MOST_WORDS: usize = 16;

impl Asks {
    /// Whether a value says no.
    pub fn says_no(self, value: &str) -> bool {
        match self {
            _ if is_blank(value) => false,
            Asks::Agreed => NO_KEYS.contains(&key(value)),
            // Since when, where whether is asked: a yes.
            Asks::Refused => YES_KEYS.contains(&key(value)) || is_moment(value),
            Asks::RefusedSince => true,
            Asks::Circumstance => false,
        }
    }
}

/// `2024-01-05 …`, `5.1.24`, `Jan 5, 2024`, `1704412800`.
fn is_moment(value: &str) -> bool {
    const OF_SECONDS: usize = 8;
    let digits = value.chars().filter(char::is_ascii_digit).count();
    let is_parted = value.trim().chars().any(|c| !c.is_ascii_digit());
    digits >= OF_SECONDS || digits >= 3 && is_parted
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_date_in_a_column_of_refusals_is_one() {
        for (value, says_no) in [
            ("2024-01-05", true),
            ("2024-01-05 10:00:00", true),
            ("5.1.2024", true),
            ("5.1.24", true),
            ("Jan 5, 2024", true),
            ("1704412800", true),
            ("yes", true),
            ("no", false),
            ("0", false),
            ("2024", false),
            ("", false),
        ] {
            assert_eq!(Asks::Refused.says_no(value), says_no, "{value}");
        }
    }

    #[test]
    fn a_column_of_consent_is_known_by_its_words() {
        for (name, expected) in [
            ("Accepts WhatsApp Marketing", Some(Asks::Agreed)),
            ("Accepts SMS Marketing", Some(Asks::Agreed)),
            ("Accepts Marketing", Some(Asks::Agreed)),
            ("WhatsApp Opted", Some(Asks::Agreed)),
            ("whatsapp_opt_in", Some(Asks::Agreed)),
            ("Opted in", Some(Asks::Agreed)),
            ("SMS Marketing Consent", Some(Asks::Agreed)),
            ("Subscription Status", Some(Asks::Agreed)),
            ("Einwilligung WhatsApp", Some(Asks::Agreed)),
            ("Unsubscribed", Some(Asks::Refused)),
            ("Email Opt Out", Some(Asks::Refused)),
            ("HasOptedOutOfEmail", Some(Asks::Refused)),
            ("Do Not Call", Some(Asks::Refused)),
            ("SMS_BLACKLIST", Some(Asks::Refused)),
            ("Whatsapp Blocked", Some(Asks::Refused)),
            ("Allow Broadcast", Some(Asks::Agreed)),
            ("Unsubscribed At", Some(Asks::RefusedSince)),
            ("OPTIN_TIME", Some(Asks::Circumstance)),
            ("Consent Timestamp", Some(Asks::Circumstance)),
            ("Adopted on", None),
            ("Optional notes", None),
            ("Subscription plan", None),
            ("WhatsApp", None),
            ("SMS", None),
            ("", None),
        ] {
            assert_eq!(asks(name), expected, "{name}");
        }
    }
}
