//! Whatever happens on the way, the deltas that a server took add up to what was counted.

use std::time::Duration;

use auth_metrics::{AuthMetrics, Outcome, Reason};
use auth_metrics_otlp::{Push, Temporality};

use crate::random::Random;
use crate::server::{Act, Server};
use crate::sums::assert_all_is_there;

pub(crate) const LONG: Duration = Duration::from_secs(60);

const ACTS: [Act; 17] = [
    Act::Take,
    Act::Take,
    Act::TakeAndLie,
    Act::TakeBut(3),
    Act::TakeAndDrop,
    Act::TakeAndBreak,
    Act::TakeAndHang,
    Act::TakeAndFlood,
    Act::TakeAndTrickle,
    Act::Drop,
    Act::Hang,
    Act::Status(307),
    Act::Status(400),
    Act::Status(429),
    Act::Status(500),
    Act::Status(503),
    Act::Status(504),
];

pub(crate) fn handle() -> AuthMetrics {
    AuthMetrics::builder().service_id("gateway").build().unwrap()
}

pub(crate) fn live(metrics: &AuthMetrics, random: &mut Random) {
    for _ in 0..random.below(10) {
        let attempt = metrics.attempt(random.one_of(&["login", "verify", "reset"]));
        match random.below(4) {
            0 => drop(attempt),
            1 => attempt.finish(Outcome::Failure(Reason::InvalidCredentials)),
            _ => attempt.finish(Outcome::Success),
        }
    }
}

fn count(metrics: &AuthMetrics, result: &str) -> f64 {
    metrics.snapshot().value("auth_otlp_pushes_total", &[("push", "otlp"), ("result", result)]).unwrap()
}

#[test]
fn deltas_over_a_hostile_network_add_up_to_what_was_counted() {
    for seed in 0..3 {
        let (mut random, server, metrics) = (Random::new(seed), Server::start(), handle());
        let push = Push::builder(server.endpoint()).temporality(Temporality::Delta);
        // A server that hangs costs this much of the test.
        let push = push.timeout(Duration::from_millis(100)).every(LONG).start(&metrics).unwrap();
        for _ in 0..110 {
            live(&metrics, &mut random);
            server.then(&[random.one_of(&ACTS)]);
            let _ = push.flush(LONG);
        }
        server.calm_down();
        while push.flush(LONG).is_err() {}
        server.with_receiver(|receiver| assert_all_is_there(receiver, &metrics));
        for result in ["accepted", "refused", "unavailable", "unknown", "unreadable"] {
            assert!(count(&metrics, result) > 0.0, "{result}");
        }
    }
}

/// What comes of one act, by its label.
fn result_of(act: Act) -> &'static str {
    let (server, metrics) = (Server::start(), handle());
    // Only of those that hang does anybody wait for the end.
    let hangs = matches!(act, Act::Hang | Act::TakeAndHang);
    let timeout = if hangs { Duration::from_millis(200) } else { LONG };
    server.then(&[act]);
    let push = Push::builder(server.endpoint()).timeout(timeout).every(LONG).start(&metrics).unwrap();
    let _ = push.flush(LONG);
    let results = ["partial", "unreadable", "refused", "unavailable", "unknown"];
    let mut found = results.into_iter().filter(|result| count(&metrics, result) > 0.0);
    let result = found.next().unwrap_or("accepted");
    assert_eq!(found.next(), None, "{act:?}");
    result
}

#[test]
fn each_misdeed_has_its_result() {
    for (act, result) in [
        (Act::Take, "accepted"),
        (Act::TakeBut(3), "partial"),
        (Act::TakeAndLie, "unreadable"),
        (Act::TakeAndFlood, "unreadable"),
        (Act::TakeAndTrickle, "unreadable"),
        (Act::TakeAndDrop, "unknown"),
        (Act::TakeAndBreak, "unknown"),
        (Act::TakeAndHang, "unknown"),
        (Act::Hang, "unknown"),
        (Act::Status(301), "refused"),
        (Act::Status(308), "refused"),
        (Act::Status(401), "refused"),
        (Act::Status(429), "unavailable"),
        (Act::Status(503), "unavailable"),
        (Act::Status(502), "unknown"),
        (Act::Status(504), "unknown"),
    ] {
        assert_eq!(result_of(act), result, "{act:?}");
    }
}

#[test]
fn redirect_is_not_followed() {
    let (server, metrics) = (Server::start(), handle());
    server.then(&[Act::Status(307)]);
    let push = Push::builder(server.endpoint())
        .header("authorization", "Bearer 1")
        .every(LONG)
        .start(&metrics)
        .unwrap();
    let _ = push.flush(LONG);
    push.shutdown(LONG).unwrap();
    assert!(server.heads().iter().all(|head| head.starts_with("POST /v1/metrics HTTP/1.1\r\n")));
}
