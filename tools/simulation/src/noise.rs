//! What nobody wants to be woken for: scanners, failovers, misconfigured clients, expired passwords, batches.
//!
//! How often and how much is a judgement. Where in doubt, there is more of it than most services see.

use auth_metrics_random::Random;

use crate::calendar::{DAY, HOUR, Minute};
use crate::deployment::Deployment;
use crate::episode::{Effect, Episode};
use crate::operation::CANCELLED;
use crate::traffic::Rhythm;

/// Adds the noise of a deployment's life to it.
pub fn plant(deployment: &mut Deployment, random: &mut Random) {
    let mut found = Vec::new();
    for add in [
        scanners,
        failovers,
        impatience,
        clients,
        passwords,
        token_noise,
        stragglers,
        clocks,
        slow_minutes,
        cold_starts,
    ] {
        add(deployment, random, &mut found);
    }
    deployment.episodes.append(&mut found);
}

/// So many times a week, at any time.
fn times(deployment: &Deployment, per_week: f64, random: &mut Random) -> Vec<Minute> {
    let weeks = (deployment.until - deployment.from) as f64 / (7 * DAY) as f64;
    (0..random.poisson(per_week * weeks)).map(|_| random.whole(deployment.from, deployment.until)).collect()
}

fn episode(from: Minute, length: Minute, effect: Effect) -> Episode {
    Episode { from, to: from + length.max(1), effect }
}

fn first(deployment: &Deployment) -> &'static str {
    deployment.operations[0].name
}

/// A script tries a list of names and passwords, and goes on to the next address: tens of tries at small services, hundreds at large
/// ones, within minutes.
fn scanners(deployment: &Deployment, random: &mut Random, found: &mut Vec<Episode>) {
    if first(deployment) != "login" {
        return;
    }
    for at in times(deployment, 3.0, random) {
        let tries = match deployment.traffic.rate {
            ..0.5 => random.between(10.0, 45.0),
            ..10.0 => random.between(15.0, 80.0),
            _ => random.between(100.0, 600.0),
        };
        let length = random.whole(3, 10);
        let per_second = tries / (length * 60) as f64;
        let extra = |reason, per_second| Effect::Extra { operation: "login", reason, per_second };
        found.push(episode(at, length, extra("invalid_credentials", per_second)));
        found.push(episode(at, length, extra("bot_detected", per_second * 0.03)));
    }
}

/// The database moves to its replica: twenty seconds of errors, then all is well. Some policies let people in meanwhile.
fn failovers(deployment: &Deployment, random: &mut Random, found: &mut Vec<Episode>) {
    let mut last = Minute::MIN / 2;
    let mut all = times(deployment, 1.2, random);
    all.sort_unstable();
    for at in all {
        if at - last < DAY {
            continue;
        }
        last = at;
        found.push(episode(at, 1, Effect::Away { share: random.between(0.15, 0.4) }));
        if deployment.limits && random.chance(0.5) {
            found.push(episode(at, 1, Effect::FailOpen { per_second: random.between(0.02, 0.08) }));
        }
    }
}

/// A mobile network or a proxy stumbles, and callers give up.
fn impatience(deployment: &Deployment, random: &mut Random, found: &mut Vec<Episode>) {
    for at in times(deployment, 2.0, random) {
        for operation in &deployment.operations {
            let effect = Effect::Fail {
                operation: operation.name,
                reason: CANCELLED,
                share: random.between(0.03, 0.1),
                replica: None,
            };
            found.push(episode(at, random.whole(1, 4), effect));
        }
    }
}

/// Somebody has rolled out a client with an old secret or a wrong audience: it retries for hours, and its owner will see it.
fn clients(deployment: &Deployment, random: &mut Random, found: &mut Vec<Episode>) {
    for operation in &deployment.operations {
        let reason = match operation.name {
            "verify_token" => random.pick(&["token_expired", "token_claim_mismatch"]),
            "token" => random.pick(&["client_rejected", "invalid_credentials"]),
            "authorize" => "permission_denied",
            "refresh" => "token_expired",
            _ => continue,
        };
        for at in times(deployment, 0.6, random) {
            let all: f64 = operation.reasons.iter().map(|usual| usual.share).sum();
            let usual = all * deployment.traffic.at(at) * operation.share;
            let per_second = usual * random.between(0.15, 0.5);
            let effect = Effect::Extra { operation: operation.name, reason, per_second };
            found.push(episode(at, random.whole(2 * HOUR, 6 * HOUR), effect));
        }
    }
}

/// On Monday mornings people find that their password has expired, and mistype the new one.
fn passwords(deployment: &Deployment, random: &mut Random, found: &mut Vec<Episode>) {
    if deployment.traffic.rhythm != Rhythm::Office || first(deployment) != "login" {
        return;
    }
    let zone = deployment.traffic.zone;
    for day in 0..=deployment.until / DAY {
        let from = day * DAY + 8 * HOUR - zone.ahead;
        if from < deployment.from || zone.weekday(from) != 0 || random.chance(0.2) {
            continue;
        }
        let mut times = |reason, low, high| {
            let effect = Effect::Times { operation: "login", reason, times: random.between(low, high) };
            found.push(episode(from, 3 * HOUR, effect));
        };
        times("credential_expired", 5.0, 20.0);
        times("invalid_credentials", 1.2, 1.7);
    }
}

/// Somebody plays with tokens: a few forged ones within minutes.
fn token_noise(deployment: &Deployment, random: &mut Random, found: &mut Vec<Episode>) {
    if first(deployment) != "verify_token" {
        return;
    }
    for at in times(deployment, 4.0, random) {
        let reason = random.pick(&[
            "token_signature_invalid",
            "token_algorithm_rejected",
            "token_malformed",
            "token_key_unknown",
        ]);
        let length = random.whole(1, 5);
        let per_second = random.between(4.0, 18.0) / (length * 60) as f64;
        found.push(episode(at, length, Effect::Extra { operation: "verify_token", reason, per_second }));
    }
}

/// After a rotation of the issuer's keys a client or two still name the retired one.
fn stragglers(deployment: &Deployment, random: &mut Random, found: &mut Vec<Episode>) {
    if deployment.key_fetches.is_none() {
        return;
    }
    for at in times(deployment, 0.25, random) {
        found.push(episode(at, 2, Effect::RetiredKey { per_second: 1.5 / 120.0 }));
    }
}

/// A virtual machine is moved, and its clock is wrong until it is set again.
fn clocks(deployment: &Deployment, random: &mut Random, found: &mut Vec<Episode>) {
    if deployment.key_fetches.is_none() {
        return;
    }
    for at in times(deployment, 0.3, random) {
        let off = random.pick(&[-100_000.0, -7_200.0, 90.0, 3_600.0]);
        let replica = random.whole(0, deployment.replicas as i64 - 1) as usize;
        found.push(episode(at, random.whole(2, 20), Effect::Clock { replica, off }));
    }
}

/// A backup or a neighbour takes the processor for some minutes.
fn slow_minutes(deployment: &Deployment, random: &mut Random, found: &mut Vec<Episode>) {
    for at in times(deployment, 3.0, random) {
        let effect = Effect::Latency { operation: None, times: random.between(1.3, 2.5) };
        found.push(episode(at, random.whole(3, 12), effect));
    }
}

/// After a rollout caches are cold.
fn cold_starts(deployment: &Deployment, random: &mut Random, found: &mut Vec<Episode>) {
    for &at in &deployment.rollouts {
        found.push(episode(at, 4, Effect::Latency { operation: None, times: random.between(1.1, 1.6) }));
    }
}
