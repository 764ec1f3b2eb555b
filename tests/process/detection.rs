//! The engine holds what it was told to hold, whoever comes, and allocates nothing once its operations are known. A target of its own,
//! since counting takes the place of the allocator.

use std::net::{IpAddr, Ipv6Addr};
use std::time::Duration;

use auth_metrics::{AuthMetrics, Outcome, Reason};
use auth_metrics_detect::{Attempt, Engine, Peer};

const MEMORY: usize = 512 << 10;
const HOSTILE: [Reason; 6] = [
    Reason::InvalidCredentials,
    Reason::UnknownSubject,
    Reason::TokenSignatureInvalid,
    Reason::MfaInvalid,
    Reason::MfaDenied,
    Reason::TokenReplayed,
];

/// A source of its own for each number, in one of 65,536 networks.
fn source(number: u64) -> Peer<'static> {
    let prefix = 0x2001_0db8_0000_0000 | number.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 32;
    Peer::Address(IpAddr::V6(Ipv6Addr::from_bits(u128::from(prefix) << 64 | 1)))
}

/// Writes a name into a buffer.
fn name(number: u64, buffer: &mut String) {
    use std::fmt::Write as _;
    buffer.clear();
    let _ = write!(buffer, "account-{number}");
}

/// Hostile attempts, each of a source and an account of its own, on three operations; one of eight gets in.
fn hostile(engine: &Engine, attempts: std::ops::Range<u64>) {
    let mut account = String::with_capacity(64);
    for number in attempts {
        name(number, &mut account);
        let outcome = match number % 8 {
            7 => Outcome::Success,
            kind => Outcome::Failure(HOSTILE[usize::try_from(kind).unwrap_or(0) % HOSTILE.len()]),
        };
        let operation = ["login", "mfa", "token"][usize::try_from(number / 8 % 3).unwrap_or(0)];
        let attempt =
            Attempt::new(number as f64 * 0.01, operation, outcome).service("gateway").subject(&account);
        let attempt = attempt.peer(source(number)).took(Duration::from_micros(number % 90_000));
        engine.assess_attempt(&attempt);
        engine.feed(&attempt, &mut |_| ());
    }
}

/// Feeds so many hostile attempts, and looks what they cost.
fn holds(attempts: u64) {
    let engine = Engine::builder().memory(MEMORY).key([7; 16]).build().unwrap();
    let bytes = engine.bytes();
    assert!(bytes <= MEMORY, "{bytes}");
    hostile(&engine, 0..100);
    let allocated = allocation_counter::measure(|| hostile(&engine, 100..attempts));
    // The buffer of the names is one.
    assert_eq!((allocated.count_total, engine.bytes()), (1, bytes), "{allocated:?}");
    // And what it saves is no more.
    assert!(engine.snapshot().len() <= MEMORY);
}

#[test]
fn hostile_attempts_allocate_nothing() {
    holds(300_000);
}

#[test]
#[ignore = "ten million attempts take a minute, and many without optimisations: ./check release"]
fn ten_million_hostile_attempts_allocate_nothing() {
    holds(10_000_000);
}

#[test]
fn known_users_and_strangers_allocate_nothing() {
    let engine = Engine::builder().key([7; 16]).build().unwrap();
    let long = "x".repeat(100_000);
    let login = |at: u32, subject, outcome| {
        let attempt = Attempt::new(f64::from(at), "login", outcome).peer(source(1)).subject(subject);
        engine.feed(&attempt, &mut |_| ());
        engine.assess_attempt(&attempt);
    };
    login(0, "ann", Outcome::Success);
    let allocated = allocation_counter::measure(|| {
        for at in 0..1_000 {
            login(at * 60, "ann", Outcome::Success);
            login(at * 60, &long, Outcome::Failure(Reason::InvalidCredentials));
            engine.assess("nobody", None);
            engine.forget("bob");
        }
    });
    assert_eq!(allocated.count_total, 0);
}

#[test]
fn operations_without_end_allocate_a_fixed_amount() {
    let engine = Engine::builder().key([7; 16]).build().unwrap();
    let mut operation = String::with_capacity(64);
    let mut feed = |numbers: std::ops::Range<u64>| {
        for number in numbers {
            name(number, &mut operation);
            engine.feed(&Attempt::new(1.0, &operation, Outcome::Success), &mut |_| ());
        }
    };
    feed(0..100);
    assert_eq!(allocation_counter::measure(|| feed(100..50_000)).count_total, 0);
}

#[test]
fn attempts_of_a_handle_with_an_engine_allocate_nothing_when_they_are_recorded() {
    let engine = Engine::builder().key([7; 16]).build().unwrap();
    let metrics =
        AuthMetrics::builder().service_id("gateway").observe(engine.clone()).poll_events().build().unwrap();
    engine.install(&metrics).unwrap();
    let mut account = String::with_capacity(64);
    let mut record = |numbers: std::ops::Range<u64>| {
        for number in numbers {
            name(number, &mut account);
            let address = Ipv6Addr::from_bits(u128::from(number) << 64);
            metrics
                .attempt("login")
                .subject(&account)
                .peer(IpAddr::V6(address))
                .finish(Outcome::Failure(HOSTILE[0]));
        }
    };
    // Delivered in parts that the buffers have room for.
    for part in 0..4 {
        record(part * 500..part * 500 + 500);
        metrics.events().poll();
    }
    assert_eq!(allocation_counter::measure(|| record(5_000..5_500)).count_total, 0);
    assert_eq!(metrics.events().poll(), 500);
}
