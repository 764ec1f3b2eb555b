//! Addresses that are nobody's: the service's own proxy, loopback, and networks that are trusted.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use auth_metrics::AuthMetrics;
use auth_metrics_detect::{Action, Engine, Peer};

use crate::world::{self, Random, START, SUCCESS, Told, UNKNOWN, WRONG, Watch, builder, den};

const NOTHING: [&Told; 0] = [];

/// Honest users and an attacker, all of whom come from one address.
fn behind(watch: &mut Watch, peer: IpAddr, attacks: u32) {
    let mut random = Random(4);
    for number in 0..12_000 {
        let at = START + f64::from(number) * 3.0;
        let (user, errs) = (format!("user-{}", random.below(2_000)), random.once_in(10));
        if errs {
            watch.login(at, peer, &user, WRONG);
        }
        watch.login(at + 8.0 * f64::from(u8::from(errs)), peer, &user, SUCCESS);
        if number > 2_000 && random.below(100) < attacks {
            watch.login(at, peer, &format!("user-{}", random.below(2_000)), WRONG);
        }
    }
}

fn convicts_nobody(watch: &Watch) {
    let of_sources: Vec<_> = watch
        .attacks()
        .into_iter()
        .filter(|told| told.scope != auth_metrics_detect::Scope::Operation)
        .collect();
    assert_eq!(of_sources, NOTHING);
}

/// How often the engine said that a peer looks like a proxy.
fn proxies(engine: &Engine) -> Option<f64> {
    let metrics = AuthMetrics::builder().service_id("gateway").build().unwrap();
    engine.install(&metrics).unwrap();
    metrics.snapshot().value("auth_detect_errors_total", &[("kind", "peer_looks_like_proxy")])
}

#[test]
fn peer_that_is_the_proxy_is_said_and_never_convicted() {
    for attacks in [0, 30] {
        let mut watch = Watch::new();
        behind(&mut watch, den(1), attacks);
        convicts_nobody(&watch);
        assert_eq!(proxies(&watch.engine), Some(1.0));
    }
}

#[test]
fn peers_of_their_own_are_no_proxies() {
    let mut watch = Watch::new();
    watch.town(5_000, START, 3.0);
    (0..2_000)
        .for_each(|number| watch.login(START + f64::from(number), den(1), &format!("user-{number}"), WRONG));
    assert_eq!(proxies(&watch.engine), Some(0.0));
    assert!(watch.is_convicted(den(1)));
}

/// Guesses at many accounts, too fast for a person.
fn guess(watch: &mut Watch, peer: IpAddr) {
    for number in 0..100 {
        let at = START + f64::from(number);
        watch.login(at, peer, &format!("user-{number}"), if number % 2 == 0 { WRONG } else { UNKNOWN });
    }
}

#[test]
fn loopback_is_never_convicted() {
    let mapped = Ipv4Addr::LOCALHOST.to_ipv6_mapped();
    for peer in [
        Ipv4Addr::LOCALHOST.into(),
        Ipv4Addr::new(127, 9, 9, 9).into(),
        Ipv6Addr::LOCALHOST.into(),
        IpAddr::V6(mapped),
    ] {
        let mut watch = Watch::new();
        guess(&mut watch, peer);
        convicts_nobody(&watch);
        assert!(watch.engine.assess("ann", peer).action < Action::StepUp, "{peer}");
    }
}

#[test]
fn trusted_networks_are_never_convicted() {
    let networks = ["192.0.2.0/24", "2001:db8::/32", "198.51.100.7/32"];
    for peer in ["192.0.2.1", "::ffff:192.0.2.255", "2001:db8:1::1", "198.51.100.7"] {
        let peer = peer.parse().unwrap();
        let mut watch = Watch::of(builder().trusted(networks));
        guess(&mut watch, peer);
        convicts_nobody(&watch);
        assert!(watch.engine.assess("ann", peer).action < Action::StepUp, "{peer}");
    }
    for peer in ["192.0.3.1", "2001:db9::1", "198.51.100.6"] {
        let peer = peer.parse().unwrap();
        let mut watch = Watch::of(builder().trusted(networks));
        guess(&mut watch, peer);
        assert!(watch.is_convicted(peer), "{peer}");
    }
}

#[test]
fn every_address_may_be_trusted() {
    for (network, peer) in [("0.0.0.0/0", "203.0.113.9"), ("::/0", "2001:db8::1")] {
        let mut watch = Watch::of(builder().trusted([network]));
        guess(&mut watch, peer.parse().unwrap());
        convicts_nobody(&watch);
    }
}

#[test]
fn networks_that_are_none_are_refused() {
    for network in
        ["", "/", "10.0.0.0", "10.0.0.0/", "10.0.0.0/33", "::/129", "10.0.0.0/-1", "ten/8", "10.0.0.0/8/8"]
    {
        let error = builder().trusted(["10.0.0.0/8", network]).build().unwrap_err();
        assert!(error.to_string().contains("trusted network 2"), "{network}: {error}");
    }
}

fn same(one: &str, other: &str) -> bool {
    let engine = builder().build().unwrap();
    let hash = |address: &str| engine.source_hash(&Peer::Address(address.parse().unwrap()));
    hash(one) == hash(other)
}

#[test]
fn sources_are_ipv4_addresses_and_ipv6_64s() {
    assert!(same("192.0.2.1", "::ffff:192.0.2.1"));
    assert!(!same("192.0.2.1", "192.0.2.2"));
    assert!(same("2001:db8:0:1::1", "2001:db8:0:1:ffff:ffff:ffff:ffff"));
    assert!(!same("2001:db8:0:1::1", "2001:db8:0:2::1"));
    assert!(!same("::192.0.2.1", "192.0.2.1"));
    let engine = builder().build().unwrap();
    assert!(
        engine.source_hash(&Peer::Name("192.0.2.1"))
            != engine.source_hash(&Peer::Address("192.0.2.1".parse().unwrap()))
    );
}

#[test]
fn guesser_with_a_64_of_addresses_is_one_source() {
    let mut watch = Watch::new();
    let from = watch.town(200, START, 10.0);
    let mut random = Random(9);
    for number in 0..12 {
        let peer = IpAddr::V6((0x2001_0db8_0001_0002 << 64 | u128::from(random.next())).into());
        watch.login(from + f64::from(number) * 60.0, peer, &format!("user-{number}"), WRONG);
    }
    assert!(watch.is_convicted("2001:db8:1:2::1".parse().unwrap()));
    assert!(!watch.is_convicted(world::home(1)));
}
