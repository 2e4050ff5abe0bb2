//! Consent: what a record says about being written to.
//!
//! Owns what the columns of consent of a record come to together. Words and their meanings are
//! [`crate::vocabulary`]'s. Counts nothing and leaves no contact out: that is the import's.

use crate::record::{Cell, CellList, Header, Record};
use crate::text::key;
use crate::vocabulary::{
    ConsentAnswer, ConsentQuestion, ConsentWay, consent_answer, consent_question, consent_way,
};

/// What a record says about being written to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Consented {
    /// Nothing speaks against it.
    Yes,
    /// This column asks whether they agreed, and has no answer.
    Unanswered(usize),
    /// This column says no.
    OptedOut(usize),
}

/// The consent columns of one header.
#[derive(Clone, Debug, Default)]
pub(crate) struct Consent {
    questions: Vec<ConsentColumn>,
}

/// A consent column.
#[derive(Clone, Copy, Debug)]
struct ConsentColumn {
    index: usize,
    asks: ConsentQuestion,
    way: ConsentWay,
}

/// What one cell says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum ConsentReply {
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
            let asks =
                consent_question(name).filter(|asks| *asks != ConsentQuestion::Circumstance)?;
            let way = consent_way(name);
            Some(ConsentColumn { index, asks, way })
        });
        Consent {
            questions: questions.collect(),
        }
    }

    /// Whether there is a column in which somebody can say no.
    pub(crate) fn is_asked(&self) -> bool {
        !self.questions.is_empty()
    }

    /// What a record says.
    pub(crate) fn of_record(&self, record: Record<'_>) -> Consented {
        self.of_cells(|index| record.cell(index))
    }

    /// What an object says of which some keys may be missing: `keys` is the header that this was made of.
    pub(crate) fn of_object(&self, keys: &Header, object: Record<'_>) -> Consented {
        self.of_cells(|index| {
            let key = keys.names.get(index)?.trim().to_lowercase();
            let mut names = object.header().names.iter();
            let at = names.position(|name| name.trim().to_lowercase() == key)?;
            object.cell(at)
        })
    }

    /// What the columns come to that speak of WhatsApp, of the phone or of every way. A yes to WhatsApp outweighs a no
    /// to calls, or none to anything in particular; it does not outweigh that they refused every way.
    fn of_cells<'r>(&self, cell: impl Fn(usize) -> Option<Cell<'r>>) -> Consented {
        let deciding = self
            .questions
            .iter()
            .filter(|of| of.way != ConsentWay::Other);
        let replies = || {
            let deciding = deciding.clone();
            deciding.map(|of| (of, of.reply(cell(of.index))))
        };
        let agreed_to_whatsapp = replies().any(|(of, reply)| of.is_whatsapp_yes(reply))
            && !replies()
                .any(|(of, reply)| of.way == ConsentWay::WhatsApp && reply == ConsentReply::No);
        let counts = |of: &ConsentColumn| !agreed_to_whatsapp || !of.gives_way();
        let find = |wanted: ConsentReply| {
            let mut all = replies().filter(|(of, _)| counts(of));
            all.find(|(_, reply)| *reply == wanted)
                .map(|(of, _)| of.index)
        };
        // One refusal outweighs any number of missing answers.
        match (find(ConsentReply::No), find(ConsentReply::Silent)) {
            (Some(index), _) => Consented::OptedOut(index),
            (None, Some(index)) => Consented::Unanswered(index),
            (None, None) => Consented::Yes,
        }
    }

    /// The columns of other ways in which a record says no; none where a column of WhatsApp decides.
    pub(super) fn other_refusals(&self, record: Record<'_>) -> impl Iterator<Item = usize> {
        let mut questions = self.questions.iter();
        let decides = questions.any(|of| of.way == ConsentWay::WhatsApp);
        let others = self
            .questions
            .iter()
            .filter(move |of| !decides && of.way == ConsentWay::Other);
        others
            .filter(move |of| of.reply(record.cell(of.index)) == ConsentReply::No)
            .map(|of| of.index)
    }
}

