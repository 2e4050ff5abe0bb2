//! Base URLs as people type them, and the address that is posted to.

use super::*;

fn endpoint(text: &str) -> String {
    BaseUrl::parse(text)
        .unwrap_or_else(|error| panic!("{text} {error}"))
        .endpoint(None)
        .to_string()
}

#[test]
fn the_host_a_path_and_the_whole_address_of_the_endpoint_mean_the_same() {
    for text in [
        "https://api.v7.botpenguin.com",
        "https://api.v7.botpenguin.com/",
        "https://api.v7.botpenguin.com//",
        "api.v7.botpenguin.com",
        " api.v7.botpenguin.com \n",
        "HTTPS://API.v7.BotPenguin.com",
        "https://api.v7.botpenguin.com:443",
        "https://api.v7.botpenguin.com/inbox/users/import",
        "https://api.v7.botpenguin.com/inbox/users/import/",
        "api.v7.botpenguin.com/inbox/users/import",
    ] {
        assert_eq!(
            endpoint(text),
            "https://api.v7.botpenguin.com/inbox/users/import",
            "{text:?}"
        );
        let base = BaseUrl::parse(text).unwrap();
        assert_eq!(base.as_str(), "https://api.v7.botpenguin.com", "{text:?}");
        assert_eq!(base.host(), "api.v7.botpenguin.com", "{text:?}");
    }
}

#[test]
fn a_resellers_path_and_port_stay() {
    for (text, base, host) in [
        (
            "https://chat.shop.example/api/v7/",
            "https://chat.shop.example/api/v7",
            "chat.shop.example",
        ),
        (
            "https://chat.shop.example/api/inbox/users/import",
            "https://chat.shop.example/api",
            "chat.shop.example",
        ),
        (
            "chat.shop.example:8443/api",
            "https://chat.shop.example:8443/api",
            "chat.shop.example:8443",
        ),
        (
            "https://chat.shop.example/inbox/users",
            "https://chat.shop.example/inbox/users",
            "chat.shop.example",
        ),
    ] {
        let parsed = BaseUrl::parse(text).unwrap();
        assert_eq!(
            (parsed.as_str(), parsed.host().as_str()),
            (base, host),
            "{text}"
        );
        assert_eq!(
            endpoint(text),
            format!("{base}/inbox/users/import"),
            "{text}"
        );
    }
}

#[test]
fn a_path_that_only_ends_like_the_endpoint_stays() {
    assert_eq!(
        endpoint("https://shop.example/minbox/users/import"),
        "https://shop.example/minbox/users/import/inbox/users/import"
    );
}

#[test]
fn plain_http_is_taken_for_this_machine_only() {
    for text in [
        "http://127.0.0.1:8080",
        "http://127.8.8.8",
        "http://localhost:8080/inbox/users/import",
        "http://[::1]:8080",
        "https://example.com",
    ] {
        assert!(BaseUrl::parse(text).is_ok(), "{text}");
    }
    for text in [
        "http://api.v7.botpenguin.com",
        "http://127.0.0.1.example.com",
        "http://localhost.example.com",
        "http://10.0.0.1",
        "http://0.0.0.0",
        "http://[::2]",
        "ftp://127.0.0.1",
        "ws://localhost",
    ] {
        let error = BaseUrl::parse(text).unwrap_err();
        assert!(
            matches!(error, CredentialsError::NotHttps),
            "{text} {error:?}"
        );
    }
}

#[test]
fn what_is_no_url_or_holds_what_is_never_sent_is_refused() {
    for text in [
        "",
        " ",
        "https://",
        "://",
        "https://a b",
        "https://[::1",
        "file:///etc/passwd",
        "host:port",
    ] {
        let error = BaseUrl::parse(text).unwrap_err();
        assert!(
            matches!(error, CredentialsError::NotAUrl),
            "{text:?} {error:?}"
        );
    }
    for text in [
        "https://user@example.com",
        "https://user:secret@example.com",
        "https://:secret@example.com",
        "https://example.com?botId=7",
        "https://example.com/inbox/users/import?x",
        "https://example.com/#here",
    ] {
        let error = BaseUrl::parse(text).unwrap_err();
        assert!(
            matches!(error, CredentialsError::Surplus),
            "{text:?} {error:?}"
        );
        assert!(!error.to_string().contains("secret"));
    }
}

#[test]
fn a_bot_is_named_in_the_query_without_breaking_it() {
    let base = BaseUrl::parse("https://example.com").unwrap();
    assert_eq!(
        base.endpoint(Some("a&b=c d")).as_str(),
        "https://example.com/inbox/users/import?botId=a%26b%3Dc+d"
    );
}
