//! Answers, and silence, that end a run or make it wait: credentials, wrong addresses, orders to wait, no server.

use std::time::{Duration, Instant};

use crate::run::{Folder, each, phone, phones};
use crate::server::{Answer, Server};
use crate::verdicts::{SHORT, SINGLY, all, import};

#[test]
fn a_token_that_is_not_taken_halts_with_what_to_do() {
    for (auth, other) in [("key", "--auth session"), ("session", "--auth key")] {
        let server = Server::script([Answer::no(401, "Unauthorized")]);
        let (_, ran) = import(&server, 300, &["--auth", auth]);
        let ran = ran.assert_says(&[
            "Unauthorized",
            "a new token kills the old one",
            other,
            "BP_IMPORT_TOKEN",
        ]);
        assert_eq!((ran.code, ran.count("requests")), (5, 1), "{ran:#?}");
        assert_eq!(ran.summary()["stopped"], "denied");
    }
}

#[test]
fn a_403_of_the_api_is_about_the_token_and_one_of_a_firewall_about_a_contact() {
    let server = Server::script([Answer::no(403, "Forbidden resource")]);
    let (_, ran) = import(&server, 3, &[]);
    ran.assert_stopped("5: 3 read, 3 unsent", "denied")
        .assert_says(&["Forbidden resource"]);
    let denied = Answer::new(403, "<html>Access Denied</html>");
    let server = Server::unless(phone(1), denied);
    let (_, ran) = import(&server, 3, &[]);
    ran.assert("3: 3 read, 2 accepted, 1 refused");
}

#[test]
fn a_token_that_dies_in_mid_run_halts_it() {
    let server = Server::script([Answer::yes(), Answer::no(401, "Unauthorized")]);
    let (_, ran) = import(&server, 3, &SINGLY);
    ran.assert_stopped("5: 3 read, 1 accepted, 2 unsent", "denied");
}

#[test]
fn requests_in_flight_keep_their_answers_when_the_run_halts() {
    let server = Server::judge(|request| {
        if request.holds(&phone(0)) {
            Answer::yes().after(Duration::from_millis(700))
        } else {
            Answer::no(401, "Unauthorized").after(Duration::from_millis(200))
        }
    });
    let (_, ran) = import(&server, 10, &all(&[&SINGLY, &["--concurrency", "2"]]));
    let (read, unsent) = (ran.count("read"), ran.count("read") - 1);
    let account = format!("5: {read} read, 1 accepted, {unsent} unsent");
    ran.assert_stopped(&account, "denied");
    assert_eq!(server.requests().len(), 2);
}

