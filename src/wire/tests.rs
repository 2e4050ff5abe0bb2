//! Payloads byte by byte.

use super::*;
use crate::contact::phone::Phone;
use crate::outcome::Code;
use proptest::prelude::*;
use serde::{Serialize, Serializer};

fn contact() -> Contact {
    Contact {
        name: Some("User Name".into()),
        email: Some("user@email.com".into()),
        phone: Phone {
            prefix: 91,
            number: "1234567890".into(),
            region: None,
        },
        tags: vec![],
        attributes: vec![],
    }
}

fn sent(contact: &Contact, empty_lists: EmptyLists) -> String {
    String::from_utf8(encode(contact, empty_lists)).unwrap()
}

fn attribute(key: &str, value: &str) -> Attribute {
    Attribute {
        key: key.into(),
        value: value.into(),
    }
}

fn with(raw: &str, tags: &[&str], attributes: &[Attribute]) -> String {
    let tags: Vec<String> = tags.iter().map(|tag| (*tag).to_owned()).collect();
    String::from_utf8(profile(raw).unwrap().unwrap().encode(&tags, attributes)).unwrap()
}

#[test]
fn a_contact_is_sent_as_the_vendor_documents_it() {
    let documented = r#"{"profile":{"userDetails":{
      "userProvidedName":"User Name",
      "contact":{"email":"user@email.com","phone":{"number":"1234567890","prefix":"91"}},
      "tags":[],
      "attributes":[]}}}"#;
    let one_line = documented.replace("\n      ", "");
    assert_eq!(sent(&contact(), EmptyLists::Send), one_line);
}

