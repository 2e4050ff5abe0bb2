//! A server on loopback that answers as the test scripts it: well, badly, slowly, or not at all.
//!
//! Raw TCP, so that it can break every rule of HTTP. It keeps what it received, and fails the test when nobody called.

use std::io::{self, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Condvar, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::Value;

/// Longer than any test waits for anything.
const LONG: Duration = Duration::from_secs(30);

/// What the API's page shows for success.
pub const YES: &str = r#"{"status":"success","message":"User profiles imported successfully."}"#;
/// How its siblings say it.
pub const YES_TOO: &str = r#"{"success":true,"message":"","code":200,"data":[]}"#;

/// A request as it was received.
#[derive(Clone, Debug)]
pub struct Request {
    pub method: String,
    /// Path and query.
    pub target: String,
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
    /// When it was received.
    pub at: Instant,
}

impl Request {
    /// A header's value, whatever the case of its name.
    pub fn header(&self, name: &str) -> Option<&str> {
        let mut found = self
            .headers
            .iter()
            .filter(|(known, _)| known.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.as_str());
        let first = found.next();
        assert_eq!(found.next(), None, "the header {name} stands twice");
        first
    }

    pub fn text(&self) -> String {
        String::from_utf8(self.body.clone()).unwrap()
    }

    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap()
    }

    /// The contacts' details.
    pub fn contacts(&self) -> Vec<Value> {
        let all = self.json();
        let one = |element: &Value| element["profile"]["userDetails"].clone();
        all.as_array().unwrap().iter().map(one).collect()
    }

    /// The contacts' numbers, as `+919876500001`.
    pub fn numbers(&self) -> Vec<String> {
        self.contacts().iter().map(number).collect()
    }

    pub fn holds(&self, number: &str) -> bool {
        self.numbers().iter().any(|known| known == number)
    }
}

/// The number of a contact with these details.
pub fn number(details: &Value) -> String {
    let phone = &details["contact"]["phone"];
    let part = |name: &str| phone[name].as_str().unwrap();
    format!("+{}{}", part("prefix"), part("number"))
}

/// An answer, and how it comes.
#[derive(Clone, Debug)]
pub struct Answer {
    status: u16,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
    manner: Manner,
    after: Duration,
    is_held: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Manner {
    Whole,
    /// The connection is reset before anything is read.
    CutBeforeReading,
    /// The request is read, and the connection closed.
    CutAfterReading,
    /// Half of the body, then the connection is closed.
    Half,
    /// Nothing, for as long as the client waits.
    Stalled,
    /// A byte now and then.
    Trickled,
    /// A body without an end.
    Endless,
}

impl Answer {
    pub fn new(status: u16, body: impl Into<Vec<u8>>) -> Answer {
        Answer {
            status,
            headers: Vec::new(),
            body: body.into(),
            manner: Manner::Whole,
            after: Duration::ZERO,
            is_held: false,
        }
    }

    pub fn yes() -> Answer {
        Answer::new(200, YES)
    }

    /// A refusal in the API's envelope.
    pub fn no(status: u16, words: &str) -> Answer {
        let body = serde_json::json!({"success": false, "message": words, "code": status});
        Answer::new(status, body.to_string())
    }

    pub fn header(mut self, name: &str, value: impl std::fmt::Display) -> Answer {
        self.headers.push((name.to_owned(), value.to_string()));
        self
    }

    pub fn after(mut self, time: Duration) -> Answer {
        self.after = time;
        self
    }

    /// Kept back until the test calls [`Server::release`]: the client stays in the middle of its run for as long as a
    /// test wants.
    pub fn held(mut self) -> Answer {
        self.is_held = true;
        self
    }

    pub fn cut_before_reading() -> Answer {
        Answer::yes().in_manner(Manner::CutBeforeReading)
    }

    pub fn cut_after_reading() -> Answer {
        Answer::yes().in_manner(Manner::CutAfterReading)
    }

    pub fn half() -> Answer {
        Answer::yes().in_manner(Manner::Half)
    }

    pub fn stalled() -> Answer {
        Answer::yes().in_manner(Manner::Stalled)
    }

    pub fn trickled() -> Answer {
        Answer::yes().in_manner(Manner::Trickled)
    }

    /// Success, in more bytes than any answer of the API has.
    pub fn huge() -> Answer {
        let body = serde_json::json!({"status": "success", "message": "x".repeat(70_000)});
        Answer::new(200, body.to_string())
    }

    pub fn endless() -> Answer {
        Answer::yes().in_manner(Manner::Endless)
    }

