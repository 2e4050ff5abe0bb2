//! Number formats: what a spreadsheet shows of a number (ECMA-376 part 1, 18.8.30 and 18.8.31; MS-XLS 2.4.126). Pure.
//!
//! Owns the meaning of format codes as far as it matters to a phone: leading zeros, signs and literal text. Where a
//! format only groups, rounds or colours the stored digits, the number keeps its digits.

mod code;
mod section;

pub(super) use section::{DisplayedNumber, says_more};
use section::{FormatToken, SECTIONS, Section};

/// A format code, parsed.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum NumberFormat {
    /// Shows the digits that are stored: `General`, `0`, `#,##0.00`.
    Plain,
    /// Depends on the number.
    Sections(Vec<Section>),
}

impl NumberFormat {
    /// The format of a code.
    pub(super) fn parse(code: &str) -> NumberFormat {
        if code.trim().is_empty() {
            return NumberFormat::Plain;
        }
        let sections: Vec<Section> = code::split(code)
            .iter()
            .map(|code| code::section(code))
            .collect();
        match sections.iter().all(Section::is_plain) {
            true => NumberFormat::Plain,
            false => NumberFormat::Sections(sections),
        }
    }

    /// The built-in format of this id, which files do not spell out (ECMA-376 part 1, 18.8.30).
    pub(super) fn built_in(id: u32) -> NumberFormat {
        match id {
            9 | 10 => NumberFormat::parse("0%"),
            12 | 13 => NumberFormat::parse("# ?/?"),
            // 27 to 36 and 50 to 58 depend on the language of the program, and are dates in each that has them.
            14..=17 | 22 | 27..=36 | 50..=58 => NumberFormat::parse("yyyy-mm-dd"),
            18..=21 | 45 | 47 => NumberFormat::parse("h:mm:ss"),
            46 => NumberFormat::parse("[h]:mm:ss"),
            _ => NumberFormat::Plain,
        }
    }

    /// What a number looks like in it.
    pub(super) fn show(&self, number: f64) -> DisplayedNumber {
        let NumberFormat::Sections(sections) = self else {
            return DisplayedNumber::Stored;
        };
        match choose(sections, number) {
            Some(section) => section.show(number),
            None => DisplayedNumber::Unknown,
        }
    }

    /// A text as its format shows it; `None` unless the format adds digits or a plus. Letters are left out: `"Mr "@` does
    /// not change whose number it is.
    pub(super) fn show_text(&self, text: &str) -> Option<String> {
        let NumberFormat::Sections(sections) = self else {
            return None;
        };
        let of_text = sections.iter().skip(SECTIONS - 1).chain(sections.last());
        let section = of_text.into_iter().find(|section| section.is_of_text())?;
        let around: String = section
            .tokens
            .iter()
            .filter_map(FormatToken::literal)
            .collect();
        let says_something = |c: char| says_more(c) && !c.is_alphabetic();
        around.chars().any(says_something).then(|| {
            let part = |token: &FormatToken| token.literal().unwrap_or(text).to_owned();
            section.tokens.iter().map(part).collect()
        })
    }
}

/// The section for a number: by its condition, or the first for positive, the second for negative numbers, the third for
/// zero.
fn choose(sections: &[Section], number: f64) -> Option<&Section> {
    let of_numbers = match sections.len() {
        SECTIONS => sections.get(..SECTIONS - 1)?,
        // `0;@`: the last one is for text.
        // One section is for all numbers.
        1 => sections,
        _ => match sections.split_last()? {
            (last, before) if last.is_of_text() => before,
            _ => sections,
        },
    };
    if of_numbers.iter().any(|section| section.condition.is_some()) {
        let fits = |section: &&Section| section.condition.is_none_or(|it| it.fits(number));
        return of_numbers.iter().find(fits);
    }
    match of_numbers {
        [_, negative, ..] if number < 0.0 => Some(negative),
        [_, _, zero] if number == 0.0 => Some(zero),
        _ => of_numbers.first(),
    }
}

#[cfg(test)]
mod tests;
