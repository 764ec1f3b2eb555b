//! Prometheus metrics for the authentication and authorisation functions of a service, from one attribute.
//!
//! - [`#[auth_metered]`](macro@auth_metered) on a function counts and times every attempt, however it ends.
//! - [`#[derive(FailureReason)]`](derive@FailureReason) on its error maps each variant to a [`Reason`], checked by the compiler.
//! - [`AuthMetrics`] exports the counts: as [text](AuthMetrics::encode_text) or
//!   [`OpenMetrics`](AuthMetrics::encode_openmetrics), in a `prometheus` [registry](AuthMetrics::register), through a listener of
//!   its own (feature `serve`), or by OTLP with the crate `auth-metrics-otlp`.
//!
//! The [`guide`] explains the rest: start with [annotating](guide::annotating) and [adopting](guide::adopting).
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
//! | `tower` | no | [`tower::AttemptLayer`] and [`events::ContextLayer`] for axum, tonic and others; [`limits::RateLimitLayer`] |
//! | `pseudonyms` | no | [`events::Pseudonyms`]: names for identities that observers may write down |
//! | `opentelemetry033`, … | no | [`events::trace`]: the trace of an attempt, for exemplars and events |
//! | `metrics024`, `prometheus-client026`, … | no | `bridges`: other metrics back ends |
//! | `http1` | no | [`AuthMetrics::scrape`], for a router of your own; [`reasons`]: statuses and responses |
//! | `jsonwebtoken11`, `sqlx08`, … | no | [`reasons`]: the errors of that version of a crate |
//!
//! If you register the handle in no registry, `default-features = false` leaves the `prometheus` crate out.
//!
//! Build the program with `--cfg auth_metrics_disabled` to [switch the attribute off](guide::annotating#switching-it-off).
//!
//! # Crates
//!
//! | crate | what it is for |
//! |---|---|
//! | [`auth-metrics-actix`](https://docs.rs/auth-metrics-actix) | actix-web 4: middleware that meters routes, the context of a request, a `/metrics` route |
//! | [`auth-metrics-audit`](https://docs.rs/auth-metrics-audit) | writes every attempt on the record, and proves that nothing is missing or changed |
//! | [`auth-metrics-credentials`](https://docs.rs/auth-metrics-credentials) | credentials that expire, key sets, key rings and rotation |
//! | [`auth-metrics-detect`](https://docs.rs/auth-metrics-detect) | finds attacks in the attempts, inside the process |
//! | [`auth-metrics-otlp`](https://docs.rs/auth-metrics-otlp) | pushes everything to an OpenTelemetry collector |
//! | [`auth-metrics-rocket`](https://docs.rs/auth-metrics-rocket) | Rocket 0.5: metered routes, the context of a request, a `/metrics` responder |
//! | [`auth-metrics-rules`](https://docs.rs/auth-metrics-rules) | generates alerts and a dashboard from the operations of your binary |

