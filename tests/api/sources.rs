//! Sources of one's own: derived, and configured.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use auth_metrics::sources::{Networks, NetworksError, Providers, ProvidersError};
use auth_metrics::testing::Scope;
use auth_metrics::{FailureReason, Source, auth_metered};
use proptest::prelude::*;

#[derive(Debug, FailureReason)]
enum LoginError {}

#[derive(Source)]
#[expect(dead_code, reason = "fields of sources don't matter")]
enum Channel<'a> {
    MobileApp,
    #[source("kiosk")]
    SelfService {
        floor: &'a u8,
    },
    Partner(u8),
}

#[auth_metered(op = "sourced_login", source = source)]
fn login<S: Source>(source: S) -> Result<(), LoginError> {
    Ok(())
}

fn successes(scope: &Scope, source: &str) -> Option<f64> {
    scope.snapshot().value("auth_source_operations_total", &[("source", source), ("outcome", "success")])
}

#[test]
fn derived_source_counts_and_exports_all_its_labels() {
    let scope = Scope::new();
    let floor = 2;
    scope.metrics().in_scope(|| login(Channel::SelfService { floor: &floor }).unwrap());
    assert_eq!(<Channel<'_>>::LABELS, ["mobile_app", "kiosk", "partner"]);
    assert_eq!(
        ["mobile_app", "kiosk", "partner"].map(|label| successes(&scope, label)),
        [Some(0.0), Some(1.0), Some(0.0)]
    );
    scope.metrics().in_scope(|| (login(Channel::Partner(1)).unwrap(), login(Channel::MobileApp).unwrap()));
    assert_eq!((successes(&scope, "partner"), successes(&scope, "mobile_app")), (Some(1.0), Some(1.0)));
}

#[test]
fn configured_providers_have_slots_and_all_others_share_one() {
    let scope = Scope::new();
    let providers = Providers::new(["okta", "entra"]).unwrap();
    for name in ["okta", "mallory", "Okta", "provider_other", ""] {
        scope.metrics().in_scope(|| login(providers.get(name)).unwrap());
    }
    assert_eq!(successes(&scope, "okta"), Some(1.0));
    assert_eq!(successes(&scope, "entra"), Some(0.0), "it is exported before it comes");
    assert_eq!(successes(&scope, "provider_other"), Some(4.0));
    assert_eq!(scope.snapshot().value("auth_label_overflow_total", &[("label", "source")]), Some(0.0));
}

#[test]
fn names_of_providers_that_cannot_be_are_refused_by_their_place() {
    for (names, position) in [
        (&["okta", "okta"][..], 2),
        (&["Okta"], 1),
        (&["okta", "user@example.com"], 2),
        (&["other"], 1),
        (&["provider_other"], 1),
        (&[""], 1),
    ] {
        let error = Providers::new(names.iter().copied()).unwrap_err();
        assert_eq!(error, ProvidersError::Name { position });
        assert!(!error.to_string().contains("example.com"), "{error}");
    }
    let many = |count: u8| Providers::new((0..count).map(|number| format!("idp_{number}")));
    assert!(many(16).is_ok());
    assert_eq!(many(17).unwrap_err(), ProvidersError::TooMany);
}

#[test]
fn addresses_have_the_class_that_the_registries_give_them() {
    let networks = Networks::new([]).unwrap();
    for (address, class) in [
        ("127.0.0.1", "loopback"),
        ("127.255.0.9", "loopback"),
        ("::1", "loopback"),
        ("::ffff:127.0.0.1", "loopback"),
        ("10.1.2.3", "private"),
        ("172.16.0.1", "private"),
        ("172.32.0.1", "public"),
        ("192.168.1.1", "private"),
        ("::ffff:192.168.1.1", "private"),
        ("169.254.0.1", "private"),
        ("100.64.0.1", "private"),
        ("100.127.255.255", "private"),
        ("100.128.0.1", "public"),
        ("fe80::1", "private"),
        ("febf::1", "private"),
        ("fc00::1", "private"),
        ("fdff::1", "private"),
        ("8.8.8.8", "public"),
        ("2606:4700::1111", "public"),
    ] {
        assert_eq!(networks.classify(address.parse().unwrap()).label(), class, "{address}");
    }
}

#[test]
fn configured_ranges_win_and_the_longest_prefix_among_them() {
    let ranges = [
        ("campus", "10.0.0.0/8"),
        ("office", "10.1.0.0/16"),
        ("desk", "10.1.2.3/32"),
        ("office", "2001:db8::/32"),
        ("all", "0.0.0.0/0"),
    ];
    let networks = Networks::new(ranges).unwrap();
    for (address, class) in [
        ("10.2.0.1", "campus"),
        ("10.1.9.9", "office"),
        ("10.1.2.3", "desk"),
        ("::ffff:10.1.2.3", "desk"),
        ("2001:db8::9", "office"),
        ("8.8.8.8", "all"),
        ("2606:4700::1111", "public"),
    ] {
        assert_eq!(networks.classify(address.parse().unwrap()).label(), class, "{address}");
    }
    assert!(!format!("{networks:?}").contains("10."), "addresses of the company are no one's business");
}

#[test]
fn ranges_that_cannot_be_are_refused_by_their_place() {
    for range in [
        "10.0.0.0",
        "10.0.0.0/33",
        "10.0.0.1/8",
        "10.0.0/8",
        "::/129",
        "2001:db8::1/32",
        "ten/8",
        "10.0.0.0/-1",
        "0.0.0.1/0",
        "010.0.0.0/8",
        "10.0.0.0/8/8",
        "10.0.0.0/",
        "10.0.0.0/256",
        " 10.0.0.0/8",
        "fe80::%eth0/64",
        "::ffff:10.0.0.1/104",
    ] {
        let error = Networks::new([("office", "192.0.2.0/24"), ("office", range)]).unwrap_err();
        assert_eq!(error, NetworksError::Range { position: 2 }, "{range}");
        assert!(!error.to_string().contains(range), "{error}");
    }
    for name in ["loopback", "private", "public", "other", "Office", ""] {
        assert_eq!(Networks::new([(name, "192.0.2.0/24")]).unwrap_err(), NetworksError::Name { position: 1 });
    }
    let names: Vec<String> = (0..17).map(|number| format!("net_{number}")).collect();
    let many = |count| Networks::new(names[..count].iter().map(|name| (name.as_str(), "192.0.2.0/24")));
    assert!(many(16).is_ok());
    assert_eq!(many(17).unwrap_err(), NetworksError::TooMany);
}

#[test]
fn class_of_a_network_is_counted_without_its_address() {
    let scope = Scope::new();
    let networks = Networks::new([("office", "198.51.100.0/24")]).unwrap();
    scope.metrics().in_scope(|| login(networks.classify("198.51.100.7".parse().unwrap())).unwrap());
    assert_eq!(successes(&scope, "office"), Some(1.0));
    assert_eq!(successes(&scope, "public"), Some(0.0));
    assert!(!scope.metrics().encode_text().contains("198.51"));
}

proptest! {
    #[test]
    fn range_contains_what_shares_its_prefix(range: u32, prefix in 0..=32_u32, address: u32) {
        let mask = u32::MAX.checked_shl(32 - prefix).unwrap_or(0);
        let range = Ipv4Addr::from(range & mask);
        let networks = Networks::new([("mine", format!("{range}/{prefix}").as_str())]).unwrap();
        let is_mine = networks.classify(IpAddr::V4(address.into())).label() == "mine";
        prop_assert_eq!(is_mine, address & mask == u32::from(range));
    }

    #[test]
    fn range_of_ipv6_contains_what_shares_its_prefix(range: u128, prefix in 0..=128_u32, flips in 0..128_u32) {
        let mask = u128::MAX.checked_shl(128 - prefix).unwrap_or(0);
        let range = range & mask;
        // An address that maps one of IPv4 is taken for that.
        prop_assume!(range >> 32 != 0xffff);
        let address = range ^ (1 << flips);
        prop_assume!(address >> 32 != 0xffff);
        let networks = Networks::new([("mine", format!("{}/{prefix}", Ipv6Addr::from(range)).as_str())]).unwrap();
        let is_mine = networks.classify(IpAddr::V6(address.into())).label() == "mine";
        prop_assert_eq!(is_mine, address & mask == range);
    }
}
