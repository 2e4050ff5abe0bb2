//! Characters written as in HTML, which exports of web shops and forms leave in cells: `&amp;`, `&#39;`.
//!
//! Owns the names and the decoding. Which texts are decoded is not known here.

use std::borrow::Cow;

/// The named characters of HTML 4 (section 24) that people's texts have, each behind its name: letters and punctuation.
/// The names of mathematical signs are also words between an ampersand and a semicolon (`&and;`, `&sub;`).
const NAMED: &str = "quot\" amp& apos' lt< gt> nbsp\u{A0} iexcl¡ cent¢ pound£ curren¤ yen¥ brvbar¦ sect§ uml¨ copy© \
    ordfª laquo« shy\u{AD} reg® macr¯ deg° plusmn± sup2² sup3³ acute´ microµ para¶ middot· cedil¸ sup1¹ \
    ordmº raquo» frac14¼ frac12½ frac34¾ iquest¿ AgraveÀ AacuteÁ AcircÂ AtildeÃ AumlÄ AringÅ AEligÆ \
    CcedilÇ EgraveÈ EacuteÉ EcircÊ EumlË IgraveÌ IacuteÍ IcircÎ IumlÏ ETHÐ NtildeÑ OgraveÒ OacuteÓ \
    OcircÔ OtildeÕ OumlÖ times× OslashØ UgraveÙ UacuteÚ UcircÛ UumlÜ YacuteÝ THORNÞ szligß agraveà \
    aacuteá acircâ atildeã aumlä aringå aeligæ ccedilç egraveè eacuteé ecircê eumlë igraveì iacuteí \
    icircî iumlï ethð ntildeñ ograveò oacuteó ocircô otildeõ oumlö divide÷ oslashø ugraveù uacuteú \
    ucircû uumlü yacuteý thornþ yumlÿ OEligŒ oeligœ ScaronŠ scaronš YumlŸ fnofƒ circˆ tilde˜ \
    ensp\u{2002} emsp\u{2003} thinsp\u{2009} zwnj\u{200C} zwj\u{200D} lrm\u{200E} rlm\u{200F} ndash– \
    mdash— lsquo‘ rsquo’ sbquo‚ ldquo“ rdquo” bdquo„ dagger† Dagger‡ bull• hellip… permil‰ lsaquo‹ \
    rsaquo› euro€ trade™";

/// The longest name or number of a character, in bytes.
const LONGEST: usize = 8;

/// What went through two such programs is `&amp;amp;`. The bound keeps a hostile text from being read again and again.
const MOST_TIMES: usize = 3;

/// A text with the characters that are meant; borrowed where nothing is written like this, as in nearly all texts.
pub(crate) fn decoded(text: &str) -> Cow<'_, str> {
    let mut decoded = Cow::Borrowed(text);
    for _ in 0..MOST_TIMES {
        let Some(next) = decoded_once(&decoded) else {
            break;
        };
        decoded = Cow::Owned(next);
    }
    decoded
}

/// `None` where there is nothing to decode.
fn decoded_once(text: &str) -> Option<String> {
    let mut decoded = String::new();
    let mut is_changed = false;
    let mut rest = text;
    while let Some((before, from)) = rest.split_once('&') {
        let (c, after) = entity(from).unwrap_or(('&', from));
        is_changed |= after.len() < from.len();
        decoded.push_str(before);
        decoded.push(c);
        rest = after;
    }
    is_changed.then(|| decoded + rest)
}

/// The character that begins behind an ampersand, and what follows it. Only with its semicolon: `R&D`, `AT&T` and
/// `?a=1&copy=2` are text.
fn entity(from: &str) -> Option<(char, &str)> {
    let end = from
        .bytes()
        .take(LONGEST + 1)
        .position(|byte| byte == b';')?;
    let (name, rest) = from.split_at_checked(end)?;
    let c = match name.strip_prefix('#') {
        Some(number) => numbered(number)?,
        None => named(name)?,
    };
    Some((c, rest.strip_prefix(';')?))
}

fn named(name: &str) -> Option<char> {
    let mut all = NAMED.split(' ');
    all.find_map(|entry| {
        let rest = entry.strip_prefix(name)?;
        let c = rest.chars().next()?;
        (c.len_utf8() == rest.len()).then_some(c)
    })
    .filter(|_| !name.is_empty())
}

/// In the numbers from 128 to 159, which Unicode gives to controls, HTML (13.2.5.80) reads Windows' characters.
fn numbered(number: &str) -> Option<char> {
    const WINDOWS: [char; 32] = [
        '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8D}', 'Ž',
        '\u{8F}', '\u{90}', '‘', '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9D}',
        'ž', 'Ÿ',
    ];
    let code = match number.strip_prefix(['x', 'X']) {
        Some(hex) if hex.bytes().all(|byte| byte.is_ascii_hexdigit()) => {
            u32::from_str_radix(hex, 16).ok()?
        }
        None if number.bytes().all(|byte| byte.is_ascii_digit()) => number.parse().ok()?,
        _ => return None,
    };
    let windows = code
        .checked_sub(0x80)
        .and_then(|at| WINDOWS.get(usize::try_from(at).ok()?));
    windows
        .copied()
        .or_else(|| char::from_u32(code))
        .filter(|c| *c != '\0')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn characters_written_as_in_html_are_decoded() {
        for (text, expected) in [
            ("Food &amp; Drink", "Food & Drink"),
            ("O&#39;Brien &#x26; Sons", "O'Brien & Sons"),
            ("Jos&eacute; Mu&ntilde;oz", "José Muñoz"),
            ("&quot;Asha&quot;&nbsp;Rao", "\"Asha\"\u{A0}Rao"),
            ("Ann&#146;s &#128;", "Ann’s €"),
            ("R&amp;amp;D", "R&D"),
            ("&amp;eacute;", "é"),
            ("&#x1F600;", "😀"),
            ("&&amp;&", "&&&"),
        ] {
            assert_eq!(decoded(text), expected, "{text}");
        }
    }

    #[test]
    fn an_ampersand_that_begins_no_character_is_text() {
        for text in [
            "R&D;VIP",
            "AT&T",
            "&;",
            "&#;",
            "&#x;",
            "&#0;",
            "&#xD800;",
            "&#99999999;",
            "&#+12;",
            "&amp",
            "&Amp;",
            "&copy=2;",
            "rock&sub;roll",
            "&é;",
            "",
        ] {
            assert!(
                matches!(decoded(text), Cow::Borrowed(same) if same == text),
                "{text}"
            );
        }
    }
}
