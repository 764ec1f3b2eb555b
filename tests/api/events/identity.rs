//! Identities are data of strangers: kept as they are, cut, and in no scrape, log, panic or `Debug`.

use std::fmt::{self, Display};
use std::sync::atomic::{AtomicU64, Ordering};

use auth_metrics::events::{Context, Field, observer};
use auth_metrics::{Outcome, Reason};
use proptest::prelude::*;

use super::*;

proptest! {
    #[test]
    fn texts_come_back_as_they_were_or_cut(texts in prop::collection::vec(".{0,300}", 4)) {
        let (metrics, kept) = polled();
        let attempt = metrics.attempt("login").subject(&texts[0]).session(&texts[1]);
        attempt.device(Some(&texts[2])).resource(&texts[3]).finish(Outcome::Success);
        metrics.events().poll();
        let event = &kept.events()[0];
        for (field, text) in Field::ALL.iter().zip(&texts) {
            let expected = &text[..text.floor_char_boundary(256)];
            prop_assert_eq!(event.text(*field), Some(expected));
        }
        prop_assert_eq!(event.is_truncated(), texts.iter().any(|text| text.len() > 256));
    }
}

#[test]
fn control_characters_are_data() {
    let (metrics, kept) = polled();
    let hostile = "\0\r\n\u{1b}[31m\" } 1\u{202e}\\";
    metrics.attempt("login").subject(hostile).finish(Outcome::Success);
    metrics.events().poll();
    assert_eq!(kept.events()[0].subject(), Some(hostile));
}

/// A text without end. It counts how often it is asked for more.
struct Endless<'a>(&'a AtomicU64);

impl Display for Endless<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        loop {
            self.0.fetch_add(1, Ordering::Relaxed);
            out.write_str("0123456789")?;
        }
    }
}

#[test]
fn a_text_without_end_is_cut_and_asked_no_further() {
    let (metrics, kept) = polled();
    let asked = AtomicU64::new(0);
    metrics.attempt("login").subject(Endless(&asked)).finish(Outcome::Success);
    metrics.events().poll();
    let event = &kept.events()[0];
    assert_eq!((event.subject().map(str::len), event.is_truncated()), (Some(256), true));
    assert_eq!(asked.into_inner(), 26);
}

/// Writes a long text, and counts on it that nobody refuses any of it.
struct Trusting;

impl Display for Trusting {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        (0..100).for_each(|_| out.write_str("0123456789").unwrap());
        Ok(())
    }
}

#[test]
fn a_display_that_panics_because_it_is_cut_hurts_nobody() {
    let (metrics, kept) = polled();
    metrics.attempt("login").subject(Trusting).session("s").finish(Outcome::Success);
    metrics.events().poll();
    let event = &kept.events()[0];
    assert_eq!(
        (event.subject().map(str::len), event.session(), event.is_truncated()),
        (Some(256), Some("s"), true)
    );
}

#[test]
fn an_event_is_truncated_while_a_text_of_it_is() {
    let (metrics, kept) = polled();
    let long = "x".repeat(300);
    metrics.attempt("login").subject(&long).subject("short").finish(Outcome::Success);
    metrics.attempt("login").subject(&long).session("short").finish(Outcome::Success);
    let context = Context::new().request_id(&long);
    context.in_scope(|| metrics.attempt("login").finish(Outcome::Success));
    metrics.events().poll();
    let truncated: Vec<bool> = kept.events().iter().map(Event::is_truncated).collect();
    assert_eq!(truncated, [false, true, true]);
}

const MARKER: &str = "M4RK3R";

/// What a stranger could read: two formats of a scrape, and everything that can be shown.
fn shown(metrics: &AuthMetrics, event: Option<&Event>) -> String {
    let context = Context::new().request_id(MARKER);
    format!(
        "{}{}{metrics:?}{:?}{:?}{event:?}{context:?}",
        metrics.encode_text(),
        metrics.encode_openmetrics(),
        metrics.snapshot(),
        metrics.events()
    )
}

#[test]
fn no_identity_leaves_the_events() {
    const EVENTS: u32 = 100_000;
    let seen = Arc::new(AtomicU64::new(0));
    let counted = Arc::clone(&seen);
    let count = observer("count", move |events| {
        let marked =
            events.iter().filter(|event| event.subject().is_some_and(|subject| subject.contains(MARKER)));
        counted.fetch_add(marked.count() as u64, Ordering::Relaxed);
    });
    let kept = Kept::default();
    let builder = builder().observe(count).observe(kept.clone()).event_capacity(EVENTS as usize);
    let metrics = builder.poll_events().build().unwrap();
    for index in 0..EVENTS {
        // 77.82.75.x spells the marker's first bytes.
        let peer = std::net::Ipv4Addr::from(0x4d52_4b00 | index & 0xff);
        let attempt = metrics.attempt("login").subject(format!("{MARKER}-{index}")).peer(peer);
        let attempt = attempt.session(MARKER).device(MARKER).resource(MARKER);
        Context::new().request_id(MARKER).in_scope(|| match index % 3 {
            0 => attempt.finish(Outcome::Success),
            1 => attempt.finish(Outcome::Failure(Reason::InvalidCredentials)),
            _ => drop(attempt),
        });
    }
    metrics.events().poll();
    assert_eq!(seen.load(Ordering::Relaxed), u64::from(EVENTS));
    let shown = shown(&metrics, kept.events().first());
    assert!(shown.contains("login") && shown.len() > 10_000);
    assert!(!shown.contains(MARKER) && !shown.contains("77.82.75"), "an identity is shown");
}
