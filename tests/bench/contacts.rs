//! Made-up contacts: names and cities of many countries, and phones of 24, weighted as customers are, in the ways in
//! which people write them.

use std::collections::HashSet;
use std::fmt::Write;

use fastrand::Rng;
use rlibphonenumber::{PHONE_NUMBER_UTIL, PhoneNumber, PhoneNumberFormat, PhoneNumberType, Region};

const COUNTRIES: [(&str, u32); 24] = [
    ("IN", 30),
    ("BR", 12),
    ("ID", 8),
    ("US", 8),
    ("MX", 5),
    ("GB", 4),
    ("DE", 3),
    ("IT", 3),
    ("ES", 3),
    ("NG", 4),
    ("ZA", 3),
    ("AE", 2),
    ("SA", 2),
    ("PK", 2),
    ("BD", 2),
    ("EG", 2),
    ("AR", 2),
    ("CO", 1),
    ("MY", 1),
    ("SG", 1),
    ("FR", 1),
    ("TR", 1),
    ("KE", 1),
    ("PH", 1),
];
const FIRST: [&str; 24] = [
    "Asha", "Ravi", "João", "María", "Ana", "Budi", "Siti", "Emma", "Liam", "Noah", "José",
    "Fatima", "Omar", "Wei", "Yuki", "Chidi", "Zanele", "Ömer", "Élodie", "Jürgen", "Søren",
    "Łukasz", "Nguyễn", "Olena",
];
const LAST: [&str; 20] = [
    "Sharma", "Patel", "Silva", "García", "Santos", "Wijaya", "Putri", "Smith", "Johnson",
    "Müller", "Rossi", "Okafor", "Dlamini", "Khan", "Rahman", "Yılmaz", "Dubois", "Tanaka", "Chen",
    "O'Brien",
];
const TAGS: [&str; 8] = [
    "vip",
    "lead",
    "newsletter",
    "diwali-2025",
    "retail",
    "wholesale",
    "trial",
    "churned",
];
const CITIES: [&str; 8] = [
    "Mumbai",
    "São Paulo",
    "Jakarta",
    "Austin",
    "Ciudad de México",
    "London",
    "Berlin",
    "Lagos",
];

/// A contact as it is in a table.
pub struct Row {
    name: String,
    pub phone: String,
    pub email: String,
    tags: String,
    city: &'static str,
    note: &'static str,
}

/// The same rows for the same seed.
pub fn rows(seed: u64, count: usize) -> Vec<Row> {
    let mut random = Rng::with_seed(seed);
    let mut seen = HashSet::new();
    let bases: Vec<PhoneNumber> = COUNTRIES.iter().map(|(code, _)| example(code)).collect();
    (0..count)
        .map(|at| row(&mut random, at, &bases, &mut seen))
        .collect()
}

/// The rows as a table.
pub fn csv(rows: &[Row]) -> String {
    let mut csv = "Full Name,Phone,Email,Tags,City,Notes\n".to_owned();
    for Row {
        name,
        phone,
        email,
        tags,
        city,
        note,
    } in rows
    {
        writeln!(csv, "{name},{phone},{email},{tags},{city},{note}")
            .expect("a text takes any text");
    }
    csv
}

fn row(random: &mut Rng, at: usize, bases: &[PhoneNumber], seen: &mut HashSet<u64>) -> Row {
    let number = loop {
        let number = valid_number(random, bases);
        let digits = number.format_as(PhoneNumberFormat::E164);
        if seen.insert(
            digits
                .trim_start_matches('+')
                .parse()
                .expect("E.164 is digits"),
        ) {
            break number;
        }
    };
    let tags = random.choose_multiple(TAGS, random.clone().usize(..3));
    Row {
        name: format!("{} {}", pick(random, &FIRST), pick(random, &LAST)),
        phone: spelt(random, &number),
        email: if at.is_multiple_of(3) {
            String::new()
        } else {
            format!("user{at}@example.com")
        },
        tags: tags.join("; "),
        city: pick(random, &CITIES),
        note: if at.is_multiple_of(11) {
            "\"said \"\"call back\"\", later\""
        } else {
            ""
        },
    }
}

fn pick(random: &mut Rng, all: &[&'static str]) -> &'static str {
    all[random.usize(..all.len())]
}

fn example(code: &str) -> PhoneNumber {
    let region = Region::from_code(code).expect("a region");
    let of = |kind| PHONE_NUMBER_UTIL.get_example_number_for_type_and_region(region, kind);
    of(PhoneNumberType::Mobile)
        .or_else(|_| of(PhoneNumberType::FixedLine))
        .expect("a number of every country")
}

/// A country's example with other digits at its end.
fn valid_number(random: &mut Rng, bases: &[PhoneNumber]) -> PhoneNumber {
    loop {
        let mut number = weighted(random, bases).clone();
        let digits = number.get_national_significant_number().len();
        let varied =
            10_u64.pow(u32::try_from(digits.saturating_sub(3).min(7)).expect("a few digits"));
        number.national_number = number.national_number / varied * varied + random.u64(..varied);
        if number.is_valid() {
            return number;
        }
    }
}

fn weighted<'a>(random: &mut Rng, bases: &'a [PhoneNumber]) -> &'a PhoneNumber {
    let sum: u32 = COUNTRIES.iter().map(|(_, weight)| weight).sum();
    let mut left = random.u32(..sum);
    for ((_, weight), base) in COUNTRIES.iter().zip(bases) {
        if left < *weight {
            return base;
        }
        left -= weight;
    }
    unreachable!("what is left is less than the sum")
}

fn spelt(random: &mut Rng, number: &PhoneNumber) -> String {
    let (code, national) = (
        number.country_code,
        number.get_national_significant_number(),
    );
    match random.u8(..6) {
        0 => format!("+{code}{national}"),
        1 => number
            .format_as(PhoneNumberFormat::International)
            .into_owned(),
        2 => format!("00{code}{national}"),
        3 => format!("+{code} ({}) {}", &national[..3], &national[3..]),
        4 => format!("+{code}-{}-{}", &national[..4], &national[4..]),
        _ => format!(" +{code} {national} "),
    }
}