#[test]
fn what_is_not_the_api_halts_before_the_first_acceptance() {
    let elsewhere = Server::forbidden();
    let cases = [
        (Answer::no(404, "Cannot POST"), "unsent", "404"),
        (Answer::new(404, "<h1>nginx</h1>"), "unsent", "404"),
        (Answer::no(405, "Method Not Allowed"), "unsent", "405"),
        (Answer::new(501, ""), "unsent", "501"),
        (
            Answer::new(301, "").header("Location", elsewhere.url()),
            "unsent",
            "127.0.0.1",
        ),
        (
            Answer::new(302, "").header("Location", elsewhere.url()),
            "unsent",
            "127.0.0.1",
        ),
        (
            Answer::new(307, "").header("Location", elsewhere.url()),
            "unsent",
            "127.0.0.1",
        ),
        (
            Answer::new(308, "").header("Location", "/inbox/users/import/"),
            "unsent",
            "308",
        ),
        (Answer::new(304, ""), "unsent", "304"),
        (
            Answer::new(200, "<!DOCTYPE html><p>Please sign in"),
            "unknown",
            "web page",
        ),
        (Answer::new(200, ""), "unknown", "empty"),
        (Answer::new(200, "OK"), "unknown", "JSON"),
        (Answer::new(200, "[]"), "unknown", "JSON"),
        (Answer::new(200, "{}"), "unknown", "neither"),
        (Answer::new(200, r#"{"status":200}"#), "unknown", "neither"),
        (Answer::new(200, r#"{"status":"succ"#), "unknown", "JSON"),
    ];
    each(&cases, |(answer, fate, words)| {
        let server = Server::script([answer.clone()]);
        let (_, ran) = import(&server, 3, &[]);
        let ran = ran.assert_stopped(&format!("6: 3 read, 3 {fate}"), "wrong_address");
        assert_eq!(ran.count("requests"), 1, "{answer:?}");
        ran.assert_says(&[words, "--base-url"]);
    });
}

#[test]
fn what_is_not_the_api_is_waited_for_after_an_acceptance() {
    let strangers = [
        Answer::new(404, ""),
        Answer::new(200, "<html>Back soon"),
        Answer::new(302, "").header("Location", "/x"),
    ];
    each(&strangers, |stranger| {
        let server = Server::script([Answer::yes(), stranger.clone(), Answer::yes()]);
        let (_, ran) = import(&server, 3, &all(&[&SINGLY, &["--retry-for", "10s"]]));
        assert_eq!(ran.assert("0: 3 read, 3 accepted").count("retries"), 1);
        let server = Server::script([Answer::yes(), stranger.clone()]);
        let (_, ran) = import(&server, 2, &all(&[&SINGLY, &SHORT]));
        ran.assert_stopped("6: 2 read, 1 accepted, 1 unknown", "wrong_address");
    });
}

#[test]
fn an_order_to_wait_uses_up_no_budget() {
    let orders = Answer::no(429, "slow down").header("Retry-After", 1);
    let server = Server::script([orders.clone(), orders, Answer::yes()]);
    let began = Instant::now();
    let (_, ran) = import(&server, 40, &["--batch-size", "20", "--retry-for", "1s"]);
    let ran = ran.assert("0: 40 read, 40 accepted");
    assert_eq!(ran.count("requests"), 4);
    let waited = began.elapsed();
    assert!(waited > Duration::from_secs(2), "{waited:?}");
}

#[test]
fn an_order_to_wait_is_obeyed_by_all_senders() {
    let orders = Answer::no(429, "slow down").header("Retry-After", 1);
    let good = Answer::yes().after(Duration::from_millis(50));
    let server = Server::script([good.clone(), good.clone(), orders, good]);
    let (_, ran) = import(&server, 60, &all(&[&SINGLY, &["--concurrency", "3"]]));
    ran.assert("0: 60 read, 60 accepted");
    let moments: Vec<_> = server.requests().iter().map(|request| request.at).collect();
    let gaps = moments
        .windows(2)
        .map(|pair| pair[1].saturating_duration_since(pair[0]));
    // What was in flight when the order came may still be answered, and then there is silence.
    let silence = gaps.max().unwrap();
    assert!(silence > Duration::from_millis(850), "{silence:?}");
    let before = moments
        .iter()
        .take_while(|at| at.duration_since(moments[0]) < Duration::from_millis(700));
    assert!(before.count() <= 6, "{moments:?}");
}

#[test]
fn an_order_of_no_wait_is_taken_at_its_word() {
    let orders = Answer::no(429, "again").header("Retry-After", 0);
    let server = Server::script([vec![orders; 5], vec![Answer::yes()]].concat());
    let (_, ran) = import(&server, 1, &[]);
    let ran = ran.assert("0: 1 read, 1 accepted");
    // Five backoffs would take 7 s on average.
    let seconds = ran.summary()["seconds"].as_f64().unwrap();
    assert!(seconds < 3.0, "{ran:#?}");
}

#[test]
fn an_order_that_is_longer_than_the_budget_halts_and_names_the_time() {
    for (order, words) in [
        ("600", "10 min"),
        ("99999999999999999999999", "1 d"),
        ("Wed, 21 Oct 2099 07:28:00 GMT", "1 d"),
    ] {
        let server = Server::script([Answer::no(429, "slow down").header("Retry-After", order)]);
        let (_, ran) = import(&server, 3, &["--retry-for", "5m"]);
        let ran = ran.assert_stopped("6: 3 read, 3 unsent", "unreachable");
        ran.assert_says(&["429", words, "--retry-for"]);
    }
}

#[test]
fn a_connection_that_is_refused_is_unsent_when_the_budget_ends() {
    let folder = Folder::with_contacts(3);
    let vacant = std::net::TcpListener::bind(("127.0.0.1", 0))
        .unwrap()
        .local_addr()
        .unwrap();
    let url = format!("http://{vacant}");
    let usual = ["contacts.csv", "--json", "--base-url", &url];
    let ran = folder.bp(usual.iter().chain(&SHORT)).run();
    ran.assert_stopped("6: 3 read, 3 unsent", "unreachable")
        .assert_says(&["connection refused"]);
}

#[test]
fn a_platform_that_comes_up_late_is_waited_for() {
    let vacant = std::net::TcpListener::bind(("127.0.0.1", 0))
        .unwrap()
        .local_addr()
        .unwrap();
    let folder = Folder::with_contacts(3);
    let url = format!("http://{vacant}");
    let running = folder
        .bp([
            "contacts.csv",
            "--json",
            "--base-url",
            &url,
            "--retry-for",
            "20s",
        ])
        .start();
    running.wait_for_stderr("phone <-");
    std::thread::sleep(Duration::from_millis(400));
    let server = Server::at(vacant);
    let ran = running.end().assert("0: 3 read, 3 accepted");
    assert!(ran.count("retries") > 0, "{ran:#?}");
    assert_eq!(server.numbers(), phones(3));
}

#[test]
fn a_name_that_does_not_resolve_halts_at_once() {
    let folder = Folder::with_contacts(3);
    let began = Instant::now();
    let ran = folder
        .bp([
            "contacts.csv",
            "--json",
            "--base-url",
            "https://nothing.invalid",
        ])
        .run();
    let ran = ran.assert_stopped("6: 3 read, 3 unsent", "unreachable");
    ran.assert_says(&["nothing.invalid", "does not resolve"]);
    // The budget is 5 minutes.
    assert!(
        began.elapsed() < Duration::from_secs(20),
        "{:?}",
        began.elapsed()
    );
}

#[test]
fn a_server_that_speaks_no_tls_is_no_api() {
    let server = Server::script([Answer::cut_before_reading()]);
    let folder = Folder::with_contacts(1);
    let url = format!("https://127.0.0.1:{}", server.port());
    let usual = ["contacts.csv", "--json", "--base-url", &url];
    let ran = folder.bp(usual.iter().chain(&SHORT)).run();
    ran.assert_stopped("6: 1 read, 1 unsent", "unreachable");
}

#[test]
fn a_platform_that_refuses_everyone_is_found_out_soon() {
    let server = Server::script([Answer::no(400, "plan limit reached: 500 contacts")]);
    let (_, ran) = import(&server, 1_000, &["--batch-size", "100"]);
    let ran = ran.assert_says(&["plan limit reached"]);
    assert_eq!(
        (ran.code, &ran.summary()["stopped"]),
        (6, &"all_refused".into()),
        "{ran:#?}"
    );
    assert!(ran.count("requests") <= 20, "{ran:#?}");
    assert_eq!(
        ran.count("refused") + ran.count("unsent"),
        ran.count("read"),
        "{ran:#?}"
    );
}

#[test]
fn a_platform_that_refuses_everyone_after_a_while_is_found_out_too() {
    let server = Server::judge(|request| {
        if request.holds(&phone(0)) {
            Answer::yes()
        } else {
            Answer::no(400, "plan limit reached")
        }
    });
    let (_, ran) = import(&server, 300, &["--batch-size", "10"]);
    assert_eq!(
        (ran.code, &ran.summary()["stopped"]),
        (6, &"all_refused".into()),
        "{ran:#?}"
    );
    assert_eq!(ran.count("accepted"), 10);
    assert!(ran.count("requests") < 100, "{ran:#?}");
}
