//! A scrape must not tell a stranger whether an account exists: what each exposure mode merges, by literal names.

use auth_metrics::prometheus::{Registry, TextEncoder};
use auth_metrics::{
    AuthMethod, AuthMetrics, Exposure, FailureReason, OperationKind, Outcome, Reason, ReasonSet, auth_metered,
};

use crate::fixture::builder;
use crate::laws::assert_conserved;
use crate::reasons::{TABLE, reason};
use auth_metrics_tests_scrape::Scrape;

/// Every reason that reveals an account.
const REVEALING: [&str; 12] = [
    "unknown_subject",
    "credential_expired",
    "credential_revoked",
    "credential_compromised",
    "account_locked",
    "account_disabled",
    "account_unverified",
    "mfa_required",
    "mfa_invalid",
    "mfa_expired",
    "mfa_denied",
    "permission_denied",
];

/// Every reason once, as a failed login, as a failed token and by hand.
fn everything(exposure: Exposure) -> AuthMetrics {
    let metrics = builder().exposure(exposure).build().unwrap();
    metrics.declare_as::<Revealing>("verify", OperationKind::Token);
    for (label, ..) in TABLE {
        metrics.attempt("login").finish(Outcome::Failure(reason(label)));
        metrics.attempt("verify").finish(Outcome::Failure(reason(label)));
        metrics.record_failed_auth("orders", reason(label));
        metrics.record_failed_token_verification("orders", reason(label));
    }
    metrics
}

struct Revealing;

impl FailureReason for Revealing {
    const REASONS: ReasonSet = ReasonSet::of(&[Reason::UnknownSubject, Reason::AccountLocked]);

    fn failure_reason(&self) -> Reason {
        Reason::UnknownSubject
    }
}

/// What a scrape counts for a reason: attempts, authentications and tokens of the gateway, both of `orders` by hand.
fn counts(scrape: &Scrape, label: &str) -> [Option<f64>; 5] {
    let status = format!("failed_{label}");
    let failed = |service| {
        scrape.value("service_auth_failed_total", &[("service_id", service), ("failure_reason", label)])
    };
    let tokens = |service| {
        scrape.value("jwt_token_verifications_total", &[("service_id", service), ("status", status.as_str())])
    };
    let login = [("service_id", "gateway"), ("operation", "login"), ("failure_reason", label)];
    [
        scrape.value("auth_operation_failures_total", &login),
        failed("gateway"),
        tokens("gateway"),
        failed("orders"),
        tokens("orders"),
    ]
}

/// These reasons are counted as `invalid_credentials`, in text and registry; all others are as they were recorded.
#[track_caller]
fn assert_merged(exposure: Exposure, merged: &[&str]) {
    let metrics = everything(exposure);
    let registry = Registry::new();
    metrics.register(&registry).unwrap();
    let gathered = TextEncoder::new().encode_to_string(&registry.gather()).unwrap();
    for scrape in [Scrape::of(&metrics), Scrape::read(&gathered)] {
        for (label, ..) in TABLE {
            let expected = match label {
                "invalid_credentials" => Some(1.0 + merged.len() as f64),
                merging if merged.contains(&merging) => None,
                _ => Some(1.0),
            };
            assert_eq!(counts(&scrape, label), [expected; 5], "{label}");
        }
    }
}

#[test]
fn strict_merges_every_reason_that_reveals_an_account() {
    let revealing: Vec<&str> = TABLE.iter().filter(|row| row.3).map(|row| row.0).collect();
    assert_eq!(revealing, REVEALING);
    assert_merged(Exposure::Strict, &REVEALING);
}

#[test]
fn standard_merges_unknown_subjects_only_and_is_the_default() {
    assert_merged(Exposure::Standard, &["unknown_subject"]);
    assert_eq!(Exposure::default(), Exposure::Standard);
    let metrics = AuthMetrics::builder().build().unwrap();
    metrics.record_failed_auth("orders", Reason::UnknownSubject);
    let labels = [("service_id", "orders"), ("failure_reason", "invalid_credentials")];
    assert_eq!(Scrape::of(&metrics).value("service_auth_failed_total", &labels), Some(1.0));
}

#[test]
fn full_merges_nothing() {
    assert_merged(Exposure::Full, &[]);
}

