//! Parses a format code into sections. Pure.

use super::section::{Condition, FormatToken, SECTIONS, Section, SectionKind};

/// Tokens of a section. Excel allows codes of 255 characters; a hostile file may have longer ones.
const TOKENS: usize = 1_000;

/// Splits a code at semicolons, except in quotes and behind `\\`, `_` and `*`, which escape the next character.
pub(super) fn split(code: &str) -> Vec<String> {
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

pub(super) fn section(code: &str) -> Section {
    let mut parser = CodeParser::new(code);
    while parser.section.tokens.len() < TOKENS && parser.step() {}
    parser.finish()
}

/// Parses a section character by character.
struct CodeParser<'a> {
    rest: std::str::Chars<'a>,
    section: Section,
    /// Commas behind the last place for a digit.
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
            self.content();
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
            // `_x` is a space as wide as `x`; `*x` fills the cell with `x`.
            '_' => self.blank(),
            '*' => drop(self.rest.next()),
            '[' => self.bracket(),
            '@' => self.content(),
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

    fn content(&mut self) {
        self.section.kind = SectionKind::General;
        self.section.tokens.push(FormatToken::Content);
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

    /// Parses brackets: `[h]`, `[>=100]`, `[$+91-409]`; `[Red]` is ignored.
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

    /// Sets the kind, unless an earlier token decided: `[h]:mm` is a duration, `dd/mm/yyyy` a date and not a fraction.
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
