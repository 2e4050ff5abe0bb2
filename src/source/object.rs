//! The text of one JSON object as a record: what is nested becomes dotted keys, and numbers keep their digits.
//!
//! Owns the limits on depth and width, and the headers that objects of one shape share. Where an object begins and ends
//! in its input is for `json` and `ndjson` to find.

use std::sync::Arc;

use super::bounded_text::{BoundedText, ReadText};
use super::flat::FlatObject;
use super::header_cache::HeaderCache;
use super::rejects::KeptLine;
use crate::record::{Defect, Header, InputId, Layout, Place, Record};

/// Bytes of an object's text.
pub(super) const OBJECT_LIMIT: usize = 4_000_000;

/// Makes records of objects.
pub(super) struct Objects {
    input: InputId,
    headers: HeaderCache,
    nameless: Arc<Header>,
}

impl Objects {
    pub(super) fn new(input: InputId) -> Objects {
        let nameless = Arc::new(Header {
            layout: Layout::Object,
            names: Vec::new(),
        });
        Objects {
            input,
            headers: HeaderCache::new(),
            nameless,
        }
    }

    /// The record of an element or a line; it has a defect where that is not a usable object.
    pub(super) fn record(&mut self, element: &BoundedText, row: u64, bytes: u64) -> Record {
        let mut record = match element.text() {
            ReadText::Beginning(text) => {
                self.defective(text, Defect::CellTooLarge { column: None })
            }
            ReadText::Garbled(text) => self.defective(text, Defect::BadEncoding { column: None }),
            // A rejects file keeps what was not an object: the line counts, not the object around it.
            ReadText::Whole(text) => match KeptLine::of(&text) {
                Some(kept) if kept.is_still_garbled() => {
                    self.defective(kept.text, Defect::BadEncoding { column: None })
                }
                kept => self.read(kept.map_or(text, |kept| kept.text)),
            },
        };
        (record.place.row, record.bytes) = (row, bytes);
        record
    }

    fn read(&mut self, text: String) -> Record {
        match FlatObject::read(&text) {
            Ok(flat) => {
                let header = self.headers.of(&flat.names);
                Record {
                    header,
                    cells: flat.cells,
                    ..self.intact(text)
                }
            }
            Err(refusal) => {
                let words = refusal.to_string();
                self.defective(text, Defect::BadJson { words })
            }
        }
    }

    fn defective(&self, text: String, defect: Defect) -> Record {
        Record {
            defect: Some(defect),
            ..self.intact(text)
        }
    }

    /// A record without cells, whose place and bytes are not known yet.
    fn intact(&self, text: String) -> Record {
        Record {
            place: Place {
                input: self.input,
                row: 0,
            },
            header: Arc::clone(&self.nameless),
            cells: Vec::new(),
            raw: Some(trimmed(text)),
            hidden: false,
            defect: None,
            remark: None,
            bytes: 0,
        }
    }
}

/// The text without blanks around it.
fn trimmed(text: String) -> String {
    let inner = text.trim_matches([' ', '\t', '\r', '\n']);
    if inner.len() < text.len() {
        inner.to_owned()
    } else {
        text
    }
}
