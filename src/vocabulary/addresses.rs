//! The addresses that one contact may have several of. The words are in `addresses.txt`.

use std::sync::LazyLock;

use super::file::sections;
use crate::text::key;

/// An address that one contact may have several of; the likeliest to be the contact's own phone first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Address {
    Billing,
    Mailing,
    Shipping,
    Home,
    Work,
    Other,
}

static WORDS: LazyLock<Vec<(String, Address)>> = LazyLock::new(|| {
    let sections = sections(include_str!("addresses.txt"));
    let known = sections
        .iter()
        .filter_map(|section| Some((address(section.name)?, section)));
    known
        .flat_map(|(address, section)| section.words().map(move |word| (key(word), address)))
        .collect()
});

fn address(section: &str) -> Option<Address> {
    Some(match section {
        "billing" => Address::Billing,
        "mailing" => Address::Mailing,
        "shipping" => Address::Shipping,
        "home" => Address::Home,
        "work" => Address::Work,
        "other" => Address::Other,
        _ => return None,
    })
}

impl Address {
    /// Whether it is an order's or a letter's, and so says nothing of the kind of phone.
    pub(crate) fn is_an_orders(self) -> bool {
        matches!(
            self,
            Address::Billing | Address::Mailing | Address::Shipping
        )
    }
}

/// Whether a word is one that only names an address.
pub(crate) fn is_address_word(word: &str) -> bool {
    let word = key(word);
    WORDS.iter().any(|(known, _)| *known == word)
}

/// The address that a header belongs to, by what is in it.
pub(crate) fn address_of(header: &str) -> Option<Address> {
    let header = key(header);
    // The order of the file decides where a header has the words of two addresses.
    let mut known = WORDS.iter();
    known
        .find(|(word, _)| header.contains(word.as_str()))
        .map(|(_, address)| *address)
}
