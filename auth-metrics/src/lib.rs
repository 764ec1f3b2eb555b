//! Metrics for authentication and authorisation functions: counted, timed, explained and exported to Prometheus.
//!
//! [`#[auth_metered]`](macro@auth_metered) on a function times it and counts how it ended, whatever that end is.
//! [`#[derive(FailureReason)]`](derive@FailureReason) on its error maps every variant to a standard [`Reason`], checked by
//! the compiler. [`AuthMetrics`] exports it all: as [text](AuthMetrics::encode_text), into a `prometheus`
//! [registry](AuthMetrics::register), or through a listener of its own (feature `serve`).
//!
//! ```
//! use auth_metrics::{AuthMetrics, FailureReason, auth_metered};
//!
//! #[derive(Debug, FailureReason)]
//! enum LoginError {
//!     #[reason(invalid_credentials)]
//!     WrongPassword,
//!     RateLimited, // the variant's own name is a standard reason
//! }
//!
//! #[auth_metered(op = "login")]
//! async fn login(name: &str, password: &str) -> Result<u64, LoginError> {
//!     if password == "correct horse" { Ok(name.len() as u64) } else { Err(LoginError::WrongPassword) }
//! }
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), auth_metrics::Error> {
//! let metrics = AuthMetrics::builder().service_id("gateway").build()?;
//! metrics.install()?;
//! assert!(login("user-001", "tr0ub4dor").await.is_err());
//!
//! let text = metrics.encode_text();
//! assert!(text.contains(
//!     "service_auth_failed_total{service_id=\"gateway\",failure_reason=\"invalid_credentials\"} 1\n"
//! ));
//! # Ok(()) }
//! ```
//!
//! # What holds
//!
//! - For every service and operation, what started is what ended plus what is in flight, to the unit.
//! - Every series that an annotated function can give is exported at zero before its first call.
//! - The number of series is bounded, and nothing that a request carries can add one.
//! - Recording never fails, blocks or panics, and does not allocate once a series exists.
//!
//! # Features
//!
//! A feature never changes what exists without it, so any set of them works, and so does `--all-features`.
//!
//! | feature | default | what |
//! |---|---|---|
//! | `prometheus` | yes | [`AuthMetrics::register`], and the default handle in the default registry |
//! | `serve` | no | [`serve`]: a `/metrics` listener, with a page for people if you want one |
//! | `testing` | no | [`testing`]: isolated counts for tests, a feature for `[dev-dependencies]` |
//! | `tokio1` | no | [`reasons`]: the errors of tokio; with `testing` also [`testing::spawn`] |
//! | `governor010` | no | [`limits`]: limiters that report their usage and capacity; [`reasons`]: the errors of governor |
//! | `tower` | no | [`limits::RateLimitLayer`], with a limiter of your choice |
//! | `http1`, `jsonwebtoken11`, `sqlx08`, … | no | [`reasons`]: the errors of that version of a crate |
//!
//! # Switching it off
//!
//! Whoever builds a program can switch the attribute off in all of its crates with `--cfg auth_metrics_disabled`:
//!
//! ```toml
//! # .cargo/config.toml; or RUSTFLAGS="--cfg auth_metrics_disabled" cargo build
//! [build]
//! rustflags = ["--cfg", "auth_metrics_disabled"]
//! ```
//!
//! `#[auth_metered]` then gives its item back token for token: the program is the one that it would be without the attribute.
//! Nothing is counted, and nothing is in the [`catalogue`]. None of the arguments is read: an expression in `service = …` is
//! not evaluated, and a wrong argument is no compile error. `#[derive(FailureReason)]`, [`AuthMetrics::attempt`] and the other
//! ways to record by hand stay as they are.
//!
//! An import, a parameter or a function that only the attribute used is unused then, and the compiler warns of it. If your
//! crate denies warnings, write `#![cfg_attr(auth_metrics_disabled, allow(unused))]` in it, and declare the cfg in its manifest:
//!
//! ```toml
//! [lints.rust]
//! unexpected_cfgs = { level = "warn", check-cfg = ["cfg(auth_metrics_disabled)"] }
//! ```

pub use ambient::Scoped;
/// Makes an error say which [`Reason`] it stands for; implements [`trait@FailureReason`].
///
/// # Enums
///
/// Each variant has one reason, from one of five places, the last of them [below](#custom-reasons):
///
/// ```
/// use auth_metrics::{FailureReason, Reason, reasons};
///
/// #[derive(FailureReason)]
/// enum TokenError {
///     TokenExpired, // the name is a standard reason in camel case
/// }
///
/// #[derive(FailureReason)]
/// enum LoginError {
///     #[reason(invalid_credentials)] // a standard reason by its label
///     WrongPassword,
///     #[reason(transparent)] // the one field decides; it is a `FailureReason` too
///     Token(TokenError),
///     #[reason(with = reasons::io)] // a `fn(&Field) -> Reason`, for a type of somebody else's
///     Disk(std::io::Error),
///     Shed {
///         #[reason(with = shed, among(overloaded, timeout))] // where there are several fields, the one marked decides
///         level: u8,
///         shard: u32,
///     },
/// }
///
/// fn shed(level: &u8) -> Reason {
///     if *level > 1 { Reason::Overloaded } else { Reason::Timeout }
/// }
///
/// assert_eq!(LoginError::Token(TokenError::TokenExpired).failure_reason(), Reason::TokenExpired);
/// assert_eq!(LoginError::Shed { level: 2, shard: 0 }.failure_reason(), Reason::Overloaded);
/// ```
///
/// `among` names the reasons that a function can give. Without it any reason is possible, and each is exported at zero.
/// The functions of [`reasons`] bring that list with them.
///
/// # Custom reasons
///
/// Where no standard reason fits, `#[reason(custom = "label", fault = client)]` declares one: the label is
/// `[a-z][a-z0-9_]*`, at most 64 bytes, and the fault one of `client`, `attack`, `server`, `neutral` and `unknown`, which
/// decides the outcome as for a standard reason:
///
/// ```
/// use auth_metrics::{FailureReason, Fault};
///
/// #[derive(FailureReason)]
/// enum SsoError {
///     InvalidCredentials,
///     #[reason(custom = "sso_domain_blocked", fault = client)]
///     DomainBlocked,
/// }
///
/// let reason = SsoError::DomainBlocked.failure_reason();
/// assert_eq!((reason.label(), reason.fault()), ("sso_domain_blocked", Fault::Client));
/// ```
///
/// It is counted and exported like a standard one, in every family, and at zero before it first comes. Several types may
/// declare the same one, with the same fault. A binary has at most [`ReasonSet::MAX_CUSTOM`] of them;
/// [`AuthMetricsBuilder::build`] refuses more, and a label with two faults, and names the labels. Where no handle is built so (the
/// default handle, [`testing`]), the first by label are counted and the others as `unknown`, of two faults the first by
/// file and line holds, and `auth_metrics_internal_errors_total` says `reason_left_out` and `faults_differ`.
///
/// `among`, `false_is` and `none_is` take standard reasons only. [`custom_reason!`] declares one for code that names
/// reasons itself.
///
/// # Structs
///
/// `#[reason(label)]` or `#[reason(custom = "…", fault = …)]` on the struct when it is always one reason, or `transparent` or `with` on the field that decides:
///
/// ```
/// use auth_metrics::{FailureReason, Reason};
///
/// #[derive(FailureReason)]
/// #[reason(policy_denied)]
/// struct Refused {
///     rule: u32,
/// }
///
/// #[derive(FailureReason)]
/// struct Traced<E> {
///     #[reason(transparent)] // adds the bound `E: FailureReason`
///     error: E,
///     line: u32,
/// }
///
/// assert_eq!(Traced { error: Refused { rule: 3 }, line: 1 }.failure_reason(), Reason::PolicyDenied);
/// ```
///
/// `#[reason(crate = path)]` on the type says where this crate is, if it is renamed or re-exported.
///
/// # Errors
///
/// A label that is no standard reason, a variant without one, and every other mistake is a compile error at the place,
/// with what to write instead. `cancelled` and `panicked` are refused: only an attempt's guard finds them.
pub use auth_metrics_macros::FailureReason;
/// Makes an enum a [`trait@Source`]: the label of a variant is its name in snake case, or what `#[source("label")]` says.
///
/// Fields don't matter. Labels are `[a-z][a-z0-9_]*`, at most 64 bytes; a service tells 24 sources apart, those of
/// [`AuthMethod`] included.
///
/// ```
/// use auth_metrics::Source;
///
/// #[derive(Source)]
/// enum Channel {
///     MobileApp,
///     #[source("kiosk")]
///     SelfService { floor: u8 },
/// }
///
/// assert_eq!(Channel::MobileApp.label(), "mobile_app");
/// # let _ = Channel::SelfService { floor: 1 };
/// ```
///
/// `#[source(crate = path)]` on the type says where this crate is, if it is renamed or re-exported.
///
/// # Errors
///
/// A label of another form, one that stands twice, and a type that is no enum are compile errors at the place.
pub use auth_metrics_macros::Source;
/// Counts and times every attempt of a function: from its first poll (or call) to the end, whatever that is.
///
/// It stands on `async` and plain functions and methods, on those of trait implementations and trait defaults, and on
/// functions that return `impl Future`, `Pin<Box<dyn Future>>`, `BoxFuture` or `LocalBoxFuture`. The function keeps its
/// signature, and its value is returned untouched.
///
/// | argument | default | meaning |
/// |---|---|---|
/// | `op = "login"` | required | the `operation` label: `[a-z][a-z0-9_]*`, at most 64 bytes |
/// | `kind = token` | `authentication` | `authentication`, `token` or `authorization`; see [`OperationKind`] |
/// | `service = EXPR` | the handle's own | the `service_id` label: any `AsRef<str>` over the arguments, read before the body runs |
/// | `metrics = EXPR` | task scope, else the process's handle | the [`AuthMetrics`], or a reference, `Arc` or `Box` of one |
/// | `source = EXPR` | none | where the attempt came from: a [`Source`], such as [`AuthMethod::Password`] |
/// | `false_is = REASON`, `none_is = REASON` | none | what a `false` or `None` in the return type means, or `success` |
/// | `classify = PATH` | from the return type | a `fn(&Ret) -> Outcome` that reads the whole value |
/// | `reason = PATH` | from the error type | a `fn(&E) -> Reason` that reads the error of a `Result<T, E>` |
/// | `future` | off | the function returns a boxed future although its type does not show it |
/// | `docs = false` | see [below](#what-is-added-to-the-documentation) | adds no queries to the function's documentation |
/// | `crate = PATH` | `::auth_metrics` | where this crate is, if renamed or re-exported |
///
/// ```
/// use auth_metrics::{FailureReason, AuthMethod, Outcome, Reason, auth_metered};
///
/// #[derive(FailureReason)]
/// enum LoginError {
///     DependencyUnavailable,
/// }
///
/// #[auth_metered(op = "login", source = AuthMethod::Password, service = tenant, false_is = invalid_credentials)]
/// async fn login(tenant: &str, password: &str) -> Result<bool, LoginError> {
///     Ok(password == "correct horse")
/// }
///
/// #[auth_metered(op = "authorize", kind = authorization, classify = by_status)]
/// fn authorize(path: &str) -> u16 {
///     if path == "/admin" { 403 } else { 200 }
/// }
///
/// fn by_status(status: &u16) -> Outcome {
///     match status {
///         200 => Outcome::Success,
///         _ => Outcome::Failure(Reason::PermissionDenied),
///     }
/// }
/// ```
///
/// # On an `impl` or a `trait`
///
/// There it meters every method that has `#[op("name")]`. Its arguments are shared by all methods that have a use for them;
/// what a method's own `#[op("name", ..)]` says wins:
///
/// ```
/// use auth_metrics::{AuthMetrics, FailureReason, auth_metered};
/// # #[derive(FailureReason)]
/// # enum TokenError { TokenExpired }
/// # #[derive(FailureReason)]
/// # enum LoginError { InvalidCredentials }
///
/// struct Verifier {
///     tenant: String,
///     metrics: AuthMetrics,
/// }
///
/// #[auth_metered(service = self.tenant, metrics = self.metrics, kind = token)]
/// impl Verifier {
///     #[op("verify")]
///     async fn verify(&self, token: &str) -> Result<u64, TokenError> {
///         if token.is_empty() { Err(TokenError::TokenExpired) } else { Ok(7) }
///     }
///
///     #[op("login", kind = authentication, none_is = invalid_credentials)]
///     fn login(&self, name: &str) -> Result<Option<u64>, LoginError> {
///         Ok(self.known(name).then_some(7))
///     }
///
///     fn known(&self, name: &str) -> bool {
///         name == "user-001"
///     }
/// }
/// ```
///
/// Each `#[op]` becomes an attribute of its own on the method, so other attributes, such as `#[async_trait]`, stand above
/// or below, and `cfg_attr` may hold it. With `crate = path`, the attribute is looked for there too.
///
/// # What an attempt is
///
/// An attempt starts when the future is first polled, or the plain function called. It ends when the value is there, or
/// with the reason `panicked` if the function unwinds, or `cancelled` if the future is dropped before its end: by a
/// timeout, a `select!`, an abort or a client that hung up. A future that is never polled is no attempt. Several
/// attributes on one function are several operations.
///
/// # What is read from the return type
///
/// The type is read as it is written. `Result<T, E>` needs [`E: FailureReason`](trait@FailureReason), through any alias;
/// what is inside `Ok` is looked into for `bool`, `Option` and `Result`. A `bool` or `Option` needs `false_is` or
/// `none_is`, since a `false` is a failure to some and an answer to others. **A `bool` or `Result` that an alias hides
/// inside `Ok` counts as a success.** Anything else needs `classify`.
///
/// # Errors of other crates
///
/// If the error type can't implement [`FailureReason`](trait@FailureReason), pass a function that reads it:
///
/// ```
/// use auth_metrics::{Reason, auth_metered, reason_chain, reasons};
/// # use std::error::Error;
/// use std::num::ParseIntError;
///
/// #[auth_metered(op = "load_key", reason = reasons::io)] // exported at zero with the list of `reasons::io`
/// async fn load_key(file: &str) -> std::io::Result<Vec<u8>> {
///     std::fs::read(file)
/// }
///
/// #[auth_metered(op = "check_code", reason = why, false_is = mfa_invalid)]
/// fn check_code(code: &str) -> Result<bool, Box<dyn Error>> {
///     Ok(code.parse::<u32>()? == 7)
/// }
///
/// fn why(error: &impl AsRef<dyn Error>) -> Reason {
///     reason_chain!(error.as_ref(); ParseIntError => |_| Reason::MalformedRequest, std::io::Error => reasons::io)
/// }
/// ```
///
/// `E` is found through any alias, and the `Ok` side is read as it is without `reason`. In nested results, such as
/// `Result<Result<T, Inner>, Outer>`, the function reads the outermost error, `Outer`; `Inner` needs a `FailureReason`. If
/// neither can have one, use `classify`. The two arguments exclude each other: on a block, a method's own `classify`
/// overrides a shared `reason`, and the other way round.
///
/// # What is exported before the first call
///
/// The operation with every reason that its error type can give. On an `impl`, the attribute knows what `Self::Error` is. If
/// the error type is generic, or spelled with `Self` where the attribute stands on the method alone, its reasons are
/// [unknown](catalogue::Operation::has_unknown_reasons): then each reason is exported, until [`AuthMetrics::declare`] says
/// which there are. A function of [`reasons`] in `reason` lists what it can give; the reasons of any other function are
/// unknown. With `classify` any reason is possible too.
///
/// # What is added to the documentation
///
/// At the end of the function's documentation, as an editor shows it, stand its operation, its kind and three queries: the
/// rate by outcome, the failures by reason, the 99th percentile of latency. Two variables of the environment say more, for
/// example from `[env]` in `.cargo/config.toml`:
///
/// | variable | what |
/// |---|---|
/// | `AUTH_METRICS_PROMETHEUS_URL` | where Prometheus is: the queries become links to it |
/// | `AUTH_METRICS_NAMESPACE` | what [`AuthMetricsBuilder::namespace`] is told |
///
/// A change of them is noticed by `cargo build` and `cargo check`, and by `cargo doc` once something else has changed too.
/// An address that is none is a compile error.
///
/// A function that is `pub` and has no documentation is left for `missing_docs` to find, and a method that has none and may
/// implement a trait's shows that of the trait: there, nothing is added. `docs = true` adds it anyway.
///
/// # What changes for the function
///
/// Its arguments are moved into the body's block, so an argument that is a bare `_` drops after the others and
/// [`Location::caller`](std::panic::Location::caller) in the body of a `#[track_caller]` function speaks of this
/// attribute. A function that returns a boxed future boxes it once more.
///
/// # Panics
///
/// The expansion adds none. A panic of the function passes through; one in `service`, `metrics` or `source` happens before
/// the attempt starts. A panic while the value is classified is caught, and the attempt counted as `unknown`.
#[cfg(not(auth_metrics_disabled))]
pub use auth_metrics_macros::auth_metered;
#[cfg(auth_metrics_disabled)]
pub use auth_metrics_macros::unmetered as auth_metered;
pub use catalogue::Catalogue;
pub use decisions::ShadowDecision;
pub use encode::TEXT_CONTENT_TYPE;
#[cfg(feature = "prometheus")]
pub use handle::RegisterError;
pub use handle::{AuthMetrics, AuthMetricsBuilder, Error, Exposure};
/// The exact version of the `prometheus` crate that this one is built with.
#[cfg(feature = "prometheus")]
pub use prometheus;
pub use read::Snapshot;
pub use record::{Attempt, ServiceRegistration};
pub use storage::Clock;
pub use terms::{
    AuthMethod, CustomReason, FAMILIES, FailureReason, Family, FamilyType, Fault, OperationKind, Outcome,
    Reason, ReasonClass, ReasonSet, Source, families,
};

/// What runs when the default handle of the process is made: recording knows of no registry.
const WHEN_DEFAULT_IS_MADE: &[fn(&AuthMetrics)] = &[
    #[cfg(feature = "prometheus")]
    registry::register_default,
];

#[doc(hidden)]
pub mod __private;
mod ambient;
pub mod catalogue;
mod decisions;
mod encode;
mod groups;
// In the documentation only. The code of its pages is tested in `tests/docs`, which has the crates that they use.
#[cfg(all(doc, not(doctest)))]
pub mod guide;
mod handle;
pub mod limits;
pub mod read;
pub mod reasons;
mod record;
#[cfg(feature = "prometheus")]
mod registry;
#[cfg(feature = "serve")]
pub mod serve;
pub mod sources;
mod storage;
mod terms;
#[cfg(feature = "testing")]
pub mod testing;
mod verdict;

/// Families that somebody else fills: [`Group`](group::Group), and bounded counters to fill them from.
pub mod group {
    pub use crate::groups::{
        ByLabel, Counters, Gauge, Group, GroupError, InternalErrors, InvalidBounds, Observations, Overflow,
        Samples,
    };
    pub use crate::handle::ByService;
}
