//! What has digits and is no phone, by the way it is written: a date, an amount, a place, an address on the internet,
//! a tax number, a payment card. Their digits often make a valid number of somebody else.
//!
//! Knows no country: a date in the grouping of a region's own numbers is recognised where the numbering plan is asked.

use super::unreadable::Unreadable;

/// Why a text with digits is surely no phone, if it is not one.
pub(super) fn of(text: &str, has_minus: bool) -> Option<Unreadable> {
    if has_currency(text) || is_amount(text, has_minus) {
        return Some(if is_serial_date(text) {
            Unreadable::Date
        } else {
            Unreadable::Amount
        });
    }
    // What is in groups has a sign between them, and most numbers have none or begin with `+`.
    if text.starts_with('+') || !text.contains(SIGNS) {
        return None;
    }
    let kinds: [(IsKind, Unreadable); 6] = [
        (is_date, Unreadable::Date),
        (is_serial_date, Unreadable::Date),
        (is_place, Unreadable::Coordinates),
        (is_internet_address, Unreadable::InternetAddress),
        (is_tax_number, Unreadable::TaxNumber),
        (is_card, Unreadable::Card),
    ];
    let kind = kinds.iter().find(|(is_kind, _)| is_kind(text));
    kind.map(|(_, why)| *why)
}

/// Whether a text is of a kind.
type IsKind = fn(&str) -> bool;

/// What separates the groups of everything recognised here.
const SIGNS: [char; 5] = [' ', '-', '.', '/', ','];

