//! Reasons that nobody knows: every one is exported and has its alert, and the catalogue says so until they are declared.
//! A binary of its own, since the catalogue is that of the whole binary.

use std::convert::Infallible;
use std::future::Future;
use std::pin::Pin;

use auth_metrics::catalogue::Budget;
use auth_metrics::testing::{self, Scope};
use auth_metrics::{FailureReason, Reason, ReasonSet, auth_metered};
use auth_metrics_rules::{Options, generate};

#[derive(Debug, FailureReason)]
pub enum LoginError {
    InvalidCredentials,
    RateLimited,
}

/// A trait of another crate, as axum-login's is.
#[expect(clippy::missing_errors_doc, reason = "a trait as others write it")]
pub trait Login {
    type Error;
    type Answer;

    fn login(&self) -> Result<u8, Self::Error>;
    fn again(&self) -> impl Future<Output = Result<u8, Self::Error>> + Send;
    fn answer(&self) -> Self::Answer;
}

/// tower's.
pub trait Service {
    type Response;
    type Error;
    type Future: Future<Output = Result<Self::Response, Self::Error>>;

    fn call(&mut self) -> Self::Future;
}

pub struct Alone;

const ALONE: u32 = line!() + 5;
impl Login for Alone {
    type Error = LoginError;
    type Answer = Result<u8, LoginError>;

    #[auth_metered(op = "alone")]
    fn login(&self) -> Result<u8, Self::Error> {
        Err(LoginError::RateLimited)
    }

    async fn again(&self) -> Result<u8, Self::Error> {
        self.login()
    }

    fn answer(&self) -> Self::Answer {
        self.login()
    }
}

pub struct Whole;

#[auth_metered]
impl Login for Whole {
    type Error = LoginError;
    type Answer = Result<u8, <Self as Login>::Error>;

    #[op("whole")]
    fn login(&self) -> Result<u8, Self::Error> {
        Err(LoginError::InvalidCredentials)
    }

    #[op("whole_again")]
    async fn again(&self) -> Result<u8, <Self as Login>::Error> {
        self.login()
    }

    #[op("whole_answer")]
    fn answer(&self) -> Self::Answer {
        self.login()
    }
}

#[auth_metered]
impl Service for Whole {
    type Response = u8;
    type Error = LoginError;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, Self::Error>> + Send>>;

    #[op("whole_call", future)]
    fn call(&mut self) -> Self::Future {
        Box::pin(std::future::ready(Err(LoginError::RateLimited)))
    }
}

pub struct Wide<E>(E);

#[auth_metered]
impl<E: FailureReason + Clone + Send + Sync> Login for Wide<E> {
    type Error = E;
    type Answer = Result<u8, Infallible>;

    #[op("wide")]
    fn login(&self) -> Result<u8, Self::Error> {
        Err(self.0.clone())
    }

    async fn again(&self) -> Result<u8, Self::Error> {
        self.login()
    }

    #[op("wide_answer")]
    fn answer(&self) -> Self::Answer {
        Ok(0)
    }
}

const AMPLE: Budget = Budget { series: usize::MAX, services: 1 };

/// What a program does once at its start.
fn declare(scope: &Scope) {
    scope.metrics().declare::<LoginError>("alone");
    scope.metrics().declare::<LoginError>("wide");
}

fn alerts(scope: &Scope) -> Vec<String> {
    let pack = generate(&scope.metrics().catalogue(), &Options::new()).unwrap();
    let rules = pack.get("rules.yml").unwrap();
    let names = rules.lines().filter_map(|line| line.trim_start().strip_prefix("- alert: "));
    names.map(str::to_owned).collect()
}

