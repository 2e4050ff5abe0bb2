//! What the dotted key of an object is called without the objects around it: `properties.firstname`
//! is `firstname`, `name.first` is `First Name`.
//!
//! Owns which wrappers say nothing, and which pairs of keys are one idea. What the name then means is `alias`'s; an
//! object that may be somebody else (`seller.phone`) keeps its whole path, and so is judged by it.

use crate::record::{Header, Layout};
use crate::vocabulary::{header_of_key, is_key};
use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

/// A name that is recognised as nothing.
const NOTHING: Cow<'_, str> = Cow::Borrowed("");

/// The header by whose names the columns of this one are recognised, column by column.
pub(super) fn known_as(header: &Header) -> Cow<'_, Header> {
    let is_dotted =
        header.layout != Layout::Table && header.names.iter().any(|name| name.contains('.'));
    if !is_dotted {
        return Cow::Borrowed(header);
    }
    Cow::Owned(Header {
        layout: header.layout,
        names: names(&header.names),
    })
}

/// The header without what is nested: of an object, only its own keys tell which product it comes from.
pub(super) fn own_keys(header: &Header) -> Cow<'_, Header> {
    if header.layout == Layout::Table {
        return Cow::Borrowed(header);
    }
    let own = |name: &String| {
        if name.contains('.') {
            String::new()
        } else {
            name.clone()
        }
    };
    Cow::Owned(Header {
        layout: header.layout,
        names: header.names.iter().map(own).collect(),
    })
}

fn names(paths: &[String]) -> Vec<String> {
    let bare: Vec<Bare<'_>> = paths.iter().map(|path| Bare::of(path)).collect();
    let person = the_person(&bare);
    let lists: HashSet<&str> = paths
        .iter()
        .filter_map(|path| list_of_people(path))
        .collect();
    let called: Vec<(usize, Cow<'_, str>)> = bare
        .iter()
        .map(|bare| match list_of(bare.path) {
            Some((list, _)) if lists.contains(list) => (0, NOTHING),
            _ => bare.called(person.as_deref()),
        })
        .collect();
    let claims = claims(&called);
    let named = called.iter().zip(paths);
    named
        .map(|((depth, name), path)| match claims.get(&folded(name)) {
            // Of several objects with the same key, the outermost is the record itself.
            Some((outermost, 1)) if outermost == depth => name.to_string(),
            _ if name.is_empty() => String::new(),
            _ => path.clone(),
        })
        .collect()
}

/// The path of the first list on the way, and the path within its element.
fn list_of(path: &str) -> Option<(&str, &str)> {
    let index = path.split('.').find(|key| is_index(key))?;
    path.split_once(&format!(".{index}."))
}

/// The path of a list of phones or addresses whose elements have names of their own: they may be other people.
fn list_of_people(path: &str) -> Option<&str> {
    let (list, leaf) = list_of(path)?;
    let is_names = list
        .rsplit('.')
        .next()
        .is_some_and(|key| is_one_of(key, "name"));
    let is_name = is_one_of(leaf, "name") || is_one_of(leaf, "somebody");
    (is_name && !is_names).then_some(list)
}

/// For each name, how deep the outermost value is that would be called so, and how many are as deep.
fn claims(called: &[(usize, Cow<'_, str>)]) -> HashMap<String, (usize, usize)> {
    let mut claims: HashMap<String, (usize, usize)> = HashMap::new();
    for (depth, name) in called.iter().filter(|(_, name)| !name.is_empty()) {
        let claim = claims.entry(folded(name)).or_insert((*depth, 0));
        match depth.cmp(&claim.0) {
            std::cmp::Ordering::Less => *claim = (*depth, 1),
            std::cmp::Ordering::Equal => claim.1 += 1,
            std::cmp::Ordering::Greater => {}
        }
    }
    claims
}

/// A path without the objects around it that only hold the record.
struct Bare<'a> {
    path: &'a str,
    keys: Vec<&'a str>,
    /// How many keys lead to what is called something, those of a person not among them.
    structure: usize,
    /// The keys of a person that follow those.
    person: usize,
}

impl<'a> Bare<'a> {
    fn of(path: &'a str) -> Bare<'a> {
        let keys: Vec<&str> = path.split('.').collect();
        // The last key is a name, and so is one whose list follows it.
        let may_wrap = |at: usize| keys.get(at + 1).is_some_and(|next| !is_index(next));
        let run = |from: usize, is_wrapper: fn(&str) -> bool| {
            let keys = keys.iter().enumerate().skip(from);
            keys.take_while(|(at, key)| may_wrap(*at) && is_wrapper(key))
                .count()
        };
        let structure = run(0, |key| key == "_source" || is_one_of(key, "structure"));
        let person = run(structure, |key| is_one_of(key, "person"));
        Bare {
            path,
            structure,
            person,
            keys,
        }
    }

    /// The path of the person it is of.
    fn person_path(&self) -> Option<String> {
        let keys = self.keys.get(..self.structure + self.person)?;
        (self.person > 0).then(|| keys.join("."))
    }

    /// Its depth and name, where that of a person is only stripped if it is the record's.
    fn called(&self, person: Option<&str>) -> (usize, Cow<'a, str>) {
        let of_person = self.person_path();
        let is_stripped = of_person.is_some() && of_person.as_deref() == person;
        let start = match (self.person, is_stripped) {
            (0, _) => self.structure,
            (count, true) => self.structure + count,
            // Another person's, or perhaps so: only a rule can say that it is the contact's.
            (_, false) => return (self.keys.len(), NOTHING),
        };
        #[expect(
            clippy::indexing_slicing,
            reason = "structure and person count keys from the first"
        )]
        let rest = &self.keys[start..];
        let name = one_idea(rest).unwrap_or_else(|| match rest {
            [only] => Cow::Borrowed(*only),
            // One of several: `contact1.phone`.
            [first, ..] if is_in_a_list(self.path) || is_numbered_person(first) => NOTHING,
            [.., place, _] if is_one_of(place, "place") => NOTHING,
            _ => Cow::Borrowed(self.path),
        });
        (start, name)
    }
}

/// The path of the one person that the record is of, unless it has a phone outside of any.
fn the_person(all: &[Bare<'_>]) -> Option<String> {
    let own_phone = all.iter().any(|bare| {
        let first = bare.keys.get(bare.structure);
        let is_in = |section| first.is_some_and(|first| is_one_of(first, section));
        bare.person == 0 && ["phone", "mobile", "whatsapp"].into_iter().any(is_in)
    });
    let mut persons = all.iter().filter_map(Bare::person_path);
    let first = persons.next().filter(|_| !own_phone && !has_rival(all))?;
    persons.all(|other| other == first).then_some(first)
}

/// Whether there is a contact beside the person, or both the record and the person have a name.
fn has_rival(all: &[Bare<'_>]) -> bool {
    let is_of_contact = |bare: &Bare<'_>| {
        #[expect(
            clippy::indexing_slicing,
            reason = "structure counts keys from the first"
        )]
        let around = &bare.keys[..bare.structure];
        bare.person == 0 && around.iter().any(|key| is_one_of(key, "contact"))
    };
    let named = |is_person: bool| {
        all.iter().any(|bare| {
            let key = bare.keys.get(bare.structure + bare.person);
            (bare.person > 0) == is_person && key.is_some_and(|key| is_one_of(key, "name"))
        })
    };
    all.iter().any(is_of_contact) || named(false) && named(true)
}

