//! The platform as a script makes it: it takes contacts, or not, answers, or not, and keeps a book of both.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use fastrand::Rng;

use super::script::{Fault, Script};
use crate::server::YES;

/// An answer as it would be written.
#[derive(Clone, Debug)]
pub struct Answer {
    pub status: u16,
    pub body: String,
    /// Seconds.
    pub retry_after: Option<u64>,
    told: Told,
}

/// What an answer, or none, tells a client that reads it well.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Told {
    Yes,
    No,
    TooLarge,
    Busy,
    Unclear,
}

impl Told {
    pub const ALL: [Told; 5] = [
        Told::Yes,
        Told::No,
        Told::TooLarge,
        Told::Busy,
        Told::Unclear,
    ];
}

/// What the client gets to see.
#[derive(Clone, Debug)]
pub enum Conduct {
    /// All of the answer.
    Says(Answer),
    /// Half of it.
    SaysHalf(Answer),
    /// The end of the connection.
    Cuts,
    /// Nothing, for as long as it waits.
    Stalls,
    /// Not even a connection.
    IsNotThere,
}

impl Conduct {
    fn told(&self) -> Told {
        match self {
            Conduct::Says(answer) => answer.told,
            Conduct::IsNotThere => Told::Busy,
            Conduct::SaysHalf(_) | Conduct::Cuts | Conduct::Stalls => Told::Unclear,
        }
    }
}

/// A request in the book.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    pub contacts: Vec<usize>,
    /// Those that the platform has stored.
    pub taken: Vec<usize>,
    pub fault: Option<Fault>,
    pub told: Told,
}

/// All requests, as the platform knows them.
#[derive(Clone, Debug, Default)]
pub struct Book {
    pub entries: Vec<Entry>,
    /// How often the platform choked on whom.
    choked: BTreeMap<usize, usize>,
}

impl Book {
    /// For each contact the requests that held it, in the order in which they came.
    pub fn histories(&self, contacts: usize) -> Vec<Vec<&Entry>> {
        let mut histories = vec![Vec::new(); contacts];
        for entry in &self.entries {
            for contact in &entry.contacts {
                histories[*contact].push(entry);
            }
        }
        histories
    }
}

/// The platform; clones are the same one.
#[derive(Clone, Debug)]
pub struct Platform {
    script: Arc<Script>,
    book: Arc<Mutex<Book>>,
}

impl Platform {
    pub fn new(script: &Arc<Script>) -> Platform {
        Platform {
            script: Arc::clone(script),
            book: Arc::default(),
        }
    }

    /// The book so far.
    pub fn book(&self) -> Book {
        self.book.lock().unwrap().clone()
    }

    /// Takes a request with these contacts, in this many bytes; gives what the client is to see, and the dice that were
    /// thrown for it.
    pub fn receive(&self, contacts: Vec<usize>, bytes: usize) -> (Conduct, Rng) {
        let mut book = self.book.lock().unwrap();
        let nth = book.entries.len();
        let mut dice = self.script.dice(nth);
        let fault = self.script.fault(nth, &mut dice);
        let (deserved, storable) = if self.script.is_too_large(nth, bytes) {
            let words = "<pre>request entity too large</pre>";
            (Answer::new(Told::TooLarge, 413, words), &[][..])
        } else {
            self.deserved(&mut book.choked, &contacts)
        };
        let (conduct, taken) = self.conduct(fault, deserved, storable, &mut dice);
        let taken = taken.to_vec();
        book.entries.push(Entry {
            told: conduct.told(),
            contacts,
            taken,
            fault,
        });
        (conduct, dice)
    }

    /// What the platform answers if nothing comes in between, and what it stores: all or nothing, but where it chokes,
    /// the contacts before that one.
    fn deserved<'a>(
        &self,
        choked: &mut BTreeMap<usize, usize>,
        contacts: &'a [usize],
    ) -> (Answer, &'a [usize]) {
        for (index, contact) in contacts.iter().enumerate() {
            if self.script.refused.contains(contact) {
                return (refusal(*contact), &[]);
            }
            let times = choked.entry(*contact).or_default();
            if self.script.chokes_on(*contact, *times) {
                *times += 1;
                let words = "Cannot read properties of undefined";
                return (Answer::new(Told::Unclear, 500, words), &contacts[..index]);
            }
        }
        (Answer::new(Told::Yes, 200, YES), contacts)
    }

    /// What comes of the answer, and of what would be stored, where a fault is in the way.
    fn conduct<'a>(
        &self,
        fault: Option<Fault>,
        deserved: Answer,
        storable: &'a [usize],
        dice: &mut Rng,
    ) -> (Conduct, &'a [usize]) {
        let some = &storable[..dice.usize(0..=storable.len())];
        match fault {
            None => (Conduct::Says(deserved), storable),
            Some(Fault::Busy) => (Conduct::Says(busy(503, None)), &[]),
            Some(Fault::TooMany) => {
                let pause = dice.bool().then(|| dice.u64(0..=self.script.longest_pause));
                (Conduct::Says(busy(429, pause)), &[])
            }
            Some(Fault::Error) => (Conduct::Says(error(dice)), some),
            Some(Fault::NoConnection) => (Conduct::IsNotThere, &[]),
            Some(Fault::CutBefore) => (Conduct::Cuts, &[]),
            Some(Fault::CutAfter) => (Conduct::Cuts, storable),
            // Its status alone says all that there is to know.
            Some(Fault::Half) if deserved.told == Told::TooLarge => (Conduct::Says(deserved), &[]),
            Some(Fault::Half) => (Conduct::SaysHalf(deserved), storable),
            Some(Fault::Stall) => (Conduct::Stalls, some),
        }
    }
}

impl Answer {
    fn new(told: Told, status: u16, body: &str) -> Answer {
        Answer {
            status,
            body: body.to_owned(),
            retry_after: None,
            told,
        }
    }
}

fn busy(status: u16, retry_after: Option<u64>) -> Answer {
    Answer {
        retry_after,
        ..Answer::new(Told::Busy, status, r#"{"success":false,"message":"later"}"#)
    }
}

fn error(dice: &mut Rng) -> Answer {
    let status = [500, 502, 504][dice.usize(0..3)];
    Answer::new(Told::Unclear, status, "<h1>oops</h1>")
}

/// One contact is always refused in the same words; there are four ways to say no.
fn refusal(contact: usize) -> Answer {
    let (status, body) = match contact % 4 {
        0 => (
            400,
            r#"{"success":false,"message":"Bad Request","code":400,"data":["phone is blacklisted"]}"#,
        ),
        1 => (422, r#"{"message":"number is not on WhatsApp"}"#),
        2 => (403, "<html>Access Denied</html>"),
        _ => (200, r#"{"success":false,"message":"no such number"}"#),
    };
    Answer::new(Told::No, status, body)
}
