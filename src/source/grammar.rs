//! Whether a text is JSON, and what is wrong with it in words a user understands.

use serde_json::value::RawValue;

/// What is wrong with the grammar of a text, if anything.
pub(super) fn grammar_error(text: &str) -> Option<serde_json::Error> {
    serde_json::from_str::<&RawValue>(text).err()
}

/// What a parser says, without its position.
pub(super) fn words(error: &serde_json::Error) -> String {
    let text = error.to_string();
    let words = text
        .rsplit_once(" at line ")
        .map_or(text.as_str(), |(words, _)| words);
    match words {
        _ if error.is_eof() => "it ends too early".to_owned(),
        "expected ident" => "expected true, false or null".to_owned(),
        "expected value" => "expected a value".to_owned(),
        "trailing characters" => "something stands behind the object".to_owned(),
        "lone leading surrogate in hex escape" | "unexpected end of hex escape" => {
            "a \\u escape is only half of a character".to_owned()
        }
        _ if words.starts_with("control character") => {
            "a line break or a tab within a text".to_owned()
        }
        _ => words.to_owned(),
    }
}
