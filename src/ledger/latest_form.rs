//! The latest form of one contact, and how each entry of a segment changes it.
//!
//! Of each hash, 8 of its 16 bytes are kept. Two phones that agree in these (one chance in 10⁷ among a million)
//! overwrite each other and count as changed, since their JSON differs. A contact that did change counts as unchanged
//! only if 8 bytes agree with its own last form: one chance in 10¹⁹ each time, less than that of a fault in memory.

use super::catalogue::ListedSegment;
use super::entry::{LedgerMark, lead};
use crate::fingerprint::Fingerprint;
use crate::hash_table::Slot;

/// What the segments read so far show of a contact.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum FormStatus {
    /// Nothing is known that still counts.
    #[default]
    Blank,
    Sent,
    Accepted,
    Refused,
    /// Accepted in the same form by a segment that ran at the same time, and sent again here.
    SentToo,
    /// Accepted in one form by all segments that ran at the same time.
    AcceptedToo,
    /// Accepted before another owner, who had sent contacts of its own, took the ledger over.
    Early,
    /// Which form the account holds is unknown.
    Doubtful,
    /// Compaction has copied it.
    Copied,
}

/// A contact's latest form. 24 bytes: there is one for each contact of the account.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct LatestForm {
    phone: u64,
    form: u64,
    /// Of the segments that wrote it and ran at the same time, the one that ended last, by its turn.
    lasting: u32,
    /// The segment that wrote last, or [`EARLIER`].
    writer: u16,
    status: FormStatus,
    /// Whether the resumed run had this form accepted.
    is_of_resumed_run: bool,
}

/// Any segment before the last 65,535: two bytes name the writer.
const EARLIER: u16 = u16::MAX;

/// A segment whose entries are being read.
#[derive(Clone, Copy, Debug)]
pub(super) struct SegmentTurn {
    /// Its position in the order of reading.
    rank: u32,
    writer: u16,
    number: u64,
    until: u64,
    trust: SegmentTrust,
    is_of_resumed_run: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum SegmentTrust {
    Full,
    /// The new owner of the ledger may have overtaken it: its own ledger can tell.
    Early,
    /// Entries of a segment that ran at the same time were lost: what this one accepted may have been overtaken.
    Doubt,
}

impl Slot for LatestForm {
    fn key(&self) -> u64 {
        self.phone
    }

    fn is_vacant(&self) -> bool {
        self.status == FormStatus::Blank
    }

    fn is_same(&self, other: &LatestForm) -> bool {
        self.phone == other.phone
    }
}

impl LatestForm {
    /// The contact in this form, as the table is asked for it.
    pub(super) fn of(contact: &Fingerprint) -> LatestForm {
        LatestForm {
            phone: lead(contact.phone.0),
            form: lead(contact.json.0),
            ..LatestForm::default()
        }
    }

    pub(super) fn is_same_form(&self, other: &LatestForm) -> bool {
        self.form == other.form
    }

    pub(super) fn is_accepted(&self) -> bool {
        matches!(self.status, FormStatus::Accepted | FormStatus::AcceptedToo)
    }

    /// Whether the resumed run had it accepted.
    pub(super) fn is_resumed(&self) -> bool {
        self.is_accepted() && self.is_of_resumed_run
    }

    /// The same, before another owner took the ledger over.
    pub(super) fn is_resumed_early(&self) -> bool {
        self.status == FormStatus::Early && self.is_of_resumed_run
    }

    pub(super) fn is_written_by(&self, segment: &SegmentTurn) -> bool {
        self.writer == segment.writer
    }

    /// Its writer is one of many before: its number is about to be used again.
    pub(super) fn forget_writer(&mut self) {
        self.writer = EARLIER;
    }

    pub(super) fn doubt(&mut self) {
        self.status = FormStatus::Doubtful;
    }

    /// Takes over what a compaction kept; `rank` is the turn of its end.
    pub(super) fn restore(&mut self, mark: LedgerMark, rank: usize) {
        self.lasting = narrow(rank);
        self.writer = EARLIER;
        self.status = match mark {
            LedgerMark::Accepted => FormStatus::Accepted,
            LedgerMark::Sent | LedgerMark::Refused => FormStatus::Doubtful,
        };
    }

