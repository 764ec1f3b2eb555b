//! Slugs: what is refused, as what, and that it is told nowhere.

use auth_metrics::CredentialKind::ApiKey;
use auth_metrics::credentials::{Credential, CredentialError, SlugFault};

use crate::fixture::{DAY, Setup, now};

const JWT: &str = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9PlFUP0THsR8U";

fn refused() -> Vec<(String, SlugFault)> {
    let cases = [
        ("", SlugFault::Empty),
        ("-----BEGIN PUBLIC KEY-----\nMFkwEwYHKoZIzj0CAQ", SlugFault::Pem),
        ("ada@example.org", SlugFault::Email),
        (JWT, SlugFault::Jwt),
        ("3f9a1c0b5d7e2468", SlugFault::KeyMaterial),
        ("key-3f9a1c0b5d7e24683f9a1c0b5d7e2468", SlugFault::KeyMaterial),
        ("3f9a1c0b-5d7e-4468-8f9a-1c0b5d7e2468", SlugFault::KeyMaterial),
        ("f3a1c0b5-5d7e-4468-8f9a-1c0b5d7e2468", SlugFault::KeyMaterial),
        ("MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE", SlugFault::KeyMaterial),
        ("q83vEjRWeJCrze8SNFZ4kA==", SlugFault::KeyMaterial),
        ("sk_live_4eC39HqLyjWDarjtT1zdp7dc", SlugFault::KeyMaterial),
        ("k7d2m9x4q8w1z5p3r6t0", SlugFault::KeyMaterial),
        ("other", SlugFault::Reserved),
        ("Login", SlugFault::Form),
        ("1st", SlugFault::Form),
        ("-login", SlugFault::Form),
        ("log in", SlugFault::Form),
        ("login\n", SlugFault::Form),
        ("schlüssel", SlugFault::Form),
    ];
    let mut cases: Vec<_> = cases.into_iter().map(|(slug, fault)| (slug.to_owned(), fault)).collect();
    cases.push((JWT.to_lowercase(), SlugFault::Jwt));
    cases.push(("a".repeat(65), SlugFault::TooLong));
    cases
}

#[test]
fn what_looks_like_a_secret_is_refused_and_told_nowhere() {
    let setup = Setup::new();
    for (slug, expected) in refused() {
        let credential = Credential::new(ApiKey, &slug).not_after(now() + DAY);
        let shown = format!("{credential:?}");
        let error = setup.tracker.declare(credential).unwrap_err();
        assert_eq!(error, CredentialError::Slug { kind: ApiKey, fault: expected }, "{slug}");
        let told = format!("{shown} {error} {error:?} {}", setup.metrics.encode_text());
        assert!(slug.len() < 6 || !told.contains(&slug), "{told}");
    }
    assert_eq!(setup.exported(), [] as [&str; 0]);
    assert!(setup.tracker.iter().next().is_none());
}

#[test]
fn names_that_people_give_are_accepted() {
    let setup = Setup::new();
    let longest = "a".repeat(64);
    let slugs = [
        "login",
        "payments.eu.prod",
        "partner-a.mtls",
        "eyjafjalla.prod",
        "jwt_signing_key_2026",
        "ingress-tls-2026-01-01",
        "s3-eu-west-1-a2-b4",
        "paymentsgatewaysigningkey",
        "db.orders-v2.replica3",
        "x",
        &longest,
    ];
    for slug in slugs {
        let tracked = setup.tracker.declare(Credential::new(ApiKey, slug).not_after(now() + DAY)).unwrap();
        assert_eq!(tracked.slug(), slug);
        assert_eq!(setup.not_after(slug), Some(crate::fixture::NOW as f64 + 86_400.0));
    }
}
