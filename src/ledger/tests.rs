//! The ledger as a whole, on real files.

mod compaction;
mod cost;
mod damage;
mod locks;
mod order;
mod runs;
mod takeover;
mod writing;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use super::*;
use crate::fingerprint::Fingerprint;
use crate::shard::Shard;

/// A state directory that vanishes with it, and an account in it.
struct Machine {
    state: tempfile::TempDir,
    account: AccountLedger,
}

impl Machine {
    fn new() -> Machine {
        let state = tempfile::tempdir().unwrap();
        let account = AccountLedger::open(state.path(), &owner()).unwrap();
        Machine { state, account }
    }

    /// A contact by small numbers: whose it is, and which of its forms.
    fn contact(&self, phone: u64, form: u64) -> Fingerprint {
        let json = format!("{{\"phone\":{phone},\"form\":{form}}}");
        self.account
            .salt()
            .fingerprint(phone + 919_876_543_210, json.as_bytes())
    }

    fn begin(&self, start: RunStart) -> RunRecorder {
        RunRecorder::begin(&self.account, start).unwrap()
    }

    fn record(&self, run: &mut RunRecorder, mark: LedgerMark, phone: u64, form: u64) {
        run.record(mark, [&self.contact(phone, form)]).unwrap();
    }

    /// A run that sends one contact, and is killed unless it is given an ending.
    fn run(&self, name: &str, marks: &[(LedgerMark, u64, u64)], completion: Option<Completion>) {
        let mut run = self.begin(start(name, "a.csv"));
        for (mark, phone, form) in marks {
            self.record(&mut run, *mark, *phone, *form);
        }
        if let Some(completion) = completion {
            run.end(&ending(completion)).unwrap();
        }
    }

    fn is_accepted(&self, phone: u64, form: u64) -> bool {
        let memory = KnownContacts::load(&self.account, None).unwrap();
        memory.is_accepted(&self.contact(phone, form))
    }

    /// What the memory says of small numbers: the form that is accepted, of each phone that has one.
    fn accepted(&self) -> BTreeMap<u64, u64> {
        let memory = KnownContacts::load(&self.account, None).unwrap();
        let all = (0..PHONES).flat_map(|phone| (0..FORMS).map(move |form| (phone, form)));
        all.filter(|(phone, form)| memory.is_accepted(&self.contact(*phone, *form)))
            .collect()
    }

    fn files(&self, end: &str) -> Vec<PathBuf> {
        let mut found: Vec<PathBuf> = fs::read_dir(self.account.directory())
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .filter(|path| path.to_str().unwrap().ends_with(end))
            .collect();
        found.sort();
        found
    }

    fn segment_of(&self, run: &str) -> PathBuf {
        self.files(&format!(".{run}.seg")).remove(0)
    }
}

const PHONES: u64 = 6;
const FORMS: u64 = 3;
const NOW: u64 = 1_800_000_000;

fn owner() -> LedgerOwner {
    LedgerOwner {
        base_url: "https://api.example.com".to_owned(),
        bot: "65f0c0ffee".to_owned(),
        key: "main".to_owned(),
        label: "main account".to_owned(),
    }
}

fn inputs(name: &str) -> InputsId {
    InputsId::of(&[name])
}

fn start(name: &str, input: &str) -> RunStart {
    RunStart {
        name: name.to_owned(),
        began: NOW,
        inputs: vec![input.to_owned()],
        inputs_id: Some(inputs(input)),
        shard: None,
        continues: None,
    }
}

fn ending(completion: Completion) -> RunEnding {
    RunEnding {
        ended: NOW + 60,
        completion,
        summary: "{\"accepted\":1}".to_owned(),
    }
}

fn everything_below(directory: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(directory).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(everything_below(&path));
        }
        found.push(path);
    }
    found
}
