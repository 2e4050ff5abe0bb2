//! Documents and where their records are found.

use super::super::outline::Scan;
use super::*;

fn scanned(text: &str) -> Scan {
    let mut scan = Scan::new();
    scan.pass(text.as_bytes());
    scan
}

/// The path and form of what is found, and the others; or the error.
fn found(text: &str, wanted: Option<&str>) -> String {
    let wanted = wanted.map(|path| path.parse().unwrap());
    match find(scanned(text).outline(), wanted.as_ref()) {
        Err(error) => error.to_string(),
        Ok(found) => {
            let form = if found.form == RecordForm::Columns {
                " columns"
            } else {
                ""
            };
            let others: String = found
                .others
                .iter()
                .map(|other| format!(" +{}", other.path))
                .collect();
            format!("{}{form}{others}", found.path)
        }
    }
}

#[test]
fn records_are_found_wherever_they_are() {
    for (text, expected) in [
        // The document itself.
        (r#"[{"name":"A","phone":"1"}]"#, "."),
        (r#"{"name":"A","phone":"1"}"#, "."),
        (r#"{"name":"A","phone":"1"}{"name":"B","phone":"2"}"#, "."),
        (r#"{"user":{"name":"A","phone":"1"}}"#, "."),
        (
            r#"{"name":"A","phones":[{"type":"home","number":"1"}]}"#,
            ".",
        ),
        (r#"{"name":"A","phone":"1","phones":["1","2"]}"#, "."),
        (
            r#"{"profile":{"userDetails":{"a":1}},"list":[{"phone":"1"}]}"#,
            ".",
        ),
        (r#"{"billing":{"name":"A","phone":"1"},"phone":"2"}"#, "."),
        ("[]", "."),
        ("{}", "."),
        // A list somewhere.
        (
            r#"{"data":{"customers":[{"phone":"1"}]}}"#,
            "data.customers",
        ),
        (
            r#"{"data":{"customers":{"edges":[{"node":{"phone":"1"}}]}}}"#,
            "data.customers.edges",
        ),
        (
            r#"{"hits":{"hits":[{"_source":{"phone":"1"}}]}}"#,
            "hits.hits",
        ),
        (r#"{"items":[{"contact":{"phone":"1"}}]}"#, "items"),
        (r#"{"value":[{"phone":"1"}]}"#, "value"),
        (
            r#"{"name":"An export","customers":[{"phone":"1"}]}"#,
            "customers",
        ),
        (
            r#"{"total":2,"orders":[{"id":1}],"leads":[{"phone":"1"}]}"#,
            "leads",
        ),
        (
            r#"{"agents":[{"phone":null},{"phone":""}],"leads":[{"phone":"1"}]}"#,
            "leads",
        ),
        (r#"{"data":[{"profile":{"userDetails":{"a":1}}}]}"#, "data"),
        (r#"[{"page":1,"data":[{"phone":"1"}]}]"#, "[].data"),
        (r#"[[{"phone":"1"}],[{"phone":"2"}]]"#, "[]"),
        (
            r#"{"data":[{"phone":"1"}]}{"data":[{"phone":"2"}]}"#,
            "data",
        ),
        (
            r#"{"phones":[{"name":"A","phone":"1"},{"name":"B","phone":"2"}]}"#,
            "phones",
        ),
        (r#"{"customers":[]}"#, "customers"),
        (r#"{"customers":[{"kontakt":"1"}]}"#, "customers"),
        // Cut off.
        (
            r#"{"data":{"customers":[{"phone":"1"},{"ph"#,
            "data.customers",
        ),
        // Under keys of their own.
        (r#"{"c1":{"phone":"1"},"c2":{"phone":"2"}}"#, "[]"),
        (
            r#"{"contact1":{"phone":"1"},"contact2":{"phone":"2"}}"#,
            "[]",
        ),
        (
            r#"{"users":{"-Nx1":{"phone":"1"},"-Nx2":{"name":"B"}}}"#,
            "users[]",
        ),
        // What else has phones is named.
        (
            r#"{"name":"A","phone":"1","friends":[{"phone":"2"}]}"#,
            ". +friends",
        ),
        (
            r#"{"shop":"A","phone":"1","customers":[{"phone":"2"}]}"#,
            "customers +.",
        ),
    ] {
        assert_eq!(found(text, None), expected, "{text}");
    }
}

#[test]
fn columns_are_not_mistaken_for_a_contact_with_several_numbers() {
    for (text, expected) in [
        (r#"{"name":["A","B"],"phone":["1","2"]}"#, ". columns"),
        (r#"{"name":["A","B","C"],"phone":["1","2"]}"#, ". columns"),
        (r#"{"phones":["1","2"]}"#, ". columns"),
        (r#"[{"name":["A","B"],"phone":["1","2"]}]"#, "[] columns"),
        (r#"{"x":{"name":["A","B"],"phone":["1","2"]}}"#, "x columns"),
        (r#"{"name":{"0":"A"},"phone":{"0":"1"}}"#, ". columns"),
        (
            r#"{"columns":["name","phone"],"data":[["A","1"]]}"#,
            ". columns",
        ),
        (
            r#"{"table":{"cols":[{"label":"Phone"}],"rows":[{"c":[{"v":"1"}]}]}}"#,
            "table columns",
        ),
        (
            r#"{"range":"A1","values":[["phone"],["1"]]}"#,
            "values columns",
        ),
        (r#"[["phone"],["1"]]"#, ". columns"),
        (r#"{"name":"A","phone":["1","2"]}"#, "."),
        (
            r#"[{"name":["A","B"],"phone":["1","2"]},{"name":["C"],"phone":["3"]}]"#,
            ".",
        ),
        (r#"{"name":{"first":"A"},"phone":{"home":"1"}}"#, "."),
        (
            r#"{"schema":{"fields":[{"name":"phone"}]},"data":[{"phone":"1"}]}"#,
            "data",
        ),
        (
            r#"{"features":[{"geometry":{"coordinates":[[1,2]]},"properties":{"phone":"1"}}]}"#,
            "features",
        ),
    ] {
        assert_eq!(found(text, None), expected, "{text}");
    }
}

#[test]
fn where_several_may_be_meant_all_are_named() {
    for (text, options) in [
        (
            r#"{"customers":[{"phone":"1"}],"agents":[{"phone":"2"}]}"#,
            &["--records customers", "--records agents"][..],
        ),
        (
            r#"{"name":"Asha","emergencyContacts":[{"name":"B","phone":"1"}]}"#,
            &["--records emergencyContacts", "--records ."],
        ),
        (
            r#"{"shop":"A","phone":"1","customers":[{"phone":"2"}]}{}"#,
            &["--records customers", "--records ."],
        ),
        (
            r#"{"companies":[{"name":"X","contacts":[{"phone":"1"}]}]}"#,
            &["--records companies", "--records \"companies[].contacts\""],
        ),
        (
            r#"{"a":[{"x":1}],"b":[{"y":1}]}"#,
            &["--records a", "--records b"],
        ),
        (
            r#"{"asha":{"name":"A","phone":"1"},"bala":{"name":"B","phone":"2"}}"#,
            &["--records \"[]\"", "--records ."],
        ),
    ] {
        let error = found(text, None);
        for option in options {
            assert!(error.contains(option), "{text}: {error}");
        }
        assert!(!error.contains("[0]"), "{error}");
    }
}

#[test]
fn the_records_are_where_a_user_says() {
    for (text, path, expected) in [
        (r#"{"a":[{"phone":"1"}],"b":[{"phone":"2"}]}"#, "b", "b +a"),
        (
            r#"{"edges":[{"node":{"phone":"1"}}]}"#,
            "edges[].node",
            "edges[].node",
        ),
        (r#"{"edges":[]}"#, "edges[].node", "edges[].node"),
        (r#"{"a":{"x":{"phone":"1"}}}"#, "a[]", "a[]"),
        (
            r#"{"a":{"columns":["phone"],"data":[["1"]]}}"#,
            "a",
            "a columns",
        ),
        (
            r#"{"name":"A","phone":"1","contacts":[{"phone":"2"}]}"#,
            ".",
            ". +contacts",
        ),
        (
            r#"{"data":{"users":[{"phone":"1"}]}}"#,
            "data.user",
            "nothing is at --records data.user: try --records data.users",
        ),
        (
            r#"{"a":1}"#,
            "b",
            "nothing is at --records b: leave the option out",
        ),
    ] {
        assert_eq!(found(text, Some(path)), expected, "{text} {path}");
    }
}

#[test]
fn a_line_is_a_record_unless_its_list_has_the_phones() {
    let is_within = |line: &str, path: Option<&str>| {
        let path = path.map(|path| path.parse().unwrap());
        super::is_within(scanned(line).outline(), path.as_ref())
    };
    for (line, path, expected) in [
        (r#"{"phone":"1"}"#, None, false),
        (r#"{"phone":"1","contacts":[{"phone":"2"}]}"#, None, false),
        (r#"{"kontakt":"1","orders":[{"id":"2"}]}"#, None, false),
        (r#"{"data":[{"phone":"1"}]}"#, None, true),
        (r#"{"data":[{"phone":"1"}],"bp_row":2}"#, None, false),
        (r#"{"data":[{"phone":"1"}]}"#, Some("data"), true),
        (r#"{"phone":"1"}"#, Some("data"), false),
        (r#"{"a":[{"phone":"1"}],"b":[{"phone":"2"}]}"#, None, true),
        ("{\"data\":", None, false),
    ] {
        assert_eq!(is_within(line, path), expected, "{line} {path:?}");
    }
}
