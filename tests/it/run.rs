//! Starts the binary in a folder and an environment of its own, and checks what must hold in every run.
//!
//! In every run: it ends in time, it does not panic, each record that was read has one outcome, the token is shown
//! nowhere, and nothing off a terminal is coloured.

use std::ffi::OsString;
use std::fs;
use std::io::{Read, Write};
use std::path::PathBuf;
use std::process::{Child, ChildStdin, Command, ExitStatus, Stdio};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use portable_pty::CommandBuilder;
use tempfile::TempDir;

pub use crate::result::RunResult;
use crate::server::Server;
use crate::terminal::Terminal;

/// The binary under test.
pub const BINARY: &str = env!("CARGO_BIN_EXE_bp-import");
/// The token of every run that has one; it must show nowhere.
pub const TOKEN: &str = "test-token";
/// The device that takes everything and has nothing.
pub const NULL: &str = if cfg!(windows) { "NUL" } else { "/dev/null" };
/// No run takes longer, however slow the machine is.
const LIMIT: Duration = Duration::from_secs(40);

/// A working directory with the files of a test, and next to it the state directory.
pub struct Folder(Arc<TempDir>);

impl Folder {
    pub fn new() -> Folder {
        let folder = Folder(Arc::new(TempDir::new().unwrap()));
        fs::create_dir(folder.path()).unwrap();
        folder
    }

    /// A folder with one file.
    pub fn with(name: &str, content: impl AsRef<[u8]>) -> Folder {
        let folder = Folder::new();
        folder.write(name, content);
        folder
    }

    /// A folder with `contacts.csv` of this many good contacts.
    pub fn with_contacts(count: usize) -> Folder {
        Folder::with("contacts.csv", table(count))
    }

    pub fn path(&self) -> PathBuf {
        self.0.path().join("work")
    }

    /// The state directory of all runs of this folder.
    pub fn state(&self) -> PathBuf {
        self.0.path().join("state")
    }

    pub fn write(&self, name: &str, content: impl AsRef<[u8]>) {
        let path = self.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
    }

    pub fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path().join(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
    }

    pub fn has(&self, name: &str) -> bool {
        self.path().join(name).exists()
    }

    /// The names of the files in it.
    pub fn names(&self) -> Vec<String> {
        let name = |entry: std::io::Result<fs::DirEntry>| {
            entry.unwrap().file_name().into_string().unwrap()
        };
        let mut names: Vec<_> = fs::read_dir(self.path()).unwrap().map(name).collect();
        names.sort();
        names
    }

    /// A run of `bp-import` with these arguments in this folder, with a token.
    pub fn bp<A: Into<OsString>>(&self, arguments: impl IntoIterator<Item = A>) -> Bp {
        Bp {
            program: BINARY.into(),
            arguments: arguments.into_iter().map(Into::into).collect(),
            folder: self.path(),
            variables: vec![
                ("BP_IMPORT_TOKEN".into(), TOKEN.into()),
                ("BP_IMPORT_STATE_DIR".into(), self.state().into()),
            ],
            stdin: None,
            #[cfg(windows)]
            line: None,
            token: TOKEN.to_owned(),
            kept: Arc::clone(&self.0),
        }
    }

    /// An import to a server: JSON lines, a request at a time, and no long waits.
    pub fn import(&self, server: &Server, arguments: &[&str]) -> RunResult {
        let url = server.url();
        let mut all = vec!["--json", "--base-url", &url];
        if !arguments.contains(&"--concurrency") {
            all.extend(["--concurrency", "1"]);
        }
        all.extend(arguments);
        self.bp(all).run()
    }

    /// A line for a shell.
    #[cfg(unix)]
    pub fn shell(&self, line: &str) -> Bp {
        let mut bp = self.bp(["-c", line]);
        bp.program = "/bin/sh".into();
        bp
    }

