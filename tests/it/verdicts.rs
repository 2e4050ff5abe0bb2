//! The table of verdicts, line by line: what an answer means for the contacts that were sent.

use std::time::{Duration, Instant};

use serde_json::json;

use crate::run::{Folder, RunResult, each, phone, sorted};
use crate::server::{Answer, Request, Server, YES, YES_TOO};

/// So short that a test does not wait.
pub const SHORT: [&str; 4] = ["--retry-for", "300ms", "--timeout", "400ms"];

/// An import of this many contacts, with a retry budget that one or two backoffs fit into.
pub fn import(server: &Server, count: usize, arguments: &[&str]) -> (Folder, RunResult) {
    let folder = Folder::with_contacts(count);
    let all: Vec<_> = ["contacts.csv"].iter().chain(arguments).copied().collect();
    let ran = folder.import(server, &all);
    (folder, ran)
}

/// One by one, each contact in a request of its own.
pub const SINGLY: [&str; 2] = ["--batch-size", "1"];

pub fn all(lists: &[&[&'static str]]) -> Vec<&'static str> {
    lists.concat()
}

#[test]
fn success_in_either_envelope_is_accepted() {
    let answers = [
        Answer::new(200, YES),
        Answer::new(200, YES_TOO),
        Answer::new(201, YES),
        Answer::new(202, YES_TOO),
        Answer::new(204, ""),
        Answer::new(200, r#"{"status":"SUCCESS"}"#),
        Answer::new(200, r#"{"success":true,"code":201}"#),
        Answer::new(200, r#"{"success":true,"status":200}"#),
        Answer::new(200, r#" {"status":"success","data":{}} "#),
    ];
    each(&answers, |answer| {
        let server = Server::script([answer.clone()]);
        let (folder, ran) = import(&server, 3, &[]);
        let ran = ran.assert("0: 3 read, 3 accepted");
        assert_eq!(
            (ran.count("requests"), ran.count("warnings")),
            (1, 0),
            "{answer:?}"
        );
        assert_eq!(folder.names(), ["contacts.csv"]);
    });
}

#[test]
fn words_beside_a_success_are_a_counted_warning() {
    let body = json!({"success": true, "data": ["1 tag is unknown", ""]});
    let server = Server::script([Answer::new(200, body.to_string())]);
    let (_, ran) = import(&server, 3, &[]);
    assert_eq!(ran.assert("0: 3 read, 3 accepted").count("warnings"), 1);
    let server = Server::script([Answer::new(200, body.to_string())]);
    let folder = Folder::with_contacts(1);
    let url = server.url();
    let ran = folder.bp(["contacts.csv", "--base-url", &url]).run();
    assert!(ran.stdout.contains("tag is unknown"), "{ran:#?}");
}

#[test]
fn a_refused_contact_is_in_summary_and_rejects_with_the_servers_words() {
    let failure = |status, body: serde_json::Value| Answer::new(status, body.to_string());
    let cases = [
        (
            failure(
                400,
                json!({"success": false, "message": "Bad Request", "code": 400, "data": ["phone is blacklisted"]}),
            ),
            "phone is blacklisted",
        ),
        (
            failure(422, json!({"message": "number is not on WhatsApp"})),
            "number is not on WhatsApp",
        ),
        (
            failure(402, json!({"error": "plan limit reached"})),
            "plan limit reached",
        ),
        (failure(409, json!({})), "409"),
        (Answer::new(400, "<h1>no</h1>"), "400"),
        (Answer::new(403, "<html>Access Denied</html>"), "403"),
        (Answer::new(403, ""), "403"),
        (
            failure(
                200,
                json!({"success": false, "message": "phone is blacklisted"}),
            ),
            "phone is blacklisted",
        ),
        (
            failure(
                200,
                json!({"status": "error", "message": "phone is blacklisted"}),
            ),
            "phone is blacklisted",
        ),
        (
            failure(
                200,
                json!({"success": true, "code": 400, "message": "half of it"}),
            ),
            "half of it",
        ),
        (
            failure(
                200,
                json!({"success": true, "status": "failed", "message": "well, no"}),
            ),
            "well, no",
        ),
        (
            failure(
                200,
                json!({"status": "success", "success": false, "message": "well, no"}),
            ),
            "well, no",
        ),
    ];
    each(&cases, |(answer, words)| {
        let server = Server::script([answer.clone()]);
        let (folder, ran) = import(&server, 1, &[]);
        let ran = ran.assert("3: 1 read, 1 refused");
        assert_eq!(
            (ran.reasons(), ran.count("requests")),
            (vec!["refused 1".to_owned()], 1),
            "{answer:?}"
        );
        let rejects = folder.read("contacts.rejected.csv");
        assert!(
            rejects.contains(words) && rejects.contains("refused"),
            "{answer:?}: {rejects}"
        );
        let url = server.url();
        let text = folder.bp(["contacts.csv", "--base-url", &url]).run().stdout;
        // Digits are masked in a summary.
        let words = words.replace(|c: char| c.is_ascii_digit(), "");
        assert!(
            text.contains("the platform said no: ") && text.contains(words.trim()),
            "{text}"
        );
    });
}

/// Refuses every batch that holds one of these.
fn refuses(bad: &[usize]) -> impl Fn(&Request) -> Answer + use<> {
    let bad: Vec<_> = bad.iter().map(|index| phone(*index)).collect();
    move |request| {
        if bad.iter().any(|number| request.holds(number)) {
            Answer::no(400, "phone is blacklisted")
        } else {
            Answer::yes()
        }
    }
}

#[test]
fn bad_contacts_are_found_among_good_ones() {
    let cases: [(&[usize], usize); 5] = [
        (&[0], 20),
        (&[13], 20),
        (&[0, 19], 20),
        (&[3, 4, 5, 60, 61, 99], 100),
        (&[1], 2),
    ];
    each(&cases, |(bad, count)| {
        let server = Server::judge(refuses(bad));
        let (folder, ran) = import(&server, *count, &[]);
        let good = count - bad.len();
        let ran = ran.assert(&format!(
            "3: {count} read, {good} accepted, {} refused",
            bad.len()
        ));
        let rejects = folder.read("contacts.rejected.csv");
        for index in 0..*count {
            assert_eq!(
                rejects.contains(&phone(index)),
                bad.contains(&index),
                "{index}"
            );
        }
        // Each good one in exactly one request that was answered yes.
        let accepted = server
            .requests()
            .into_iter()
            .map(|request| request.numbers());
        let accepted =
            accepted.filter(|numbers| !bad.iter().any(|index| numbers.contains(&phone(*index))));
        let expected = (0..*count)
            .filter(|index| !bad.contains(index))
            .map(phone)
            .collect();
        assert_eq!(sorted(accepted.flatten().collect()), sorted(expected));
        assert!(ran.count("requests") < 100, "{ran:#?}");
    });
}

#[test]
fn too_large_is_learnt() {
    const MOST: usize = 2_000;
    let server = Server::judge(|request| {
        if request.body.len() > MOST {
            Answer::new(
                413,
                "<pre>PayloadTooLargeError: request entity too large</pre>",
            )
        } else {
            Answer::yes()
        }
    });
    let (_, ran) = import(&server, 300, &[]);
    let ran = ran.assert("0: 300 read, 300 accepted");
    let told = "note: larger requests fail here: from now on they stay below ";
    assert!(ran.stderr.contains(told), "{}", ran.stderr);
    let sizes: Vec<_> = server
        .requests()
        .iter()
        .map(|request| request.body.len())
        .collect();
    let refused: Vec<_> = sizes.iter().filter(|size| **size > MOST).collect();
    assert!(
        refused.is_sorted_by(|one, next| one > next),
        "asked for the same size twice: {sizes:?}"
    );
    let first_taken = sizes.iter().position(|size| *size <= MOST).unwrap();
    assert!(
        sizes[first_taken..].iter().all(|size| *size <= MOST),
        "{sizes:?}"
    );
}

#[test]
fn a_contact_that_is_too_large_alone_is_refused() {
    let server = Server::unless(phone(2), Answer::new(413, ""));
    let (_, ran) = import(&server, 5, &[]);
    let ran = ran.assert("3: 5 read, 4 accepted, 1 refused");
    assert_eq!(ran.reasons(), ["too_large 1"]);
}

#[test]
#[cfg_attr(
    windows,
    ignore = "twenty processes at once overrun their timeouts under Wine"
)]
fn busy_and_unclear_answers_are_tried_again() {
    let cases = [408, 425, 429, 503, 500, 502, 504].map(|status| Answer::no(status, "later"));
    let mut cases = cases.to_vec();
    cases.extend([
        Answer::no(429, "later").header("Retry-After", 0),
        Answer::no(429, "later").header("Retry-After", "Wed, 21 Oct 2015 07:28:00 GMT"),
        Answer::no(503, "later").header("Retry-After", "whenever"),
        Answer::new(500, ""),
        Answer::cut_before_reading(),
        Answer::cut_after_reading(),
        Answer::half(),
        Answer::stalled(),
        Answer::trickled(),
        Answer::huge(),
        Answer::endless(),
    ]);
    each(&cases, |answer| {
        let server = Server::script([answer.clone(), Answer::yes()]);
        let (_, ran) = import(&server, 3, &["--timeout", "1s", "--retry-for", "10s"]);
        let ran = ran.assert("0: 3 read, 3 accepted");
        assert_eq!(
            (ran.count("requests"), ran.count("retries")),
            (2, 1),
            "{answer:?}"
        );
    });
}

#[test]
fn what_surely_did_not_arrive_is_unsent() {
    let cases = [408, 425, 429, 503].map(|status| Answer::no(status, "later"));
    each(&cases, |answer| {
        let server = Server::script([answer.clone()]);
        let (folder, ran) = import(&server, 3, &SHORT);
        let ran = ran.assert_stopped("6: 3 read, 3 unsent", "unreachable");
        assert_eq!(ran.reasons(), ["not_sent 3"]);
        assert_eq!(folder.read("contacts.rejected.csv").lines().count(), 4);
    });
}

#[test]
fn what_may_have_arrived_is_unknown() {
    let mut cases = [500, 502, 504]
        .map(|status| Answer::no(status, "oops"))
        .to_vec();
    cases.extend([
        Answer::cut_before_reading(),
        Answer::cut_after_reading(),
        Answer::half(),
        Answer::stalled(),
        Answer::trickled(),
        Answer::huge(),
        Answer::endless(),
    ]);
    each(&cases, |answer| {
        let server = Server::script([answer.clone()]);
        let (folder, ran) = import(&server, 1, &SHORT);
        let ran = ran.assert_stopped("6: 1 read, 1 unknown", "unreachable");
        assert_eq!(ran.reasons(), ["no_answer 1"], "{answer:?}");
        assert!(folder.read("contacts.rejected.csv").contains("no_answer"));
    });
}

#[test]
fn once_it_may_have_arrived_it_stays_so() {
    let server = Server::script([Answer::no(500, "oops"), Answer::no(503, "later")]);
    let (_, ran) = import(&server, 3, &SHORT);
    ran.assert_stopped("6: 3 read, 3 unknown", "unreachable");
    let server = Server::script([Answer::no(500, "oops"), Answer::no(401, "Unauthorized")]);
    let (_, ran) = import(&server, 3, &["--retry-for", "10s"]);
    ran.assert_stopped("5: 3 read, 3 unknown", "denied");
}

#[test]
fn a_whole_request_is_bounded_by_the_timeout() {
    for answer in [Answer::stalled(), Answer::trickled()] {
        let server = Server::script([answer.clone()]);
        let began = Instant::now();
        let (_, ran) = import(&server, 1, &["--timeout", "500ms", "--retry-for", "0"]);
        ran.assert_stopped("6: 1 read, 1 unknown", "unreachable")
            .assert_says(&["--timeout"]);
        assert!(
            began.elapsed() < Duration::from_secs(4),
            "{answer:?}: {:?}",
            began.elapsed()
        );
    }
}

#[test]
fn the_end_of_a_good_run_is_no_halt() {
    let cases = [
        (Answer::no(503, "later"), "3: 3 read, 2 accepted, 1 unsent"),
        (Answer::no(500, "oops"), "3: 3 read, 2 accepted, 1 unknown"),
    ];
    each(&cases, |(answer, account)| {
        let server = Server::script([Answer::yes(), Answer::yes(), answer.clone()]);
        let (_, ran) = import(&server, 3, &all(&[&SHORT, &SINGLY]));
        let ran = ran.assert(account);
        assert_eq!(ran.summary()["stopped"], serde_json::Value::Null);
    });
}

#[test]
fn a_platform_that_goes_away_in_mid_run_halts_it() {
    let server = Server::script([Answer::yes(), Answer::no(503, "later")]);
    let (_, ran) = import(&server, 500, &all(&[&SHORT, &SINGLY]));
    assert_eq!(
        (ran.code, &ran.summary()["stopped"]),
        (6, &"unreachable".into()),
        "{ran:#?}"
    );
    assert_eq!(ran.count("accepted"), 1);
    assert_eq!(ran.count("unsent"), ran.count("read") - 1);
}

#[test]
fn a_poisonous_contact_is_found() {
    let server = Server::unless(phone(2), Answer::no(500, "oops"));
    let (folder, ran) = import(&server, 4, &["--retry-for", "5s"]);
    ran.assert("3: 4 read, 3 accepted, 1 unknown");
    let rejects = folder.read("contacts.rejected.csv");
    assert!(
        rejects.contains(&phone(2)) && !rejects.contains(&phone(1)),
        "{rejects}"
    );
}
