//! What a request has beside its body: the token, the content type, the bot.
//!
//! Knows nothing of contacts.

use std::collections::BTreeSet;

use axum::http::header::{AUTHORIZATION, CONTENT_ENCODING, CONTENT_TYPE};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode};

use super::answer::Refusal;

/// Checks the token, the content type and the bot, in this order. `token` is the only valid one; with `None`, any is.
///
/// # Errors
/// 401 for the token and how it is announced, 415 for the kind of body, 400 for the bot.
pub(super) fn check(head: &Parts, token: Option<&str>) -> Result<(), Refusal> {
    // The token first, as an API does: a stranger learns nothing about the rest of the request.
    check_token(&head.headers, token)?;
    check_content(&head.headers)?;
    check_bot(head)
}

fn check_token(headers: &HeaderMap, expected: Option<&str>) -> Result<(), Refusal> {
    let denied = |words: &str| Err(Refusal::because(StatusCode::UNAUTHORIZED, words));
    let Some(token) = bearer(headers) else {
        return denied("no token: send the header Authorization: Bearer TOKEN");
    };
    if expected.is_some_and(|expected| expected != token) {
        return denied("this token is not known here");
    }
    match text(headers, "authtype") {
        Some("Key") => Ok(()),
        _ if headers.contains_key("authtype") => denied("the header authtype must be Key"),
        _ if looks_like_a_session(token) => Ok(()),
        _ => denied(
            "an access token needs the header authtype: Key; only a web session's token goes without it",
        ),
    }
}

fn bearer(headers: &HeaderMap) -> Option<&str> {
    let (scheme, token) = text(headers, AUTHORIZATION.as_str())?.split_once(' ')?;
    let token = token.trim();
    (scheme.eq_ignore_ascii_case("bearer") && !token.is_empty()).then_some(token)
}

/// A web session's token is a JWT: three parts with dots between them (RFC 7519).
fn looks_like_a_session(token: &str) -> bool {
    let parts: Vec<&str> = token.split('.').collect();
    parts.len() == 3 && parts.iter().all(|part| !part.is_empty())
}

fn check_content(headers: &HeaderMap) -> Result<(), Refusal> {
    let unsupported =
        |words: &str| Err(Refusal::because(StatusCode::UNSUPPORTED_MEDIA_TYPE, words));
    let kind = text(headers, CONTENT_TYPE.as_str()).and_then(|kind| kind.split(';').next());
    if !kind.is_some_and(|kind| kind.trim().eq_ignore_ascii_case("application/json")) {
        return unsupported("send the header Content-Type: application/json");
    }
    match text(headers, CONTENT_ENCODING.as_str()) {
        None | Some("identity") => Ok(()),
        Some(_) => {
            unsupported("compressed bodies are not read here: send it without Content-Encoding")
        }
    }
}

/// A bot is named by a header, by the query, or by both alike.
fn check_bot(head: &Parts) -> Result<(), Refusal> {
    let header = head
        .headers
        .get_all("botid")
        .iter()
        .map(|id| id.as_bytes().to_vec());
    let query = head.uri.query().into_iter().flat_map(bots_in_query);
    let bots: BTreeSet<Vec<u8>> = header.chain(query).collect();
    let wrong = |words: &str| Err(Refusal::because(StatusCode::BAD_REQUEST, words));
    match bots.len() {
        0 => Ok(()),
        1 if bots.contains(&Vec::new()) => wrong("botId is empty: leave it out, or name a bot"),
        1 => Ok(()),
        _ => wrong("the header botId and the botId of the address differ"),
    }
}

fn bots_in_query(query: &str) -> impl Iterator<Item = Vec<u8>> {
    query.split('&').filter_map(|pair| {
        let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
        (key == "botId").then(|| percent_decoded(value))
    })
}

/// Decodes a query's bytes (RFC 3986, and `+` for a blank); a `%` without two hex digits is kept.
fn percent_decoded(text: &str) -> Vec<u8> {
    let mut decoded = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, tail @ ..] = rest {
        let (byte, after) = match (first, tail) {
            (b'%', [high, low, after @ ..]) => match (hex(*high), hex(*low)) {
                (Some(high), Some(low)) => (high << 4 | low, after),
                _ => (b'%', tail),
            },
            (b'+', _) => (b' ', tail),
            _ => (*first, tail),
        };
        decoded.push(byte);
        rest = after;
    }
    decoded
}

