//! Every word that the program knows about people's files: headers, kinds of phones, labels, countries, exports,
//! consent, and what is written where there is no value.
//!
//! The words are data, in the `.txt` files beside this one, each group with where it was seen; the modules only look
//! them up. Columns, columns of labels, phone cells, vCards and JSON keys all ask here, so that a fax is a fax
//! everywhere. To teach the program a word, add it to a line; to teach it a language, add lines. What is done about a
//! meaning is for the floors above.

mod addresses;
mod consent;
mod countries;
mod exports;
mod file;
mod headers;
mod keys;
mod labels;
mod nothing;
mod phones;
#[cfg(test)]
mod tests;

pub(crate) use addresses::{Address, address_of, is_address_word};
pub(crate) use consent::{
    ConsentAnswer, ConsentQuestion, ConsentWay, consent_answer, consent_question, consent_way,
    is_word_of_consent,
};
pub(crate) use countries::{country_code, country_names};
pub(crate) use exports::{Export, exports};
pub(crate) use headers::{Meaning, header, sounds_like_a_phone, sounds_like_another};
pub(crate) use keys::{header_of_key, is_key};
pub(crate) use labels::{
    after_extension_word, is_another_number, is_joining, is_label, is_remark, is_short_fax,
    says_not_to_call,
};
pub(crate) use nothing::{is_nothing, is_nothing_in_name};
pub(crate) use phones::{
    ColumnKind, PhoneKind, PhoneWord, WrongPhone, column, label_kind, phone_names, phone_word,
};
#[cfg(test)]
pub(crate) use {consent::words_of_answer, nothing::words_for_nothing, phones::phone_words};
