//! Why a text is not a rule, a template or an attribute.

use super::nearest::did_you_mean;

/// Why a text is no rule.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum RuleError {
    /// Nothing says where the field ends.
    #[error("\"{text}\" has no \"=\": write it as in {example}")]
    NoEquals {
        /// What was written.
        text: String,
        /// How one is written.
        example: &'static str,
    },
    /// No such field.
    #[error(
        "\"{field}\" is no field{}; the fields are name, phone, prefix, country, email, tags and attr.KEY",
        did_you_mean(.nearest.as_deref())
    )]
    UnknownField {
        /// What was written.
        field: String,
        /// The field that was probably meant.
        nearest: Option<&'static str>,
    },
    /// An attribute's key that the platform does not take.
    #[error("an attribute's key has only the letters a to z, lowercase, and digits: {}", key_advice(.key, .reduced))]
    BadKey {
        /// What was written.
        key: String,
        /// The nearest valid key; empty if nothing of it is left.
        reduced: String,
    },
    /// A constant without a text.
    #[error(
        "there is no text after \"==\"; to leave the field out, write FIELD= with nothing after it"
    )]
    EmptyConstant,
    /// A brace that opens or closes nothing, or a placeholder without a header.
    #[error(
        "the braces of \"{template}\" do not match: a header stands as {{Header}}, a brace that is text is doubled"
    )]
    LoneBrace {
        /// The template.
        template: String,
    },
}

fn key_advice(key: &str, reduced: &str) -> String {
    match reduced {
        "" => format!("\"{key}\" has none of them"),
        _ => format!("write \"{reduced}\" for \"{key}\""),
    }
}
