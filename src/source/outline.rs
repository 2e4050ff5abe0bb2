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

static NOWHERE: Place = Place {
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
    places: Vec<Place>,
    /// For each place with several keys, where its keys are in its own list.
    by_key: HashMap<(PlaceId, Vec<u8>), usize>,
}

/// All values that are reached by the same keys; the elements of a list are reached alike.
#[derive(Default)]
pub(super) struct Place {
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
    keys: Vec<PlaceId>,
    element: Option<PlaceId>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct PlaceId(usize);

/// A value, as far as an outline knows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Object,
    List,
    Filled,
}

impl Outline {
    fn new() -> Outline {
        Outline {
            places: vec![Place::default()],
            by_key: HashMap::new(),
        }
    }

    /// The place of the documents themselves.
    pub(super) fn document(&self) -> &Place {
        self.places.first().unwrap_or(&NOWHERE)
    }

    /// The places under the keys of the objects here, in the order in which they were met.
    pub(super) fn under<'a>(&'a self, place: &'a Place) -> impl Iterator<Item = &'a Place> {
        place.keys.iter().filter_map(|id| self.places.get(id.0))
    }

    /// The place of the elements of the lists here.
    pub(super) fn element(&self, place: &Place) -> &Place {
        let element = place.element.and_then(|id| self.places.get(id.0));
        element.unwrap_or(&NOWHERE)
    }

    fn note(&mut self, place: Option<PlaceId>, kind: Kind) {
        let Some(place) = self.place_mut(place) else {
            return;
        };
        match kind {
            Kind::Object => place.objects += 1,
            Kind::List => place.lists += 1,
            Kind::Filled => place.filled += 1,
        }
    }

    fn note_length(&mut self, list: Option<PlaceId>, elements: u64) {
        if let Some(place) = self.place_mut(list) {
            place.longest = place.longest.max(elements);
        }
    }

    fn place_mut(&mut self, place: Option<PlaceId>) -> Option<&mut Place> {
        self.places.get_mut(place?.0)
    }

    /// The place of a list's elements; none where it is not noted.
    fn element_of(&mut self, list: Option<PlaceId>) -> Option<PlaceId> {
        let known = self.place_mut(list)?.element;
        let element = known.or_else(|| self.add(Vec::new()));
        self.place_mut(list)?.element = element;
        element
    }

    /// The place under a key, and where in its object the next key is expected: objects of one shape have theirs in one
    /// order.
    fn under_key(
        &mut self,
        object: Option<PlaceId>,
        key: &[u8],
        at: usize,
    ) -> (Option<PlaceId>, usize) {
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

    fn key_of(&self, object: Option<PlaceId>, at: usize) -> Option<PlaceId> {
        self.places.get(object?.0)?.keys.get(at).copied()
    }

    fn is_called(&self, place: PlaceId, key: &[u8]) -> bool {
        let place = self.places.get(place.0);
        place.is_some_and(|place| place.raw_key == key)
    }

    fn add_key(&mut self, object: PlaceId, key: &[u8]) -> (Option<PlaceId>, usize) {
        let count = self
            .places
            .get(object.0)
            .map_or(0, |place| place.keys.len());
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

    fn add(&mut self, raw_key: Vec<u8>) -> Option<PlaceId> {
        let id = PlaceId(self.places.len());
        (id.0 < PLACE_LIMIT).then(|| {
            self.places.push(Place {
                key: decoded(&raw_key),
                raw_key,
                ..Place::default()
            });
            id
        })
    }
}

/// A key as it is written between its quotes, decoded.
fn decoded(raw: &[u8]) -> String {
    let text = String::from_utf8_lossy(raw).into_owned();
    serde_json::from_str(&format!("\"{text}\"")).unwrap_or(text)
}