impl ConsentColumn {
    fn reply(&self, cell: Option<Cell<'_>>) -> ConsentReply {
        match cell {
            Some(Cell::Text(text)) => reply(self.asks, text),
            Some(Cell::List(texts)) => self.of_list(texts),
            // An error value may hide a no.
            Some(Cell::Faulty(..)) => ConsentReply::Silent,
            Some(Cell::Absent) | None => reply(self.asks, ""),
        }
    }

    /// One no is a no; a yes takes all of them. What is listed as refused is refused, unless it is another way.
    fn of_list(&self, texts: CellList<'_>) -> ConsentReply {
        if matches!(
            self.asks,
            ConsentQuestion::Refused | ConsentQuestion::RefusedSince
        ) {
            let is_fine = |text: &str| {
                reply(self.asks, text) == ConsentReply::Yes
                    || consent_way(text) == ConsentWay::Other
            };
            return match texts.iter().all(is_fine) {
                true => ConsentReply::Yes,
                false => ConsentReply::No,
            };
        }
        let replies = || texts.iter().map(|text| reply(self.asks, text));
        if replies().any(|reply| reply == ConsentReply::No) {
            ConsentReply::No
        } else if !texts.is_empty() && replies().all(|reply| reply == ConsentReply::Yes) {
            ConsentReply::Yes
        } else {
            reply(self.asks, "")
        }
    }

    fn is_whatsapp_yes(&self, reply: ConsentReply) -> bool {
        matches!(
            (self.way, self.asks, reply),
            (
                ConsentWay::WhatsApp,
                ConsentQuestion::Agreed,
                ConsentReply::Yes
            )
        )
    }

    /// Whether a yes to WhatsApp says more.
    fn gives_way(&self) -> bool {
        matches!(
            (self.way, self.asks),
            (ConsentWay::Phone, _) | (ConsentWay::Any, ConsentQuestion::Agreed)
        )
    }
}

/// Whether a header is of consent: such a column is never taken for anything else.
pub(crate) fn is_consent(name: &str) -> bool {
    consent_question(name).is_some()
}

/// What a value says to a question.
fn reply(asks: ConsentQuestion, value: &str) -> ConsentReply {
    use ConsentAnswer as Said;
    match (asks, consent_answer(value)) {
        (ConsentQuestion::Circumstance, _) => ConsentReply::Yes,
        (ConsentQuestion::Agreed, Said::Yes | Said::Agreed | Said::Moment) => ConsentReply::Yes,
        (ConsentQuestion::Agreed, Said::No | Said::Refused) => ConsentReply::No,
        (ConsentQuestion::Agreed, Said::Nothing | Said::Other) => ConsentReply::Silent,
        // `Active` in a column for refusals is a refusal that is in force, and `Inactive` may be one that is not.
        (_, Said::Agreed) if !names_a_subscription(value) => ConsentReply::Silent,
        (_, Said::Nothing | Said::No | Said::Agreed) => ConsentReply::Yes,
        (_, Said::Yes | Said::Refused | Said::Moment) => ConsentReply::No,
        (ConsentQuestion::Refused, Said::Other) => ConsentReply::Silent,
        (ConsentQuestion::RefusedSince, Said::Other) => ConsentReply::No,
    }
}

