//! Decodes the bytes of one value. Each value is judged by itself, since cards of one file come from many programs.
//!
//! Owns the order in which encodings are tried and quoted-printable text (vCard 2.1, section 2.1.3).

use std::borrow::Cow;

use super::super::encoding::Encoding;

/// The encodings that a value is tried in, besides UTF-8 and the one that its property names.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Charsets {
    /// Named by the user; tried before UTF-8.
    pub(crate) named: Option<Encoding>,
    /// Guessed from the whole input; tried after UTF-8, unless the property names one.
    pub(crate) guessed: Option<Encoding>,
}

/// How the bytes of a value are written (`ENCODING` in vCard 2.1 and 3.0, after MIME's Content-Transfer-Encoding).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum TransferEncoding {
    Plain,
    QuotedPrintable,
    /// calcard decodes it.
    Base64,
}

impl Charsets {
    /// The text of a value, escaped as in a property without an `ENCODING`; `None` where no encoding fits.
    pub(super) fn text(
        self,
        value: &[u8],
        coding: TransferEncoding,
        label: Option<&str>,
    ) -> Option<String> {
        let label = label.and_then(|label| label.parse().ok());
        let known = [label, self.named, Some(Encoding::UTF_8)];
        let guessed = self.guessed.filter(|_| label.is_none());
        let mut encodings = known.into_iter().flatten().chain(guessed);
        encodings.find_map(|encoding| decoded(value, coding, encoding))
    }
}

fn decoded(value: &[u8], coding: TransferEncoding, encoding: Encoding) -> Option<String> {
    // Lines were cut at single bytes, so a value cannot be in UTF-16 whatever its property names.
    if encoding.is_wide() {
        return None;
    }
    let bytes = match coding {
        TransferEncoding::QuotedPrintable => Cow::Owned(unquoted(value, Specials::of(encoding))),
        TransferEncoding::Plain | TransferEncoding::Base64 => Cow::Borrowed(value),
    };
    let mut text = if encoding == Encoding::UTF_8 {
        utf8(&bytes)?
    } else {
        encoding.text(&bytes)?
    };
    // Java writes U+0000 as C0 80 (see `plain_utf8`); no name contains it.
    text.retain(|c| c != '\0');
    Some(match coding {
        TransferEncoding::QuotedPrintable => on_one_line(text),
        TransferEncoding::Plain | TransferEncoding::Base64 => text,
    })
}

/// What becomes of separators (`;`, `,`, `\`) that are encoded in quoted-printable text.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Specials {
    /// They are escaped with a backslash: an encoded one is text and separates nothing.
    Escaped,
    /// They are left as bytes: one may be the second byte of a character, as in Shift_JIS.
    Bytes,
}

impl Specials {
    fn of(encoding: Encoding) -> Specials {
        match encoding.keeps_ascii() {
            true => Specials::Escaped,
            false => Specials::Bytes,
        }
    }
}

/// The bytes of quoted-printable text (RFC 2045, section 6.7). A `=` without two hexadecimal digits is text.
fn unquoted(value: &[u8], specials: Specials) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(value.len());
    let mut rest = value;
    while let Some((&first, behind)) = rest.split_first() {
        rest = behind;
        let Some((byte, behind)) = (first == b'=').then(|| hex_byte(behind)).flatten() else {
            bytes.push(first);
            continue;
        };
        if specials == Specials::Escaped && matches!(byte, b';' | b',' | b'\\') {
            bytes.push(b'\\');
        }
        bytes.push(byte);
        rest = behind;
    }
    bytes
}

/// The byte that a text begins with as two hexadecimal digits, and the rest of the text.
pub(super) fn hex_byte(text: &[u8]) -> Option<(u8, &[u8])> {
    let (digits, rest) = text.split_at_checked(2)?;
    let digits = std::str::from_utf8(digits).ok()?;
    let is_hex = digits.bytes().all(|digit| digit.is_ascii_hexdigit());
    let byte = u8::from_str_radix(digits, 16).ok().filter(|_| is_hex)?;
    Some((byte, rest))
}

