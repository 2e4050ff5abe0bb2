//! The dialogue: what is in doubt is asked before anything is sent, on a terminal and nowhere else.
//!
//! An answer becomes an option that the user could have typed, so that all that follows sees no difference, and the next
//! command has it. The only home of inquire.

use std::path::Path;
use std::str::FromStr;

use anyhow::{anyhow, bail};
use clap::{CommandFactory, ValueEnum};
use inquire::validator::Validation;
use inquire::{Confirm, InquireError, Select, Text};

use super::args::{Args, IncludeArg};
use super::asking::{Asking, is_terminal};
use super::environment::Environment;
use super::inputs;
use super::settings;
use super::streams::Streams;
use super::typed::Typed;
use super::{given, printer};
use crate::contact::phone::Home;
use crate::import::{self, Answered, InspectedInputs, Inspection, Question, Withheld};
use crate::mapping::{CensusExtent, Choice, OtherRefusal};
use crate::report::preview;
use crate::run::Target;
use crate::source::Input;
use crate::text::{safe, shell_word};
use crate::units::{counted, grouped};

/// So much of what stands in a column is shown beside it.
const LONGEST_SAMPLE: usize = 48;

/// What came of it.
pub(super) enum Talk {
    /// There was nothing to ask, or nobody.
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

/// An option and its value.
type Answer = (&'static str, String);

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

/// Whether nobody sits there, or in front of something that cannot show a question.
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
            // What is wrong is said when the import begins.
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
/// else is wrong with it is said when the import begins.
fn options(args: &Args) -> import::ImportOptions {
    let suppression = settings::suppression(args);
    import::ImportOptions {
        suppressed: suppression.unwrap_or_default().phones,
        ..settings::options(args)
    }
}

/// The command line with these answers in it, as if they had been typed before everything else.
fn with_answers(typed: &Typed, answers: &[Answer]) -> anyhow::Result<Typed> {
    let mut typed = typed.clone();
    let texts: Vec<(&str, &str)> = answers
        .iter()
        .map(|(option, value)| (*option, value.as_str()))
        .collect();
    let command = Args::command();
    let added = texts
        .iter()
        .map(|(option, value)| given::typed(&command, option, value));
    typed.given.type_first(added.collect());
    let Args {
        mapping,
        input,
        audience,
        country,
        ..
    } = &mut typed.args;
    let given = &typed.given;
    for (option, value) in &texts {
        match *option {
            "map" => mapping.map = parsed(given.values("map"))?,
            "only" => input.only = parsed(given.values("only"))?,
            "except" => input.except = parsed(given.values("except"))?,
            "include" => {
                let values = given.values("include");
                let values = values.map(|value| IncludeArg::from_str(value, true));
                audience.include = values
                    .collect::<Result<_, _>>()
                    .map_err(|word| anyhow!("{word}"))?;
            }
            "country" => country.country = Some(Home::parse(value)?),
            "save-mapping" => mapping.save_mapping = Some(value.into()),
            other => bail!("--{other} is no answer: this is a bug in bp-import, please report it"),
        }
    }
    Ok(typed)
}

fn parsed<'v, T>(values: impl Iterator<Item = &'v str>) -> anyhow::Result<Vec<T>>
where
    T: FromStr,
    anyhow::Error: From<T::Err>,
{
    values.map(|value| Ok(value.parse()?)).collect()
}

fn guess(question: &Question) -> Vec<Answer> {
    match question {
        Question::NoPhone { columns, guess, .. } => {
            let likeliest = guess.and_then(|guess| columns.get(guess));
            likeliest.map(phone).into_iter().collect()
        }
        // What is not said stays the guess; a country is never guessed.
        Question::Phones { .. }
        | Question::Name { .. }
        | Question::Country { .. }
        | Question::Withheld { .. }
        | Question::OtherRefusal { .. } => Vec::new(),
    }
}

fn phone(choice: &Choice) -> Answer {
    ("map", format!("phone={}", choice.template))
}

fn ask(question: &Question) -> Result<Vec<Answer>, InquireError> {
    match question {
        Question::NoPhone {
            input,
            columns,
            guess,
        } => which_phone(input, columns, *guess),
        Question::Phones {
            input,
            columns,
            guess,
        } => which_phone_first(input, columns, *guess),
        Question::Name {
            input,
            choices,
            guess,
        } => which_name(input, choices, guess.unwrap_or(choices.len())),
        Question::Country {
            without,
            looked_at,
            samples,
            columns,
        } => which_country(*without, *looked_at, samples, columns),
        Question::Withheld { words, what } => send_withheld(words, *what),
        Question::OtherRefusal { input, refusal } => leave_out(input, refusal),
    }
}

fn which_phone(
    input: &str,
    columns: &[Choice],
    guess: Option<usize>,
) -> Result<Vec<Answer>, InquireError> {
    let question = format!("{}: which column is the phone?", safe(input));
    let chosen = select_phone(&question, columns, guess)?;
    Ok(columns.get(chosen).map(phone).into_iter().collect())
}

/// Where nothing says which column it is, the cursor is on none of them, which sends nothing.
fn select_phone(
    question: &str,
    columns: &[Choice],
    guess: Option<usize>,
) -> Result<usize, InquireError> {
    let mut lines = lines(columns);
    let none = lines.len();
    lines.push("none of these: nothing is sent".to_owned());
    let chosen = select(question, lines, guess.unwrap_or(none))?;
    match chosen == none {
        true => Err(InquireError::OperationCanceled),
        false => Ok(chosen),
    }
}

/// The chosen column goes first, the others stand in where it has no usable number.
fn which_phone_first(
    input: &str,
    columns: &[Choice],
    guess: Option<usize>,
) -> Result<Vec<Answer>, InquireError> {
    let question = format!(
        "{}: several columns hold phones. Which goes first? (the others where it has none)",
        safe(input)
    );
    let chosen = select_phone(&question, columns, guess)?;
    let first = columns.get(chosen).into_iter();
    let others = columns
        .iter()
        .enumerate()
        .filter(|(index, _)| *index != chosen);
    let all = first.chain(others.map(|(_, choice)| choice));
    Ok(all.map(phone).collect())
}

/// No name is the choice behind the last.
fn which_name(input: &str, choices: &[Choice], guess: usize) -> Result<Vec<Answer>, InquireError> {
    let question = format!("{}: what is the name?", safe(input));
    let mut lines = lines(choices);
    lines.push("no name".to_owned());
    let chosen = select(&question, lines, guess)?;
    let template = choices.get(chosen).map_or("", |choice| &choice.template);
    Ok(vec![("map", format!("name={template}"))])
}

fn which_country(
    without: u64,
    looked_at: u64,
    samples: &[String],
    columns: &[String],
) -> Result<Vec<Answer>, InquireError> {
    let (verb, are_they) = match without {
        1 => ("has", "is it"),
        _ => ("have", "are they"),
    };
    let question = format!(
        "{} of {} {verb} no country, such as {}: which one {are_they} from?",
        grouped(without),
        counted(looked_at, "number"),
        shortened(&samples.join(", ")),
    );
    let is_country = |text: &str| {
        let answer = text.trim();
        Ok(match Home::parse(answer) {
            Err(error) if !answer.is_empty() => Validation::Invalid(error.to_string().into()),
            _ => Validation::Valid,
        })
    };
    let answer = Text::new(&question)
        .with_help_message(
            "IN or India; intl if they start with their calling code; nothing: they are left out",
        )
        .with_validator(is_country)
        .prompt()?;
    let answer = answer.trim();
    Ok(match answer {
        "" => Vec::new(),
        // The rows that name a country of their own keep it.
        country => {
            let mapped = columns
                .iter()
                .map(|column| ("map", format!("country={column}")));
            let answer = ("country", country.to_owned());
            [answer].into_iter().chain(mapped).collect()
        }
    })
}

/// What is left out by default, unless it is wanted.
fn send_withheld(words: &[String], what: Withheld) -> Result<Vec<Answer>, InquireError> {
    let include = match what {
        Withheld::OptedOut => "opted-out",
        Withheld::Unanswered => "unanswered",
        Withheld::Hidden => "hidden",
    };
    Ok(match are_left_out(&words.join("; "))? {
        true => Vec::new(),
        false => vec![("include", include.to_owned())],
    })
}

fn leave_out(input: &str, refusal: &OtherRefusal) -> Result<Vec<Answer>, InquireError> {
    Ok(
        match are_left_out(&format!("{input}: {}", refusal.words))? {
            true => refusal.options.clone(),
            false => Vec::new(),
        },
    )
}

fn are_left_out(words: &str) -> Result<bool, InquireError> {
    let question = format!("{}. What about them?", safe(words));
    let lines = vec!["leave them out".to_owned(), "send them too".to_owned()];
    Ok(select(&question, lines, 0)? == 0)
}

fn select(question: &str, lines: Vec<String>, cursor: usize) -> Result<usize, InquireError> {
    Select::new(question, lines)
        .with_starting_cursor(cursor)
        // A letter that is typed would choose among what stands in the columns, too.
        .without_filtering()
        .with_help_message("↑↓ to move, enter to choose, esc: nothing is sent")
        .raw_prompt()
        .map(|chosen| chosen.index)
}

/// What there is to choose from, and what stands there.
fn lines(choices: &[Choice]) -> Vec<String> {
    let widths = choices.iter().map(|choice| choice.label.chars().count());
    let width = widths.max().unwrap_or_default().min(LONGEST_SAMPLE);
    let line = |choice: &Choice| {
        let samples = match choice.samples.as_slice() {
            [] => "(empty)".to_owned(),
            samples => shortened(&samples.join(", ")),
        };
        safe(&format!("{:width$}  {samples}", choice.label)).into_owned()
    };
    choices.iter().map(line).collect()
}

fn shortened(text: &str) -> String {
    let mut short: String = text.chars().take(LONGEST_SAMPLE).collect();
    if short.len() < text.len() {
        short.push('…');
    }
    safe(&short).into_owned()
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

/// An answer as a user would type it: `--map phone="Dial me"`.
fn as_typed((option, value): &Answer) -> String {
    match value.split_once('=') {
        Some((field, template)) if *option == "map" => {
            format!(" --map {field}={}", shell_word(template))
        }
        _ => format!(" --{option} {}", shell_word(value)),
    }
}

/// Who would get them; nobody in a dry run.
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
