//! E-mail addresses: what is one, by its syntax.
//!
//! Owns the check of one cell; `repair` what is around an address. Whether somebody reads mail there is not known here.

mod repair;

use email_address::{EmailAddress, Error, Options};

use crate::text::list_elements;
use repair::{Bare, bare};

/// Why a cell is no e-mail address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum EmailError {
    /// The cell is empty.
    #[error("no e-mail address")]
    Blank,
    /// There is no `@`.
    #[error("not an e-mail address: it has no @")]
    NoAt,
    /// There is nothing before the `@`.
    #[error("not an e-mail address: nothing stands before the @")]
    NoName,
    /// There is nothing after the `@`.
    #[error("not an e-mail address: nothing stands after the @")]
    NoDomain,
    /// The domain has no dot, or ends in something that is no name (`a@b`, `a@192.0.2.1`).
    #[error("not an e-mail address: its domain does not end like .com or .org")]
    NoEnding,
    /// A part is longer than RFC 5321 allows (64 before the `@`, 254 after it).
    #[error("not an e-mail address: it is too long")]
    TooLong,
    /// There is a space inside.
    #[error("not an e-mail address: it has a space in it")]
    Space,
    /// Anything else.
    #[error("not an e-mail address")]
    Malformed,
}

impl EmailError {
    /// A few words that many rows share.
    pub(crate) fn brief(self) -> &'static str {
        match self {
            EmailError::Blank => "no e-mail",
            _ => "wrong e-mail",
        }
    }
}

/// An address that was read, and what a user should know about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct EmailReading {
    /// The address.
    pub(crate) address: String,
    /// What is worth a warning, although it can be sent.
    pub(crate) remarks: Vec<&'static str>,
}

/// The remark about a cell that held several addresses.
const SEVERAL: &str = "the cell holds several e-mail addresses: the first usable one was taken";

/// Reads a cell that holds an e-mail address, or several between ` ::: `, commas or semicolons: the first usable one
/// counts.
///
/// # Errors
/// Why the cell is no address; where it seems to hold several, why the text as a whole is not one.
pub(crate) fn read(text: &str) -> Result<EmailReading, EmailError> {
    let trimmed = text.trim_ascii();
    if is_plain(trimmed) {
        return Ok(EmailReading {
            address: trimmed.to_owned(),
            remarks: Vec::new(),
        });
    }
    // `{` may begin an address; a list of PostgreSQL begins with it.
    let lines = list_elements(text).map(|elements| elements.join("\n"));
    let whole = bare(lines.as_deref().unwrap_or(text));
    match check(&whole.text) {
        Ok(()) => Ok(whole.into()),
        Err(error) => first_of_several(&whole.text).ok_or(error),
    }
}

impl From<Bare> for EmailReading {
    fn from(bare: Bare) -> EmailReading {
        EmailReading {
            address: bare.text,
            remarks: bare.repairs,
        }
    }
}

/// Whether a text is an address of nothing but letters and digits of ASCII and the signs that nearly all addresses have:
/// most are, and need no search for anything else. Only a yes is an answer.
fn is_plain(text: &str) -> bool {
    // RFC 5321, 4.5.3.1, and RFC 1035, 2.3.4; 254 is the longest path without its brackets.
    const LONGEST_NAME: usize = 64;
    const LONGEST: usize = 254;
    let Some((name, domain)) = text.split_once('@') else {
        return false;
    };
    let is_part = |part: &str| !part.is_empty() && part.bytes().all(is_of_a_name);
    text.len() <= LONGEST
        && name.len() <= LONGEST_NAME
        && name.split('.').all(is_part)
        && is_plain_domain(domain)
}

fn is_of_a_name(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'+')
}