    /// A line for a shell.
    #[cfg(windows)]
    pub fn shell(&self, line: &str) -> Bp {
        let mut bp = self.bp([""; 0]);
        bp.program = "cmd.exe".into();
        bp.line = Some(format!("/d /s /c \"{line}\""));
        bp
    }

    /// The command that a summary suggests, run by a shell: on Windows by cmd.
    pub fn follow(&self, next: &str) -> Bp {
        let start = ["BP_IMPORT_", "bp-import"]
            .iter()
            .filter_map(|word| next.find(word))
            .min()
            .unwrap_or_else(|| panic!("no command in: {next}"));
        self.line(&next[start..])
    }

    /// A line for a shell that knows `bp-import`, and the folder's own tools.
    #[cfg(unix)]
    pub fn line(&self, line: &str) -> Bp {
        if !self.bin().join("bp-import").exists() {
            fs::create_dir_all(self.bin()).unwrap();
            std::os::unix::fs::symlink(BINARY, self.bin().join("bp-import")).unwrap();
        }
        let path = format!("{}:/usr/bin:/bin", self.bin().display());
        self.shell(line).variable("PATH", path)
    }

    /// A line for a shell that knows `bp-import`.
    #[cfg(windows)]
    pub fn line(&self, line: &str) -> Bp {
        let own = self.bin().join("bp-import.exe");
        if !own.exists() {
            fs::create_dir_all(self.bin()).unwrap();
            fs::copy(BINARY, own).unwrap();
        }
        let path = std::env::var("PATH").unwrap();
        self.shell(line)
            .variable("PATH", format!("{};{path}", self.bin().display()))
    }

    /// A tool that lines find before the system's own.
    pub fn tool(&self, name: &str, script: &str) {
        let path = self.bin().join(name);
        fs::create_dir_all(self.bin()).unwrap();
        fs::write(&path, script).unwrap();
        #[cfg(unix)]
        fs::set_permissions(&path, std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
    }

    fn bin(&self) -> PathBuf {
        self.0.path().join("bin")
    }
}

/// A table of this many good contacts: name and phone.
pub fn table(count: usize) -> String {
    let row = |index| format!("Contact {index},{}\n", phone(index));
    std::iter::once("name,phone\n".to_owned())
        .chain((0..count).map(row))
        .collect()
}

/// The phone of a contact of [`table`].
pub fn phone(index: usize) -> String {
    format!("+9198765{index:05}")
}

/// The phones of [`table`].
pub fn phones(count: usize) -> Vec<String> {
    (0..count).map(phone).collect()
}

pub fn sorted(mut texts: Vec<String>) -> Vec<String> {
    texts.sort();
    texts
}

/// Runs each case on its own thread, since most of them wait: all take as long as the slowest.
pub fn each<T: Sync>(cases: &[T], check: impl Fn(&T) + Sync) {
    thread::scope(|scope| {
        for case in cases {
            scope.spawn(|| check(case));
        }
    });
}

/// A run that was not started yet.
pub struct Bp {
    program: OsString,
    arguments: Vec<OsString>,
    folder: PathBuf,
    variables: Vec<(OsString, OsString)>,
    stdin: Option<Vec<u8>>,
    /// What follows the program, as cmd takes it apart.
    #[cfg(windows)]
    line: Option<String>,
    token: String,
    /// The folder stays as long as the run.
    kept: Arc<TempDir>,
}

impl Bp {
    pub fn variable(mut self, name: impl Into<OsString>, value: impl Into<OsString>) -> Bp {
        let name = name.into();
        self.variables.retain(|(known, _)| *known != name);
        self.variables.push((name, value.into()));
        self
    }

    /// Another token in the environment: then that one must show nowhere.
    pub fn token(mut self, token: &str) -> Bp {
        self.token = token.to_owned();
        self.variable("BP_IMPORT_TOKEN", token)
    }

    pub fn without_token(mut self) -> Bp {
        self.variables.retain(|(name, _)| name != "BP_IMPORT_TOKEN");
        self
    }

