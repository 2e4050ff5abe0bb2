//! Whatever the platform does, in whatever order: every contact has one outcome, and it is true.

use proptest::prelude::*;

use super::*;

/// How a run is set up.
#[derive(Clone, Debug)]
struct Setup {
    sizes: Vec<u64>,
    senders: usize,
    retry_for: Duration,
    hold: usize,
    /// When somebody interrupts it, if anybody does.
    interrupted: Option<Duration>,
    /// How many phones the contacts have, where each may come several times.
    phones: Option<u64>,
    seed: u64,
}

impl Setup {
    fn batches(&self) -> Vec<Batch> {
        let mut next = 1;
        let mut take = |size: &u64| {
            next += size;
            batch(next - size..next, 40)
        };
        self.sizes
            .iter()
            .map(&mut take)
            .map(|batch| self.with_phones(batch))
            .collect()
    }

    /// The contacts of all batches have this many phones in turn.
    fn with_phones(&self, batch: Batch) -> Batch {
        let Some(phones) = self.phones else {
            return batch;
        };
        let mut items = batch.into_items();
        for item in &mut items {
            item.phone.number = (item.record.place.row % phones).to_string();
        }
        Batch::new(items).unwrap()
    }

    fn options(&self) -> DeliveryOptions {
        DeliveryOptions {
            pace: Pace::fixed(NonZeroUsize::new(self.senders).unwrap()),
            retry_for: self.retry_for,
            hold: self.hold,
            order: match self.phones {
                Some(_) => PhoneOrder::ByPhone(Limits {
                    items: NonZeroUsize::new(8).unwrap(),
                    bytes: 10_000,
                }),
                None => PhoneOrder::Any,
            },
            seed: self.seed,
        }
    }
}

fn setups() -> impl Strategy<Value = Setup> {
    (
        proptest::collection::vec(1..24_u64, 1..12),
        1..6_usize,
        prop_oneof![Just(0), 1..5_u64, 30..600_u64],
        1..200_usize,
        proptest::option::weighted(0.2, 0..100_u64),
        proptest::option::weighted(0.4, 1..60_u64),
        any::<u64>(),
    )
        .prop_map(
            |(sizes, senders, retry_for, hold, interrupted, phones, seed)| Setup {
                sizes,
                senders,
                retry_for: seconds(retry_for),
                hold,
                interrupted: interrupted.map(seconds),
                phones,
                seed,
            },
        )
}

/// Runs under a clock that jumps.
fn run(setup: &Setup, platform: impl FnOnce() -> Platform) -> Run {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .start_paused(true)
        .build()
        .unwrap();
    runtime.block_on(async {
        let stop = Stop::default();
        if let Some(after) = setup.interrupted {
            let stop = stop.clone();
            tokio::spawn(async move {
                tokio::time::sleep(after).await;
                stop.set(Halt::Interrupted);
            });
        }
        deliver_until(platform(), setup.options(), setup.batches(), stop).await
    })
}

/// A dice that is thrown anew for each request, and the same in each run.
fn dice(seed: u64, request: &Request) -> fastrand::Rng {
    let nth = request.nth as u64;
    fastrand::Rng::with_seed(seed ^ nth.wrapping_mul(0x9e37_79b9_7f4a_7c15))
}

/// Anything, as likely as the weights say.
fn anything(weights: &[u32; 11], dice: &mut fastrand::Rng) -> Verdict {
    let mut thrown = dice.u32(0..weights.iter().sum());
    let chosen = weights.iter().position(|weight| {
        let here = thrown < *weight;
        thrown = thrown.saturating_sub(*weight);
        here
    });
    match chosen.unwrap_or(0) {
        0 => accepted(),
        1 => refused("no"),
        2 => refused(["red", "green", "blue"][dice.usize(0..3)]),
        3 => too_large(),
        4 => busy(),
        5 => busy_for(seconds(dice.u64(0..20))),
        6 => unclear(),
        7 => stranger(404),
        8 => stranger(200),
        9 => denied(),
        _ => Verdict::Unreachable(trouble(unresolved(), None)),
    }
}

/// Weights that make some verdicts common, some rare, and the ends of runs rarer still.
fn weights() -> impl Strategy<Value = [u32; 11]> {
    let common = proptest::array::uniform7(prop_oneof![Just(0), 0..100_u32]);
    let halting = proptest::array::uniform4(prop_oneof![3 => Just(0), 1 => 0..4_u32]);
    (common, halting).prop_map(|(common, halting)| {
        let mut weights = [0; 11];
        weights[..7].copy_from_slice(&common);
        weights[7..].copy_from_slice(&halting);
        weights[0] += 1;
        weights
    })
}

/// The answers that requests with this contact got, in order of the requests.
fn answers(run: &Run, row: u64) -> Vec<(Vec<u64>, Verdict)> {
    let with_row = run
        .journal
        .iter()
        .filter(|exchange| exchange.request.rows.contains(&row));
    with_row
        .map(|exchange| {
            let (verdict, _) = exchange.answer.clone().unwrap();
            (exchange.request.rows.clone(), verdict)
        })
        .collect()
}

