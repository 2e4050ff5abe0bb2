//! How long a contact takes, stage by stage, and as a whole.
//!
//! `cargo bench` prints the time of one contact at each stage. Beside each is its floor, measured on two cores: what the
//! stage would cost if it did nothing but what it cannot do without. `cargo bench --bench stages -- --contacts 20000`
//! prints contacts as CSV; `tests/bench/instructions.sh` counts instructions with them.

mod contacts;

use std::io::{self, Write};
use std::process::{Command, Stdio};
use std::sync::LazyLock;

use bp_import::bench::{self, BenchOptions, Contacts, Country};
use divan::Bencher;
use divan::counter::ItemsCount;

const SEED: u64 = 20_261_122;

/// A sample is one pass over all contacts.
const PASS: u32 = 10_000;

static ROWS: LazyLock<Vec<contacts::Row>> = LazyLock::new(|| contacts::rows(SEED, PASS as usize));
static CONTACTS: LazyLock<Contacts> = LazyLock::new(|| Contacts::of(&contacts::csv(&ROWS)));
static OPTIONS: LazyLock<BenchOptions> = LazyLock::new(BenchOptions::default);

fn main() -> io::Result<()> {
    let mut arguments = std::env::args().skip_while(|argument| argument != "--contacts");
    if let Some(count) = arguments.nth(1).and_then(|count| count.parse().ok()) {
        return io::stdout().write_all(contacts::csv(&contacts::rows(SEED, count)).as_bytes());
    }
    assert_eq!(CONTACTS.count(), ROWS.len(), "every contact is valid");
    divan::main();
    Ok(())
}

/// Of international spellings. Floor: 98 ns (automaton 30, cell 30, the rest the phone's text); 3,300 by libphonenumber.
#[divan::bench(sample_size = PASS, sample_count = 30)]
fn phone(bencher: Bencher<'_, '_>) {
    let mut rows = ROWS.iter().cycle();
    bencher.bench_local(|| rows.next().map(|row| bench::phone(&row.phone, None)));
}

/// As written at home: with a trunk zero, or without. Floor: as `phone`.
#[divan::bench(sample_size = PASS, sample_count = 30)]
fn phone_at_home(bencher: Bencher<'_, '_>) {
    let home = Country::parse("IN");
    let mut cells = ["09876543210", "98765 43210", "919876543210", "098765-43210"]
        .iter()
        .cycle();
    bencher.bench_local(|| cells.next().map(|cell| bench::phone(cell, home)));
}

/// That is not valid: the library judges it. No floor was measured.
#[divan::bench(sample_size = PASS, sample_count = 30)]
fn phone_that_is_not_valid(bencher: Bencher<'_, '_>) {
    bencher.bench_local(|| bench::phone("+91 12345 678", None));
}

/// Floor: not measured; 330 to 450 ns with the crate that knows all of RFC 5321.
#[divan::bench(sample_size = PASS, sample_count = 30)]
fn email(bencher: Bencher<'_, '_>) {
    let mut rows = ROWS.iter().filter(|row| !row.email.is_empty()).cycle();
    bencher.bench_local(|| rows.next().map(|row| bench::email(&row.email)));
}

/// Floor: 105 ns with csv-core alone; 30 to cut rows at line ends.
#[divan::bench(sample_size = PASS, sample_count = 30)]
fn csv_row(bencher: Bencher<'_, '_>) {
    bencher.bench_local(CONTACTS.row());
}

/// With phone and e-mail. Floor: theirs.
#[divan::bench(sample_size = PASS, sample_count = 30)]
fn mapping(bencher: Bencher<'_, '_>) {
    bencher.bench_local(CONTACTS.mapping(&OPTIONS));
}

/// Floor: 23 ns to copy the bytes; 95 by hand.
#[divan::bench(sample_size = PASS, sample_count = 30)]
fn encoding(bencher: Bencher<'_, '_>) {
    bencher.bench_local(CONTACTS.encoding());
}

/// Phone and JSON. Floor: 130 ns with SipHash; 293 with SHA-256.
#[divan::bench(sample_size = PASS, sample_count = 30)]
fn fingerprint(bencher: Bencher<'_, '_>) {
    bencher.bench_local(CONTACTS.fingerprint());
}

/// A dry run of 10,000 contacts, and one of a single contact.
#[divan::bench(args = [10_000, 1], sample_count = 20, sample_size = 1)]
fn dry_run(bencher: Bencher<'_, '_>, count: usize) {
    let folder = tempfile::tempdir().expect("a folder for the contacts");
    let file = folder.path().join("contacts.csv");
    std::fs::write(&file, contacts::csv(&ROWS[..count])).expect("the contacts are written");
    bencher.counter(ItemsCount::new(count)).bench_local(|| {
        let run = Command::new(env!("CARGO_BIN_EXE_bp-import"))
            .args(["-n", "-q"])
            .arg(&file)
            .env("BOTPENGUIN_TOKEN", "none")
            .env("XDG_STATE_HOME", folder.path())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status();
        assert!(run.expect("the program runs").success());
    });
}
