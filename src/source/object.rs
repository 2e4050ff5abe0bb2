//! The text of one JSON object as a record: what is nested becomes dotted keys, and numbers keep their digits.
//!
//! Owns the limits on depth and width, and the headers that objects of one shape share. Where an object begins and ends
//! in its input is for `json` and `ndjson` to find.

use std::borrow::Cow;
use std::sync::Arc;

use super::SourceError;
use super::bounded_text::{BoundedText, ReadText};
use super::flat::{FlatObject, KeyNames, ObjectError};
use super::header_cache::HeaderCache;
use super::rejects::KeptLine;
use crate::record::{Defect, Header, InputId, Layout, Place, RecordFacts, Records};

/// Bytes of an object's text.
pub(super) const OBJECT_LIMIT: usize = 4_000_000;

/// Makes records of objects.
pub(super) struct Objects {
    input: InputId,
    headers: HeaderCache,
    /// Of the object that is read.
    names: KeyNames,
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
            names: KeyNames::default(),
            nameless,
        }
    }

    /// Adds the record of an element or a line; it has a defect where that is not a usable object. Where its text is
    /// the reason, `check` may say that nothing behind it can be read either.
    pub(super) fn add(
        &mut self,
        element: &BoundedText,
        (row, bytes): (u64, u64),
        records: &mut Records,
        check: impl FnOnce() -> Result<(), SourceError>,
    ) -> Result<(), SourceError> {
        let garbled = || Some(Defect::BadEncoding { column: None });
        let (text, defect) = match element.text() {
            ReadText::Beginning(text) => (text, Some(Defect::CellTooLarge { column: None })),
            ReadText::Garbled(text) => (text, garbled()),
            // A rejects file keeps what was not an object: the line counts, not the object around it.
            ReadText::Whole(text) => match KeptLine::of(&text) {
                Some(kept) if kept.is_still_garbled() => (Cow::Owned(kept.text), garbled()),
                kept => (kept.map_or(text, |kept| Cow::Owned(kept.text)), None),
            },
        };
        let read = match &defect {
            None => self.read(&text, records),
            Some(_) => Ok(Arc::clone(&self.nameless)),
        };
        let (header, defect) = match read {
            Ok(header) => (header, defect),
            Err(refusal) => {
                check()?;
                records.abandon();
                let words = refusal.to_string();
                (Arc::clone(&self.nameless), Some(Defect::BadJson { words }))
            }
        };
        let place = Place {
            input: self.input,
            row,
        };
        records.keep_raw(text.trim_matches([' ', '\t', '\r', '\n']));
        let facts = RecordFacts {
            defect,
            ..RecordFacts::new(place, bytes)
        };
        records.finish(&header, facts);
        Ok(())
    }

    /// Adds an object's values as cells.
    fn read(&mut self, text: &str, records: &mut Records) -> Result<Arc<Header>, ObjectError> {
        self.names.clear();
        FlatObject::read(text, &mut self.names, records)?;
        Ok(self.headers.of(&self.names))
    }
}
