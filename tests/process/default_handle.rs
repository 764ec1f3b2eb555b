//! With nothing installed, `prometheus::gather()` just works. A process of its own, as it speaks of the process's handle.

use auth_metrics::{AuthMetrics, Error, FailureReason, auth_metered, prometheus};

#[derive(Debug, FailureReason)]
enum LoginError {
    InvalidCredentials,
}

#[auth_metered(op = "login")]
async fn login(right: bool) -> Result<(), LoginError> {
    if right { Ok(()) } else { Err(LoginError::InvalidCredentials) }
}

fn gathered(family: &str) -> f64 {
    let families = prometheus::gather();
    let family = families.iter().find(|each| each.name() == family).expect("the family is gathered");
    family.get_metric().iter().map(|metric| metric.get_counter().get_value()).sum()
}

#[tokio::test]
async fn first_use_makes_a_default_handle_in_the_default_registry() {
    assert!(login(true).await.is_ok());
    assert!(login(false).await.is_err());
    assert_eq!(gathered("service_auth_successful_total"), 1.0);
    assert!(gathered("service_auth_failed_total") >= 1.0);

    let late = AuthMetrics::builder().service_id("late").build().unwrap();
    assert!(matches!(late.install(), Err(Error::AlreadyInstalled)));
    assert!(AuthMetrics::current().install().is_ok());
    assert!(login(true).await.is_ok());
    assert_eq!(gathered("service_auth_successful_total"), 2.0);
    assert_every_instance_of_a_generic_function_is_listed_by_its_first_call().await;
}

#[auth_metered(op = "generic")]
async fn generic<E: FailureReason>(error: E) -> Result<(), E> {
    Err(error)
}

#[derive(Debug, FailureReason)]
enum Other {
    TokenExpired,
    #[reason(token_revoked)]
    #[expect(dead_code, reason = "never made: that it is listed is the point")]
    Revoked,
}

/// With custom reasons, which are known at run time only.
#[derive(Debug, FailureReason)]
enum OnTheDoor {
    #[reason(custom = "door_closed", fault = client)]
    Closed,
    #[reason(custom = "door_stuck", fault = server)]
    #[expect(dead_code, reason = "never made: that it is listed is the point")]
    Stuck,
}

#[derive(Debug, FailureReason)]
enum OnTheGate {
    #[reason(custom = "gate_closed", fault = client)]
    Closed,
    #[reason(custom = "gate_stuck", fault = server)]
    #[expect(dead_code, reason = "never made: that it is listed is the point")]
    Stuck,
}

/// Called by the one test here: two at a time would race for who makes the process's handle.
async fn assert_every_instance_of_a_generic_function_is_listed_by_its_first_call() {
    assert!(generic(LoginError::InvalidCredentials).await.is_err());
    assert!(generic(Other::TokenExpired).await.is_err());
    let snapshot = AuthMetrics::current().snapshot();
    let labels = [("operation", "generic"), ("failure_reason", "token_revoked")];
    assert_eq!(snapshot.value("auth_operation_failures_total", &labels), Some(0.0));

    for _ in 0..2 {
        assert!(generic(OnTheDoor::Closed).await.is_err());
        assert!(generic(OnTheGate::Closed).await.is_err());
    }
    let snapshot = AuthMetrics::current().snapshot();
    for (label, expected) in
        [("door_closed", 2.0), ("door_stuck", 0.0), ("gate_closed", 2.0), ("gate_stuck", 0.0)]
    {
        let labels = [("operation", "generic"), ("failure_reason", label)];
        assert_eq!(snapshot.value("auth_operation_failures_total", &labels), Some(expected), "{label}");
    }
}
