//! Whose phone, whose name, whose country: columns of one address belong together.
//!
//! `Billing Phone` goes with `Billing Name` and `Billing Country`, `Home Phone` with `Home Country/Region`. A header
//! of no address belongs to all of them.

use super::source::FieldSource;
use crate::record::Header;
use crate::vocabulary::{Address, address_of};

/// The address that a source is of, by the headers of its columns.
pub(super) fn of(source: &FieldSource, header: &Header) -> Option<Address> {
    let columns = source.columns();
    let names = columns.iter().filter_map(|index| header.names.get(*index));
    names.filter_map(|name| address_of(name)).next()
}

/// The order in which sources are asked for what belongs to an address: those of the same one, those of none, the
/// rest.
pub(super) fn order(sources: &[Option<Address>], of: Option<Address>) -> Vec<usize> {
    let distance = |index: &usize| match sources.get(*index).copied().flatten() {
        None => 1,
        same if same == of => 0,
        Some(_) if of.is_none() => 1,
        Some(_) => 2,
    };
    let mut order: Vec<usize> = (0..sources.len()).collect();
    // Stable: sources at one distance keep the plan's order.
    order.sort_by_key(distance);
    order
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_header_belongs_to_an_address_by_its_words() {
        for (name, address) in [
            ("Billing Phone", Some(Address::Billing)),
            ("shipping_country", Some(Address::Shipping)),
            ("Home Country/Region", Some(Address::Home)),
            ("Business Phone 2", Some(Address::Work)),
            ("Land/Region geschäftlich", Some(Address::Work)),
            ("Phone", None),
            ("Country", None),
        ] {
            assert_eq!(address_of(name), address, "{name}");
        }
    }

    #[test]
    fn what_belongs_to_the_same_address_goes_first() {
        let sources = [Some(Address::Billing), Some(Address::Shipping), None];
        assert_eq!(order(&sources, Some(Address::Shipping)), [1, 2, 0]);
        assert_eq!(order(&sources, Some(Address::Home)), [2, 0, 1]);
        assert_eq!(order(&sources, None), [0, 1, 2]);
    }
}
