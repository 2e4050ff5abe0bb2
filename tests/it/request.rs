//! What the API receives: method, address, headers, and the body to the byte.

use std::time::Duration;

use crate::run::{Folder, TOKEN, each, table};
use crate::server::{Answer, Request, Server};

/// The one request that these arguments lead to.
fn request(arguments: &[&str]) -> Request {
    let server = Server::yes();
    let folder = Folder::with_contacts(1);
    let all: Vec<_> = ["contacts.csv"].iter().chain(arguments).copied().collect();
    folder.import(&server, &all).assert("0: 1 read, 1 accepted");
    let mut requests = server.requests();
    assert_eq!(requests.len(), 1);
    requests.remove(0)
}

#[test]
fn it_is_a_post_to_the_import_endpoint_with_the_documented_headers() {
    let request = request(&[]);
    assert_eq!(
        (request.method.as_str(), request.target.as_str()),
        ("POST", "/inbox/users/import")
    );
    assert_eq!(
        request.header("Authorization"),
        Some(format!("Bearer {TOKEN}").as_str())
    );
    assert_eq!(request.header("authtype"), Some("Key"));
    assert_eq!(request.header("Content-Type"), Some("application/json"));
    assert_eq!(request.header("botId"), None);
    let agent = concat!("bp-import/", env!("CARGO_PKG_VERSION"));
    assert_eq!(request.header("User-Agent"), Some(agent));
    assert_eq!(
        request.header("Content-Length"),
        Some(request.body.len().to_string().as_str())
    );
}

#[test]
fn a_session_goes_without_authtype() {
    assert_eq!(request(&["--auth", "session"]).header("authtype"), None);
    assert_eq!(request(&["--auth", "key"]).header("authtype"), Some("Key"));
}

#[test]
fn a_bot_is_named_in_header_and_query() {
    let named = request(&["--bot-id", "64f0c0ffee"]);
    assert_eq!(named.header("botId"), Some("64f0c0ffee"));
    assert_eq!(named.target, "/inbox/users/import?botId=64f0c0ffee");
    let odd = request(&["--bot-id", "a&b c"]);
    assert_eq!(odd.header("botId"), Some("a&b c"));
    assert!(
        [
            "/inbox/users/import?botId=a%26b+c",
            "/inbox/users/import?botId=a%26b%20c"
        ]
        .contains(&odd.target.as_str())
    );
}

#[test]
fn the_body_is_what_the_page_documents() {
    let server = Server::yes();
    let folder = Folder::with(
        "a.csv",
        "Full Name,Phone,Email,Tags,City\n\
         Asha Rao,+91 98765 43210,asha@example.com,\"vip, newsletter\",Pune\n\
         ,+39 06 698 12345,,,\n\
         \"O\"\"Neil \u{1f600}\",0049 1512 3456789,,,Köln\n",
    );
    folder
        .import(&server, &["a.csv", "--map", "attr.city=City"])
        .assert("0: 3 read, 3 accepted");
    let expected = concat!(
        r#"[{"profile":{"userDetails":{"userProvidedName":"Asha Rao","#,
        r#""contact":{"email":"asha@example.com","phone":{"number":"9876543210","prefix":"91"}},"#,
        r#""tags":["vip","newsletter"],"attributes":[{"key":"city","value":"Pune"}]}}},"#,
        r#"{"profile":{"userDetails":{"contact":{"phone":{"number":"0669812345","prefix":"39"}},"#,
        r#""tags":[],"attributes":[]}}},"#,
        r#"{"profile":{"userDetails":{"userProvidedName":"O\"Neil 😀","#,
        r#""contact":{"phone":{"number":"15123456789","prefix":"49"}},"#,
        r#""tags":[],"attributes":[{"key":"city","value":"Köln"}]}}}]"#,
    );
    assert_eq!(server.requests()[0].text(), expected);
}

#[test]
fn empty_lists_can_be_left_out() {
    let body = request(&["--empty-lists", "omit"]).text();
    let expected = concat!(
        r#"[{"profile":{"userDetails":{"userProvidedName":"Contact 0","#,
        r#""contact":{"phone":{"number":"9876500000","prefix":"91"}}}}}]"#,
    );
    assert_eq!(body, expected);
}

