//! `reason = PATH`: a function reads an error that can't be a `FailureReason`.

use std::fmt::Display;
use std::num::ParseIntError;
use std::panic::AssertUnwindSafe;
use std::pin::Pin;

use async_trait::async_trait;
use auth_metrics::testing::Scope;
use auth_metrics::{FailureReason, Outcome, Reason, ReasonSet, Snapshot, auth_metered, reasons};

use crate::{count, failures, ledger};

type Parsed<T> = Result<T, ParseIntError>;
type ParsedByte = Parsed<u8>;
type Later = Pin<Box<dyn Future<Output = ParsedByte> + Send>>;

#[derive(Debug, FailureReason)]
enum LoginError {
    AccountLocked,
}

fn why(_: &ParseIntError) -> Reason {
    Reason::TokenMalformed
}

/// A function for any error.
fn by_text<E: Display>(error: &E) -> Reason {
    if error.to_string().contains("empty") { Reason::MissingCredentials } else { Reason::TokenMalformed }
}

#[auth_metered(op = "read_plain", reason = why)]
fn plain(code: &str) -> Result<u8, ParseIntError> {
    code.parse()
}

#[auth_metered(op = "read_alias", reason = by_text)]
async fn alias(code: &str) -> Parsed<u8> {
    code.parse()
}

#[auth_metered(op = "read_bare_alias", reason = by_text::<ParseIntError>)]
async fn bare_alias(code: &str) -> ParsedByte {
    code.parse()
}

#[auth_metered(op = "read_flag", reason = why, false_is = mfa_invalid)]
fn flag(code: &str) -> Parsed<bool> {
    code.parse().map(|code: u8| code == 7)
}

#[auth_metered(op = "read_option", reason = why, none_is = unknown_subject)]
async fn option(code: &str) -> Result<Option<u8>, ParseIntError> {
    code.parse().map(|code| (code == 7).then_some(code))
}

#[auth_metered(op = "read_optional_result", reason = why, none_is = missing_credentials)]
fn optional_result(code: Option<&str>) -> Option<Result<u8, ParseIntError>> {
    code.map(str::parse)
}

#[auth_metered(op = "read_nested", reason = why)]
fn nested(code: &str) -> Parsed<Result<u8, LoginError>> {
    code.parse().map(|code| if code == 7 { Ok(code) } else { Err(LoginError::AccountLocked) })
}

#[auth_metered(op = "read_deferred", reason = why)]
fn deferred(code: &str) -> impl Future<Output = Parsed<u8>> {
    let parsed = code.parse();
    std::future::ready(parsed)
}

#[auth_metered(op = "read_in_place", reason = why)]
fn in_place(code: String) -> Pin<Box<dyn Future<Output = Parsed<u8>> + Send>> {
    Box::pin(async move { code.parse() })
}

#[auth_metered(op = "read_boxed", reason = by_text, future)]
fn boxed(code: &str) -> Later {
    Box::pin(std::future::ready(code.parse()))
}

#[auth_metered(op = "read_displayed", reason = why)]
async fn displayed(code: &str) -> Result<impl Display, ParseIntError> {
    code.parse::<u8>()
}

#[auth_metered(op = "read_generic", reason = by_text)]
fn generic<T: std::str::FromStr>(code: &str) -> Result<T, T::Err>
where
    T::Err: Display,
{
    code.parse()
}

#[auth_metered(op = "read_inner", reason = by_text)]
#[auth_metered(op = "read_outer", reason = why)]
async fn twice(code: &str) -> Parsed<u8> {
    code.parse()
}

#[auth_metered(op = "read_any", reason = of_any)]
fn any(code: &str) -> Result<u8, Box<dyn std::error::Error>> {
    Ok(code.parse()?)
}

fn of_any(error: &impl AsRef<dyn std::error::Error>) -> Reason {
    auth_metrics::reason_chain!(error.as_ref(); ParseIntError => why)
}

#[tokio::test]
async fn error_is_read_in_every_shape() {
    let scope = Scope::new();
    scope
        .metrics()
        .scope(async {
            assert!(plain("x").is_err());
            assert!(alias("").await.is_err());
            assert!(bare_alias("x").await.is_err());
            assert!(deferred("x").await.is_err());
            assert!(in_place("x".to_owned()).await.is_err());
            assert!(boxed("x").await.is_err());
            assert!(displayed("x").await.is_err());
            assert!(generic::<u8>("x").is_err());
            assert!(twice("x").await.is_err());
            assert!(any("x").is_err());
            assert_eq!(plain("7"), Ok(7));
        })
        .await;
    assert_eq!(ledger(&scope, "read_plain"), [2.0, 0.0, 1.0, 1.0, 0.0, 0.0, 0.0]);
    assert_eq!(failures(&scope, "read_alias", "missing_credentials"), 1.0);
    for shape in [
        "plain",
        "bare_alias",
        "deferred",
        "in_place",
        "boxed",
        "displayed",
        "generic",
        "inner",
        "outer",
        "any",
    ] {
        assert_eq!(failures(&scope, &format!("read_{shape}"), "token_malformed"), 1.0, "{shape}");
    }
}