/// What keys are called that say one thing together; `None` where they do not, empty where they say it of something
/// else.
fn one_idea(keys: &[&str]) -> Option<Cow<'static, str>> {
    let (first, rest) = keys.split_first()?;
    match rest {
        [] => None,
        [index, rest @ ..] if is_index(index) => Some(in_list(first, index.parse().ok()?, rest)),
        [leaf] => pair(first, &folded(leaf)),
        [middle, leaf] if is_one_of(first, "address") && folded(middle) == "country" => {
            is_one_of(leaf, "country-value").then_some("Country".into())
        }
        _ => None,
    }
}

fn pair(first: &str, leaf: &str) -> Option<Cow<'static, str>> {
    let called = |section| header_of_key(section, leaf).map_or(NOTHING, Cow::Borrowed);
    if is_one_of(first, "name") {
        return Some(called("name-part"));
    }
    if is_one_of(first, "phone") {
        return Some(match leaf {
            _ if is_key("number", leaf) => "Phone".into(),
            _ if is_key("calling-code", leaf) => "Phone Country Code".into(),
            _ => called("kind"),
        });
    }
    let values = [
        ("mobile", "number", "Mobile Phone"),
        ("whatsapp", "number", "WhatsApp"),
        ("email", "email-value", "Email"),
    ];
    let known = values.iter().find(|(object, ..)| is_one_of(first, object));
    if let Some((_, values, name)) = known {
        let is_value = is_key(values, leaf);
        return Some(if is_value { (*name).into() } else { NOTHING });
    }
    let is_country = is_one_of(first, "address") && is_key("country", leaf)
        || folded(first) == "country" && is_key("country-value", leaf);
    if is_country {
        return Some("Country".into());
    }
    // HubSpot's older form: `firstname.value`.
    (leaf == "value").then(|| first.to_owned().into())
}

/// What a value in the object of that number in a list is called: phones and addresses are numbered as Google's
/// exports number them; of names and places only the first counts. An element of any other list is no part of the
/// record.
fn in_list(list: &str, index: usize, rest: &[&str]) -> Cow<'static, str> {
    let [leaf] = rest else {
        return NOTHING;
    };
    let leaf = folded(leaf);
    let number = index + 1;
    let of_phones = is_one_of(list, "phone") || is_one_of(list, "mobile");
    if of_phones && is_key("label", &leaf) {
        return format!("Phone {number} - Type").into();
    }
    if of_phones && is_key("number", &leaf) {
        return format!("Phone {number} - Value").into();
    }
    if is_one_of(list, "email") && is_key("email-value", &leaf) {
        return format!("E-mail {number} - Value").into();
    }
    let is_first = index == 0 && (is_one_of(list, "name") || is_one_of(list, "address"));
    let first = is_first.then(|| pair(list, &leaf)).flatten();
    first.unwrap_or(NOTHING)
}

