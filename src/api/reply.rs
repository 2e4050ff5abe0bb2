//! Status, headers and body of an answer to a verdict. Pure; the clock is handed in.
//!
//! The envelopes are those of the API's pages (its import endpoint and that endpoint's siblings).

use std::time::Duration;

use jiff::Timestamp;
use serde_json::{Map, Value};

use crate::verdict::{
    CutBody, DeliveryFault, ServerAnswer, ServerWords, StatusLine, StrangeAnswer, Stranger,
    Trouble, Verdict,
};

/// The longest `Retry-After` that is obeyed: a day. A server that asks for more is misconfigured.
const LONGEST_WAIT: Duration = Duration::from_secs(24 * 3_600);
/// The most characters that are kept of a server's message: a line or two in the summary and the rejects file.
const WORDS_KEPT: usize = 300;

/// An answer as it came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reply {
    /// The HTTP status.
    pub status: u16,
    /// Its standard phrase, or an empty text.
    pub phrase: &'static str,
    /// The `Retry-After` header.
    pub retry_after: Option<String>,
    /// The host a redirect points to.
    pub redirect: Option<String>,
    /// The body, as far as it was read.
    pub body: Body,
}

/// The body of an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Body {
    /// All of it.
    Whole(Vec<u8>),
    /// A part of it, and why no more.
    Cut(CutBody),
}

/// What an answer means.
pub fn classify(reply: &Reply, now: Timestamp) -> Verdict {
    match reply.status {
        // No content is defined as success (RFC 9110, section 15.3.5), so there is no body to check.
        204 => Verdict::Accepted {
            warnings: Vec::new(),
        },
        401 => Verdict::Denied(answer(reply)),
        404 | 405 | 501 | 300..=399 => Verdict::WrongAddress(stranger(reply)),
        408 | 425 | 429 | 503 => Verdict::Busy(trouble(reply, now)),
        413 => Verdict::TooLarge(answer(reply)),
        // The statuses above decide alone; for all others the body is needed.
        _ if reply.whole().is_none() => Verdict::Unclear(trouble(reply, now)),
        200..=299 => success(reply),
        // A firewall may reject one contact's text with a 403 page: only the API's own JSON is about the token.
        403 if reply.is_of_the_api() => Verdict::Denied(answer(reply)),
        400..=499 => Verdict::Refused(answer(reply)),
        _ => Verdict::Unclear(trouble(reply, now)),
    }
}

/// A 2xx counts as accepted only if its body reports success and nothing in it reports a failure: clients of the API
/// meet 200 with `success: false`, and a captive portal answers 200 with a page.
fn success(reply: &Reply) -> Verdict {
    let Some(object) = reply.object() else {
        return Verdict::WrongAddress(stranger(reply));
    };
    if says_no(&object) {
        Verdict::Refused(answer(reply))
    } else if says_yes(&object) {
        Verdict::Accepted {
            warnings: reasons(&object).into_iter().map(ServerWords::new).collect(),
        }
    } else {
        Verdict::WrongAddress(stranger(reply))
    }
}

fn says_yes(object: &Map<String, Value>) -> bool {
    object.get("success") == Some(&Value::Bool(true))
        || status_word(object).is_some_and(is_success_word)
}

fn says_no(object: &Map<String, Value>) -> bool {
    object.get("success") == Some(&Value::Bool(false))
        || status_word(object).is_some_and(|word| !is_success_word(word))
        || object
            .get("code")
            .and_then(Value::as_f64)
            .is_some_and(|code| code >= 400.0)
}

fn status_word(object: &Map<String, Value>) -> Option<&str> {
    object.get("status").and_then(Value::as_str)
}

fn is_success_word(word: &str) -> bool {
    word.eq_ignore_ascii_case("success")
}

/// The strings in `data`: the API's reasons.
fn reasons(object: &Map<String, Value>) -> Vec<String> {
    let data = object.get("data").and_then(Value::as_array);
    data.into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .filter(|text| !text.trim().is_empty())
        .map(kept)
        .collect()
}

