//! Options on what is sent, and how.

use std::num::NonZeroUsize;
use std::time::Duration;

use super::values::count;
use crate::deliver::pacer::{Concurrency, Rate};
use crate::event::MaxErrors;
use crate::import::OnDuplicate;
use crate::shard::Shard;
use crate::units;

/// How contacts are sent.
#[derive(Clone, Debug, clap::Args)]
#[command(next_help_heading = "Delivery")]
pub(crate) struct DeliveryArgs {
    /// The most contacts in a request
    #[arg(long, value_name = "N", default_value = "100", value_parser = batch_size, hide_short_help = true)]
    pub(crate) batch_size: NonZeroUsize,
    /// The most bytes in a request
    #[arg(long, value_name = "SIZE", default_value = "90kB", value_parser = units::parse_size, hide_short_help = true)]
    pub(crate) batch_bytes: usize,
    /// Requests in flight at once; auto starts at 1, and finds out what the server answers well, up to 16
    #[arg(long, value_name = "N|auto", default_value = "auto", value_parser = concurrency, hide_short_help = true)]
    pub(crate) concurrency: Concurrency,
    /// The most requests a second, evenly spaced: 5, or 0.5 for one every 2 s
    #[arg(long, value_name = "N", value_parser = rate, hide_short_help = true)]
    pub(crate) rate: Option<Rate>,
    /// How long anything is waited for.
    #[command(flatten)]
    pub(crate) patience: PatienceArgs,
    /// Stop when more rows than this are invalid, refused or unknown: 50 or 2%
    #[arg(long, value_name = "N|N%", value_parser = max_errors)]
    pub(crate) max_errors: Option<MaxErrors>,
}

/// What of it is sent.
#[derive(Clone, Debug, clap::Args)]
#[command(next_help_heading = "What to send")]
pub(crate) struct ScopeArgs {
    /// What to send of a phone that stands in several rows: the first or the last of them, one contact merged from all,
    /// or each
    #[arg(
        long,
        value_name = "WHAT",
        default_value = "first",
        hide_short_help = true
    )]
    pub(crate) on_duplicate: OnDuplicate,
    /// Leave out what this machine already sent to this account in this form
    #[arg(long)]
    pub(crate) changed: bool,
    /// Forget the unfinished run of these inputs, and send everything
    #[arg(long, hide_short_help = true)]
    pub(crate) restart: bool,
    /// How long to wait for another run of the same import
    #[arg(long, value_name = "DURATION", default_value = "0s", value_parser = units::parse_duration, hide_short_help = true)]
    pub(crate) wait: Duration,
    /// Send the Kth of N parts, each by a process of its own: 2/4
    #[arg(long, value_name = "K/N", hide_short_help = true)]
    pub(crate) shard: Option<Shard>,
}

/// How long anything is waited for.
#[derive(Clone, Debug, clap::Args)]
#[command(next_help_heading = "Delivery")]
pub(crate) struct PatienceArgs {
    /// The most one request may take, its answer included
    #[arg(long, value_name = "DURATION", default_value = "30s", value_parser = timeout, hide_short_help = true)]
    pub(crate) timeout: Duration,
    /// How long a batch is tried again
    #[arg(long, value_name = "DURATION", default_value = "5m", value_parser = units::parse_duration, hide_short_help = true)]
    pub(crate) retry_for: Duration,
}

/// A batch is held in memory as a whole.
const LARGEST_BATCH: usize = 100_000;
/// No server is well served by more.
const MOST_CONCURRENT: usize = 64;

fn concurrency(text: &str) -> Result<Concurrency, String> {
    if text.trim().eq_ignore_ascii_case("auto") {
        return Ok(Concurrency::Auto);
    }
    let count = text.trim().parse().ok();
    let count = count.filter(|count: &NonZeroUsize| count.get() <= MOST_CONCURRENT);
    count
        .map(Concurrency::Fixed)
        .ok_or_else(|| format!("takes auto, or a number from 1 to {MOST_CONCURRENT}"))
}

fn rate(text: &str) -> Result<Rate, &'static str> {
    let requests = text.trim().parse().ok();
    requests
        .and_then(Rate::per_second)
        .ok_or("takes requests a second, such as 5 or 0.5")
}

fn batch_size(text: &str) -> Result<NonZeroUsize, String> {
    let size = count::<NonZeroUsize>(text)?;
    if size.get() > LARGEST_BATCH {
        return Err(format!("takes at most {}", units::grouped(LARGEST_BATCH)));
    }
    Ok(size)
}

fn timeout(text: &str) -> Result<Duration, String> {
    match units::parse_duration(text) {
        Ok(Duration::ZERO) => Err("no request is answered in no time".to_owned()),
        Ok(timeout) => Ok(timeout),
        Err(error) => Err(error.to_string()),
    }
}

fn max_errors(text: &str) -> Result<MaxErrors, String> {
    let wrong = || "takes a count (50) or a share of the rows read (2%)".to_owned();
    match text.trim().strip_suffix('%') {
        None => text
            .trim()
            .parse()
            .map(MaxErrors::Count)
            .map_err(|_| wrong()),
        Some(percent) => match percent.trim().parse::<f64>() {
            Ok(percent) if (0.0..=100.0).contains(&percent) => {
                Ok(MaxErrors::Share(percent / 100.0))
            }
            _ => Err(wrong()),
        },
    }
}