    pub fn stdin(mut self, content: impl Into<Vec<u8>>) -> Bp {
        self.stdin = Some(content.into());
        self
    }

    pub fn within(mut self, folder: impl Into<PathBuf>) -> Bp {
        self.folder = folder.into();
        self
    }

    fn command(&self) -> Command {
        let mut command = Command::new(&self.program);
        without_environment(&mut command);
        command
            .args(&self.arguments)
            .current_dir(&self.folder)
            .env("HOME", &self.folder)
            .envs(self.variables.iter().map(|(name, value)| (name, value)));
        #[cfg(windows)]
        if let Some(line) = &self.line {
            std::os::windows::process::CommandExt::raw_arg(&mut command, line);
        }
        command
    }

    /// Starts it on a terminal.
    pub fn on_terminal(self) -> Terminal {
        let mut command = CommandBuilder::new(&self.program);
        command.args(&self.arguments);
        command.cwd(&self.folder);
        command.env_clear();
        command.env("TERM", "xterm");
        command.env("HOME", &self.folder);
        for (name, value) in &self.variables {
            command.env(name, value);
        }
        Terminal::start(command, self.kept)
    }

    /// Starts it, with stdin open until it is taken.
    pub fn start(self) -> Running {
        let mut child = self
            .command()
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        Running {
            stdin: child.stdin.take(),
            stdout: Stream::new(child.stdout.take().unwrap()),
            stderr: Stream::new(child.stderr.take().unwrap()),
            child: Own(child),
            token: self.token,
            told: format!("{:?}", self.arguments),
            _kept: self.kept,
        }
    }

    /// Runs it to its end.
    pub fn run(self) -> RunResult {
        let content = self.stdin.clone();
        let mut running = self.start();
        let stdin = running.stdin.take().unwrap();
        if let Some(content) = content {
            let mut stdin = stdin;
            // It may end without having read everything.
            thread::spawn(move || stdin.write_all(&content));
        }
        running.end()
    }

    /// Runs it with stdout closed.
    pub fn run_into_closed_pipe(self) -> Option<i32> {
        let mut child = self
            .command()
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        drop(child.stdout.take());
        wait(&mut child).code()
    }
}

/// Nothing around the tests changes what a run does.
#[cfg(unix)]
fn without_environment(command: &mut Command) {
    command.env_clear();
}

/// Without `SystemRoot` and `PATH` Windows finds no network and no libraries.
#[cfg(windows)]
fn without_environment(command: &mut Command) {
    let is_ours = |name: &OsString| {
        let name = name.to_string_lossy().to_uppercase();
        name.starts_with("BP_IMPORT_") || name.ends_with("_PROXY") || name == "CI"
    };
    for (name, _) in std::env::vars_os().filter(|(name, _)| is_ours(name)) {
        command.env_remove(name);
    }
}

/// What came through a stream so far.
struct Stream {
    said: Arc<Mutex<Vec<u8>>>,
    reader: thread::JoinHandle<()>,
}

impl Stream {
    fn new(mut source: impl Read + Send + 'static) -> Stream {
        let said = Arc::new(Mutex::new(Vec::new()));
        let saying = Arc::clone(&said);
        let reader = thread::spawn(move || {
            let mut piece = [0; 4096];
            while let Ok(count @ 1..) = source.read(&mut piece) {
                saying.lock().unwrap().extend(&piece[..count]);
            }
        });
        Stream { said, reader }
    }

    fn so_far(&self) -> String {
        String::from_utf8_lossy(&self.said.lock().unwrap()).into_owned()
    }

    fn whole(self) -> String {
        self.reader.join().unwrap();
        String::from_utf8(self.said.lock().unwrap().clone()).unwrap()
    }
}

/// A child that does not outlive its test.
struct Own(Child);

impl Drop for Own {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// A run under way; dropping it ends it.
pub struct Running {
    child: Own,
    pub stdin: Option<ChildStdin>,
    stdout: Stream,
    stderr: Stream,
    token: String,
    told: String,
    _kept: Arc<TempDir>,
}

impl Running {
    /// Waits until stderr holds a text.
    pub fn wait_for_stderr(&self, text: &str) {
        until(
            || self.stderr.so_far().contains(text),
            || format!("{}: no {text:?} in {}", self.told, self.stderr.so_far()),
        );
    }

