//! With `--cfg auth_metrics_disabled` an annotated function is the function that is written. `./check disabled` runs it.
#![cfg(auth_metrics_disabled)]

use auth_metrics::testing::Scope;
use auth_metrics::{FailureReason, Outcome, Reason, auth_metered};

#[derive(Debug, PartialEq, FailureReason)]
enum LoginError {
    InvalidCredentials,
}

#[auth_metered(op = "login")]
async fn login(right: bool) -> Result<(), LoginError> {
    std::future::ready(()).await;
    if right { Ok(()) } else { Err(LoginError::InvalidCredentials) }
}

async fn never_annotated(right: bool) -> Result<(), LoginError> {
    std::future::ready(()).await;
    if right { Ok(()) } else { Err(LoginError::InvalidCredentials) }
}

#[auth_metered(op = "Not A Name", kind = nonsense, service = panic!("it is read"), metrics = NOWHERE, nothing_known)]
fn wrongly_annotated(right: bool) -> bool {
    right
}

struct Gate {
    offset: u8,
}

impl Gate {
    #[auth_metered(op = "pass", service = self.missing_field)]
    #[auth_metered(op = "pass_again")]
    fn pass<T: Into<u8>>(&self, badge: T) -> u8 {
        self.offset + badge.into()
    }
}

#[tokio::test]
async fn metered_function_counts_nothing_and_is_in_no_catalogue() {
    assert_eq!(auth_metrics_tests_linked::LINKED, "linked");
    let scope = Scope::new();
    assert!(scope.metrics().scope(login(true)).await.is_ok());
    assert!(scope.metrics().scope(login(false)).await.is_err());
    assert_eq!(scope.metrics().in_scope(|| Gate { offset: 2 }.pass(7_u8)), 9);
    assert_eq!(scope.metrics().catalogue().iter().count(), 0);
    let text = scope.metrics().encode_text();
    assert!(!text.contains("operation=\""), "{text}");
    assert_eq!(scope.snapshot().value("service_auth_failed_total", &[]), None);
}

#[test]
fn arguments_are_not_read() {
    assert!(Scope::new().metrics().in_scope(|| wrongly_annotated(true)));
}

#[test]
fn future_is_no_larger_than_without_the_attribute() {
    assert_eq!(size_of_val(&login(true)), size_of_val(&never_annotated(true)));
}

#[test]
fn derive_and_recording_by_hand_stay() {
    assert_eq!(LoginError::InvalidCredentials.failure_reason(), Reason::InvalidCredentials);
    let scope = Scope::new();
    scope.metrics().attempt("login").finish(Outcome::Failure(Reason::InvalidCredentials));
    let catalogue = scope.metrics().catalogue();
    assert_eq!(catalogue.iter().map(auth_metrics::catalogue::Operation::attempts).collect::<Vec<_>>(), [1]);
}

#[test]
fn budget_of_an_empty_catalogue_is_no_proof() {
    let ample = auth_metrics::catalogue::Budget { series: usize::MAX, services: 1 };
    let panicked = std::panic::catch_unwind(|| auth_metrics::testing::assert_catalogue(&ample)).unwrap_err();
    assert!(
        panicked.downcast::<&str>().is_ok_and(|text| text.starts_with("no operation is in the catalogue"))
    );
}
