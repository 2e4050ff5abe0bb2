//! What was worked out for a header, kept for the next record that has it.

use crate::record::Header;
use std::collections::HashMap;
use std::sync::Arc;

/// One value a header; bounded, because the keys of objects may differ without end.
#[derive(Debug)]
pub(super) struct Memo<T> {
    known: HashMap<Arc<Header>, Arc<T>>,
    names: usize,
    /// Most records have the very header of the one before: no name of it needs to be looked at.
    last: Option<(Arc<Header>, Arc<T>)>,
}

/// How many names the kept headers have together, at most.
const MOST_NAMES: usize = 20_000;

impl<T> Memo<T> {
    /// Nothing kept yet.
    pub(crate) fn new() -> Memo<T> {
        Memo {
            known: HashMap::new(),
            names: 0,
            last: None,
        }
    }

    /// What is kept for the header, or what `make` works out now.
    pub(crate) fn get(&mut self, header: &Arc<Header>, make: impl FnOnce() -> T) -> &T {
        let last = match self.last.take() {
            Some(last) if Arc::ptr_eq(&last.0, header) => last,
            _ => (Arc::clone(header), self.look_up(header, make)),
        };
        &self.last.insert(last).1
    }

    fn look_up(&mut self, header: &Arc<Header>, make: impl FnOnce() -> T) -> Arc<T> {
        if let Some(known) = self.known.get(header) {
            return Arc::clone(known);
        }
        // One more, so that headers without names are bounded, too.
        self.make_room(header.names.len() + 1);
        let made = Arc::new(make());
        self.known.insert(Arc::clone(header), Arc::clone(&made));
        made
    }

    fn make_room(&mut self, names: usize) {
        self.names += names;
        if self.names > MOST_NAMES {
            // All at once: simpler than keeping account of which was used last.
            self.known.clear();
            self.names = names;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::Layout;

    fn header(name: String) -> Arc<Header> {
        Arc::new(Header {
            layout: Layout::Object,
            names: vec![name],
        })
    }

    #[test]
    fn headers_that_never_repeat_do_not_fill_the_memory() {
        let mut memo = Memo::new();
        for i in 0..3 * MOST_NAMES {
            memo.get(&header(i.to_string()), || i);
            assert!(memo.known.len() <= MOST_NAMES);
        }
    }

    #[test]
    fn a_header_is_worked_out_once() {
        let mut memo = Memo::new();
        assert_eq!(*memo.get(&header("a".into()), || 1), 1);
        assert_eq!(*memo.get(&header("a".into()), || 2), 1);
        assert_eq!(*memo.get(&header("b".into()), || 3), 3);
    }
}