fn is_one_of(key: &str, section: &str) -> bool {
    is_key(section, &folded(key))
}

fn is_numbered_person(key: &str) -> bool {
    let stem = key.trim_end_matches(|c: char| c.is_ascii_digit() || matches!(c, '_' | '-'));
    stem.len() < key.len() && (is_one_of(stem, "person") || folded(stem) == "contact")
}

/// Whether a dotted key leads through an element of a list, or through a key that is but a number.
pub(crate) fn is_in_a_list(path: &str) -> bool {
    path.split('.').any(is_index)
}

fn is_index(key: &str) -> bool {
    !key.is_empty() && key.bytes().all(|byte| byte.is_ascii_digit())
}

/// Lowercase letters and digits.
fn folded(key: &str) -> String {
    let letters = key.chars().filter(|c| c.is_alphanumeric());
    letters.flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn known(paths: &[&str]) -> Vec<String> {
        let header = Header {
            layout: Layout::Object,
            names: paths.iter().map(|path| (*path).to_owned()).collect(),
        };
        known_as(&header).names.clone()
    }

    #[test]
    fn a_wrapper_that_says_nothing_is_stripped() {
        for (path, name) in [
            ("properties.firstname", "firstname"),
            ("properties.firstname.value", "firstname"),
            ("attributes.phone", "phone"),
            ("node.customer.phone", "phone"),
            ("_source.Mobile", "Mobile"),
            ("data.contact.email", "email"),
            ("user.phone", "phone"),
            ("traits.name", "name"),
            ("name.first", "First Name"),
            ("node.name.lastName", "Last Name"),
            ("names.0.displayName", "Display Name"),
            ("phoneNumbers.0.value", "Phone 1 - Value"),
            ("phoneNumbers.1.type", "Phone 2 - Type"),
            ("emailAddresses.0.value", "E-mail 1 - Value"),
            ("phone.national_number", "Phone"),
            ("phone.country_code", "Phone Country Code"),
            ("phones.mobile", "Mobile Phone"),
            ("whatsapp.number", "WhatsApp"),
            ("address.country", "Country"),
            ("address.country.code", "Country"),
            ("addresses.0.countryCode", "Country"),
        ] {
            assert_eq!(known(&[path]), [name], "{path}");
        }
    }

    #[test]
    fn what_may_be_somebody_elses_keeps_its_whole_path() {
        for path in [
            "seller.phone",
            "agent.mobile",
            "emergencyContact.phone",
            "father.phone",
            "referrer.phone",
            "source.phone",
            "user.manager.phone",
            "owner.user.phone",
            "address.phone",
        ] {
            assert_eq!(known(&[path]), [path]);
        }
    }

    #[test]
    fn an_element_of_a_list_a_fax_and_a_company_are_nothing_of_the_record() {
        for path in [
            "data.0.phone",
            "contact.1.phone",
            "1.phone",
            "company.phone",
            "contact.company.phone",
            "contact1.phone",
            "data.user_2.phone",
            "phone.0",
            "names.1.displayName",
            "phone.fax",
            "phone.Asha",
            "phones.0.extension",
            "name.title",
            "a.friends.0.phone",
        ] {
            assert_eq!(known(&[path]), [""], "{path}");
        }
    }

    #[test]
    fn of_several_that_would_be_called_alike_only_the_outermost_is() {
        for (paths, names) in [
            (
                &["phone", "contact.phone"][..],
                &["phone", "contact.phone"][..],
            ),
            (
                &["data.phone", "data.contact.phone"],
                &["phone", "data.contact.phone"],
            ),
            (
                &["item.phone", "record.phone"],
                &["item.phone", "record.phone"],
            ),
            (&["user.phone", "customer.phone"], &["", ""]),
            (
                &["contact.name", "user.name", "user.phone"],
                &["name", "", ""],
            ),
            (&["name", "client.name", "client.phone"], &["name", "", ""]),
            (&["user.name", "customer.phone"], &["", ""]),
            (&["phones.0.number", "phones.0.name"], &["", ""]),
            (&["phone", "user.email"], &["phone", ""]),
            (&["phone", "contact.email"], &["phone", "email"]),
            (&["first_name", "name.first"], &["first_name", "name.first"]),
            (
                &["user.name", "user.phone", "user.address.country"],
                &["name", "phone", "Country"],
            ),
        ] {
            assert_eq!(known(paths), names, "{paths:?}");
        }
    }

    #[test]
    fn the_columns_of_a_table_are_called_as_they_are() {
        let header = Header {
            layout: Layout::Table,
            names: vec!["user.phone".to_owned()],
        };
        assert_eq!(*known_as(&header), header);
    }
}
