//! Decodes the texts of an .xls. In BIFF8, each has a flag for 8 or 16 bits per character; before, they are bytes of a
//! code page (MS-XLS 2.5.293, 2.5.294, 2.4.265).

use super::mac;
use crate::source::encoding::Encoding;
use crate::source::workbook::compound_file::{u16_at, u32_at};

/// The Windows code page of western Excel 5, for files that name none.
const USUAL_CODE_PAGE: u16 = 1252;
/// The version of BIFF8 in a BOF record.
const BIFF8: u16 = 0x0600;
/// The version of BIFF5, and a substream type that only BIFF5 has: some programs write a version of 0.
const BIFF5: u16 = 0x0500;
const BIFF5_KIND: u16 = 0x1000;

/// Flags of a text.
const IS_WIDE: u8 = 0x01;
const HAS_PHONETIC: u8 = 0x04;
const HAS_RUNS: u8 = 0x08;

/// How texts are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum StringEncoding {
    /// BIFF8: Unicode, each text with a width of its own. The code page does not apply.
    #[default]
    Unicode,
    /// BIFF5: bytes of a code page.
    CodePage(u16),
}

impl StringEncoding {
    pub(super) fn take_version(&mut self, version: u16, kind: u16) {
        *self = match (version, kind) {
            (BIFF5, _) | (0, BIFF5_KIND) => StringEncoding::CodePage(USUAL_CODE_PAGE),
            (BIFF8, _) | (_, _) => StringEncoding::Unicode,
        };
    }

    pub(super) fn take_code_page(&mut self, number: u16) {
        if let StringEncoding::CodePage(code_page) = self {
            *code_page = number;
        }
    }

    /// A text with a length of 8 bits.
    pub(super) fn short(self, bytes: &[u8]) -> Option<String> {
        let (length, rest) = bytes.split_first()?;
        self.text(usize::from(*length), rest)
    }

    /// A text with a length of 16 bits.
    pub(super) fn long(self, bytes: &[u8]) -> Option<String> {
        let length = u16_at(bytes, 0).ok()?;
        self.text(usize::from(length), bytes.get(2..)?)
    }

    fn text(self, length: usize, bytes: &[u8]) -> Option<String> {
        match self {
            StringEncoding::CodePage(code_page) => {
                Some(narrow(bytes.get(..length).unwrap_or(bytes), code_page))
            }
            StringEncoding::Unicode if length == 0 => Some(String::new()),
            StringEncoding::Unicode => {
                let (flags, rest) = bytes.split_first()?;
                Some(String::from_utf16_lossy(&units(rest, length, *flags)))
            }
        }
    }
}

/// The UTF-16 units of a text. Characters of 8 bits are units whose upper half is zero.
fn units(bytes: &[u8], length: usize, flags: u8) -> Vec<u16> {
    match flags & IS_WIDE {
        0 => bytes
            .iter()
            .take(length)
            .map(|byte| u16::from(*byte))
            .collect(),
        _ => {
            let pairs = bytes.as_chunks::<2>().0.iter().take(length);
            pairs.map(|pair| u16::from_le_bytes(*pair)).collect()
        }
    }
}

fn narrow(bytes: &[u8], code_page: u16) -> String {
    if let Some(upper) = mac::upper_half(code_page) {
        let upper: Vec<char> = upper.chars().collect();
        let sign = |byte: &u8| match byte.checked_sub(0x80) {
            None => char::from(*byte),
            Some(index) => upper.get(usize::from(index)).copied().unwrap_or('\u{fffd}'),
        };
        return bytes.iter().map(sign).collect();
    }
    // Of an unknown code page, at least the ASCII characters are right.
    let encoding = Encoding::of_code_page(code_page)
        .or_else(|| Encoding::of_code_page(USUAL_CODE_PAGE))
        .unwrap_or(Encoding::UTF_8);
    encoding.decode(bytes)
}

/// The shared strings, in an SST record and the CONTINUE records behind it. A text may span several.
#[derive(Default)]
pub(super) struct SstRecords<'a> {
    pieces: Vec<&'a [u8]>,
}

impl<'a> SstRecords<'a> {
    /// The SST record. Skips the two counts at its beginning: the strings are read until they end.
    pub(super) fn begin(&mut self, data: &'a [u8]) {
        self.pieces = vec![data.get(8..).unwrap_or_default()];
    }

    pub(super) fn go_on(&mut self, data: &'a [u8]) {
        self.pieces.push(data);
    }

