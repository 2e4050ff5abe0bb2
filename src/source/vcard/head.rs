//! Name and parameters of a property: what is before the colon of its first line.
//!
//! Owns the parameters that say how the value is written, and rewrites the others so that calcard reads them as
//! meant.

use super::charset::{Charsets, TransferEncoding};

/// Name and parameters, and the value behind the colon. A colon in a quoted parameter does not count.
#[expect(
    clippy::indexing_slicing,
    reason = "the colon is at a place in the line"
)]
pub(super) fn parted(line: &[u8]) -> (&[u8], &[u8]) {
    let mut quoted = false;
    let colon = line.iter().position(|byte| {
        quoted ^= *byte == b'"';
        !quoted && *byte == b':'
    });
    // With a quote that is never closed, the first colon: the value is worth more than the parameter.
    let colon = colon.or_else(|| line.iter().position(|byte| *byte == b':'));
    match colon {
        Some(at) => (&line[..at], &line[at + 1..]),
        None => (line, b""),
    }
}

/// The name in upper case, without its group.
pub(super) fn name(head: &[u8]) -> String {
    let before_parameters = head.split(|byte| *byte == b';').next().unwrap_or_default();
    let after_group = before_parameters.rsplit(|byte| *byte == b'.').next();
    let name = after_group.unwrap_or_default().trim_ascii();
    String::from_utf8_lossy(name).to_ascii_uppercase()
}

/// The transfer encoding of the value.
pub(super) fn transfer_encoding(head: &[u8]) -> TransferEncoding {
    let found = parameters(head).skip(1).find_map(coding_of);
    found.unwrap_or(TransferEncoding::Plain)
}

/// The charset that a property names for its value.
pub(super) fn charset(head: &[u8]) -> Option<&str> {
    let label = parameters(head).find_map(|parameter| value_of(parameter, b"CHARSET"))?;
    std::str::from_utf8(label).ok()
}

/// Name and parameters without `ENCODING` and `CHARSET`, since the value is decoded here.
pub(super) fn plain(head: &[u8], charsets: Charsets) -> String {
    let is_kept = |parameter: &&[u8]| {
        coding_of(parameter).is_none() && value_of(parameter, b"CHARSET").is_none()
    };
    let mut kept = parameters(head).filter(is_kept);
    let mut text = readable(kept.next().unwrap_or_default(), charsets);
    for parameter in kept {
        text.push(';');
        match custom_label(parameter, charsets) {
            Some(label) => text.push_str(&format!("TYPE=\"{label}\"")),
            None if is_quoted_list(parameter) => {
                text.push_str(&readable(parameter, charsets).replace('"', ""));
            }
            None => text.push_str(&readable(parameter, charsets)),
        }
    }
    text
}

/// Whether [`plain`] would change nothing. Most lines are so, and need no copy.
pub(super) fn is_plain(head: &[u8]) -> bool {
    let says = |parameter: &[u8]| {
        coding_of(parameter).is_some()
            || value_of(parameter, b"CHARSET").is_some()
            || is_custom(parameter)
            || is_quoted_list(parameter)
    };
    !head.contains(&b';') || !parameters(head).any(says)
}

/// The name and the parameters, separated by semicolons outside of quotes and brackets.
fn parameters(head: &[u8]) -> impl Iterator<Item = &[u8]> {
    let (mut quoted, mut depth) = (false, 0_usize);
    head.split(move |byte| {
        match byte {
            b'"' => quoted = !quoted,
            b'(' => depth += 1,
            b')' => depth = depth.saturating_sub(1),
            _ => {}
        }
        *byte == b';' && !quoted && depth == 0
    })
}

/// The encoding in `ENCODING=QUOTED-PRINTABLE`, or in a bare `QUOTED-PRINTABLE` (vCard 2.1).
fn coding_of(parameter: &[u8]) -> Option<TransferEncoding> {
    let word = value_of(parameter, b"ENCODING").unwrap_or(parameter.trim_ascii());
    let is = |known: &[u8]| word.eq_ignore_ascii_case(known);
    if is(b"QUOTED-PRINTABLE") {
        Some(TransferEncoding::QuotedPrintable)
    } else if is(b"BASE64") || value_of(parameter, b"ENCODING").is_some() && is(b"B") {
        // A bare `B` is not one: `TEL;B` is a type.
        Some(TransferEncoding::Base64)
    } else {
        None
    }
}

/// The value of a parameter of this name, without quotes.
fn value_of<'p>(parameter: &'p [u8], name: &[u8]) -> Option<&'p [u8]> {
    let equals = parameter.iter().position(|byte| *byte == b'=')?;
    let (before, value) = parameter.split_at_checked(equals)?;
    let value = value.get(1..)?.trim_ascii();
    let inner = value
        .strip_prefix(b"\"")
        .and_then(|rest| rest.strip_suffix(b"\""));
    let is_named = before.trim_ascii().eq_ignore_ascii_case(name);
    is_named.then_some(inner.unwrap_or(value))
}

