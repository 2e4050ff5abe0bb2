//! Consent: what a record says about being written to.
//!
//! Owns which columns ask for consent and for which channel, what their values mean, and what several of them come to.
//! Counts nothing, and leaves nobody out: that is the import's.

use crate::record::{Cell, Header, Record};
use crate::text::{is_blank, key};
use std::collections::HashSet;
use std::sync::LazyLock;

/// What the values of a consent column mean.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Asks {
    /// Whether they agreed: only a yes is a yes.
    Agreed,
    /// Whether they refused: yes says no, and blank says nothing.
    Refused,
    /// Since when they refuse: any moment says no.
    RefusedSince,
    /// When and from where they answered: nothing says no.
    Circumstance,
}

/// By which way a consent column lets people be written to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Channel {
    /// WhatsApp.
    WhatsApp,
    /// The phone: calls, or any use of the number.
    Phone,
    /// Every way, or none in particular.
    Any,
    /// Only e-mail, text messages, letters: nothing that is sent here.
    Other,
}

/// What a record says about being written to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Consented {
    /// Nothing speaks against it.
    Yes,
    /// This column asks whether they agreed, and has no answer.
    Unanswered(usize),
    /// This column says no.
    No(usize),
}

/// The consent columns of one header.
#[derive(Clone, Debug, Default)]
pub struct Consent {
    questions: Vec<Question>,
}

/// A consent column.
#[derive(Clone, Copy, Debug)]
struct Question {
    index: usize,
    asks: Asks,
    channel: Channel,
}

/// What one cell says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Reply {
    Yes,
    No,
    /// It asks whether they agreed, or holds a word that is not known.
    Silent,
}

impl Consent {
    /// No such columns.
    pub(super) const fn not_asked() -> Consent {
        Consent {
            questions: Vec::new(),
        }
    }

    /// The consent columns of a header, but for those that hold something else.
    pub(super) fn of(header: &Header, is_taken: impl Fn(usize) -> bool) -> Consent {
        let free = super::columns::names(header).filter(|(index, _)| !is_taken(*index));
        let questions = free.filter_map(|(index, name)| {
            let asks = asks(name).filter(|asks| *asks != Asks::Circumstance)?;
            let channel = channel(name);
            Some(Question {
                index,
                asks,
                channel,
            })
        });
        Consent {
            questions: questions.collect(),
        }
    }

    /// Whether there is a column in which somebody can say no.
    pub fn is_asked(&self) -> bool {
        !self.questions.is_empty()
    }

    /// What a record says.
    pub fn of_record(&self, record: &Record) -> Consented {
        self.of_cells(|index| record.cells.get(index))
    }

    /// What an object says of which some keys may be missing: `keys` is the header that this was made of.
    pub fn of_object(&self, keys: &Header, object: &Record) -> Consented {
        self.of_cells(|index| {
            let key = keys.names.get(index)?.trim().to_lowercase();
            let mut names = object.header.names.iter();
            let at = names.position(|name| name.trim().to_lowercase() == key)?;
            object.cells.get(at)
        })
    }

    /// What the columns come to that speak of WhatsApp, of the phone or of every way. A yes to WhatsApp outweighs a no to
    /// calls, or none to anything in particular; it does not outweigh that they refused every way.
    fn of_cells<'r>(&self, cell: impl Fn(usize) -> Option<&'r Cell>) -> Consented {
        let deciding = self
            .questions
            .iter()
            .filter(|of| of.channel != Channel::Other);
        let replies = || {
            let deciding = deciding.clone();
            deciding.map(|of| (of, of.reply(cell(of.index))))
        };
        let agreed_to_whatsapp = replies().any(|(of, reply)| of.is_whatsapp_yes(reply))
            && !replies().any(|(of, reply)| of.channel == Channel::WhatsApp && reply == Reply::No);
        let counts = |of: &Question| !agreed_to_whatsapp || !of.gives_way();
        let find = |wanted: Reply| {
            let mut all = replies().filter(|(of, _)| counts(of));
            all.find(|(_, reply)| *reply == wanted)
                .map(|(of, _)| of.index)
        };
        match (find(Reply::No), find(Reply::Silent)) {
            (Some(index), _) => Consented::No(index),
            (None, Some(index)) => Consented::Unanswered(index),
            (None, None) => Consented::Yes,
        }
    }

    /// The columns of other ways in which a record says no; none where a column of WhatsApp decides.
    pub(super) fn other_refusals(&self, record: &Record) -> impl Iterator<Item = usize> {
        let mut questions = self.questions.iter();
        let decides = questions.any(|of| of.channel == Channel::WhatsApp);
        let others = self
            .questions
            .iter()
            .filter(move |of| !decides && of.channel == Channel::Other);
        others
            .filter(|of| of.reply(record.cells.get(of.index)) == Reply::No)
            .map(|of| of.index)
    }
}