#[test]
fn annotated_impl_says_what_its_error_is() {
    let catalogue = Scope::new().metrics().catalogue();
    for op in ["whole", "whole_again", "whole_answer", "whole_call"] {
        let [function] = catalogue.get(op).unwrap().functions() else { panic!("{op} is one function") };
        assert_eq!(function.reasons(), Some(LoginError::REASONS), "{op}");
    }
    let [function] = catalogue.get("wide_answer").unwrap().functions() else { panic!("it is one function") };
    assert_eq!(function.reasons(), Some(ReasonSet::EMPTY));
    let unknown: Vec<&str> =
        catalogue.unknown_reasons().map(auth_metrics::catalogue::Operation::name).collect();
    assert_eq!(unknown, ["alone", "wide"]);
}

#[test]
fn unknown_reasons_are_all_exported_until_they_are_declared() {
    let scope = Scope::new();
    let exported = |reason: Reason| {
        let labels = [("operation", "alone"), ("failure_reason", reason.label())];
        scope.snapshot().value("auth_operation_failures_total", &labels)
    };
    assert_eq!(exported(Reason::RateLimited), Some(0.0));
    assert_eq!(exported(Reason::AccountLocked), Some(0.0));
    declare(&scope);
    assert_eq!(exported(Reason::RateLimited), Some(0.0));
    assert_eq!(exported(Reason::AccountLocked), None);

    assert!(scope.metrics().in_scope(|| Alone.login()).is_err());
    assert_eq!(exported(Reason::RateLimited), Some(1.0));
}

#[test]
fn traffic_of_an_undeclared_operation_keeps_every_reason() {
    let scope = Scope::new();
    assert!(scope.metrics().in_scope(|| Alone.login()).is_err());
    let alone = scope.metrics().catalogue();
    let alone = alone.get("alone").unwrap();
    assert!(alone.has_unknown_reasons() && alone.reasons().includes(ReasonSet::ALL));
    assert_eq!(alone.attempts(), 1);
}

#[test]
fn no_alert_is_lost_to_unknown_reasons() {
    let scope = Scope::new();
    let all = alerts(&scope);
    for alert in ["AuthLockoutStorm", "AuthTokenReplay", "AuthUnmappedReasons"] {
        assert!(all.iter().any(|name| name == alert), "{alert} is not in {all:?}");
    }
    declare(&scope);
    let known = alerts(&scope);
    assert!(known.len() < all.len(), "{known:?}");
    assert!(!known.iter().any(|name| name == "AuthLockoutStorm"), "no operation gives it");
}

#[test]
fn assertion_names_the_operation_and_the_way_out_until_it_is_declared() {
    let scope = Scope::new();
    let assertion = || scope.metrics().in_scope(|| testing::assert_catalogue(&AMPLE));
    let panicked = std::panic::catch_unwind(std::panic::AssertUnwindSafe(assertion)).unwrap_err();
    let message = panicked.downcast::<String>().unwrap();
    let first = format!(
        "the reasons of alone are unknown, so it is exported with every reason: its error type at {}:{ALONE} is generic or \
         named like a generic (no lowercase letter), is spelled with `Self`, is declared inside a function, or a function of yours gives \
         the reason and nothing lists which. Put `#[auth_metered]` on the `impl`, write `among(…)` after your function, or call `metrics.declare::<E>(\"alone\")` with a type `E` whose `FailureReason` \
         lists its reasons",
        file!()
    );
    assert_eq!(message.lines().next(), Some(&*first));
    assert!(message.lines().nth(1).unwrap().starts_with("the reasons of wide are unknown, "), "{message}");
    declare(&scope);
    scope.metrics().in_scope(|| testing::assert_catalogue(&AMPLE));
}

#[test]
fn table_says_which_reasons_are_unknown() {
    let scope = Scope::new();
    let table = scope.metrics().catalogue().to_string();
    let row = table.lines().find(|line| line.starts_with("alone ")).unwrap();
    assert!(row.contains("  any  "), "{table}");
    assert!(table.contains("\nreasons unknown: alone, because its error type at "), "{table}");
    declare(&scope);
    assert!(!scope.metrics().catalogue().to_string().contains("reasons unknown"));
}
