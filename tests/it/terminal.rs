//! A terminal with the binary on it: what it shows is read, and keys are pressed.

use std::io::{Read, Write};
use std::sync::{Arc, Mutex};
use std::thread;

use portable_pty::{Child, CommandBuilder, MasterPty, PtySize, native_pty_system};
use tempfile::TempDir;

use crate::run::until;

pub const ENTER: &str = "\r";
pub const DOWN: &str = "\x1b[B";
pub const UP: &str = "\x1b[A";
pub const CTRL_C: &str = "\x03";

/// A run on a terminal.
pub struct Terminal {
    child: Box<dyn Child + Send + Sync>,
    keys: Box<dyn Write + Send>,
    shown: Arc<Mutex<String>>,
    reader: thread::JoinHandle<()>,
    #[cfg_attr(
        windows,
        expect(dead_code, reason = "only Unix has modes to ask it for")
    )]
    master: Box<dyn MasterPty + Send>,
    _kept: Arc<TempDir>,
}

impl Terminal {
    pub fn start(command: CommandBuilder, kept: Arc<TempDir>) -> Terminal {
        let size = PtySize {
            rows: 50,
            cols: 200,
            ..PtySize::default()
        };
        let pair = native_pty_system().openpty(size).unwrap();
        let child = pair.slave.spawn_command(command).unwrap();
        drop(pair.slave);
        let mut screen = pair.master.try_clone_reader().unwrap();
        let shown = Arc::new(Mutex::new(String::new()));
        let showing = Arc::clone(&shown);
        let reader = thread::spawn(move || {
            let mut piece = [0; 4096];
            while let Ok(count @ 1..) = screen.read(&mut piece) {
                let text = String::from_utf8_lossy(&piece[..count]);
                showing.lock().unwrap().push_str(&text);
            }
        });
        Terminal {
            child,
            keys: pair.master.take_writer().unwrap(),
            shown,
            reader,
            master: pair.master,
            _kept: kept,
        }
    }

    /// Waits until a text is shown, and presses keys.
    pub fn answer(&mut self, question: &str, keys: &str) -> &mut Terminal {
        until(
            || self.text().contains(question),
            || format!("no {question:?} in:\n{}", self.text()),
        );
        self.keys.write_all(keys.as_bytes()).unwrap();
        self.keys.flush().unwrap();
        self
    }

    /// Everything that was shown, without its colours and movements.
    pub fn text(&self) -> String {
        let shown = self.shown.lock().unwrap();
        let mut pieces = shown.split("\x1b[");
        let first = pieces.next().unwrap_or_default().to_owned();
        pieces.fold(first, |text, piece| {
            let end = piece.find(|c: char| c.is_ascii_alphabetic());
            let rest = end.map_or("", |end| &piece[end + 1..]);
            text + rest
        })
    }

    /// Whether the terminal hands on whole lines, as a shell wants it.
    #[cfg(unix)]
    pub fn is_cooked(&self) -> bool {
        let mode = self.master.get_termios().unwrap();
        format!("{:?}", mode.local_flags).contains("ICANON")
    }

    /// Sends a signal by its name.
    #[cfg_attr(windows, expect(dead_code, reason = "it is for tests on Unix"))]
    pub fn signal(&self, name: &str) {
        let id = self.child.process_id().unwrap().to_string();
        let sent = std::process::Command::new("kill")
            .args(["-s", name, &id])
            .status();
        assert!(sent.unwrap().success());
    }

    /// Waits for its end: the code, and everything that was shown.
    pub fn end(mut self) -> (u32, String) {
        let code = self.wait();
        until(
            || self.reader.is_finished(),
            || "the screen stays".to_owned(),
        );
        (code, self.text())
    }

    /// Waits for its end: the code.
    pub fn wait(&mut self) -> u32 {
        let shown = Arc::clone(&self.shown);
        let child = &mut self.child;
        let mut code = None;
        until(
            || {
                code = child.try_wait().unwrap();
                code.is_some()
            },
            || format!("it does not end:\n{}", shown.lock().unwrap()),
        );
        code.unwrap().exit_code()
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        let _ = self.child.kill();
    }
}
