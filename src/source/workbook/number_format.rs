//! Number formats: what a spreadsheet shows of a number (ECMA-376 part 1, 18.8.30 and 18.8.31; MS-XLS 2.4.126). Pure.
//!
//! Owns the language of format codes, as far as it matters to a phone: leading zeros, signs and literal text. A format
//! that only groups, rounds or colours the stored digits says nothing new about a number, which keeps its digits then.

use super::digits;

/// Sections of a code beyond the fourth mean nothing.
const SECTIONS: usize = 4;
/// Tokens of a section; Excel takes codes of 255 characters.
const TOKENS: usize = 1_000;

/// A format code that was understood, or not.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum NumberFormat {
    /// Shows the digits that are stored: `General`, `0`, `#,##0.00`.
    Plain,
    /// A code whose sections must be looked at for each number.
    Sections(Vec<Section>),
}

/// A part of a code, for some numbers or for text.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Section {
    condition: Option<Condition>,
    tokens: Vec<FormatToken>,
    kind: SectionKind,
}

/// What a section makes of a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum SectionKind {
    /// Digits in the places of `0`, `#` and `?`.
    Digits,
    General,
    Date,
    /// `[h]:mm`
    Duration,
    /// `0.00E+00`: the digits that are stored are more than those that are shown.
    Scientific,
    /// Percent, fractions, thousands cut off: another number than the one that is stored.
    Scaled,
}

#[derive(Clone, Debug, PartialEq)]
enum FormatToken {
    /// `0`, or `#` and `?`, which show nothing instead of a leading zero.
    Zero,
    Optional,
    Point,
    Literal(String),
    /// The text of a cell, or the whole number.
    Content,
}

#[derive(Clone, Copy, Debug, PartialEq)]
struct Condition {
    compare: Comparison,
    with: f64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Comparison {
    Less,
    AtMost,
    Equal,
    Other,
    AtLeast,
    More,
}

/// What a number looks like.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum DisplayedNumber {
    /// Its own digits.
    Stored,
    /// Other text: `+6591234567`, `0612345678`.
    Text(String),
    Date,
    Duration,
    /// Other digits, in a way that is not understood.
    Unknown,
}

impl NumberFormat {
    /// The format of a code.
    pub(super) fn parse(code: &str) -> NumberFormat {
        if code.trim().is_empty() {
            return NumberFormat::Plain;
        }
        let sections: Vec<Section> = split(code).iter().map(|code| section(code)).collect();
        match sections.iter().all(Section::is_plain) {
            true => NumberFormat::Plain,
            false => NumberFormat::Sections(sections),
        }
    }

