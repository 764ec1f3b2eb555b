//! How much an attempt weighs, in nats: logarithms of how much likelier it is for an attacker than for an honest client.

/// How often an attacker's first guess at an account fails.
const GUESS_OF_ATTACKER: f32 = 0.98;
/// How often an attacker tries a name without an account.
const PROBE_OF_ATTACKER: f32 = 0.5;
/// How often an honest first contact is one.
pub(crate) const PROBE_OF_HONEST: f32 = 0.02;
/// How often an honest first contact fails, before anything is learned (StopGuessing's simulator: 2 % typos, and what users forget).
pub(crate) const GUESS_OF_HONEST: f32 = 0.08;
/// A stranger who gets in.
const SUCCESS: f32 = -3.8;
/// A source that fails once more at an account is less news.
const REPEAT: f32 = 0.4;
/// Nobody types that fast.
const FAST_REPEAT: f32 = 1.2;
const FAST_SECONDS: f64 = 3.0;
/// Honest people give up, or reset their password.
const PATIENCE: u32 = 20;
/// What all repeats of a patient person can weigh, and those of a program.
const MOST_OF_A_PERSON: f32 = 4.0;
const MOST_OF_A_PROGRAM: f32 = 14.0;
/// A program tries again within this time.
const PROGRAM_SECONDS: f64 = 15.0;
/// A forged token, and a replayed one.
const FORGED: f32 = 3.2;
const REPLAYED: f32 = 6.0;
/// A token that a broken client may send too.
const DOUBTFUL: f32 = 2.0;
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

/// The first success of a pair, or one of a known user. `honest` as in [`guess`].
pub(crate) fn success() -> f32 {
    SUCCESS
}

/// A source that fails again at the same account: the `nth` failure, `gap` seconds after the one before; `so_far` is what its
/// repeats have weighed.
pub(crate) fn repeat(nth: u32, gap: f64, so_far: f32, is_even: bool) -> f32 {
    let is_patient = nth <= PATIENCE;
    let most = if is_patient { MOST_OF_A_PERSON } else { MOST_OF_A_PROGRAM };
    let weight = match () {
        () if gap < FAST_SECONDS && is_patient => FAST_REPEAT,
        () if gap < PROGRAM_SECONDS && !is_patient => 1.0,
        () if is_patient && !is_even => REPEAT,
        () => 0.0,
    };
    weight.min(most - so_far).max(0.0)
}

/// A token that was forged or replayed.
pub(crate) fn forged() -> f32 {
    FORGED
}

pub(crate) fn replayed() -> f32 {
    REPLAYED
}

/// A source that forges on. Ten are enough, and hundreds not more.
pub(crate) fn forged_again(nth: u32) -> f32 {
    if nth <= 10 { FAST_REPEAT } else { 0.0 }
}

/// A token that may be forged.
pub(crate) fn doubtful() -> f32 {
    DOUBTFUL
}

pub(crate) fn doubtful_again(nth: u32) -> f32 {
    if nth <= PATIENCE { REPEAT } else { 0.0 }
}
