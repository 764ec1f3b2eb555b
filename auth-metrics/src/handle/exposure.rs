//! `Exposure`: how much a scrape tells. What hides by it stands where it is read.

/// How much a scrape tells about single attempts.
///
/// Whoever can read a scrape can ask whether an account exists: make one attempt, then look which count rose. An exposure
/// exports some reasons as one, and the sum of latencies in steps. Recording, snapshots and tests are always exact.
///
/// | | `Strict` | `Standard` | `Full` |
/// |---|---|---|---|
/// | `unknown_subject` | `invalid_credentials` | `invalid_credentials` | as recorded |
/// | other reasons that reveal an account ([`Reason::reveals_account`](crate::Reason::reveals_account)) | `invalid_credentials` | as recorded | as recorded |
/// | the outcome `interim` | `rejected` | as recorded | as recorded |
/// | `service_auth_latency_seconds_sum` | in steps | in steps | exact |
///
/// In steps means: one attempt moves the sum by the lower or the upper bound of its bucket. What a step leaves out is
/// carried over to the next one, so averages stay right: the sum is behind the exact one by less than the widths of the
/// buckets in use, however many attempts there were. With the default buckets, 1,000 logins of 60 ms have an average that
/// is at most 0.025 ms too low.
///
/// What no exposure hides:
///
/// - The bucket of a single attempt. If an attempt for an account that exists takes 60 ms and another one 1 ms, the buckets
///   tell them apart. Hash a password in either case, or choose wider buckets.
/// - The average of repeated attempts. `n` attempts in one bucket with no others between two scrapes tell their average to
///   one `n`th of the bucket's width. What is carried over between steps lets somebody who surrounds one attempt with many of
///   their own, in the same bucket and with nobody else's, read that one's place in the bucket.
/// - The life left of a credential that is presented between two scrapes, if it is the only one:
///   `auth_presented_credential_remaining_seconds_sum` is exact.
/// - Success. Whoever guesses the secret sees that too.
/// - In `Standard`, the state of an account: `account_locked`, `mfa_required` and the like stay, for alerts on them.
/// - Reasons that your code gives only once it has found the account, such as `policy_denied` or `rate_limited` for limits
///   per account. Decide those before you look for the account.
/// - An operation in which only `unknown_subject` is hidden and nothing else looks like it;
///   [`Catalogue::account_oracles`](crate::catalogue::Catalogue::account_oracles) finds those.
///
/// `Strict` has no alert and no panel on what it hides: lockouts, denied second factors, attempts that wait for one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum Exposure {
    /// Hides every reason that reveals an account, and that a second step was asked for.
    Strict,
    /// Hides `unknown_subject` only; the state of accounts stays, for alerts on lockouts.
    #[default]
    Standard,
    /// Exports everything as it was recorded; for networks that only operators reach.
    Full,
}
