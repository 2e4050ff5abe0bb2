//! The next step of a user, as one command with this run's own options.

use std::borrow::Cow;

use super::given::{Given, GivenOption, OptionOrigin, variable};
use crate::hint::{
    COMMANDS, DELIMITER, DRY_RUN, ENCODING, ESCAPE, INPUT_FORMAT, INPUT_NAME, LIMIT, MAPPING,
    NO_HEADER, RECORDS, REJECTS, RESTART, SAME_ACCOUNT, SAVE_MAPPING, SHARD, SHEET, long,
};
use crate::source::Format;
use crate::text::{shell_word, without_variables};

/// What the next command is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Again {
    /// The same inputs, once more.
    Same,
    /// The same inputs, for real.
    ForReal,
    /// The same inputs, without a limit.
    Unlimited,
    /// The rejects files instead of the inputs.
    Rejects,
}

/// Options that are never repeated when rejects are given back: they were about the original input.
///
/// `--shard`: a corrected phone may belong to another shard, which will not read this file. `--same-account`: a ledger is
/// taken over once.
const ABOUT_THE_INPUT: [&str; 15] = [
    INPUT_FORMAT,
    ENCODING,
    DELIMITER,
    ESCAPE,
    NO_HEADER,
    SHEET,
    RECORDS,
    INPUT_NAME,
    LIMIT,
    REJECTS,
    DRY_RUN,
    RESTART,
    SAME_ACCOUNT,
    SHARD,
    SAVE_MAPPING,
];

impl Again {
    /// The options that the next command does without.
    fn left_out(self) -> &'static [&'static str] {
        match self {
            // To do once more what was just done is never the next step.
            Again::Same => &[RESTART, SAVE_MAPPING],
            Again::ForReal => &[DRY_RUN, SAVE_MAPPING],
            Again::Unlimited => &[LIMIT, RESTART, SAVE_MAPPING],
            Again::Rejects => &ABOUT_THE_INPUT,
        }
    }

    fn leaves_out(self, given: &GivenOption) -> bool {
        self.left_out()
            .iter()
            .any(|option| long(option) == given.long)
    }
}

/// The command line that was typed, with other inputs where they changed. Variables of the environment are still set,
/// but for those of the options that it does without, which it unsets: `BP_IMPORT_LIMIT= bp-import …`.
pub(super) fn next_command(
    again: Again,
    given: &Given,
    format: Option<Format>,
    inputs: &[String],
) -> String {
    let of = |origin| given.options().filter(move |given| given.origin == origin);
    let mut unset: Vec<String> = of(OptionOrigin::Environment)
        .filter(|given| again.leaves_out(given))
        .map(|given| variable(&given.long))
        .collect();
    unset.dedup();
    unset.reverse();
    let inputs = inputs.iter().map(|input| shell_word(&as_file(input)));
    let options = of(OptionOrigin::CommandLine).filter(|given| !again.leaves_out(given));
    let mut words = vec!["bp-import".to_owned()];
    words.extend(inputs);
    words.extend(options.map(GivenOption::typed));
    words.extend(rejects_format(again, given, format));
    without_variables(&unset, &words.join(" "))
}

/// The format of rejects, where a mapping file would still say that of the original input.
fn rejects_format(again: Again, given: &Given, format: Option<Format>) -> Option<String> {
    // Also one that a variable names: the next command has the same environment.
    let has_mapping = given.origin(long(MAPPING)).is_some();
    let format = format.filter(|_| again == Again::Rejects && has_mapping)?;
    Some(match format {
        Format::Json | Format::Ndjson => format!("{INPUT_FORMAT} ndjson"),
        Format::Csv | Format::Tsv | Format::Vcard | Format::Xlsx => format!("{INPUT_FORMAT} csv"),
    })
}

/// A file whose name begins with a dash would be taken for an option, and one that is called `add` for a command.
fn as_file(input: &str) -> Cow<'_, str> {
    if input.starts_with('-') && input != "-" || COMMANDS.contains(&input) {
        format!("./{input}").into()
    } else {
        input.into()
    }
}

#[cfg(test)]
mod tests;