/// The label that a user gave a number, as Samsung's phones write it:
/// `X-CUSTOM(CHARSET=UTF-8,ENCODING=QUOTED-PRINTABLE,=57=68=61=74…)`.
fn custom_label(parameter: &[u8], charsets: Charsets) -> Option<String> {
    if !is_custom(parameter) {
        return None;
    }
    let rest = parameter.trim_ascii().get(CUSTOM.len()..)?;
    let inner = rest.strip_suffix(b")").unwrap_or(rest);
    let words = || inner.split(|byte| *byte == b',');
    let is_setting =
        |word: &&[u8]| coding_of(word).is_some() || value_of(word, b"CHARSET").is_some();
    let coding = words()
        .find_map(coding_of)
        .unwrap_or(TransferEncoding::Plain);
    let charset = words().find_map(|word| value_of(word, b"CHARSET"));
    let charset = charset.and_then(|label| std::str::from_utf8(label).ok());
    let label = words()
        .filter(|word| !is_setting(word))
        .collect::<Vec<_>>()
        .join(&b' ');
    let text = charsets.text(&label, coding, charset);
    let text = text.unwrap_or_else(|| String::from_utf8_lossy(&label).into_owned());
    Some(in_quotes(&text))
}

/// Whether it is like `TYPE="cell,x-own"` (RFC 6350, section 5.6). calcard drops unknown types inside quotes, such as
/// `x-whatsapp`, and keeps them without.
fn is_quoted_list(parameter: &[u8]) -> bool {
    let is_word = |byte: &u8| byte.is_ascii_alphanumeric() || b"-_ ,\"".contains(byte);
    parameter.contains(&b'"')
        && value_of(parameter, b"TYPE").is_some_and(|types| types.iter().all(is_word))
}

const CUSTOM: &[u8] = b"X-CUSTOM(";

fn is_custom(parameter: &[u8]) -> bool {
    let start = parameter.trim_ascii().get(..CUSTOM.len());
    start.is_some_and(|start| start.eq_ignore_ascii_case(CUSTOM))
}

/// A text for a quoted parameter, in which nothing can be escaped (RFC 6350, section 3.3, `QSAFE-CHAR`).
fn in_quotes(text: &str) -> String {
    text.replace(['"', '\\', ',', ';', ':', '\n', '\r'], " ")
}

fn readable(bytes: &[u8], charsets: Charsets) -> String {
    let text = charsets.text(bytes, TransferEncoding::Plain, None);
    text.unwrap_or_else(|| String::from_utf8_lossy(bytes).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn name_and_value_are_parted_at_the_first_colon_outside_quotes() {
        let cases = [
            ("TEL:1:2", "TEL", "1:2"),
            ("item1.tel;x=\"a:b\":1", "TEL", "1"),
            ("TEL;x=\"a:1", "TEL", "1"),
            ("A.B.Fn ;CHARSET=UTF-8:x", "FN", "x"),
            ("TEL", "TEL", ""),
        ];
        for (line, expected, value) in cases {
            let (head, found) = parted(line.as_bytes());
            assert_eq!(
                (name(head).as_str(), found),
                (expected, value.as_bytes()),
                "{line}"
            );
        }
    }

    #[test]
    fn only_a_parameter_of_its_own_says_how_the_value_is_written() {
        let cases = [
            ("FN", TransferEncoding::Plain, None),
            (
                "FN;QUOTED-PRINTABLE",
                TransferEncoding::QuotedPrintable,
                None,
            ),
            (
                "FN;encoding = \"quoted-printable\" ;charset=\"koi8-r\"",
                TransferEncoding::QuotedPrintable,
                Some("koi8-r"),
            ),
            ("FN;ENCODING=b", TransferEncoding::Base64, None),
            ("FN;BASE64", TransferEncoding::Base64, None),
            ("TEL;B", TransferEncoding::Plain, None),
            (
                "TEL;X-CUSTOM(CHARSET=UTF-8,ENCODING=QUOTED-PRINTABLE,=41)",
                TransferEncoding::Plain,
                None,
            ),
        ];
        for (head, expected, label) in cases {
            let head = head.as_bytes();
            assert_eq!(
                (transfer_encoding(head), charset(head)),
                (expected, label),
                "{head:?}"
            );
        }
    }

    #[test]
    fn what_says_how_the_value_is_written_is_left_out_and_an_encoded_label_is_a_type() {
        let cases = [
            (
                "a.FN;CHARSET=UTF-8;PREF;ENCODING=QUOTED-PRINTABLE",
                "a.FN;PREF",
            ),
            ("TEL;TYPE=\"a;b\",c;CELL", "TEL;TYPE=\"a;b\",c;CELL"),
            ("TEL;TYPE=\"cell,x-own\"", "TEL;TYPE=cell,x-own"),
            (
                "TEL;X-CUSTOM(CHARSET=UTF-8,ENCODING=QUOTED-PRINTABLE,=57=68=61=74=73=41=70=70);PREF",
                "TEL;TYPE=\"WhatsApp\";PREF",
            ),
            (
                "TEL;x-custom(CHARSET=windows-1251,QUOTED-PRINTABLE,=D4=E0=EA=F1)",
                "TEL;TYPE=\"Факс\"",
            ),
            ("TEL;X-CUSTOM(a\"b,c", "TEL;TYPE=\"a b c\""),
        ];
        for (head, expected) in cases {
            assert_eq!(plain(head.as_bytes(), Charsets::default()), expected);
        }
    }
}
