//! Contacts inside of an object that stands alone: in a list under a key of it, or each under a key of its own.
//!
//! Owns that one question, asked of the paths of the object's values. What a contact is called is the mapping's.

use std::collections::BTreeMap;

use crate::mapping::{names_a_contact, names_a_phone};

/// Where contacts stand inside of an object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Nested {
    /// In the list under this path.
    List(String),
    /// Each under a key of its own, in the object under this path; the outermost has none.
    Keyed(String),
}

/// Fewer objects under keys of their own are parts of one contact.
const FEWEST: usize = 2;

/// Where the contacts stand, if the object is none itself but holds some.
pub(super) fn contacts(paths: &[String]) -> Option<Nested> {
    let mut groups: BTreeMap<&str, BTreeMap<&str, Vec<&str>>> = BTreeMap::new();
    for path in paths {
        if let Some((group, element, leaf)) = parted(path) {
            let elements = groups.entry(group).or_default();
            elements.entry(element).or_default().push(leaf);
        }
    }
    let own: Vec<&str> = paths
        .iter()
        .map(String::as_str)
        .filter(|path| !path.contains('.'))
        .collect();
    // Who has a phone is a contact, whoever else stands in it; but what is called a list of contacts is one.
    let is_contact = names_a_phone(&own);
    let groups = groups
        .into_iter()
        .filter(|(group, _)| !is_contact || is_holder(group));
    groups
        .into_iter()
        .find_map(|(group, elements)| found(group, &elements))
}

fn found(group: &str, elements: &BTreeMap<&str, Vec<&str>>) -> Option<Nested> {
    let is_number = |key: &&str| key.bytes().all(|byte| byte.is_ascii_digit());
    let count =
        |is_one: fn(&[&str]) -> bool| elements.values().filter(|leaves| is_one(leaves)).count();
    let (contacts, phones) = (count(names_a_contact), count(names_a_phone));
    let path = group.to_owned();
    if !group.is_empty() && contacts > 0 && elements.keys().all(is_number) {
        return Some(Nested::List(path));
    }
    // Objects of one contact that are called by words (`billing`, `shipping_2`) are its addresses.
    let is_list = elements.contains_key("0");
    let are_ids = !is_list && elements.keys().all(|key| is_id(key));
    (phones >= FEWEST && are_ids).then_some(Nested::Keyed(path))
}

/// Whether a key is what programs make up, and no word.
fn is_id(key: &str) -> bool {
    let digits = key.chars().filter(char::is_ascii_digit).count();
    let lower = key.chars().filter(|c| c.is_lowercase()).count();
    digits > 0 && (digits == key.len() || digits * 2 >= lower || key.starts_with('-'))
}

/// What lists of contacts are called.
fn is_holder(group: &str) -> bool {
    const NAMES: [&str; 14] = [
        "contacts",
        "users",
        "customers",
        "clients",
        "people",
        "members",
        "leads",
        "subscribers",
        "records",
        "items",
        "results",
        "rows",
        "data",
        "list",
    ];
    let last = group.rsplit('.').next().unwrap_or(group);
    NAMES.contains(&last.to_lowercase().as_str())
}

/// `data.users.0.phone`: the path of the group, the element, and what it holds.
fn parted(path: &str) -> Option<(&str, &str, &str)> {
    let (element, leaf) = path.rsplit_once('.')?;
    let (group, element) = element.rsplit_once('.').unwrap_or(("", element));
    Some((group, element, leaf))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn contacts_are_told_from_the_parts_of_one() {
        let list = |path: &str| Some(Nested::List(path.to_owned()));
        let keyed = |path: &str| Some(Nested::Keyed(path.to_owned()));
        for (paths, expected) in [
            (
                &[
                    "data.users.0.name",
                    "data.users.0.phone",
                    "data.users.1.phone",
                ][..],
                list("data.users"),
            ),
            (
                &["total", "phone", "contacts.0.name", "contacts.0.phone"],
                list("contacts"),
            ),
            (&["1.name", "1.phone", "2.name", "2.phone"], keyed("")),
            (
                &[
                    "users.-Nx1.name",
                    "users.-Nx1.phone",
                    "users.-Nx2.name",
                    "users.-Nx2.phone",
                ],
                keyed("users"),
            ),
            (
                &["name", "phones.0.label", "phones.0.phone", "phones.1.phone"],
                None,
            ),
            (
                &[
                    "name",
                    "billing.name",
                    "billing.phone",
                    "shipping.name",
                    "shipping.phone",
                ],
                None,
            ),
            (&["1.name", "1.phone"], None),
            (&["1.phone", "2.phone", "meta.n"], None),
            (&["1.name", "1.phone", "2.phone"], keyed("")),
            (
                &["name", "phone", "friends.0.name", "friends.0.phone"],
                None,
            ),
            (
                &[
                    "name",
                    "billing.name",
                    "billing.phone",
                    "shipping_2.name",
                    "shipping_2.phone",
                ],
                None,
            ),
            (&["name", "phone", "address.city"], None),
            (&[], None),
        ] {
            let paths: Vec<String> = paths.iter().map(|path| (*path).to_owned()).collect();
            assert_eq!(contacts(&paths), expected, "{paths:?}");
        }
    }
}
