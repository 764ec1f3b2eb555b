//! How much an attempt weighs, in nats: logarithms of how much likelier it is for an attacker than for an honest client.

/// How often an attacker's first guess at an account fails.
const GUESS_OF_ATTACKER: f32 = 0.98;
/// How often an attacker tries a name without an account.
const PROBE_OF_ATTACKER: f32 = 0.5;
/// How often an honest first contact is one.
pub(crate) const PROBE_OF_HONEST: f32 = 0.02;
/// How often an honest first contact fails, before anything is learned (`StopGuessing`'s simulator: 2 % typos, and what users forget).
pub(crate) const GUESS_OF_HONEST: f32 = 0.08;
/// The first success of a pair, or one of a known user.
pub(crate) const SUCCESS: f32 = -3.8;
/// A source that fails once more at an account is less news.
const REPEAT: f32 = 0.4;
/// At the pace of a person who types again.
const PERSON_REPEAT: f32 = 0.15;
const PERSON_SECONDS: f64 = 20.0;
/// The longest pause in a row of failures of one person.
pub(crate) const ROW_SECONDS: f64 = 60.0;
/// How often an honest person who failed fails once more, with another name, right after.
const FAILS_AGAIN: f32 = 0.4;
/// So often in a row.
const IN_A_ROW: u8 = 6;
/// A person who corrects themself and gets in, beside the success itself.
const CORRECTED: f32 = -1.5;
/// Nobody types that fast.
const FAST_REPEAT: f32 = 1.2;
/// Within the same second.
const INSTANT_REPEAT: f32 = 1.8;
const INSTANT_SECONDS: f64 = 0.5;
pub(crate) const FAST_SECONDS: f64 = 3.0;
/// Honest people give up, or reset their password.
const PATIENCE: u32 = 20;
/// What all repeats of a patient person can weigh, and those of a program.
const MOST_OF_A_PERSON: f32 = 4.0;
const MOST_OF_A_PROGRAM: f32 = 12.0;
/// A client may try a stale password some times at once: that alone convicts nobody.
const RETRIES: u32 = 7;
const MOST_OF_RETRIES: f32 = 8.2;
/// Nobody goes on like this, at whichever pace, unless a timer does.
const ENDLESS: u32 = 60;
const ENDLESS_REPEAT: f32 = 0.2;
/// A program tries again within this time.
const PROGRAM_SECONDS: f64 = 15.0;
/// A further account that a stranger tries while the service fails: whether the guess was wrong is unknown.
pub(crate) const UNTOLD: f32 = 1.6;
/// A forged token, and a replayed one.
pub(crate) const FORGED: f32 = 3.2;
pub(crate) const REPLAYED: f32 = 6.0;
/// A token that a broken client may send too.
pub(crate) const DOUBTFUL: f32 = 2.0;
const FORGED_AGAIN: f32 = 1.6;
const FORGERIES: u8 = 16;
/// An account that strangers fail at: the source's part.
pub(crate) const SUBJECT: f32 = 1.9;

/// A first contact that fails with a wrong secret. `honest` is how often that happens to honest strangers at present.
pub(crate) fn guess(honest: f32) -> f32 {
    (GUESS_OF_ATTACKER / honest.clamp(0.01, GUESS_OF_ATTACKER)).ln()
}

/// A first contact with a name that has no account.
pub(crate) fn probe(honest: f32) -> f32 {
    (PROBE_OF_ATTACKER / honest.clamp(0.005, PROBE_OF_ATTACKER)).ln()
}

/// Whether a failure follows the one before at the pace of a person who tries again.
pub(crate) fn is_at_pace(gap: f64) -> bool {
    (FAST_SECONDS..PERSON_SECONDS).contains(&gap)
}

/// Whether a failure belongs to the row of failures of one person.
pub(crate) fn is_in_row(gap: f64) -> bool {
    (FAST_SECONDS..ROW_SECONDS).contains(&gap)
}

/// A first contact right after another failure of the source, the `nth` in a row: those of one person are no separate evidence.
pub(crate) fn in_a_row(weight: f32, nth: u8) -> f32 {
    if (1..=IN_A_ROW).contains(&nth) { weight.min(guess(FAILS_AGAIN)) } else { weight }
}

/// The first success of a pair of a source that has just failed.
pub(crate) fn corrected(gap: f64) -> f32 {
    if is_at_pace(gap) { SUCCESS + CORRECTED } else { SUCCESS }
}

/// A source that fails again at the same account: the `nth` failure, `gap` seconds after the one before; `so_far` is what its
/// repeats have weighed.
pub(crate) fn repeat(nth: u32, gap: f64, so_far: f32, is_even: bool) -> f32 {
    let is_patient = nth <= PATIENCE;
    let most_of_program = if nth <= RETRIES { MOST_OF_RETRIES } else { MOST_OF_A_PROGRAM };
    let (weight, most) = match () {
        () if gap < INSTANT_SECONDS => (INSTANT_REPEAT, most_of_program),
        () if gap < FAST_SECONDS => (FAST_REPEAT, most_of_program),
        () if nth > ENDLESS && !is_even => (ENDLESS_REPEAT, MOST_OF_A_PROGRAM),
        () if gap < PROGRAM_SECONDS && !is_patient => (1.0, MOST_OF_A_PROGRAM),
        () if is_at_pace(gap) => (PERSON_REPEAT, MOST_OF_A_PERSON),
        () if is_patient && !is_even => (REPEAT, MOST_OF_A_PERSON),
        () => (0.0, MOST_OF_A_PERSON),
    };
    weight.min(most - so_far).max(0.0)
}

/// A source that forges on, for the `nth` time. Some are enough, and hundreds not more.
pub(crate) fn forged_again(nth: u8) -> f32 {
    if nth <= FORGERIES { FORGED_AGAIN } else { 0.0 }
}

/// A source that goes on with doubtful tokens, for the `nth` time.
pub(crate) fn doubtful_again(nth: u8) -> f32 {
    if nth <= FORGERIES { REPEAT } else { 0.0 }
}
