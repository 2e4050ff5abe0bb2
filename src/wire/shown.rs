//! What a contact says, field by field, for a preview before it is sent.

use super::profile::{Object, elements, text, texts};
use serde_json::value::RawValue;

/// The fields of an element of the request's array and what they say, in the order of the payload; what is empty is
/// left out. The phone is written as `+91 9876543210`.
pub(crate) fn shown(json: &[u8]) -> Vec<(String, String)> {
    let read = serde_json::from_slice::<&RawValue>(json).ok();
    let details = read
        .and_then(Object::of)
        .and_then(|top| top.inner("profile").ok()?)
        .and_then(|profile| profile.inner("userDetails").ok()?);
    details.map(|details| fields(&details)).unwrap_or_default()
}

fn fields(details: &Object<'_>) -> Vec<(String, String)> {
    let contact = details.inner("contact").ok().flatten();
    let contact = contact.as_ref();
    let mut fields = vec![
        ("name".to_owned(), said(Some(details), "userProvidedName")),
        ("phone".to_owned(), contact.and_then(phone)),
        ("email".to_owned(), said(contact, "email")),
        ("tags".to_owned(), tags(details)),
    ];
    fields.extend(attributes(details));
    let filled = fields.into_iter();
    filled
        .filter_map(|(field, said)| Some((field, said.filter(|said| !said.is_empty())?)))
        .collect()
}

fn said(object: Option<&Object<'_>>, key: &'static str) -> Option<String> {
    let value = object?.get(key).ok()??;
    text(value).map(|text| text.into_owned())
}

fn phone(contact: &Object<'_>) -> Option<String> {
    let phone = contact.inner("phone").ok()??;
    let (prefix, number) = (said(Some(&phone), "prefix")?, said(Some(&phone), "number")?);
    Some(format!("+{prefix} {number}"))
}

fn tags(details: &Object<'_>) -> Option<String> {
    let list = details.list("tags").ok()??;
    Some(texts(list).join(", "))
}

fn attributes(details: &Object<'_>) -> Vec<(String, Option<String>)> {
    let list = details.list("attributes").ok().flatten();
    let objects = list.map(elements).unwrap_or_default().into_iter();
    let attributes = objects.filter_map(Object::of).filter_map(|attribute| {
        let key = said(Some(&attribute), "key")?;
        Some((format!("attr.{key}"), said(Some(&attribute), "value")))
    });
    attributes.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_contact_is_shown_field_by_field_without_what_is_empty() {
        let json = br#"{"profile":{"userDetails":{"userProvidedName":"Asha \"Bo\" Rao",
            "contact":{"phone":{"number":"9876543210","prefix":"91"}},"tags":["vip","new"],
            "attributes":[{"key":"city","value":"Pune"},{"key":"plan","value":""}]}}}"#;
        let expected = [
            ("name", "Asha \"Bo\" Rao"),
            ("phone", "+91 9876543210"),
            ("tags", "vip, new"),
            ("attr.city", "Pune"),
        ];
        let shown = shown(json);
        let shown: Vec<(&str, &str)> = shown
            .iter()
            .map(|(field, said)| (field.as_str(), said.as_str()))
            .collect();
        assert_eq!(shown, expected);
    }

    #[test]
    fn what_is_no_contact_shows_nothing() {
        for json in ["", "[]", "{}", r#"{"profile":{"userDetails":[]}}"#] {
            assert_eq!(shown(json.as_bytes()), [], "{json}");
        }
    }
}
