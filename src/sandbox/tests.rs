//! The sandbox over the wire, with a client that is nothing but a socket.

#![expect(clippy::unwrap_used, reason = "tests")]

use std::io::{self, ErrorKind, Read, Write};
use std::net::{Shutdown, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use super::*;

/// A store that can be read while it is written.
#[derive(Clone, Default)]
struct Paper(Arc<Mutex<Vec<u8>>>);

impl Paper {
    fn text(&self) -> String {
        String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
    }
}

impl Write for Paper {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

struct FullDisk;

impl Write for FullDisk {
    fn write(&mut self, _: &[u8]) -> io::Result<usize> {
        Err(ErrorKind::StorageFull.into())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

struct Reply {
    head: String,
    body: String,
}

impl Reply {
    fn status(&self) -> u16 {
        self.head.get(9..12).unwrap().parse().unwrap()
    }

    fn header(&self, name: &str) -> Option<&str> {
        self.head
            .lines()
            .find_map(|line| line.strip_prefix(name)?.strip_prefix(": "))
    }
}

struct Client(TcpStream);

impl Client {
    fn of(running: &Running) -> Client {
        let stream = TcpStream::connect(running.address).unwrap();
        // A sandbox that never answers fails the test instead of hanging it.
        stream
            .set_read_timeout(Some(Duration::from_secs(20)))
            .unwrap();
        Client(stream)
    }

    fn post(&mut self, body: &str) -> io::Result<Reply> {
        self.send(
            "POST /inbox/users/import",
            "Authorization: Bearer abc\r\nauthtype: Key\r\n",
            body,
        )
    }

    fn send(&mut self, line: &str, headers: &str, body: &str) -> io::Result<Reply> {
        let length = body.len();
        let head = format!(
            "{line} HTTP/1.1\r\nHost: sandbox\r\nContent-Type: application/json\r\n{headers}Content-Length: {length}\r\n\r\n"
        );
        self.0.write_all(format!("{head}{body}").as_bytes())?;
        self.reply()
    }

    fn reply(&mut self) -> io::Result<Reply> {
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            let mut byte = [0];
            self.0.read_exact(&mut byte)?;
            head.extend(byte);
        }
        let head = String::from_utf8(head).unwrap();
        let mut reply = Reply {
            head,
            body: String::new(),
        };
        let length: usize = reply
            .header("content-length")
            .unwrap_or("0")
            .parse()
            .unwrap();
        let mut body = vec![0; length];
        self.0.read_exact(&mut body)?;
        reply.body = String::from_utf8(body).unwrap();
        Ok(reply)
    }
}

fn sandbox(faults: &str) -> Running {
    start(SandboxOptions {
        faults: faults.parse().unwrap(),
        ..SandboxOptions::default()
    })
    .unwrap()
}

fn contact(number: &str) -> String {
    format!(
        r#"{{"profile":{{"userDetails":{{"contact":{{"phone":{{"prefix":"91","number":"{number}"}}}}}}}}}}"#
    )
}

fn batch(numbers: &[&str]) -> String {
    let contacts: Vec<String> = numbers.iter().map(|number| contact(number)).collect();
    format!("[{}]", contacts.join(","))
}

#[test]
fn a_batch_is_taken_and_the_two_documented_answers_take_turns() {
    let running = sandbox("");
    let mut client = Client::of(&running);
    let answers: Vec<String> = (0..3)
        .map(|_| client.post(&batch(&["1"])).unwrap().body)
        .collect();
    let first = r#"{"status":"success","message":"User profiles imported successfully."}"#;
    assert_eq!(
        answers,
        [
            first,
            r#"{"success":true,"message":"","code":200,"data":[]}"#,
            first
        ]
    );
}

#[test]
fn a_number_that_comes_again_is_an_update() {
    let running = sandbox("");
    let mut client = Client::of(&running);
    client.post(&batch(&["1", "2", "1"])).unwrap();
    client.post(&batch(&["2", "3"])).unwrap();
    let expected = SandboxReport {
        requests: 2,
        stored: 2,
        created: 3,
        updated: 2,
        ..SandboxReport::default()
    };
    assert_eq!(running.report(), expected);
    assert_eq!(running.stop(), expected);
}

#[test]
fn what_is_wrong_is_answered_in_the_envelope_of_errors() {
    let running = sandbox("too-large:300");
    let key = "Authorization: Bearer abc\r\nauthtype: Key\r\n";
    let (import, good, large) = ("POST /inbox/users/import", batch(&["1"]), batch(&["1"; 5]));
    for (line, headers, body, status, words) in [
        (import, "", good.as_str(), 401, r#""success":false"#),
        (import, "authtype: Key\r\n", &good, 401, "no token"),
        (
            import,
            "Authorization: Bearer abc\r\n",
            &good,
            401,
            "authtype: Key",
        ),
        (
            import,
            "Authorization: Bearer a.b.c\r\n",
            &good,
            200,
            "success",
        ),
        (
            import,
            key,
            "[]",
            400,
            r#""data":["the array holds no contacts"]"#,
        ),
        (import, key, "[{}]", 400, r#""code":400"#),
        (import, key, &large, 413, "<pre>PayloadTooLargeError"),
        (
            "POST /inbox/users/import?botId=b1",
            "Authorization: Bearer a.b.c\r\nbotId: b1\r\n",
            &good,
            200,
            "success",
        ),
        (
            "POST /inbox/users/import?botId=b1",
            "Authorization: Bearer a.b.c\r\nbotId: b2\r\n",
            &good,
            400,
            "differ",
        ),
        ("GET /inbox/users/import", key, "", 405, r#""code":405"#),
        ("POST /inbox/users", key, &good, 404, r#""code":404"#),
        ("GET /", "", "", 404, r#""code":404"#),
    ] {
        let reply = Client::of(&running).send(line, headers, body).unwrap();
        assert_eq!(
            reply.status(),
            status,
            "{line} {headers} {body}: {}",
            reply.body
        );
        assert!(
            reply.body.contains(words),
            "{line} {headers} {body}: {}",
            reply.body
        );
    }
    let expected = SandboxReport {
        requests: 9,
        strays: 3,
        stored: 2,
        refused: 7,
        created: 1,
        updated: 1,
        ..SandboxReport::default()
    };
    assert_eq!(running.stop(), expected);
}

#[test]
fn only_the_expected_token_is_taken_where_one_is_set() {
    let running = start(SandboxOptions {
        token: Some("abc".to_owned()),
        ..SandboxOptions::default()
    })
    .unwrap();
    assert_eq!(
        Client::of(&running).post(&batch(&["1"])).unwrap().status(),
        200
    );
    let other = "Authorization: Bearer abd\r\nauthtype: Key\r\n";
    let reply = Client::of(&running)
        .send("POST /inbox/users/import", other, &batch(&["1"]))
        .unwrap();
    assert_eq!(
        (reply.status(), reply.body.contains("not known")),
        (401, true)
    );
}

#[test]
fn a_body_far_over_the_limit_is_answered_though_it_is_still_being_sent() {
    let running = sandbox("");
    let mut client = Client::of(&running);
    let limit = "x".repeat(100_000);
    assert_eq!(client.post(&limit).unwrap().status(), 400);
    assert_eq!(client.post(&format!("{limit}x")).unwrap().status(), 413);
    assert_eq!(client.post(&limit.repeat(50)).unwrap().status(), 413);
    assert_eq!(client.post(&batch(&["1"])).unwrap().status(), 200);
}

#[test]
fn the_store_holds_each_contact_as_it_came_before_the_answer_is_out() {
    let paper = Paper::default();
    let running = start(SandboxOptions {
        store: Some(Box::new(paper.clone())),
        ..SandboxOptions::default()
    })
    .unwrap();
    let mut client = Client::of(&running);
    client.post(&batch(&["1", "2"])).unwrap();
    let first = "{\"contact\":{\"phone\":{\"prefix\":\"91\",\"number\":\"1\"}}}\n";
    assert_eq!(
        paper.text(),
        format!("{first}{}", first.replace("\"1\"", "\"2\""))
    );
    client.post("[{}]").unwrap();
    let odd = "[ {\"profile\": {\"userDetails\": {\r\n \"x\": 1.50, \"contact\":{\"phone\":{\"prefix\":\"1\",\"number\":\"\\u0032\"}}}}}]";
    client.post(odd).unwrap();
    let expected =
        "{   \"x\": 1.50, \"contact\":{\"phone\":{\"prefix\":\"1\",\"number\":\"\\u0032\"}}}";
    assert_eq!(
        paper.text().lines().collect::<Vec<_>>().get(2..),
        Some(&[expected][..])
    );
}

#[test]
fn a_store_that_cannot_be_written_fails_the_batch_and_is_reported() {
    let running = start(SandboxOptions {
        store: Some(Box::new(FullDisk)),
        ..SandboxOptions::default()
    })
    .unwrap();
    assert_eq!(
        Client::of(&running).post(&batch(&["1"])).unwrap().status(),
        500
    );
    let report = running.stop();
    assert_eq!((report.stored, report.created, report.refused), (0, 0, 1));
    assert!(report.store_error.is_some());
}

#[test]
fn each_fault_that_answers_answers_as_it_was_asked_to_and_stores_nothing() {
    for (faults, status, retry_after, words) in [
        ("503:1", 503, Some("1"), r#""success":false"#),
        ("429:1:7s", 429, Some("7"), r#""code":429"#),
        ("502:1", 502, None, "Bad Gateway"),
        ("599:1", 599, None, r#""code":599"#),
        ("garbage:1", 200, None, "<!DOCTYPE html>"),
        ("denied:0", 401, None, "no longer valid"),
        (
            "reject:+912",
            400,
            None,
            r#""data":["phone is blacklisted"]"#,
        ),
        ("reject:+9*", 400, None, "blacklisted"),
        ("poison:+912", 500, None, "Internal Server Error"),
        ("too-large:1", 413, None, "<pre>"),
    ] {
        let running = sandbox(faults);
        let reply = Client::of(&running).post(&batch(&["1", "2"])).unwrap();
        assert_eq!(
            (reply.status(), reply.header("retry-after")),
            (status, retry_after),
            "{faults}"
        );
        assert!(reply.body.contains(words), "{faults}: {}", reply.body);
        let report = running.stop();
        assert_eq!(
            (report.requests, report.stored, report.created),
            (1, 0, 0),
            "{faults}"
        );
        assert_eq!(report.spoiled + report.refused, 1, "{faults}");
    }
}

#[test]
fn a_batch_without_the_bad_number_is_taken() {
    let running = sandbox("reject:+912,poison:+913");
    assert_eq!(
        Client::of(&running)
            .post(&batch(&["1", "22", "33"]))
            .unwrap()
            .status(),
        200
    );
}

#[test]
fn the_token_is_denied_after_that_number_of_requests() {
    let running = sandbox("denied:2");
    let mut client = Client::of(&running);
    let statuses: Vec<u16> = (0..4)
        .map(|_| client.post(&batch(&["1"])).unwrap().status())
        .collect();
    assert_eq!(statuses, [200, 200, 401, 401]);
}

#[test]
fn a_reset_cuts_the_connection_before_anything_is_stored() {
    let running = sandbox("reset:1");
    let error = Client::of(&running).post(&batch(&["1"])).err().unwrap();
    assert_eq!(error.kind(), ErrorKind::ConnectionReset);
    assert_eq!(
        running.stop(),
        SandboxReport {
            requests: 1,
            spoiled: 1,
            ..SandboxReport::default()
        }
    );
}

#[test]
fn a_lost_answer_is_of_a_batch_that_was_stored() {
    let running = sandbox("lost:1");
    let error = Client::of(&running).post(&batch(&["1"])).err().unwrap();
    assert_eq!(error.kind(), ErrorKind::ConnectionReset);
    assert_eq!(
        running.stop(),
        SandboxReport {
            requests: 1,
            spoiled: 1,
            stored: 1,
            created: 1,
            ..SandboxReport::default()
        }
    );
}

#[test]
fn half_an_answer_breaks_off_within_its_body() {
    let running = sandbox("half:1");
    let mut client = Client::of(&running);
    assert_eq!(
        client.post(&batch(&["1"])).err().unwrap().kind(),
        ErrorKind::UnexpectedEof
    );
    let mut client = Client::of(&running);
    let head = "POST /inbox/users/import HTTP/1.1\r\nHost: sandbox\r\nContent-Length: 2\r\n\r\n[]";
    client.0.write_all(head.as_bytes()).unwrap();
    let mut half = String::new();
    client.0.read_to_string(&mut half).unwrap();
    let (head, body) = half.split_once("\r\n\r\n").unwrap();
    assert!(head.starts_with("HTTP/1.1 401 Unauthorized\r\n"), "{head}");
    assert!(head.contains("content-length: "), "{head}");
    assert!(body.starts_with('{') && !body.ends_with('}'), "{body}");
    assert_eq!(running.stop().stored, 1);
}

#[test]
fn slow_answers_and_latency_take_their_time_and_store_first() {
    for faults in ["slow:1:60ms", "latency:60ms", "latency:60ms,503:1"] {
        let running = sandbox(faults);
        let sent = Instant::now();
        Client::of(&running).post(&batch(&["1"])).unwrap();
        assert!(sent.elapsed() >= Duration::from_millis(60), "{faults}");
    }
    let running = sandbox("slow:1:1h");
    let mut client = Client::of(&running);
    client
        .0
        .set_read_timeout(Some(Duration::from_millis(1)))
        .unwrap();
    assert!(client.post(&batch(&["1"])).is_err());
    while running.report().stored == 0 {
        thread::yield_now();
    }
}

#[test]
fn the_same_faults_come_again_with_the_same_seed() {
    let outcomes = |faults: &str| -> Vec<Option<u16>> {
        let running = sandbox(faults);
        let post = |_| {
            Client::of(&running)
                .post(&batch(&["1"]))
                .ok()
                .map(|reply| reply.status())
        };
        (0..40).map(post).collect()
    };
    let faults = "503:0.3,reset:0.2,lost:0.1,half:0.1,seed:5";
    let first = outcomes(faults);
    for outcome in [None, Some(200), Some(503)] {
        assert!(first.contains(&outcome), "{first:?}");
    }
    assert_eq!(outcomes(faults), first);
    assert_ne!(
        outcomes("503:0.3,reset:0.2,lost:0.1,half:0.1,seed:6"),
        first
    );
}

#[test]
fn several_clients_at_once_lose_nothing() {
    let running = sandbox("");
    thread::scope(|scope| {
        for client in 0..8 {
            let running = &running;
            scope.spawn(move || {
                let mut line = Client::of(running);
                for request in 0..25 {
                    let number = format!("{client}{request:03}");
                    assert_eq!(line.post(&batch(&[&number, "7"])).unwrap().status(), 200);
                }
            });
        }
    });
    let expected = SandboxReport {
        requests: 200,
        stored: 200,
        created: 201,
        updated: 199,
        ..SandboxReport::default()
    };
    assert_eq!(running.stop(), expected);
}

#[test]
fn idle_connections_do_not_hold_up_the_stop() {
    let running = sandbox("");
    let mut used: Vec<Client> = (0..4).map(|_| Client::of(&running)).collect();
    for client in &mut used {
        client.post(&batch(&["1"])).unwrap();
    }
    let fresh = Client::of(&running);
    let address = running.address;
    let asked = Instant::now();
    assert_eq!(running.stop().stored, 4);
    assert!(asked.elapsed() < GRACE_OF_A_TEST, "{:?}", asked.elapsed());
    assert!(TcpStream::connect(address).is_err());
    drop((used, fresh));
}

/// Less than the second that answers under way are given.
const GRACE_OF_A_TEST: Duration = Duration::from_millis(900);

#[test]
fn an_answer_under_way_is_finished_and_one_that_takes_too_long_is_not() {
    let running = sandbox("latency:200ms");
    let mut client = Client::of(&running);
    let waiting = thread::spawn(move || client.post(&batch(&["1"])).map(|reply| reply.status()));
    while running.report().requests == 0 {
        thread::yield_now();
    }
    assert_eq!(running.stop().stored, 1);
    assert_eq!(waiting.join().unwrap().unwrap(), 200);

    let running = sandbox("latency:1h");
    let mut client = Client::of(&running);
    client
        .0
        .write_all(
            b"POST /inbox/users/import HTTP/1.1\r\nHost: sandbox\r\nContent-Length: 9\r\n\r\n[",
        )
        .unwrap();
    while running.report().requests == 0 {
        thread::yield_now();
    }
    let asked = Instant::now();
    drop(running);
    assert!(asked.elapsed() < Duration::from_secs(10));
}

#[test]
fn a_client_that_leaves_within_its_body_stores_nothing() {
    let running = sandbox("");
    let mut client = Client::of(&running);
    let head = "POST /inbox/users/import HTTP/1.1\r\nHost: sandbox\r\nContent-Length: 999\r\n\r\n[";
    client.0.write_all(head.as_bytes()).unwrap();
    client.0.shutdown(Shutdown::Write).unwrap();
    let _ = client.reply();
    let report = running.stop();
    assert_eq!((report.requests, report.stored, report.created), (1, 0, 0));
}

#[test]
fn a_port_that_is_taken_is_named() {
    let running = sandbox("");
    let port = running.address.port();
    let error = start(SandboxOptions {
        port,
        ..SandboxOptions::default()
    })
    .err()
    .unwrap()
    .to_string();
    assert!(
        error.starts_with(&format!("port {port} of this machine cannot be opened")),
        "{error}"
    );
    assert_eq!(running.base_url(), format!("http://127.0.0.1:{port}"));
}
