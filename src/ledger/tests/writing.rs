//! What is written where: accounts, modes, full disks, and nothing in clear.

use std::cell::RefCell;
use std::io::{self, Write};
use std::rc::Rc;
use std::thread;

use super::super::entry::{LedgerEntry, Seal};
use super::super::scan::{self, SegmentTail};
use super::super::segment::{Segment, Store};
use super::*;
use crate::fingerprint::{PhoneHash, Salt};
use LedgerMark::{Accepted, Sent};

#[test]
fn processes_that_make_an_account_at_once_agree_on_its_salt() {
    for _ in 0..20 {
        let state = tempfile::tempdir().unwrap();
        let open = || AccountLedger::open(state.path(), &owner()).unwrap();
        let hashes: Vec<PhoneHash> = thread::scope(|scope| {
            let threads: Vec<_> = (0..8)
                .map(|_| scope.spawn(|| open().salt().phone_hash(1)))
                .collect();
            threads.into_iter().map(|it| it.join().unwrap()).collect()
        });
        assert!(hashes.iter().all(|hash| *hash == hashes[0]));
        assert_eq!(hashes[0], open().salt().phone_hash(1));
    }
}

#[test]
fn accounts_that_differ_in_anything_share_nothing() {
    let state = tempfile::tempdir().unwrap();
    let other_key = LedgerOwner {
        key: "b".to_owned(),
        ..owner()
    };
    let other_bot = LedgerOwner {
        bot: "b".to_owned(),
        ..owner()
    };
    let other_url = LedgerOwner {
        base_url: "b".to_owned(),
        ..owner()
    };
    let shifted = LedgerOwner {
        bot: format!("{}m", owner().bot),
        key: "ain".to_owned(),
        ..owner()
    };
    let hashes: std::collections::HashSet<PhoneHash> =
        [owner(), other_key, other_bot, other_url, shifted]
            .iter()
            .map(|owner| {
                AccountLedger::open(state.path(), owner)
                    .unwrap()
                    .salt()
                    .phone_hash(1)
            })
            .collect();
    assert_eq!(hashes.len(), 5);
    assert_eq!(accounts(state.path()).unwrap().len(), 5);
    let label_only = LedgerOwner {
        label: "b".to_owned(),
        ..owner()
    };
    let found = AccountLedger::find(state.path(), &label_only)
        .unwrap()
        .unwrap();
    assert_eq!(found.label(), "main account");
}

#[test]
fn to_ask_for_an_account_makes_none() {
    let state = tempfile::tempdir().unwrap();
    assert!(
        AccountLedger::find(state.path(), &owner())
            .unwrap()
            .is_none()
    );
    assert!(accounts(state.path()).unwrap().is_empty());
    assert!(everything_below(state.path()).is_empty());
}

#[test]
fn hashes_are_those_of_sha_256_over_salt_kind_and_bytes() {
    // printf '\x00…(16)\x01\x00…\x07' | sha256sum, cut to 16 bytes; and with \x02 and `{}`.
    let salt = Salt::from_hex("00000000000000000000000000000000").unwrap();
    let bytes = |hash: [u8; 16]| {
        hash.iter()
            .map(|byte| format!("{byte:02x}"))
            .collect::<String>()
    };
    assert_eq!(bytes(salt.phone_hash(7).0), PHONE_7);
    assert_eq!(bytes(salt.json_hash(b"{}").0), JSON_EMPTY);
}

const PHONE_7: &str = "577cc11467fbc2816564db22caeefebe";
const JSON_EMPTY: &str = "16927ea2c382b3116b9f8e2aa76fbe29";

#[test]
fn inputs_are_the_same_in_any_order() {
    assert_eq!(InputsId::of(&["/a", "/b"]), InputsId::of(&["/b", "/a"]));
    assert_ne!(InputsId::of(&["/a", "/b"]), InputsId::of(&["/a/b"]));
    assert_ne!(InputsId::of(&["/a"]), InputsId::of(&["/a", "/a"]));
}

#[test]
fn no_phone_name_or_mail_is_anywhere_in_clear() {
    let machine = Machine::new();
    let json = br#"{"profile":{"userDetails":{"name":"Asha Rao","email":"asha@example.com","phone":"9876543210"}}}"#;
    let contact = machine.account.salt().fingerprint(919_876_543_210, json);
    let mut run = machine.begin(start("r", "a.csv"));
    run.record(Sent, [&contact]).unwrap();
    run.record(Accepted, [&contact]).unwrap();
    run.end(&ending(Completion::Finished)).unwrap();
    AdditionRecorder::open(&machine.account)
        .unwrap()
        .record(Sent, &contact)
        .unwrap();
    let look = || {
        let key = 919_876_543_210_u64;
        let secrets: [&[u8]; 6] = [
            b"Asha",
            b"asha@",
            b"9876543210",
            b"profile",
            &key.to_be_bytes()[3..],
            &key.to_le_bytes()[..5],
        ];
        let files = everything_below(machine.state.path());
        for path in files.iter().filter(|path| path.is_file()) {
            let bytes = fs::read(path).unwrap();
            for secret in secrets {
                let found = bytes.windows(secret.len()).any(|window| window == secret);
                assert!(!found, "{}", path.display());
            }
        }
        files.len()
    };
    assert!(look() > 4);
    assert_eq!(compact_if_worth(&machine.account, 0, NOW).unwrap(), 2);
    look();
}