    /// The first line of stdout, once it is there.
    pub fn first_line(&self) -> String {
        until(
            || self.stdout.so_far().contains('\n'),
            || {
                format!(
                    "{}: nothing on stdout; stderr: {}",
                    self.told,
                    self.stderr.so_far()
                )
            },
        );
        self.stdout.so_far().lines().next().unwrap().to_owned()
    }

    /// Sends `INT` or `TERM`.
    pub fn signal(&self, name: &str) {
        let kill = format!("kill -s {name} {}", self.child.0.id());
        // It may have ended by itself meanwhile.
        let _ = Command::new("/bin/sh")
            .args(["-c", &kill])
            .stderr(Stdio::null())
            .status()
            .unwrap();
    }

    pub fn has_ended(&mut self) -> bool {
        self.child.0.try_wait().unwrap().is_some()
    }

    /// Its process.
    pub fn id(&self) -> u32 {
        self.child.0.id()
    }

    /// Ends it as `kill -9` does, unless it has ended by itself.
    pub fn kill(mut self) -> Fate {
        self.child.0.kill().unwrap();
        let status = wait(&mut self.child.0);
        // On Windows a process that is killed has the code of its killer's choice: std chooses 1.
        let is_killed = status.code() == cfg!(windows).then_some(1);
        if !is_killed {
            return Fate::Ended(self.end());
        }
        Fate::Killed {
            stderr: self.stderr.whole(),
        }
    }

    /// The most memory it has taken so far, in bytes (`VmHWM` of proc(5)).
    #[cfg(target_os = "linux")]
    pub fn peak_memory(&self) -> u64 {
        let status = fs::read_to_string(format!("/proc/{}/status", self.child.0.id())).unwrap();
        let line = status
            .lines()
            .find_map(|line| line.strip_prefix("VmHWM:"))
            .unwrap();
        line.trim()
            .strip_suffix(" kB")
            .unwrap()
            .parse::<u64>()
            .unwrap()
            * 1_024
    }

    /// Waits for its end, and checks what must hold in every run.
    pub fn end(mut self) -> RunResult {
        let status = wait(&mut self.child.0);
        let ran = RunResult {
            code: status
                .code()
                .unwrap_or_else(|| panic!("{}: {status}", self.told)),
            stdout: self.stdout.whole(),
            stderr: self.stderr.whole(),
            told: self.told,
        };
        ran.check(&self.token);
        ran
    }
}

/// What became of a run that was to be killed.
#[derive(Debug)]
pub enum Fate {
    /// Its output, after it was killed.
    Killed { stderr: String },
    /// It had ended before.
    Ended(RunResult),
}

impl Fate {
    /// The output of a run that did not end by itself.
    pub fn killed(self) -> String {
        match self {
            Fate::Killed { stderr } => stderr,
            Fate::Ended(ran) => panic!("it ended before it was killed: {ran:#?}"),
        }
    }
}

fn wait(child: &mut Child) -> ExitStatus {
    let began = Instant::now();
    loop {
        if let Some(status) = child.try_wait().unwrap() {
            return status;
        }
        if began.elapsed() > LIMIT {
            let _ = child.kill();
            panic!("the run does not end");
        }
        thread::sleep(Duration::from_millis(5));
    }
}

/// Waits for a condition, but not for ever.
pub fn until(mut condition: impl FnMut() -> bool, complaint: impl Fn() -> String) {
    let began = Instant::now();
    while !condition() {
        assert!(began.elapsed() < LIMIT, "{}", complaint());
        thread::sleep(Duration::from_millis(5));
    }
}
