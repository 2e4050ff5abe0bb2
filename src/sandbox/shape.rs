//! The shape that the API documents for an import's body.
//!
//! Owns what a contact must look like and the message for one that does not. Written from the API's documents, not
//! from what this crate sends.

use std::collections::BTreeMap;

use axum::http::StatusCode;
use serde::Deserialize;
use serde_json::{Map, Value, value::RawValue};

use super::answer::Refusal;

/// The most digits of prefix and number together. E.164 allows 15; 19 is what fits into a `u64`.
const MAX_DIGITS: usize = 19;

/// How many reasons one answer gives.
const MAX_REASONS: usize = 20;

/// A contact whose shape is right.
#[derive(Debug)]
pub(super) struct Contact<'a> {
    /// Prefix and number joined, as the platform joins them.
    pub(crate) number: u64,
    /// The `userDetails` object as it came.
    pub(crate) details: &'a RawValue,
}

/// An element of the body's array, its details unread.
#[derive(Deserialize)]
struct Entry<'a> {
    #[serde(borrow)]
    profile: BTreeMap<String, &'a RawValue>,
}

/// Which field of a contact is wrong, and what it must be.
struct Misfit {
    field: &'static str,
    rule: &'static str,
}

impl Misfit {
    const fn new(field: &'static str, rule: &'static str) -> Misfit {
        Misfit { field, rule }
    }
}

/// All contacts of a body, in order.
///
/// # Errors
/// 400, with a reason for each contact of a wrong shape (by its index from 0, the first twenty), or for the body as a
/// whole. Reasons repeat nothing of what a contact holds.
pub(super) fn contacts(body: &[u8]) -> Result<Vec<Contact<'_>>, Refusal> {
    let entries =
        entries(body).map_err(|reason| Refusal::because(StatusCode::BAD_REQUEST, reason))?;
    let mut contacts = Vec::with_capacity(entries.len());
    let mut misfits = Vec::new();
    for (index, entry) in entries.into_iter().enumerate() {
        match contact(entry) {
            Ok(contact) => contacts.push(contact),
            Err(misfit) => misfits.push(format!("[{index}].{} {}", misfit.field, misfit.rule)),
        }
    }
    if misfits.is_empty() {
        Ok(contacts)
    } else {
        Err(Refusal::new(StatusCode::BAD_REQUEST, shortened(misfits)))
    }
}

fn shortened(mut reasons: Vec<String>) -> Vec<String> {
    let more = reasons.len().saturating_sub(MAX_REASONS);
    if more > 0 {
        reasons.truncate(MAX_REASONS);
        reasons.push(format!("and {more} more"));
    }
    reasons
}

fn entries(body: &[u8]) -> Result<Vec<&RawValue>, String> {
    let text = std::str::from_utf8(body).map_err(|_| "the body is not UTF-8")?;
    let entries: Vec<&RawValue> = serde_json::from_str(text).map_err(|error| no_array(&error))?;
    if entries.is_empty() {
        Err("the array holds no contacts".to_owned())
    } else {
        Ok(entries)
    }
}

fn no_array(error: &serde_json::Error) -> String {
    if error.is_data() {
        return "the body must be an array of contacts".to_owned();
    }
    let (line, column) = (error.line(), error.column());
    format!("the body is not JSON: see line {line}, column {column}")
}

fn contact(entry: &RawValue) -> Result<Contact<'_>, Misfit> {
    let details = details(entry)?;
    let number = number_of(details.get())?;
    Ok(Contact { number, details })
}

/// Whether a line is a `userDetails` object that would have been stored.
pub(super) fn is_stored(line: &str) -> bool {
    number_of(line).is_ok()
}

/// The number of a `userDetails` object whose shape is right.
fn number_of(details: &str) -> Result<u64, Misfit> {
    let fields: Map<String, Value> = serde_json::from_str(details).map_err(|_| NO_DETAILS)?;
    let number = number(&fields)?;
    optional(fields.get("userProvidedName"), Value::is_string, NAME)?;
    optional(fields.get("tags"), is_list_of_texts, TAGS)?;
    optional(fields.get("attributes"), is_list_of_attributes, ATTRIBUTES)?;
    Ok(number)
}

/// The `userDetails` of an entry, unread.
fn details(entry: &RawValue) -> Result<&RawValue, Misfit> {
    // serde also reads an array as a struct.
    if !entry.get().starts_with('{') {
        return Err(NO_PROFILE);
    }
    let entry: Entry<'_> = serde_json::from_str(entry.get()).map_err(|_| NO_PROFILE)?;
    entry.profile.get("userDetails").copied().ok_or(NO_DETAILS)
}

