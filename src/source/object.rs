//! The text of one JSON object as a record: what is nested becomes dotted keys, and numbers keep their digits.
//!
//! Owns the limits on depth and width, and the headers that objects of one shape share. Where an object begins and ends
//! in its input is for `json` and `ndjson` to find.

use std::sync::Arc;

use super::bounded_text::{BoundedText, ReadText};
use super::flat::Flat;
use super::headers::Headers;
use crate::entries::{RejectedLine, kept_line};
use crate::record::{Defect, Header, InputId, Layout, Place, Record};

/// Bytes of an object's text.
pub(super) const OBJECT_LIMIT: usize = 4_000_000;

/// Makes records of objects.
pub(super) struct Objects {
    input: InputId,
    headers: Headers,
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
            headers: Headers::new(),
            nameless,
        }
    }

    /// The record that an element or a line stands for; one with a defect where it is no usable object.
    pub(super) fn record(&mut self, element: &BoundedText, row: u64, bytes: u64) -> Record {
        let place = Place {
            input: self.input,
            row,
        };
        let record = match element.text() {
            ReadText::Beginning(text) => {
                self.defective(text, Defect::CellTooLarge { column: None })
            }
            ReadText::Garbled(text) => self.defective(text, Defect::BadEncoding { column: None }),
            ReadText::Whole(text) => match kept_line(&text) {
                Some(kept) if is_unmended(&kept) => {
                    self.defective(kept.text, Defect::BadEncoding { column: None })
                }
                kept => self.read(kept.map_or(text, |kept| kept.text)),
            },
        };
        Record {
            place,
            bytes,
            ..record
        }
    }

    fn read(&mut self, text: String) -> Record {
        match Flat::read(&text) {
            Ok(flat) => {
                let header = self.headers.of(&flat.names);
                Record {
                    header,
                    cells: flat.cells,
                    ..self.intact(text)
                }
            }
            Err(refusal) => self.defective(
                text,
                Defect::BadJson {
                    words: refusal.to_string(),
                },
            ),
        }
    }

    fn defective(&self, text: String, defect: Defect) -> Record {
        Record {
            defect: Some(defect),
            ..self.intact(text)
        }
    }

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

/// Whether a line that was no UTF-8 came back as it was.
fn is_unmended(kept: &RejectedLine) -> bool {
    kept.code.as_deref() == Some("bad_encoding") && kept.text.contains(char::REPLACEMENT_CHARACTER)
}

/// The text without what stands around it.
fn trimmed(text: String) -> String {
    let inner = text.trim_matches([' ', '\t', '\r', '\n']);
    if inner.len() < text.len() {
        inner.to_owned()
    } else {
        text
    }
}
