//! A trail costs a call no allocation. A target of its own, since counting takes the place of the allocator.

use std::io;
use std::net::{IpAddr, Ipv6Addr};
use std::time::Duration;

use auth_metrics::events::Pseudonyms;
use auth_metrics::{AuthMetrics, Outcome, Reason};
use auth_metrics_audit::{Audit, Line, Sink};

struct Nowhere;

impl Sink for Nowhere {
    fn name(&self) -> &'static str {
        "nowhere"
    }

    fn write(&mut self, _line: &Line<'_>) -> io::Result<()> {
        Ok(())
    }
}

#[test]
fn attempts_under_a_trail_allocate_nothing_when_they_are_recorded() {
    let key = Pseudonyms::with_key("k1", &[7; 32]).unwrap();
    let audit = Audit::builder().pseudonyms(key).sink(Nowhere).build().unwrap();
    let metrics =
        AuthMetrics::builder().service_id("gateway").poll_events().observe(audit.clone()).build().unwrap();
    audit.install(&metrics).unwrap();
    let (short, long) = ("ann@example.org", "x".repeat(100_000));
    let record = |times: u128| {
        for number in 0..times {
            let peer = IpAddr::V6(Ipv6Addr::from_bits(number << 64));
            let subject = if number % 2 == 0 { short } else { &long };
            let attempt = metrics.attempt("login").subject(subject).session(&long).device(short).peer(peer);
            attempt.finish(Outcome::Failure(Reason::InvalidCredentials));
        }
    };
    // The first ones make the buffers and the texts that later ones use again.
    record(100);
    metrics.events().poll();
    assert_eq!(allocation_counter::measure(|| record(100)).count_total, 0);
    assert_eq!(metrics.events().poll(), 100);
    audit.shutdown(Duration::from_secs(600)).unwrap();
    // A trail that has ended neither.
    assert_eq!(allocation_counter::measure(|| record(100)).count_total, 0);
}
