//! The dialogue: what is in doubt is asked before anything is sent, on a terminal and nowhere else.
//!
//! An answer becomes an option that the user could have typed, so that all that follows sees no difference, and the next
//! command has it. The only home of inquire.

mod answers;
mod questions;

use std::path::Path;

use anyhow::bail;
use inquire::validator::Validation;
use inquire::{Confirm, InquireError, Text};

use self::answers::{as_typed, with_answers};
use self::questions::{Answer, ask, guess};
use super::args::Args;
use super::asking::{Asking, is_terminal};
use super::environment::Environment;
use super::streams::Streams;
use super::typed::Typed;
use super::{inputs, printer, settings};
use crate::import::{self, Answered, InspectedInputs, Inspection};
use crate::mapping::CensusExtent;
use crate::report::preview;
use crate::run::Target;
use crate::source::Input;
use crate::text::safe;
use crate::units::{counted, grouped};

/// What came of it.
pub(super) enum Talk {
    /// There was nothing to ask, or no terminal to ask on.
    Silent,
    /// The command line with the answers in it.
    Answered(Box<Typed>),
    /// The user wants nothing sent; perhaps the answers kept.
    Stopped(Option<Box<Typed>>),
}

/// What the dialogue is about.
pub(super) struct Topic<'a> {
    pub(super) typed: &'a Typed,
    pub(super) environment: &'a Environment,
    pub(super) inputs: &'a [Input],
    pub(super) target: &'a Target,
    pub(super) streams: &'a Streams,
}

/// Who decides what is in doubt.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Voice {
    User,
    /// The guess, where there is one: `-y`.
    Guess,
}

/// Settles what is in doubt.
///
/// # Errors
/// When the terminal cannot be used.
pub(super) fn settle(topic: &Topic<'_>) -> anyhow::Result<Talk> {
    match voice(topic) {
        None => Ok(Talk::Silent),
        Some(Voice::Guess) => hold(topic, Voice::Guess),
        Some(Voice::User) => {
            let _asking = Asking::begin();
            match hold(topic, Voice::User) {
                Err(error) => stopped(error),
                talk => talk,
            }
        }
    }
}

fn voice(topic: &Topic<'_>) -> Option<Voice> {
    let output = &topic.typed.args.output;
    let mut inputs = topic.inputs.iter();
    // The others can be read only once, and the import is to read them.
    if !inputs.all(|input| input.path().is_some_and(Path::is_file)) {
        return None;
    }
    if output.yes {
        return Some(Voice::Guess);
    }
    let is_refused = output.no_input || output.show.quiet || is_automated(topic.environment);
    (!is_refused && is_terminal()).then_some(Voice::User)
}

/// Whether a program runs this, or the terminal cannot show a question.
fn is_automated(environment: &Environment) -> bool {
    let text = |name| environment.text(name).ok().flatten();
    let no = ["0", "false", "no", "off"];
    let is_ci = text("CI").is_some_and(|ci| !no.contains(&ci.to_ascii_lowercase().as_str()));
    is_ci || text("TERM") == Some("dumb")
}

fn hold(topic: &Topic<'_>, voice: Voice) -> anyhow::Result<Talk> {
    let mut answered: Option<Typed> = None;
    let mut answers: Vec<Answer> = Vec::new();
    let mut asked: Vec<Answered> = Vec::new();
    loop {
        let typed = answered.as_ref().unwrap_or(topic.typed);
        let inspection = import::inspect(
            topic.inputs,
            &inputs::reading(&typed.args),
            &options(&typed.args),
            &asked,
        );
        let question = match inspection {
            Ok(Inspection::Question(question)) => question,
            Ok(Inspection::Clear(inspected)) if voice == Voice::User && !asked.is_empty() => {
                return conclude(topic, typed, &answers, *inspected);
            }
            // An error is reported when the import begins, in the same words as without a dialogue.
            Ok(Inspection::Clear(_)) | Err(_) => break,
        };
        let answer = match voice {
            Voice::User => ask(&question)?,
            Voice::Guess => guess(&question),
        };
        asked.push(question.as_answered());
        if !answer.is_empty() {
            let again = with_answers(typed, &answer)?;
            answered = Some(again);
            answers.extend(answer);
        }
    }
    Ok(answered.map_or(Talk::Silent, |typed| Talk::Answered(Box::new(typed))))
}

