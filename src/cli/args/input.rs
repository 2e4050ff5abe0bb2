//! Options on inputs: what they are, and which of their rows are taken.

use std::num::NonZeroU64;

use super::TextArgs;
use super::values::count;
use crate::mapping::RowCondition;
use crate::source::{Format, RecordsPath};

/// Where contacts come from.
#[derive(Clone, Debug, clap::Args)]
#[command(next_help_heading = "Input")]
pub(crate) struct InputArgs {
    /// What the input is: csv, tsv, json, ndjson, xlsx (any workbook) or vcard [default: by content and name]
    #[arg(long, value_name = "FORMAT", hide_short_help = true)]
    pub(crate) input_format: Option<Format>,
    /// A name for stdin, by which the same command goes on with an unfinished run
    #[arg(long, value_name = "NAME", value_parser = super::values::name, hide_short_help = true)]
    pub(crate) input_name: Option<String>,
    /// How text is written.
    #[command(flatten)]
    pub(crate) text: TextArgs,
    /// The sheet of a workbook [default: the first whose header names a phone]
    #[arg(long, value_name = "NAME|N", hide_short_help = true)]
    pub(crate) sheet: Option<String>,
    /// Where the list is in a JSON document: its keys, as in data.customers or edges[].node [default: the only list with phones]
    #[arg(long, value_name = "PATH", hide_short_help = true)]
    pub(crate) records: Option<RecordsPath>,
    /// Send the first N contacts for real, then stop in order
    #[arg(long, value_name = "N", value_parser = count::<NonZeroU64>)]
    pub(crate) limit: Option<NonZeroU64>,
    /// Take only rows with this value in this column; repeatable
    #[arg(long, value_name = "HEADER=VALUE", hide_short_help = true)]
    pub(crate) only: Vec<RowCondition>,
    /// Leave out rows with this value in this column; repeatable
    #[arg(long, value_name = "HEADER=VALUE", hide_short_help = true)]
    pub(crate) except: Vec<RowCondition>,
}