#[cfg(windows)]
#[test]
fn a_file_that_is_being_read_is_replaced_once_it_was() {
    let machine = Machine::new();
    let path = machine.account.directory().join("holder");
    super::super::files::replace(&path, b"old").unwrap();
    let reader = fs::File::open(&path).unwrap();
    let reading = std::thread::spawn(move || {
        std::thread::sleep(std::time::Duration::from_millis(200));
        drop(reader);
    });
    super::super::files::replace(&path, b"new").unwrap();
    reading.join().unwrap();
    assert_eq!(fs::read(&path).unwrap(), b"new");
}

#[cfg(unix)]
#[test]
fn everything_is_for_its_owner_alone() {
    use std::os::unix::fs::PermissionsExt;

    use crate::event::LockHolder;
    let machine = Machine::new();
    machine.run("r", &[(Sent, 0, 0)], Some(Completion::Finished));
    compact_if_worth(&machine.account, 0, NOW).unwrap();
    machine.run("s", &[(Sent, 0, 0)], Some(Completion::Finished));
    drop(AdditionRecorder::open(&machine.account).unwrap());
    let holder = LockHolder { pid: 1, since: 2 };
    let _lock = RunLock::take(&machine.account, &inputs("a"), None, holder).unwrap();
    let paths = everything_below(machine.state.path());
    assert_eq!(paths.iter().filter(|path| path.is_file()).count(), 9);
    for path in paths {
        let mode = path.metadata().unwrap().permissions().mode() & 0o777;
        let expected = if path.is_dir() { 0o700 } else { 0o600 };
        assert_eq!(mode, expected, "{}", path.display());
    }
}

/// A disk with so much room. Like a real one, it writes what fits before it fails.
#[derive(Clone, Default)]
struct SmallDisk(Rc<RefCell<Content>>);

#[derive(Default)]
struct Content {
    bytes: Vec<u8>,
    room: usize,
    can_cut: bool,
}

impl Write for SmallDisk {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let mut content = self.0.borrow_mut();
        let fitting = bytes.len().min(content.room - content.bytes.len());
        if fitting == 0 {
            return Err(io::ErrorKind::StorageFull.into());
        }
        content.bytes.extend_from_slice(&bytes[..fitting]);
        Ok(fitting)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Store for SmallDisk {
    fn cut(&mut self, _: &Path, length: u64) -> io::Result<()> {
        let mut content = self.0.borrow_mut();
        if !content.can_cut {
            return Err(io::ErrorKind::ReadOnlyFilesystem.into());
        }
        content.bytes.truncate(length.try_into().unwrap());
        Ok(())
    }

    fn sync(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[test]
fn a_full_disk_is_an_error_in_words_and_nothing_is_lost_once_there_is_room() {
    let (machine, seal) = (Machine::new(), Seal::of(b""));
    let entries = |form| {
        let entry = |phone| LedgerEntry::Contact(Sent, machine.contact(phone, form));
        [0, 1, 2].map(entry).into_iter()
    };
    for (room, can_cut) in (0..6 * 37).flat_map(|room| [(room, true), (room, false)]) {
        let disk = SmallDisk::default();
        disk.0.borrow_mut().room = room;
        disk.0.borrow_mut().can_cut = can_cut;
        let mut segment = Segment::new(PathBuf::from("r.seg"), disk.clone(), seal, 0);
        let first = segment.append(entries(0));
        assert_eq!(first.is_ok(), room >= 3 * 37);
        let words = segment.append(entries(1)).unwrap_err().to_string();
        let full = words.contains("cannot be written (the disk is full)");
        let torn = words.contains("cannot be written (the disk is read-only)");
        assert!(full || (torn && !can_cut), "{words}");

        disk.0.borrow_mut().room = usize::MAX;
        disk.0.borrow_mut().can_cut = true;
        segment.append(entries(2)).unwrap();
        let mut forms = Vec::new();
        let bytes = disk.0.borrow().bytes.clone();
        let tail = scan::entries(&mut &bytes[..], seal, |entries| {
            forms.extend(scan::contacts(entries).map(|(_, contact)| *contact))
        })
        .unwrap();
        let kept = if first.is_ok() {
            [0, 2].as_slice()
        } else {
            &[2]
        };
        let expected = kept
            .iter()
            .flat_map(|form| [0, 1, 2].map(|phone| machine.contact(phone, *form)));
        assert_eq!(tail, SegmentTail::Open);
        assert!(forms.into_iter().eq(expected), "{room} {can_cut}");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_device_that_is_full_is_such_a_disk() {
    let (machine, seal) = (Machine::new(), Seal::of(b""));
    let full = fs::OpenOptions::new()
        .append(true)
        .open("/dev/full")
        .unwrap();
    let mut segment = Segment::new(PathBuf::from("/dev/full"), full, seal, 0);
    let entry = LedgerEntry::Contact(Sent, machine.contact(0, 0));
    let error = segment.append([entry].into_iter()).unwrap_err();
    assert!(matches!(error, LedgerError::Write { .. }), "{error}");
}

#[test]
fn names_that_are_no_file_names_are_refused() {
    let machine = Machine::new();
    for name in ["", "a/b", "a b", "é", "a\0", &"a".repeat(101)] {
        let error = RunRecorder::begin(&machine.account, start(name, "a.csv")).unwrap_err();
        assert!(matches!(error, LedgerError::Name(_)), "{name}");
    }
}