/// The exchanges of each phone, in the order of the requests.
fn by_phone(run: &Run, phones: u64) -> BTreeMap<u64, Vec<(u64, &Exchange)>> {
    let mut by_phone: BTreeMap<u64, Vec<(u64, &Exchange)>> = BTreeMap::new();
    for exchange in &run.journal {
        for row in &exchange.request.rows {
            by_phone
                .entry(row % phones)
                .or_default()
                .push((*row, exchange));
        }
    }
    by_phone
}

fn may_have_arrived(verdict: &Verdict) -> bool {
    matches!(verdict, Verdict::Unclear(_) | Verdict::WrongAddress(_))
}

fn surely_may_have_arrived(verdict: &Verdict) -> bool {
    match verdict {
        Verdict::Unclear(_) => true,
        Verdict::WrongAddress(answer) => answer.is_success(),
        _ => false,
    }
}

/// Whether a contact's outcome is what the platform's own journal says.
fn is_true(fate: &Fate, row: u64, answers: &[(Vec<u64>, Verdict)]) -> bool {
    let (last, before) = match answers.split_last() {
        Some((last, before)) => (Some(last), before),
        None => (None, answers),
    };
    let accepted_before = before
        .iter()
        .any(|(_, verdict)| matches!(verdict, Verdict::Accepted { .. }));
    let taken = matches!(last, Some((_, Verdict::Accepted { .. })));
    let alone = last.is_some_and(|(rows, _)| rows.as_slice() == [row]);
    let last = last.map(|(_, verdict)| verdict);
    !accepted_before
        && match fate.outcome {
            Outcome::Accepted => taken,
            Outcome::Refused => {
                alone && matches!(last, Some(Verdict::Refused(_) | Verdict::TooLarge(_)))
            }
            Outcome::Unknown => {
                !taken && answers.iter().any(|(_, verdict)| may_have_arrived(verdict))
            }
            Outcome::Unsent => {
                !taken
                    && !answers
                        .iter()
                        .any(|(_, verdict)| surely_may_have_arrived(verdict))
            }
            Outcome::WouldSend | Outcome::Invalid | Outcome::Skipped => false,
        }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn whatever_is_answered_every_outcome_is_true(setup in setups(), weights in weights(), seed: u64) {
        let run = run(&setup, || {
            Platform::that(move |request| anything(&weights, &mut dice(seed, request)))
                .after(move |request| milliseconds(dice(!seed, request).u64(1..3_000)))
        });
        for (row, fate) in &run.fates {
            let answers = answers(&run, *row);
            prop_assert!(is_true(fate, *row, &answers), "row {row}: {fate:?} {answers:?}");
        }
    }

    #[test]
    fn whatever_goes_wrong_for_a_while_everything_good_is_accepted_and_only_the_bad_refused(
        setup in setups(),
        bad in proptest::collection::btree_set(1..200_u64, 0..12),
        faults in 0.0..0.4_f64,
        limit in prop_oneof![Just(usize::MAX), 100..1_000_usize],
        seed: u64,
    ) {
        let setup = Setup { retry_for: seconds(3_600), interrupted: None, ..setup };
        let all: u64 = setup.sizes.iter().sum();
        let bad: Vec<u64> = bad.into_iter().filter(|row| *row <= all).collect();
        let expected = bad.clone();
        let run = run(&setup, move || {
            Platform::that(move |request| {
                let mut dice = dice(seed, request);
                if dice.f64() < faults {
                    return [busy(), unclear(), busy_for(seconds(dice.u64(0..30)))][dice.usize(0..3)].clone();
                }
                match bad.iter().find(|row| request.rows.contains(row)) {
                    _ if request.bytes > limit => too_large(),
                    // A reason of its own, in letters: digits do not count.
                    Some(row) => refused(&"x".repeat(usize::try_from(*row).unwrap())),
                    None => accepted(),
                }
            })
            .after(move |request| milliseconds(dice(!seed, request).u64(1..3_000)))
        });
        prop_assert_eq!(&run.halt, &None);
        prop_assert_eq!(run.rows(Outcome::Refused), expected);
        prop_assert_eq!(run.rows(Outcome::Accepted).len() as u64, all - run.rows(Outcome::Refused).len() as u64);
    }
    #[test]
    fn contacts_of_one_phone_go_one_after_the_other(
        setup in setups(), phones in 1..30_u64, weights in weights(), seed: u64,
    ) {
        let setup = Setup { phones: Some(phones), ..setup };
        let run = run(&setup, || {
            Platform::that(move |request| anything(&weights, &mut dice(seed, request)))
                .after(move |request| milliseconds(dice(!seed, request).u64(1..3_000)))
        });
        for (phone, exchanges) in by_phone(&run, phones) {
            for pair in exchanges.windows(2) {
                let [(first, before), (second, after)] = pair else { unreachable!() };
                let (_, answered) = before.answer.clone().unwrap();
                prop_assert!(first <= second, "phone {phone}: row {second} went before row {first}");
                prop_assert!(answered <= after.request.at, "phone {phone}: row {second} overtook row {first}");
            }
        }
    }
}