fn hex(digit: u8) -> Option<u8> {
    match digit {
        b'0'..=b'9' => Some(digit - b'0'),
        b'a'..=b'f' => Some(digit - b'a' + 10),
        b'A'..=b'F' => Some(digit - b'A' + 10),
        _ => None,
    }
}

/// A header's text; `None` when it is missing or no plain text.
fn text<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name)?.to_str().ok()
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use axum::http::Request;

    use super::*;

    const KEY: [(&str, &str); 3] = [
        ("authorization", "Bearer abc"),
        ("authtype", "Key"),
        ("content-type", "application/json"),
    ];

    fn head(query: &str, headers: &[(&str, &str)]) -> Parts {
        let mut request = Request::post(format!("/inbox/users/import{query}"));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        request.body(()).unwrap().into_parts().0
    }

    /// The status and the reason; `None` when the request is taken.
    fn refusal(query: &str, headers: &[(&str, &str)], token: Option<&str>) -> Option<Refusal> {
        check(&head(query, headers), token).err()
    }

    fn with<'a>(changed: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
        let kept = KEY
            .iter()
            .filter(|(name, _)| !changed.iter().any(|(other, _)| other == name))
            .copied();
        kept.chain(
            changed
                .iter()
                .copied()
                .filter(|(_, value)| !value.is_empty()),
        )
        .collect()
    }

    #[test]
    fn a_request_that_says_what_the_api_wants_is_taken() {
        for changed in [
            &[][..],
            &[("authorization", "bearer abc")],
            &[("authorization", "Bearer a.b.c"), ("authtype", "")],
            &[("content-type", "application/json; charset=utf-8")],
            &[("content-encoding", "identity")],
            &[("botId", "b1")],
        ] {
            assert_eq!(refusal("", &with(changed), None), None, "{changed:?}");
        }
        assert_eq!(refusal("", &KEY, Some("abc")), None);
    }

    #[test]
    fn what_is_missing_or_wrong_is_refused_with_its_status_and_words() {
        for (changed, status, words) in [
            (&[("authorization", "")][..], 401, "no token"),
            (&[("authorization", "abc")], 401, "no token"),
            (&[("authorization", "Bearer ")], 401, "no token"),
            (&[("authorization", "Basic abc")], 401, "no token"),
            (&[("authtype", "")], 401, "an access token needs"),
            (&[("authtype", "Session")], 401, "must be Key"),
            (
                &[("authtype", ""), ("authorization", "Bearer a..c")],
                401,
                "an access token needs",
            ),
            (
                &[("content-type", "")],
                415,
                "Content-Type: application/json",
            ),
            (
                &[("content-type", "text/json")],
                415,
                "Content-Type: application/json",
            ),
            (&[("content-encoding", "gzip")], 415, "compressed"),
        ] {
            let refusal = refusal("", &with(changed), None).unwrap();
            assert!(
                format!("{refusal:?}").contains(&format!("status: {status}")),
                "{changed:?}: {refusal:?}"
            );
            assert!(
                format!("{refusal:?}").contains(words),
                "{changed:?}: {refusal:?}"
            );
        }
    }

    #[test]
    fn another_token_than_the_expected_one_is_refused() {
        assert!(refusal("", &KEY, Some("abcd")).is_some());
        assert!(refusal("", &with(&[("authorization", "Bearer ABC")]), Some("abc")).is_some());
    }

    #[test]
    fn a_bot_named_twice_must_be_the_same_bot() {
        for (query, header, taken) in [
            ("", None, true),
            ("?botId=b1", None, true),
            ("?other=1", Some("b1"), true),
            ("?botId=b1", Some("b1"), true),
            ("?x=1&botId=b%31", Some("b1"), true),
            ("?botId=b%2", Some("b%2"), true),
            ("?botId=b+1", Some("b 1"), true),
            ("?botId=b2", Some("b1"), false),
            ("?botId=b1&botId=b2", None, false),
            ("?botId=", None, false),
            ("?botId", None, false),
        ] {
            let mut headers = KEY.to_vec();
            headers.extend(header.map(|id| ("botId", id)));
            assert_eq!(
                refusal(query, &headers, None).is_none(),
                taken,
                "{query} {header:?}"
            );
        }
    }
}