    fn in_manner(mut self, manner: Manner) -> Answer {
        self.manner = manner;
        self
    }
}

type Judge = dyn Fn(&Request) -> Answer + Send + Sync;

enum Script {
    /// One answer after the other; the last is repeated.
    List(Vec<Answer>),
    /// An answer that depends on the request.
    Judge(Box<Judge>),
}

struct Shared {
    script: Script,
    begun: AtomicUsize,
    received: Mutex<Vec<Request>>,
    more: Condvar,
    is_released: Mutex<bool>,
    released: Condvar,
    in_flight: AtomicUsize,
    most_in_flight: AtomicUsize,
    closing: AtomicBool,
}

impl Shared {
    fn wait_for_release(&self) {
        let released = self.is_released.lock().unwrap();
        let is_held = |is_released: &mut bool| !*is_released;
        drop(self.released.wait_timeout_while(released, LONG, is_held));
    }
}

/// The server; dropping it closes it and checks that somebody called.
pub struct Server {
    address: SocketAddr,
    shared: Arc<Shared>,
    calls: Calls,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Calls {
    Expected,
    Forbidden,
}

impl Server {
    /// Answers as the list says, one request after the other; the last answer is repeated.
    pub fn script(answers: impl IntoIterator<Item = Answer>) -> Server {
        let answers: Vec<_> = answers.into_iter().collect();
        assert!(!answers.is_empty());
        Server::start(Script::List(answers), Calls::Expected)
    }

    /// Answers by what the request holds.
    pub fn judge(judge: impl Fn(&Request) -> Answer + Send + Sync + 'static) -> Server {
        Server::start(Script::Judge(Box::new(judge)), Calls::Expected)
    }

    /// Takes everything, but answers like this to requests with this phone in them.
    pub fn unless(phone: impl Into<String>, otherwise: Answer) -> Server {
        let phone = phone.into();
        Server::judge(move |request| match request.holds(&phone) {
            true => otherwise.clone(),
            false => Answer::yes(),
        })
    }

    /// Takes everything, the first request once it is [`release`](Server::release)d.
    pub fn holding() -> Server {
        Server::script([Answer::yes().held(), Answer::yes()])
    }

    /// Takes everything.
    pub fn yes() -> Server {
        Server::script([Answer::yes()])
    }

    /// Nobody is to call this one.
    pub fn forbidden() -> Server {
        Server::start(Script::List(vec![Answer::yes()]), Calls::Forbidden)
    }

    /// Takes everything, at an address where nobody listens yet.
    pub fn at(address: SocketAddr) -> Server {
        Server::listen(address, Script::List(vec![Answer::yes()]), Calls::Expected)
    }

    fn start(script: Script, calls: Calls) -> Server {
        Server::listen(([127, 0, 0, 1], 0).into(), script, calls)
    }

    fn listen(address: SocketAddr, script: Script, calls: Calls) -> Server {
        let listener = TcpListener::bind(address).unwrap();
        let address = listener.local_addr().unwrap();
        let shared = Arc::new(Shared {
            script,
            begun: AtomicUsize::new(0),
            received: Mutex::default(),
            more: Condvar::new(),
            is_released: Mutex::default(),
            released: Condvar::new(),
            in_flight: AtomicUsize::new(0),
            most_in_flight: AtomicUsize::new(0),
            closing: AtomicBool::new(false),
        });
        let serving = Arc::clone(&shared);
        thread::spawn(move || serve(&listener, &serving));
        Server {
            address,
            shared,
            calls,
        }
    }

    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    pub fn port(&self) -> u16 {
        self.address.port()
    }

    /// All requests that were read so far.
    pub fn requests(&self) -> Vec<Request> {
        self.shared.received.lock().unwrap().clone()
    }

    /// The numbers in all requests so far, in order, repeated ones too.
    pub fn numbers(&self) -> Vec<String> {
        self.requests().iter().flat_map(Request::numbers).collect()
    }

    /// The most requests that were in flight at once.
    pub fn most_in_flight(&self) -> usize {
        self.shared.most_in_flight.load(Ordering::SeqCst)
    }

    /// Lets all answers go that are held back.
    pub fn release(&self) {
        *self.shared.is_released.lock().unwrap() = true;
        self.shared.released.notify_all();
    }