#[tokio::test]
async fn ok_side_is_read_as_without_it() {
    let scope = Scope::new();
    scope
        .metrics()
        .scope(async {
            assert_eq!(flag("7"), Ok(true));
            assert_eq!(flag("1"), Ok(false));
            assert!(flag("x").is_err());
            assert_eq!(option("1").await, Ok(None));
            assert!(option("x").await.is_err());
            assert!(optional_result(None).is_none());
            assert!(optional_result(Some("x")).is_some_and(|parsed| parsed.is_err()));
        })
        .await;
    assert_eq!(ledger(&scope, "read_flag"), [3.0, 0.0, 1.0, 2.0, 0.0, 0.0, 0.0]);
    for (shape, reason) in [
        ("flag", "mfa_invalid"),
        ("flag", "token_malformed"),
        ("option", "unknown_subject"),
        ("option", "token_malformed"),
        ("optional_result", "missing_credentials"),
        ("optional_result", "token_malformed"),
    ] {
        assert_eq!(failures(&scope, &format!("read_{shape}"), reason), 1.0, "{shape}: {reason}");
    }
}

#[test]
fn error_inside_of_an_ok_says_its_own_reason() {
    let scope = Scope::new();
    scope.metrics().in_scope(|| {
        assert!(nested("7").is_ok_and(|inner| inner.is_ok()));
        assert!(nested("1").is_ok_and(|inner| inner.is_err()));
        assert!(nested("x").is_err());
    });
    assert_eq!(ledger(&scope, "read_nested"), [3.0, 0.0, 1.0, 2.0, 0.0, 0.0, 0.0]);
    assert_eq!(failures(&scope, "read_nested", "account_locked"), 1.0);
    assert_eq!(failures(&scope, "read_nested", "token_malformed"), 1.0);
}

#[auth_metered(op = "listed_disk", reason = reasons::io)]
async fn disk(file: &str) -> std::io::Result<String> {
    std::fs::read_to_string(file)
}

#[auth_metered(op = "listed_with_more", reason = auth_metrics::reasons::io, none_is = session_invalid)]
fn with_more(_: &str) -> Result<Result<Option<u8>, LoginError>, std::io::Error> {
    Ok(Ok(None))
}

#[auth_metered(op = "listed_generic", reason = reasons::io)]
fn listed_generic<T: Default, E: FailureReason>() -> std::io::Result<Result<T, E>> {
    Ok(Ok(T::default()))
}

mod own {
    pub mod reasons {
        use std::num::ParseIntError;

        use auth_metrics::Reason;

        pub fn without_a_list(_: &ParseIntError) -> Reason {
            Reason::TokenMalformed
        }
    }
}

#[auth_metered(op = "unlisted_path", reason = own::reasons::without_a_list)]
fn unlisted_path(code: &str) -> Parsed<u8> {
    code.parse()
}

/// The reasons that the catalogue has for a function; none if they are unknown.
fn listed(op: &str) -> Option<ReasonSet> {
    let catalogue = Scope::new().metrics().catalogue();
    let [function] = catalogue.get(op).unwrap().functions() else { panic!("{op} is one function") };
    function.reasons()
}

#[test]
fn ready_function_lists_exactly_its_reasons() {
    assert_eq!(listed("listed_disk"), Some(reasons::io::REASONS));
    let more = ReasonSet::of(&[Reason::SessionInvalid, Reason::AccountLocked]);
    assert_eq!(listed("listed_with_more"), Some(reasons::io::REASONS.union(more)));
}

#[test]
fn zeros_are_those_of_the_ready_function() {
    let scope = Scope::new();
    let exported = |reason: Reason| {
        let labels = [("operation", "listed_disk"), ("failure_reason", reason.label())];
        scope.snapshot().value("auth_operation_failures_total", &labels)
    };
    let guard = [Reason::Cancelled, Reason::Panicked];
    for reason in Reason::ALL.iter().copied() {
        let zero = reasons::io::REASONS.contains(reason) || guard.contains(&reason);
        assert_eq!(exported(reason), zero.then_some(0.0), "{}", reason.label());
    }
}

#[test]
fn function_without_a_list_may_give_any_reason() {
    for op in ["read_plain", "read_alias", "unlisted_path", "listed_generic"] {
        assert_eq!(listed(op), None, "{op}");
    }
    let scope = Scope::new();
    assert_eq!(failures(&scope, "read_plain", "account_locked"), 0.0);
    assert!(scope.metrics().in_scope(|| unlisted_path("x")).is_err());
    assert_eq!(failures(&scope, "unlisted_path", "token_malformed"), 1.0);
}

