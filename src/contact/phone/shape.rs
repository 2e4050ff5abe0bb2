//! What a cell with digits may be as a whole: a WhatsApp link, which is a phone without a `+`; or a date, an amount or a
//! number with hidden digits, which are none.

use super::error::Unreadable;

/// What stands before the number in a link to a chat (WhatsApp, "How to use click to chat").
const BEFORE: [&str; 3] = ["wa.me/", "send?phone=", "send/?phone="];
/// What stands behind the number where WhatsApp and the tools on top of it name a chat.
const BEHIND: [&str; 2] = ["@c.us", "@s.whatsapp.net"];

/// The number of a WhatsApp link or chat, with `+`: it starts with its calling code there.
pub(super) fn linked(text: &str) -> Option<String> {
    // Nearly no cell is one, and all are looked at.
    if !text.contains(['/', '@']) {
        return None;
    }
    let lower = text.to_ascii_lowercase();
    let after = BEFORE.iter().find_map(|before| {
        let at = lower.find(before)?;
        let host = lower.split_at_checked(at)?.0;
        let leads = match *before {
            "wa.me/" => host.is_empty() || host.starts_with("http") && host.ends_with('/'),
            _ => host.contains("whatsapp"),
        };
        lower.split_at_checked(at + before.len()).filter(|_| leads)
    });
    let number = match after {
        Some((_, number)) => number.split(['?', '&', '/', '#']).next(),
        None => BEHIND.iter().find_map(|behind| lower.strip_suffix(behind)),
    };
    let digits = number?.trim_start_matches('+').trim_start_matches("%2b");
    let is_number = digits.len() > 6 && digits.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then(|| format!("+{digits}"))
}

/// Why a text with digits is surely no phone, if it is none.
pub(super) fn foreign(cell: &str, text: &str) -> Option<Unreadable> {
    // A longer dash before a number is a bullet.
    let has_minus = cell.trim_start().starts_with(['-', '\u{2212}']);
    if is_date(text) {
        Some(Unreadable::Date)
    } else if is_amount(text, has_minus) {
        Some(Unreadable::Amount)
    } else if is_masked(text) {
        Some(Unreadable::Masked)
    } else {
        None
    }
}

/// `2024-03-05`, `05/03/2024`, `5.3.2024 14:30`: no phone is written so, and a year makes many of them valid local ones.
fn is_date(text: &str) -> bool {
    let day = text.split([' ', 'T']).next().unwrap_or_default();
    let is_alone = text.len() == day.len() || text.contains(':');
    let parted = ['-', '/', '.'].into_iter().find(|sign| day.contains(*sign));
    let Some(parts) = parted.map(|sign| day.split(sign).collect::<Vec<&str>>()) else {
        return false;
    };
    let [first, second, third] = parts.as_slice() else {
        return false;
    };
    let small = |text: &str, most: u32| {
        let number = text.parse().ok().filter(|_| text.len() <= 2);
        number.is_some_and(|number: u32| (1..=most).contains(&number))
    };
    let year = |text: &str| text.len() == 4 && (text.starts_with("19") || text.starts_with("20"));
    let day_and_month = |one: &str, other: &str| {
        small(one, 31) && small(other, 12) || small(one, 12) && small(other, 31)
    };
    is_alone
        && (year(first) && day_and_month(third, second)
            || year(third) && day_and_month(first, second))
}

/// `-4915123456789`, which a spreadsheet made of `=+49-…`; `6545477861.81`. What begins with a zero was no sum.
fn is_amount(text: &str, has_minus: bool) -> bool {
    const WHOLE: usize = 7;
    const NEGATIVE: usize = 5;
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let unsigned = text.strip_prefix('-').filter(|_| has_minus);
    let (whole, fraction) = unsigned
        .unwrap_or(text)
        .split_once('.')
        .unwrap_or((unsigned.unwrap_or(text), ""));
    let fewest = if unsigned.is_some() { NEGATIVE } else { WHOLE };
    let is_number = whole.len() >= fewest
        && !whole.starts_with('0')
        && digits(whole)
        && digits(fraction)
        && fraction.len() <= 2;
    let has_decimals = fraction.bytes().any(|digit| digit != b'0');
    is_number && (unsigned.is_some() || has_decimals)
}

