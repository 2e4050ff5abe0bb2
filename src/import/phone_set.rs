//! A set of phones.

use std::collections::HashSet;
use std::fmt;

use crate::contact::phone::Phone;

/// Phones by their E.164 digits.
#[derive(Clone, Default, PartialEq, Eq)]
pub(crate) struct PhoneSet(HashSet<u64>);

impl PhoneSet {
    /// Whether a phone is in it.
    pub(crate) fn has(&self, phone: &Phone) -> bool {
        !self.0.is_empty() && self.0.contains(&phone.key())
    }

    /// How many there are.
    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }

    pub(super) fn insert(&mut self, phone: &Phone) {
        self.0.insert(phone.key());
    }

    pub(super) fn extend<'p>(&mut self, phones: impl Iterator<Item = &'p Phone>) {
        self.0.extend(phones.map(Phone::key));
    }

    pub(super) fn absorb(&mut self, other: PhoneSet) {
        if self.0.is_empty() {
            self.0 = other.0;
        } else {
            self.0.extend(other.0);
        }
    }
}

/// Shows only the count: phones must not get into a log.
impl fmt::Debug for PhoneSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PhoneSet({} phones)", self.len())
    }
}
