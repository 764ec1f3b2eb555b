//! One operation with two kinds is found. A binary of its own, since the catalogue is that of the whole binary.

use auth_metrics::catalogue::Budget;
use auth_metrics::testing::{self, Scope};
use auth_metrics::{FailureReason, OperationKind, auth_metered};

#[derive(Debug, FailureReason)]
enum GateError {
    TokenExpired,
}

const FIRST: u32 = line!() + 1;
#[auth_metered(op = "gate", kind = token)]
fn first(valid: bool) -> Result<(), GateError> {
    if valid { Ok(()) } else { Err(GateError::TokenExpired) }
}

const SECOND: u32 = line!() + 1;
#[auth_metered(op = "gate")]
fn second(valid: bool) -> Result<(), GateError> {
    first(valid)
}

#[auth_metered(op = "fence", kind = token)]
fn agreed(valid: bool) -> Result<(), GateError> {
    second(valid)
}

const AMPLE: Budget = Budget { series: usize::MAX, services: 1 };

#[test]
fn both_places_are_named() {
    let panicked = std::panic::catch_unwind(|| testing::assert_catalogue(&AMPLE)).unwrap_err();
    let message = panicked.downcast::<String>().unwrap();
    let (first, second) = (format!("{}:{FIRST}", file!()), format!("{}:{SECOND}", file!()));
    let expected =
        format!("the functions of gate have different kinds: token at {first}, authentication at {second}");
    assert_eq!(*message, expected);
}

#[test]
fn first_by_line_decides_and_the_fault_is_counted() {
    let scope = Scope::new();
    assert!(scope.metrics().in_scope(|| agreed(false)).is_err());
    let catalogue = scope.metrics().catalogue();
    let conflicts: Vec<_> = catalogue.conflicts().map(|each| (each.name(), each.kind())).collect();
    assert_eq!(conflicts, [("gate", OperationKind::Token)]);
    assert!(catalogue.to_string().contains("\nkinds differ: gate is token at "));
    let fault = [("kind", "kinds_differ")];
    assert_eq!(scope.snapshot().value("auth_metrics_internal_errors_total", &fault), Some(1.0));
}

#[test]
fn both_mistakes_are_told_at_once() {
    let error = Scope::new().metrics().catalogue().check(&Budget { series: 1, services: 1 }).unwrap_err();
    assert_eq!(error.conflicts.len(), 1);
    assert_eq!(error.over_budget.as_ref().map(|over| over.budget.series), Some(1));
    let message = error.to_string();
    assert!(message.contains("different kinds") && message.contains("\nthe metrics cost "), "{message}");
}
