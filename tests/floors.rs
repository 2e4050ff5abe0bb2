//! Imports only go down: each module uses lower floors only, no files use each other in a circle, and each outside
//! crate has its homes. Comments are in plain English.

#[path = "floors/comments.rs"]
mod comments;
#[path = "floors/imports.rs"]
mod imports;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use imports::{Graph, modules_named};

/// The floors, from the ground up. Modules of one floor do not know each other.
const FLOORS: &[&[&str]] = &[
    &["text", "file_name", "hint"],
    &[
        "digest",
        "record",
        "outcome",
        "hash_table",
        "private_file",
        "units",
        "vocabulary",
        "sandbox",
    ],
    &[
        "contact",
        "entries",
        "fingerprint",
        "rejects",
        "secret",
        "verdict",
    ],
    &["mapping", "shard", "wire"],
    &["batch"],
    &["event"],
    &["tally"],
    &["source", "api", "deliver", "ledger", "report"],
    &["import"],
    &["run"],
    &["cli", "bench"],
];

/// Where each outside crate may be named: a module, or a part of one.
const HOMES: &[(&str, &[&str])] = &[
    ("anyhow", &["cli"]),
    ("axum", &["sandbox"]),
    ("base64", &["secret"]),
    ("chardetng", &["source/encoding"]),
    ("calcard", &["source/vcard"]),
    ("clap", &["cli"]),
    ("clap_complete", &["cli"]),
    ("dirs", &["cli/state"]),
    ("crossterm", &["cli/asking"]),
    ("csv", &["report/rejects"]),
    ("csv_core", &["source/csv"]),
    ("email_address", &["contact/email"]),
    (
        "encoding_rs",
        &["source/encoding", "source/decoding", "source/small_text"],
    ),
    ("fastrand", &["deliver", "sandbox", "run"]),
    ("flate2", &["source/packed"]),
    ("getrandom", &["fingerprint"]),
    ("glob", &["cli/wildcards"]),
    ("httpdate", &["api/reply"]),
    ("icu_normalizer", &["text/fold"]),
    ("indicatif", &["report/progress"]),
    ("inquire", &["cli/dialogue"]),
    ("jiff", &["api", "run/clock", "report/when"]),
    ("quick_xml", &["source/workbook"]),
    ("reqwest", &["api/client", "api/credentials"]),
    ("rlibphonenumber", &["contact/phone"]),
    ("rustls", &["api/client", "main"]),
    ("ruzstd", &["source/packed"]),
    ("same_file", &["file_name"]),
    ("secrecy", &["secret"]),
    ("sha2", &["digest"]),
    ("strsim", &["mapping/nearest"]),
    ("tempfile", &["ledger/files", "source/spool"]),
    (
        "tokio",
        &[
            "api/client",
            "deliver",
            "import",
            "sandbox",
            "cli/signals",
            "cli/sandbox",
        ],
    ),
    ("toml", &["cli/mapping_file"]),
    ("windows_sys", &["cli/own_window"]),
    ("webpki_root_certs", &["api/client"]),
    ("zip", &["source/workbook"]),
];

/// What the crate ships, by names below `src` without extension.
fn sources() -> BTreeMap<String, String> {
    let name = |path: &str| path["src/".len()..path.len() - ".rs".len()].to_owned();
    let files = rust_files("src").into_iter();
    files
        .map(|(path, code)| (name(&path), shipped(&code)))
        .collect()
}

/// The Rust files of a folder of the package, by their paths in the package.
fn rust_files(folder: &str) -> BTreeMap<String, String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut found = BTreeMap::new();
    let mut folders = vec![root.join(folder)];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path: PathBuf = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let name = path.strip_prefix(root).unwrap().to_str().unwrap();
                found.insert(name.replace('\\', "/"), fs::read_to_string(&path).unwrap());
            }
        }
    }
    found
}

