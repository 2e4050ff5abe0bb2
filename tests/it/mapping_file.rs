//! `--save-mapping` and `--mapping`: guesses and options of one import, used for the next file of its kind.

use crate::run::{Folder, phone};
use crate::server::Server;

fn contacts() -> Folder {
    Folder::with(
        "a.csv",
        format!("First Name,Last Name,Mobile,Town\nA,B,{},Pune\n", phone(0)),
    )
}

#[test]
fn a_saved_mapping_says_what_is_in_force_and_gives_the_same_contacts_again() {
    let (first, second) = (Server::yes(), Server::yes());
    let folder = contacts();
    let said = [
        "a.csv",
        "--map",
        "attr.city=Town",
        "--tag",
        "a \"b\"",
        "--country",
        "IN",
        "--save-mapping",
        "m.toml",
    ];
    folder.import(&first, &said).assert("0: 1 read, 1 accepted");
    assert_eq!(
        folder.read("m.toml"),
        "map = [\"attr.city=Town\", \"name={First Name} {Last Name}\", \"phone=Mobile\"]\n\
         country = \"IN\"\n\
         tag = ['a \"b\"']\n"
    );
    folder
        .import(&second, &["a.csv", "--mapping", "m.toml"])
        .assert("0: 1 read, 1 accepted");
    assert_eq!(first.requests()[0].json(), second.requests()[0].json());
}

#[test]
fn a_mapping_holds_how_the_file_is_read_and_goes_along_with_its_rejects() {
    let mut content = format!("Name;Phone\nB;none\nA;{}\nJos", phone(0)).into_bytes();
    content.extend(b"\xe9;none\n");
    let folder = Folder::with("a.csv", content);
    let server = Server::yes();
    let save = ["a.csv", "--save-mapping", "m.toml", "--all-attributes"];
    folder
        .import(&server, &save)
        .assert("3: 3 read, 1 accepted, 2 invalid");
    assert_eq!(
        folder.read("m.toml"),
        "delimiter = \";\"\nencoding = \"windows-1252\"\nmap = [\"name=Name\", \"phone=Phone\"]\n\
         all-attributes = true\n"
    );
    let ran = folder.import(&server, &["a.csv", "--mapping", "m.toml", "--restart"]);
    let ran = ran.assert("3: 3 read, 1 accepted, 2 invalid");
    assert!(ran.next().contains("a.rejected-2.csv --"), "{ran:#?}");
    assert!(ran.next().contains(" --mapping m.toml"), "{ran:#?}");
    let mended = folder
        .read("a.rejected-2.csv")
        .replacen("none", &phone(1), 2);
    folder.write("a.rejected-2.csv", mended.replacen(&phone(1), &phone(2), 1));
    folder
        .import(&server, &["a.rejected-2.csv", "--mapping", "m.toml"])
        .assert("0: 2 read, 2 accepted");
    let sent = server.requests().last().unwrap().contacts();
    assert!(sent.iter().any(|it| it.to_string().contains("José")));
}

#[test]
fn what_is_typed_goes_before_a_mapping_and_so_does_the_environment() {
    let folder = contacts();
    folder.write(
        "m.toml",
        "tag = [\"file\"]\nattr = [\"from=file\"]\nall-attributes = true\n",
    );
    let server = Server::yes();
    let url = server.url();
    let arguments = [
        "--json",
        "--base-url",
        &url,
        "a.csv",
        "--mapping",
        "m.toml",
        "--tag",
        "typed",
    ];
    let bp = folder
        .bp(arguments)
        .variable("BP_IMPORT_ATTR", "from=variable");
    bp.run().assert("0: 1 read, 1 accepted");
    let contact = &server.requests()[0].contacts()[0];
    assert_eq!(contact["tags"], serde_json::json!(["typed"]));
    assert_eq!(
        contact["attributes"],
        serde_json::json!([{"key": "town", "value": "Pune"}, {"key": "from", "value": "variable"}])
    );
}

#[test]
fn a_no_in_the_environment_goes_before_a_yes_in_a_mapping() {
    let folder = contacts();
    folder.write("m.toml", "all-attributes = true\n");
    let server = Server::yes();
    let url = server.url();
    let arguments = ["--json", "--base-url", &url, "a.csv", "--mapping", "m.toml"];
    let bp = folder.bp(arguments);
    let ran = bp.variable("BP_IMPORT_ALL_ATTRIBUTES", "no").run();
    ran.assert("0: 1 read, 1 accepted");
    let contact = &server.requests()[0].contacts()[0];
    assert_eq!(contact["attributes"], serde_json::json!([]));
}

#[test]
fn a_mapping_that_cannot_be_used_is_a_wrong_command_line() {
    for (text, words) in [
        (
            "map = [\"phone=Mobil\"]",
            &["no column is called \"Mobil\" (did you mean \"Mobile\"?)"][..],
        ),
        ("map = \"phone=Mobile\"", &["m.toml: map: takes a list"]),
        (
            "batch-size = 3",
            &[
                "m.toml: \"batch-size\" is nothing that a mapping says",
                "country",
            ],
        ),
        ("country = \"Indja\"", &["m.toml: country: ", "Indja"]),
        (
            "country = [\"IN\"]",
            &["m.toml: country: takes a text in quotes"],
        ),
        (
            "all-attributes = \"yes\"",
            &["m.toml: all-attributes: takes true or false"],
        ),
        ("map = [", &["m.toml: the mapping is no TOML"]),
    ] {
        let folder = contacts();
        folder.write("m.toml", text);
        let ran = folder.import(&Server::forbidden(), &["a.csv", "--mapping", "m.toml"]);
        ran.assert_usage(words);
    }
    let folder = contacts();
    let ran = folder.import(&Server::forbidden(), &["a.csv", "--mapping", "none.toml"]);
    ran.assert_usage(&[
        "none.toml: the mapping cannot be read: there is no such file: check its name\n",
    ]);
    folder.write("latin.toml", b"country = \"\xe9\"");
    let ran = folder.import(&Server::forbidden(), &["a.csv", "--mapping", "latin.toml"]);
    ran.assert_usage(&[
        "latin.toml: the mapping cannot be read: this is no UTF-8: save it as UTF-8\n",
    ]);
}

#[test]
fn a_mapping_is_not_saved_over_an_input() {
    let folder = contacts();
    let before = folder.read("a.csv");
    let ran = folder.import(
        &Server::forbidden(),
        &["a.csv", "--save-mapping", "./a.csv"],
    );
    ran.assert_usage(&["--save-mapping ./a.csv: this is also an input"]);
    assert_eq!(folder.read("a.csv"), before);
}

#[test]
fn a_mapping_never_takes_the_place_of_another_file() {
    let folder = Folder::with("contacts.csv", "name,phone\nAsha,+919876543210\n");
    folder.write("other.csv", "precious\n");
    folder.write("old.toml", "country = \"IN\"\n");
    let save = |file: &str| {
        folder
            .bp(["contacts.csv", "-n", "--save-mapping", file])
            .run()
    };
    save("other.csv").assert_usage(&["other.csv: there is such a file, and it is no mapping"]);
    assert_eq!(folder.read("other.csv"), "precious\n");
    for file in ["old.toml", "new.toml"] {
        let ran = save(file);
        assert_eq!(ran.code, 0, "{ran:#?}");
        ran.assert_says(&[&format!("the mapping is saved: --mapping {file} uses it")]);
        assert!(folder.read(file).starts_with("map = "));
    }
}