/// What the import would do. A list of phones that are never sent may lack a country until that is answered; whatever
/// else is wrong with it is reported when the import begins.
fn options(args: &Args) -> import::ImportOptions {
    let suppression = settings::suppression(args);
    import::ImportOptions {
        suppressed: suppression.unwrap_or_default().phones,
        ..settings::options(args)
    }
}

/// Shows what it comes to, offers to keep the answers, and asks once more.
fn conclude(
    topic: &Topic<'_>,
    typed: &Typed,
    answers: &[Answer],
    inspected: InspectedInputs,
) -> anyhow::Result<Talk> {
    settings::suppression(&typed.args)?;
    show(topic, inspected);
    let options: String = answers.iter().map(as_typed).collect();
    let mut more = Vec::new();
    if !options.is_empty() {
        let words = format!("these answers as options:{options}");
        topic.streams.say(&safe(&words));
        if typed.args.mapping.save_mapping.is_none() {
            more.extend(where_to_save()?);
        }
    }
    let answered = Box::new(with_answers(typed, &more)?);
    let is_wanted = match recipient(topic.target) {
        Some(to) => Confirm::new(&format!("send these to {to}?"))
            .with_default(false)
            .prompt(),
        None => Ok(true),
    };
    match is_wanted {
        Ok(true) => Ok(Talk::Answered(answered)),
        Ok(false) => Ok(Talk::Stopped(Some(answered))),
        Err(error) if is_stop(&error) => Ok(Talk::Stopped(Some(answered))),
        Err(error) => Err(error.into()),
    }
}

/// How the inputs are understood, the first contacts, and how many there are.
fn show(topic: &Topic<'_>, mut inspected: InspectedInputs) {
    let streams = topic.streams;
    printer::show_plans(streams, &mut inspected.prepared);
    let names: Vec<String> = topic.inputs.iter().map(Input::name).collect();
    for contact in &inspected.contacts {
        let (place, file) = (contact.place, names.get(contact.place.input.0));
        let file = file.map(|name| safe(name)).unwrap_or_default();
        streams.say(&format!("{file} row {}:", grouped(place.row)));
        streams.say(preview::fields(contact).trim_end());
    }
    let first = match inspected.extent {
        CensusExtent::Whole => "",
        CensusExtent::First => "the first ",
    };
    let left_out = inspected.looked_at - inspected.sendable - inspected.invalid;
    let others = [
        (inspected.invalid, "cannot (--dry-run says why)"),
        (left_out, "left out or repeated"),
    ];
    let others: String = others
        .into_iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, words)| format!(", {} {words}", grouped(count)))
        .collect();
    streams.say(&format!(
        "{} of {first}{} can be sent{others}",
        grouped(inspected.sendable),
        counted(inspected.looked_at, "record"),
    ));
}

/// The recipient, as a question names it; `None` in a dry run.
fn recipient(target: &Target) -> Option<String> {
    match target {
        Target::Platform { credentials, .. } => Some(credentials.base.host()),
        Target::Sandbox => Some("the sandbox".to_owned()),
        Target::Nowhere { .. } => None,
    }
}

fn where_to_save() -> Result<Option<Answer>, InquireError> {
    let is_new = |text: &str| {
        Ok(match Path::new(text.trim()).exists() {
            true => Validation::Invalid("there is such a file: another name, or nothing".into()),
            false => Validation::Valid,
        })
    };
    let file =
        Text::new("keep these answers for the next file of this kind? file name, or nothing:")
            .with_help_message("such as contacts.toml, to be used with --mapping")
            .with_validator(is_new)
            .prompt()?;
    let file = file.trim();
    Ok(match file {
        "" => None,
        file => Some(("save-mapping", file.to_owned())),
    })
}

/// Esc and Ctrl-C are an answer too.
fn stopped(error: anyhow::Error) -> anyhow::Result<Talk> {
    match error.downcast::<InquireError>() {
        Ok(error) if is_stop(&error) => Ok(Talk::Stopped(None)),
        Ok(error) => bail!("the terminal takes no answers ({error}): pass --no-input"),
        Err(error) => Err(error),
    }
}

fn is_stop(error: &InquireError) -> bool {
    matches!(
        error,
        InquireError::OperationCanceled | InquireError::OperationInterrupted
    )
}
