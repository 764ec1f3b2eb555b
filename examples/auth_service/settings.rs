//! What an operator would tune. Two presets: one to live with, one that lets the demo show everything in seconds.

use std::num::NonZeroU32;
use std::time::Duration;

const DAY: Duration = Duration::from_secs(24 * 3600);

/// Costs, limits and lifetimes of the service.
#[derive(Debug, Clone)]
pub(crate) struct Settings {
    /// Argon2's memory in KiB.
    pub(crate) hash_memory_kib: u32,
    /// Argon2's passes over that memory.
    pub(crate) hash_passes: u32,
    /// Wrong passwords in a row that lock an account.
    pub(crate) lock_after: u32,
    /// How long a locked account stays locked.
    pub(crate) lock_for: Duration,
    /// Logins per second and account name.
    pub(crate) login_rate: NonZeroU32,
    /// Logins per account name that may come at once.
    pub(crate) login_burst: NonZeroU32,
    /// Sign-ups per second of the whole service.
    pub(crate) sign_up_rate: NonZeroU32,
    /// Sign-ups that may come at once.
    pub(crate) sign_up_burst: NonZeroU32,
    /// How often the key that signs access tokens is rotated.
    pub(crate) key_interval: Duration,
    /// How long a key verifies after it has signed its last token: longer than an access token lives.
    pub(crate) key_overlap: Duration,
    /// Life of the certificate that is shown to the partner.
    pub(crate) certificate_life: Duration,
    /// Life of an access token.
    pub(crate) access_life: Duration,
    /// Life of a refresh token.
    pub(crate) refresh_life: Duration,
    /// Time to answer a second-factor challenge.
    pub(crate) challenge_life: Duration,
    /// How long we wait for the partner's identity service.
    pub(crate) partner_patience: Duration,
    /// How many proxies of ours stand before the service and append the client's address to `X-Forwarded-For`.
    pub(crate) proxies: usize,
    /// How long a login of somebody who may be hostile waits.
    pub(crate) slow_wait: Duration,
    /// Zero bits that the hash of a proof of work begins with: each one doubles the work.
    pub(crate) proof_bits: u32,
    /// Time to answer a challenge with a proof of work.
    pub(crate) proof_life: Duration,
}

impl Settings {
    /// For a service that stays up.
    pub(crate) fn standing() -> Self {
        Self {
            hash_memory_kib: 19 * 1024,
            hash_passes: 2,
            lock_after: 5,
            lock_for: Duration::from_secs(15 * 60),
            login_rate: at_least_one(1),
            login_burst: at_least_one(10),
            sign_up_rate: at_least_one(20),
            sign_up_burst: at_least_one(1_000),
            key_interval: DAY,
            key_overlap: Duration::from_secs(20 * 60),
            certificate_life: 60 * DAY,
            access_life: Duration::from_secs(15 * 60),
            refresh_life: Duration::from_secs(30 * 24 * 3600),
            challenge_life: Duration::from_secs(5 * 60),
            partner_patience: Duration::from_secs(3),
            proxies: 0,
            slow_wait: Duration::from_millis(500),
            proof_bits: 18,
            proof_life: Duration::from_secs(2 * 60),
        }
    }

    /// For the demo: password hashing far cheaper than anything real, and lives short enough to see them end.
    pub(crate) fn demo() -> Self {
        Self {
            hash_memory_kib: 2 * 1024,
            hash_passes: 1,
            lock_for: Duration::from_secs(60),
            login_rate: at_least_one(10),
            login_burst: at_least_one(20),
            key_interval: Duration::from_secs(4),
            key_overlap: Duration::from_secs(5),
            certificate_life: Duration::from_secs(16),
            access_life: Duration::from_secs(3),
            challenge_life: Duration::from_secs(3),
            partner_patience: Duration::from_millis(300),
            slow_wait: Duration::from_millis(100),
            ..Self::standing().behind_the_crowd()
        }
    }

    /// For a simulated crowd. It plays the proxy too, which says from which address somebody comes, and its proofs of work take the
    /// service's own processors.
    pub(crate) fn behind_the_crowd(self) -> Self {
        Self { proxies: 1, proof_bits: 12, ..self }
    }
}

fn at_least_one(number: u32) -> NonZeroU32 {
    NonZeroU32::new(number).unwrap_or(NonZeroU32::MIN)
}