#[test]
fn merged_reason_is_named_nowhere_but_in_the_list_of_reasons() {
    let metrics = everything(Exposure::Strict);
    let scrape = Scrape::of(&metrics);
    let samples = scrape.samples().filter(|sample| sample.name != "auth_failure_reason_info");
    for sample in samples {
        for value in sample.labels.values() {
            assert!(!REVEALING.iter().any(|label| value.contains(label)), "{sample:?}");
        }
    }
}

#[test]
fn merged_reason_is_not_revealed_by_a_series_at_zero_either() {
    let metrics = builder().exposure(Exposure::Strict).build().unwrap();
    metrics.declare::<Revealing>("login");
    let scrape = Scrape::of(&metrics);
    let reasons = scrape.family("auth_operation_failures_total").samples.iter();
    let reasons: Vec<&str> = reasons
        .filter(|sample| sample.label("operation") == Some("login"))
        .filter_map(|sample| sample.label("failure_reason"))
        .collect();
    assert_eq!(reasons, ["invalid_credentials", "cancelled", "panicked"]);
}

/// Outcomes of the operation and of the source in a scrape, in the order success, rejected, error, interim, cancelled.
fn outcomes(exposure: Exposure) -> [[Option<f64>; 5]; 2] {
    let metrics = everything(exposure);
    metrics.attempt("login").finish(Outcome::Success);
    for (label, ..) in TABLE {
        let _ = metrics.in_scope(|| sourced(reason(label)));
    }
    let scrape = Scrape::of(&metrics);
    assert_conserved(&scrape);
    let of = |name, label: &str, value: &str| {
        ["success", "rejected", "error", "interim", "cancelled"].map(|outcome| {
            scrape.value(name, &[("service_id", "gateway"), (label, value), ("outcome", outcome)])
        })
    };
    [
        of("auth_operations_total", "operation", "login"),
        of("auth_source_operations_total", "source", "password"),
    ]
}

struct Given(Reason);

impl FailureReason for Given {
    const REASONS: ReasonSet = ReasonSet::ALL;

    fn failure_reason(&self) -> Reason {
        self.0
    }
}

#[auth_metered(op = "given", source = AuthMethod::Password)]
fn sourced(reason: Reason) -> Result<(), Given> {
    Err(Given(reason))
}

#[test]
fn standard_changes_no_outcome() {
    assert_eq!(outcomes(Exposure::Standard), outcomes(Exposure::Full));
    assert_eq!(outcomes(Exposure::Full)[0][3], Some(4.0), "mfa_required and three steps of exchanges");
}

#[test]
fn strict_shows_another_step_as_a_refusal() {
    for (strict, full) in outcomes(Exposure::Strict).into_iter().zip(outcomes(Exposure::Full)) {
        let [success, rejected, error, interim, cancelled] = full;
        let both = rejected.zip(interim).map(|(rejected, interim)| rejected + interim);
        assert_eq!(strict, [success, both, error, Some(0.0), cancelled]);
    }
}

#[test]
fn strict_outcomes_agree_with_the_reasons_that_it_shows() {
    let scrape = Scrape::of(&everything(Exposure::Strict));
    let login = [("service_id", "gateway"), ("operation", "login")];
    let rejected = scrape.value("auth_operations_total", &[login[0], login[1], ("outcome", "rejected")]);
    let refusals = TABLE.iter().filter(|row| ["rejected", "interim"].contains(&row.4) && !row.3).filter_map(
        |(label, ..)| {
            scrape.value("auth_operation_failures_total", &[login[0], login[1], ("failure_reason", label)])
        },
    );
    assert_eq!(Some(refusals.sum()), rejected);
}

#[test]
fn snapshot_keeps_the_precise_reason() {
    let snapshot = everything(Exposure::Strict).snapshot();
    let interim = [("operation", "login"), ("outcome", "interim")];
    assert_eq!(snapshot.value("auth_operations_total", &interim), Some(4.0));
    for label in REVEALING {
        let failed = snapshot
            .value("auth_operation_failures_total", &[("operation", "login"), ("failure_reason", label)]);
        assert_eq!(failed, Some(1.0), "{label}");
    }
}
