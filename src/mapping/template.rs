//! Templates: the right side of a rule, as a user writes it.
//!
//! Owns their language. What a template means for one header is `plan`'s, what it gives for one record `source`'s.

use super::rule_error::RuleError;
use std::fmt;

/// The right side of a rule: where a field's value comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Template {
    /// Nothing: the field is left out, even where it would be recognised.
    LeaveOut,
    /// One header, a dotted path, or a column's number.
    Header(String),
    /// Text with headers in it.
    Text(Vec<TemplatePiece>),
    /// The same text for every record.
    Constant(String),
}

/// A piece of a text with headers in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum TemplatePiece {
    /// Text, unchanged.
    Text(String),
    /// The value of a column.
    Header(String),
}

impl Template {
    /// Reads a template as a user writes it.
    ///
    /// # Errors
    /// A brace that opens or closes nothing, a placeholder without a header, a constant without text.
    pub(crate) fn parse(text: &str) -> Result<Template, RuleError> {
        if let Some(constant) = text.strip_prefix('=') {
            return match constant.trim() {
                "" => Err(RuleError::EmptyConstant),
                _ => Ok(Template::Constant(constant.to_owned())),
            };
        }
        // A template without braces names a column, which may itself contain spaces and signs.
        let pieces = pieces(text)?;
        match pieces.as_slice() {
            [] => Ok(Template::LeaveOut),
            [TemplatePiece::Text(only)] => Ok(match only.trim() {
                "" => Template::LeaveOut,
                header => Template::Header(header.to_owned()),
            }),
            _ => Ok(Template::Text(pieces)),
        }
    }
}

fn pieces(text: &str) -> Result<Vec<TemplatePiece>, RuleError> {
    let mut pieces = Vec::new();
    let mut literal = String::new();
    let mut rest = text;
    while let Some(at) = rest.find(['{', '}']) {
        let (before, from_brace) = rest.split_at(at);
        literal.push_str(before);
        // A doubled brace is text.
        if let Some(after) = from_brace.strip_prefix("{{") {
            literal.push('{');
            rest = after;
        } else if let Some(after) = from_brace.strip_prefix("}}") {
            literal.push('}');
            rest = after;
        } else {
            let (header, after) = placeholder(from_brace, text)?;
            push_literal(&mut pieces, &mut literal);
            pieces.push(TemplatePiece::Header(header));
            rest = after;
        }
    }
    literal.push_str(rest);
    push_literal(&mut pieces, &mut literal);
    Ok(pieces)
}

fn placeholder<'a>(from_brace: &'a str, whole: &str) -> Result<(String, &'a str), RuleError> {
    let lone = || RuleError::LoneBrace {
        template: whole.to_owned(),
    };
    let inside = from_brace.strip_prefix('{').ok_or_else(lone)?;
    let (header, after) = inside.split_once('}').ok_or_else(lone)?;
    let header = header.trim();
    if header.is_empty() || header.contains('{') {
        return Err(lone());
    }
    Ok((header.to_owned(), after))
}

fn push_literal(pieces: &mut Vec<TemplatePiece>, literal: &mut String) {
    if !literal.is_empty() {
        pieces.push(TemplatePiece::Text(std::mem::take(literal)));
    }
}

impl fmt::Display for Template {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Template::LeaveOut => Ok(()),
            // The space keeps it from being read as a constant.
            Template::Header(header) if header.starts_with('=') => {
                write!(f, " {}", doubled(header))
            }
            Template::Header(header) => f.write_str(&doubled(header)),
            Template::Text(pieces) => pieces.iter().try_for_each(|piece| piece.fmt(f)),
            Template::Constant(text) => write!(f, "={text}"),
        }
    }
}

impl fmt::Display for TemplatePiece {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            TemplatePiece::Text(text) => f.write_str(&doubled(text)),
            TemplatePiece::Header(header) => write!(f, "{{{header}}}"),
        }
    }
}

fn doubled(text: &str) -> String {
    text.replace('{', "{{").replace('}', "}}")
}
