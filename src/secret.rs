//! The access token: kept out of `Debug`, logs and messages.
//!
//! Owns where the secret may be looked at: `Token::bearer`, and what becomes a hash or is only asked for its subject.

use base64::Engine;
use base64::alphabet::URL_SAFE;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;

use crate::digest;

/// The parts of a JSON Web Token (RFC 7519) are written so; padding is forbidden there, and harmless.
const JWT_BASE64: GeneralPurpose = GeneralPurpose::new(
    &URL_SAFE,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// An access token of the platform.
#[derive(Clone, Debug)]
pub(crate) struct Token(SecretString);

/// How a token proves itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Auth {
    /// A platform access token: with the header `authtype: Key`.
    Key,
    /// A web-session token, as the browser has it: without.
    Session,
}

/// Why a text cannot be a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum TokenError {
    /// Nothing but space.
    #[error("is empty")]
    Empty,
    /// A character that no HTTP header takes (RFC 9110, section 5.5).
    #[error("holds a space, a line break or a character that no token has")]
    Malformed,
}

impl Token {
    /// Takes a token as it was typed or read; surrounding space and a leading `Bearer` are no part of it.
    ///
    /// # Errors
    /// When nothing is left, or what is left is not valid in a header.
    pub(crate) fn new(text: &str) -> Result<Token, TokenError> {
        let text = text.trim();
        let text = text.strip_prefix("Bearer ").unwrap_or(text).trim();
        if text.is_empty() {
            return Err(TokenError::Empty);
        }
        if !text.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(TokenError::Malformed);
        }
        Ok(Token(SecretString::from(text)))
    }

    /// The value of the `Authorization` header.
    pub(crate) fn bearer(&self) -> String {
        format!("Bearer {}", self.0.expose_secret())
    }

    /// What tells this token from others and shows nothing of it: a hash.
    pub(crate) fn fingerprint(&self) -> String {
        digest::identity(&[self.0.expose_secret().as_bytes()])
    }

    /// Whom a JSON Web Token says it speaks for (`sub`, RFC 7519, section 4.1.2). The signature is not looked at: good
    /// enough to tell accounts apart, and for nothing else.
    pub(crate) fn unverified_subject(&self) -> Option<String> {
        #[derive(Deserialize)]
        struct Claims {
            sub: String,
        }
        // A signed token has three parts (RFC 7515, section 7.1), an encrypted one five.
        let mut parts = self.0.expose_secret().split('.');
        let (_, claims, _) = (parts.next()?, parts.next()?, parts.next()?);
        let json = JWT_BASE64.decode(claims).ok()?;
        let Claims { sub } = serde_json::from_slice(&json).ok()?;
        (parts.next().is_none() && !sub.is_empty()).then_some(sub)
    }

    /// The same for an answer as it came, before anything of it is cut off: JSON may write `/` as `\/`.
    pub(crate) fn blot_bytes(&self, bytes: Vec<u8>) -> Vec<u8> {
        match String::from_utf8(bytes) {
            Ok(text) => {
                let escaped = self.0.expose_secret().replace('/', "\\/");
                blotted(&self.blot(&text), &escaped).into_bytes()
            }
            Err(error) => error.into_bytes(),
        }
    }

    /// The text with every occurrence of the token blotted out, in whatever case: servers echo what they were sent. A
    /// token of three letters is no secret, and would blot out half of every word.
    pub(crate) fn blot(&self, text: &str) -> String {
        blotted(text, self.0.expose_secret())
    }
}

fn blotted(text: &str, token: &str) -> String {
    if token.len() <= 3 {
        return text.to_owned();
    }
    // ASCII letters keep their length in either case, so places in one text are places in the other.
    let (lower, token) = (text.to_ascii_lowercase(), token.to_ascii_lowercase());
    let mut shown = String::with_capacity(text.len());
    let mut from = 0;
    for (at, _) in lower.match_indices(&token) {
        shown.push_str(&text[from..at]);
        shown.push_str("[token]");
        from = at + token.len();
    }
    shown.push_str(&text[from..]);
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_never_shows_in_debug_output() {
        let token = Token::new("s3cr3t").unwrap();
        assert!(!format!("{token:?}").contains("s3cr3t"));
        assert_eq!(
            token.blot("no such key: s3cr3t, S3CR3T!"),
            "no such key: [token], [token]!"
        );
        let slashed = Token::new("ab/cd").unwrap();
        assert_eq!(
            slashed.blot_bytes(br#"{"m":"ab\/cd"}"#.to_vec()),
            br#"{"m":"[token]"}"#
        );
    }

    #[test]
    fn a_token_is_taken_as_people_paste_it() {
        for text in ["abc.def", " abc.def\r\n", "Bearer abc.def"] {
            assert_eq!(
                Token::new(text).unwrap().bearer(),
                "Bearer abc.def",
                "{text:?}"
            );
        }
    }

    #[test]
    fn a_json_web_token_says_whom_it_speaks_for() {
        let claims = "eyJzdWIiOiI2NWYwIiwiaWF0IjoxfQ"; // {"sub":"65f0","iat":1}
        let subject = |text: &str| Token::new(text).unwrap().unverified_subject();
        for text in [
            format!("e30.{claims}.c2ln"),
            format!("e30.{claims}."),
            format!("e30.{claims}==.c2ln"),
        ] {
            assert_eq!(subject(&text).as_deref(), Some("65f0"), "{text}");
        }
        for text in [
            "bp_live_4f2a",
            "a.b.c",
            &format!("e30.{claims}"),
            &format!("e30.{claims}.a.b"),
            "e30.e30.a",
            "e30.eyJzdWIiOiIifQ.a", // {"sub":""}
        ] {
            assert_eq!(subject(text), None, "{text}");
        }
    }

    #[test]
    fn what_no_header_takes_is_no_token() {
        assert_eq!(Token::new(" \n").unwrap_err(), TokenError::Empty);
        for text in ["a b", "a\nb", "tök"] {
            assert_eq!(
                Token::new(text).unwrap_err(),
                TokenError::Malformed,
                "{text:?}"
            );
        }
    }
}