fn number(details: &Map<String, Value>) -> Result<u64, Misfit> {
    let contact = details
        .get("contact")
        .and_then(Value::as_object)
        .ok_or(NO_CONTACT)?;
    optional(contact.get("email"), Value::is_string, EMAIL)?;
    let phone = contact
        .get("phone")
        .and_then(Value::as_object)
        .ok_or(NO_PHONE)?;
    let prefix = digits(phone.get("prefix"))
        // No country calling code begins with 0 (ITU-T E.164).
        .filter(|prefix| !prefix.starts_with('0'))
        .ok_or(PREFIX)?;
    let number = digits(phone.get("number")).ok_or(NUMBER)?;
    if prefix.len() + number.len() > MAX_DIGITS {
        return Err(TOO_LONG);
    }
    format!("{prefix}{number}").parse().map_err(|_| TOO_LONG)
}

fn digits(value: Option<&Value>) -> Option<&str> {
    let text = value?.as_str()?;
    (!text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())).then_some(text)
}

fn optional(
    value: Option<&Value>,
    fits: impl Fn(&Value) -> bool,
    misfit: Misfit,
) -> Result<(), Misfit> {
    if value.is_none_or(fits) {
        Ok(())
    } else {
        Err(misfit)
    }
}

fn is_list_of_texts(value: &Value) -> bool {
    value
        .as_array()
        .is_some_and(|list| list.iter().all(Value::is_string))
}

fn is_list_of_attributes(value: &Value) -> bool {
    value
        .as_array()
        .is_some_and(|list| list.iter().all(is_attribute))
}

fn is_attribute(value: &Value) -> bool {
    let key = value.get("key").and_then(Value::as_str);
    key.is_some_and(is_attribute_key) && value.get("value").is_some_and(Value::is_string)
}

fn is_attribute_key(key: &str) -> bool {
    !key.is_empty()
        && key
            .bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
}