#[test]
fn declared_reasons_replace_those_that_may_be_any() {
    let scope = Scope::new();
    scope.metrics().declare::<LoginError>("read_plain");
    assert!(scope.metrics().in_scope(|| plain("x")).is_err());
    let exported = |reason: &str| {
        let labels = [("operation", "read_plain"), ("failure_reason", reason)];
        scope.snapshot().value("auth_operation_failures_total", &labels)
    };
    assert_eq!(exported("account_locked"), Some(0.0));
    assert_eq!(exported("token_malformed"), Some(1.0));
    assert_eq!(exported("rate_limited"), None);
}

#[auth_metered(op = "read_unreadable", reason = unreadable)]
async fn unread(code: &str) -> Parsed<u8> {
    code.parse()
}

fn unreadable(_: &ParseIntError) -> Reason {
    panic!("as planned")
}

#[tokio::test]
async fn panic_while_the_error_is_read_counts_as_unknown() {
    let scope = Scope::new();
    assert!(scope.metrics().scope(unread("x")).await.is_err());
    assert_eq!(failures(&scope, "read_unreadable", "unknown"), 1.0);
    let errors = scope.snapshot().value("auth_metrics_internal_errors_total", &[("kind", "reason_panicked")]);
    assert_eq!(errors, Some(1.0));
}

struct Gate {
    tenant: String,
}

#[auth_metered(service = self.tenant, reason = Gate::why)]
impl Gate {
    #[op("gate_reads")]
    fn reads(&self, code: &str) -> Parsed<u8> {
        code.parse()
    }

    #[op("gate_reads_otherwise", reason = by_text)]
    async fn reads_otherwise(&self, code: &str) -> Parsed<u8> {
        code.parse()
    }

    #[op("gate_flag", false_is = mfa_invalid)]
    fn flag(&self, code: &str) -> bool {
        code == self.tenant
    }

    fn why(_: &ParseIntError) -> Reason {
        Reason::TokenMalformed
    }
}

struct Turnstile;

#[auth_metered(reason = why, kind = authorization)]
impl Turnstile {
    #[op("turnstile_classifies", classify = whole)]
    fn classifies(&self, code: &str) -> Parsed<u8> {
        code.parse()
    }
}

fn whole(_: &Parsed<u8>) -> Outcome {
    Outcome::Failure(Reason::PolicyDenied)
}

#[async_trait]
trait Read {
    type Error;

    async fn read(&self, code: &str) -> Result<u8, Self::Error>;
}

#[auth_metered(reason = by_text)]
#[async_trait]
impl Read for Gate {
    type Error = ParseIntError;

    #[op("gate_trait")]
    async fn read(&self, code: &str) -> Result<u8, Self::Error> {
        code.parse()
    }
}

fn failures_of(snapshot: &Snapshot, service: &str, op: &str, reason: &str) -> f64 {
    let labels = [("service_id", service), ("operation", op), ("failure_reason", reason)];
    count(snapshot, "auth_operation_failures_total", &labels)
}

#[tokio::test]
async fn methods_share_it_and_may_say_otherwise() {
    let scope = Scope::new();
    let gate = Gate { tenant: "orders".to_owned() };
    scope
        .metrics()
        .scope(async {
            assert!(gate.reads("x").is_err());
            assert!(gate.reads_otherwise("").await.is_err());
            assert!(Turnstile.classifies("x").is_err());
            assert!(!gate.flag("x"));
            assert!(gate.read("").await.is_err());
        })
        .await;
    let snapshot = scope.snapshot();
    for (op, reason) in [
        ("gate_reads", "token_malformed"),
        ("gate_reads_otherwise", "missing_credentials"),
        ("gate_flag", "mfa_invalid"),
    ] {
        assert_eq!(failures_of(&snapshot, "orders", op, reason), 1.0, "{op}");
    }
    assert_eq!(failures(&scope, "turnstile_classifies", "policy_denied"), 1.0);
    assert_eq!(failures(&scope, "gate_trait", "missing_credentials"), 1.0);
}

#[test]
fn panic_of_the_function_itself_is_none_of_the_reader() {
    #[auth_metered(op = "read_unwinds", reason = why)]
    fn unwinds() -> Parsed<u8> {
        panic!("as planned")
    }
    let scope = Scope::new();
    assert!(std::panic::catch_unwind(AssertUnwindSafe(|| scope.metrics().in_scope(unwinds))).is_err());
    assert_eq!(failures(&scope, "read_unwinds", "panicked"), 1.0);
}
