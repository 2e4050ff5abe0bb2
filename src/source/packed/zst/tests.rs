//! What comes out of frames that are whole, cut off, broken, or want too much memory.

use std::io::ErrorKind;

use ruzstd::encoding::{CompressionLevel, compress_to_vec};

use super::*;

/// [`text`] by libzstd 1.5.7, level 19, with a window of 1 KiB, so that it has 13 blocks, and a checksum.
const BY_LIBZSTD: &[u8] = include_bytes!("libzstd.zst");
/// The size of a block of it, all but the last.
const LIBZSTD_BLOCK: usize = 1024;
/// Magic number, descriptor, and the descriptor of the window.
const LIBZSTD_HEADER: usize = 6;

fn text() -> Vec<u8> {
    let row = |row: usize| format!("Ann {row},+9198765{:05}\n", row * 7919 % 100_000);
    let rows: String = (0..600).map(row).collect();
    format!("name,phone\n{rows}").into_bytes()
}

fn raw_frame(bytes: &[u8]) -> Vec<u8> {
    compress_to_vec(bytes, CompressionLevel::Uncompressed)
}

/// A frame of other data.
fn skippable_frame(size: u32) -> Vec<u8> {
    let mut frame = vec![0x53, 0x2a, 0x4d, 0x18];
    frame.extend(size.to_le_bytes());
    frame.extend(vec![b'x'; size as usize]);
    frame
}

/// What comes out, and how it ends; an error must stay one.
fn unpack(packed: &[u8]) -> (Vec<u8>, Option<io::Error>) {
    let mut unpacked = Vec::new();
    let mut reader = Unzstd::new(packed);
    let error = reader.read_to_end(&mut unpacked).err();
    if let Some(error) = &error {
        let again = reader.read(&mut [0]).unwrap_err();
        assert_eq!(
            (again.kind(), again.to_string()),
            (error.kind(), error.to_string())
        );
    }
    (unpacked, error)
}

fn whole(packed: &[u8]) -> Vec<u8> {
    let (unpacked, error) = unpack(packed);
    assert!(error.is_none(), "{error:?}");
    unpacked
}

fn refused(packed: &[u8]) -> (Vec<u8>, String) {
    let (unpacked, error) = unpack(packed);
    (unpacked, error.unwrap().to_string())
}

/// Where the blocks of a frame begin, and where the last one ends.
fn block_ends(frame: &[u8]) -> Vec<usize> {
    let mut ends = vec![LIBZSTD_HEADER];
    loop {
        let at = *ends.last().unwrap();
        let header = BlockHeader::of(frame[at..at + BLOCK_HEADER].try_into().unwrap());
        ends.push(at + BLOCK_HEADER + header.content());
        if header.is_last {
            return ends;
        }
    }
}

#[test]
fn all_frames_are_read_and_those_of_other_data_are_passed_over() {
    assert_eq!(whole(BY_LIBZSTD), text());
    assert_eq!(whole(b""), b"");
    let frames = [
        &skippable_frame(0)[..],
        BY_LIBZSTD,
        &skippable_frame(70_000),
        &raw_frame(b"a"),
        &raw_frame(b""),
        &compress_to_vec(&b"b"[..], CompressionLevel::Fastest),
        &skippable_frame(7),
    ];
    assert_eq!(whole(&frames.concat()), [&text()[..], b"ab"].concat());
}

#[test]
fn a_frame_that_is_cut_off_gives_all_whole_blocks() {
    let ends = block_ends(BY_LIBZSTD);
    let text = text();
    for cut in 0..BY_LIBZSTD.len() {
        let (unpacked, error) = unpack(&BY_LIBZSTD[..cut]);
        let blocks = ends.iter().skip(1).filter(|end| **end <= cut).count();
        let due = (blocks * LIBZSTD_BLOCK).min(text.len());
        assert_eq!(unpacked, text[..due], "{cut}");
        assert_eq!(
            error.map(|error| error.kind()),
            (cut > 0).then_some(ErrorKind::UnexpectedEof)
        );
    }
}

