//! `bp-import sandbox` as a process of its own.

use serde_json::Value;

use crate::run::{Folder, RunResult, Running};
use crate::server::number;

/// A sandbox at work; dropping it ends it.
pub struct Sandbox {
    running: Running,
    url: String,
    folder: Folder,
}

impl Sandbox {
    /// On any free port, with these faults and a store.
    pub fn start(faults: &str) -> Sandbox {
        let folder = Folder::new();
        let running = folder
            .bp([
                "sandbox",
                "--port",
                "0",
                "--store",
                "store.ndjson",
                "--faults",
                faults,
            ])
            .start();
        let url = running.first_line();
        assert!(url.starts_with("http://127.0.0.1:"), "{url}");
        Sandbox {
            running,
            url,
            folder,
        }
    }

    pub fn url(&self) -> &str {
        &self.url
    }

    /// What it stored so far: the details of a contact a line.
    pub fn stored(&self) -> Vec<Value> {
        let store = self.folder.read("store.ndjson");
        store
            .lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect()
    }

    /// The numbers that it stored so far, as `+919876500001`.
    pub fn numbers(&self) -> Vec<String> {
        self.stored().iter().map(number).collect()
    }

    /// How many bytes it has stored so far.
    pub fn weight(&self) -> u64 {
        let store = self.folder.path().join("store.ndjson");
        std::fs::metadata(store).unwrap().len()
    }

    /// Ends it with a signal.
    pub fn end(self, signal: &str) -> RunResult {
        self.running.signal(signal);
        self.running.end()
    }
}
