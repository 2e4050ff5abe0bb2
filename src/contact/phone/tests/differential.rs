//! The phone table and the fast way through a plain cell, against the way without them: libphonenumber alone.
//!
//! They may say yes only where that way gives the same phone without a doubt and without a remark. Where the table is
//! right by newer metadata than the library has, the range is in `newer.tsv`, with the reason.

use std::collections::BTreeSet;

use fastrand::Rng;

use super::super::cell::{read_any, read_cell};
use super::super::digits::Digits;
use super::super::metadata::may_be_mobile;
use super::super::parse::international;
use super::super::plain;
use super::super::prefix::DialContext;
use super::super::reading::PhoneResult;
use super::super::table::{self, tests::Node, tests::without_table};
use super::*;
use crate::contact::region::Region;

/// How numbers begin that are valid by the table's metadata and not by the library's, and how many digits they have.
const NEWER: &str = include_str!("newer.tsv");

/// The numbers that are newly valid: how they begin, and how many digits they have.
fn newer() -> impl Iterator<Item = (&'static str, usize)> {
    let lines = NEWER.lines().filter(|line| !line.starts_with('#'));
    lines.map(|line| {
        let (start, rest) = line.split_once('\t').unwrap();
        let length = rest.split('\t').next().unwrap();
        (start, length.parse().unwrap())
    })
}

/// Whether the numbering plan has changed since the library's metadata, by the table's.
fn is_newer(phone: &Phone) -> bool {
    let digits = format!("{}{}", phone.prefix, phone.number);
    newer().any(|(start, length)| digits.starts_with(start) && digits.len() == length)
}

/// Whether an answer is another one because of newer metadata. What was a valid number of somebody else before may be
/// in doubt now, and must not become another.
fn is_changed_by_newer(cell: &str, ours: &PhoneResult, before: &PhoneResult) -> bool {
    if is_valid(ours) {
        return !is_valid(before) && ours.as_ref().is_ok_and(|ours| is_newer(&ours.phone));
    }
    let digits: String = cell.chars().filter(char::is_ascii_digit).collect();
    newer().any(|(start, _)| digits.contains(start))
}

/// What became of the cases of a comparison.
#[derive(Debug, Default)]
struct Tally {
    cases: u64,
    /// The fast way has read them.
    fast: u64,
    /// The way without the table has found a valid number, and nothing to report.
    valid: u64,
    /// By the table's metadata, which is newer.
    newer: u64,
    wrong: Vec<String>,
}

impl Tally {
    /// Compares what is read with what was read before there was a table.
    fn compare(&mut self, cell: &str, prefix: Option<&str>, home: Home) {
        let context = prefix.map_or(DialContext::Home(home), |prefix| {
            DialContext::of(prefix, home)
        });
        let fast = plain::read(cell, &context);
        let ours = read_cell(cell, &context);
        let before = without_table(|| read_any(cell, &context));
        self.cases += 1;
        self.fast += u64::from(fast.is_some());
        self.valid += u64::from(is_plainly_valid(&before));
        if fast.as_ref().is_some_and(|fast| ours.as_ref() != Ok(fast)) {
            self.wrong.push(format!(
                "{cell:?} {prefix:?} {home:?}: the fast way differs"
            ));
        }
        if fast.is_some() {
            let every = || read_every(prefix, cell, home);
            let (ours, before) = (every(), without_table(every));
            let newer = |reading: &PhoneReading| is_newer(&reading.phone);
            if ours != before && !ours.iter().flatten().all(newer) {
                self.wrong.push(format!(
                    "{cell:?} {prefix:?} {home:?}: {ours:?}, before {before:?}, of all"
                ));
            }
        }
        if ours == before {
            return;
        }
        if is_changed_by_newer(cell, &ours, &before) {
            self.newer += 1;
        } else {
            self.wrong.push(format!(
                "{cell:?} {prefix:?} {home:?}: {ours:?}, before {before:?}"
            ));
        }
    }