/// The bytes of a value without a charset, for a guess.
pub(super) fn bytes(value: &[u8], coding: TransferEncoding) -> Cow<'_, [u8]> {
    match coding {
        TransferEncoding::QuotedPrintable => {
            plain_utf8(Cow::Owned(unquoted(value, Specials::Bytes)))
        }
        TransferEncoding::Plain | TransferEncoding::Base64 => plain_utf8(Cow::Borrowed(value)),
    }
}

/// Bytes in no known encoding as quoted-printable text: so they survive in a rejects file, which is UTF-8, and can be
/// read from there once the user names their encoding.
pub(super) fn quoted(value: &[u8], coding: TransferEncoding) -> String {
    let mut text = String::with_capacity(value.len() * 2);
    for byte in value {
        match byte {
            // In quoted-printable text it begins an escape already.
            b'=' if coding == TransferEncoding::Plain => text.push_str("=3D"),
            b' '..=b'~' | b'\t' => text.push(char::from(*byte)),
            byte => text.push_str(&format!("={byte:02X}")),
        }
    }
    text
}

/// Such text with U+FFFD for what is not UTF-8.
pub(super) fn lossy(quoted: &str) -> String {
    let bytes = unquoted(quoted.as_bytes(), Specials::Escaped);
    on_one_line(String::from_utf8_lossy(&bytes).into_owned())
}

/// Escapes line breaks as `\n` (RFC 6350, section 3.4).
fn on_one_line(text: String) -> String {
    match text.contains(['\r', '\n']) {
        true => text.replace("\r\n", "\\n").replace(['\r', '\n'], "\\n"),
        false => text,
    }
}

fn utf8(bytes: &[u8]) -> Option<String> {
    let plain = plain_utf8(Cow::Borrowed(bytes));
    String::from_utf8(plain.into_owned()).ok()
}

