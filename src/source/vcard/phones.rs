//! The phones of a card in the order in which they are tried, the likeliest to be on WhatsApp first.
//!
//! Owns the meaning of types, and the many ways in which cards mark a WhatsApp number. The vocabulary knows what
//! labels mean, `card` how a property is written.

use std::borrow::Cow;

use crate::vocabulary::{PhoneKind, label_kind};

/// A property that may hold a phone.
pub(super) struct PhoneProperty<'c> {
    pub(super) kind: PropertyKind,
    pub(super) value: String,
    /// Its types and services, in lower case.
    pub(super) words: Vec<String>,
    /// The user's label for it.
    pub(super) label: Option<&'c str>,
    /// Its number on WhatsApp, which WhatsApp writes into the cards that it shares (`TEL;waid=4915123456782`).
    pub(super) waid: Option<&'c str>,
    /// Its rank; 1 is the most preferred.
    pub(super) preference: u32,
}

/// The rank without a preference. It sorts behind every `PREF`, which is 1 to 100 (RFC 6350, section 5.3).
pub(super) const UNPREFERRED: u32 = 1_000;

/// What a property can show about a phone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum PropertyKind {
    /// `TEL`
    Phone,
    /// `X-WHATSAPP`
    WhatsApp,
    /// `IMPP`, `X-SOCIALPROFILE`: an account at a service, named by its words, its label or its value.
    Service,
    /// `URL`
    Link,
}

/// The numbers of a card.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct CardPhones {
    pub(super) phones: Vec<String>,
    pub(super) faxes: Vec<String>,
}

/// How likely a phone is on WhatsApp, the likeliest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum PhoneRank {
    /// WhatsApp wrote the number (`waid`).
    Account,
    /// The user labelled it so.
    WhatsApp,
    CellValue,
    Preferred,
    Known,
    /// A label that is not known: the phone may be another person's.
    Other,
    /// A fax, a pager or a modem, or another person's by its label.
    Never,
}

/// The numbers of these properties by rank, then by preference.
pub(super) fn ordered<'c>(properties: impl Iterator<Item = PhoneProperty<'c>>) -> CardPhones {
    let mut ranked = Vec::new();
    for property in properties {
        ranked.extend(numbers(&property).map(|(rank, number)| (rank, property.preference, number)));
    }
    ranked.sort_by_key(|(rank, preference, _)| (*rank, *preference));
    let mut all = CardPhones::default();
    for (rank, _, number) in ranked {
        match rank {
            PhoneRank::Never => all.faxes.push(number),
            _ => all.phones.push(number),
        }
    }
    all.phones.retain(|text| !text.trim().is_empty());
    all.faxes.retain(|text| !text.trim().is_empty());
    all
}

/// The numbers of a property with their ranks.
fn numbers(property: &PhoneProperty<'_>) -> impl Iterator<Item = (PhoneRank, String)> {
    let account = property.waid.and_then(international);
    let rank = match account {
        Some(_) => PhoneRank::Account,
        None => PhoneRank::of(property),
    };
    let own = match property.kind {
        PropertyKind::Phone => Some(property.value.clone()),
        PropertyKind::WhatsApp => account_number(&property.value),
        PropertyKind::Service
            if rank <= PhoneRank::WhatsApp || after(&property.value, SCHEME).is_some() =>
        {
            account_number(&property.value)
        }
        // An account at another service is a number only where it is a link to WhatsApp.
        PropertyKind::Service | PropertyKind::Link => linked_number(&property.value),
    };
    let own_rank = match property.kind {
        PropertyKind::Phone => rank,
        PropertyKind::WhatsApp | PropertyKind::Service | PropertyKind::Link => {
            rank.min(PhoneRank::WhatsApp)
        }
    };
    let own = own.map(|number| (own_rank, number));
    account.map(|number| (rank, number)).into_iter().chain(own)
}