#[test]
fn what_a_contact_does_not_have_is_left_out() {
    let bare = Contact {
        name: None,
        email: None,
        ..contact()
    };
    let phone = r#"{"phone":{"number":"1234567890","prefix":"91"}}"#;
    assert_eq!(
        sent(&bare, EmptyLists::Send),
        format!(
            r#"{{"profile":{{"userDetails":{{"contact":{phone},"tags":[],"attributes":[]}}}}}}"#
        )
    );
    assert_eq!(
        sent(&bare, EmptyLists::Omit),
        format!(r#"{{"profile":{{"userDetails":{{"contact":{phone}}}}}}}"#)
    );
}

#[test]
fn tags_and_attributes_are_sent_in_order_and_verbatim() {
    let full = Contact {
        tags: vec!["vip".into(), "\"quoted\" é 😀".into()],
        attributes: vec![attribute("city", " New\nDelhi "), attribute("age", "007")],
        ..contact()
    };
    for empty_lists in [EmptyLists::Send, EmptyLists::Omit] {
        let sent = sent(&full, empty_lists);
        assert!(
            sent.ends_with(concat!(
                r#""tags":["vip","\"quoted\" é 😀"],"#,
                r#""attributes":[{"key":"city","value":" New\nDelhi "},{"key":"age","value":"007"}]}}}"#
            )),
            "{sent}"
        );
    }
}

#[test]
fn only_an_object_of_the_api_is_taken_for_one() {
    for raw in [
        r#"{"name":"A","phone":"+911234567890"}"#,
        r#"{"note":"userDetails"}"#,
        r#"{"profile":"userDetails"}"#,
        r#"{"profile":{"details":"userDetails"}}"#,
        r#"{"userDetails":{"contact":{"phone":{"prefix":"91","number":"1"}}}}"#,
        r#"["userDetails"]"#,
        "userDetails",
        "",
    ] {
        assert!(profile(raw).is_none(), "{raw}");
    }
}

#[test]
fn the_phone_and_the_tags_of_a_profile_are_taken_out() {
    let raw = r#"{"profile":{"userDetails":{"tags":["a","b\u00e9",7],"contact":{"phone":{"number":"1234567890","prefix":"91"}}}}}"#;
    let profile = profile(raw).unwrap().unwrap();
    assert_eq!(
        (profile.prefix.as_ref(), profile.number.as_ref()),
        ("91", "1234567890")
    );
    assert_eq!(profile.tags, ["a", "bé"]);
}

#[test]
fn a_profile_that_cannot_be_sent_says_why() {
    let details = |inside: &str| format!(r#"{{"profile":{{"userDetails":{inside}}}}}"#);
    let phone = |inside: &str| details(&format!(r#"{{"contact":{{"phone":{inside}}}}}"#));
    for (raw, code, words) in [
        (
            details("{}"),
            Code::NoPhone,
            r#""contact.phone" has no "number""#,
        ),
        (
            details(r#"{"contact":{"phone":null}}"#),
            Code::NoPhone,
            r#""contact.phone" has no "number""#,
        ),
        (
            phone(r#"{"number":"1"}"#),
            Code::NoPhone,
            r#""contact.phone" has no "prefix""#,
        ),
        (
            phone(r#"{"prefix":"91"}"#),
            Code::NoPhone,
            r#""contact.phone" has no "number""#,
        ),
        (
            phone(r#"{"prefix":91,"number":"1"}"#),
            Code::BadJson,
            r#""prefix" is no text: it needs quotes"#,
        ),
        (
            phone(r#"{"prefix":"91","prefix":"92","number":"1"}"#),
            Code::BadJson,
            r#"the key "prefix" stands twice"#,
        ),
        (
            phone(r#""+911234567890""#),
            Code::BadJson,
            r#""phone" is no object"#,
        ),
        (
            details("[]"),
            Code::BadJson,
            r#""userDetails" is no object"#,
        ),
        (
            details(r#"{"contact":{"phone":{"prefix":"91","number":"1"}},"tags":"vip"}"#),
            Code::BadJson,
            r#""tags" is no list"#,
        ),
    ] {
        let error = profile(&raw).unwrap().unwrap_err();
        assert_eq!(
            (error.reason().code, error.to_string().as_str()),
            (code, words),
            "{raw}"
        );
    }
}

#[test]
fn a_profile_to_which_nothing_is_added_goes_through_byte_for_byte() {
    let inside = concat!(
        "{ \"profile\" : {\"userDetails\":{\"contact\":{\"phone\":{\"number\":\"1234567890\",\"prefix\":\"91\"}},\n",
        "  \"age\": 1.50e3, \"tags\" : [ \"a\" , \"a\" ], \"x\\u0041\": \"\\u00e9\", \"x\\u0041\": 1}}, \"more\": [ 1 ] }"
    );
    let raw = format!("  {inside}\n");
    assert_eq!(with(&raw, &[], &[]), inside);
    assert_eq!(with(&raw, &["a"], &[]), inside);
}

#[test]
fn tags_and_attributes_are_added_in_place() {
    let profile = |lists: &str| {
        let phone = r#"{"phone":{"number":"1234567890","prefix":"91"}}"#;
        format!(r#"{{"profile":{{"userDetails":{{"contact":{phone}{lists}}},"z":01e0}}}}"#)
            .replace("01e0", "1e0")
    };
    let city = attribute("city", "Pune");
    for (before, after) in [
        (
            "",
            r#","tags":["vip"],"attributes":[{"key":"city","value":"Pune"}]"#,
        ),
        (
            r#","tags":[],"attributes":[ ]"#,
            r#","tags":["vip"],"attributes":[ {"key":"city","value":"Pune"}]"#,
        ),
        (
            r#","tags":null,"attributes":null"#,
            r#","tags":["vip"],"attributes":[{"key":"city","value":"Pune"}]"#,
        ),
        (
            r#","attributes":[{"key":"age","value":"1"}], "tags":["a", "b"]"#,
            r#","attributes":[{"key":"age","value":"1"},{"key":"city","value":"Pune"}], "tags":["a", "b","vip"]"#,
        ),
        (
            r#","tags":["vip"],"attributes":[{"value":"Goa","key":"city"} , 7]"#,
            r#","tags":["vip"],"attributes":[{"key":"city","value":"Pune"} , 7]"#,
        ),
    ] {
        assert_eq!(
            with(
                &profile(before),
                &["vip", "vip"],
                std::slice::from_ref(&city)
            ),
            profile(after)
        );
    }
}

#[test]
fn of_one_attribute_given_twice_the_last_is_added() {
    let raw = r#"{"profile":{"userDetails":{"contact":{"phone":{"number":"1","prefix":"91"}}}}}"#;
    let sent = with(raw, &[], &[attribute("a", "1"), attribute("a", "2")]);
    assert!(
        sent.ends_with(r#""attributes":[{"key":"a","value":"2"}]}}}"#),
        "{sent}"
    );
}

#[test]
fn the_columns_of_a_rejects_file_are_not_sent() {
    let inside = r#"{"userDetails":{ "contact":{"phone":{"number":"1","prefix":"91"}}}}"#;
    let raw = format!(r#"{{"profile":{inside},"bp_row":7,"bp_reason":"no","id": 12}}"#);
    assert_eq!(
        with(&raw, &[], &[]),
        format!(r#"{{"profile":{inside},"id":12}}"#)
    );
    let tagged = with(&raw, &["x"], &[]);
    assert!(
        tagged.starts_with(r#"{"profile":{"userDetails":{ "#),
        "{tagged}"
    );
    assert!(tagged.ends_with(r#","tags":["x"]}},"id":12}"#), "{tagged}");
}

proptest! {
    #[test]
    fn a_profile_with_additions_reads_as_before_and_has_them(
        before in proptest::collection::vec(".{0,6}", 0..4),
        added in proptest::collection::vec(".{0,6}", 0..4),
        value in ".{0,6}",
    ) {
        let contact = Contact { tags: before.clone(), ..contact() };
        let raw = sent(&contact, EmptyLists::Omit);
        let read = profile(&raw).unwrap().unwrap();
        let edited = String::from_utf8(read.encode(&added, &[attribute("k", &value)])).unwrap();
        let tags: Vec<String> = profile(&edited).unwrap().unwrap().tags.iter().map(ToString::to_string).collect();
        prop_assert!(tags.starts_with(&before));
        prop_assert!(added.iter().all(|tag| tags.contains(tag)));
        let json: serde_json::Value = serde_json::from_str(&edited).unwrap();
        prop_assert_eq!(&json["profile"]["userDetails"]["attributes"][0]["value"], &value);
    }
}

/// A contact as serde_json writes it.
#[derive(Serialize)]
struct Element<'a> {
    profile: ProfileOut<'a>,
}

#[derive(Serialize)]
struct ProfileOut<'a> {
    #[serde(rename = "userDetails")]
    user_details: UserDetails<'a>,
}

#[derive(Serialize)]
struct UserDetails<'a> {
    #[serde(rename = "userProvidedName", skip_serializing_if = "Option::is_none")]
    user_provided_name: Option<&'a str>,
    contact: ContactOut<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    tags: Option<&'a [String]>,
    #[serde(skip_serializing_if = "Option::is_none")]
    attributes: Option<Vec<AttributeOut<'a>>>,
}

#[derive(Serialize)]
struct ContactOut<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    email: Option<&'a str>,
    phone: PhoneOut<'a>,
}

#[derive(Serialize)]
struct PhoneOut<'a> {
    number: &'a str,
    #[serde(serialize_with = "as_text")]
    prefix: u16,
}

#[derive(Serialize)]
struct AttributeOut<'a> {
    key: &'a str,
    value: &'a str,
}

impl<'a> UserDetails<'a> {
    fn new(contact: &'a Contact, empty_lists: EmptyLists) -> UserDetails<'a> {
        let is_sent = |length: usize| length > 0 || empty_lists == EmptyLists::Send;
        let phone = PhoneOut {
            number: &contact.phone.number,
            prefix: contact.phone.prefix,
        };
        UserDetails {
            user_provided_name: contact.name.as_deref(),
            contact: ContactOut {
                email: contact.email.as_deref(),
                phone,
            },
            tags: is_sent(contact.tags.len()).then_some(contact.tags.as_slice()),
            attributes: is_sent(contact.attributes.len())
                .then(|| contact.attributes.iter().map(AttributeOut::from).collect()),
        }
    }
}

impl<'a> From<&'a Attribute> for AttributeOut<'a> {
    fn from(attribute: &'a Attribute) -> AttributeOut<'a> {
        AttributeOut {
            key: &attribute.key,
            value: &attribute.value,
        }
    }
}

/// The API takes digits as text only.
fn as_text<S: Serializer>(prefix: &u16, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(prefix)
}

fn texts() -> impl Strategy<Value = String> {
    "[\\x00-\\x7f]{0,12}|\\PC{0,12}"
}

fn attributes() -> impl Strategy<Value = Attribute> {
    (texts(), texts()).prop_map(|(key, value)| Attribute { key, value })
}

proptest! {
    #[test]
    fn a_contact_has_the_bytes_that_serde_json_writes(
        name in proptest::option::of(texts()),
        email in proptest::option::of(texts()),
        prefix: u16,
        tags in proptest::collection::vec(texts(), 0..3),
        attributes in proptest::collection::vec(attributes(), 0..3),
    ) {
        let phone = Phone { prefix, ..contact().phone };
        let contact = Contact { name, email, phone, tags, attributes };
        for empty_lists in [EmptyLists::Send, EmptyLists::Omit] {
            let user_details = UserDetails::new(&contact, empty_lists);
            let element = Element { profile: ProfileOut { user_details } };
            prop_assert_eq!(sent(&contact, empty_lists), serde_json::to_string(&element).unwrap());
        }
    }
}
