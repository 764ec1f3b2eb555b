//! One login is one login on the short way too, which only the process's handle goes, and beside the ways that are longer. A process of its
//! own, since it is about that handle.

use auth_metrics::events::Context;
use auth_metrics::{AuthMetrics, FailureReason, Outcome, Snapshot, Source, auth_metered};

#[derive(Clone, Copy, Debug, FailureReason)]
enum BindError {
    InvalidCredentials,
    DependencyUnavailable,
}

type Ends = Result<(), BindError>;

#[derive(Source)]
enum Protocol {
    Ldap,
}

#[auth_metered(op = "inner")]
fn inner(ends: Ends) -> Ends {
    ends
}

#[auth_metered(op = "waits")]
async fn waits(ends: Ends) -> Ends {
    let first = inner(Ok(()));
    tokio::task::yield_now().await;
    first.and(inner(ends))
}

#[auth_metered(op = "outer")]
async fn outer(ends: Ends) -> Ends {
    let _ = waits(ends).await;
    Ok(())
}

#[auth_metered(op = "outer_at_once")]
fn outer_at_once(ends: Ends) -> Ends {
    inner(ends)
}

#[auth_metered(op = "long_way", source = Protocol::Ldap)]
fn long_way(ends: Ends) -> Ends {
    outer_at_once(ends)
}

/// What the last piece of work added to a value.
struct Added(Snapshot);

impl Added {
    fn by(work: impl FnOnce()) -> impl Fn(&str, &[(&str, &str)]) -> f64 {
        let metrics = AuthMetrics::current();
        let before = Added(metrics.snapshot());
        work();
        let after = Added(metrics.snapshot());
        move |family, labels| after.value(family, labels) - before.value(family, labels)
    }

    fn value(&self, family: &str, labels: &[(&str, &str)]) -> f64 {
        self.0.value(family, labels).unwrap_or(0.0)
    }
}

/// One login, which ended so, in which these operations had so many attempts.
fn assert_one_login(added: &impl Fn(&str, &[(&str, &str)]) -> f64, is_good: bool, attempts: &[(&str, f64)]) {
    let logins =
        ["service_auth_successful_total", "service_auth_failed_total"].map(|family| added(family, &[]));
    assert_eq!(logins, if is_good { [1.0, 0.0] } else { [0.0, 1.0] });
    for (operation, count) in attempts {
        let labels = [("operation", *operation)];
        assert_eq!(added("auth_operations_started_total", &labels), *count, "{operation}");
        assert_eq!(added("auth_operations_total", &labels), *count, "{operation}");
        assert_eq!(added("service_auth_latency_seconds_count", &labels), *count, "{operation}");
    }
}

#[test]
fn one_login_is_one_login_on_every_way() {
    let metrics = AuthMetrics::builder().service_id("gateway").build().unwrap();
    metrics.install().unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    // The first turns go the long way, the others the short one.
    for _ in 0..3 {
        let added = Added::by(|| assert!(inner(Ok(())).is_ok()));
        assert_one_login(&added, true, &[("inner", 1.0)]);

        let added = Added::by(|| assert!(outer_at_once(Err(BindError::InvalidCredentials)).is_err()));
        assert_one_login(&added, false, &[("inner", 1.0), ("outer_at_once", 1.0)]);

        let added = Added::by(|| assert!(long_way(Ok(())).is_ok()));
        assert_one_login(&added, true, &[("inner", 1.0), ("outer_at_once", 1.0), ("long_way", 1.0)]);

        let outage = Err(BindError::DependencyUnavailable);
        let added = Added::by(|| assert!(runtime.block_on(outer(outage)).is_ok()));
        assert_one_login(&added, true, &[("inner", 2.0), ("waits", 1.0), ("outer", 1.0)]);
        let swallowed = |operation| added("auth_swallowed_failures_total", &[("operation", operation)]);
        assert_eq!(["outer", "waits", "inner"].map(swallowed), [1.0, 0.0, 0.0]);

        let added = Added::by(|| {
            let mut attempt = AuthMetrics::current().attempt("by_hand");
            attempt.run(|| assert!(inner(Ok(())).is_ok()));
            attempt.finish(Outcome::Success);
        });
        assert_one_login(&added, true, &[("inner", 1.0), ("by_hand", 1.0)]);

        let given = Context::new().source(&Protocol::Ldap);
        let added = Added::by(|| assert!(given.in_scope(|| outer_at_once(Ok(()))).is_ok()));
        assert_one_login(&added, true, &[("inner", 1.0), ("outer_at_once", 1.0)]);
        let ldap = [("source", "ldap"), ("outcome", "success")];
        assert_eq!(added("auth_source_operations_total", &ldap), 1.0);
    }
}