impl PhoneRank {
    fn of(property: &PhoneProperty<'_>) -> PhoneRank {
        let is = |known: &str| property.words.iter().any(|word| word == known);
        let own_types = property.words.iter().map(String::as_str);
        let own_types = own_types.filter(|word| !TYPES.contains(word));
        let labels: Vec<_> = property
            .label
            .into_iter()
            .chain(own_types)
            .map(label_kind)
            .collect();
        let says = |kind: PhoneKind| labels.contains(&Ok(kind));
        // A label that the vocabulary refuses, such as "Mum", means another person: never message that number.
        if labels.iter().any(Result::is_err) {
            PhoneRank::Never
        } else if says(PhoneKind::Whatsapp) {
            PhoneRank::WhatsApp
        } else if says(PhoneKind::Mobile) || is("cell") {
            PhoneRank::CellValue
        } else if MACHINES.iter().any(|machine| is(machine)) && !is("voice") {
            PhoneRank::Never
        } else if says(PhoneKind::Other) {
            PhoneRank::Other
        } else if property.preference < UNPREFERRED {
            PhoneRank::Preferred
        } else {
            PhoneRank::Known
        }
    }
}

/// The types of machines (RFC 2426, section 3.3.1).
const MACHINES: [&str; 4] = ["fax", "pager", "modem", "bbs"];

/// The types of all versions of vCard and of Apple's; any other is a user's label.
const TYPES: [&str; 21] = [
    "home",
    "work",
    "pref",
    "voice",
    "fax",
    "msg",
    "cell",
    "pager",
    "bbs",
    "modem",
    "car",
    "isdn",
    "video",
    "pcs",
    "text",
    "textphone",
    "internet",
    "uri",
    "main-number",
    "dom",
    "intl",
];

/// Digits of an international number: at most 15 (ITU-T E.164); the shortest numbers in use have 7.
const DIGITS: std::ops::RangeInclusive<usize> = 7..=15;

/// A number that begins with its calling code, as E.164, whatever separates its digits.
fn international(number: &str) -> Option<String> {
    let number = number.trim();
    let is_number = number
        .chars()
        .all(|c| c.is_ascii_digit() || "+ -.()".contains(c));
    let digits: String = number.chars().filter(char::is_ascii_digit).collect();
    let digits = digits.trim_start_matches('0');
    (is_number && DIGITS.contains(&digits.len())).then(|| format!("+{digits}"))
}

/// The scheme of a URI of an account at WhatsApp.
const SCHEME: &str = "whatsapp:";

/// The number in the value of an account at WhatsApp: a link, a URI, or the number itself; `None` for a name.
fn account_number(value: &str) -> Option<String> {
    if let Some(number) = linked_number(value) {
        return Some(number);
    }
    const SCHEMES: [&str; 5] = [SCHEME, "x-apple:", "tel:", "sms:", "xmpp:"];
    let decoded = percent_decoded(value);
    let mut number = decoded.trim();
    while let Some(rest) = SCHEMES.iter().find_map(|scheme| after(number, scheme)) {
        number = rest.trim();
    }
    let digits = number.chars().filter(|c| c.is_numeric()).count();
    // A name at a service may contain digits, but no number contains letters.
    let is_number = digits >= *DIGITS.start() && !number.contains(char::is_alphabetic);
    // A number of 12 digits or more includes its calling code: programs that write the URI leave out the plus sign,
    // and national numbers are shorter.
    const SURELY_INTERNATIONAL: usize = 12;
    let is_bare = digits >= SURELY_INTERNATIONAL && !number.starts_with(['+', '0']);
    match is_number {
        true if is_bare => international(number).or_else(|| Some(number.to_owned())),
        true => Some(number.to_owned()),
        false => None,
    }
}

/// The number in a link to a chat on WhatsApp. WhatsApp defines it as international without a plus sign.
fn linked_number(value: &str) -> Option<String> {
    let decoded = percent_decoded(value);
    let text = decoded.trim();
    let text = ["https://", "http://"]
        .iter()
        .find_map(|scheme| after(text, scheme))
        .unwrap_or(text);
    let text = after(text, "www.").unwrap_or(text);
    // `wa.me/message/…` and `wa.me/qr/…` are codes, which `international` refuses.
    if let Some(path) = after(text, "wa.me/") {
        let end = path.find(['?', '/', '#']).unwrap_or(path.len());
        return international(path.get(..end)?);
    }
    const CHATS: [&str; 4] = [
        "api.whatsapp.com/",
        "web.whatsapp.com/",
        "whatsapp.com/",
        "whatsapp://",
    ];
    if let Some(rest) = CHATS.iter().find_map(|chat| after(text, chat)) {
        let query = rest.split_once('?')?.1;
        let phone = query
            .split(['&', '#'])
            .find_map(|pair| after(pair, "phone="));
        return international(phone?);
    }
    const SERVER: &str = "@s.whatsapp.net";
    // A JID of WhatsApp's own protocol; a device follows behind a colon.
    let account = text.strip_suffix(SERVER)?;
    let account = after(account, "xmpp:").unwrap_or(account);
    international(account.split(':').next()?)
}

