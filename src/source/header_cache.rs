//! Headers shared by records of one shape.
//!
//! Owns which are remembered, and how many.

use std::collections::HashMap;
use std::sync::Arc;

use super::flat::KeyNames;
use crate::record::{Header, Layout};

/// Shapes remembered at a time.
const SHAPES: usize = 256;
/// Bytes of names up to which a shape is remembered.
const BYTES: usize = 4_000;

/// The headers met so far.
pub(super) struct HeaderCache {
    last: Arc<Header>,
    known: HashMap<Vec<String>, Arc<Header>>,
}

impl HeaderCache {
    pub(super) fn new() -> HeaderCache {
        HeaderCache {
            last: Arc::new(of_object(Vec::new())),
            known: HashMap::new(),
        }
    }

    /// The header of these names: the same one for all records of a shape, while it is remembered.
    pub(super) fn of(&mut self, names: &KeyNames) -> Arc<Header> {
        if !names.iter().eq(self.last.names.iter().map(String::as_str)) {
            self.last = self.find(names);
        }
        Arc::clone(&self.last)
    }

    fn find(&mut self, names: &KeyNames) -> Arc<Header> {
        let owned: Vec<String> = names.iter().map(str::to_owned).collect();
        if let Some(known) = self.known.get(&owned) {
            return Arc::clone(known);
        }
        let header = Arc::new(of_object(owned.clone()));
        // Exports whose records all differ (one key per contact) would fill memory.
        if self.known.len() < SHAPES && names.len() <= BYTES {
            self.known.insert(owned, Arc::clone(&header));
        }
        header
    }
}

fn of_object(names: Vec<String>) -> Header {
    Header {
        layout: Layout::Object,
        names,
    }
}

#[cfg(test)]
mod tests {
    use super::super::flat::FlatObject;
    use super::*;
    use crate::record::Records;

    fn header(headers: &mut HeaderCache, text: &str) -> Arc<Header> {
        let mut names = KeyNames::default();
        FlatObject::read(text, &mut names, &mut Records::default()).unwrap();
        headers.of(&names)
    }

    #[test]
    fn objects_of_one_shape_share_their_header_even_when_shapes_alternate() {
        let mut headers = HeaderCache::new();
        let first = header(&mut headers, r#"{"a":1,"b":2}"#);
        let other = header(&mut headers, r#"{"a":1}"#);
        let again = header(&mut headers, r#"{"a":3,"b":4}"#);
        assert!(Arc::ptr_eq(&first, &again));
        assert!(!Arc::ptr_eq(&first, &other));
    }

    #[test]
    fn keys_that_join_to_the_same_text_are_different_shapes() {
        let mut headers = HeaderCache::new();
        let first = header(&mut headers, r#"{"ab":1,"c":2}"#);
        let second = header(&mut headers, r#"{"a":1,"bc":2}"#);
        assert_ne!(first.names, second.names);
    }

    #[test]
    fn endless_new_shapes_are_not_all_remembered() {
        let mut headers = HeaderCache::new();
        for number in 0..1_000 {
            header(&mut headers, &format!("{{\"k{number}\":1}}"));
        }
        assert_eq!(headers.known.len(), SHAPES);
    }
}
