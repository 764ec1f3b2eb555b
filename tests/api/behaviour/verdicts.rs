//! Failures inside `Ok`: values that say themselves how an attempt ended, and functions that read them.

use std::sync::Arc;

use auth_metrics::testing::Scope;
use auth_metrics::{FailureReason, Outcome, Reason, ReasonSet, Verdict, auth_metered};

#[derive(Debug, FailureReason)]
pub enum OperationError {
    DependencyUnavailable,
}

#[derive(Clone, Debug, Verdict)]
pub enum AuthState {
    Success,
    #[reason(success)]
    Remembered {
        #[expect(dead_code, reason = "a field beside the reason")]
        session: u64,
    },
    #[reason(challenge_issued)]
    Continue(#[expect(dead_code, reason = "a field beside the reason")] u8),
    #[reason(with = why, among(account_disabled, policy_denied))]
    Denied(&'static str),
    #[reason(transparent)]
    Broken(Arc<OperationError>),
    #[reason(custom = "sso_domain_blocked", fault = client)]
    Elsewhere,
    RateLimited,
}

fn why(text: &&str) -> Reason {
    if *text == "account expired" { Reason::AccountDisabled } else { Reason::PolicyDenied }
}

type Answer = Result<AuthState, OperationError>;
type Reply<T> = Result<T, OperationError>;

/// Of another crate.
pub struct Page {
    status: u16,
    has_form: bool,
}

fn by_page(page: &Page) -> Outcome {
    match page {
        Page { has_form: true, .. } => Outcome::Failure(Reason::InvalidCredentials),
        Page { status: 200..400, .. } => Outcome::Success,
        Page { .. } => Outcome::Failure(Reason::InternalError),
    }
}

#[auth_metered(op = "spelled", verdict)]
fn spelled(state: &AuthState) -> Result<AuthState, OperationError> {
    Ok(state.clone())
}

#[auth_metered(op = "alias", verdict)]
fn alias(state: &AuthState) -> Answer {
    Ok(state.clone())
}

#[auth_metered(op = "reply", verdict)]
async fn reply(state: &AuthState) -> Reply<AuthState> {
    Ok(state.clone())
}

#[auth_metered(op = "plain", verdict)]
fn plain(state: &AuthState) -> AuthState {
    state.clone()
}

#[auth_metered(op = "maybe", verdict, none_is = session_invalid)]
fn maybe(state: Option<&AuthState>) -> Result<Option<AuthState>, OperationError> {
    Ok(state.cloned())
}

#[auth_metered(op = "read", verdict, reason = malformed, among(malformed_request))]
fn read(state: &AuthState) -> Result<AuthState, std::num::ParseIntError> {
    Ok(state.clone())
}

fn malformed(_: &std::num::ParseIntError) -> Reason {
    Reason::MalformedRequest
}

#[auth_metered(op = "page", verdict = by_page, among(invalid_credentials, internal_error))]
fn page(status: u16, has_form: bool) -> Result<Page, OperationError> {
    Ok(Page { status, has_form })
}

#[auth_metered(op = "unlisted_page", verdict = by_page)]
fn unlisted_page() -> Result<Page, OperationError> {
    Err(OperationError::DependencyUnavailable)
}

#[auth_metered(op = "first_step", ok_is = challenge_issued)]
fn first_step(name: &str) -> Result<[u8; 32], OperationError> {
    if name.is_empty() { Err(OperationError::DependencyUnavailable) } else { Ok([0; 32]) }
}

#[auth_metered(op = "first_step_by_alias", ok_is = challenge_issued)]
fn first_step_by_alias() -> Answer {
    Ok(AuthState::Continue(1))
}

struct Server;

#[auth_metered(verdict, kind = token)]
impl Server {
    #[op("of_a_block")]
    fn step(&self) -> Result<AuthState, OperationError> {
        Ok(AuthState::Elsewhere)
    }

    #[op("of_a_block_too", ok_is = challenge_issued)]
    fn start(&self) -> Result<u8, OperationError> {
        Ok(1)
    }
}

fn states() -> [(AuthState, Outcome); 8] {
    let failed = Outcome::Failure;
    [
        (AuthState::Success, Outcome::Success),
        (AuthState::Remembered { session: 7 }, Outcome::Success),
        (AuthState::Continue(1), failed(Reason::ChallengeIssued)),
        (AuthState::Denied("account expired"), failed(Reason::AccountDisabled)),
        (AuthState::Denied("not today"), failed(Reason::PolicyDenied)),
        (
            AuthState::Broken(Arc::new(OperationError::DependencyUnavailable)),
            failed(Reason::DependencyUnavailable),
        ),
        (AuthState::Elsewhere, failed(Reason::from_label("sso_domain_blocked").unwrap())),
        (AuthState::RateLimited, failed(Reason::RateLimited)),
    ]
}

#[test]
fn each_variant_has_its_outcome_behind_any_pointer() {
    for (state, outcome) in states() {
        assert_eq!(state.verdict(), outcome, "{state:?}");
        assert_eq!(Box::new(state.clone()).verdict(), outcome, "{state:?}");
        assert_eq!(Reply::Ok(Arc::new(state.clone())).verdict(), outcome, "{state:?}");
    }
    let broken = Answer::Err(OperationError::DependencyUnavailable);
    assert_eq!(broken.verdict(), Outcome::Failure(Reason::DependencyUnavailable));
}

#[tokio::test]
async fn attempt_ends_as_its_value_says_wherever_that_is() {
    for (state, outcome) in states() {
        let scope = Scope::new();
        scope.metrics().in_scope(|| {
            assert!(spelled(&state).is_ok() && alias(&state).is_ok() && read(&state).is_ok());
            assert!(maybe(Some(&state)).is_ok());
            plain(&state)
        });
        scope.metrics().scope(reply(&state)).await.unwrap();
        for op in ["spelled", "alias", "reply", "plain", "maybe", "read"] {
            let labels = [("operation", op), ("outcome", outcome.label())];
            assert_eq!(scope.snapshot().value("auth_operations_total", &labels), Some(1.0), "{op} {state:?}");
            let Some(reason) = outcome.reason() else { continue };
            let labels = [("operation", op), ("failure_reason", reason.label())];
            assert_eq!(
                scope.snapshot().value("auth_operation_failures_total", &labels),
                Some(1.0),
                "{op} {state:?}"
            );
        }
    }
}

#[test]
fn none_is_beside_a_verdict_says_what_a_missing_value_means() {
    let scope = Scope::new();
    assert!(scope.metrics().in_scope(|| maybe(None)).is_ok());
    let labels = [("operation", "maybe"), ("failure_reason", "session_invalid")];
    assert_eq!(scope.snapshot().value("auth_operation_failures_total", &labels), Some(1.0));
}

#[test]
fn function_reads_a_value_of_another_crate() {
    let scope = Scope::new();
    scope.metrics().in_scope(|| {
        assert!(page(200, false).is_ok() && page(200, true).is_ok() && page(500, false).is_ok());
        assert!(first_step("user-001").is_ok() && first_step("").is_err() && first_step_by_alias().is_ok());
        assert!(Server.step().is_ok() && Server.start().is_ok() && unlisted_page().is_err());
    });
    let ended = |op: &str, outcome: &str| {
        scope.snapshot().value("auth_operations_total", &[("operation", op), ("outcome", outcome)])
    };
    assert_eq!(["success", "rejected", "error"].map(|outcome| ended("page", outcome)), [Some(1.0); 3]);
    assert_eq!(["interim", "error"].map(|outcome| ended("first_step", outcome)), [Some(1.0); 2]);
    assert_eq!(ended("first_step", "success"), Some(0.0));
    assert_eq!(ended("first_step_by_alias", "interim"), Some(1.0));
    assert_eq!(ended("of_a_block", "rejected"), Some(1.0));
    assert_eq!(ended("of_a_block_too", "interim"), Some(1.0));
}

#[test]
fn reasons_of_a_verdict_are_known_before_the_first_call() {
    let scope = Scope::new();
    let catalogue = scope.metrics().catalogue();
    let listed = |op: &str| catalogue.get(op).unwrap().functions()[0].reasons();
    let state = ReasonSet::of(&[
        Reason::ChallengeIssued,
        Reason::AccountDisabled,
        Reason::PolicyDenied,
        Reason::DependencyUnavailable,
        Reason::from_label("sso_domain_blocked").unwrap(),
        Reason::RateLimited,
    ]);
    assert_eq!(AuthState::REASONS, state);
    for op in ["spelled", "alias", "reply", "plain", "of_a_block"] {
        assert_eq!(listed(op), Some(state), "{op}");
    }
    assert_eq!(listed("maybe"), Some(state.union(ReasonSet::of(&[Reason::SessionInvalid]))));
    assert_eq!(listed("read"), Some(state.union(ReasonSet::of(&[Reason::MalformedRequest]))));
    let page = [Reason::InvalidCredentials, Reason::InternalError, Reason::DependencyUnavailable];
    assert_eq!(listed("page"), Some(ReasonSet::of(&page)));
    let first = [Reason::ChallengeIssued, Reason::DependencyUnavailable];
    assert_eq!(listed("first_step"), Some(ReasonSet::of(&first)));
    assert_eq!(listed("unlisted_page"), None, "nothing says what the function gives");
}
