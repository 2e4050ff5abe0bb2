//! Durations, sizes and counts as users type and read them.

use std::time::Duration;

/// Why a text is no duration or size.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum UnitError {
    /// No duration.
    #[error("is no duration: write it like 300ms, 2s, 5m or 1h30m")]
    Duration,
    /// No size.
    #[error("is no size: write it like 90000, 90kB (1,000 bytes each) or 90KiB (1,024)")]
    Size,
}

/// Reads `300ms`, `2s`, `5m`, `1h30m`; `0` needs no unit.
///
/// # Errors
/// It is not a duration, or is longer than a year.
pub(crate) fn parse_duration(text: &str) -> Result<Duration, UnitError> {
    // jiff's parser takes more (`1.5h`, `2 hours ago`) and less (no days, units only in descending order): guarding it
    // would take as much code as this.
    let mut rest = text.trim();
    if rest == "0" {
        return Ok(Duration::ZERO);
    }
    let mut total = 0u64;
    while !rest.is_empty() {
        let (count, after) = number(rest).ok_or(UnitError::Duration)?;
        let unit_ends = after
            .find(|c: char| c.is_ascii_digit())
            .unwrap_or(after.len());
        let (unit, after) = after.split_at(unit_ends);
        let part = count.checked_mul(milliseconds(unit).ok_or(UnitError::Duration)?);
        total = part
            .and_then(|part| total.checked_add(part))
            .ok_or(UnitError::Duration)?;
        rest = after;
    }
    // A year bounds what timers are given; anything longer is a slip of the unit.
    let most = 366 * 24 * 3_600_000;
    if text.trim().is_empty() || total > most {
        Err(UnitError::Duration)
    } else {
        Ok(Duration::from_millis(total))
    }
}

fn milliseconds(unit: &str) -> Option<u64> {
    Some(match unit {
        "ms" => 1,
        "s" => 1_000,
        "m" => 60_000,
        "h" => 3_600_000,
        "d" => 86_400_000,
        _ => return None,
    })
}

/// Reads a size in bytes: `90000`, `90kB` (1,000), `90KiB` (1,024).
///
/// # Errors
/// It is not a size.
pub(crate) fn parse_size(text: &str) -> Result<usize, UnitError> {
    let (count, unit) = number(text.trim()).ok_or(UnitError::Size)?;
    let factor = match unit.trim().to_ascii_lowercase().as_str() {
        "" | "b" => 1,
        "kb" => 1_000,
        "kib" => 1_024,
        "mb" => 1_000_000,
        "mib" => 1_048_576,
        _ => return Err(UnitError::Size),
    };
    let bytes = count.checked_mul(factor).ok_or(UnitError::Size)?;
    usize::try_from(bytes).map_err(|_| UnitError::Size)
}

fn number(text: &str) -> Option<(u64, &str)> {
    let ends = text
        .find(|c: char| !c.is_ascii_digit())
        .unwrap_or(text.len());
    let (digits, rest) = text.split_at(ends);
    Some((digits.parse().ok()?, rest))
}

/// A duration for a user: `41.2 s`, `5 min`, `1 h 30 min`.
pub(crate) fn duration(duration: Duration) -> String {
    let seconds = duration.as_secs();
    match seconds {
        0..60 => tidy(duration.as_secs_f64()),
        60..3_600 => two(seconds / 60, "min", seconds % 60, "s"),
        3_600..86_400 => two(seconds / 3_600, "h", seconds % 3_600 / 60, "min"),
        _ => two(seconds / 86_400, "d", seconds % 86_400 / 3_600, "h"),
    }
}

fn tidy(seconds: f64) -> String {
    let text = if seconds < 1.0 {
        format!("{seconds:.2}")
    } else {
        format!("{seconds:.1}")
    };
    let text = text.trim_end_matches('0').trim_end_matches('.');
    format!("{} s", if text.is_empty() { "0" } else { text })
}

fn two(first: u64, first_unit: &str, second: u64, second_unit: &str) -> String {
    if second == 0 {
        format!("{first} {first_unit}")
    } else {
        format!("{first} {first_unit} {second} {second_unit}")
    }
}

/// A size for a user: `45 kB`.
pub(crate) fn size(bytes: usize) -> String {
    if bytes < 10_000 {
        format!("{} bytes", grouped(bytes))
    } else {
        format!("{} kB", grouped(bytes / 1_000))
    }
}

/// A number with its thousands apart: `12,400`.
pub(crate) fn grouped(number: impl TryInto<u64>) -> String {
    let digits = number.try_into().unwrap_or(u64::MAX).to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// A count with its noun: `1 row`, `12,400 rows`.
pub fn counted(number: u64, noun: &str) -> String {
    format!(
        "{} {noun}{}",
        grouped(number),
        if number == 1 { "" } else { "s" }
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_read_as_people_type_them() {
        for (text, milliseconds) in [
            ("300ms", 300),
            ("2s", 2_000),
            ("5m", 300_000),
            ("1h30m", 5_400_000),
            ("0", 0),
            ("0s", 0),
            (" 2s ", 2_000),
        ] {
            assert_eq!(
                parse_duration(text),
                Ok(Duration::from_millis(milliseconds)),
                "{text}"
            );
        }
        for text in [
            "",
            "5",
            "s",
            "-1s",
            "1.5s",
            "5 m",
            "5x",
            "99999999999999999999s",
            "9999d",
        ] {
            assert_eq!(parse_duration(text), Err(UnitError::Duration), "{text}");
        }
    }

    #[test]
    fn sizes_tell_thousands_from_1024() {
        for (text, bytes) in [
            ("90000", 90_000),
            ("90kB", 90_000),
            ("90KB", 90_000),
            ("90KiB", 92_160),
            ("1MB", 1_000_000),
        ] {
            assert_eq!(parse_size(text), Ok(bytes), "{text}");
        }
        for text in [
            "",
            "kB",
            "-1",
            "1.5kB",
            "90 bananas",
            "99999999999999999999",
        ] {
            assert_eq!(parse_size(text), Err(UnitError::Size), "{text}");
        }
    }

    #[test]
    fn durations_are_shown_as_people_say_them() {
        for (milliseconds, text) in [
            (0, "0 s"),
            (40, "0.04 s"),
            (2_410, "2.4 s"),
            (41_200, "41.2 s"),
            (30_000, "30 s"),
            (300_000, "5 min"),
            (5_400_000, "1 h 30 min"),
            (90_000_000, "1 d 1 h"),
        ] {
            assert_eq!(duration(Duration::from_millis(milliseconds)), text);
        }
    }

    #[test]
    fn numbers_are_grouped() {
        for (number, text) in [
            (0u64, "0"),
            (999, "999"),
            (1_000, "1,000"),
            (12_400, "12,400"),
            (1_234_567, "1,234,567"),
        ] {
            assert_eq!(grouped(number), text);
        }
        assert_eq!(
            (counted(1, "row"), counted(2, "row")),
            ("1 row".to_owned(), "2 rows".to_owned())
        );
    }
}
