//! The questions of the dialogue: what each shows, and the options that its answer stands for.

use inquire::validator::Validation;
use inquire::{InquireError, Select, Text};

use crate::contact::phone::Home;
use crate::import::{Question, Withheld};
use crate::mapping::{Choice, OtherRefusal};
use crate::text::safe;
use crate::units::{counted, grouped};

/// How many characters of a column's samples are shown beside its name: with the name, a line of 80 columns.
const LONGEST_SAMPLE: usize = 48;

/// An option and its value.
pub(super) type Answer = (&'static str, String);

/// The answers that `-y` gives.
pub(super) fn guess(question: &Question) -> Vec<Answer> {
    match question {
        Question::NoPhone { columns, guess, .. } => {
            let likeliest = guess.and_then(|guess| columns.get(guess));
            likeliest.map(phone).into_iter().collect()
        }
        // Without an answer the guess is used; a country is never guessed.
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

/// Asks a question on the terminal.
///
/// # Errors
/// When it was left, or the terminal cannot be used.
pub(super) fn ask(question: &Question) -> Result<Vec<Answer>, InquireError> {
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

/// The chosen column goes first; the others are used where it has no usable number.
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
        // Filtering would also match the samples, so a typed letter could select a column by its content.
        .without_filtering()
        .with_help_message("↑↓ to move, enter to choose, esc: nothing is sent")
        .raw_prompt()
        .map(|chosen| chosen.index)
}

/// The columns to choose from, each with samples of its content.
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
