//! Whose a note is, what replaces what, and how attempts end that say who they are about.

use std::net::IpAddr;
use std::panic::catch_unwind;

use auth_metrics::events::{self, About};
use auth_metrics::testing::Scope;
use auth_metrics::{Reason, auth_metered};

use super::{LoginError, PEER, block_on, event_of, known};
use crate::count;

fn last_word(_: &Result<(), LoginError>, about: &mut About) {
    about.resource("context");
}

fn no_word(_: &Result<(), LoginError>, about: &mut About) {
    about.subject(None::<&str>).peer(None::<IpAddr>);
}

#[auth_metered(op = "about_replaced", subject = "argument", session = "argument", resource = "argument", context = last_word)]
async fn replaced() -> Result<(), LoginError> {
    tokio::task::yield_now().await;
    events::note(|about| about.session("note").resource("note"));
    Ok(())
}

#[auth_metered(op = "about_kept", subject = "argument", peer = PEER, context = no_word)]
fn kept() -> Result<(), LoginError> {
    events::note(|about| about.subject(None::<u8>));
    Ok(())
}

#[test]
fn notes_replace_arguments_and_the_context_replaces_notes() {
    let event = event_of(|| block_on(replaced()).unwrap());
    assert_eq!(known(&event), (Some("argument"), None, Some("note"), None, Some("context")));
}

#[test]
fn what_is_none_replaces_nothing() {
    assert_eq!(known(&event_of(|| kept().unwrap())), (Some("argument"), Some(PEER), None, None, None));
}

fn panicking_context(_: &Result<(), LoginError>, about: &mut About) {
    about.session("said before");
    panic!("in the context");
}

#[auth_metered(op = "about_context_panics", subject = "ann", context = panicking_context)]
async fn context_panics() -> Result<(), LoginError> {
    Err(LoginError::InvalidCredentials)
}

#[test]
fn a_context_that_panics_is_counted_and_changes_no_outcome() {
    let scope = Scope::new();
    let returned = scope.metrics().in_scope(|| block_on(context_panics()));
    assert!(returned.is_err());
    let events = scope.events();
    assert_eq!(known(&events[0]), (Some("ann"), None, Some("said before"), None, None));
    assert_eq!(events[0].reason(), Some(Reason::InvalidCredentials));
    let counted =
        count(&scope.snapshot(), "auth_metrics_internal_errors_total", &[("kind", "reason_panicked")]);
    assert_eq!(counted, 1.0);
}

#[auth_metered(op = "about_outer", subject = "outer")]
async fn outer() -> Result<(), LoginError> {
    inner().await?;
    events::note(|about| about.resource("noted outside"));
    Ok(())
}

#[auth_metered(op = "about_inner", subject = "inner")]
async fn inner() -> Result<(), LoginError> {
    tokio::task::yield_now().await;
    events::note(|about| about.resource("noted inside"));
    Ok(())
}

#[test]
fn a_note_is_for_the_innermost_attempt() {
    let scope = Scope::new();
    block_on(scope.metrics().scope(outer())).unwrap();
    let events = scope.events();
    let said: Vec<_> = events.iter().map(|event| (event.subject(), event.resource())).collect();
    assert_eq!(said, [(Some("inner"), Some("noted inside")), (Some("outer"), Some("noted outside"))]);
}

#[auth_metered(op = "about_interleaved", subject = name)]
async fn interleaved(name: &str) -> Result<(), LoginError> {
    for turn in 0..3 {
        tokio::task::yield_now().await;
        events::note(|about| about.session(format_args!("{name} {turn}")));
    }
    Ok(())
}

#[test]
fn attempts_that_take_turns_in_one_task_keep_their_own_notes() {
    let scope = Scope::new();
    let both = async { tokio::join!(interleaved("ann"), interleaved("bob")) };
    let (first, second) = block_on(scope.metrics().scope(both));
    assert!(first.is_ok() && second.is_ok());
    let mut events = scope.events();
    events.sort_by_key(|event| event.subject().map(str::to_owned));
    let said: Vec<_> = events.iter().map(|event| (event.subject(), event.session())).collect();
    assert_eq!(said, [(Some("ann"), Some("ann 2")), (Some("bob"), Some("bob 2"))]);
}

#[auth_metered(op = "about_endless", subject = name, peer = PEER, context = last_word)]
async fn endless(name: &str) -> Result<(), LoginError> {
    events::note(|about| about.session("noted"));
    std::future::pending().await
}

#[auth_metered(op = "about_unwinds", subject = name, peer = PEER, context = last_word)]
fn unwinds(name: &str) -> Result<(), LoginError> {
    events::note(|about| about.session("noted"));
    panic!("{name}")
}

#[auth_metered(op = "about_unwinds", subject = name, peer = PEER, context = last_word)]
fn unwinds_before_its_future(name: &str) -> impl Future<Output = Result<(), LoginError>> {
    assert!(name.is_empty(), "{name}");
    std::future::ready(Ok(()))
}

#[test]
fn cancelled_and_panicked_attempts_say_who_they_are_about() {
    let cancelled = event_of(|| {
        block_on(async {
            tokio::select! {
                biased;
                _ = endless("ann") => {}
                () = tokio::task::yield_now() => {}
            }
        });
    });
    assert_eq!(cancelled.reason(), Some(Reason::Cancelled));
    assert_eq!(known(&cancelled), (Some("ann"), Some(PEER), Some("noted"), None, None));
    let panicked = event_of(|| assert!(catch_unwind(|| unwinds("ann")).is_err()));
    assert_eq!(panicked.reason(), Some(Reason::Panicked));
    assert_eq!(known(&panicked), (Some("ann"), Some(PEER), Some("noted"), None, None));
    let panicked = event_of(|| assert!(catch_unwind(|| drop(unwinds_before_its_future("ann"))).is_err()));
    assert_eq!(panicked.reason(), Some(Reason::Panicked));
    assert_eq!(known(&panicked), (Some("ann"), Some(PEER), None, None, None));
}

#[auth_metered(op = "about_note_panics", subject = "argument")]
fn note_panics() -> Result<(), LoginError> {
    events::note(|_| panic!("in a note"));
    Ok(())
}

#[auth_metered(op = "about_nested_notes", subject = "argument")]
fn nested_notes() -> Result<(), LoginError> {
    events::note(|about| {
        events::note(|about| about.resource("inner").device("inner"));
        about.session("outer")
    });
    Ok(())
}

#[test]
fn a_note_that_panics_or_is_inside_of_another_one_loses_nothing() {
    let scope = Scope::new();
    let panicked = std::panic::AssertUnwindSafe(|| scope.metrics().in_scope(note_panics));
    assert!(std::panic::catch_unwind(panicked).is_err());
    scope.metrics().in_scope(nested_notes).unwrap();
    let events = scope.events();
    assert_eq!(events[0].subject(), Some("argument"));
    let nested = &events[1];
    assert_eq!((nested.subject(), nested.session()), (Some("argument"), Some("outer")));
    assert_eq!((nested.resource(), nested.device()), (Some("inner"), Some("inner")));
}
