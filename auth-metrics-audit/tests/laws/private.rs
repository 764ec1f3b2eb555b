//! Who it was stays with those who may know it.

use std::net::{IpAddr, Ipv4Addr};

use auth_metrics::{Outcome, Reason};
use auth_metrics_audit::{Audit, Format, Show, ShowPeer, SinkOptions};

use crate::sinks::Kept;
use crate::world::{World, builder};

/// Stands in every identity of these worlds.
const MARKER: &str = "m4rk3r";
const PEER: Ipv4Addr = Ipv4Addr::new(198, 51, 100, 213);

fn outcomes() -> [Outcome; 3] {
    let failures = [Reason::InvalidCredentials, Reason::AccountLocked].map(Outcome::Failure);
    [Outcome::Success, failures[0], failures[1]]
}

fn attempts(world: &World, number: usize) {
    for index in 0..number {
        let named = |what: &str| format!("{MARKER}-{what}-{index}");
        let attempt = world.metrics.attempt("login").subject(named("subject")).session(named("session"));
        attempt.device(named("device")).peer(IpAddr::V4(PEER)).finish(outcomes()[index % 3]);
    }
}

#[test]
fn no_identity_is_shown_by_default() {
    let world = World::new(builder());
    attempts(&world, 3_000);
    let lines = world.texts();
    assert!(lines.len() > 3_000);
    let scrape = world.metrics.encode_text();
    let debugged = format!("{:?} {:?}", world.audit, world.metrics);
    for text in lines.iter().chain([&scrape, &debugged]) {
        assert!(!text.contains(MARKER) && !text.contains("198.51.100.213"));
    }
    assert!(lines.iter().any(|line| line.contains(r#""user.hash":"k1:"#)));
    assert!(lines.iter().any(|line| line.contains(r#""source.ip":"198.51.100.0""#)));
}

#[test]
fn nothing_is_shown_without_a_key() {
    let world = World::new(Audit::builder());
    attempts(&world, 3);
    for line in world.events() {
        assert!(
            ["user.hash", "user.id", "auth.session", "auth.device"].iter().all(|key| line.get(key).is_none())
        );
    }
}

#[test]
fn what_may_be_a_password_is_no_clear_text_unless_asked_for() {
    let shown = |clear_unknown: bool| {
        let world = World::new(builder().subject(Show::Clear).clear_unknown(clear_unknown));
        let reasons = [
            Reason::UnknownSubject,
            Reason::InvalidCredentials,
            Reason::MissingCredentials,
            Reason::RateLimited,
            Reason::Cancelled,
            Reason::DependencyUnavailable,
        ];
        for outcome in reasons.map(Outcome::Failure).into_iter().chain(outcomes()) {
            world.metrics.attempt("login").subject(MARKER).finish(outcome);
        }
        let lines = world.events();
        lines.iter().map(|line| line["user.id"] == MARKER).collect::<Vec<_>>()
    };
    assert_eq!(shown(false), [false, false, false, false, false, false, true, false, true]);
    assert_eq!(shown(true), [true; 9]);
}

#[test]
fn peers_are_shown_as_far_as_asked() {
    let shown = |show, peer: IpAddr| {
        let world = World::new(builder().peer(show));
        world.metrics.attempt("login").peer(peer).finish(Outcome::Success);
        let line = world.events().remove(0);
        [
            line["source.ip"].as_str().map(str::to_owned),
            line["auth.peer_hash"].as_str().map(|_| "a hash".to_owned()),
        ]
    };
    let v6 = IpAddr::from([0x2001, 0xdb8, 0xaaaa, 0xbbbb, 1, 2, 3, 4]);
    let mapped = IpAddr::from(PEER.to_ipv6_mapped());
    let some = |text: &str| Some(text.to_owned());
    assert_eq!(shown(ShowPeer::Omit, v6), [None, None]);
    assert_eq!(shown(ShowPeer::Prefix, v6), [some("2001:db8:aaaa::"), None]);
    assert_eq!(shown(ShowPeer::Prefix, mapped), [some("198.51.100.0"), None]);
    assert_eq!(shown(ShowPeer::Pseudonym, v6), [None, some("a hash")]);
    assert_eq!(shown(ShowPeer::Clear, mapped), [some("198.51.100.213"), None]);
}

#[test]
fn hostile_texts_are_one_valid_line_of_at_most_two_kibibytes() {
    let kept = [Kept::new("kept_ecs"), Kept::new("kept_ocsf")];
    let [ecs, ocsf] = kept.clone();
    let builder = builder().subject(Show::Clear).session(Show::Clear).device(Show::Clear).clear_unknown(true);
    let world = World::new(builder.sink(ecs).sink_with(ocsf, SinkOptions::new().format(Format::Ocsf)));
    let hostile = [
        "\n\r\0\u{1b}[31m",
        "\"}\\\"",
        "\u{2028}\u{2029}\u{202e}\u{85}",
        &"x".repeat(1 << 20),
        &"\u{1}".repeat(1 << 20),
    ];
    for text in hostile {
        let attempt = world.metrics.attempt("login").subject(text).session(text).device(text).resource(text);
        attempt.finish(Outcome::Failure(Reason::UnknownSubject));
    }
    assert_eq!(world.events().len(), hostile.len());
    for line in kept.iter().flat_map(Kept::lines) {
        assert!(line.len() < 2_048, "{} bytes", line.len());
        assert!(line.chars().all(|char| !char.is_control() && !('\u{2028}'..='\u{202e}').contains(&char)));
        assert!(serde_json::from_str::<serde_json::Value>(&line).is_ok());
    }
}

#[test]
fn destroyed_key_leaves_names_that_nobody_can_make() {
    let world = World::new(builder());
    attempts(&world, 1);
    let other = World::new(
        Audit::builder().pseudonyms(auth_metrics::events::Pseudonyms::with_key("k1", &[8; 32]).unwrap()),
    );
    attempts(&other, 1);
    assert_ne!(world.events()[0]["user.hash"], other.events()[0]["user.hash"]);
}
