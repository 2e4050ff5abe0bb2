//! The phone table: which digits are a valid phone, and whose. It says yes, or nothing.
//!
//! Owns the layout of `table/numbers.bin`, which `tests/phone_table/generate.py` writes from libphonenumber's metadata
//! and which is read where it lies. What is not in the table is the library's to judge: so is every number that could
//! be read in two ways.
//!
//! # Layout
//!
//! All numbers are little-endian, of 16 bits.
//!
//! | part | content |
//! | --- | --- |
//! | title | 8 bytes of magic, 40 bytes with the metadata's version and date |
//! | counts | regions, calling codes, readings, actions, units of nodes, and the node of all international numbers |
//! | regions | two letters, calling code, first reading; one more at the end |
//! | calling codes | the code, and the region that it is known for, or 255 |
//! | readings | an action, and the node of the national digits to which it applies |
//! | actions | digits to take off, digits before a gap, digits in the gap, length of a text, the text (4 bytes) |
//! | nodes | a head, a label where it accepts, children |
//!
//! A node's head has a bit for each digit that leads on (0 to 9), bit 14 where all of them lead to one child, and bit
//! 15 where the digits before are a number. Children are unit numbers, one for each digit that leads on, or the one. A
//! label is 1, plus 1 where the number may be a mobile, plus twice the region (255: an international network).
//!
//! A region reads national digits in a few ways, its readings. No digits are accepted by two readings that would make
//! two numbers of them.

use super::digits::Digits;
use crate::contact::region::Region;

/// The metadata that the table was made from: its title.
#[cfg(test)]
pub(super) const METADATA: &str = "libphonenumber 9.0.43 2026-11-06";

static TABLE: Table = Table::of(include_bytes!("table/numbers.bin"));

const TITLE: usize = 48;
const IS_ACCEPTED: u16 = 1 << 15;
const IS_UNIFORM: u16 = 1 << 14;
/// In the place of a region: an international network.
const NO_REGION: u16 = 0xFF;

/// The parts of the table, in their order.
struct Table {
    international: u16,
    regions: &'static [[u8; 6]],
    codes: &'static [[u8; 4]],
    readings: &'static [[u8; 4]],
    actions: &'static [[u8; 8]],
    nodes: &'static [[u8; 2]],
}

impl Table {
    /// Cuts the file into its parts, when the program is compiled.
    const fn of(bytes: &'static [u8]) -> Table {
        let (counts, rest) = bytes.split_at(TITLE).1.split_at(12);
        let (regions, rest) = rest.split_at((count(counts, 0) + 1) * 6);
        let (codes, rest) = rest.split_at(count(counts, 1) * 4);
        let (readings, rest) = rest.split_at(count(counts, 2) * 4);
        let (actions, nodes) = rest.split_at(count(counts, 3) * 8);
        assert!(nodes.len() == count(counts, 4) * 2);
        Table {
            #[expect(clippy::cast_possible_truncation, reason = "a count has 16 bits")]
            international: count(counts, 5) as u16,
            regions: regions.as_chunks().0,
            codes: codes.as_chunks().0,
            readings: readings.as_chunks().0,
            actions: actions.as_chunks().0,
            nodes: nodes.as_chunks().0,
        }
    }

    fn unit(&self, at: usize) -> Option<u16> {
        self.nodes.get(at).copied().map(u16::from_le_bytes)
    }

    /// The node behind a digit.
    fn child(&self, node: u16, digit: u8) -> Option<u16> {
        let at = usize::from(node);
        let head = self.unit(at)?;
        let bit = 1_u16 << (digit & 0xF);
        if head & bit == 0 {
            return None;
        }
        let before = match head & IS_UNIFORM {
            0 => (head & (bit - 1)).count_ones() as usize,
            _ => 0,
        };
        self.unit(at + 1 + usize::from(head >> 15) + before)
    }

    fn label(&self, node: u16) -> Option<Label> {
        let at = usize::from(node);
        let is_accepted = self.unit(at)? & IS_ACCEPTED != 0;
        is_accepted.then(|| self.unit(at + 1).map(Label))?
    }

    /// The label of a number that is accepted from a node on.
    fn walk(&self, node: u16, digits: &[u8]) -> Option<Label> {
        let mut node = node;
        for digit in digits {
            node = self.child(node, digit.wrapping_sub(b'0'))?;
        }
        self.label(node)
    }

    fn region(&self, region: Region) -> Option<&[u8; 6]> {
        self.regions.get(usize::from(region.place()))
    }

