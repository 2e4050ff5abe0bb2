//! Places in words: the first rows of a group, with their files where there are several.

use std::fmt::Write as _;

use crate::record::Place;
use crate::text::safe;
use crate::units::grouped;

/// `rows 6, 19, 20, …`, or with several inputs `a.csv row 6, b.csv row 19, …`.
///
/// `count` is how many rows the group has, of which `places` are the first.
pub(super) fn rows(inputs: &[String], places: &[Place], count: u64) -> String {
    let mut places = places.to_vec();
    places.sort_unstable();
    let several = inputs.len() > 1;
    let mut text = if several {
        String::new()
    } else {
        plural(places.len()).to_owned()
    };
    for (index, place) in places.iter().enumerate() {
        let separator = if index == 0 { "" } else { "," };
        let file = if several {
            format!(" {} row", name(inputs, *place))
        } else {
            String::new()
        };
        let _ = write!(text, "{separator}{file} {}", grouped(place.row));
    }
    if usize::try_from(count).is_ok_and(|count| count > places.len()) {
        text.push_str(", …");
    }
    text.trim_start().to_owned()
}

/// The input that a row is in, safe for a terminal.
pub(super) fn name(inputs: &[String], place: Place) -> String {
    inputs
        .get(place.input.0)
        .map_or_else(String::new, |name| safe(name).into_owned())
}

fn plural(rows: usize) -> &'static str {
    if rows == 1 { "row" } else { "rows" }
}