const NO_PROFILE: Misfit = Misfit::new("profile", "must be an object");
const NO_DETAILS: Misfit = Misfit::new("profile.userDetails", "must be an object");
const NAME: Misfit = Misfit::new(
    "profile.userDetails.userProvidedName",
    "must be a string, or left out",
);
const NO_CONTACT: Misfit = Misfit::new("profile.userDetails.contact", "must be an object");
const EMAIL: Misfit = Misfit::new(
    "profile.userDetails.contact.email",
    "must be a string, or left out",
);
const NO_PHONE: Misfit = Misfit::new("profile.userDetails.contact.phone", "must be an object");
const PREFIX: Misfit = Misfit::new(
    "profile.userDetails.contact.phone.prefix",
    "must be a string of digits, without + and not starting with 0",
);
const NUMBER: Misfit = Misfit::new(
    "profile.userDetails.contact.phone.number",
    "must be a string of digits",
);
const TOO_LONG: Misfit = Misfit::new(
    "profile.userDetails.contact.phone",
    "has more digits than any phone: at most 19 in prefix and number together",
);
const TAGS: Misfit = Misfit::new("profile.userDetails.tags", "must be an array of strings");
const ATTRIBUTES: Misfit = Misfit::new(
    "profile.userDetails.attributes",
    "must be an array of objects with a key of lowercase letters and digits and a value, both strings",
);

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

    use serde_json::json;

    use super::*;

    fn reasons(body: &str) -> String {
        contacts(body.as_bytes())
            .map(|_| ())
            .map_or_else(|refusal| format!("{refusal:?}"), |()| "taken".to_owned())
    }

    /// A body of one contact, whose details are the documented ones but for what `change` does.
    fn body(change: impl Fn(&mut Value)) -> String {
        let mut details = json!({
            "userProvidedName": "User Name",
            "contact": {"email": "user@email.com", "phone": {"number": "1234567890", "prefix": "91"}},
            "tags": [],
            "attributes": [],
        });
        change(&mut details);
        json!([{"profile": {"userDetails": details}}]).to_string()
    }

    #[test]
    fn the_documented_body_is_taken() {
        let body = body(|_| ());
        let contacts = contacts(body.as_bytes()).unwrap();
        assert_eq!(contacts.len(), 1);
        assert_eq!(contacts[0].number, 911_234_567_890);
        let details: Value = serde_json::from_str(contacts[0].details.get()).unwrap();
        assert_eq!(details["contact"]["email"], "user@email.com");
    }

    #[test]
    fn what_may_be_left_out_may_be_left_out() {
        let bare = r#"[{"profile":{"userDetails":{"contact":{"phone":{"prefix":"39","number":"0612345678"}}}}}]"#;
        assert_eq!(
            contacts(bare.as_bytes()).unwrap()[0].number,
            390_612_345_678
        );
        let known = body(|d| d["attributes"] = json!([{"key": "city2", "value": "Łódź"}]));
        assert_eq!(reasons(&known), "taken");
        assert_eq!(reasons(&body(|d| d["tags"] = json!(["vip", ""]))), "taken");
        assert_eq!(reasons(&body(|d| d["else"] = json!(7))), "taken");
    }

    #[test]
    fn a_body_that_is_no_array_of_contacts_is_refused() {
        for (body, words) in [
            ("", "not JSON"),
            ("[", "not JSON: see line 1, column 1"),
            ("[]x", "not JSON"),
            ("[{]", "not JSON"),
            ("{}", "must be an array"),
            ("null", "must be an array"),
            ("\"[]\"", "must be an array"),
            ("[]", "holds no contacts"),
            ("[1]", "[0].profile must be an object"),
            ("[[]]", "[0].profile must be an object"),
            ("[{}]", "[0].profile must be an object"),
            (
                r#"[{"profile":[{"contact":{}}]}]"#,
                "[0].profile must be an object",
            ),
            (
                r#"[{"profile":{}}]"#,
                "[0].profile.userDetails must be an object",
            ),
            (
                r#"[{"profile":{"userDetails":[]}}]"#,
                "[0].profile.userDetails must be an object",
            ),
            (
                r#"[{"profile":{"userDetails":{}}}]"#,
                "userDetails.contact must be an object",
            ),
            (
                r#"[{"profile":{"userDetails":{"contact":{}}}}]"#,
                "contact.phone must be an object",
            ),
        ] {
            assert!(reasons(body).contains(words), "{body}: {}", reasons(body));
        }
        assert!(format!("{:?}", contacts(b"[\xff]").unwrap_err()).contains("not UTF-8"));
    }

    #[test]
    fn a_field_of_the_wrong_shape_is_named_with_its_rule() {
        let prefix = |value: Value| body(move |d| d["contact"]["phone"]["prefix"] = value.clone());
        let number = |value: Value| body(move |d| d["contact"]["phone"]["number"] = value.clone());
        let tags = |value: Value| body(move |d| d["tags"] = value.clone());
        let attributes = |value: Value| body(move |d| d["attributes"] = value.clone());
        for (body, field) in [
            (prefix(json!(91)), "phone.prefix must"),
            (prefix(json!("+91")), "phone.prefix must"),
            (prefix(json!("091")), "phone.prefix must"),
            (prefix(json!("")), "phone.prefix must"),
            (prefix(json!(null)), "phone.prefix must"),
            (number(json!(1_234_567_890)), "phone.number must"),
            (number(json!("123 456")), "phone.number must"),
            (number(json!("１２３")), "phone.number must"),
            (number(json!("")), "phone.number must"),
            (
                number(json!("123456789012345678")),
                "more digits than any phone",
            ),
            (
                body(|d| d["userProvidedName"] = json!(null)),
                "userProvidedName must",
            ),
            (
                body(|d| d["userProvidedName"] = json!(7)),
                "userProvidedName must",
            ),
            (body(|d| d["contact"]["email"] = json!(null)), "email must"),
            (tags(json!("vip")), "tags must"),
            (tags(json!(null)), "tags must"),
            (tags(json!([1])), "tags must"),
            (
                attributes(json!({"key": "a", "value": "b"})),
                "attributes must",
            ),
            (attributes(json!(["a"])), "attributes must"),
            (attributes(json!([{"key": "a"}])), "attributes must"),
            (
                attributes(json!([{"key": "a", "value": 1}])),
                "attributes must",
            ),
            (
                attributes(json!([{"key": "", "value": ""}])),
                "attributes must",
            ),
            (
                attributes(json!([{"key": "City", "value": ""}])),
                "attributes must",
            ),
            (
                attributes(json!([{"key": "home town", "value": ""}])),
                "attributes must",
            ),
        ] {
            assert!(reasons(&body).contains(field), "{body}: {}", reasons(&body));
        }
    }

    #[test]
    fn reasons_name_the_contact_and_stop_at_twenty() {
        let good = json!({"profile": {"userDetails": {"contact": {"phone": {"prefix": "91", "number": "1"}}}}});
        let mut batch = vec![good; 3];
        batch[1] = json!({});
        assert!(reasons(&json!(batch).to_string()).contains("[\"[1].profile must be an object\"]"));
        let refusal = reasons(&json!(vec![json!({}); 25]).to_string());
        assert!(
            refusal.contains("[19].profile") && !refusal.contains("[20].profile"),
            "{refusal}"
        );
        assert!(refusal.contains("and 5 more"), "{refusal}");
    }

    #[test]
    fn a_reason_repeats_nothing_of_the_contact() {
        let refusal = reasons(&body(|d| {
            d["contact"]["phone"]["number"] = json!("secret 555")
        }));
        assert!(
            !refusal.contains("secret") && !refusal.contains("555"),
            "{refusal}"
        );
    }
}
