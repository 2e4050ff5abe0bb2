//! Every line of the verdict table, and the words that are taken from an answer.

use proptest::prelude::*;

use super::*;
use crate::report::words;

fn now() -> Timestamp {
    "2026-11-22T09:30:00Z".parse().unwrap()
}

fn reply(status: u16, body: &str) -> Reply {
    Reply {
        status,
        phrase: "",
        retry_after: None,
        redirect: None,
        body: Body::Whole(body.into()),
    }
}

/// A verdict's name, as the design calls it.
fn kind(verdict: &Verdict) -> &'static str {
    match verdict {
        Verdict::Accepted { .. } => "accepted",
        Verdict::Refused(_) => "refused",
        Verdict::TooLarge(_) => "too large",
        Verdict::Busy(_) => "busy",
        Verdict::Unclear(_) => "unclear",
        Verdict::Denied(_) => "denied",
        Verdict::WrongAddress(_) => "wrong address",
        Verdict::Unreachable(_) => "unreachable",
    }
}

fn verdict(status: u16, body: &str) -> Verdict {
    classify(&reply(status, body), now())
}

fn words(verdict: &Verdict) -> String {
    match verdict {
        Verdict::Accepted { .. } => String::new(),
        Verdict::Refused(answer) | Verdict::TooLarge(answer) | Verdict::Denied(answer) => {
            answer.words.as_str().to_owned()
        }
        Verdict::WrongAddress(stranger) => words::stranger(stranger),
        Verdict::Busy(trouble) | Verdict::Unclear(trouble) | Verdict::Unreachable(trouble) => {
            words::fault(&trouble.fault)
        }
    }
}

const YES: &str = r#"{"status":"success","message":"User profiles imported successfully."}"#;
const NO: &str = r#"{"success":false,"message":"phone is blacklisted","code":400,"data":[]}"#;
const PAGE: &str = "<!doctype html><title>Access denied</title>";

