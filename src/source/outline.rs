//! The shape of JSON documents: which keys lead where, and how often, without their values.
//!
//! Owns that shape, in memory that is bounded whatever the documents hold. `scan` takes it from bytes; what it means is
//! for `nested` to judge.

use std::collections::HashMap;

mod scan;

pub(super) use scan::Scan;

/// Places that are noted.
const PLACE_LIMIT: usize = 20_000;
/// Keys of one object that are kept apart; all others are taken together.
const KEY_LIMIT: usize = 1_000;

static NOWHERE: OutlinePlace = OutlinePlace {
    key: String::new(),
    raw_key: Vec::new(),
    objects: 0,
    lists: 0,
    filled: 0,
    longest: 0,
    keys: Vec::new(),
    element: None,
};

/// The shape of the documents that went by.
pub(super) struct Outline {
    places: Vec<OutlinePlace>,
    /// For each place with several keys, where its keys are in its own list.
    by_key: HashMap<(OutlinePlaceId, Vec<u8>), usize>,
}

/// All values that are reached by the same keys; the elements of a list are reached alike.
#[derive(Default)]
pub(super) struct OutlinePlace {
    /// The last key on the way.
    pub(super) key: String,
    /// The same as it is written.
    raw_key: Vec<u8>,
    /// How many of the values are objects.
    pub(super) objects: u64,
    /// How many are lists.
    pub(super) lists: u64,
    /// How many are texts with something in them, numbers, `true` or `false`.
    pub(super) filled: u64,
    /// Elements of the longest list.
    pub(super) longest: u64,
    keys: Vec<OutlinePlaceId>,
    element: Option<OutlinePlaceId>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct OutlinePlaceId(usize);

/// A value, as far as an outline knows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum ValueKind {
    Object,
    List,
    Filled,
}

impl Outline {
    fn new() -> Outline {
        Outline {
            places: vec![OutlinePlace::default()],
            by_key: HashMap::new(),
        }
    }

    /// The place of the documents themselves.
    pub(super) fn document(&self) -> &OutlinePlace {
        self.places.first().unwrap_or(&NOWHERE)
    }

    /// The places under the keys of the objects here, in the order in which they were met.
    pub(super) fn under<'a>(
        &'a self,
        place: &'a OutlinePlace,
    ) -> impl Iterator<Item = &'a OutlinePlace> {
        place.keys.iter().filter_map(|id| self.places.get(id.0))
    }

    /// The place of the elements of the lists here.
    pub(super) fn element(&self, place: &OutlinePlace) -> &OutlinePlace {
        let element = place.element.and_then(|id| self.places.get(id.0));
        element.unwrap_or(&NOWHERE)
    }

    fn note(&mut self, place: Option<OutlinePlaceId>, kind: ValueKind) {
        let Some(place) = self.place_mut(place) else {
            return;
        };
        match kind {
            ValueKind::Object => place.objects += 1,
            ValueKind::List => place.lists += 1,
            ValueKind::Filled => place.filled += 1,
        }
    }

    fn note_length(&mut self, list: Option<OutlinePlaceId>, elements: u64) {
        if let Some(place) = self.place_mut(list) {
            place.longest = place.longest.max(elements);
        }
    }

    fn place_mut(&mut self, place: Option<OutlinePlaceId>) -> Option<&mut OutlinePlace> {
        self.places.get_mut(place?.0)
    }

    /// The place of a list's elements; none where it is not noted.
    fn element_of(&mut self, list: Option<OutlinePlaceId>) -> Option<OutlinePlaceId> {
        let known = self.place_mut(list)?.element;
        let element = known.or_else(|| self.add(Vec::new()));
        self.place_mut(list)?.element = element;
        element
    }

    /// The place under a key, and where in its object the next key is expected: objects of one shape have theirs in one
    /// order.
    fn under_key(
        &mut self,
        object: Option<OutlinePlaceId>,
        key: &[u8],
        at: usize,
    ) -> (Option<OutlinePlaceId>, usize) {
        let expected = self.key_of(object, at);
        if expected.is_some_and(|place| self.is_called(place, key)) {
            return (expected, at + 1);
        }
        let Some(object) = object else {
            return (None, at);
        };
        match self.by_key.get(&(object, key.to_vec())) {
            Some(at) => (self.key_of(Some(object), *at), at + 1),
            None => self.add_key(object, key),
        }
    }

    fn key_of(&self, object: Option<OutlinePlaceId>, at: usize) -> Option<OutlinePlaceId> {
        self.places.get(object?.0)?.keys.get(at).copied()
    }

    fn is_called(&self, place: OutlinePlaceId, key: &[u8]) -> bool {
        let place = self.places.get(place.0);
        place.is_some_and(|place| place.raw_key == key)
    }

    fn add_key(&mut self, object: OutlinePlaceId, key: &[u8]) -> (Option<OutlinePlaceId>, usize) {
        let count = self
            .places
            .get(object.0)
            .map_or(0, |place| place.keys.len());
        // All further keys share the last place: an object of a million keys must stay within the limit.
        if count >= KEY_LIMIT {
            return (self.key_of(Some(object), KEY_LIMIT - 1), count);
        }
        let added = self.add(key.to_vec());
        if let (Some(place), Some(added)) = (self.place_mut(Some(object)), added) {
            place.keys.push(added);
            self.by_key.insert((object, key.to_vec()), count);
        }
        (added, count + 1)
    }

    fn add(&mut self, raw_key: Vec<u8>) -> Option<OutlinePlaceId> {
        let id = OutlinePlaceId(self.places.len());
        (id.0 < PLACE_LIMIT).then(|| {
            self.places.push(OutlinePlace {
                key: decoded(&raw_key),
                raw_key,
                ..OutlinePlace::default()
            });
            id
        })
    }
}

/// A key as it is written between its quotes, decoded.
fn decoded(raw: &[u8]) -> String {
    // One with a broken escape keeps its text: the reading reports it, or passes over it.
    let text = String::from_utf8_lossy(raw).into_owned();
    serde_json::from_str(&format!("\"{text}\"")).unwrap_or(text)
}