    /// Applies an entry of a segment. `ends` says until when each segment lasted, by its turn.
    pub(super) fn apply(
        &mut self,
        segment: &SegmentTurn,
        ends: &[u64],
        mark: LedgerMark,
        form: &LatestForm,
    ) {
        let form = form.form;
        if self.is_vacant() || self.writer != segment.writer {
            self.begin_segment(segment, ends);
        }
        let is_same = self.form == form;
        self.status = match (self.status, mark) {
            (
                FormStatus::Blank | FormStatus::Accepted | FormStatus::Early | FormStatus::Refused,
                LedgerMark::Sent,
            ) => FormStatus::Sent,
            (FormStatus::AcceptedToo, LedgerMark::Sent) if is_same => FormStatus::SentToo,
            (FormStatus::Sent, LedgerMark::Refused) if is_same => FormStatus::Refused,
            (FormStatus::Sent, LedgerMark::Accepted) if is_same && segment.is_trusted() => {
                FormStatus::Accepted
            }
            (FormStatus::SentToo, LedgerMark::Accepted) if is_same && segment.is_trusted() => {
                FormStatus::AcceptedToo
            }
            (FormStatus::Sent, LedgerMark::Accepted)
                if is_same && segment.trust == SegmentTrust::Early =>
            {
                FormStatus::Early
            }
            // Two forms in flight at once, or in two segments that ran at the same time: which came last is unknown.
            _ => FormStatus::Doubtful,
        };
        if self.status == FormStatus::Sent {
            self.is_of_resumed_run &= is_same;
            self.form = form;
        }
        if mark == LedgerMark::Accepted && segment.is_of_resumed_run {
            self.is_of_resumed_run = true;
        }
    }

    /// The first entry of a segment about the contact: it supersedes those of segments that had ended before it began.
    fn begin_segment(&mut self, segment: &SegmentTurn, ends: &[u64]) {
        self.writer = segment.writer;
        let until = self.until(ends);
        if self.is_vacant() || until <= segment.number {
            self.status = FormStatus::Blank;
            self.lasting = segment.rank;
            return;
        }
        self.status = if self.is_accepted() {
            FormStatus::AcceptedToo
        } else {
            FormStatus::Doubtful
        };
        if until < segment.until {
            self.lasting = segment.rank;
        }
    }

    fn until(&self, ends: &[u64]) -> u64 {
        let rank = usize::try_from(self.lasting).ok();
        rank.and_then(|rank| ends.get(rank))
            .copied()
            .unwrap_or(u64::MAX)
    }
}

impl SegmentTurn {
    /// The segment that is read after `rank` others.
    pub(super) fn new(
        rank: usize,
        segment: &ListedSegment,
        trust: SegmentTrust,
        is_of_resumed_run: bool,
    ) -> SegmentTurn {
        let rank = narrow(rank);
        SegmentTurn {
            rank,
            writer: writer(rank),
            number: segment.file.number,
            until: segment.until,
            trust,
            is_of_resumed_run,
        }
    }

    /// Whether the numbers of writers begin anew with it: then all that are in the table must be [`EARLIER`].
    pub(super) fn starts_numbering(&self) -> bool {
        self.writer == 0
    }

    fn is_trusted(&self) -> bool {
        self.trust == SegmentTrust::Full
    }
}

/// What is left of a contact when a compaction copies it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Survivor {
    /// `Accepted`, or `Sent` if the contact counts as changed.
    pub(super) mark: LedgerMark,
    /// Segments that began below this number ran at the same time.
    pub(super) until: u64,
}

impl LatestForm {
    /// What a compaction keeps of the contact, given one of its forms; `None` if another form is the latest, or if
    /// this was called before.
    pub(super) fn survivor(&mut self, ends: &[u64], form: &LatestForm) -> Option<Survivor> {
        let mark = match self.status {
            FormStatus::Blank | FormStatus::Copied => return None,
            FormStatus::Accepted | FormStatus::AcceptedToo if self.is_same_form(form) => {
                LedgerMark::Accepted
            }
            FormStatus::Accepted | FormStatus::AcceptedToo => return None,
            FormStatus::Sent
            | FormStatus::Refused
            | FormStatus::SentToo
            | FormStatus::Early
            | FormStatus::Doubtful => LedgerMark::Sent,
        };
        self.status = FormStatus::Copied;
        let until = self.until(ends);
        Some(Survivor { mark, until })
    }
}

fn narrow(rank: usize) -> u32 {
    u32::try_from(rank).unwrap_or(u32::MAX)
}

/// The number of a segment in the table. It repeats after 65,535 segments.
fn writer(rank: u32) -> u16 {
    u16::try_from(rank % u32::from(EARLIER)).unwrap_or(EARLIER)
}
