//! Every observer finds the same pseudonyms in an event, and the old ones beside them for a while.

use std::net::IpAddr;

use auth_metrics::Outcome;
use auth_metrics::events::{Field, Pseudonyms};

use super::*;

#[test]
fn an_event_has_pseudonyms_of_what_it_is_about() {
    let kept = Kept::default();
    let pseudonyms = Pseudonyms::with_key("new", &[1; 32]).unwrap().and_previous("old", &[2; 32]).unwrap();
    let metrics =
        builder().observe(kept.clone()).pseudonyms(pseudonyms.clone()).poll_events().build().unwrap();
    let peer = IpAddr::from([192, 0, 2, 7]);
    metrics.attempt("login").subject("user-001").peer(peer).finish(Outcome::Success);
    metrics.events().poll();

    let event = &kept.events()[0];
    assert_eq!(event.pseudonym(Field::Subject), Some(pseudonyms.of(Field::Subject, "user-001")));
    assert_eq!(
        (event.pseudonym(Field::Device), event.peer_pseudonym()),
        (None, Some(pseudonyms.of_peer(peer)))
    );
    let previous = event.pseudonyms().and_then(Pseudonyms::previous).unwrap();
    assert_eq!(previous.of(Field::Subject, "user-001").key_id(), "old");
}

#[test]
fn without_a_key_there_are_none() {
    let (metrics, kept) = polled();
    metrics.attempt("login").subject("user-001").finish(Outcome::Success);
    metrics.events().poll();
    assert_eq!(kept.events()[0].pseudonym(Field::Subject), None);
}
