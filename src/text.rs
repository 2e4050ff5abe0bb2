//! What is known about text as such, each thing once: what is blank, when two words are the same, how HTML writes it,
//! what a terminal or a shell may be shown, and how digits are masked.
//!
//! Knows no word of any language; those are [`crate::vocabulary`]'s.

mod blank;
mod entities;
mod fold;
mod list_text;
mod mask;
mod quote;
mod quote_marks;
mod screen;
mod shell;
mod spacing;

pub(crate) use blank::{is_blank, is_invisible, is_space};
pub(crate) use entities::decoded;
pub(crate) use fold::{folded, key, words};
pub(crate) use list_text::{list_elements, quoted_elements};
pub(crate) use mask::mask;
pub(crate) use quote::{listed, quoted};
pub(crate) use quote_marks::{inside_quotes, is_quote_mark};
pub(crate) use screen::{safe, safe_lines};
pub(crate) use shell::{shell_option, shell_word, with_variable, without_variables, word_ends};
pub(crate) use spacing::{is_line_break, one_spaced, without_controls};
