//! Batches keep items, order and limits, whatever the sizes; and what the tests of the floors above build contacts
//! from.

use std::sync::Arc;

use proptest::prelude::*;

use super::*;
use crate::record::{DraftRecord, Header, Records};

/// A record of the first input, with nothing in it.
pub(crate) fn record(row: u64) -> SharedRecord {
    let mut record = DraftRecord::of_table(&Header::of_table(&[]), &[]);
    record.place.row = row;
    record.shared()
}

/// A contact in `row`, as JSON of `size` bytes that begins with the row's number.
pub(crate) fn item(row: u64, size: usize) -> Item {
    let number = row.to_string();
    let padding = size.saturating_sub(number.len() + "[,\"\"]".len());
    Item {
        record: record(row),
        phone: Phone {
            prefix: 91,
            number,
            region: None,
        },
        merged: Vec::new(),
        tags: Vec::new(),
        attributes: Vec::new(),
        json: format!("[{row},\"{}\"]", "x".repeat(padding)).into_bytes(),
        fingerprint: None,
        without_consent: false,
    }
}

/// The contacts of these rows in one batch.
pub(crate) fn batch(rows: impl IntoIterator<Item = u64>, size: usize) -> Batch {
    Batch::of(rows.into_iter().map(|row| item(row, size)).collect())
}

/// The rows of a request's body that was made of such contacts.
pub(crate) fn rows_in(body: &[u8]) -> Vec<u64> {
    let contacts: Vec<(u64, String)> = serde_json::from_slice(body).unwrap();
    contacts.into_iter().map(|(row, _)| row).collect()
}

fn limits(items: usize, bytes: usize) -> Limits {
    Limits {
        items: NonZeroUsize::new(items).unwrap(),
        bytes,
    }
}

fn rows<'a>(batches: impl IntoIterator<Item = &'a Batch>) -> Vec<u64> {
    let items = batches.into_iter().flat_map(Batch::items);
    items.map(|item| item.record.place.row).collect()
}

fn items_of(sizes: &[usize]) -> Vec<Item> {
    (1..)
        .zip(sizes)
        .map(|(row, size)| item(row, *size))
        .collect()
}

fn cut(sizes: &[usize], limits: Limits) -> Vec<Batch> {
    let mut cutter = BatchCutter::new(limits);
    let mut batches: Vec<Batch> = items_of(sizes)
        .into_iter()
        .filter_map(|item| cutter.push(item))
        .collect();
    batches.extend(cutter.finish());
    batches
}

fn lengths(batches: &[Batch]) -> Vec<usize> {
    batches.iter().map(Batch::len).collect()
}