impl Question {
    fn reply(&self, cell: Option<&Cell>) -> Reply {
        match cell {
            Some(Cell::Text(text)) => self.asks.reply(text),
            Some(Cell::List(texts)) => self.of_list(texts),
            // An error value may hide a no.
            Some(Cell::Faulty(..)) => Reply::Silent,
            Some(Cell::Absent) | None => self.asks.reply(""),
        }
    }

    /// One no is a no; a yes takes all of them.
    fn of_list(&self, texts: &[String]) -> Reply {
        let replies = || texts.iter().map(|text| self.asks.reply(text));
        if replies().any(|reply| reply == Reply::No) {
            Reply::No
        } else if !texts.is_empty() && replies().all(|reply| reply == Reply::Yes) {
            Reply::Yes
        } else {
            self.asks.reply("")
        }
    }

    fn is_whatsapp_yes(&self, reply: Reply) -> bool {
        (self.channel, self.asks, reply) == (Channel::WhatsApp, Asks::Agreed, Reply::Yes)
    }

    /// Whether a yes to WhatsApp says more.
    fn gives_way(&self) -> bool {
        matches!(
            (self.channel, self.asks),
            (Channel::Phone, _) | (Channel::Any, Asks::Agreed)
        )
    }
}

/// How the words of a header begin that is of consent; the first that fits counts. Case and separators do not matter.
const HEADERS: &[(Asks, &[&str])] = &[
    (Asks::Circumstance, &["confirm time", "confirm ip"]),
    (
        Asks::Refused,
        &[
            "unsub",
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

/// Last words of a header that ask for a moment.
const MOMENTS: &[&str] = &["at", "on", "date", "time", "since", "timestamp"];
/// Last words of a header that ask for what was around an answer.
const CIRCUMSTANCES: &[&str] = &[
    "ip", "source", "reason", "campaign", "by", "method", "from", "id", "url", "link", "notes",
    "note", "count",
];
/// The same where they were asked to agree: a `Do not contact list` and `Do not text` hold a yes or a no.
const TERMS: &[&str] = &[
    "level", "via", "form", "version", "text", "type", "plan", "list", "lists",
];
/// What names WhatsApp in a header, anywhere.
const WHATSAPP: &[&str] = &["whatsapp"];
/// Words for the phone.
const PHONE: &[&str] = &[
    "call",
    "calls",
    "calling",
    "phone",
    "telephone",
    "tel",
    "mobile",
];
/// Words for ways by which nothing is sent here.
const OTHER: &[&str] = &[
    "sms", "text", "texts", "mail", "mails", "post", "push", "fax", "telegram",
];
/// The same, also inside a word.
const OTHER_INSIDE: &[&str] = &["email", "newsletter"];

/// Yes.
const YES: &[&str] = &[
    "yes",
    "y",
    "true",
    "t",
    "1",
    "on",
    "x",
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
/// They agreed.
const AGREED: &[&str] = &[
    "subscribed",
    "opted in",
    "opt in",
    "optin",
    "granted",
    "accepted",
    "confirmed",
    "agreed",
    "allowed",
    "active",
    "enabled",
    "given",
    "approved",
];
/// No.
const NO: &[&str] = &[
    "no",
    "n",
    "false",
    "f",
    "0",
    "off",
    "never",
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
/// They refused.
const REFUSED: &[&str] = &[
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
    "blocked",
    "blocklisted",
    "blacklisted",
    "suppressed",
];
/// Nothing.
const NOTHING: &[&str] = &[
    "null",
    "none",
    "n/a",
    "nil",
    "nan",
    "undefined",
    "unknown",
    "blank",
    "",
];

/// What stands around digits in a moment.
const OF_MOMENTS: &[&str] = &[
    "t",
    "z",
    "am",
    "pm",
    "utc",
    "gmt",
    "jan",
    "feb",
    "mar",
    "apr",
    "may",
    "jun",
    "jul",
    "aug",
    "sep",
    "oct",
    "nov",
    "dec",
    "january",
    "february",
    "march",
    "april",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];

static HEADER_KEYS: LazyLock<Vec<(String, Asks)>> = LazyLock::new(|| {
    let lines = HEADERS.iter();
    lines
        .flat_map(|(asks, beginnings)| beginnings.iter().map(|text| (key(text), *asks)))
        .collect()
});
static YES_KEYS: LazyLock<HashSet<String>> = LazyLock::new(|| keys(YES));
static AGREED_KEYS: LazyLock<HashSet<String>> = LazyLock::new(|| keys(AGREED));
static NO_KEYS: LazyLock<HashSet<String>> = LazyLock::new(|| keys(NO));
static REFUSED_KEYS: LazyLock<HashSet<String>> = LazyLock::new(|| keys(REFUSED));
static NOTHING_KEYS: LazyLock<HashSet<String>> = LazyLock::new(|| keys(NOTHING));

fn keys(words: &[&str]) -> HashSet<String> {
    words.iter().map(|word| key(word)).collect()
}

/// Whether a header is of consent: such a column is never taken for anything else.
pub fn is_consent(name: &str) -> bool {
    asks(name).is_some()
}

/// What a column asks by its header; `None` for a column that is not of consent.
pub(super) fn asks(name: &str) -> Option<Asks> {
    let words = words(name);
    let rests: Vec<String> = (0..words.len())
        .map(|from| words.iter().skip(from).map(String::as_str).collect())
        .collect();
    let fits = |beginning: &str| rests.iter().any(|rest| rest.starts_with(beginning));
    let mut known = HEADER_KEYS.iter();
    let (_, asks) = known.find(|(beginning, _)| fits(beginning))?;
    let is_last = |known: &[&str]| {
        words
            .last()
            .is_some_and(|last| known.contains(&last.as_str()))
    };
    Some(match asks {
        Asks::Refused if is_last(MOMENTS) => Asks::RefusedSince,
        Asks::Agreed if is_last(MOMENTS) || is_last(TERMS) => Asks::Circumstance,
        _ if is_last(CIRCUMSTANCES) => Asks::Circumstance,
        asks => *asks,
    })
}

/// The way that a header of consent speaks of; of several the nearest to WhatsApp.
fn channel(name: &str) -> Channel {
    let (words, whole) = (words(name), key(name));
    let names = |known: &[&str]| {
        known
            .iter()
            .any(|known| words.iter().any(|word| word == known))
    };
    if WHATSAPP.iter().any(|known| whole.contains(known)) || names(&["wa"]) {
        Channel::WhatsApp
    } else if names(PHONE) {
        Channel::Phone
    } else if names(OTHER) || OTHER_INSIDE.iter().any(|known| whole.contains(known)) {
        Channel::Other
    } else {
        Channel::Any
    }
}

/// The words of a header, parted where the case says so too: `HasOptedOutOfEmail`.
fn words(name: &str) -> Vec<String> {
    let parts = name.split(|c: char| !c.is_alphanumeric());
    let words = parts.flat_map(|part| {
        let chars: Vec<char> = part.chars().collect();
        let mut words = vec![String::new()];
        for (at, c) in chars.iter().enumerate() {
            let before = at.checked_sub(1).and_then(|at| chars.get(at));
            let after = chars.get(at + 1);
            let begins = before.is_some_and(|before| {
                before.is_lowercase() && c.is_uppercase()
                    || before.is_uppercase()
                        && c.is_uppercase()
                        && after.is_some_and(|after| after.is_lowercase())
            });
            if begins {
                words.push(String::new());
            }
            if let Some(word) = words.last_mut() {
                word.push(*c);
            }
        }
        words
    });
    let keys = words.map(|word| key(&word)).filter(|word| !word.is_empty());
    keys.take(MOST_WORDS).collect()
}

/// Whether a value only says yes or no.
pub(super) fn is_yes_or_no(value: &str) -> bool {
    let key = key(value);
    NO_KEYS.contains(&key) || YES_KEYS.contains(&key)
}

/// A header has no more words than this before those that matter.
const MOST_WORDS: usize = 16;

impl Asks {
    fn reply(self, value: &str) -> Reply {
        match (self, Said::of(value)) {
            (Asks::Circumstance, _) => Reply::Yes,
            (Asks::Agreed, Said::Yes | Said::Agreed | Said::Moment) => Reply::Yes,
            (Asks::Agreed, Said::No | Said::Refused) => Reply::No,
            (Asks::Agreed, Said::Nothing | Said::Other) => Reply::Silent,
            (Asks::Refused | Asks::RefusedSince, Said::Nothing | Said::No | Said::Agreed) => {
                Reply::Yes
            }
            (Asks::Refused | Asks::RefusedSince, Said::Yes | Said::Refused | Said::Moment) => {
                Reply::No
            }
            (Asks::Refused, Said::Other) => Reply::Silent,
            (Asks::RefusedSince, Said::Other) => Reply::No,
        }
    }
}

/// What the value of a consent column is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Said {
    Nothing,
    Yes,
    No,
    Agreed,
    Refused,
    /// A date, where whether is asked: since when.
    Moment,
    /// A word that is not known.
    Other,
}

impl Said {
    fn of(value: &str) -> Said {
        let word = key(value);
        let mark = value.trim();
        if YES_KEYS.contains(&word) || ["✓", "✔", "✔\u{fe0f}", "☑", "✅", "√"].contains(&mark)
        {
            Said::Yes
        } else if NO_KEYS.contains(&word) || ["✗", "✘", "❌", "☐"].contains(&mark) {
            Said::No
        } else if AGREED_KEYS.contains(&word) {
            Said::Agreed
        } else if REFUSED_KEYS.contains(&word) {
            Said::Refused
        } else if is_blank(value) || NOTHING_KEYS.contains(&word) || is_zeros(&word) {
            Said::Nothing
        } else if is_moment(value) {
            Said::Moment
        } else {
            Said::Other
        }
    }
}

/// `0000-00-00`, as MySQL writes a date that is not there.
fn is_zeros(word: &str) -> bool {
    word.bytes().all(|byte| byte == b'0')
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
        && words.all(|word| OF_MOMENTS.contains(&key(word).as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::{CellFault, InputId, Layout, Place};
    use std::sync::Arc;

    fn record(names: &[&str], values: &[&str]) -> Record {
        Record {
            place: Place {
                input: InputId(0),
                row: 2,
            },
            header: Arc::new(Header {
                layout: Layout::Table,
                names: names.iter().map(|name| (*name).to_owned()).collect(),
            }),
            cells: values
                .iter()
                .map(|value| Cell::Text((*value).to_owned()))
                .collect(),
            raw: None,
            hidden: false,
            flaw: None,
            remark: None,
            bytes: 0,
        }
    }

    fn consented(names: &[&str], values: &[&str]) -> Consented {
        let record = record(names, values);
        Consent::of(&record.header, |_| false).of_record(&record)
    }

    #[test]
    fn only_a_yes_is_a_yes_where_a_column_asks_whether_they_agreed() {
        let (yes, no, silent) = (Consented::Yes, Consented::No(0), Consented::Unanswered(0));
        for name in [
            "Opted in",
            "whatsapp_opt_in",
            "Consent",
            "Subscribed",
            "WhatsApp Opted",
        ] {
            for (value, expected) in [
                ("yes", yes),
                (" TRUE ", yes),
                ("1", yes),
                ("x", yes),
                ("✓", yes),
                ("✔", yes),
                ("subscribed", yes),
                ("Opted-in", yes),
                ("2024-01-05", yes),
                ("2024-01-05T10:00:00Z", yes),
                ("Jan 5, 2024", yes),
                ("no", no),
                ("FALSE", no),
                ("0", no),
                ("opted out", no),
                ("NEVER_SUBSCRIBED", no),
                ("revoked", no),
                ("☐", no),
                ("", silent),
                ("\u{a0}", silent),
                ("pending", silent),
                ("Double opt-in sent", silent),
                ("unknown", silent),
                ("n/a", silent),
                ("?", silent),
                ("2024-01-05 (revoked)", silent),
            ] {
                assert_eq!(consented(&[name], &[value]), expected, "{name}: {value}");
            }
        }
    }

    #[test]
    fn blank_is_fine_where_a_column_asks_whether_they_refused() {
        let (yes, no, silent) = (Consented::Yes, Consented::No(0), Consented::Unanswered(0));
        for name in [
            "Unsubscribed",
            "Do Not Contact",
            "DoNotCall",
            "WhatsApp Opt-out",
            "Blocked",
        ] {
            for (value, expected) in [
                ("", yes),
                ("-", yes),
                ("NULL", yes),
                ("no", yes),
                ("0", yes),
                ("false", yes),
                ("subscribed", yes),
                ("0000-00-00", yes),
                ("yes", no),
                ("TRUE", no),
                ("x", no),
                ("unsubscribed", no),
                ("2024-01-05", no),
                ("5.1.24", no),
                ("1704412800", no),
                ("customer asked", silent),
            ] {
                assert_eq!(consented(&[name], &[value]), expected, "{name}: {value}");
            }
        }
        for (value, expected) in [
            ("2024-01-05", no),
            ("last spring", no),
            ("", yes),
            ("never", yes),
            ("0", yes),
            ("NULL", yes),
        ] {
            assert_eq!(
                consented(&["Unsubscribed At"], &[value]),
                expected,
                "{value}"
            );
        }
    }

    #[test]
    fn whatsapp_decides_but_a_refusal_of_every_way_always_counts() {
        const WHATSAPP: &str = "WhatsApp opt-in";
        for (names, values, expected) in [
            ([WHATSAPP, "Opted in"], ["yes", "no"], Consented::Yes),
            ([WHATSAPP, "Opted in"], ["yes", ""], Consented::Yes),
            ([WHATSAPP, "Opted in"], ["no", "yes"], Consented::No(0)),
            (
                [WHATSAPP, "Opted in"],
                ["", "yes"],
                Consented::Unanswered(0),
            ),
            ([WHATSAPP, "Opted in"], ["", "no"], Consented::No(1)),
            ([WHATSAPP, "Do not call"], ["yes", "yes"], Consented::Yes),
            (
                [WHATSAPP, "Do not contact"],
                ["yes", "yes"],
                Consented::No(1),
            ),
            ([WHATSAPP, "Unsubscribed"], ["yes", "1"], Consented::No(1)),
            (
                [WHATSAPP, "WhatsApp blocked"],
                ["yes", "yes"],
                Consented::No(1),
            ),
            (
                ["WhatsApp blocked", "Opted in"],
                ["no", "no"],
                Consented::No(1),
            ),
            ([WHATSAPP, "Email opt-in"], ["yes", "no"], Consented::Yes),
            (
                ["Accepts marketing", "Email opt-in"],
                ["yes", "no"],
                Consented::Yes,
            ),
            (
                ["Accepts marketing", "Email opt-in"],
                ["yes", ""],
                Consented::Yes,
            ),
            (["Opted in", "OPTIN_TIME"], ["yes", ""], Consented::Yes),
        ] {
            assert_eq!(
                consented(&names, &values),
                expected,
                "{names:?}: {values:?}"
            );
        }
    }

    #[test]
    fn a_no_to_e_mail_or_text_messages_is_reported_unless_whatsapp_decides() {
        let refusals = |names: &[&str], values: &[&str]| {
            let record = record(names, values);
            let consent = Consent::of(&record.header, |_| false);
            consent.other_refusals(&record).collect::<Vec<_>>()
        };
        let email = "Accepts Email Marketing";
        assert_eq!(refusals(&[email, "SMS consent"], &["no", "no"]), [0, 1]);
        assert_eq!(
            refusals(&[email, "SMS consent"], &["yes", ""]),
            [0_usize; 0]
        );
        assert_eq!(
            refusals(&[email, "WhatsApp consent"], &["no", "yes"]),
            [0_usize; 0]
        );
        assert_eq!(refusals(&[email, "Unsubscribed"], &["no", "no"]), [0]);
    }

    #[test]
    fn an_error_value_or_a_list_with_a_no_is_not_a_yes() {
        let mut record = record(&["Opted out"], &[""]);
        for (cell, expected) in [
            (Cell::Absent, Consented::Yes),
            (
                Cell::Faulty(CellFault::ErrorValue, "#N/A".to_owned()),
                Consented::Unanswered(0),
            ),
            (
                Cell::List(vec!["no".to_owned(), "yes".to_owned()]),
                Consented::No(0),
            ),
            (Cell::List(Vec::new()), Consented::Yes),
        ] {
            record.cells = vec![cell];
            let consent = Consent::of(&record.header, |_| false);
            assert_eq!(consent.of_record(&record), expected, "{record:?}");
        }
    }

    #[test]
    fn a_column_that_holds_something_else_asks_nothing() {
        let record = record(&["Consent phone"], &["+919876543210"]);
        let consent = Consent::of(&record.header, |index| index == 0);
        assert_eq!(consent.of_record(&record), Consented::Yes);
        assert!(!consent.is_asked());
    }

    #[test]
    fn a_column_of_consent_is_known_by_its_words() {
        use {Asks::*, Channel::*};
        for (name, expected) in [
            ("Accepts WhatsApp Marketing", Some((Agreed, WhatsApp))),
            ("Accepts SMS Marketing", Some((Agreed, Other))),
            ("Accepts Marketing", Some((Agreed, Any))),
            ("WhatsApp Opted", Some((Agreed, WhatsApp))),
            ("whatsapp_opt_in", Some((Agreed, WhatsApp))),
            ("wa_optin", Some((Agreed, WhatsApp))),
            ("Opted in", Some((Agreed, Any))),
            ("SMS Marketing Consent", Some((Agreed, Other))),
            ("sms_marketing_consent.state", Some((Agreed, Other))),
            (
                "email_marketing_consent.opt_in_level",
                Some((Circumstance, Other)),
            ),
            ("Subscription Status", Some((Agreed, Any))),
            ("Einwilligung WhatsApp", Some((Agreed, WhatsApp))),
            ("Unsubscribed", Some((Refused, Any))),
            ("Email Opt Out", Some((Refused, Other))),
            ("HasOptedOutOfEmail", Some((Refused, Other))),
            ("DoNotCall", Some((Refused, Phone))),
            ("Do Not Call", Some((Refused, Phone))),
            ("Do Not Contact", Some((Refused, Any))),
            ("DND", Some((Refused, Any))),
            ("SMS_BLACKLIST", Some((Refused, Other))),
            ("Whatsapp Blocked", Some((Refused, WhatsApp))),
            ("Allow Broadcast", Some((Agreed, Any))),
            ("Newsletter", Some((Agreed, Other))),
            ("Unsubscribed At", Some((RefusedSince, Any))),
            ("OPTIN_TIME", Some((Circumstance, Any))),
            ("Consent Timestamp", Some((Circumstance, Any))),
            ("Blocked reason", Some((Circumstance, Any))),
            ("Adopted on", None),
            ("Optional notes", None),
            ("Subscription plan", None),
            ("WhatsApp", None),
            ("SMS", None),
            ("", None),
        ] {
            let found = asks(name).map(|asks| (asks, channel(name)));
            assert_eq!(found, expected, "{name}");
        }
    }
}
