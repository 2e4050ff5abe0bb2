//! The words and envelopes of the API's answers.
//!
//! Owns how an answer looks. Does not decide which one a request gets.

use axum::http::header::{ALLOW, CONTENT_TYPE, RETRY_AFTER};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use serde_json::json;

/// The two documented forms of success.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Yes {
    /// As on this endpoint's page.
    Status,
    /// As on the pages of its siblings.
    Success,
}

/// A request that is refused, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Refusal {
    status: StatusCode,
    reasons: Vec<String>,
}

impl Refusal {
    /// Several reasons.
    pub(super) fn new(status: StatusCode, reasons: Vec<String>) -> Refusal {
        Refusal { status, reasons }
    }

    /// One reason.
    pub(super) fn because(status: StatusCode, reason: impl Into<String>) -> Refusal {
        Refusal::new(status, vec![reason.into()])
    }
}

/// The contacts were accepted; the bodies are copied from the documents.
pub(super) fn yes(envelope: Yes) -> Response {
    let body = match envelope {
        Yes::Status => r#"{"status":"success","message":"User profiles imported successfully."}"#,
        Yes::Success => r#"{"success":true,"message":"","code":200,"data":[]}"#,
    };
    json_body(StatusCode::OK, body.to_owned())
}

/// The contacts were refused. A body that is too large is answered with a web page: the framework refuses it before
/// the API sees it.
pub(super) fn no(refusal: &Refusal) -> Response {
    if refusal.status == StatusCode::PAYLOAD_TOO_LARGE {
        return page(
            refusal.status,
            "PayloadTooLargeError: request entity too large",
        );
    }
    let body = json!({
        "success": false,
        "message": refusal.status.canonical_reason().unwrap_or("Error"),
        "code": refusal.status.as_u16(),
        "data": refusal.reasons,
    });
    json_body(refusal.status, body.to_string())
}

/// A fault's status; `retry_after` in seconds.
pub(super) fn fault(status: StatusCode, retry_after: Option<u64>) -> Response {
    let mut response = no(&Refusal::new(status, Vec::new()));
    if let Some(seconds) = retry_after {
        response
            .headers_mut()
            .insert(RETRY_AFTER, HeaderValue::from(seconds));
    }
    response
}

/// What a proxy or a captive portal answers in the API's place.
pub(super) fn garbage() -> Response {
    page(
        StatusCode::OK,
        "Welcome! Please sign in to use this network.",
    )
}

/// The import address, by another method than POST.
pub(super) fn wrong_method() -> Response {
    let refusal = Refusal::because(
        StatusCode::METHOD_NOT_ALLOWED,
        "contacts are imported with POST",
    );
    ([(ALLOW, HeaderValue::from_static("POST"))], no(&refusal)).into_response()
}

/// Any other address.
pub(super) fn wrong_address() -> Response {
    no(&Refusal::because(
        StatusCode::NOT_FOUND,
        "there is nothing at this address but /inbox/users/import",
    ))
}

fn json_body(status: StatusCode, body: String) -> Response {
    let kind = HeaderValue::from_static("application/json; charset=utf-8");
    (status, [(CONTENT_TYPE, kind)], body).into_response()
}

fn page(status: StatusCode, words: &str) -> Response {
    let kind = HeaderValue::from_static("text/html; charset=utf-8");
    let body = format!(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<body>\n<pre>{words}</pre>\n</body>\n</html>\n"
    );
    (status, [(CONTENT_TYPE, kind)], body).into_response()
}