#[test]
fn a_body_is_the_array_of_the_contacts_as_they_were_encoded() {
    assert_eq!(batch([7], 8).encode(), br#"[[7,"xx"]]"#);
    assert_eq!(batch([7, 8], 7).encode(), br#"[[7,"x"],[8,"x"]]"#);
}

#[test]
fn a_batch_is_full_at_its_count() {
    assert_eq!(lengths(&cut(&[10; 5], limits(2, 1_000))), [2, 2, 1]);
    assert_eq!(lengths(&cut(&[10; 4], limits(2, 1_000))), [2, 2]);
    assert_eq!(lengths(&cut(&[10; 3], limits(1, 1_000))), [1, 1, 1]);
}

#[test]
fn the_byte_that_fits_is_taken_and_the_next_is_not() {
    // Two contacts of 10 bytes make an array of 23.
    assert_eq!(lengths(&cut(&[10; 2], limits(9, 23))), [2]);
    assert_eq!(lengths(&cut(&[10; 2], limits(9, 22))), [1, 1]);
}

#[test]
fn a_contact_over_the_limit_goes_alone() {
    assert_eq!(lengths(&cut(&[10, 90, 10, 10], limits(9, 50))), [1, 1, 2]);
}

#[test]
fn nothing_makes_no_batch() {
    assert!(cut(&[], limits(5, 50)).is_empty());
    assert!(BatchCutter::new(limits(5, 50)).finish().is_none());
}

#[test]
fn halves_of_an_odd_batch_differ_by_one() {
    for (size, expected) in [(1, (1, None)), (2, (1, Some(1))), (5, (3, Some(2)))] {
        let (first, second) = batch(1..=size, 10).halves();
        assert_eq!((first.len(), second.map(|half| half.len())), expected);
    }
}

#[test]
fn first_middle_and_last_are_probed_and_no_contact_twice() {
    for (size, probed) in [
        (1, vec![1]),
        (2, vec![1, 2]),
        (3, vec![1, 2, 3]),
        (4, vec![1, 2, 4]),
        (100, vec![1, 50, 100]),
    ] {
        let (probes, _) = batch(1..=size, 10).probes();
        assert!(probes.iter().all(|probe| probe.len() == 1));
        assert_eq!(rows(&probes), probed, "{size}");
    }
}

fn sizes() -> impl Strategy<Value = Vec<usize>> {
    proptest::collection::vec(8..120_usize, 1..60)
}

proptest! {
    #[test]
    fn a_batch_knows_the_length_of_its_body(sizes in sizes()) {
        let batch = Batch::of(items_of(&sizes));
        prop_assert_eq!(batch.encode().len(), batch.bytes());
        prop_assert_eq!(rows_in(&batch.encode()), rows([&batch]));
    }

    #[test]
    fn limits_hold_unless_a_contact_is_alone_and_nothing_is_lost(
        sizes in sizes(), items in 1..20_usize, bytes in 10..400_usize,
    ) {
        let batches = cut(&sizes, limits(items, bytes));
        for batch in &batches {
            prop_assert!((1..=items).contains(&batch.len()));
            prop_assert!(batch.encode().len() <= bytes || batch.len() == 1);
        }
        prop_assert_eq!(rows(&batches), (1..=sizes.len() as u64).collect::<Vec<_>>());
    }

    #[test]
    fn a_batch_ends_only_where_the_next_contact_does_not_fit(
        sizes in sizes(), items in 1..20_usize, bytes in 10..400_usize,
    ) {
        let batches = cut(&sizes, limits(items, bytes));
        for pair in batches.windows(2) {
            let with_next = pair[0].bytes() + 1 + pair[1].items()[0].json.len();
            prop_assert!(pair[0].len() == items || with_next > bytes);
        }
    }

    #[test]
    fn halves_probes_and_smaller_batches_hold_the_same_contacts_in_order(
        sizes in sizes(), bytes in 10..400_usize,
    ) {
        let batch = Batch::of(items_of(&sizes));
        let all = rows([&batch]);

        let (first, second) = batch.clone().halves();
        prop_assert_eq!(rows([first].iter().chain(&second)), all.clone());

        let (probes, rest) = batch.clone().probes();
        let (probed, left) = (rows(&probes), rows(&rest));
        prop_assert!(probed.is_sorted() && left.is_sorted());
        let mut together = [probed, left].concat();
        together.sort_unstable();
        prop_assert_eq!(together, all.clone());

        let smaller = batch.recut(bytes);
        prop_assert!(smaller.iter().all(|batch| batch.bytes() <= bytes || batch.len() == 1));
        prop_assert!(smaller.iter().all(|batch| batch.encode().len() == batch.bytes()));
        prop_assert_eq!(rows(&smaller), all);
    }
}

/// How many records still keep a chunk of 100, of which this many wait in a batch when the next chunk comes.
fn kept_of_a_hundred(waiting: usize) -> usize {
    let draft = DraftRecord::of_table(&Header::of_table(&["phone"]), &["+919876543210"]);
    let chunk: Arc<Records> = Arc::new(std::iter::repeat_n(draft, 100).collect());
    let mut cutter = BatchCutter::new(limits(1_000, 1_000_000));
    for record in chunk.shared().take(waiting) {
        let item = Item {
            record,
            ..item(2, 10)
        };
        assert!(cutter.push(item).is_none());
    }
    cutter.leave_chunk(100);
    let kept = Arc::strong_count(&chunk) - 1;
    let batch = cutter.finish().unwrap();
    let cells = batch.items().iter().map(|item| item.record.get().cells());
    assert!(
        cells
            .clone()
            .all(|cells| cells.get(0).unwrap().text() == Some("+919876543210"))
    );
    kept
}

#[test]
fn few_contacts_that_wait_do_not_keep_the_chunk_they_were_read_in() {
    assert_eq!(kept_of_a_hundred(1), 0);
    assert_eq!(kept_of_a_hundred(12), 0);
    assert_eq!(kept_of_a_hundred(13), 13);
}
