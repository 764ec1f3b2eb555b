//! What one operation usually does: how often each reason comes, how long attempts take.

/// One operation of a deployment.
#[derive(Clone, Debug)]
pub struct Operation {
    pub name: &'static str,
    /// Whether it feeds `jwt_token_verifications_total`.
    pub verifies_tokens: bool,
    /// Its attempts, as a share of the deployment's rate.
    pub share: f64,
    pub reasons: Vec<Usual>,
    /// Median of the latency in seconds.
    pub latency: f64,
    /// Upper bounds of the histogram that its latencies fall among.
    pub bounds: &'static [f64],
}

/// How often a reason comes on a usual day.
#[derive(Clone, Copy, Debug)]
pub struct Usual {
    pub reason: &'static str,
    /// A share of all attempts.
    pub share: f64,
    /// Attempts per second that come on top, whoever else is there: noise of the internet.
    pub steady: f64,
    /// How much it differs from minute to minute, beyond chance.
    pub spread: f64,
}

const fn usual(reason: &'static str, share: f64, spread: f64) -> Usual {
    Usual { reason, share, steady: 0.0, spread }
}

const fn steady(reason: &'static str, steady: f64) -> Usual {
    Usual { reason, share: 0.0, steady, spread: 0.2 }
}

/// What the drop guard counts. Every operation has these reasons.
pub const CANCELLED: &str = "cancelled";
pub const PANICKED: &str = "panicked";
/// The reason of an operation whose database, directory or issuer is away.
pub const AWAY: &str = "dependency_unavailable";

const SLOW: &[f64] = &[0.05, 0.1, 0.25, 0.5, 1.0, 2.5];
const FAST: &[f64] = &[0.001, 0.0025, 0.005, 0.01, 0.05, 0.1, 0.5];

fn operation(name: &'static str, share: f64, latency: f64, reasons: &[Usual]) -> Operation {
    let mut reasons = reasons.to_vec();
    reasons.extend([usual(CANCELLED, 0.002, 0.3), usual(PANICKED, 0.0, 0.0)]);
    let bounds = if latency < 0.02 { FAST } else { SLOW };
    Operation { name, verifies_tokens: name == "verify_token", share, reasons, latency, bounds }
}

/// A password login with argon2.
pub fn login(mfa: f64) -> Operation {
    let reasons = [
        usual("invalid_credentials", 0.08, 0.12),
        usual("account_locked", 0.0015, 0.35),
        usual("credential_expired", 0.003, 0.2),
        usual("mfa_required", mfa, 0.05),
        usual("rate_limited", 0.0005, 0.5),
        usual(AWAY, 0.000_03, 0.3),
        usual("bot_detected", 0.0004, 0.5),
    ];
    operation("login", 1.0, 0.075, &reasons)
}

pub fn second_factor(share: f64) -> Operation {
    let reasons = [
        usual("mfa_invalid", 0.04, 0.15),
        usual("mfa_denied", 0.001, 0.35),
        usual("mfa_expired", 0.006, 0.2),
        usual(AWAY, 0.000_03, 0.3),
    ];
    operation("second_factor", share, 0.03, &reasons)
}

pub fn refresh(share: f64) -> Operation {
    let reasons = [
        usual("token_expired", 0.012, 0.15),
        usual("token_replayed", 0.0002, 0.4),
        usual("session_invalid", 0.004, 0.2),
        usual(AWAY, 0.000_02, 0.3),
    ];
    operation("refresh", share, 0.006, &reasons)
}

/// The verification of an access token with keys at hand. `forged` per second come from the internet.
pub fn verify_token(share: f64, forged: f64) -> Operation {
    let reasons = [
        usual("token_expired", 0.01, 0.1),
        usual("token_malformed", 0.0003, 0.3),
        steady("token_signature_invalid", forged),
        steady("token_algorithm_rejected", forged / 10.0),
        usual("token_key_unknown", 0.000_002, 0.5),
        usual("token_claim_mismatch", 0.0006, 0.3),
        usual(AWAY, 0.000_002, 0.3),
    ];
    operation("verify_token", share, 0.002, &reasons)
}

/// An access token for a client with a secret.
pub fn token(share: f64) -> Operation {
    let reasons = [
        usual("invalid_credentials", 0.01, 0.2),
        usual("client_rejected", 0.002, 0.3),
        usual("credential_revoked", 0.000_1, 0.5),
        usual(AWAY, 0.000_03, 0.3),
    ];
    operation("token", share, 0.012, &reasons)
}

pub fn authorize(share: f64) -> Operation {
    let reasons = [
        usual("permission_denied", 0.03, 0.12),
        usual("policy_denied", 0.004, 0.25),
        usual(AWAY, 0.000_004, 0.3),
    ];
    operation("authorize", share, 0.0015, &reasons)
}

impl Operation {
    /// Where a reason is in the lists of this operation.
    pub fn position(&self, reason: &str) -> Option<usize> {
        self.reasons.iter().position(|usual| usual.reason == reason)
    }

    /// How often a reason usually comes per second, at a rate of the deployment's attempts per second.
    pub fn usual_rate(&self, reason: &str, attempts: f64) -> f64 {
        let found = self.reasons.iter().find(|usual| usual.reason == reason);
        found.map_or(0.0, |usual| usual.share * attempts * self.share + usual.steady)
    }
}
