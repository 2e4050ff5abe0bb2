//! Every command in the README does what the README shows it for.
//!
//! A line of an `sh` block that begins with `bp-import` or `cargo run --release --` is run in a folder with copies of the
//! fixtures, against a sandbox, and must end with 0; `# exit N` at its end expects another code.

use std::fs;
use std::path::Path;

use crate::loopback::Sandbox;
use crate::run::Folder;

struct Command {
    text: String,
    code: i32,
}

fn commands(readme: &str) -> Vec<Command> {
    let mut inside = false;
    let mut commands = Vec::new();
    let joined = readme.replace("\\\n", " ");
    for line in joined.lines() {
        match line.trim() {
            "```sh" => inside = true,
            "```" => inside = false,
            line if inside => commands.extend(command(line)),
            _ => {}
        }
    }
    commands
}

fn command(line: &str) -> Option<Command> {
    let line = line.strip_prefix("$ ").unwrap_or(line);
    let rest = ["bp-import", "cargo run --release --"]
        .iter()
        .find_map(|start| {
            line.strip_prefix(start)
                .filter(|rest| rest.is_empty() || rest.starts_with(' '))
        })?;
    let code = rest
        .rsplit_once("# exit ")
        .map_or(0, |(_, code)| code.trim().parse().unwrap());
    Some(Command {
        text: format!("bp-import{rest}"),
        code,
    })
}

/// A folder with the fixtures, both beside and under their own folder.
fn workplace() -> Folder {
    let folder = Folder::new();
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures");
    for entry in fs::read_dir(fixtures).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap();
        if path.is_file() {
            folder.write(name, fs::read(&path).unwrap());
            folder.write(&format!("fixtures/{name}"), fs::read(&path).unwrap());
        }
    }
    folder
}

#[test]
fn every_command_in_the_readme_works() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md");
    let readme = fs::read_to_string(&path).expect("there is no README.md");
    let commands = commands(&readme);
    assert!(
        commands.len() >= 3,
        "only {} commands found",
        commands.len()
    );
    let sandbox = Sandbox::start("");
    for Command { text, code } in commands {
        // It would run for ever; that it is understood is what can be seen.
        let text = if text.starts_with("bp-import sandbox") {
            without_comment(&text) + " --help"
        } else {
            text
        };
        let text = at_home(&text, sandbox.url());
        let folder = workplace();
        let ran = folder
            .follow(&text)
            .variable("BP_IMPORT_BASE_URL", sandbox.url())
            .run();
        assert_eq!(ran.code, code, "{text}: {ran:#?}");
    }
}

/// No command of a test leaves this machine: addresses in it are those of the sandbox.
fn at_home(text: &str, url: &str) -> String {
    let mut words: Vec<_> = text.split(' ').collect();
    for word in &mut words {
        if word.starts_with("https://") {
            *word = url;
        }
    }
    words.join(" ")
}

fn without_comment(text: &str) -> String {
    text.split(" #")
        .next()
        .unwrap()
        .trim_end_matches(['&', ' '])
        .to_owned()
}

#[test]
fn a_command_is_told_from_what_surrounds_it() {
    let readme = "bp-import no\n```sh\n# first\nbp-import a.csv --tag \\\n  vip\n$ cargo run --release -- -n # exit 3\ncargo test\nbp-importer\n```\n```text\nbp-import no\n```\n";
    let found: Vec<_> = commands(readme)
        .into_iter()
        .map(|command| (command.text, command.code))
        .collect();
    assert_eq!(
        found,
        [
            ("bp-import a.csv --tag    vip".to_owned(), 0),
            ("bp-import -n # exit 3".to_owned(), 3)
        ]
    );
}
