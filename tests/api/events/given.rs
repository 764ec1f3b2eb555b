//! What is given from outside reaches the attempt inside, which knows nothing of it: who tries, from where, by which source.

use std::net::IpAddr;

use auth_metrics::events::{self, Context, Event};
use auth_metrics::{AuthMetrics, FailureReason, Source, auth_metered};

use super::*;

const PEER: IpAddr = IpAddr::V4(std::net::Ipv4Addr::new(192, 0, 2, 7));

#[derive(Debug, FailureReason)]
enum BindError {
    InvalidCredentials,
}

#[derive(Source)]
enum Protocol {
    Ldap,
    Http,
}

#[auth_metered(op = "bind")]
fn bind(password: &str) -> Result<(), BindError> {
    if password == "correct" { Ok(()) } else { Err(BindError::InvalidCredentials) }
}

#[auth_metered(op = "bind_as", source = Protocol::Http, subject = "inner", resource = "inner")]
fn bind_as(password: &str) -> Result<(), BindError> {
    bind(password)
}

#[auth_metered(op = "handle", source = Protocol::Ldap, peer = PEER, session = "s-1", resource = "outer")]
fn handle(work: impl FnOnce() -> Result<(), BindError>) -> Result<(), BindError> {
    events::note(|about| about.subject("outer"));
    work()
}