/// `0522....334`, `052****334`: signs between digits stand for some that nobody was to see, and so does `…` at the end. Dots
/// in more than one place are punctuation.
fn is_masked(text: &str) -> bool {
    const HIDDEN: usize = 3;
    let signs = text.split(|c: char| c.is_ascii_digit()).skip(1);
    let mut between: Vec<&str> = signs.collect();
    let ends = between.pop().unwrap_or_default();
    let is_run = |signs: &&str, known: &[u8]| {
        signs.len() >= HIDDEN && signs.bytes().all(|sign| known.contains(&sign))
    };
    let dotted = between.iter().filter(|signs| is_run(signs, b".")).count();
    let is_hidden = between.iter().any(|signs| is_run(signs, b"*xX#_?"));
    let mixed = between
        .iter()
        .any(|signs| signs.contains("***") || signs.contains("xxx"));
    is_hidden || mixed || dotted == 1 || ["...", "---"].contains(&ends) || ends.trim() == "***"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_to_a_chat_is_a_phone() {
        for (text, number) in [
            ("https://wa.me/919876543210", Some("+919876543210")),
            ("wa.me/919876543210?text=hi", Some("+919876543210")),
            (
                "HTTPS://API.WHATSAPP.COM/send?phone=919876543210",
                Some("+919876543210"),
            ),
            (
                "https://api.whatsapp.com/send/?phone=%2B919876543210&x=1",
                Some("+919876543210"),
            ),
            ("whatsapp://send?phone=+919876543210", Some("+919876543210")),
            ("919876543210@c.us", Some("+919876543210")),
            ("919876543210@s.whatsapp.net", Some("+919876543210")),
            ("https://wa.me/message/ABC123", None),
            ("asha@c.us", None),
            ("my wa.me/919876543210", None),
            ("https://notwa.me/919876543210", None),
            ("https://example.com/send?phone=919876543210", None),
            ("+91 98765 43210", None),
        ] {
            assert_eq!(linked(text).as_deref(), number, "{text}");
        }
    }

    #[test]
    fn dates_amounts_and_hidden_digits_are_no_phones() {
        for (text, expected) in [
            ("2024-03-05", Some(Unreadable::Date)),
            ("05/03/2024", Some(Unreadable::Date)),
            ("16.5.1985", Some(Unreadable::Date)),
            ("2024-03-05 00:00:00", Some(Unreadable::Date)),
            ("2024-03-05T14:30", Some(Unreadable::Date)),
            ("30/90/1820", None),
            ("01-02-2034567", None),
            ("2024-1234567", None),
            ("-40913100", Some(Unreadable::Amount)),
            ("-4915123456.5", Some(Unreadable::Amount)),
            ("6545477861.81", Some(Unreadable::Amount)),
            ("- 0171 1234567", None),
            ("-01711234567", None),
            ("-5136090.0", Some(Unreadable::Amount)),
            ("-124559", Some(Unreadable::Amount)),
            ("02 1206 8---", Some(Unreadable::Masked)),
            ("06.12.34.56.78 ---", None),
            ("089123456.78", None),
            ("06...12...34...56...78", None),
            ("0171---1234567", None),
            ("650.2530000", None),
            ("6545477861.00", None),
            ("522....334", Some(Unreadable::Masked)),
            ("+91 98*** **210", Some(Unreadable::Masked)),
            ("0522xxx334", Some(Unreadable::Masked)),
            ("+358 500692...", Some(Unreadable::Masked)),
            ("030 -- 901820", None),
            ("030 901820 x12", None),
        ] {
            assert_eq!(foreign(text, text), expected, "{text}");
        }
    }
}