#[test]
fn the_base_url_is_a_host_a_path_or_the_whole_endpoint() {
    let cases = [
        ("", "/inbox/users/import"),
        ("/", "/inbox/users/import"),
        ("/inbox/users/import", "/inbox/users/import"),
        ("/inbox/users/import/", "/inbox/users/import"),
        ("/reseller/v7", "/reseller/v7/inbox/users/import"),
        ("/reseller/v7/", "/reseller/v7/inbox/users/import"),
        (
            "/reseller/v7/inbox/users/import",
            "/reseller/v7/inbox/users/import",
        ),
    ];
    each(&cases, |(end, target)| {
        let server = Server::yes();
        let folder = Folder::with_contacts(1);
        let url = format!("{}{end}", server.url());
        let ran = folder
            .bp(["contacts.csv", "--json", "--base-url", &url])
            .run();
        ran.assert("0: 1 read, 1 accepted");
        assert_eq!(server.requests()[0].target, *target, "{url}");
    });
}

#[test]
fn loopback_by_name_needs_no_https() {
    let server = Server::yes();
    let folder = Folder::with_contacts(1);
    let url = format!("http://localhost:{}", server.port());
    let ran = folder
        .bp(["contacts.csv", "--json", "--base-url", &url])
        .run();
    ran.assert("0: 1 read, 1 accepted");
}

#[test]
fn contacts_never_travel_in_clear() {
    let folder = Folder::with_contacts(1);
    for url in [
        "http://api.v7.botpenguin.com",
        "http://127.0.0.1.example.com",
        "http://localhost.example.com",
        "http://10.0.0.1",
        "ftp://127.0.0.1",
        "https://user:password@api.v7.botpenguin.com",
        "https://api.v7.botpenguin.com/?a=b",
        "https://",
        "",
        "not a url",
    ] {
        let ran = folder.bp(["contacts.csv", "--base-url", url]).run();
        ran.assert_usage(&["--base-url"]);
    }
}

#[test]
fn loopback_never_goes_through_a_proxy() {
    let server = Server::yes();
    let folder = Folder::with_contacts(1);
    let url = server.url();
    let mut bp = folder.bp(["contacts.csv", "--json", "--base-url", &url]);
    for name in [
        "http_proxy",
        "HTTP_PROXY",
        "https_proxy",
        "HTTPS_PROXY",
        "all_proxy",
        "ALL_PROXY",
    ] {
        // Nothing listens there.
        bp = bp.variable(name, "http://127.0.0.1:9");
    }
    bp.run().assert("0: 1 read, 1 accepted");
}

#[test]
fn batches_keep_to_their_count_and_bytes_and_together_hold_every_contact_once() {
    let cases: [(&[&str], usize, usize, usize); 4] = [
        (&[], 100, 90_000, 3),
        (&["--batch-size", "7"], 7, 90_000, 36),
        (&["--batch-bytes", "1kB"], 100, 1_000, 32),
        (
            &["--batch-bytes", "1KiB", "--batch-size", "2"],
            2,
            1_024,
            125,
        ),
    ];
    each(&cases, |(arguments, items, bytes, fewest)| {
        let server = Server::yes();
        let folder = Folder::with("contacts.csv", table(250));
        let all: Vec<_> = ["contacts.csv"].iter().chain(*arguments).copied().collect();
        folder
            .import(&server, &all)
            .assert("0: 250 read, 250 accepted");
        for request in server.requests() {
            assert!(request.body.len() <= *bytes && request.contacts().len() <= *items);
        }
        assert!(
            server.requests().len() >= *fewest,
            "{}",
            server.requests().len()
        );
        assert_eq!(server.numbers(), crate::run::phones(250));
    });
}

#[test]
#[cfg_attr(
    windows,
    ignore = "many requests at once overrun their timeouts under Wine"
)]
fn as_many_requests_are_in_flight_as_allowed_and_no_more() {
    let cases: [(&[&str], usize); 3] = [
        (&["--concurrency", "4"], 4),
        (&["--concurrency", "1"], 1),
        (&["--concurrency", "7"], 7),
    ];
    each(&cases, |(arguments, most)| {
        let server = Server::script([Answer::yes().after(Duration::from_millis(150))]);
        let url = server.url();
        let folder = Folder::with_contacts(150);
        let usual = [
            "contacts.csv",
            "--json",
            "--batch-size",
            "10",
            "--base-url",
            &url,
        ];
        let ran = folder.bp(usual.iter().chain(*arguments)).run();
        ran.assert("0: 150 read, 150 accepted");
        assert_eq!(server.most_in_flight(), *most, "{arguments:?}");
    });
}