    /// The format that all programs know by this number (ECMA-376 part 1, 18.8.30).
    pub(super) fn built_in(id: u32) -> NumberFormat {
        match id {
            9 | 10 => NumberFormat::parse("0%"),
            12 | 13 => NumberFormat::parse("# ?/?"),
            // 27 to 36 and 50 to 58 are dates wherever they are anything.
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

    /// What a text looks like in it, where digits or a plus are put around it.
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

/// Whether a character beside a number changes what it is: a digit, a plus of any width, or a letter (`0" (Mum)"`).
pub(super) fn says_more(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '+' | '\u{FF0B}' | '\u{FE62}')
}

/// The section for a number: by its condition, else positive, negative and zero in this order.
fn choose(sections: &[Section], number: f64) -> Option<&Section> {
    let of_numbers = match sections.len() {
        SECTIONS => sections.get(..SECTIONS - 1)?,
        // `0;@`: the last one is for text.
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

impl Section {
    fn is_plain(&self) -> bool {
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

    fn has_place(&self) -> bool {
        let is_place =
            |token: &FormatToken| matches!(token, FormatToken::Zero | FormatToken::Optional);
        self.tokens.iter().any(is_place)
    }

    fn is_of_text(&self) -> bool {
        self.kind == SectionKind::General && self.tokens.contains(&FormatToken::Content)
    }

    fn show(&self, number: f64) -> DisplayedNumber {
        match self.kind {
            SectionKind::Date => DisplayedNumber::Date,
            SectionKind::Duration => DisplayedNumber::Duration,
            SectionKind::Scientific => DisplayedNumber::Stored,
            SectionKind::Scaled if number == 0.0 => DisplayedNumber::Stored,
            SectionKind::Scaled => DisplayedNumber::Unknown,
            SectionKind::Digits if number < 0.0 || self.is_plain() => DisplayedNumber::Stored,
            SectionKind::Digits | SectionKind::General => self.put(number),
        }
    }

    /// The digits of a number in the places of a section.
    fn put(&self, number: f64) -> DisplayedNumber {
        let stored = digits::number(number);
        if stored.bytes().any(|byte| !byte.is_ascii_digit()) {
            // A fraction, a sign or an exponent: no phone, and rounding it would lose digits.
            return DisplayedNumber::Stored;
        }
        let shown = match self.kind {
            SectionKind::General => self.around(&stored),
            // `0;-0;` hides zeros; what hides any other number is no way to show a phone.
            _ if !self.has_place() && number == 0.0 => self.around(""),
            _ if !self.has_place() => return DisplayedNumber::Unknown,
            _ => self.placed(&stored),
        };
        let shown = shown.trim();
        let digits: String = shown.chars().filter(char::is_ascii_digit).collect();
        let has_words = shown.chars().any(|c| says_more(c) && !c.is_ascii_digit());
        match digits == stored && !has_words {
            true => DisplayedNumber::Stored,
            false => DisplayedNumber::Text(shown.to_owned()),
        }
    }

    fn around(&self, content: &str) -> String {
        let part = |token: &FormatToken| token.literal().unwrap_or(content).to_owned();
        self.tokens.iter().map(part).collect()
    }

    /// Fills the places from the right; what is left over goes before the first of them. Decimals of a whole number are
    /// zeros, and no part of a phone.
    fn placed(&self, digits: &str) -> String {
        let whole: Vec<&FormatToken> = self
            .tokens
            .iter()
            .take_while(|token| **token != FormatToken::Point)
            .collect();
        let is_place =
            |token: &FormatToken| matches!(token, FormatToken::Zero | FormatToken::Optional);
        let places = whole.iter().filter(|token| is_place(token)).count();
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
    fn literal(&self) -> Option<&str> {
        match self {
            FormatToken::Literal(text) => Some(text),
            _ => None,
        }
    }
}

impl Condition {
    fn parse(text: &str) -> Option<Condition> {
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

    fn fits(self, number: f64) -> bool {
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

/// The sections of a code: a semicolon in quotes, or behind a backslash, separates nothing.
fn split(code: &str) -> Vec<String> {
    let mut sections = vec![String::new()];
    let mut quoted = false;
    let mut escaped = false;
    for c in code.chars() {
        let separates = c == ';' && !quoted && !escaped;
        quoted ^= c == '"' && !escaped;
        escaped = !escaped && !quoted && matches!(c, '\\' | '_' | '*');
        if separates && sections.len() == SECTIONS {
            break;
        }
        match sections.last_mut() {
            Some(section) if !separates => section.push(c),
            _ => sections.push(String::new()),
        }
    }
    sections
}

fn section(code: &str) -> Section {
    let mut parser = CodeParser::new(code);
    while parser.section.tokens.len() < TOKENS && parser.step() {}
    parser.finish()
}

/// Reads a section sign by sign.
struct CodeParser<'a> {
    rest: std::str::Chars<'a>,
    section: Section,
    /// The digits in reach of a comma: those behind the last literal.
    commas: usize,
}

impl<'a> CodeParser<'a> {
    fn new(code: &'a str) -> CodeParser<'a> {
        CodeParser {
            rest: code.chars(),
            section: Section {
                condition: None,
                tokens: Vec::new(),
                kind: SectionKind::Digits,
            },
            commas: 0,
        }
    }

    fn step(&mut self) -> bool {
        if self.takes_word("General") {
            self.section.kind = SectionKind::General;
            self.section.tokens.push(FormatToken::Content);
            return true;
        }
        let Some(c) = self.rest.next() else {
            return false;
        };
        match c {
            '0'..='9' if c != '0' => self.literal(c.to_string()),
            '0' => self.place(FormatToken::Zero),
            '#' | '?' => self.place(FormatToken::Optional),
            '.' => self.section.tokens.push(FormatToken::Point),
            ',' => self.commas += 1,
            '"' => self.quoted(),
            '\\' => self.escaped(),
            // A space as wide as the sign; a sign that fills the cell.
            '_' => self.blank(),
            '*' => drop(self.rest.next()),
            '[' => self.bracket(),
            '@' => {
                self.section.kind = SectionKind::General;
                self.section.tokens.push(FormatToken::Content);
            }
            '%' | '/' => self.becomes(SectionKind::Scaled),
            'E' | 'e' if self.rest.as_str().starts_with(['+', '-']) => {
                self.becomes(SectionKind::Scientific);
            }
            'd' | 'm' | 'y' | 'h' | 's' | 'D' | 'M' | 'Y' | 'H' | 'S' => {
                self.becomes(SectionKind::Date)
            }
            other => self.literal(other.to_string()),
        }
        true
    }

    fn takes_word(&mut self, word: &str) -> bool {
        let rest = self.rest.as_str();
        let begins = rest
            .get(..word.len())
            .is_some_and(|start| start.eq_ignore_ascii_case(word));
        if begins {
            self.rest = rest.get(word.len()..).unwrap_or_default().chars();
        }
        begins
    }

    /// A comma between places groups digits; one behind the last of them divides by a thousand.
    fn place(&mut self, token: FormatToken) {
        self.commas = 0;
        self.section.tokens.push(token);
    }

    fn literal(&mut self, text: String) {
        self.section.tokens.push(FormatToken::Literal(text));
    }

    fn quoted(&mut self) {
        let text = self.rest.by_ref().take_while(|c| *c != '"').collect();
        self.literal(text);
    }

    fn escaped(&mut self) {
        let sign = self.rest.next().map(String::from);
        self.literal(sign.unwrap_or_default());
    }

    fn blank(&mut self) {
        self.rest.next();
        self.literal(" ".to_owned());
    }

    /// `[h]`, `[>=100]`, `[$+91-409]`, `[Red]`.
    fn bracket(&mut self) {
        let inner: String = self.rest.by_ref().take_while(|c| *c != ']').collect();
        let is_elapsed = |sign: char| {
            let same = |c: char| c.eq_ignore_ascii_case(&sign);
            !inner.is_empty() && inner.chars().all(same)
        };
        if ['h', 'm', 's'].into_iter().any(is_elapsed) {
            self.becomes(SectionKind::Duration);
        } else if let Some(currency) = inner.strip_prefix('$') {
            let sign = currency.rsplit_once('-').map_or(currency, |(sign, _)| sign);
            self.literal(sign.to_owned());
        } else if let Some(condition) = Condition::parse(&inner) {
            self.section.condition = Some(condition);
        }
    }

    /// What was seen first decides: `[h]:mm` is a duration, `dd/mm/yyyy` a date and no fraction.
    fn becomes(&mut self, kind: SectionKind) {
        let old = self.section.kind;
        let is_date = |kind| matches!(kind, SectionKind::Date | SectionKind::Duration);
        if !is_date(old) && (is_date(kind) || old == SectionKind::Digits) {
            self.section.kind = kind;
        }
    }

    fn finish(mut self) -> Section {
        if self.commas > 0 && self.section.has_place() {
            self.becomes(SectionKind::Scaled);
        }
        self.section
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(code: &str, number: f64) -> String {
        match NumberFormat::parse(code).show(number) {
            DisplayedNumber::Stored => digits::number(number),
            DisplayedNumber::Text(text) => text,
            other => format!("{other:?}"),
        }
    }

    #[test]
    fn literals_and_leading_zeros_are_shown_as_the_sheet_shows_them() {
        for (code, number, expected) in [
            (r"\+0", 6_591_234_567.0, "+6591234567"),
            ("+#", 6_591_234_567.0, "+6591234567"),
            ("+0", 6_591_234_567.0, "+6591234567"),
            ("\"+\"0_)", 6_591_234_567.0, "+6591234567"),
            ("\"+91 \"0", 9_876_543_210.0, "+91 9876543210"),
            (
                "\"+91 \"00000\" \"00000",
                9_876_543_210.0,
                "+91 98765 43210",
            ),
            (r"\+00\ 00000\-00000", 919_876_543_210.0, "+91 98765-43210"),
            ("[$+91 -4009]0", 9_876_543_210.0, "+91 9876543210"),
            ("\"+91 \"General", 9_876_543_210.0, "+91 9876543210"),
            ("\"+91 \"@", 9_876_543_210.0, "+91 9876543210"),
            ("0000000000", 612_345_678.0, "0612345678"),
            ("00000 00000", 612_345_678.0, "06123 45678"),
            ("\"0\"0", 612_345_678.0, "0612345678"),
            ("\"00\"0", 919_876_543_210.0, "00919876543210"),
            ("\"(0)\"##########", 612_345_678.0, "(0)612345678"),
            ("0\" ext. 12\"", 9_876_543_210.0, "9876543210 ext. 12"),
            ("[Red]\"+\"0;-0", 6_591_234_567.0, "+6591234567"),
            ("\"+\"* 0", 6_591_234_567.0, "+6591234567"),
            ("\\+#,##0", 6_591_234_567.0, "+6591234567"),
            ("\\+0.00", 6_591_234_567.0, "+6591234567"),
            (
                "[>=10000000000]\\+0;\"+91\"0",
                9_876_543_210.0,
                "+919876543210",
            ),
            (
                "[>=10000000000]\\+0;\"+91\"0",
                919_876_543_210.0,
                "+919876543210",
            ),
            ("0\\1", 5.0, "51"),
            ("000", 0.0, "000"),
            ("0;-0;", 0.0, ""),
            ("0;-0;\"none\"", 0.0, "none"),
        ] {
            assert_eq!(shown(code, number), expected, "{code}");
        }
    }

    #[test]
    fn a_format_that_only_dresses_the_digits_leaves_them_as_they_are_stored() {
        for code in [
            "General",
            "@",
            "0",
            "#",
            "#,##0",
            "0.00",
            "#,##0.00_);(#,##0.00)",
            "0_)",
            "00000 00000",
            "[<=9999999]###-####;(###) ###-####",
            "###-####",
            "0.00E+00",
            "##0.0E+0",
            "[Red]0",
            "[$-409]0",
            "[$₹-4009] #,##0",
            "????0",
            "0;-0;;@",
            "[DBNum1]0",
            "",
            "_(* #,##0_);_(* \\(#,##0\\);_(* \"-\"??_);_(@_)",
            "#\\ ###\\ ###",
            "0;[Red]-0",
        ] {
            assert_eq!(shown(code, 9_876_543_210.0), "9876543210", "{code}");
        }
        assert_eq!(shown("0", 12.5), "12.5", "rounding would lose digits");
        assert_eq!(shown("0000000000", -5.0), "-5");
        assert_eq!(shown("\\+0", 1e21), "1E21");
    }

    #[test]
    fn what_shows_another_number_is_not_understood() {
        for code in [
            "0%",
            "0.00%",
            "0,",
            "0.0,,\"M\"",
            "# ?/?",
            "# ??/16",
            "\"secret\"",
            ";;;",
            "\"+\"",
        ] {
            assert_eq!(shown(code, 9_876_543_210.0), "Unknown", "{code}");
        }
        assert_eq!(shown("0%", 0.0), "0");
    }

    #[test]
    fn words_and_a_plus_of_any_width_are_shown_beside_the_digits() {
        for (code, expected) in [
            ("0\" (Mum)\"", "9876543210 (Mum)"),
            ("\"Fax \"0", "Fax 9876543210"),
            ("\"\u{FF0B}\"0", "\u{FF0B}9876543210"),
            ("\\+0", "+9876543210"),
        ] {
            assert_eq!(shown(code, 9_876_543_210.0), expected, "{code}");
        }
    }

    #[test]
    fn dates_and_durations_are_told_from_numbers() {
        for code in [
            "dd/mm/yyyy",
            "[$-409]d-mmm-yy;@",
            "h:mm AM/PM",
            "yyyy\"年\"m\"月\"",
            "[Red]d",
            "mm:ss.0",
            "m/d/yy h:mm",
        ] {
            assert_eq!(shown(code, 45_413.0), "Date", "{code}");
        }
        for code in ["[h]:mm", "[mm]:ss", "[ss]"] {
            assert_eq!(shown(code, 1.5), "Duration", "{code}");
        }
        for (code, expected) in [
            ("[Red]0", "45413"),
            ("\"day\" 0", "day 45413"),
            ("0\\d", "45413d"),
            ("[$USD] 0", "USD 45413"),
        ] {
            assert_eq!(shown(code, 45_413.0), expected, "{code}");
        }
    }

    #[test]
    fn the_formats_known_by_number_are_dates_percents_or_plain() {
        let built_in = |id, number| NumberFormat::built_in(id).show(number);
        assert_eq!(built_in(0, 5.0), DisplayedNumber::Stored);
        assert_eq!(built_in(3, 5.0), DisplayedNumber::Stored);
        assert_eq!(built_in(9, 5.0), DisplayedNumber::Unknown);
        assert_eq!(built_in(11, 9_876_543_210.0), DisplayedNumber::Stored);
        assert_eq!(built_in(14, 45_413.0), DisplayedNumber::Date);
        assert_eq!(built_in(46, 1.5), DisplayedNumber::Duration);
        assert_eq!(built_in(49, 5.0), DisplayedNumber::Stored);
    }

    #[test]
    fn a_text_gets_what_its_format_puts_before_it() {
        let text = |code: &str| NumberFormat::parse(code).show_text("9876543210");
        for (code, expected) in [
            ("\"+91 \"@", Some("+91 9876543210")),
            ("0;-0;0;\"+91 \"@", Some("+91 9876543210")),
            ("\\+0;\\-0;0;@", None),
            ("\"Mr \"@", None),
            ("\\+0", None),
            ("General", None),
        ] {
            assert_eq!(text(code).as_deref(), expected, "{code}");
        }
    }

    #[test]
    fn a_code_of_any_signs_is_answered() {
        for code in [
            "\"",
            "\\",
            "_",
            "*",
            "[",
            "[>",
            "[$",
            "[<=x]0",
            ";;;;;;;",
            "0;0;0;0;0",
            "E+",
            "\u{1f600}0",
            "[]",
        ] {
            shown(code, 5.0);
            NumberFormat::parse(code).show_text("x");
        }
        let long = "0".repeat(100_000);
        shown(&long, 5.0);
    }
}
