//! Options on how columns become fields.

use std::path::PathBuf;

use crate::contact::Attribute;
use crate::mapping::{self, OnBadEmail, Rule};
use crate::wire::EmptyLists;

/// Columns to fields.
#[derive(Clone, Debug, clap::Args)]
#[command(next_help_heading = "Mapping")]
pub(crate) struct MappingArgs {
    /// Fill a field from a column: --map name="{First} {Last}"; repeatable
    #[arg(long, value_name = "FIELD=TEMPLATE")]
    pub(crate) map: Vec<Rule>,
    /// Use the mapping that stands in this file (TOML)
    #[arg(long, value_name = "FILE", hide_short_help = true)]
    pub(crate) mapping: Option<PathBuf>,
    /// Write the mapping in force to this file
    #[arg(long, value_name = "FILE", hide_short_help = true)]
    pub(crate) save_mapping: Option<PathBuf>,
    /// Add a tag to every contact; repeatable
    #[arg(long, value_name = "TAG")]
    pub(crate) tag: Vec<String>,
    /// Set an attribute on every contact; repeatable
    #[arg(long, value_name = "KEY=VALUE", value_parser = mapping::attribute, hide_short_help = true)]
    pub(crate) attr: Vec<Attribute>,
    /// What separates the tags in a cell [default: any of , ; |]
    #[arg(long, value_name = "S", hide_short_help = true)]
    pub(crate) tag_separator: Option<String>,
    /// Make an attribute of every column that is used for nothing else
    #[arg(long, hide_short_help = true)]
    pub(crate) all_attributes: bool,
    /// How lists without an element are sent
    #[arg(
        long,
        value_name = "HOW",
        default_value = "send",
        hide_short_help = true
    )]
    pub(crate) empty_lists: EmptyLists,
    /// What to do with a row with an invalid e-mail: drop the e-mail, or reject the row
    #[arg(
        long,
        value_name = "WHAT",
        default_value = "drop",
        hide_short_help = true
    )]
    pub(crate) on_bad_email: OnBadEmail,
}