    fn add(mut self, other: Tally) -> Tally {
        self.cases += other.cases;
        self.fast += other.fast;
        self.valid += other.valid;
        self.newer += other.newer;
        self.wrong.extend(other.wrong);
        self
    }

    #[expect(clippy::print_stdout, reason = "figures of a run by hand")]
    fn check(&self) {
        let Tally {
            cases,
            fast,
            valid,
            newer,
            wrong,
        } = self;
        let wrong_count = wrong.len();
        println!(
            "{cases} cells: {valid} plainly valid, {fast} read the fast way, {newer} by newer metadata, {wrong_count} wrong"
        );
        let examples: Vec<&String> = wrong.iter().take(40).collect();
        assert!(wrong.is_empty(), "{examples:#?}");
    }
}

fn is_plainly_valid(answer: &PhoneResult) -> bool {
    answer
        .as_ref()
        .is_ok_and(|reading| reading.is_valid() && reading.remark.is_none())
}

/// Makes cells of all regions, lengths and spellings: what the automata accept, what is near that, and anything.
struct Cells {
    random: Rng,
    regions: Vec<Region>,
    codes: Vec<u16>,
}

impl Cells {
    fn of(seed: u64) -> Cells {
        Cells {
            random: Rng::with_seed(seed),
            regions: Region::all().collect(),
            codes: Node::codes(),
        }
    }

    fn one_of<T: Copy>(&mut self, all: &[T]) -> T {
        all[self.random.usize(..all.len())]
    }

    fn region(&mut self) -> Region {
        self.random.choice(self.regions.iter()).copied().unwrap()
    }

    /// Digits that a node accepts.
    fn walk(&mut self, node: Node) -> String {
        let (mut digits, mut node) = (String::new(), node);
        loop {
            let live: Vec<u8> = (b'0'..=b'9')
                .filter(|digit| node.child(*digit).is_some())
                .collect();
            if live.is_empty() || node.is_accepted() && self.random.u8(..3) == 0 {
                return digits;
            }
            let digit = self.one_of(&live);
            digits.push(char::from(digit));
            node = node.child(digit).unwrap();
        }
    }

    fn international(&mut self) -> String {
        let code = self.random.choice(self.codes.iter()).unwrap().to_string();
        let rest = self.walk(Node::international().behind(&code).unwrap());
        code + &rest
    }

    fn national(&mut self, region: Region) -> String {
        let readings = Node::readings(region);
        let reading = self.one_of(&readings);
        self.walk(reading)
    }

    /// Digits that lost, got or changed one.
    fn near(&mut self, digits: String) -> String {
        let at = self.random.usize(..=digits.len());
        let (head, tail) = digits.split_at(at);
        let digit = self.random.digit(10);
        match self.random.u8(..15) {
            0 => format!("{head}{digit}{tail}"),
            1 => format!("{head}{}", tail.get(1..).unwrap_or_default()),
            2 => format!("{head}{digit}{}", tail.get(1..).unwrap_or_default()),
            3 => format!(
                "{}{digits}",
                self.one_of(&["0", "1", "8", "00", "06", "0049", "+"])
            ),
            4 => (0..self.random.usize(3..18))
                .map(|_| self.random.digit(10))
                .collect(),
            5 => format!("{head}000000"),
            _ => digits,
        }
    }

    /// A cell, and the region at hand.
    fn cell(&mut self) -> (String, Option<&'static str>, Home) {
        let region = self.region();
        let home = match self.random.u8(..8) {
            0 => Home::Unset,
            1 => Home::International,
            _ => Home::Region(region),
        };
        let prefix = match self.random.u8(..16) {
            0 => Some(self.one_of(&[
                "91", "+49", "1868", "1", "800", "IN", "7", "247", "39", "0044", "n/a", "?",
            ])),
            _ => None,
        };
        if self.random.u8(..12) == 0 {
            return (self.lookalike(), prefix, home);
        }
        let is_national = self.random.bool();
        let digits = match is_national {
            true => self.national(region),
            false => self.international(),
        };
        let digits = self.near(digits);
        let start = match is_national {
            true => "",
            false => self.one_of(&["+", "+", "00", ""]),
        };
        let cell = match self.random.u8(..3) > 0 {
            true => format!("{start}{}", self.plain(&digits)),
            false => self.spelt(&digits),
        };
        (cell, prefix, home)
    }

