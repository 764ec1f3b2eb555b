//! What a person does to log in: errors, troubles of the service, the second factor, tokens.

use crate::address::{SourceId, SubjectId};
use crate::event::{Ending, MFA, Outcome, TOKEN};
use crate::honest::person::Person;
use crate::honest::rates::Rates;
use crate::scene::Scene;
use crate::time::{HOUR, MINUTE};

/// A person gives up after as many wrong passwords, and resets theirs.
const PATIENCE: u64 = 12;
/// A wrong name is typed again more often than another wrong one. `StopGuessing`'s simulator draws another one each time.
const OTHER_MISTAKE: f64 = 0.3;

/// How a login goes wrong at first, beyond the usual errors.
#[derive(Clone, Copy, Debug, Default)]
pub struct Trial {
    /// Wrong passwords before the right one.
    pub failures: u64,
    /// Never gets in.
    pub gives_up: bool,
}

/// One login from its first attempt to its last.
pub fn run(
    t: f64,
    person: &Person,
    source: SourceId,
    others: &[SubjectId],
    rates: &Rates,
    scene: &mut Scene,
) {
    if scene.random.chance(rates.stale) {
        return stale_client(t, (source, person.subject), rates, scene);
    }
    let t = wrong_account(t, source, others, rates, scene);
    let random = &mut scene.random;
    let mut trial = Trial::default();
    if random.chance(rates.other_password) {
        trial.failures += 1 + random.repeats(rates.other_password_again, PATIENCE);
    }
    if random.chance(rates.typo) {
        trial.failures += 1 + random.repeats(rates.typo_again, PATIENCE);
    }
    trial.gives_up = trial.failures > 6 && random.chance(0.3);
    attempt(t, person, source, trial, rates, scene);
}

/// Tries some wrong passwords and then the right one.
pub fn attempt(
    mut t: f64,
    person: &Person,
    source: SourceId,
    trial: Trial,
    rates: &Rates,
    scene: &mut Scene,
) {
    let pair = (source, person.subject);
    for _ in 0..trial.failures {
        scene.login(t, pair, Ending::WRONG);
        t += pause(rates, scene);
    }
    if trial.gives_up {
        return;
    }
    let due = if person.second_factor { Ending::SECOND_FACTOR } else { Ending::SUCCESS };
    let tries = 1 + scene.random.repeats(0.6, 4);
    for _ in 0..tries {
        let ending = scene.login(t, pair, due);
        t += pause(rates, scene);
        match ending.outcome {
            Outcome::Success => return tokens(t, pair, scene),
            Outcome::Interim => return second_factor(t, pair, rates, scene),
            // The service is in trouble: people try again, a little later each time.
            _ => t += scene.random.exponential(40.0),
        }
    }
}

/// Mistakes in the name of the account. Says when they end.
fn wrong_account(
    mut t: f64,
    source: SourceId,
    others: &[SubjectId],
    rates: &Rates,
    scene: &mut Scene,
) -> f64 {
    for (chance, ending) in [(rates.other_account, Ending::WRONG), (rates.unknown_account, Ending::UNKNOWN)] {
        if !scene.random.chance(chance) {
            continue;
        }
        let mut subject = wrong_name(ending, others, scene);
        for _ in 0..=scene.random.repeats(rates.wrong_account_again, 4) {
            scene.login(t, (source, subject), ending);
            t += pause(rates, scene);
            if scene.random.chance(OTHER_MISTAKE) {
                subject = wrong_name(ending, others, scene);
            }
        }
    }
    t
}

fn wrong_name(ending: Ending, others: &[SubjectId], scene: &mut Scene) -> SubjectId {
    if ending == Ending::WRONG {
        return scene.random.pick(others);
    }
    let name = format!("typo{:06}", scene.random.whole(0, 999_999));
    scene.names.subject(&name)
}

/// A client repeats an old password at even gaps, until somebody enters the new one.
fn stale_client(mut t: f64, pair: (SourceId, SubjectId), rates: &Rates, scene: &mut Scene) {
    let gap = rates.stale_gap * MINUTE;
    let length = rates.stale_length * scene.random.between(0.5, 1.0);
    for _ in 0..length as u64 {
        scene.login(t, pair, Ending::WRONG);
        t += gap + scene.random.between(-1.0, 1.0);
    }
    for _ in 0..scene.random.whole(4, 60) {
        scene.login(t, pair, Ending::SUCCESS);
        t += gap + scene.random.between(-1.0, 1.0);
    }
}

fn second_factor(mut t: f64, pair: (SourceId, SubjectId), rates: &Rates, scene: &mut Scene) {
    if scene.random.chance(0.01) {
        // Left the prompt alone.
        scene.attempt(t + 2.0 * MINUTE, pair, MFA, Ending::rejected("mfa_expired"));
        return;
    }
    if scene.random.chance(rates.otp_typo) {
        for _ in 0..=scene.random.repeats(0.3, 4) {
            scene.attempt(t, pair, MFA, Ending::rejected("mfa_invalid"));
            t += pause(rates, scene);
        }
    }
    let ending = scene.attempt(t, pair, MFA, Ending::SUCCESS);
    if ending == Ending::SUCCESS {
        tokens(t + 1.0, pair, scene);
    }
}

/// Some sessions refresh tokens for a while.
fn tokens(mut t: f64, pair: (SourceId, SubjectId), scene: &mut Scene) {
    if !scene.random.chance(0.05) {
        return;
    }
    for _ in 0..=scene.random.repeats(0.6, 8) {
        t += scene.random.between(10.0 * MINUTE, HOUR);
        let due = match scene.random.whole(0, 999) {
            0..=29 => Ending::rejected("token_expired"),
            30..=32 => Ending::rejected("token_revoked"),
            33 => Ending::rejected("token_malformed"),
            _ => Ending::SUCCESS,
        };
        scene.attempt(t, pair, TOKEN, due);
    }
}

fn pause(rates: &Rates, scene: &mut Scene) -> f64 {
    rates.between_errors * scene.random.between(0.6, 1.6)
}
