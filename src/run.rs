//! The use case, for an import and for a single contact: account, lock, ledger, resume, takeover, the import, conclusion.
//!
//! Owns their order. It takes [`Settings`] in which everything is resolved, tells [`Notice`]s while it goes on, and comes
//! back with an [`RunOutcome`]. What was typed and how anything is printed is the command line's.

mod account_key;
mod clock;
mod command;
mod conclusion;
mod exit;
mod given;
mod lock;
mod next;
mod notice;
mod outputs;
mod run_ledger;
mod settings;
mod takeover;
mod target;

use std::sync::Arc;
use std::time::Instant;

use crate::deliver::stop::Stop;
use crate::event::{Halt, InputFault, SharedError};
use crate::import::{
    self, ImportOptions, LedgerAccess, Outputs, PrepareError, PreparedInputs, Suppression,
    SuppressionError,
};
use crate::report::rejects::Rejects;
use crate::source::Cause;

pub(crate) use account_key::account_key;
use clock::RunName;
pub(crate) use clock::unix_seconds;
pub(crate) use conclusion::RunOutcome;
use conclusion::{RunContext, nothing};
pub(crate) use exit::Exit;
pub(crate) use given::{Given, GivenOption, OptionOrigin, Spelling, variable};
pub(crate) use notice::{Notice, Tell};
pub(crate) use outputs::{OutputError, check_saved_mapping, plan_rejects};
use run_ledger::RunLedger;
pub(crate) use settings::{
    DeliverySettings, ImportSource, Past, Protected, Purpose, Recipient, Scope, Settings, Takeover,
    Target, TypedCommand, Unfinished,
};
use takeover::{Obstacle, TakeoverError};
use target::{Connection, ConnectionError, connect};

/// Why a run did not start.
pub(crate) enum NotStarted {
    /// The command line does not fit: nothing ran.
    Usage(Box<RunError>),
    /// The run ended before it took a record.
    Ended(Box<RunOutcome>),
}

