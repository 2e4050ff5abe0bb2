//! Started by a double click on Windows: a window of its own, which closes with the process.
//!
//! Somebody who double-clicks knows no command line: they are asked for the file, and the window stays until they have
//! read the summary.

use std::ffi::OsString;
use std::io::BufRead;
use std::path::Path;
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use super::asking::is_terminal;
use super::streams::Streams;

/// How long the window waits for a key: a task scheduler that starts the program in a window must not wait for ever.
const PATIENCE: Duration = Duration::from_secs(60 * 60);

/// A window that only this process uses. Dropping it waits until its user has read what is in it.
pub(super) struct OwnWindow {
    streams: Streams,
}

impl OwnWindow {
    /// The window, if the program was started by a double click on it or by dropping files on it.
    pub(super) fn of(argv: &[OsString], streams: Streams) -> Option<OwnWindow> {
        let is_own = are_files(argv) && is_terminal() && is_only_process();
        is_own.then(|| OwnWindow { streams })
    }

    /// The command line with the file to import, which is asked for where none was dropped on the program.
    pub(super) fn completed(&self, mut argv: Vec<OsString>) -> Vec<OsString> {
        if argv.len() < 2 {
            self.streams.say(
                "Which file of contacts do you want to import?\n\
                 Drag it into this window, or type its name, and press Enter:",
            );
            argv.extend(line().as_deref().map(dragged).unwrap_or_default());
        }
        argv
    }
}

impl Drop for OwnWindow {
    fn drop(&mut self) {
        self.streams.say("\nPress Enter to close this window.");
        let (tell, told) = mpsc::channel();
        thread::spawn(move || tell.send(line()));
        let _ = told.recv_timeout(PATIENCE);
    }
}

/// Whether nothing was typed but names of files: what has an option was typed or scheduled by somebody.
fn are_files(argv: &[OsString]) -> bool {
    argv.iter().skip(1).all(|word| Path::new(word).is_file())
}

fn line() -> Option<String> {
    std::io::stdin().lock().lines().next()?.ok()
}

/// Names as a window gets them where files are dragged into it: each in quotes if there are spaces in it. Without any
/// quotes it is one name, which was typed.
fn dragged(line: &str) -> Vec<OsString> {
    let parts = line.split('"').map(str::trim);
    let names = parts.filter(|name| !name.is_empty());
    names.map(OsString::from).collect()
}

/// Whether no shell is in the console: then it was opened for this process.
#[cfg(windows)]
fn is_only_process() -> bool {
    let mut processes = [0_u32; 2];
    // Two are enough to tell one from several.
    #[expect(
        unsafe_code,
        reason = "no library asks this one thing without bringing much else"
    )]
    // SAFETY: the pointer is to as many u32 as the count says, and lives through the call.
    let count = unsafe {
        windows_sys::Win32::System::Console::GetConsoleProcessList(processes.as_mut_ptr(), 2)
    };
    count == 1
}

/// Elsewhere a double click opens no terminal.
#[cfg(not(windows))]
fn is_only_process() -> bool {
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_that_are_dragged_into_the_window_are_their_names() {
        let two = "\"C:\\my files\\a.csv\"\"C:\\my files\\b.csv\"";
        for (line, names) in [
            (r"C:\data\a.csv", &[r"C:\data\a.csv"][..]),
            ("\"C:\\my files\\a.csv\" ", &[r"C:\my files\a.csv"]),
            (two, &[r"C:\my files\a.csv", r"C:\my files\b.csv"]),
            ("my contacts.csv\r", &["my contacts.csv"]),
            ("", &[]),
            (" \"\" ", &[]),
        ] {
            assert_eq!(dragged(line), names, "{line:?}");
        }
    }

    #[test]
    fn only_a_program_that_got_nothing_but_files_may_have_been_double_clicked() {
        let file = tempfile::NamedTempFile::new().unwrap();
        let file = file.path().as_os_str().to_owned();
        let argv = |words: &[OsString]| {
            let all = std::iter::once("bp-import".into());
            all.chain(words.iter().cloned()).collect::<Vec<OsString>>()
        };
        assert!(are_files(&argv(&[])));
        assert!(are_files(&argv(&[file.clone(), file.clone()])));
        for word in ["--no-input", "-y", "add", "missing.csv"] {
            assert!(!are_files(&argv(&[file.clone(), word.into()])), "{word}");
        }
    }
}
