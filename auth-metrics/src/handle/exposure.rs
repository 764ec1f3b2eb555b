//! `Exposure`: how much a scrape tells. What else hides by it stands where it is read.

use crate::terms::Reason;

/// How much a scrape reveals about single attempts.
///
/// Anyone who can read a scrape can find out whether an account exists: they make one attempt, then look which count rose.
/// To prevent that, an exposure merges some reasons and exports the sum of latencies in steps. Recording, snapshots and
/// tests are always exact.
///
/// | | `Strict` | `Standard` | `Full` |
/// |---|---|---|---|
/// | `unknown_subject` | `invalid_credentials` | `invalid_credentials` | as recorded |
/// | other reasons that reveal an account ([`Reason::reveals_account`](crate::Reason::reveals_account)) | `invalid_credentials` | as recorded | as recorded |
/// | the outcome `interim` | `rejected` | as recorded | as recorded |
/// | `service_auth_latency_seconds_sum` | in steps | in steps | exact |
/// | the value of a latency's exemplar | the bound of its bucket | the bound of its bucket | exact |
///
/// "In steps" means that one attempt moves the sum by the lower or the upper bound of its bucket. The rest is carried over
/// to the next attempt, so averages stay right: the sum lags behind the exact one by less than the widths of the buckets in
/// use, however many attempts there were. With the default buckets, the average of 1,000 logins of 60 ms is at most
/// 0.025 ms too low.
///
/// No exposure hides the following:
///
/// - The bucket of a single attempt. If an attempt takes 60 ms for an account that exists and 1 ms for one that doesn't, the
///   buckets tell them apart. Hash a password in either case, or choose wider buckets.
/// - The average of repeated attempts. `n` attempts in one bucket, with no others between two scrapes, reveal their average to
///   one `n`th of the bucket's width. Because of the carry-over, somebody can surround one attempt with many of their own
///   in the same bucket and, if nobody else is there, read the place of that attempt in the bucket.
/// - With a [`trace_context`](crate::AuthMetricsBuilder::trace_context), when an attempt ended, to the millisecond. Whoever may choose
///   the trace of a request finds their own attempt by it, and can compare that with when they sent it.
/// - The remaining lifetime of a credential, if it is the only one presented between two scrapes:
///   `auth_presented_credential_remaining_seconds_sum` is exact.
/// - Success. Anyone who guesses the secret sees that too.
/// - In `Standard`, the state of an account: `account_locked`, `mfa_required` and the like stay, for alerts on them.
/// - Reasons that your code gives only once it has found the account, such as `policy_denied`, or `rate_limited` for limits
///   per account. Decide those before you look up the account.
/// - An operation in which only `unknown_subject` is hidden and nothing else looks like it.
///   [`Catalogue::account_oracles`](crate::catalogue::Catalogue::account_oracles) finds those.
///
/// With `Strict` there are no alerts and panels on what it hides: lockouts, denied second factors, attempts that wait for one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum Exposure {
    /// Hides every reason that reveals an account, and that a second step was required.
    Strict,
    /// Hides `unknown_subject` only. The state of accounts stays visible, for alerts on lockouts.
    #[default]
    Standard,
    /// Exports everything as recorded. Use it only on networks that nobody but operators can reach.
    Full,
}

impl Exposure {
    /// Returns the position of the reason that a scrape shows for the reason at a position.
    pub(crate) fn shown(self, position: usize) -> usize {
        let merged = match self {
            Exposure::Full => false,
            Exposure::Standard => position == Reason::UnknownSubject.position(),
            Exposure::Strict => Reason::at(position).reveals_account(),
        };
        if merged { Reason::InvalidCredentials.position() } else { position }
    }
}