/// UTF-8 from the variants of it that Java and old databases write: each half of a surrogate pair in three bytes
/// (CESU-8, Unicode Technical Report 26), and U+0000 in two.
fn plain_utf8(bytes: Cow<'_, [u8]>) -> Cow<'_, [u8]> {
    // All variants contain one of these bytes: most values need no copy.
    if !bytes.contains(&0xed) && !bytes.contains(&0xc0) {
        return bytes;
    }
    let mut plain = Vec::with_capacity(bytes.len());
    let mut rest = &bytes[..];
    while let Some((&first, behind)) = rest.split_first() {
        if let Some((pair, behind)) = rest
            .split_first_chunk()
            .and_then(|(six, behind)| Some((paired(six)?, behind)))
        {
            plain.extend(pair.encode_utf8(&mut [0; 4]).bytes());
            rest = behind;
        } else if let Some(behind) = rest.strip_prefix(b"\xc0\x80") {
            plain.push(0);
            rest = behind;
        } else {
            plain.push(first);
            rest = behind;
        }
    }
    Cow::Owned(plain)
}

/// The character of a surrogate pair in three bytes each.
fn paired(six: &[u8; 6]) -> Option<char> {
    let [
        0xed,
        high @ 0xa0..=0xaf,
        a @ 0x80..=0xbf,
        0xed,
        low @ 0xb0..=0xbf,
        b @ 0x80..=0xbf,
    ] = *six
    else {
        return None;
    };
    let ten = |upper: u8, lower: u8| u32::from(upper & 0xf) << 6 | u32::from(lower & 0x3f);
    char::from_u32(0x10000 + (ten(high, a) << 10 | ten(low, b)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(
        value: &[u8],
        coding: TransferEncoding,
        label: Option<&str>,
        named: &str,
        guessed: &str,
    ) -> String {
        let charsets = Charsets {
            named: named.parse().ok(),
            guessed: guessed.parse().ok(),
        };
        charsets
            .text(value, coding, label)
            .unwrap_or_else(|| "unread".to_owned())
    }

    #[test]
    fn a_value_is_in_its_own_charset_else_in_the_named_one_else_in_utf_8_else_in_the_guessed_one() {
        const KOI: Option<&str> = Some("koi8-r");
        const BYTE: &[u8] = b"\xe1";
        let cases = [
            (BYTE, KOI, "windows-1251", "windows-1252", "А"),
            (BYTE, None, "windows-1251", "windows-1252", "б"),
            (BYTE, None, "", "windows-1252", "á"),
            ("á".as_bytes(), None, "", "windows-1251", "á"),
            ("á".as_bytes(), Some("utf-8"), "windows-1251", "", "á"),
            (BYTE, None, "", "", "unread"),
            // A charset that is not true is no reason for a guess.
            (BYTE, Some("utf-8"), "", "windows-1252", "unread"),
            (BYTE, Some("utf-8"), "windows-1252", "", "á"),
            (BYTE, Some("no-such"), "", "windows-1252", "á"),
        ];
        for (value, label, named, guessed, expected) in cases {
            let found = text(value, TransferEncoding::Plain, label, named, guessed);
            assert_eq!(found, expected, "{value:?} {label:?} {named} {guessed}");
        }
    }

    #[test]
    fn quoted_printable_is_decoded_and_what_it_hides_is_text() {
        let cases: [(&[u8], &str, &str); 8] = [
            (b"Jos=C3=A9", "utf-8", "José"),
            (b"=4a=6F", "utf-8", "Jo"),
            (b"1=2 =+1 =", "utf-8", "1=2 =+1 ="),
            (b"a=3Bb;c=2Cd=5Ce", "utf-8", "a\\;b;c\\,d\\\\e"),
            (b"a=0D=0Ab=0Ac=0D", "utf-8", "a\\nb\\nc\\n"),
            // The second byte of ソ is a backslash, encoded or not.
            (b"=83=5C=83\\", "shift_jis", "ソソ"),
            (b"\x83\\", "shift_jis", "ソ"),
            (b"=1B$B;3ED=1B(B;x", "iso-2022-jp", "山田;x"),
        ];
        for (value, label, expected) in cases {
            let found = text(
                value,
                TransferEncoding::QuotedPrintable,
                Some(label),
                "",
                "",
            );
            assert_eq!(found, expected, "{value:?}");
        }
    }

    #[test]
    fn surrogates_in_three_bytes_each_are_one_character_and_a_long_null_is_nothing() {
        let cases: [(&[u8], &str); 5] = [
            (b"a\xed\xa0\xbd\xed\xb8\x80b", "a😀b"),
            (b"a\xc0\x80b", "ab"),
            (b"a\xed\xa0\xbdb", "unread"),
            (b"\xed\xb8\x80\xed\xa0\xbd", "unread"),
            ("\u{d7ff}".as_bytes(), "\u{d7ff}"),
        ];
        for (value, expected) in cases {
            assert_eq!(
                text(value, TransferEncoding::Plain, None, "", ""),
                expected,
                "{value:?}"
            );
        }
    }

    #[test]
    fn what_was_not_read_is_read_once_its_encoding_is_named() {
        for (value, coding) in [
            (&b"J=\xfc;x"[..], TransferEncoding::Plain),
            (b"J=3D=FC;x", TransferEncoding::QuotedPrintable),
        ] {
            let kept = quoted(value, coding);
            assert!(kept.is_ascii());
            let again = text(
                kept.as_bytes(),
                TransferEncoding::QuotedPrintable,
                None,
                "windows-1252",
                "",
            );
            assert_eq!(again, "J=ü;x");
            assert_eq!(lossy(&kept), "J=\u{fffd};x");
        }
    }
}