/// The rest of a text behind a prefix in any case.
fn after<'t>(text: &'t str, beginning: &str) -> Option<&'t str> {
    let (first, rest) = text.split_at_checked(beginning.len())?;
    first.eq_ignore_ascii_case(beginning).then_some(rest)
}

/// A URI with its escapes decoded (RFC 3986, section 2.1); unchanged where the result would not be UTF-8.
fn percent_decoded(uri: &str) -> Cow<'_, str> {
    if !uri.contains('%') {
        return Cow::Borrowed(uri);
    }
    let mut bytes = Vec::with_capacity(uri.len());
    let mut rest = uri.as_bytes();
    while let Some((&first, behind)) = rest.split_first() {
        let escape = (first == b'%')
            .then(|| super::charset::hex_byte(behind))
            .flatten();
        let (byte, behind) = escape.unwrap_or((first, behind));
        bytes.push(byte);
        rest = behind;
    }
    String::from_utf8(bytes).map_or(Cow::Borrowed(uri), Cow::Owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_to_a_chat_has_a_number_and_others_have_none() {
        let cases = [
            ("https://wa.me/4915123456782", "+4915123456782"),
            ("http://www.WA.me/4915123456782?text=Hi", "+4915123456782"),
            ("wa.me/+4915123456782/", "+4915123456782"),
            (
                "https://api.whatsapp.com/send?text=a&phone=%2B4915123456782",
                "+4915123456782",
            ),
            (
                "https://api.whatsapp.com/send/?phone=4915123456782&text",
                "+4915123456782",
            ),
            ("whatsapp://send?phone=+4915123456782", "+4915123456782"),
            ("4915123456782@s.whatsapp.net", "+4915123456782"),
            ("xmpp:4915123456782:12@s.whatsapp.net", "+4915123456782"),
            ("https://wa.me/message/ABCDEF1234567", "-"),
            ("https://wa.me/qr/1234567", "-"),
            ("https://chat.whatsapp.com/4915123456782", "-"),
            ("https://example.com/wa.me/4915123456782", "-"),
            ("https://example.com/?phone=4915123456782", "-"),
            ("+4915123456782", "-"),
        ];
        for (link, number) in cases {
            assert_eq!(
                linked_number(link).as_deref().unwrap_or("-"),
                number,
                "{link}"
            );
        }
    }

    #[test]
    fn the_value_of_an_account_is_a_number_as_it_is_written() {
        let cases = [
            ("whatsapp:+4915123456782", "+4915123456782"),
            ("whatsapp:4915123456782", "+4915123456782"),
            ("whatsapp:tel:+49-151-23456782", "+49-151-23456782"),
            ("whatsapp:%2B49%20151%2023456782", "+49 151 23456782"),
            ("x-apple:+4915123456782", "+4915123456782"),
            ("015123456782", "015123456782"),
            ("9876543210", "9876543210"),
            ("+91 98765 43210", "+91 98765 43210"),
            ("https://wa.me/4915123456782", "+4915123456782"),
            ("x-apple:asha", "-"),
            ("whatsapp:asha1234567", "-"),
            ("true", "-"),
            ("", "-"),
        ];
        for (value, number) in cases {
            assert_eq!(
                account_number(value).as_deref().unwrap_or("-"),
                number,
                "{value}"
            );
        }
    }

    #[test]
    fn the_number_that_whatsapp_itself_wrote_needs_no_plus_sign() {
        for (waid, number) in [
            ("4915123456782", "+4915123456782"),
            (" +49 151 23456782 ", "+4915123456782"),
            ("123", "-"),
            ("unknown", "-"),
            ("", "-"),
        ] {
            assert_eq!(
                international(waid).as_deref().unwrap_or("-"),
                number,
                "{waid}"
            );
        }
    }
}
