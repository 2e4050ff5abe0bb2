//! What a cell with digits may be as a whole: a WhatsApp link, which is a phone without a `+`; or a date, an amount or a
//! number with hidden digits, which are none.

use super::error::Unreadable;

/// What stands before the number in a link to a chat (WhatsApp, "How to use click to chat").
const BEFORE: [&str; 4] = ["wa.me/", "send?phone=", "send/?phone=", "chat?phone="];
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
        let leads = at == 0 || lower.starts_with("http") || lower.starts_with("whatsapp:");
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
pub(super) fn foreign(text: &str) -> Option<Unreadable> {
    if is_date(text) {
        Some(Unreadable::Date)
    } else if is_amount(text) {
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

/// `-4915123456789`, which a spreadsheet made of `=+49-…`; `6545477861.81`.
fn is_amount(text: &str) -> bool {
    const WHOLE: usize = 7;
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let unsigned = text.strip_prefix('-');
    let (whole, fraction) = unsigned.unwrap_or(text).split_once('.').unwrap_or_default();
    let is_fraction = digits(whole)
        && digits(fraction)
        && (1..=2).contains(&fraction.len())
        && whole.len() >= WHOLE
        && fraction.bytes().any(|digit| digit != b'0');
    unsigned.is_some_and(digits) || is_fraction
}

/// `0522 ... 334`, `052****334`: three signs in a row stand for digits that nobody was to see.
fn is_masked(text: &str) -> bool {
    const HIDDEN: usize = 3;
    let between = text.trim_matches(|c: char| !c.is_ascii_digit()).as_bytes();
    let is_hidden = |run: &[u8]| {
        let first = run.first();
        run.iter()
            .all(|sign| first == Some(sign) && b".-*xX#_?".contains(sign))
    };
    between.windows(HIDDEN).any(is_hidden) || text.ends_with("...") || text.ends_with("---")
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
            ("650.2530000", None),
            ("6545477861.00", None),
            ("522....334", Some(Unreadable::Masked)),
            ("+91 98*** **210", Some(Unreadable::Masked)),
            ("0522xxx334", Some(Unreadable::Masked)),
            ("+358 500692...", Some(Unreadable::Masked)),
            ("030 -- 901820", None),
            ("030 901820 x12", None),
        ] {
            assert_eq!(foreign(text), expected, "{text}");
        }
    }
}