/// Whether an answer is about a subscription, whatever it was given to: `subscribed`, `opted in`.
fn names_a_subscription(value: &str) -> bool {
    let value = key(value);
    ["subscribed", "optedin", "optin"].contains(&value.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::{CellFault, CellValue, DraftRecord, Header};

    fn record(names: &[&str], values: &[&str]) -> DraftRecord {
        DraftRecord::of_table(&Header::of_table(names), values)
    }

    fn consented(names: &[&str], values: &[&str]) -> Consented {
        let record = record(names, values);
        Consent::of(&record.header, |_| false).of_record(record.shared().get())
    }

    #[test]
    fn a_refusal_that_is_in_force_is_never_taken_for_an_agreement() {
        for (name, value, is_sent) in [
            ("DND Status", "Active", false),
            ("DND", "Enabled", false),
            ("Do Not Contact", "Confirmed", false),
            ("Unsubscribed", "subscribed", true),
            ("Consent Withdrawn", "Yes", false),
            ("Opt-in Revoked", "TRUE", false),
            ("Consent Declined", "no", true),
            ("Consent revoked at", "2024-01-01", false),
            ("Consent", "yes", true),
        ] {
            let sent = consented(&[name], &[value]) == Consented::Yes;
            assert_eq!(sent, is_sent, "{name}={value}");
        }
    }

    #[test]
    fn only_a_yes_is_a_yes_where_a_column_asks_whether_they_agreed() {
        let (yes, no, silent) = (
            Consented::Yes,
            Consented::OptedOut(0),
            Consented::Unanswered(0),
        );
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
                ("2024-01-05 (revoked)", no),
                ("Yes (revoked)", no),
                ("yes?", silent),
                ("1900-01-00", silent),
            ] {
                assert_eq!(consented(&[name], &[value]), expected, "{name}: {value}");
            }
        }
    }

    #[test]
    fn blank_is_fine_where_a_column_asks_whether_they_refused() {
        let (yes, no, silent) = (
            Consented::Yes,
            Consented::OptedOut(0),
            Consented::Unanswered(0),
        );
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
            (
                [WHATSAPP, "Opted in"],
                ["no", "yes"],
                Consented::OptedOut(0),
            ),
            (
                [WHATSAPP, "Opted in"],
                ["", "yes"],
                Consented::Unanswered(0),
            ),
            ([WHATSAPP, "Opted in"], ["", "no"], Consented::OptedOut(1)),
            ([WHATSAPP, "Do not call"], ["yes", "yes"], Consented::Yes),
            (
                [WHATSAPP, "Do not contact"],
                ["yes", "yes"],
                Consented::OptedOut(1),
            ),
            (
                [WHATSAPP, "Unsubscribed"],
                ["yes", "1"],
                Consented::OptedOut(1),
            ),
            (
                [WHATSAPP, "WhatsApp blocked"],
                ["yes", "yes"],
                Consented::OptedOut(1),
            ),
            (
                ["WhatsApp blocked", "Opted in"],
                ["no", "no"],
                Consented::OptedOut(1),
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
            let record = record.shared();
            consent.other_refusals(record.get()).collect::<Vec<_>>()
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
            (CellValue::Absent, Consented::Yes),
            (
                CellValue::Faulty(CellFault::ErrorValue, "#N/A".to_owned()),
                Consented::Unanswered(0),
            ),
            (
                CellValue::List(vec!["no".to_owned(), "yes".to_owned()]),
                Consented::OptedOut(0),
            ),
            (CellValue::List(Vec::new()), Consented::Yes),
            (
                CellValue::List(vec!["whatsapp".to_owned()]),
                Consented::OptedOut(0),
            ),
            (
                CellValue::List(vec!["email".to_owned(), "whatsapp".to_owned()]),
                Consented::OptedOut(0),
            ),
            (
                CellValue::List(vec!["customer asked".to_owned()]),
                Consented::OptedOut(0),
            ),
            (
                CellValue::List(vec!["email".to_owned(), "sms".to_owned()]),
                Consented::Yes,
            ),
        ] {
            record.cells = vec![cell];
            let consent = Consent::of(&record.header, |_| false);
            let shared = record.clone().shared();
            assert_eq!(consent.of_record(shared.get()), expected, "{record:?}");
        }
    }

    #[test]
    fn a_column_that_holds_something_else_asks_nothing() {
        let record = record(&["Consent phone"], &["+919876543210"]);
        let consent = Consent::of(&record.header, |index| index == 0);
        assert_eq!(consent.of_record(record.shared().get()), Consented::Yes);
        assert!(!consent.is_asked());
    }

    #[test]
    fn a_column_of_consent_is_known_by_its_words() {
        use {ConsentQuestion::*, ConsentWay::*};
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
            ("DNC", Some((Refused, Any))),
            ("Allow WhatsApp", Some((Agreed, WhatsApp))),
            ("WhatsApp Allowed", Some((Agreed, WhatsApp))),
            ("Allow Messages", Some((Agreed, Any))),
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
            let found = consent_question(name).map(|asks| (asks, consent_way(name)));
            assert_eq!(found, expected, "{name}");
        }
    }
}