    fn readings_of(&self, region: Region) -> Option<&[[u8; 4]]> {
        let place = usize::from(region.place());
        let [.., from, from_high] = *self.regions.get(place)?;
        let [.., to, to_high] = *self.regions.get(place + 1)?;
        let from = usize::from(u16::from_le_bytes([from, from_high]));
        let to = usize::from(u16::from_le_bytes([to, to_high]));
        self.readings.get(from..to)
    }

    fn code(&self, at: usize) -> Option<(u16, u16)> {
        let [code, code_high, region, region_high] = *self.codes.get(at)?;
        let pair = [[code, code_high], [region, region_high]];
        let [code, region] = pair.map(u16::from_le_bytes);
        Some((code, region))
    }
}

/// One of the counts in the head.
const fn count(counts: &[u8], at: usize) -> usize {
    match counts.split_at(at * 2).1.first_chunk() {
        Some(bytes) => u16::from_le_bytes(*bytes) as usize,
        None => 0,
    }
}

/// What the table says of a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Label(u16);

impl Label {
    /// The region of the number; `None` for an international network.
    pub(super) fn region(self) -> Option<Region> {
        let place = self.0.wrapping_sub(1) >> 1;
        let place = u8::try_from(place).ok()?;
        (u16::from(place) != NO_REGION).then(|| Region::at(place))
    }

    /// Whether the number may be a mobile.
    pub(super) fn may_be_mobile(self) -> bool {
        self.0.is_multiple_of(2)
    }
}

/// A number that the table knows.
#[derive(Clone, Copy, Debug)]
pub(super) struct KnownNumber {
    /// The calling code.
    pub(super) code: u16,
    /// The national significant number.
    pub(super) national: Digits,
    /// What the table says of it.
    pub(super) label: Label,
}

/// The number of digits that begin with a calling code, if it is valid and libphonenumber takes it unchanged.
pub(super) fn international(digits: &Digits) -> Option<KnownNumber> {
    #[cfg(test)]
    if tests::is_left_out() {
        return None;
    }
    let label = TABLE.walk(TABLE.international, digits.as_bytes())?;
    // The codes of all networks have three digits.
    let (code, length) = match label.region() {
        Some(region) => {
            let code = calling_code(region)?;
            (code, usize::from(code > 9) + usize::from(code > 99) + 1)
        }
        None => (digits.first(3).number()?, 3),
    };
    Some(KnownNumber {
        code,
        national: digits.without_first(length),
        label,
    })
}

/// The number that a region makes of digits without `+` and `00`, if it is valid and nothing else can be meant.
pub(super) fn national(digits: &Digits, region: Region) -> Option<KnownNumber> {
    #[cfg(test)]
    if tests::is_left_out() {
        return None;
    }
    let code = calling_code(region)?;
    let mut readings = TABLE.readings_of(region)?.iter();
    readings.find_map(|[action, action_high, node, node_high]| {
        let label = TABLE.walk(u16::from_le_bytes([*node, *node_high]), digits.as_bytes())?;
        let action = u16::from_le_bytes([*action, *action_high]);
        let national = applied(TABLE.actions.get(usize::from(action))?, digits);
        Some(KnownNumber {
            code,
            national,
            label,
        })
    })
}

/// What an action makes of digits: some are taken off, a text is put before the rest, and a gap is left out of it.
fn applied([skip, at, gap, length, text @ ..]: &[u8; 8], digits: &Digits) -> Digits {
    let rest = digits.without_first(usize::from(*skip));
    let mut national = Digits::default();
    national.push_all(text.get(..usize::from(*length)).unwrap_or_default());
    national.push_all(rest.first(usize::from(*at)).as_bytes());
    let behind = usize::from(*at) + usize::from(*gap);
    national.push_all(rest.without_first(behind).as_bytes());
    national
}

/// The calling code of a region.
pub(super) fn calling_code(region: Region) -> Option<u16> {
    let [_, _, code, code_high, ..] = *TABLE.region(region)?;
    Some(u16::from_le_bytes([code, code_high]))
}

/// Whether a calling code is in use, by a region or by an international network.
pub(super) fn is_calling_code(code: u16) -> bool {
    place_of(code).is_some()
}

/// The region that a calling code is known for; `None` for an international network.
pub(super) fn main_region(code: u16) -> Option<Region> {
    let (_, region) = TABLE.code(place_of(code)?)?;
    let place = u8::try_from(region).ok()?;
    (region != NO_REGION).then(|| Region::at(place))
}

fn place_of(code: u16) -> Option<usize> {
    let of = |[low, high, ..]: &[u8; 4]| u16::from_le_bytes([*low, *high]);
    TABLE.codes.binary_search_by_key(&code, of).ok()
}

#[cfg(test)]
pub(super) mod tests;
