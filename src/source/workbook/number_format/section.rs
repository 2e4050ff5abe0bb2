//! A section of a number format, and how it shows a number. Pure.

use super::super::digits;

/// Sections of a code: positive, negative, zero, text. Further ones have no meaning.
pub(super) const SECTIONS: usize = 4;

/// A part of a code, for some numbers or for text.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Section {
    pub(super) condition: Option<Condition>,
    pub(super) tokens: Vec<FormatToken>,
    pub(super) kind: SectionKind,
}

/// What a section makes of a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum SectionKind {
    /// Digits in the places of `0`, `#` and `?`.
    Digits,
    General,
    Date,
    /// `[h]:mm`
    Duration,
    /// `0.00E+00` shows fewer digits than are stored.
    Scientific,
    /// Percent, fractions, thousands cut off: it shows another number than the stored one.
    Scaled,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) enum FormatToken {
    /// `0` shows a leading zero; `#` and `?` do not.
    Zero,
    Optional,
    Point,
    Literal(String),
    /// The text of a cell, or the whole number.
    Content,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Condition {
    compare: Comparison,
    with: f64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Comparison {
    Less,
    AtMost,
    Equal,
    Other,
    AtLeast,
    More,
}

/// How a format shows a number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum DisplayedNumber {
    /// Its own digits.
    Stored,
    /// Other text: `+6591234567`, `0612345678`.
    Text(String),
    Date,
    Duration,
    /// In a way that is not understood, so that the shown digits are unknown.
    Unknown,
}

impl Section {
    pub(super) fn is_plain(&self) -> bool {
        let keeps = self
            .tokens
            .iter()
            .filter_map(FormatToken::literal)
            .all(|literal| !literal.chars().any(says_more));
        let before_point = self
            .tokens
            .iter()
            .take_while(|token| **token != FormatToken::Point);
        let zeros = before_point
            .filter(|token| **token == FormatToken::Zero)
            .count();
        match self.kind {
            SectionKind::Scientific => true,
            SectionKind::Digits => keeps && zeros <= 1 && self.has_place(),
            SectionKind::General => keeps,
            SectionKind::Date | SectionKind::Duration | SectionKind::Scaled => false,
        }
    }

    pub(super) fn has_place(&self) -> bool {
        self.tokens.iter().any(FormatToken::is_place)
    }

    pub(super) fn is_of_text(&self) -> bool {
        self.kind == SectionKind::General && self.tokens.contains(&FormatToken::Content)
    }

    pub(super) fn show(&self, number: f64) -> DisplayedNumber {
        match self.kind {
            SectionKind::Date => DisplayedNumber::Date,
            SectionKind::Duration => DisplayedNumber::Duration,
            SectionKind::Scientific => DisplayedNumber::Stored,
            SectionKind::Scaled if number == 0.0 => DisplayedNumber::Stored,
            SectionKind::Scaled => DisplayedNumber::Unknown,
            // No phone is negative.
            SectionKind::Digits if number < 0.0 || self.is_plain() => DisplayedNumber::Stored,
            SectionKind::Digits | SectionKind::General => self.put(number),
        }
    }

    /// Puts the digits of a number into the places of the section.
    fn put(&self, number: f64) -> DisplayedNumber {
        let stored = digits::number(number);
        if stored.bytes().any(|byte| !byte.is_ascii_digit()) {
            // A fraction, a sign or an exponent: no phone, and rounding it would lose digits.
            return DisplayedNumber::Stored;
        }
        let shown = match self.kind {
            SectionKind::General => self.around(&stored),
            // `0;-0;` hides zeros. A section that hides other numbers does not show a phone.
            _ if !self.has_place() && number == 0.0 => self.around(""),
            _ if !self.has_place() => return DisplayedNumber::Unknown,
            _ => self.placed(&stored),
        };
        let shown = shown.trim();
        let digits: String = shown.chars().filter(char::is_ascii_digit).collect();
        let has_words = shown.chars().any(|c| says_more(c) && !c.is_ascii_digit());
        // Spaces and dashes between the same digits are decoration.
        match digits == stored && !has_words {
            true => DisplayedNumber::Stored,
            false => DisplayedNumber::Text(shown.to_owned()),
        }
    }

    fn around(&self, content: &str) -> String {
        let part = |token: &FormatToken| token.literal().unwrap_or(content).to_owned();
        self.tokens.iter().map(part).collect()
    }

    /// Fills the places from the right; digits without a place go before the first one. Decimals of a whole number are
    /// zeros and left out.
    fn placed(&self, digits: &str) -> String {
        let whole: Vec<&FormatToken> = self
            .tokens
            .iter()
            .take_while(|token| **token != FormatToken::Point)
            .collect();
        let places = whole.iter().filter(|token| token.is_place()).count();
        // Excel shows no digit of a zero but those of `0`.
        let digits = if digits == "0" { "" } else { digits };
        let mut rest = digits.chars();
        let mut missing = places.saturating_sub(digits.len());
        let mut surplus = digits.len().saturating_sub(places);
        let mut shown = String::new();
        for token in whole {
            match token {
                FormatToken::Literal(text) => shown.push_str(text),
                FormatToken::Content | FormatToken::Point => {}
                FormatToken::Zero | FormatToken::Optional if missing > 0 => {
                    missing -= 1;
                    shown.push_str(if *token == FormatToken::Zero { "0" } else { "" });
                }
                FormatToken::Zero | FormatToken::Optional => {
                    shown.extend(rest.by_ref().take(surplus + 1));
                    surplus = 0;
                }
            }
        }
        shown.extend(self.tail());
        shown
    }

    /// The literals behind the decimals.
    fn tail(&self) -> impl Iterator<Item = &str> {
        let behind = self
            .tokens
            .iter()
            .skip_while(|token| **token != FormatToken::Point);
        behind.filter_map(FormatToken::literal)
    }
}

impl FormatToken {
    fn is_place(&self) -> bool {
        matches!(self, FormatToken::Zero | FormatToken::Optional)
    }

    pub(super) fn literal(&self) -> Option<&str> {
        match self {
            FormatToken::Literal(text) => Some(text),
            _ => None,
        }
    }
}

impl Condition {
    pub(super) fn parse(text: &str) -> Option<Condition> {
        let signs = text.len() - text.trim_start_matches(['<', '>', '=']).len();
        let (sign, number) = text.split_at_checked(signs)?;
        let compare = match sign {
            "<" => Comparison::Less,
            "<=" => Comparison::AtMost,
            "=" => Comparison::Equal,
            "<>" => Comparison::Other,
            ">=" => Comparison::AtLeast,
            ">" => Comparison::More,
            _ => return None,
        };
        let with = number.trim().parse().ok()?;
        Some(Condition { compare, with })
    }

    pub(super) fn fits(self, number: f64) -> bool {
        match self.compare {
            Comparison::Less => number < self.with,
            Comparison::AtMost => number <= self.with,
            Comparison::Equal => number == self.with,
            Comparison::Other => number != self.with,
            Comparison::AtLeast => number >= self.with,
            Comparison::More => number > self.with,
        }
    }
}

/// Whether a character beside a number changes its meaning: a digit, a plus of any width, or a letter (`0" (Mum)"` marks
/// another person's phone).
pub(crate) fn says_more(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '+' | '\u{FF0B}' | '\u{FE62}')
}