    fn spelt(&mut self, digits: &str) -> String {
        let start = self.one_of(&[
            "", "", "", "+", "+", "+", "00", "(", "+ ", "'", "'+", "-", "(+", "tel:", "=", "+(",
        ]);
        let end = self.one_of(&[
            "", "", "", "", "", "", "", " ", ")", ".0", " x12", " (1)", ".", "*", "-", "\t",
        ]);
        let between = match self.random.u8(..4) {
            0 => digits.to_owned(),
            _ => self.grouped(digits),
        };
        self.mutated(format!("{start}{between}{end}"))
    }

    /// What is written as a date, an amount, a place, an address, a tax number or a card.
    fn lookalike(&mut self) -> String {
        let form = self.one_of(&[
            "00/00/0000",
            "0000-00-00",
            "00.00.00",
            "0 00 0000",
            "00-00-00",
            "000.000.000.000",
            "00.00.000.00",
            "000.000.000-00",
            "00.000.000/0000-00",
            "0000 0000 0000 0000",
            "0000 000000 00000",
            "00000.0000",
            "000000000.00",
            "0 000 000.00",
            "000,000,000",
            "00.00000 00.00000",
            "000.00000/00.0000",
        ]);
        let digit = |random: &mut Rng, c| match c {
            '0' => random.digit(10),
            sign => sign,
        };
        form.chars().map(|c| digit(&mut self.random, c)).collect()
    }

    /// Digits as nearly everybody writes them.
    fn plain(&mut self, digits: &str) -> String {
        let sign = self.one_of(&[" ", "-", ".", ""]);
        let mut cell = digits.to_owned();
        for at in [3, 6, 9] {
            let at = at + self.random.usize(..2);
            if at < cell.len() {
                cell.insert_str(at, sign);
            }
        }
        cell
    }

    fn grouped(&mut self, digits: &str) -> String {
        const SIGNS: [&str; 20] = [
            " ", " ", " ", "-", "-", ".", ".", "/", ") ", " (", "(0)", " (0) ", "(", "  ", " - ",
            ",", "--", "..", "\u{A0}", " / ",
        ];
        let (mut cell, mut rest) = (String::new(), digits);
        let sign = self.one_of(&SIGNS);
        let is_of_one_kind = self.random.u8(..4) != 0;
        while !rest.is_empty() {
            let length = self.random.usize(1..=5).min(rest.len());
            let (group, behind) = rest.split_at(length);
            cell.push_str(group);
            if !behind.is_empty() {
                cell.push_str(if is_of_one_kind {
                    sign
                } else {
                    self.one_of(&SIGNS)
                });
            }
            rest = behind;
        }
        cell
    }

    /// One character of a twentieth of all cells is another one.
    fn mutated(&mut self, cell: String) -> String {
        if self.random.u8(..20) != 0 {
            return cell;
        }
        let at = self.random.usize(..=cell.chars().count());
        let sign = self.one_of(&[
            'x', '*', '/', '.', '-', '+', '(', ')', ' ', '0', '1', ',', ';', ':', '\'', '٣', '#',
            '\n',
        ]);
        let mut chars: Vec<char> = cell.chars().collect();
        chars.insert(at, sign);
        chars.into_iter().collect()
    }
}

fn compare(seed: u64, count: u64) -> Tally {
    let mut cells = Cells::of(seed);
    let mut tally = Tally::default();
    for _ in 0..count {
        let (cell, prefix, home) = cells.cell();
        tally.compare(&cell, prefix, home);
    }
    tally
}