/// The groups of a text that has only digits and one kind of sign between them.
fn groups(text: &str, sign: char) -> Option<Vec<&str>> {
    text.split(sign)
        .all(is_digits)
        .then(|| text.split(sign).collect())
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// `2024-03-05`, `05/03/2024`, `5.3.2024 14:30`: no phone is written so, and a year makes many of them valid local
/// ones.
fn is_date(text: &str) -> bool {
    let day = text.split_once([' ', 'T']).map_or(text, |(day, _)| day);
    let is_alone = text.len() == day.len() || text.contains(':');
    let is_written_so = |sign| matches!(date_groups(day, sign), Some([first, _, third]) if first.len() == 4 || third.len() == 4);
    is_alone && ['-', '/', '.'].into_iter().any(is_written_so)
}

/// Day, month and year as `17/12/12`, `01-12-99` or `05 12 2018`: what a phone may look like too. The sign between its
/// groups and their lengths, for the numbering plan to say whether its region writes phones so.
pub(super) fn possible_date(text: &str) -> Option<(char, [usize; 3])> {
    if text.len() > "31/12/2024".len() || !text.contains(SIGNS) {
        return None;
    }
    ['-', '/', '.', ' '].into_iter().find_map(|sign| {
        let groups = date_groups(text, sign)?;
        Some((sign, groups.map(str::len)))
    })
}

/// Three groups of which one may be a day, one a month and one a year, the year first or last.
fn date_groups(text: &str, sign: char) -> Option<[&str; 3]> {
    let groups: [&str; 3] = groups(text, sign)?.try_into().ok()?;
    let [first, second, third] = groups;
    let is_date = is_year(third) && is_day_and_month(first, second)
        || is_year(first) && is_day_and_month(third, second);
    is_date.then_some(groups)
}

fn is_day_and_month(one: &str, other: &str) -> bool {
    is_up_to(one, 31) && is_up_to(other, 12) || is_up_to(one, 12) && is_up_to(other, 31)
}

fn is_up_to(text: &str, most: u32) -> bool {
    let number = text.parse().ok().filter(|_| text.len() <= 2);
    number.is_some_and(|number: u32| (1..=most).contains(&number))
}

fn is_year(text: &str) -> bool {
    match text.len() {
        2 => true,
        4 => text.starts_with("19") || text.starts_with("20"),
        _ => false,
    }
}

/// `34213.8624`: how a spreadsheet holds a day and its hour, counted from 1900. (The days of 1954 to 2064.)
fn is_serial_date(text: &str) -> bool {
    let Some((days, hours)) = text.split_once(['.', ',']) else {
        return false;
    };
    let is_day = days.len() == 5
        && days
            .parse()
            .is_ok_and(|days| (20_000..=60_000).contains(&days));
    is_day && is_digits(hours) && has_decimals(hours)
}

fn has_decimals(fraction: &str) -> bool {
    fraction.bytes().any(|digit| digit != b'0')
}

/// Signs of money, and the one of a share.
const CURRENCIES: [char; 14] = [
    '$', '€', '£', '¥', '₹', '₽', '₺', '₩', '₪', '₫', '฿', '₴', '₦', '%',
];

fn has_currency(text: &str) -> bool {
    text.contains(CURRENCIES)
}

/// `-4915123456789`, which a spreadsheet made of `=+49-…`; `6545477861.81`, `2049,41`, `1.234.567,89`. What begins
/// with a zero was no sum.
fn is_amount(text: &str, has_minus: bool) -> bool {
    const NEGATIVE: usize = 5;
    const CENTS: usize = 2;
    // As many digits as a whole phone has: then any decimals are a calculation's.
    const WHOLE: usize = 10;
    let unsigned = text.strip_prefix('-').filter(|_| has_minus);
    let number = unsigned.unwrap_or(text);
    let (whole, fraction) = number.rsplit_once(['.', ',']).unwrap_or((number, ""));
    let sign = number
        .get(whole.len()..)
        .and_then(|from| from.chars().next());
    let is_cents = fraction.len() == CENTS && is_in_thousands(whole, sign);
    if whole.starts_with('0')
        || !fraction.bytes().all(|byte| byte.is_ascii_digit())
        || !is_digits(whole) && !is_cents
    {
        return false;
    }
    if unsigned.is_some() {
        return whole.len() >= NEGATIVE && fraction.len() <= CENTS;
    }
    has_decimals(fraction) && (fraction.len() <= CENTS || whole.len() >= WHOLE && sign == Some('.'))
}

/// `1.234.567`, `1,234`: with another sign than the one before the decimals.
fn is_in_thousands(text: &str, decimal: Option<char>) -> bool {
    let signs = ['.', ',', '\'', ' '].into_iter();
    signs.filter(|sign| Some(*sign) != decimal).any(|sign| {
        groups(text, sign).is_some_and(|groups| match groups.as_slice() {
            [first, rest @ ..] if !rest.is_empty() => {
                first.len() <= 3 && rest.iter().all(|group| group.len() == 3)
            }
            _ => false,
        })
    })
}

/// The digits of a whole number that a spreadsheet wrote with commas between thousands (`919,876,543,210`) or between
/// pairs (`98,76,54,32,10`). No group is long enough for a number of its own.
pub(super) fn without_thousands(text: &str) -> Option<String> {
    const FEWEST: usize = 3;
    const LONGEST: usize = 3;
    if !text.contains(',') {
        return None;
    }
    let whole = text
        .rsplit_once('.')
        .filter(|(_, zeros)| zeros.bytes().all(|digit| digit == b'0'))
        .map_or(text, |(whole, _)| whole);
    let groups = groups(whole.strip_prefix('+').unwrap_or(whole), ',')?;
    let is_whole = groups.len() >= FEWEST && groups.iter().all(|group| group.len() <= LONGEST);
    is_whole.then(|| whole.replace(',', ""))
}

/// `19.1015, 72.9141`: degrees of latitude and longitude.
fn is_place(text: &str) -> bool {
    const DECIMALS: usize = 3;
    let Some((latitude, longitude)) = text.split_once([',', ';', ' ', '/']) else {
        return false;
    };
    let is_degrees = |text: &str, most: u32| {
        let text = text.trim_matches([' ', ',', '-', '\u{B0}']);
        text.split_once('.').is_some_and(|(degrees, decimals)| {
            degrees.parse().is_ok_and(|degrees: u32| degrees <= most)
                && is_digits(decimals)
                && decimals.len() >= DECIMALS
        })
    };
    is_degrees(latitude, 180) && is_degrees(longitude, 180)
}

/// `192.168.39.153`: four numbers up to 255. Four groups of two digits are a phone's.
fn is_internet_address(text: &str) -> bool {
    let Some(groups) = groups(text, '.') else {
        return false;
    };
    let is_byte =
        |group: &&str| (!group.starts_with('0') || *group == "0") && group.parse::<u8>().is_ok();
    let is_of_one_width = groups
        .windows(2)
        .all(|pair| matches!(pair, [one, other] if one.len() == other.len()));
    let is_wide = groups.first().is_some_and(|first| first.len() == 3);
    groups.len() == 4 && groups.iter().all(is_byte) && (!is_of_one_width || is_wide)
}

/// Brazil's CPF (`010.695.752-54`) and CNPJ (`07.051.514/0001-61`), as Receita Federal writes them.
fn is_tax_number(text: &str) -> bool {
    is_in_form(text, "000.000.000-00") || is_in_form(text, "00.000.000/0000-00")
}

/// Payment cards in the groups that are printed on them (ISO/IEC 7812: 4-4-4-4; American Express: 4-6-5).
fn is_card(text: &str) -> bool {
    let forms = match text.get(..2) {
        Some("34" | "37") => ["0000 000000 00000", "0000-000000-00000"].as_slice(),
        _ => &[],
    };
    let most = [
        "0000 0000 0000 0000",
        "0000-0000-0000-0000",
        "0000.0000.0000.0000",
    ];
    let mut forms = forms.iter().chain(&most);
    forms.any(|form| is_in_form(text, form))
}

/// Whether a text has digits where a form has zeros, and the form's signs elsewhere.
fn is_in_form(text: &str, form: &str) -> bool {
    text.len() == form.len()
        && text
            .bytes()
            .zip(form.bytes())
            .all(|(byte, form)| match form {
                b'0' => byte.is_ascii_digit(),
                sign => byte == sign,
            })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_as_something_else_is_refused_as_what_it_is() {
        let cases: &[(Unreadable, &[&str])] = &[
            (
                Unreadable::Date,
                &[
                    "2024-03-05",
                    "05/03/2024",
                    "16.5.1985",
                    "2024-03-05 00:00:00",
                    "2024-03-05T14:30",
                    "34213.8624",
                    "45463,5461",
                    "43517.5",
                ],
            ),
            (
                Unreadable::Amount,
                &[
                    "6545477861.81",
                    "930361.65",
                    "2049,41",
                    "9876543210.123",
                    "1.234.567,89",
                    "1,234,567.89",
                    "12 345,67",
                    "$21,659.35",
                    "60.745,88 €",
                    "₹ 98765 43210",
                    "48651%",
                ],
            ),
            (
                Unreadable::Coordinates,
                &[
                    "19.1015, 72.9141",
                    "19.1015,-72.9141",
                    "52.52000 13.40500",
                    "19.1015/72.9141",
                ],
            ),
            (
                Unreadable::InternetAddress,
                &["192.168.39.153", "10.0.0.1", "192.168.139.153"],
            ),
            (
                Unreadable::TaxNumber,
                &["010.695.752-54", "78.944.024/0001-50"],
            ),
            (
                Unreadable::Card,
                &[
                    "4111 1111 1111 1111",
                    "5500-0000-0000-0004",
                    "3782 822463 10005",
                ],
            ),
        ];
        for (why, texts) in cases {
            for text in *texts {
                assert_eq!(of(text, false), Some(*why), "{text}");
            }
        }
    }

    #[test]
    fn a_negative_number_is_an_amount_and_a_dash_before_a_phone_is_not() {
        for text in ["-40913100", "-4915123456.5", "-5136090.0", "-124559"] {
            assert_eq!(of(text, true), Some(Unreadable::Amount), "{text}");
        }
        for text in ["- 0171 1234567", "-01711234567"] {
            assert_eq!(of(text, true), None, "{text}");
        }
    }

    #[test]
    fn what_a_phone_may_look_like_is_not_refused() {
        let texts = [
            "30/90/1820",
            "01-02-2034567",
            "2024-1234567",
            "06.12.34.56.78",
            "45.37.50.73",
            "089123456.78",
            "650.2530000",
            "98765.43210",
            "650.253.12",
            "6545477861.00",
            "+49 30 901820",
            "1.415.555.0123",
            "33.142.685.300",
            "4111 1111 1111",
        ];
        for text in texts {
            assert_eq!(of(text, false), None, "{text}");
        }
    }

    #[test]
    fn a_day_a_month_and_a_short_year_may_be_a_date() {
        for (text, groups) in [
            ("17/12/12", Some(('/', [2, 2, 2]))),
            ("22/09/60", Some(('/', [2, 2, 2]))),
            ("1-12-99", Some(('-', [1, 2, 2]))),
            ("99.12.31", Some(('.', [2, 2, 2]))),
            ("05 12 2018", Some((' ', [2, 2, 4]))),
            ("93.01.39", None),
            ("+17 12 12", None),
            ("17-12/12", None),
            ("171212", None),
        ] {
            assert_eq!(possible_date(text), groups, "{text}");
        }
    }

    #[test]
    fn commas_between_the_digits_of_a_whole_number_are_taken_out() {
        for (text, digits) in [
            ("919,876,543,210", Some("919876543210")),
            ("98,76,54,32,10", Some("9876543210")),
            ("919,876,543,210.00", Some("919876543210")),
            ("98765,43210", None),
            ("030,901820", None),
            ("919,876, 543,210", None),
        ] {
            assert_eq!(without_thousands(text).as_deref(), digits, "{text}");
        }
    }
}
