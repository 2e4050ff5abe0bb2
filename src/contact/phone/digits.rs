//! Digits: how many are too few for a number of its own, and those of one number.

/// More national digits than any area code has: text before a `/` with more digits is a number of its own.
pub(super) const AREA_CODE: usize = 5;

/// Whether a text has more digits than any area code.
pub(super) fn is_more_than_an_area_code(text: &str) -> bool {
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    let with_code = text.contains('+') || digits.starts_with("00");
    let national = digits.trim_start_matches('0').len();
    // Two digits are the usual length of a calling code.
    national.saturating_sub(if with_code { 2 } else { 0 }) > AREA_CODE
}

pub(super) fn is_digits(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit())
}

/// The digits of one number, in ASCII and without an allocation.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Digits {
    bytes: [u8; Digits::MOST],
    length: u8,
}

impl Digits {
    /// Three of a calling code, and the 17 that libphonenumber takes as a national number.
    pub(super) const MOST: usize = 20;

    /// The digits of texts, one after the other; `None` if anything else is among them, or if they are too many.
    pub(super) fn of(texts: &[&str]) -> Option<Digits> {
        let mut digits = Digits::default();
        let mut bytes = texts.iter().flat_map(|text| text.bytes());
        let all_pushed = bytes.all(|byte| byte.is_ascii_digit() && digits.push(byte));
        all_pushed.then_some(digits)
    }

    /// Adds a digit, if there is room.
    pub(super) fn push(&mut self, digit: u8) -> bool {
        let slot = self.bytes.get_mut(usize::from(self.length));
        slot.map(|slot| *slot = digit)
            .map(|()| self.length += 1)
            .is_some()
    }

    pub(super) fn len(&self) -> usize {
        usize::from(self.length)
    }

    pub(super) fn as_bytes(&self) -> &[u8] {
        self.bytes.get(..self.len()).unwrap_or_default()
    }

    pub(super) fn as_str(&self) -> &str {
        str::from_utf8(self.as_bytes()).unwrap_or_default()
    }

    /// The first digits, as many as there are.
    pub(super) fn first(&self, count: usize) -> Digits {
        let length = u8::try_from(count).unwrap_or(u8::MAX).min(self.length);
        Digits { length, ..*self }
    }

    /// Adds digits, if there is room for all of them.
    pub(super) fn push_all(&mut self, digits: &[u8]) {
        let (from, length) = (self.len(), self.len() + digits.len());
        let room = self.bytes.get_mut(from..length);
        if let (Some(room), Ok(length)) = (room, u8::try_from(length)) {
            room.copy_from_slice(digits);
            self.length = length;
        }
    }

    /// All but the first digits.
    pub(super) fn without_first(&self, count: usize) -> Digits {
        let mut rest = Digits::default();
        rest.push_all(self.as_bytes().get(count..).unwrap_or_default());
        rest
    }

    /// Their value, where it is small.
    pub(super) fn number(&self) -> Option<u16> {
        self.as_str().parse().ok()
    }
}