type Known = (String, Option<String>, Option<IpAddr>, Option<&'static str>, Option<String>, Option<String>);

fn known(event: &Event) -> Known {
    let text = |text: Option<&str>| text.map(str::to_owned);
    let operation = event.operation().to_owned();
    (
        operation,
        text(event.subject()),
        event.peer(),
        event.source(),
        text(event.session()),
        text(event.resource()),
    )
}

/// What is known of the attempts of a piece of work, innermost first.
fn of(work: impl FnOnce()) -> (AuthMetrics, Vec<Known>) {
    let (metrics, kept) = polled();
    metrics.in_scope(work);
    metrics.events().poll();
    (metrics, kept.events().iter().map(known).collect())
}

#[expect(clippy::unnecessary_wraps, reason = "what is known is optional")]
fn owned(text: &str) -> Option<String> {
    Some(text.to_owned())
}

fn by_source(metrics: &AuthMetrics, source: &str) -> Option<f64> {
    metrics.snapshot().value("auth_source_operations_total", &[("source", source)])
}

#[test]
fn attempt_inside_has_what_the_one_around_it_knows() {
    let (metrics, known) = of(|| assert!(handle(|| bind("correct")).is_ok()));
    let around = |operation: &str, resource| {
        (operation.to_owned(), owned("outer"), Some(PEER), Some("ldap"), owned("s-1"), resource)
    };
    assert_eq!(known, [around("bind", None), around("handle", owned("outer"))]);
    assert_eq!(by_source(&metrics, "ldap"), Some(1.0), "one login is one login of its source");
}

#[test]
fn what_the_attempt_says_itself_wins() {
    let (metrics, known) = of(|| assert!(handle(|| bind_as("correct")).is_ok()));
    let inner =
        ("bind_as".to_owned(), owned("inner"), Some(PEER), Some("http"), owned("s-1"), owned("inner"));
    assert_eq!(known[1], inner);
    let innermost = ("bind".to_owned(), owned("inner"), Some(PEER), Some("http"), owned("s-1"), None);
    assert_eq!(known[0], innermost);
    assert_eq!([by_source(&metrics, "ldap"), by_source(&metrics, "http")], [Some(1.0), Some(1.0)]);
}

#[test]
fn scope_gives_subject_peer_and_source() {
    let given = || Context::new().subject("scoped").peer(PEER).source(&Protocol::Http);
    let (metrics, known) = of(|| assert!(given().in_scope(|| bind("wrong")).is_err()));
    assert_eq!(known, [("bind".to_owned(), owned("scoped"), Some(PEER), Some("http"), None, None)]);
    let labels = [("source", "http"), ("outcome", "rejected")];
    assert_eq!(metrics.snapshot().value("auth_source_operations_total", &labels), Some(1.0));
}

#[test]
fn attempt_by_hand_has_the_source_of_the_scope() {
    let (metrics, known) = of(|| {
        let attempt = || AuthMetrics::current().attempt("by_hand").finish(auth_metrics::Outcome::Success);
        Context::new().source(&Protocol::Ldap).in_scope(attempt);
        attempt();
    });
    assert_eq!(known.iter().map(|known| known.3).collect::<Vec<_>>(), [Some("ldap"), None]);
    assert_eq!(by_source(&metrics, "ldap"), Some(1.0));
}

#[test]
fn long_subject_of_a_scope_is_cut_and_said_to_be() {
    let (metrics, kept) = polled();
    metrics.in_scope(|| Context::new().subject("é".repeat(500)).in_scope(|| bind("correct")).is_ok());
    metrics.events().poll();
    let event = &kept.events()[0];
    assert_eq!((event.subject().map(str::len), event.is_truncated()), (Some(256), true));
}

#[test]
fn scope_that_is_over_gives_nothing() {
    let (_, known) = of(|| {
        Context::new().subject("scoped").source(&Protocol::Ldap).in_scope(|| ());
        assert!(bind("correct").is_ok());
    });
    assert_eq!(known, [("bind".to_owned(), None, None, None, None, None)]);
}

#[test]
fn attempt_that_ends_inside_of_somebody_else_s_has_nothing_of_theirs() {
    let (metrics, kept) = polled();
    let ceremony = metrics.attempt("ceremony");
    metrics
        .in_scope(|| {
            handle(|| {
                ceremony.finish(auth_metrics::Outcome::Success);
                Ok(())
            })
        })
        .unwrap();
    metrics.events().poll();
    assert_eq!(known(&kept.events()[0]), ("ceremony".to_owned(), None, None, None, None, None));
}

/// Which events add nothing to those before them, in their order.
fn told_inside(work: impl FnOnce(&AuthMetrics)) -> Vec<bool> {
    let (metrics, kept) = polled();
    metrics.in_scope(|| work(&metrics));
    metrics.events().poll();
    kept.events().iter().map(Event::is_told_inside).collect()
}

#[test]
fn each_failure_is_told_once_where_it_is_known_best() {
    let (good, bad) = (auth_metrics::Outcome::Success, auth_metrics::Outcome::Failure);
    let inside = |metrics: &AuthMetrics, outer, inner: &[auth_metrics::Outcome]| {
        let mut gate = metrics.attempt("gate");
        gate.run(|| {
            for inner in inner {
                metrics.attempt("login").subject("user-001").finish(*inner);
            }
        });
        gate.finish(outer);
    };
    let rejected = bad(auth_metrics::Reason::InvalidCredentials);
    // A page that answers 200 with "wrong password" hides no guess.
    assert_eq!(told_inside(|metrics| inside(metrics, good, &[rejected, rejected])), [false, false, true]);
    assert_eq!(told_inside(|metrics| inside(metrics, rejected, &[rejected])), [false, true]);
    assert_eq!(told_inside(|metrics| inside(metrics, good, &[good])), [false, true]);
    // What the outer one alone knows is told by it.
    assert_eq!(told_inside(|metrics| inside(metrics, rejected, &[good])), [false, false]);
    assert_eq!(told_inside(|metrics| inside(metrics, good, &[])), [false]);
}

#[test]
fn subject_that_is_known_after_the_attempt_inside_is_told_by_the_outer_one() {
    #[auth_metered(op = "resolves")]
    fn resolves() -> Result<(), BindError> {
        bind("correct")?;
        events::note(|about| about.subject("found"));
        Ok(())
    }
    assert_eq!(told_inside(|_| assert!(resolves().is_ok())), [false, false]);
}