/// The code without its comments, and without tests at its end.
fn shipped(text: &str) -> String {
    let code = text.split("#[cfg(test)]\nmod tests {").next().unwrap();
    let line = |line: &str| line.split("//").next().unwrap().to_owned();
    code.lines().map(line).collect::<Vec<_>>().join("\n")
}

fn floor(module: &str) -> Option<usize> {
    FLOORS.iter().position(|modules| modules.contains(&module))
}

fn is_test(name: &str) -> bool {
    name.ends_with("/tests") || name.contains("/tests/")
}

#[test]
fn every_module_has_a_floor() {
    for name in sources().keys() {
        let module = name.split('/').next().unwrap();
        assert!(
            ["main", "lib"].contains(&module) || floor(module).is_some(),
            "{module} has no floor"
        );
    }
}

#[test]
fn imports_only_go_down() {
    let mut wrong = Vec::new();
    for (name, code) in sources().iter().filter(|(name, _)| !is_test(name)) {
        let module = name.split('/').next().unwrap();
        let Some(own) = floor(module) else { continue };
        for used in modules_named(name, code)
            .into_iter()
            .filter(|used| used != module)
        {
            match floor(&used) {
                Some(other) if other < own => {}
                _ => wrong.push(format!("{name} uses {used}")),
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn no_files_use_each_other_in_a_circle() {
    let mut shipped = sources();
    shipped.retain(|name, _| !is_test(name) && name != "main");
    let graph = Graph::of(&shipped);
    let circles = graph.circles();
    let found: Vec<_> = circles.iter().map(|circle| graph.explain(circle)).collect();
    assert!(found.is_empty(), "{found:#?}");
}

#[test]
fn options_are_named_in_the_command_line_and_in_the_hints_only() {
    let names_them = ["cli", "hint", "sandbox", "main", "lib"];
    let mut wrong = Vec::new();
    for (name, code) in sources().iter().filter(|(name, _)| !is_test(name)) {
        let module = name.split('/').next().unwrap();
        if names_them.contains(&module) {
            continue;
        }
        let is_option =
            |(at, _): &(usize, &str)| code[at + 2..].starts_with(|c: char| c.is_ascii_lowercase());
        if let Some((at, _)) = code.match_indices("--").find(is_option) {
            let typed: String = code[at..].chars().take(20).collect();
            wrong.push(format!("{name}: {typed}"));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn the_sandbox_uses_nothing_of_ours() {
    for (name, code) in sources()
        .iter()
        .filter(|(name, _)| name.starts_with("sandbox"))
    {
        let mut ours = modules_named(name, code);
        ours.remove("sandbox");
        assert!(ours.is_empty(), "{name} uses {ours:?}");
    }
}

#[test]
fn only_the_modules_of_rejects_files_name_their_columns() {
    const HOMES: [&str; 3] = ["rejects", "source/rejects", "report/rejects"];
    let is_home = |name: &str| {
        HOMES
            .iter()
            .any(|home| name == *home || name.starts_with(&format!("{home}/")))
    };
    let sources = sources();
    let others = sources
        .iter()
        .filter(|(name, _)| !is_test(name) && !is_home(name));
    let named: Vec<_> = others
        .filter(|(_, code)| code.replace("bp_import", "").contains("bp_"))
        .map(|(name, _)| name)
        .collect();
    assert!(named.is_empty(), "{named:?} name a column of rejects files");
}

#[test]
fn each_outside_crate_has_its_homes() {
    let mut wrong = Vec::new();
    for (name, code) in sources().iter().filter(|(name, _)| !is_test(name)) {
        for (outside, homes) in HOMES {
            let named = code.match_indices(&format!("{outside}::")).any(|(at, _)| {
                let before = code[..at].chars().next_back();
                !before.is_some_and(|c| c.is_alphanumeric() || c == '_' || c == ':')
            });
            let at_home = homes
                .iter()
                .any(|home| name == home || name.starts_with(&format!("{home}/")));
            let own_module = code.contains(&format!("mod {outside};"));
            if named && !at_home && !own_module {
                wrong.push(format!("{name} names {outside}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}
