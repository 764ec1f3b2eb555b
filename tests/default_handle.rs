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
    assert_eq!(gathered("service_auth_failed_total"), 1.0);

    let late = AuthMetrics::builder().service_id("late").build().unwrap();
    assert!(matches!(late.install(), Err(Error::AlreadyInstalled)));
    assert!(AuthMetrics::current().install().is_ok());
    assert!(login(true).await.is_ok());
    assert_eq!(gathered("service_auth_successful_total"), 2.0);
}