/// The same on a thread for each seed.
fn compare_all(seeds: std::ops::Range<u64>, count: u64) -> Tally {
    let start = |seed| std::thread::spawn(move || compare(seed, count));
    let threads: Vec<_> = seeds.map(start).collect();
    let tallies = threads.into_iter().map(|thread| thread.join().unwrap());
    tallies.reduce(Tally::add).unwrap()
}

#[test]
fn a_slash_behind_a_zero_in_brackets_separates_as_it_does_without_the_table() {
    let mut tally = Tally::default();
    for (cell, region) in [
        ("6(0)2419 / 209", "CU"),
        ("3 (0) 8190/16711", "LU"),
        ("(0)30/901820", "DE"),
        ("+49 (0) 30/901820", "DE"),
    ] {
        tally.compare(cell, None, home(region));
    }
    tally.check();
}

#[test]
fn a_hundred_thousand_cells_are_read_as_without_the_table() {
    compare_all(0..2, 50_000).check();
}

/// `cargo test --locked --lib ten_million_cells -- --ignored --nocapture`
#[test]
#[ignore = "takes minutes"]
fn ten_million_cells_are_read_as_without_the_table() {
    compare_all(2..6, 2_500_000).check();
}

/// A number for every step that automata can take from their nodes to others: the shortest way there, the step, and the
/// shortest way on. What is behind a node that was seen before is left out.
fn every_step(roots: &[Node], seen: &mut BTreeSet<Node>) -> Vec<String> {
    let mut next: Vec<(Node, String)> = Vec::new();
    next.extend(roots.iter().map(|root| (*root, String::new())));
    let mut numbers = Vec::new();
    while !next.is_empty() {
        let ways = std::mem::take(&mut next).into_iter();
        for (node, way) in ways {
            if node.is_accepted() {
                numbers.push(way.clone());
            }
            for digit in b'0'..=b'9' {
                let Some(child) = node.child(digit) else {
                    continue;
                };
                let way = format!("{way}{}", char::from(digit));
                if seen.insert(child) {
                    next.push((child, way));
                } else {
                    numbers.push(format!("{way}{}", child.shortest_end()));
                }
            }
        }
    }
    numbers
}

#[test]
fn every_step_of_the_international_automaton_is_the_librarys() {
    let (mut wrong, mut newer) = (Vec::new(), 0);
    let numbers = every_step(&[Node::international()], &mut BTreeSet::new());
    for digits in &numbers {
        let known = table::international(&Digits::of(&[digits]).unwrap()).unwrap();
        let ours: PhoneReading = known.into();
        let before = without_table(|| international(digits, None));
        let is_mobile = without_table(|| may_be_mobile(&ours.phone));
        if before.as_ref() == Ok(&ours) && is_mobile == known.label.may_be_mobile() {
            continue;
        }
        match is_newer(&ours.phone) {
            true => newer += 1,
            false => wrong.push(format!("{ours:?}, before {before:?} {is_mobile}")),
        }
    }
    assert!(numbers.len() > 20_000 && newer > 0);
    assert!(
        wrong.is_empty(),
        "{} {:#?}",
        wrong.len(),
        &wrong[..wrong.len().min(40)]
    );
}

#[test]
fn every_step_of_the_regions_automata_is_read_as_without_the_table() {
    // Behind the nodes of international numbers there is nothing new.
    let mut seen = BTreeSet::new();
    every_step(&[Node::international()], &mut seen);
    compare_steps(|readings| every_step(readings, &mut seen)).check();
}

/// `cargo test --locked --lib every_step_of_every_region -- --ignored --nocapture`
#[test]
#[ignore = "takes a minute"]
fn every_step_of_every_region_is_read_as_without_the_table() {
    compare_steps(|readings| every_step(readings, &mut BTreeSet::new())).check();
}

/// Compares national digits of all regions.
fn compare_steps(mut steps: impl FnMut(&[Node]) -> Vec<String>) -> Tally {
    let mut tally = Tally::default();
    for region in Region::all() {
        for digits in steps(&Node::readings(region)) {
            tally.compare(&digits, None, Home::Region(region));
        }
    }
    tally
}