fn kept(words: &str) -> String {
    let words = words.trim();
    match words.char_indices().nth(WORDS_KEPT) {
        Some((end, _)) => format!("{}…", words.get(..end).unwrap_or(words)),
        None => words.to_owned(),
    }
}

/// The server's own message, or the status line.
fn answer(reply: &Reply) -> ServerAnswer {
    let words = reply
        .object()
        .and_then(|object| spoken(&object))
        .unwrap_or_else(|| reply.line().to_string());
    ServerAnswer::new(reply.status, words)
}

fn spoken(object: &Map<String, Value>) -> Option<String> {
    let said = ["message", "error"]
        .iter()
        .find_map(|key| object.get(*key).and_then(said));
    let reasons = reasons(object).join("; ");
    match (said, reasons.is_empty()) {
        (Some(said), false) => Some(kept(&format!("{said}: {reasons}"))),
        (Some(said), true) => Some(kept(&said)),
        (None, false) => Some(kept(&reasons)),
        (None, true) => None,
    }
}

/// A text, or a list of texts, unless it is empty.
fn said(value: &Value) -> Option<String> {
    let texts: Vec<&str> = match value {
        Value::String(text) => vec![text.trim()],
        Value::Array(items) => items
            .iter()
            .filter_map(Value::as_str)
            .map(str::trim)
            .collect(),
        _ => Vec::new(),
    };
    Some(texts.join("; ")).filter(|text| !text.is_empty())
}

/// What answered instead of the API.
fn stranger(reply: &Reply) -> Stranger {
    let sent = match (&reply.redirect, reply.whole()) {
        (Some(host), _) => Some(StrangeAnswer::Redirect(ServerWords::new(host))),
        (None, Some(body)) if (200..300).contains(&reply.status) => Some(looks_like(body)),
        (None, _) => None,
    };
    Stranger {
        line: reply.line(),
        sent,
    }
}

fn looks_like(body: &[u8]) -> StrangeAnswer {
    let text = body.trim_ascii_start();
    if text.is_empty() {
        StrangeAnswer::Blank
    } else if text.starts_with(b"<") {
        StrangeAnswer::WebPage
    } else if serde_json::from_slice::<Map<String, Value>>(text).is_ok() {
        StrangeAnswer::OtherJson
    } else {
        StrangeAnswer::NotJson
    }
}

fn trouble(reply: &Reply, now: Timestamp) -> Trouble {
    let cut = match reply.body {
        Body::Whole(_) => None,
        Body::Cut(cut) => Some(cut),
    };
    Trouble {
        fault: DeliveryFault::Status(reply.line(), cut),
        retry_after: reply
            .retry_after
            .as_deref()
            .and_then(|text| retry_after(text, now)),
    }
}

/// `Retry-After`: seconds or an HTTP date (RFC 9110, section 10.2.3), a day at most; a date in the past is now.
fn retry_after(text: &str, now: Timestamp) -> Option<Duration> {
    let text = text.trim();
    let asked = match text.parse::<u64>() {
        Ok(seconds) => Duration::from_secs(seconds),
        Err(_) if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()) => {
            LONGEST_WAIT
        }
        Err(_) => {
            // A date in the past means now; a clock that is ahead must not turn it into an error.
            let date = httpdate::parse_http_date(text).ok()?;
            date.duration_since(now.into()).unwrap_or(Duration::ZERO)
        }
    };
    Some(asked.min(LONGEST_WAIT))
}

impl Reply {
    fn whole(&self) -> Option<&[u8]> {
        match &self.body {
            Body::Whole(bytes) => Some(bytes),
            Body::Cut(_) => None,
        }
    }

    fn object(&self) -> Option<Map<String, Value>> {
        serde_json::from_slice(self.whole()?).ok()
    }

    /// Whether the body is the API's own JSON; a firewall's page is not.
    fn is_of_the_api(&self) -> bool {
        let keys = ["success", "status", "code", "message"];
        self.object()
            .is_some_and(|object| keys.iter().any(|key| object.contains_key(*key)))
    }

    fn line(&self) -> StatusLine {
        StatusLine {
            status: self.status,
            phrase: self.phrase,
        }
    }
}

#[cfg(test)]
mod tests;