#[test]
fn a_2xx_is_believed_only_where_it_says_yes_and_nothing_in_it_says_no() {
    for (body, expected) in [
        // Yes, in both envelopes.
        (YES, "accepted"),
        (
            r#"{"success":true,"message":"","code":200,"data":[]}"#,
            "accepted",
        ),
        (r#"{"status":"SUCCESS"}"#, "accepted"),
        (r#"{"status":"Success","code":399}"#, "accepted"),
        (r#"{"success":true,"status":"success"}"#, "accepted"),
        (r#"{"success":true}"#, "accepted"),
        (r#"{"success":true,"status":200}"#, "accepted"),
        (r#"{"success":true,"data":null}"#, "accepted"),
        (
            r#"{"success":true,"data":["3 tags were made"]}"#,
            "accepted",
        ),
        (" \r\n{\"success\":true}\n", "accepted"),
        // No.
        (NO, "refused"),
        (r#"{"success":false}"#, "refused"),
        (r#"{"status":"error"}"#, "refused"),
        (r#"{"status":"failed","message":"x"}"#, "refused"),
        (r#"{"status":""}"#, "refused"),
        (r#"{"code":400}"#, "refused"),
        (r#"{"code":500.0}"#, "refused"),
        // Yes and no.
        (r#"{"success":true,"code":400}"#, "refused"),
        (r#"{"success":true,"status":"error"}"#, "refused"),
        (r#"{"success":false,"status":"success"}"#, "refused"),
        (r#"{"status":"success","code":422}"#, "refused"),
        // Neither.
        ("{}", "wrong address"),
        (r#"{"message":"ok"}"#, "wrong address"),
        (r#"{"ok":true}"#, "wrong address"),
        (r#"{"success":"true"}"#, "wrong address"),
        (r#"{"success":1}"#, "wrong address"),
        (r#"{"success":null}"#, "wrong address"),
        (r#"{"status":true}"#, "wrong address"),
        (r#"{"code":200}"#, "wrong address"),
        (r#"{"data":{"success":true}}"#, "wrong address"),
        // No JSON object.
        ("", "wrong address"),
        (" \n", "wrong address"),
        (PAGE, "wrong address"),
        ("OK", "wrong address"),
        ("true", "wrong address"),
        (r#""success""#, "wrong address"),
        (r#"[{"success":true}]"#, "wrong address"),
        (r#"{"success":true"#, "wrong address"),
        (r#"{"success":true} x"#, "wrong address"),
    ] {
        for status in [200, 201, 202, 299] {
            assert_eq!(kind(&verdict(status, body)), expected, "{status} {body}");
        }
    }
}

#[test]
fn a_body_that_is_no_text_says_neither_yes_nor_no() {
    let bytes = Reply {
        body: Body::Whole(b"{\"success\":true,\"message\":\"\xff\"}".to_vec()),
        ..reply(200, "")
    };
    assert_eq!(kind(&classify(&bytes, now())), "wrong address");
}

#[test]
fn every_status_has_its_verdict_by_what_the_body_is() {
    // The status, then the verdict with: the API's JSON, another's JSON, a page, nothing.
    let table: &[(&[u16], [&str; 4])] = &[
        (&[204], ["accepted"; 4]),
        (
            &[300, 301, 302, 303, 304, 307, 308, 399],
            ["wrong address"; 4],
        ),
        (&[401], ["denied"; 4]),
        (&[403], ["denied", "refused", "refused", "refused"]),
        (&[404, 405, 501], ["wrong address"; 4]),
        (&[408, 425, 429, 503], ["busy"; 4]),
        (&[413], ["too large"; 4]),
        (
            &[400, 402, 406, 407, 409, 410, 415, 418, 422, 431, 451, 499],
            ["refused"; 4],
        ),
        (
            &[500, 502, 504, 505, 507, 520, 522, 524, 530, 599],
            ["unclear"; 4],
        ),
    ];
    for (statuses, expected) in table {
        for status in *statuses {
            for (body, expected) in [NO, r#"{"error":"x"}"#, PAGE, ""].iter().zip(expected) {
                assert_eq!(
                    kind(&verdict(*status, body)),
                    *expected,
                    "{status} {body:?}"
                );
            }
        }
    }
}

#[test]
fn a_403_that_says_it_in_either_envelope_is_the_api_itself() {
    for body in [
        r#"{"success":false}"#,
        r#"{"status":"error"}"#,
        r#"{"code":403}"#,
        r#"{"message":"Forbidden"}"#,
    ] {
        assert_eq!(kind(&verdict(403, body)), "denied", "{body}");
    }
    assert_eq!(kind(&verdict(403, r#"["Forbidden"]"#)), "refused");
}

#[test]
fn an_answer_that_does_not_end_or_breaks_off_is_unclear_where_only_its_body_could_tell() {
    for body in [
        Body::Cut(CutBody::Endless),
        Body::Cut(CutBody::Broken),
        Body::Cut(CutBody::Late),
    ] {
        for (statuses, expected) in [
            (vec![200, 201, 299], "unclear"),
            (vec![400, 403, 409, 422], "unclear"),
            (vec![500, 502, 504, 520], "unclear"),
            (vec![408, 425, 429, 503], "busy"),
            (vec![401], "denied"),
            (vec![413], "too large"),
            (vec![302, 404, 405, 501], "wrong address"),
        ] {
            for status in statuses {
                let cut = Reply {
                    body: body.clone(),
                    ..reply(status, "")
                };
                assert_eq!(kind(&classify(&cut, now())), expected, "{status} {body:?}");
            }
        }
    }
}

#[test]
fn trouble_has_the_status_and_what_became_of_the_answer() {
    for (body, expected) in [
        (Body::Whole(NO.into()), "502 Bad Gateway"),
        (
            Body::Cut(CutBody::Endless),
            "502 Bad Gateway with an endless answer",
        ),
        (
            Body::Cut(CutBody::Broken),
            "502 Bad Gateway, and the connection broke in mid-answer",
        ),
        (
            Body::Cut(CutBody::Late),
            "502 Bad Gateway, and an answer that did not end in time (--timeout)",
        ),
    ] {
        let bad_gateway = Reply {
            phrase: "Bad Gateway",
            body,
            ..reply(502, "")
        };
        assert_eq!(words(&classify(&bad_gateway, now())), expected);
    }
}

#[test]
fn the_servers_own_words_are_its_message_and_its_reasons() {
    for (body, expected) in [
        (
            r#"{"message":"phone is blacklisted"}"#,
            "phone is blacklisted",
        ),
        (r#"{"message":"  padded \n"}"#, "padded"),
        (
            r#"{"message":"bad","data":["no tag x","no tag y"]}"#,
            "bad: no tag x; no tag y",
        ),
        (r#"{"message":"bad","data":["",7,null," a "]}"#, "bad: a"),
        (r#"{"message":"","data":["only reasons"]}"#, "only reasons"),
        (r#"{"data":["only reasons"]}"#, "only reasons"),
        (r#"{"message":"bad","data":[]}"#, "bad"),
        (r#"{"message":"bad","data":"x"}"#, "bad"),
        (r#"{"error":"in another key"}"#, "in another key"),
        (r#"{"message":7}"#, "422 Unprocessable Content"),
        (r#"{"success":false}"#, "422 Unprocessable Content"),
        ("no JSON", "422 Unprocessable Content"),
        ("", "422 Unprocessable Content"),
    ] {
        let refused = Reply {
            phrase: "Unprocessable Content",
            ..reply(422, body)
        };
        assert_eq!(words(&classify(&refused, now())), expected, "{body}");
    }
    assert_eq!(words(&verdict(422, "")), "422");
}

#[test]
fn a_server_that_refuses_is_quoted() {
    for status in [200, 401, 403, 413, 422] {
        assert_eq!(
            words(&verdict(status, NO)),
            "phone is blacklisted",
            "{status}"
        );
    }
}

#[test]
fn the_words_of_a_reply_come_with_its_status() {
    for status in [200, 422] {
        let expected = ServerAnswer::new(status, "phone is blacklisted");
        assert_eq!(verdict(status, NO), Verdict::Refused(expected));
    }
}

#[test]
fn texts_in_the_data_of_a_yes_are_warnings() {
    let body = r#"{"success":true,"data":["one", "", 7, {"a":"b"}, " two "]}"#;
    let warnings = ["one", "two"].map(ServerWords::new).to_vec();
    assert_eq!(verdict(200, body), Verdict::Accepted { warnings });
    assert_eq!(
        verdict(204, body),
        Verdict::Accepted {
            warnings: Vec::new()
        }
    );
}

#[test]
fn long_words_are_cut_between_characters() {
    for (count, shown) in [(299, 299), (300, 300), (301, 301), (5_000, 301)] {
        let body = format!(
            r#"{{"success":true,"data":["{0}"],"message":"{0}"}}"#,
            "ü".repeat(count)
        );
        let Verdict::Accepted { warnings } = verdict(200, &body) else {
            panic!("{count}");
        };
        assert_eq!(warnings[0].as_str().chars().count(), shown, "{count}");
        assert_eq!(warnings[0].as_str().ends_with('…'), count > 300, "{count}");
    }
    let body = format!(
        r#"{{"message":"{}","data":["{}"]}}"#,
        "m".repeat(200),
        "d".repeat(200)
    );
    let said = verdict(400, &body);
    assert_eq!(words(&said).chars().count(), 301);
    assert!(words(&said).starts_with("mmm") && words(&said).ends_with("ddd…"));
}

#[test]
fn a_stranger_is_named_by_what_it_answered() {
    for (status, body, expected) in [
        (200, "", "200, but with an empty body"),
        (200, PAGE, "200, but with a web page"),
        (
            200,
            "{}",
            "200, but with JSON that says neither success nor failure",
        ),
        (
            200,
            "[]",
            "200, but with something that is not the API's JSON",
        ),
        (404, PAGE, "404"),
    ] {
        assert_eq!(words(&verdict(status, body)), expected, "{body}");
    }
    let redirect = Reply {
        phrase: "Found",
        redirect: Some("login.example.com".to_owned()),
        ..reply(302, "")
    };
    assert_eq!(
        words(&classify(&redirect, now())),
        "302 Found, a redirect to login.example.com"
    );
}

fn asked(status: u16, text: &str) -> Option<Duration> {
    let asking = Reply {
        retry_after: Some(text.to_owned()),
        ..reply(status, "")
    };
    match classify(&asking, now()) {
        Verdict::Busy(trouble) | Verdict::Unclear(trouble) => trouble.retry_after,
        other => panic!("{other:?}"),
    }
}

#[test]
fn the_wait_a_server_orders_is_read_as_seconds_or_a_date_and_a_day_at_most() {
    let day = 86_400;
    for (text, seconds) in [
        ("0", Some(0)),
        ("7", Some(7)),
        (" 120 ", Some(120)),
        ("86400", Some(day)),
        ("86401", Some(day)),
        ("18446744073709551615", Some(day)),
        ("99999999999999999999999", Some(day)),
        ("Sun, 22 Nov 2026 09:30:05 GMT", Some(5)),
        ("Sun, 22 Nov 2026 10:30:00 GMT", Some(3_600)),
        ("Sun, 22 Nov 2026 09:30:00 GMT", Some(0)),
        ("Sun, 22 Nov 2026 09:29:59 GMT", Some(0)),
        ("Sun, 06 Nov 1994 08:49:37 GMT", Some(0)),
        ("Tue, 24 Nov 2026 09:30:00 GMT", Some(day)),
        ("", None),
        ("soon", None),
        ("-5", None),
        ("1.5", None),
        ("7 seconds", None),
        ("2026-11-22T09:31:00Z", None),
    ] {
        for status in [429, 503, 500, 502] {
            assert_eq!(
                asked(status, text),
                seconds.map(Duration::from_secs),
                "{status} {text:?}"
            );
        }
    }
}

#[test]
fn a_wait_is_ordered_even_where_the_answer_broke_off() {
    let cut = Reply {
        retry_after: Some("9".to_owned()),
        body: Body::Cut(CutBody::Broken),
        ..reply(200, "")
    };
    let Verdict::Unclear(trouble) = classify(&cut, now()) else {
        panic!();
    };
    assert_eq!(trouble.retry_after, Some(Duration::from_secs(9)));
}

proptest! {
    #[test]
    fn any_answer_has_a_verdict_with_words_of_bounded_length(
        status in 100..1000_u16,
        body in proptest::collection::vec(any::<u8>(), 0..200),
        retry_after in proptest::option::of(".{0,40}"),
    ) {
        let any = Reply { retry_after, body: Body::Whole(body), ..reply(status, "") };
        let verdict = classify(&any, now());
        prop_assert!(words(&verdict).chars().count() <= 301);
        prop_assert_eq!(kind(&verdict) == "accepted", status == 204);
    }

    #[test]
    fn a_json_answer_is_accepted_only_with_a_2xx(status in 100..1000_u16) {
        let accepted = kind(&verdict(status, YES)) == "accepted";
        prop_assert_eq!(accepted, (200..300).contains(&status));
    }
}