/// What is wrong with a command line that can only be seen when its files and the account are looked at.
#[derive(Debug, thiserror::Error)]
pub(crate) enum RunError {
    /// The inputs do not fit the options.
    #[error("{0}")]
    Prepare(PrepareError),
    /// One of several inputs does not fit options that are for all of them.
    #[error("{0} (options go for all files: where their columns differ, import each by itself)")]
    OneOfSeveral(PrepareError),
    /// The contact that was typed is not valid.
    #[error("{0}")]
    Contact(String),
    /// A list of phones that are never sent cannot be used.
    #[error(transparent)]
    Suppression(#[from] SuppressionError),
    /// `--same-account` names no one ledger.
    #[error(transparent)]
    Takeover(#[from] TakeoverError),
    /// There is no way to send.
    #[error(transparent)]
    Connection(#[from] ConnectionError),
    /// An output would replace what must stay.
    #[error(transparent)]
    Output(#[from] OutputError),
}

impl<E: Into<RunError>> From<E> for NotStarted {
    fn from(error: E) -> NotStarted {
        NotStarted::Usage(Box::new(error.into()))
    }
}

/// A run about which everything is known that can be known before the first request.
pub(crate) struct Run<'a> {
    settings: &'a Settings,
    tell: Tell<'a>,
    context: RunContext<'a>,
    connection: Connection,
    options: ImportOptions,
    ledger: RunLedger,
    /// The inputs, opened and mapped.
    pub(crate) inputs: PreparedInputs,
}

/// Connects, takes the lock, opens the ledger, finds the run that is resumed, and opens the inputs.
///
/// # Errors
/// A command line that does not fit, or the outcome of a run that ended here.
pub(crate) fn prepare<'a>(settings: &'a Settings, tell: Tell<'a>) -> Result<Run<'a>, NotStarted> {
    let mut options = settings.options.clone();
    let connection = connect(&settings.recipient, settings.delivery.timeout)?;
    let context = RunContext {
        settings,
        run: RunName::now(),
        began: Instant::now(),
        destination: connection.destination.clone(),
    };
    let suppression = import::suppression(&settings.suppress, options.mapping.home)?;
    options.suppressed = Arc::clone(&suppression.phones);
    let ledger = match RunLedger::open(settings, tell) {
        Ok(ledger) => ledger,
        Err(Obstacle::Usage(error)) => return Err(error.into()),
        Err(Obstacle::Halt(halt)) => return Err(NotStarted::Ended(context.ended(halt))),
    };
    options.salt = ledger.salt();
    tell_all(tell, &connection, suppression);
    let inputs = match &settings.source {
        ImportSource::Contact(record) => import::prepare_one(record, &options),
        ImportSource::Files { inputs, reading } => import::prepare(inputs, reading, &options),
    };
    let inputs = inputs.map_err(|error| not_readable(&context, error))?;
    Ok(Run {
        settings,
        tell,
        context,
        connection,
        options,
        ledger,
        inputs,
    })
}

/// Checks a single contact: what is wrong with it is known without an account, and is an error of the command line.
///
/// # Errors
/// What is wrong with it.
pub(crate) fn check_contact(
    source: &ImportSource,
    options: &ImportOptions,
) -> Result<(), RunError> {
    let ImportSource::Contact(record) = source else {
        return Ok(());
    };
    let prepared = import::prepare_one(record, options).map_err(RunError::Prepare)?;
    let checked = prepared.check(options);
    checked.map_err(|reason| RunError::Contact(reason.full))
}

fn tell_all(tell: Tell<'_>, connection: &Connection, suppression: Suppression) {
    if connection.has_built_in_roots {
        tell(&Notice::BuiltInRoots);
    }
    let nobody = suppression
        .of_nobody
        .into_iter()
        .map(Notice::SuppressesNobody);
    let warnings = suppression.warnings.into_iter().map(Notice::Suppression);
    nobody.chain(warnings).for_each(|notice| tell(&notice));
}

/// An import that cannot begin: what it returns depends on whose fault it is.
fn not_readable(context: &RunContext<'_>, error: PrepareError) -> NotStarted {
    match (error.cause(), &error) {
        (Cause::Input, _) => {
            let fault = InputFault::Unprepared(SharedError::new(error));
            NotStarted::Ended(context.ended(Halt::Input(fault)))
        }
        (Cause::Usage, PrepareError::Mapping { .. })
            if context.settings.source.names().len() > 1 =>
        {
            RunError::OneOfSeveral(error).into()
        }
        (Cause::Usage, _) => RunError::Prepare(error).into(),
    }
}

impl Run<'_> {
    /// Records to come, in bytes where that is known. With a limit it is unknown how much of the input is read.
    pub(crate) fn total(&self) -> Option<u64> {
        let is_file = matches!(self.settings.source, ImportSource::Files { .. });
        let total = self.inputs.total();
        total.filter(|_| is_file && self.options.limit.is_none())
    }

    /// Runs to the end, whatever happens, and concludes: the ledger first, so that the summary can be relied on.
    pub(crate) fn run(self, mut outputs: Outputs, stop: &Stop) -> RunOutcome {
        let Run {
            settings,
            tell,
            context,
            connection,
            options,
            mut ledger,
            inputs,
        } = self;
        if let Some(Err(error)) = outputs.rejects.as_mut().map(Rejects::prove) {
            return context.conclude(nothing(Halt::unwritable(error)), None);
        }
        let run_log = match ledger.begin(&context.run, settings) {
            Ok(run_log) => run_log,
            Err(halt) => return context.conclude(nothing(halt), None),
        };
        let access = LedgerAccess {
            previously_sent: std::mem::take(&mut ledger.previously_sent),
            run_log: run_log.clone(),
        };
        let delivery = connection.delivery(&settings.delivery);
        let ending = import::run(inputs, &options, delivery, access, outputs, stop);
        // The sandbox inside the process has served its purpose: its address is not to answer any more.
        drop(connection.sandbox);
        if let Some(shrunk) = ledger.shrinkage(&ending, settings) {
            tell(&shrunk);
        }
        context.conclude_recorded(ending, ledger, &run_log)
    }
}

/// The outcome of a run that was called off before it began.
pub(crate) fn called_off(settings: &Settings) -> RunOutcome {
    let context = RunContext {
        settings,
        run: RunName::now(),
        began: Instant::now(),
        destination: settings.recipient.target.unconnected(),
    };
    context.conclude(nothing(Halt::Interrupted), None)
}
