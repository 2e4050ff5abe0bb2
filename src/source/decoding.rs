//! Another encoding, read as UTF-8, piece by piece.
//!
//! Owns the translation of bytes, in constant memory. Which encoding it is, is for `encoding` to say.

use std::io::{self, Read};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use encoding_rs::{Decoder, DecoderResult};

use super::encoding::Encoding;

/// Bytes that are translated at a time.
const PIECE: usize = 16 * 1024;

/// A byte that UTF-8 never has: put in the place of what is not a character, it makes the cell garbled.
const DAMAGE: u8 = 0xff;

/// A reader whose bytes are translated to UTF-8.
pub(super) struct Decoding {
    reader: Box<dyn Read + Send>,
    decoder: Decoder,
    /// The C1 controls are bytes without a character, in a single-byte encoding: the standard maps them to these, which
    /// no contact has.
    controls_are_damage: bool,
    raw: Vec<u8>,
    text: Vec<u8>,
    /// How much of the text was given away.
    given: usize,
    taken: Arc<AtomicU64>,
    ended: bool,
}

impl Decoding {
    /// Translates all that the reader yields; a byte order mark stays.
    pub(super) fn new(reader: Box<dyn Read + Send>, encoding: Encoding) -> Decoding {
        Decoding {
            reader,
            decoder: encoding.0.new_decoder_without_bom_handling(),
            controls_are_damage: encoding.0.is_single_byte(),
            raw: vec![0; PIECE],
            text: Vec::new(),
            given: 0,
            taken: Arc::default(),
            ended: false,
        }
    }

    /// How many bytes were taken from the reader.
    pub(super) fn taken(&self) -> Arc<AtomicU64> {
        Arc::clone(&self.taken)
    }

    fn refill(&mut self) -> io::Result<()> {
        let count = self.reader.read(&mut self.raw)?.min(self.raw.len());
        self.taken.fetch_add(count as u64, Ordering::Relaxed);
        self.ended = count == 0;
        self.text.clear();
        self.given = 0;
        self.translate(count);
        if self.controls_are_damage {
            mark_controls(&mut self.text);
        }
        Ok(())
    }

    #[expect(
        clippy::indexing_slicing,
        reason = "counts of bytes that were read or written"
    )]
    fn translate(&mut self, count: usize) {
        let mut raw = &self.raw[..count];
        loop {
            let room = self
                .decoder
                .max_utf8_buffer_length_without_replacement(raw.len());
            let start = self.text.len();
            self.text.resize(start + room.unwrap_or(PIECE), 0);
            let space = &mut self.text[start..];
            let (result, read, wrote) = self
                .decoder
                .decode_to_utf8_without_replacement(raw, space, self.ended);
            self.text.truncate(start + wrote);
            raw = &raw[read..];
            match result {
                DecoderResult::InputEmpty => return,
                DecoderResult::OutputFull => {}
                DecoderResult::Malformed(..) => self.text.push(DAMAGE),
            }
        }
    }
}

impl Read for Decoding {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        // A piece may become no text, such as half a character: only the end of the reader is the end.
        while self.given == self.text.len() && !self.ended {
            self.refill()?;
        }
        let count = self
            .text
            .get(self.given..)
            .unwrap_or_default()
            .read(buffer)?;
        self.given += count;
        Ok(count)
    }
}

/// U+0080 to U+009F are `C2 80` to `C2 9F`; the text holds whole characters only.
fn mark_controls(text: &mut [u8]) {
    let mut at = 0;
    while let Some([first, second]) = text.get_mut(at..at + 2) {
        if *first == 0xc2 && matches!(*second, 0x80..=0x9f) {
            (*first, *second) = (DAMAGE, DAMAGE);
        }
        at += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::Pieces;
    use super::*;

    fn decoded(bytes: &[u8], label: &str, sizes: Vec<usize>) -> Vec<u8> {
        let reader = Box::new(Pieces::new(bytes, sizes));
        let mut decoding = Decoding::new(reader, label.parse().unwrap());
        let mut text = Vec::new();
        decoding.read_to_end(&mut text).unwrap();
        assert_eq!(decoding.taken.load(Ordering::Relaxed), bytes.len() as u64);
        text
    }

    #[test]
    fn it_makes_no_difference_where_the_pieces_end() {
        let text = "氏名\t電話\r\nZoë 😀,1\n".repeat(40);
        for label in ["utf-16le", "utf-16be"] {
            let units = text.encode_utf16();
            let bytes: Vec<u8> = match label {
                "utf-16le" => units.flat_map(u16::to_le_bytes).collect(),
                _ => units.flat_map(u16::to_be_bytes).collect(),
            };
            for sizes in [vec![1], vec![3, 7], vec![100_000]] {
                assert_eq!(decoded(&bytes, label, sizes), text.as_bytes());
            }
        }
    }

    #[test]
    fn what_is_not_a_character_becomes_damage_in_its_place() {
        for (bytes, label, text) in [
            (&b"a\x8db"[..], "windows-1252", &b"a\xff\xffb"[..]),
            (b"a\x80b", "windows-1252", "a€b".as_bytes()),
            (b"a\x00\x00\xd8b\x00", "utf-16le", b"a\xffb"),
            (b"a\x00b", "utf-16le", b"a\xff"),
            (b"a\x81", "shift_jis", b"a\xff"),
            (b"a\x81\x20b", "shift_jis", b"a\xff b"),
        ] {
            assert_eq!(decoded(bytes, label, vec![1]), text, "{label} {bytes:?}");
        }
    }

    #[test]
    fn a_text_larger_than_a_piece_comes_whole() {
        let bytes = vec![0xe9; 100_000];
        assert_eq!(
            decoded(&bytes, "windows-1252", vec![70_000]),
            "é".repeat(100_000).as_bytes()
        );
    }
}