fn is_plain_domain(domain: &str) -> bool {
    const LONGEST_LABEL: usize = 63;
    let Some((before, ending)) = domain.rsplit_once('.') else {
        return false;
    };
    let is_label = |label: &str| {
        !label.is_empty()
            && label.len() <= LONGEST_LABEL
            && label
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    let is_ending = |label: &str| label.bytes().all(|byte| byte.is_ascii_alphabetic());
    before.split('.').all(is_label) && is_label(ending) && is_ending(ending)
}

fn first_of_several(text: &str) -> Option<EmailReading> {
    let parts = text
        .split([',', ';', '|', '\n'])
        .flat_map(|part| part.split(":::"))
        .flat_map(|part| part.split_inclusive('>'));
    let first = parts.map(bare).find(|part| check(&part.text).is_ok())?;
    let remarks = [SEVERAL].into_iter().chain(first.repairs).collect();
    Some(EmailReading {
        address: first.text,
        remarks,
    })
}

/// Whether a text without anything around it is an address, by the syntax of RFC 5321, of which the exotic is refused:
/// quoted names, address literals, domains of one label.
fn check(address: &str) -> Result<(), EmailError> {
    if address.is_empty() {
        return Err(EmailError::Blank);
    }
    if address.contains(char::is_whitespace) {
        return Err(EmailError::Space);
    }
    let options = Options::default()
        .with_required_tld()
        .without_domain_literal()
        .without_display_text();
    let parsed = EmailAddress::parse_with_options(address, options).map_err(|error| why(&error))?;
    // The crate takes `"a b"@example.org`, as the RFC does; in a spreadsheet it is a stray quote.
    if parsed.local_part().contains('"') {
        return Err(EmailError::Malformed);
    }
    check_domain(parsed.domain())
}

/// The crate takes every character of a name in a domain too (`_`, `!`), and digits as a last label.
fn check_domain(domain: &str) -> Result<(), EmailError> {
    if !domain
        .chars()
        .all(|c| c.is_alphanumeric() || matches!(c, '.' | '-'))
    {
        return Err(EmailError::Malformed);
    }
    match domain.rsplit('.').next() {
        Some(label) if is_ending(label) => Ok(()),
        _ => Err(EmailError::NoEnding),
    }
}

/// Letters; or the encoded form of letters, which RFC 5890 writes with digits and hyphens.
fn is_ending(label: &str) -> bool {
    let encoded = label
        .get(..4)
        .is_some_and(|start| start.eq_ignore_ascii_case("xn--"));
    encoded || label.chars().all(char::is_alphabetic)
}

fn why(error: &Error) -> EmailError {
    match error {
        Error::MissingSeparator => EmailError::NoAt,
        Error::LocalPartEmpty => EmailError::NoName,
        Error::DomainEmpty => EmailError::NoDomain,
        Error::DomainTooFew => EmailError::NoEnding,
        Error::LocalPartTooLong | Error::DomainTooLong | Error::SubDomainTooLong => {
            EmailError::TooLong
        }
        _ => EmailError::Malformed,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn address(text: &str) -> Result<String, EmailError> {
        read(text).map(|reading| reading.address)
    }

    #[test]
    fn an_address_comes_out_as_it_was_typed() {
        let cases = [
            "ada@example.com",
            "Ada.Lovelace+shop@mail.example.co.uk",
            "o'brien@example.ie",
            "ada@bücher.de",
            "ada@example.рф",
            "ada@example.xn--p1ai",
            "josé@example.es",
            "1@2.io",
        ];
        for text in cases {
            let reading = read(text).unwrap();
            assert_eq!(reading.address, text);
            assert!(reading.remarks.is_empty(), "{text}");
        }
    }

    #[test]
    fn what_cannot_be_seen_around_an_address_is_taken_off_without_a_word() {
        let cases = [
            "  ada@example.com\t",
            "'ada@example.com",
            "\u{A0}ada@example.com\u{A0}",
            "\u{FEFF}ada@example.com",
            "\u{202A}ada@example.com\u{202C}",
            "ada\u{200B}@example.com",
        ];
        for cell in cases {
            let reading = read(cell).unwrap();
            assert_eq!(reading.address, "ada@example.com", "{cell:?}");
            assert!(reading.remarks.is_empty(), "{cell:?}");
        }
    }

    #[test]
    fn the_first_usable_of_several_addresses_is_taken() {
        for cell in [
            "ada@example.com, bob@example.com",
            "nonsense; ada@example.com",
            "\"ada@example.com\",\"bob@example.com\"",
            "Ada <ada@example.com>, Bob <bob@example.com>",
            "\"Lovelace, Ada\" <ada@example.com>; \"Rao, Bob\" <bob@example.com>",
            "Ada <ada@example.com> Bob <bob@example.com>",
            "<mailto:ada@example.com|ada@example.com>",
            "{ada@example.com,\"bob@example.com\"}",
            "['ada@example.com', 'bob@example.com']",
        ] {
            let reading = read(cell).unwrap();
            assert_eq!(reading.address, "ada@example.com", "{cell}");
            assert_eq!(reading.remarks.first(), Some(&SEVERAL), "{cell}");
        }
    }

    #[test]
    fn a_cell_that_is_no_address_says_why() {
        let long = format!("{}@example.com", "a".repeat(65));
        let cases = [
            ("", EmailError::Blank),
            (" \u{200B} ", EmailError::Blank),
            ("mailto:", EmailError::Blank),
            ("ada", EmailError::NoAt),
            ("@example.com", EmailError::NoName),
            ("ada@", EmailError::NoDomain),
            ("ada@localhost", EmailError::NoEnding),
            ("ada@192.0.2.1", EmailError::NoEnding),
            ("ada@example.c0m", EmailError::NoEnding),
            (long.as_str(), EmailError::TooLong),
            ("ada lovelace@example.com", EmailError::Space),
            ("\"ada\"@example.com", EmailError::Malformed),
            ("ada@ex_ample.com", EmailError::Malformed),
            ("ada@ex!ample.com", EmailError::Malformed),
            ("ada@[192.0.2.1]", EmailError::Malformed),
            ("Ada <ada@example.co", EmailError::Space),
            ("bob@example.com <ada@example.com>", EmailError::Space),
            ("ada..lovelace@example.com", EmailError::Malformed),
            ("ada@example..com", EmailError::Malformed),
            ("ada@-example.com", EmailError::Malformed),
            ("a@b@example.com", EmailError::Malformed),
        ];
        for (cell, expected) in cases {
            assert_eq!(address(cell), Err(expected), "{cell:?}");
        }
    }

    #[test]
    fn words_never_quote_the_address() {
        let error = read("ada.lovelace@").unwrap_err();
        assert_eq!(error.brief(), "wrong e-mail");
        assert!(!error.to_string().contains("lovelace"));
    }

    proptest! {
        #[test]
        fn a_plain_address_is_one_by_the_rfc_too(
            name in "[a-z0-9._+-]{0,66}",
            domain in "([a-zA-Z0-9-]{0,64}\\.){0,4}[a-zA-Z0-9-]{0,5}",
            at in "@?",
        ) {
            let text = format!("{name}{at}{domain}");
            if is_plain(&text) {
                prop_assert_eq!(check(&text), Ok(()));
            }
        }

        #[test]
        fn most_addresses_are_plain(text in "[a-z0-9]{1,9}([._+-][a-z0-9]{1,9}){0,3}@([a-z0-9]{1,9}\\.){1,3}[a-z]{1,9}") {
            prop_assert!(is_plain(&text));
            prop_assert_eq!(check(&text), Ok(()));
        }

        #[test]
        fn any_text_gives_an_answer_and_an_address_passes_again(text in "\\PC{0,20}@?\\PC{0,20}(\\.[a-z]{2})?") {
            if let Ok(found) = address(&text) {
                prop_assert_eq!(address(&found), Ok(found.clone()));
            }
        }
    }
}