#[test]
fn a_block_that_is_not_compressed_gives_each_byte_that_was_read() {
    let text = text();
    let frame = raw_frame(&text);
    let header = frame.len() - CHECKSUM - text.len();
    for cut in (header..frame.len()).step_by(100) {
        let (unpacked, error) = unpack(&frame[..cut]);
        assert_eq!(unpacked, text[..text.len().min(cut - header)]);
        assert_eq!(error.unwrap().kind(), ErrorKind::UnexpectedEof);
    }
}

#[test]
fn a_frame_behind_a_whole_one_that_is_cut_off_is_an_error() {
    for next in [
        skippable_frame(9),
        raw_frame(b"b"),
        b"\x28\xb5\x2f\xfd".to_vec(),
    ] {
        for cut in 1..next.len() {
            let (unpacked, error) = unpack(&[&raw_frame(b"a"), &next[..cut]].concat());
            assert!(unpacked.starts_with(b"a"));
            assert_eq!(error.unwrap().kind(), ErrorKind::UnexpectedEof, "{cut}");
        }
    }
}

#[test]
fn an_error_while_reading_is_given_after_what_was_read_before_it() {
    struct Fails;
    impl Read for Fails {
        fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
            Err(ErrorKind::ConnectionReset.into())
        }
    }
    let packed = BY_LIBZSTD[..BY_LIBZSTD.len() / 2].chain(Fails);
    let mut unpacked = Vec::new();
    let mut reader = Unzstd::new(io::BufReader::new(packed));
    let error = reader.read_to_end(&mut unpacked).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::ConnectionReset);
    assert!(unpacked.len() > 5 * LIBZSTD_BLOCK && text().starts_with(&unpacked));
}

#[test]
fn a_block_that_is_broken_ends_it_after_the_blocks_before() {
    let ends = block_ends(BY_LIBZSTD);
    let mut frame = BY_LIBZSTD.to_vec();
    // 3 is a kind of block that does not exist.
    frame[ends[5]] |= 0b110;
    let (unpacked, words) = refused(&frame);
    assert_eq!(unpacked, text()[..5 * LIBZSTD_BLOCK]);
    assert_eq!(words, CORRUPTED);
}

#[test]
fn a_checksum_that_is_wrong_holds_back_the_last_window() {
    let mut frame = BY_LIBZSTD.to_vec();
    *frame.last_mut().unwrap() ^= 1;
    let (unpacked, words) = refused(&frame);
    assert_eq!(words, "Restored data doesn't match checksum");
    assert_eq!(
        unpacked.len(),
        text().len() - LIBZSTD_BLOCK - text().len() % LIBZSTD_BLOCK
    );
    let mut frame = raw_frame(b"name,phone\nAnn,+919876543210\n");
    let at = frame.len() - 10;
    frame[at] ^= 1;
    let (unpacked, words) = refused(&frame);
    assert_eq!(words, "Restored data doesn't match checksum");
    assert_eq!(unpacked, b"");
}

#[test]
fn a_size_that_is_not_as_promised_is_an_error() {
    // One segment, a size of one byte, no checksum, one raw block of two bytes.
    let frame = |size: u8| [&[0x28, 0xb5, 0x2f, 0xfd, 0x20, size, 17, 0, 0], &b"ab"[..]].concat();
    assert_eq!(whole(&frame(2)), b"ab");
    assert_eq!(refused(&frame(3)), (Vec::new(), CORRUPTED.to_owned()));
}

#[test]
fn a_window_above_the_limit_a_dictionary_and_what_is_not_a_frame_are_refused() {
    let window = |exponent: u8| {
        let header = [0x28, 0xb5, 0x2f, 0xfd, 0, exponent << 3];
        [&header[..], &EMPTY_LAST_BLOCK].concat()
    };
    assert_eq!(whole(&window(17)), b"");
    for exponent in [18, 31] {
        let (_, words) = refused(&window(exponent));
        assert_eq!(words, "Frame requires too much memory for decoding");
    }
    let dictionary = [0x28, 0xb5, 0x2f, 0xfd, 1, 0, 7, 1, 0, 0];
    assert_eq!(refused(&dictionary).1, "Dictionary mismatch");
    let behind = [&raw_frame(b"a")[..], b"name,phone\n"].concat();
    assert_eq!(
        refused(&behind),
        (b"a".to_vec(), "Unknown frame descriptor".to_owned())
    );
}