    /// Waits until this many requests were read.
    pub fn wait_for(&self, count: usize) {
        let received = self.shared.received.lock().unwrap();
        let few = |received: &mut Vec<Request>| received.len() < count;
        let (received, _) = self
            .shared
            .more
            .wait_timeout_while(received, LONG, few)
            .unwrap();
        assert!(received.len() >= count, "only {} requests", received.len());
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.shared.closing.store(true, Ordering::SeqCst);
        let _ = TcpStream::connect(self.address);
        if thread::panicking() {
            return;
        }
        let calls = self.shared.begun.load(Ordering::SeqCst);
        match self.calls {
            Calls::Expected => assert!(calls > 0, "nobody called the server"),
            Calls::Forbidden => assert_eq!(calls, 0, "somebody called the server"),
        }
    }
}

fn serve(listener: &TcpListener, shared: &Arc<Shared>) {
    for stream in listener.incoming() {
        if shared.closing.load(Ordering::SeqCst) {
            return;
        }
        let Ok(stream) = stream else { continue };
        let shared = Arc::clone(shared);
        // An error here breaks the connection; the client sees that, and so does the test.
        thread::spawn(move || converse(stream, &shared));
    }
}

/// Whether the connection is still good for another request.
#[derive(PartialEq, Eq)]
enum Next {
    Request,
    Nothing,
}

fn converse(mut stream: TcpStream, shared: &Shared) -> io::Result<()> {
    stream.set_nodelay(true)?;
    stream.set_read_timeout(Some(LONG))?;
    while stream.peek(&mut [0])? > 0 {
        let number = shared.begun.fetch_add(1, Ordering::SeqCst);
        let listed = match &shared.script {
            Script::List(answers) => Some(&answers[number.min(answers.len() - 1)]),
            Script::Judge(_) => None,
        };
        if listed.is_some_and(|answer| answer.manner == Manner::CutBeforeReading) {
            // Closed with bytes unread, a socket is reset.
            return Ok(());
        }
        let request = read(&mut stream)?;
        let flying = shared.in_flight.fetch_add(1, Ordering::SeqCst) + 1;
        shared.most_in_flight.fetch_max(flying, Ordering::SeqCst);
        let answer = match &shared.script {
            Script::List(_) => listed.unwrap().clone(),
            Script::Judge(judge) => judge(&request),
        };
        shared.received.lock().unwrap().push(request);
        shared.more.notify_all();
        if answer.is_held {
            shared.wait_for_release();
        }
        thread::sleep(answer.after);
        shared.in_flight.fetch_sub(1, Ordering::SeqCst);
        if say(&mut stream, &answer)? == Next::Nothing {
            return Ok(());
        }
    }
    Ok(())
}

fn read(stream: &mut TcpStream) -> io::Result<Request> {
    let mut head = Vec::new();
    let mut byte = [0];
    while !head.ends_with(b"\r\n\r\n") {
        stream.read_exact(&mut byte)?;
        head.push(byte[0]);
    }
    let head = String::from_utf8(head).unwrap();
    let mut lines = head.lines();
    let mut first = lines.next().unwrap().split(' ');
    let (method, target) = (first.next().unwrap(), first.next().unwrap());
    let header = |line: &str| {
        let (name, value) = line.split_once(':').unwrap();
        (name.to_owned(), value.trim().to_owned())
    };
    let mut request = Request {
        method: method.to_owned(),
        target: target.to_owned(),
        headers: lines.filter(|line| !line.is_empty()).map(header).collect(),
        body: Vec::new(),
        at: Instant::now(),
    };
    let length = request
        .header("content-length")
        .map_or(0, |length| length.parse().unwrap());
    request.body.resize(length, 0);
    stream.read_exact(&mut request.body)?;
    Ok(request)
}

fn say(stream: &mut TcpStream, answer: &Answer) -> io::Result<Next> {
    match answer.manner {
        Manner::Whole => {
            stream.write_all(&whole(answer))?;
            return Ok(Next::Request);
        }
        Manner::CutBeforeReading | Manner::CutAfterReading => {}
        Manner::Half => {
            let bytes = whole(answer);
            stream.write_all(&bytes[..bytes.len() - answer.body.len() / 2])?;
        }
        Manner::Stalled => await_the_clients_end(stream),
        Manner::Trickled => trickle(stream, &whole(answer)),
        Manner::Endless => pour(stream)?,
    }
    let _ = stream.shutdown(Shutdown::Both);
    Ok(Next::Nothing)
}

fn whole(answer: &Answer) -> Vec<u8> {
    let mut text = format!("HTTP/1.1 {} Whatever\r\n", answer.status);
    for (name, value) in &answer.headers {
        text.push_str(&format!("{name}: {value}\r\n"));
    }
    if answer.status != 204 {
        text.push_str(&format!("Content-Length: {}\r\n", answer.body.len()));
    }
    text.push_str("\r\n");
    let mut bytes = text.into_bytes();
    bytes.extend(&answer.body);
    bytes
}

fn await_the_clients_end(stream: &mut TcpStream) {
    let _ = stream.read(&mut [0]);
}

fn trickle(stream: &mut TcpStream, bytes: &[u8]) {
    for byte in bytes {
        if stream.write_all(&[*byte]).is_err() {
            return;
        }
        thread::sleep(Duration::from_millis(30));
    }
}

/// Writes until the client closes the connection.
fn pour(stream: &mut TcpStream) -> io::Result<()> {
    let began = Instant::now();
    stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n{\"status\":\"success\",\"x\":\"")?;
    while began.elapsed() < LONG && stream.write_all(&[b'x'; 1_000]).is_ok() {}
    Ok(())
}
