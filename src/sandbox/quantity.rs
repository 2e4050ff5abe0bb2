//! Probabilities, durations, sizes and beginnings of phone numbers, as they are written in a list of faults.
//!
//! Each reader answers `None` for what it does not understand; the words for the user are with the faults.

use std::time::Duration;

/// A number from 0 to 1.
pub(super) fn probability(text: &str) -> Option<f64> {
    text.parse().ok().filter(|odds| (0.0..=1.0).contains(odds))
}

/// Whole numbers with a unit, one after the other: `300ms`, `2s`, `1h30m`.
pub(super) fn duration(text: &str) -> Option<Duration> {
    let mut millis = 0_u64;
    let mut rest = text;
    while !rest.is_empty() {
        let (piece, tail) = first_piece(rest)?;
        millis = millis.checked_add(piece)?;
        rest = tail;
    }
    (!text.is_empty()).then(|| Duration::from_millis(millis))
}

/// The milliseconds of the first number and its unit, and the text after them.
fn first_piece(text: &str) -> Option<(u64, &str)> {
    let (count, rest) = text.split_at(text.find(|c: char| !c.is_ascii_digit())?);
    let (unit, tail) = rest.split_at(
        rest.find(|c: char| c.is_ascii_digit())
            .unwrap_or(rest.len()),
    );
    let unit = match unit {
        "ms" => 1,
        "s" => 1_000,
        "m" => 60_000,
        "h" => 3_600_000,
        _ => return None,
    };
    Some((count.parse::<u64>().ok()?.checked_mul(unit)?, tail))
}

/// Bytes: `500`, `50kB` (1,000), `50KiB` (1,024), `1MB`, `1MiB`; the unit in any case.
pub(super) fn size(text: &str) -> Option<usize> {
    let (count, unit) = text.split_at(
        text.find(|c: char| !c.is_ascii_digit())
            .unwrap_or(text.len()),
    );
    let unit = match unit.to_ascii_lowercase().as_str() {
        "" | "b" => 1,
        "kb" => 1_000,
        "kib" => 1_024,
        "mb" => 1_000_000,
        "mib" => 1_048_576,
        _ => return None,
    };
    count.parse::<usize>().ok()?.checked_mul(unit)
}

/// Which phone numbers are meant: one of them, or all with one beginning.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Numbers {
    /// Prefix and number joined, or their beginning; an empty one is every number.
    digits: String,
    is_beginning: bool,
}

impl Numbers {
    /// Reads `+911234567890`, or a beginning: `+9112…`, `+9112...`, `+9112*`. The `+` may be left out; `*` alone is
    /// every number.
    pub(super) fn read(text: &str) -> Option<Numbers> {
        let digits = text.strip_prefix('+').unwrap_or(text);
        let beginning = ["…", "...", "*"]
            .iter()
            .find_map(|end| digits.strip_suffix(end));
        let numbers = Numbers {
            digits: beginning.unwrap_or(digits).to_owned(),
            is_beginning: beginning.is_some(),
        };
        let is_plain = numbers.digits.bytes().all(|byte| byte.is_ascii_digit());
        (is_plain && (numbers.is_beginning || !numbers.digits.is_empty())).then_some(numbers)
    }

    /// Whether `number` (prefix and number joined) is meant.
    pub(super) fn include(&self, number: &str) -> bool {
        match self.is_beginning {
            true => number.starts_with(&self.digits),
            false => number == self.digits,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_probability_is_a_number_from_0_to_1() {
        for (text, odds) in [
            ("0", Some(0.0)),
            ("0.05", Some(0.05)),
            (".5", Some(0.5)),
            ("1", Some(1.0)),
        ] {
            assert_eq!(probability(text), odds, "{text}");
        }
        for text in ["", "1.01", "-0.1", "10%", "NaN", "inf", "often"] {
            assert_eq!(probability(text), None, "{text}");
        }
    }

    #[test]
    fn a_duration_is_numbers_with_units() {
        for (text, millis) in [
            ("0s", 0),
            ("50ms", 50),
            ("2s", 2_000),
            ("5m", 300_000),
            ("1h30m", 5_400_000),
        ] {
            assert_eq!(
                duration(text),
                Some(Duration::from_millis(millis)),
                "{text}"
            );
        }
        for text in [
            "",
            "5",
            "s",
            "2 s",
            "1.5s",
            "2days",
            "-1s",
            "1h30",
            "99999999999999999999s",
            "9999999999999999999h",
        ] {
            assert_eq!(duration(text), None, "{text}");
        }
    }

    #[test]
    fn a_size_is_bytes_with_a_unit_or_without() {
        for (text, bytes) in [
            ("0", 0),
            ("500", 500),
            ("50kB", 50_000),
            ("50KB", 50_000),
            ("2KiB", 2_048),
            ("1MB", 1_000_000),
        ] {
            assert_eq!(size(text), Some(bytes), "{text}");
        }
        for text in [
            "",
            "kB",
            "1.5kB",
            "-1",
            "1 kB",
            "5 apples",
            "99999999999999999999",
        ] {
            assert_eq!(size(text), None, "{text}");
        }
    }

    #[test]
    fn an_ending_star_means_every_number_with_that_beginning() {
        let meant = |text, number| Numbers::read(text).map(|numbers| numbers.include(number));
        for (text, number, included) in [
            ("+911234567890", "911234567890", Some(true)),
            ("911234567890", "911234567890", Some(true)),
            ("+9112", "911234567890", Some(false)),
            ("+9112*", "911234567890", Some(true)),
            ("+9112…", "911234567890", Some(true)),
            ("+9112...", "911234567890", Some(true)),
            ("+44*", "911234567890", Some(false)),
            ("*", "911234567890", Some(true)),
            ("", "911234567890", None),
            ("+", "911234567890", None),
            ("+91 12", "911234567890", None),
            ("IN*", "911234567890", None),
        ] {
            assert_eq!(meant(text, number), included, "{text} for {number}");
        }
    }
}
