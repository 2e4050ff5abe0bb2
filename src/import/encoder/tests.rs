use super::*;
use crate::batch::Limits;
use crate::import::options::{Include, OnDuplicate};
use crate::import::phone_set::PhoneSet;
use crate::mapping::{self, Filter};
use crate::record::{CellValue, Defect, DraftRecord, Layout};
use crate::wire::EmptyLists;
use proptest::prelude::*;
use proptest::sample::select;
use std::num::NonZeroUsize;

const PHONE: &str = "+919876543210";

fn options(include: Include, suppressed: PhoneSet) -> ImportOptions {
    ImportOptions {
        mapping: mapping::Options::default(),
        filter: Filter::default(),
        include,
        suppressed: Arc::new(suppressed),
        empty_lists: EmptyLists::Send,
        on_duplicate: OnDuplicate::First,
        limits: Limits {
            items: NonZeroUsize::MIN,
            bytes: 90_000,
        },
        limit: None,
        max_errors: None,
        shard: None,
        salt: None,
    }
}

fn record(phone: &str, opted_in: &str, hidden: bool) -> DraftRecord {
    let header = Header::of_table(&["Phone", "Opted in"]);
    DraftRecord {
        hidden,
        ..DraftRecord::of_table(&header, &[phone, opted_in])
    }
}

fn fate(record: DraftRecord, include: Include, suppressed: PhoneSet) -> String {
    let options = options(include, suppressed);
    match Encoder::new(&options).encode(record.shared()).encoded {
        Encoded::Item(item, _) => format!("sent, hidden: {}", item.is_hidden()),
        Encoded::Skipped(skip) => format!("{skip:?}"),
        Encoded::Invalid(..) => "invalid".to_owned(),
        Encoded::Continuation(_) => "continuation".to_owned(),
    }
}

#[test]
fn who_is_left_out_is_not_given_back_to_be_corrected() {
    let none = Include::default();
    let all = Include {
        opted_out: true,
        unanswered: true,
        hidden: true,
    };
    for (opted_in, hidden, include, expected) in [
        ("no", false, none, "OptedOut"),
        ("yes", true, none, "Hidden"),
        ("", true, none, "Hidden"),
        ("yes", false, none, "invalid"),
        ("no", false, all, "invalid"),
        ("yes", true, all, "invalid"),
    ] {
        let record = record("12", opted_in, hidden);
        let fate = fate(record, include, PhoneSet::default());
        assert_eq!(fate, expected, "{opted_in} {hidden}");
    }
    let mut defective = record(PHONE, "no", false);
    defective.defect = Some(Defect::SurplusCells {
        found: 3,
        expected: 2,
    });
    assert_eq!(
        fate(defective.clone(), none, PhoneSet::default()),
        "invalid"
    );
    defective.hidden = true;
    assert_eq!(fate(defective, none, PhoneSet::default()), "Hidden");
}

#[test]
fn a_record_is_left_out_for_the_first_reason_in_order() {
    let listed = || {
        let mut phones = PhoneSet::default();
        let phone = phone_of(PHONE);
        phones.extend(phone.iter());
        phones
    };
    let (none, all) = (
        Include::default(),
        Include {
            opted_out: true,
            unanswered: true,
            hidden: true,
        },
    );
    for (opted_in, hidden, suppressed, include, expected) in [
        (
            "yes",
            false,
            PhoneSet::default(),
            none,
            "sent, hidden: false",
        ),
        ("yes", true, PhoneSet::default(), none, "Hidden"),
        ("yes", true, PhoneSet::default(), all, "sent, hidden: true"),
        ("no", true, listed(), none, "OptedOut"),
        ("", true, listed(), none, "Unanswered"),
        ("yes", true, listed(), none, "Hidden"),
        ("yes", false, listed(), none, "Suppressed"),
        ("no", true, listed(), all, "Suppressed"),
    ] {
        let record = record(PHONE, opted_in, hidden);
        assert_eq!(
            fate(record, include, suppressed),
            expected,
            "{opted_in} {hidden}"
        );
    }
    let invalid = record("+91 12", "no", true);
    assert_eq!(fate(invalid, all, PhoneSet::default()), "invalid");
}

fn phone_of(text: &str) -> Option<Phone> {
    let reading = crate::contact::phone::read(text, crate::contact::phone::Home::Unset);
    reading.ok().map(|reading| reading.phone)
}

/// A table out of the vocabulary: one phone is the contact's own, the others never are.
#[derive(Clone, Debug)]
struct Tried {
    names: Vec<String>,
    cells: Vec<String>,
    says_yes: bool,
    hidden: bool,
}

const STRANGE: &str = "+91 22 6123 4567";

fn tried() -> impl Strategy<Value = Tried> {
    use crate::vocabulary::{phone_words, words_for_nothing, words_of_answer};
    let own = [phone_words("mobile"), phone_words("phone")].concat();
    let never = ["fax", "stranger", "outdated"].map(phone_words).concat();
    let answers = ["yes", "no"].map(words_of_answer);
    let replies = [(answers[0].clone(), true), (answers[1].clone(), false)];
    let reply =
        select(replies.to_vec()).prop_flat_map(|(words, says_yes)| (select(words), Just(says_yes)));
    let nothing = select(words_for_nothing());
    let order = Just((0..6).collect::<Vec<usize>>()).prop_shuffle();
    let words = (select(own), select(never.clone()), select(never), nothing);
    (words, reply, any::<bool>(), order).prop_map(|(words, (reply, says_yes), hidden, order)| {
        let (own, never, second, nothing) = words;
        let columns = [
            (own.to_owned(), PHONE.to_owned()),
            (format!("{never} phone"), STRANGE.to_owned()),
            (format!("phone ({second})"), STRANGE.to_owned()),
            ("WhatsApp opt-in".to_owned(), reply.to_owned()),
            ("Full name".to_owned(), nothing.to_owned()),
            ("Tags".to_owned(), nothing.to_owned()),
        ];
        let column = |at: &usize| columns[*at].clone();
        let (names, cells) = order.iter().map(column).unzip();
        Tried {
            names,
            cells,
            says_yes,
            hidden,
        }
    })
}

proptest! {
    #[test]
    fn no_fax_no_stranger_no_word_for_nothing_and_nobody_who_said_no_is_sent(tried in tried()) {
        let record = DraftRecord {
            header: Arc::new(Header { layout: Layout::Table, names: tried.names.clone() }),
            cells: tried.cells.iter().cloned().map(CellValue::Text).collect(),
            ..record(PHONE, "", tried.hidden)
        };
        let options = options(Include::default(), PhoneSet::default());
        let encoded = Encoder::new(&options).encode(record.shared()).encoded;
        if tried.says_yes && !tried.hidden {
            let Encoded::Item(item, _) = encoded else {
                panic!("not sent: {tried:?}");
            };
            let sent = String::from_utf8(item.json.clone()).unwrap();
            prop_assert_eq!(item.phone.to_string(), PHONE, "{}", sent);
            prop_assert!(!sent.contains("userProvidedName") && sent.contains("\"tags\":[]"), "{}", sent);
        } else {
            prop_assert!(matches!(encoded, Encoded::Skipped(Skip::OptedOut | Skip::Hidden)), "{tried:?}");
        }
    }
}