    /// All texts until they end or break off. A cell that refers to a missing one is reported as damage.
    pub(super) fn read(&self) -> Vec<String> {
        let mut cursor = SstCursor {
            pieces: self.pieces.iter(),
            piece: &[],
        };
        std::iter::from_fn(|| cursor.text()).collect()
    }
}

struct SstCursor<'p, 'a> {
    pieces: std::slice::Iter<'p, &'a [u8]>,
    piece: &'a [u8],
}

impl<'a> SstCursor<'_, 'a> {
    fn text(&mut self) -> Option<String> {
        if self.piece.is_empty() {
            self.piece = self.pieces.by_ref().find(|piece| !piece.is_empty())?;
        }
        let length = usize::from(u16_at(self.take(2)?, 0).ok()?);
        let flags = *self.take(1)?.first()?;
        let runs = match flags & HAS_RUNS {
            0 => 0,
            _ => usize::from(u16_at(self.take(2)?, 0).ok()?),
        };
        let phonetic = match flags & HAS_PHONETIC {
            0 => 0,
            _ => u32_at(self.take(4)?, 0).ok()? as usize,
        };
        // Formatting runs and the pronunciation follow the text, and are skipped.
        let text = self.characters(length, flags)?;
        self.skip(runs * 4 + phonetic)?;
        Some(text)
    }

    /// Bytes that are never split between records.
    fn take(&mut self, count: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.piece.split_at_checked(count)?;
        self.piece = rest;
        Some(taken)
    }

    /// The characters of a text. Each further record begins with a flag for the width of those in it.
    fn characters(&mut self, length: usize, mut flags: u8) -> Option<String> {
        let mut all = Vec::new();
        loop {
            let wanted = length - all.len();
            let part = units(self.piece, wanted, flags);
            let width = if flags & IS_WIDE == 0 { 1 } else { 2 };
            self.piece = self.piece.get(part.len() * width..)?;
            all.extend(part);
            if all.len() >= length {
                return Some(String::from_utf16_lossy(&all));
            }
            let (first, rest) = self.pieces.next()?.split_first()?;
            (flags, self.piece) = (*first, rest);
        }
    }

    fn skip(&mut self, mut count: usize) -> Option<()> {
        while count > self.piece.len() {
            count -= self.piece.len();
            self.piece = self.pieces.next()?;
        }
        self.piece = self.piece.get(count..)?;
        Some(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_of_biff8_have_a_width_of_their_own_whatever_the_code_page_says() {
        let mut wide = StringEncoding::default();
        wide.take_version(BIFF8, 5);
        for code_page in [1200, 1251, 1252, 10000] {
            wide.take_code_page(code_page);
            assert_eq!(wide.long(b"\x04\0\0Zo\xeb!").as_deref(), Some("Zoë!"));
            let text = b"\x02\0\x01\x1f\x04\x40\x04";
            assert_eq!(wide.long(text).as_deref(), Some("Пр"));
            assert_eq!(wide.short(b"\x02\0ab").as_deref(), Some("ab"));
        }
        assert_eq!(wide.long(b"\0\0").as_deref(), Some(""));
        assert_eq!(wide.long(b"\x05\0"), None);
    }

    #[test]
    fn texts_of_biff5_are_of_their_code_page() {
        for (code_page, bytes, expected) in [
            (1252, &b"Zo\xeb"[..], "Zoë"),
            (1251, b"\xcf\xf0", "Пр"),
            (932, b"\x91\xbe\x98\x59", "太郎"),
            (10000, b"Zo\x91", "Zoë"),
            (10001, b"\x91\xbe", "太"),
            (10006, b"\xa1\xe1", "Γα"),
            (10007, b"\x8f\xf0", "Пр"),
            (10029, b"\xde\xec", "řž"),
            (10081, b"\xdd\xdf", "ış"),
            (4711, b"Zo\xeb", "Zoë"),
        ] {
            let mut narrow = StringEncoding::default();
            narrow.take_version(BIFF5, 5);
            narrow.take_code_page(code_page);
            let length = u8::try_from(bytes.len()).unwrap();
            let text = [&[length, 0][..], bytes].concat();
            assert_eq!(narrow.long(&text).as_deref(), Some(expected), "{code_page}");
        }
    }

    #[test]
    fn a_shared_text_may_go_on_in_the_next_piece_in_another_width() {
        let first = [&[0; 8][..], b"\x02\0\0Hi\x04\0\x08\x01\0Zo"].concat();
        let second = b"\x01\xeb\0\x21\0\0\0\0\0\x01\0\x04\x02\0\0\0xPP";
        let mut strings = SstRecords::default();
        strings.begin(&first);
        strings.go_on(second);
        assert_eq!(strings.read(), ["Hi", "Zoë!", "x"]);
    }
}
