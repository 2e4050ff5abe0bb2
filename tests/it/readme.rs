//! Every command in the README does what the README shows it for.
//!
//! A line of an `sh` block that calls `bp-import` (or `cargo run --`) is run in a folder with copies of the
//! fixtures, against a sandbox, and must end with 0; `# exit N` at its end expects another code. So is what a `yaml`
//! block has a runner or a container do, and a line of a `powershell` block, which must mean the same to a shell here.

use std::fs;
use std::path::Path;

use crate::loopback::Sandbox;
use crate::run::Folder;

struct Command {
    text: String,
    code: i32,
}

fn commands(readme: &str) -> Vec<Command> {
    let mut block = "";
    let mut commands = Vec::new();
    let joined = readme.replace("\\\n", " ");
    for line in joined.lines() {
        match line.trim() {
            "```" => block = "",
            line if line.starts_with("```") => block = line.trim_start_matches('`'),
            line => commands.extend(command(block, line)),
        }
    }
    commands
}

fn command(block: &str, line: &str) -> Option<Command> {
    let line = match block {
        "sh" | "powershell" => line.strip_prefix("$ ").unwrap_or(line).to_owned(),
        "yaml" => step(line)?,
        _ => return None,
    };
    let text = line.replace("cargo run --", "bp-import");
    let (before, rest) = text.split_once("bp-import")?;
    let is_called = rest.is_empty() || rest.starts_with(' ');
    if before.starts_with('#') || before.contains("cargo") || !is_called {
        return None;
    }
    let code = rest
        .rsplit_once("# exit ")
        .map_or(0, |(_, code)| code.trim().parse().unwrap());
    Some(Command { text, code })
}

/// What a step of a workflow or a container runs: the second of four.
fn step(line: &str) -> Option<String> {
    let step = match line.split_once("- run: ") {
        Some((_, step)) => step,
        None => line
            .strip_prefix("command: [\"sh\", \"-c\", \"")?
            .strip_suffix("\"]")?,
    };
    Some(step.replace("${{ matrix.shard }}", "2"))
}

/// As much of GNU parallel as the README needs: one process for each argument after `:::`, all at once.
const PARALLEL: &str = r#"#!/bin/sh
line=
while [ "$1" != ":::" ]; do line="$line $1"; shift; done
shift
for argument; do
    sh -c "$(echo "$line" | sed "s/{}/$argument/g")" & pids="$pids $!"
done
for pid in $pids; do wait "$pid" || exit; done
"#;

/// A folder with the fixtures, in itself and under `fixtures/`: the README uses both paths.
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
#[cfg_attr(windows, ignore = "no such shell there")]
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
        // It would run for ever; `--help` shows at least that its options parse.
        let text = if text.starts_with("bp-import sandbox") {
            without_comment(&text) + " --help"
        } else {
            text
        };
        let text = at_home(&text, sandbox.url());
        let folder = workplace();
        folder.tool("parallel", PARALLEL);
        let ran = folder
            .line(&text)
            .variable("BP_IMPORT_BASE_URL", sandbox.url())
            .variable("JOB_COMPLETION_INDEX", "1")
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
    let readme = "bp-import no\n```sh\n# first, bp-import\nbp-import a.csv --tag \\\n  vip\n$ cargo run -- -n # exit 3\n\
                  cargo test\ncargo install --path bp-import\nbp-importer\ncat a | bp-import\n```\n```powershell\n$env:A = \"b\"\nbp-import p.csv\n```\n```yaml\nname: bp-import\n\
                  - run: bp-import --shard ${{ matrix.shard }}/4\ncommand: [\"sh\", \"-c\", \"bp-import b.csv\"]\n```\n\
                  ```text\nbp-import no\n```\n";
    let found: Vec<_> = commands(readme)
        .into_iter()
        .map(|command| (command.text, command.code))
        .collect();
    let expected = [
        ("bp-import a.csv --tag    vip", 0),
        ("bp-import -n # exit 3", 3),
        ("cat a | bp-import", 0),
        ("bp-import p.csv", 0),
        ("bp-import --shard 2/4", 0),
        ("bp-import b.csv", 0),
    ];
    assert_eq!(found, expected.map(|(text, code)| (text.to_owned(), code)));
}

#[test]
fn every_code_that_scripts_read_is_listed() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let readme = fs::read_to_string(root.join("README.md")).unwrap();
    let source = fs::read_to_string(root.join("src/outcome.rs")).unwrap();
    let word = |line: &str| {
        let (_, word) = line.trim().strip_prefix("Code::")?.split_once(" => \"")?;
        Some(word.trim_end_matches("\",").to_owned())
    };
    let codes: Vec<String> = source.lines().filter_map(word).collect();
    assert!(codes.len() > 20, "{codes:?}");
    for code in codes {
        assert!(readme.contains(&format!("`{code}`")), "{code}");
    }
}
