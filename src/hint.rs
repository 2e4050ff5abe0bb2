//! How options are typed, for the messages and commands that tell a user to pass one.
//!
//! The only place outside the command line that names an option: a test there proves that each of these exists.

/// Declares a constant for each option, and `ALL` of them for the test.
macro_rules! options {
    ($($name:ident = $typed:literal;)*) => {
        $(pub(crate) const $name: &str = $typed;)*

        /// Every option above.
        #[cfg(test)]
        pub(crate) const ALL: &[&str] = &[$($typed),*];
    };
}

options! {
    ACCOUNT = "--account";
    AUTH = "--auth";
    BASE_URL = "--base-url";
    CHANGED = "--changed";
    COUNTRY = "--country";
    DELIMITER = "--delimiter";
    DRY_RUN = "--dry-run";
    ENCODING = "--encoding";
    ESCAPE = "--escape";
    EXCEPT = "--except";
    INCLUDE = "--include";
    INPUT_FORMAT = "--input-format";
    INPUT_NAME = "--input-name";
    LIMIT = "--limit";
    MAP = "--map";
    MAPPING = "--mapping";
    MAX_ERRORS = "--max-errors";
    NO_HEADER = "--no-header";
    ON_BAD_EMAIL = "--on-bad-email";
    ON_DOUBTFUL_PHONE = "--on-doubtful-phone";
    ON_DUPLICATE = "--on-duplicate";
    ONLY = "--only";
    RECORDS = "--records";
    REJECTS = "--rejects";
    RESTART = "--restart";
    RETRY_FOR = "--retry-for";
    SAME_ACCOUNT = "--same-account";
    SAVE_MAPPING = "--save-mapping";
    SHARD = "--shard";
    SHEET = "--sheet";
    SUPPRESS = "--suppress";
    TIMEOUT = "--timeout";
    WAIT = "--wait";
}

/// The subcommands: a file of such a name is given as `./add`.
pub(crate) const COMMANDS: &[&str] = &["add", "completions", "help", "history", "sandbox"];

/// An option's long name, as a mapping file and the environment spell it: `batch-size`.
pub(crate) const fn long(option: &'static str) -> &'static str {
    option.split_at("--".len()).1
}
