//! Contacts inside of an object that stands alone: in a list under a key of it, or each under a key of its own.
//!
//! Owns that one question, asked of the paths of the object's values. What a contact is called is the mapping's.

use std::collections::BTreeMap;

use crate::mapping::names_a_contact;

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
    groups.into_iter().find_map(|(group, elements)| {
        let is_list = elements
            .keys()
            .all(|key| key.bytes().all(|byte| byte.is_ascii_digit()));
        let contacts = elements
            .values()
            .filter(|leaves| names_a_contact(leaves))
            .count();
        // Objects of one contact that are called by words (`billing`, `shipping`) have other keys each time.
        let are_all = contacts == elements.len();
        match is_list {
            true if contacts > 0 && !group.is_empty() => Some(Nested::List(group.to_owned())),
            _ if contacts >= FEWEST && are_all && !are_words(elements.keys()) => {
                Some(Nested::Keyed(group.to_owned()))
            }
            _ => None,
        }
    })
}

/// `data.users.0.phone`: the path of the group, the element, and what it holds.
fn parted(path: &str) -> Option<(&str, &str, &str)> {
    let (element, leaf) = path.rsplit_once('.')?;
    let (group, element) = element.rsplit_once('.').unwrap_or(("", element));
    Some((group, element, leaf))
}

/// Whether keys name parts of a contact: they are words, and not identifiers.
fn are_words<'a>(mut keys: impl Iterator<Item = &'a &'a str>) -> bool {
    keys.all(|key| key.chars().all(char::is_alphabetic) && key.chars().any(char::is_lowercase))
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
            (&["name", "phone", "address.city"], None),
            (&[], None),
        ] {
            let paths: Vec<String> = paths.iter().map(|path| (*path).to_owned()).collect();
            assert_eq!(contacts(&paths), expected, "{paths:?}");
        }
    }
}