pub use ambient::Scoped;
/// Implements [`trait@FailureReason`]: maps each variant of an error to a [`Reason`].
///
/// The guide has a page on [reasons](guide::reasons).
///
/// # Enums
///
/// Each variant has one reason. There are five ways to give it: these four, and a [custom reason](#custom-reasons):
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
///     #[reason(with = reasons::io)] // a `fn(&Field) -> Reason`, for a type that is not yours
///     Disk(std::io::Error),
///     Shed {
///         #[reason(with = shed, among(overloaded, timeout))] // of several fields, the marked one decides
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
/// After `with`, list the reasons that your function can give in `among`. Without it, any reason is possible, and each is exported
/// at zero. The functions of [`reasons`] bring their list with them.
///
/// # Custom reasons
///
/// If no standard reason fits, declare your own and say whose fault it is: `#[reason(custom = "label", fault = client)]`. The label
/// matches `[a-z][a-z0-9_]*` and has at most 64 bytes. The fault is `client`, `attack`, `server`, `neutral` or `unknown`, and
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
/// A custom reason is counted and exported like a standard one, in every family, and starts at zero. Several types may declare the
/// same one with the same fault. A binary has at most [`ReasonSet::MAX_CUSTOM`] of them. [`AuthMetricsBuilder::build`] refuses more,
/// and a label with two faults, and names the labels.
///
/// The default handle and the scopes of `testing` refuse nothing. They count the first labels in alphabetical order and the others
/// as `unknown`; of two faults, the first by file and line holds. `auth_metrics_internal_errors_total` then counts
/// `reason_left_out` and `faults_differ`.
///
/// `among`, `false_is` and `none_is` take standard reasons only. For code that names reasons itself, use [`custom_reason!`].
///
/// # Structs
///
/// If a struct is always one reason, put `#[reason(label)]` or `#[reason(custom = "…", fault = …)]` on it. Otherwise mark the field
/// that decides with `transparent` or `with`:
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
/// If this crate is renamed or re-exported, write `#[reason(crate = path)]` on the type.
///
/// # Errors
///
/// Unknown labels, variants without a reason, and every other mistake are compile errors that say what to write instead.
/// `cancelled` and `panicked` are refused, because attempts count those themselves.
pub use auth_metrics_macros::FailureReason;
/// Implements [`trait@Source`] for an enum: the label of a variant is its name in snake case, or the one in `#[source("label")]`.
///
/// Fields are ignored. Labels match `[a-z][a-z0-9_]*` and have at most 64 bytes. A service tells 24 sources apart, including
/// those of [`AuthMethod`].
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
/// If this crate is renamed or re-exported, write `#[source(crate = path)]` on the type.
///
/// # Errors
///
/// A label of another form, a label that is used twice, and a type that is no enum are compile errors.
pub use auth_metrics_macros::Source;
/// Implements [`trait@Verdict`] for an enum: a returned value that may be a success or a failure.
///
/// Each variant is a success or has a reason. A variant named `Success` is a success; write `#[reason(success)]` before others
/// that are. Everything else is as for [`FailureReason`](derive@FailureReason): `#[reason(label)]`, a name that is a standard
/// reason, `custom`, `transparent` for a field that is a `FailureReason`, and `with`.
///
/// ```
/// use auth_metrics::{Outcome, Reason, Verdict, auth_metered};
///
/// #[derive(Verdict)]
/// enum Answer {
///     #[reason(success)]
///     Welcome { session: u64 },
///     #[reason(invalid_credentials)]
///     FormAgain,
///     MfaRequired,
/// }
///
/// #[auth_metered(op = "login", verdict)]
/// async fn login(password: &str) -> Result<Answer, std::convert::Infallible> {
///     Ok(if password == "correct horse" { Answer::Welcome { session: 7 } } else { Answer::FormAgain })
/// }
///
/// assert_eq!(Answer::FormAgain.verdict(), Outcome::Failure(Reason::InvalidCredentials));
/// # let _ = Answer::MfaRequired;
/// ```
///
/// # Errors
///
/// A type that is no enum, an enum without a success, and every mistake in a reason are compile errors that say what to write
/// instead.
pub use auth_metrics_macros::Verdict;
/// Counts and times every attempt of a function, from its first poll (or call) to its end.
///
/// Put it on `async` and plain functions and methods, on methods of trait implementations and trait defaults, and on functions that
/// return `impl Future`, `Pin<Box<dyn Future>>`, `BoxFuture` or `LocalBoxFuture`. The function keeps its signature, and its value
/// is returned untouched. The guide has a page on [annotating](guide::annotating) and one on
/// [return types](guide::return_types).
///
/// | argument | default | meaning |
/// |---|---|---|
/// | `op = "login"` | required | the `operation` label: `[a-z][a-z0-9_]*`, at most 64 bytes |
/// | `kind = token` | `authentication` | `authentication`, `token`, `authorization`, `session`, `registration`, `credential_change` or `enrolment`; see [`OperationKind`] |
/// | `service = EXPR` | the handle's own | the `service_id` label: any `AsRef<str>` over the arguments, read before the body runs |
/// | `metrics = EXPR` | task scope, else the process's handle | the [`AuthMetrics`], or a reference, `Arc` or `Box` of one |
/// | `source = EXPR` | none | where the attempt came from: a [`Source`], such as [`AuthMethod::Password`] |
/// | `subject = EXPR` | none | who tries, for [events](#who-the-attempt-is-about): any `Display` or `AsRef<str>`, or an `Option` of one |
/// | `peer = EXPR` | the [`Context`](events::Context)'s | the client's address: an `IpAddr`, a `SocketAddr`, or an `Option` of one |
/// | `session`, `device`, `resource = EXPR` | none | the session, a known device, and what is asked for; as `subject` |
/// | `context = PATH` | none | a `fn(&Ret, &mut About)` that reads these from the returned value |
/// | `false_is = REASON`, `none_is = REASON` | none | what a `false` or `None` in the return type means, or `success` |
/// | `ok_is = REASON` | `success` | what every `Ok` means, such as a first step: `ok_is = challenge_issued` |
/// | `verdict` | off | what the function returns, or what its `Ok` holds, says how it ended: a [`trait@Verdict`] |
/// | `verdict = PATH` | off | a `fn(&T) -> Outcome` that reads what an `Ok` or `Some` holds |
/// | `classify = PATH` | from the return type | a `fn(&Ret) -> Outcome` that reads the whole value |
/// | `reason = PATH` | from the error type | a `fn(&E) -> Reason` that reads the error of a `Result<T, E>` |
/// | `among(REASON, …)` | every reason | what the function in `classify`, `reason` or `verdict` can give |
/// | `future` | off | the function returns a boxed or ready future although its type does not show it |
/// | `nested = decides` | off | a failure of an attempt of the same kind inside of this one counts as this one's; also beside `classify`; see [annotating](guide::annotating#one-inside-of-another) |
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
/// On a block, the attribute meters each method that has `#[op("name")]`. Arguments on the block apply to every method that can use
/// them; a method's own arguments override them. An argument that every method overrides is a compile error:
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
/// Each `#[op]` becomes an attribute of its own on the method. So other attributes, such as `#[async_trait]`, may go above or below,
/// and `cfg_attr` may contain it. With `crate = path`, the attribute is taken from there too.
///
/// # What an attempt is
///
/// An attempt starts when the future is first polled, or when the plain function is called. It ends when the function returns. If the
/// function unwinds, its reason is `panicked`. If the future is dropped before its end, by a timeout, a `select!`, an abort or a
/// client that disconnects, its reason is `cancelled`. A future that is never polled is no attempt. Several attributes on one
/// function are several operations.
///
/// # What is read from the return type
///
/// The macro sees only how the type is spelled. `Result<T, E>` needs [`E: FailureReason`](trait@FailureReason), through any alias.
/// Inside `Ok`, it looks for `bool`, `Option` and `Result`. A `bool` or `Option` needs `false_is` or `none_is`, because a `false`
/// is a failure to some and an answer to others. **A `bool` or `Result` hidden behind an alias inside `Ok` counts as a success.**
/// Anything else needs `classify`.
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
/// #[auth_metered(op = "load_session", kind = session, reason = reasons::io)] // exported at zero with the list of `reasons::io`
/// async fn load_session(file: &str) -> std::io::Result<Vec<u8>> {
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
/// # Who the attempt is about
///
/// Observers get an [event](events) for each attempt. Five arguments and `context` say who it is about. Nothing of them becomes a label:
///
/// ```
/// use std::net::IpAddr;
///
/// use auth_metrics::events::About;
/// use auth_metrics::{FailureReason, auth_metered, events};
/// # #[derive(FailureReason)]
/// # enum LoginError { InvalidCredentials }
/// # struct Session { account: u64, id: String }
///
/// #[auth_metered(op = "login", subject = name, peer = client_ip, context = session_of)]
/// async fn login(name: &str, client_ip: IpAddr, cookie: Option<&str>) -> Result<Session, LoginError> {
///     events::note(|about| about.device(cookie));
///     Ok(Session { account: 7, id: "s-1".into() })
/// }
///
/// fn session_of(returned: &Result<Session, LoginError>, about: &mut About) {
///     if let Ok(session) = returned {
///         about.subject(session.account).session(&session.id);
///     }
/// }
/// ```
///
/// The expressions are evaluated before the body, in the order of the table, and only if the handle has an observer. So they can't
/// contain `?`, `return` or `.await`. They borrow the arguments of the function. What is set later replaces what was set before: first
/// the arguments, then [`events::note`], then `context`. A `None` replaces nothing. If a type implements both `Display` and
/// `AsRef<str>`, `Display` is used.
///
/// # What is exported before the first call
///
/// The operation is exported with every reason that its error type can give. On an `impl`, the attribute knows what `Self::Error`
/// is. If the error type is generic, or spelled with `Self` on a method alone, its reasons are
/// [unknown](catalogue::Operation::has_unknown_reasons): every reason is exported, until [`AuthMetrics::declare`] lists the
/// possible ones.
///
/// In `reason`, `verdict` and `classify`, the functions of [`reasons`], such as `reasons::http1::response`, and those that
/// [`reason_chain!`] declares bring their list. For any other function, write `among(…)` beside it; otherwise its reasons are unknown.
///
/// # What is added to the documentation
///
/// The end of the function's documentation, as an editor shows it, has its operation, its kind and three queries: the rate by
/// outcome, the failures by reason, and the 99th percentile of latency. Two variables of the environment configure them, for
/// example in `[env]` of `.cargo/config.toml`:
///
/// | variable | meaning |
/// |---|---|
/// | `AUTH_METRICS_PROMETHEUS_URL` | where Prometheus is: the queries become links to it |
/// | `AUTH_METRICS_NAMESPACE` | the namespace, if you set one with [`AuthMetricsBuilder::namespace`] |
///
/// `cargo build` and `cargo check` notice if they change, `cargo doc` once something else has changed too. An invalid URL is a
/// compile error.
///
/// Nothing is added to a `pub` function without documentation, so that `missing_docs` still finds it. Nothing is added to an
/// undocumented method that may implement a trait's, because it shows the documentation of the trait. `docs = true` adds it anyway.
///
/// # What changes for the function
///
/// Its arguments are moved into the body's block, so an argument named `_` drops after the others. In a `#[track_caller]` function,
/// [`Location::caller`](std::panic::Location::caller) is this attribute and not the caller. A function that passes on a boxed future
/// boxes it once more.
///
/// # Panics
///
/// The expansion adds no panic. A panic of the function passes through. A panic in an argument happens before the attempt
/// starts. If a value can't be classified because your function panics, the panic is caught, and the attempt counts as `unknown`. A
/// panic of `context` is caught too and changes nothing else. Both are counted in `auth_metrics_internal_errors_total`.
#[cfg(not(auth_metrics_disabled))]
pub use auth_metrics_macros::auth_metered;
#[cfg(auth_metrics_disabled)]
pub use auth_metrics_macros::unmetered as auth_metered;
pub use catalogue::Catalogue;
pub use decisions::ShadowDecision;
pub use encode::{AppendError, OPENMETRICS_CONTENT_TYPE, TEXT_CONTENT_TYPE};
#[cfg(feature = "prometheus")]
pub use handle::RegisterError;
pub use handle::{AuthMetrics, AuthMetricsBuilder, Error, Exposure, WeakAuthMetrics};
/// The version of the `prometheus` crate that this one is built with.
#[cfg(feature = "prometheus")]
pub use prometheus;
pub use read::Snapshot;
pub use record::{Attempt, Attempts, InAttempt, ServiceRegistration};
pub use storage::Clock;
pub use terms::{
    AuthMethod, CustomReason, FAMILIES, FailureReason, Family, FamilyType, Fault, OperationKind, Outcome,
    Reason, ReasonClass, ReasonSet, Source, families,
};
pub use verdict::Verdict;

/// Runs when the default handle of the process is made: recording knows no registry.
const WHEN_DEFAULT_IS_MADE: &[fn(&AuthMetrics)] = &[
    #[cfg(feature = "prometheus")]
    registry::register_default,
];

#[doc(hidden)]
pub mod __private;
mod ambient;
#[cfg(any(
    feature = "metrics024",
    feature = "prometheus-client022",
    feature = "prometheus-client023",
    feature = "prometheus-client024",
    feature = "prometheus-client025",
    feature = "prometheus-client026"
))]
pub mod bridges;
pub mod catalogue;
mod decisions;
mod encode;
pub mod events;
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
#[cfg(feature = "tower")]
pub mod tower;
mod verdict;

/// Families that you fill: [`Group`](group::Group), and bounded counters to fill them from. The guide has a page on
/// [groups](guide::groups).
pub mod group {
    pub use crate::groups::{
        ByLabel, Counters, Gauge, Group, GroupError, InternalErrors, InvalidBounds, Observations, Overflow,
        Samples,
    };
    pub use crate::handle::ByService;
}
