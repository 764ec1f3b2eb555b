//! Slugs: what is refused, as what, and that it is told nowhere.

use std::ops::Range;

use auth_metrics_credentials::CredentialKind::ApiKey;
use auth_metrics_credentials::{Credential, CredentialError, SlugError};

use crate::fixture::{DAY, Setup, now};
use crate::ordinary_names;
use crate::secrets::{self, Class};

const JWT: &str = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9PlFUP0THsR8U";

fn refused() -> Vec<(String, SlugError)> {
    let cases = [
        ("", SlugError::Empty),
        ("-----BEGIN PUBLIC KEY-----\nMFkwEwYHKoZIzj0CAQ", SlugError::Pem),
        ("ada@example.org", SlugError::Email),
        (JWT, SlugError::Jwt),
        ("3f9a1c0b5d7e2468", SlugError::KeyMaterial),
        ("key-3f9a1c0b5d7e24683f9a1c0b5d7e2468", SlugError::KeyMaterial),
        ("3f9a1c0b-5d7e-4468-8f9a-1c0b5d7e2468", SlugError::KeyMaterial),
        ("f3a1c0b5-5d7e-4468-8f9a-1c0b5d7e2468", SlugError::KeyMaterial),
        ("MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE", SlugError::KeyMaterial),
        ("q83vEjRWeJCrze8SNFZ4kA==", SlugError::KeyMaterial),
        ("sk_live_4eC39HqLyjWDarjtT1zdp7dc", SlugError::KeyMaterial),
        ("k7d2m9x4q8w1z5p3r6t0", SlugError::KeyMaterial),
        ("other", SlugError::Reserved),
        ("Login", SlugError::Form),
        ("1st", SlugError::Form),
        ("-login", SlugError::Form),
        ("log in", SlugError::Form),
        ("login\n", SlugError::Form),
        ("schlüssel", SlugError::Form),
    ];
    let mut cases: Vec<_> = cases.into_iter().map(|(slug, error)| (slug.to_owned(), error)).collect();
    cases.push((JWT.to_lowercase(), SlugError::Jwt));
    cases.push(("a".repeat(65), SlugError::TooLong));
    cases
}

#[test]
fn what_looks_like_a_secret_is_refused_and_told_nowhere() {
    let setup = Setup::new();
    for (slug, expected) in refused() {
        let credential = Credential::new(ApiKey, &slug).with_not_after(now() + DAY);
        let shown = format!("{credential:?}");
        let error = setup.tracker.declare(credential).unwrap_err();
        assert_eq!(error, CredentialError::Slug { kind: ApiKey, error: expected }, "{slug}");
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
        let tracked =
            setup.tracker.declare(Credential::new(ApiKey, slug).with_not_after(now() + DAY)).unwrap();
        assert_eq!(tracked.slug(), slug);
        assert_eq!(setup.not_after(slug), Some(crate::fixture::NOW as f64 + 86_400.0));
    }
}

/// Whether it can name a credential.
fn is_accepted(slug: &str) -> bool {
    match Credential::from_pem(slug, "").unwrap_err() {
        CredentialError::Slug { .. } => false,
        CredentialError::Certificate { .. } => true,
        other => panic!("{other}"),
    }
}

/// Of a hundred secrets of any class, and of all together, fewer than one is taken for a name.
fn assert_refused(classes: &[Class], seeds: Range<u64>) {
    let (mut all, mut accepted) = (0, 0);
    for class in classes {
        let slugs = secrets::of_class(*class, seeds.clone());
        assert!(slugs.len() > 100, "{}: {} slugs", class.0, slugs.len());
        let names: Vec<&String> = slugs.iter().filter(|slug| is_accepted(slug)).collect();
        assert!(
            names.len() * 100 < slugs.len(),
            "{}: {} of {}: {names:?}",
            class.0,
            names.len(),
            slugs.len()
        );
        all += slugs.len();
        accepted += names.len();
    }
    assert!(accepted * 200 < all, "{accepted} of {all}");
}

#[test]
fn secrets_of_the_kinds_that_the_rule_was_fitted_to_are_refused() {
    assert_refused(secrets::FITTED, 0..300);
}

#[test]
fn secrets_of_other_kinds_are_refused_as_well() {
    assert_refused(secrets::HELD_OUT, 5_000..5_300);
}

#[test]
fn a_refused_secret_is_not_repeated() {
    for class in secrets::FITTED.iter().chain(secrets::HELD_OUT) {
        for slug in secrets::of_class(*class, 9_000..9_002) {
            let credential = Credential::new(ApiKey, &slug);
            let shown = format!("{credential:?}");
            if let Err(error) = Setup::new().tracker.declare(credential) {
                let told = format!("{shown} {error} {error:?}");
                assert!(!told.contains(&slug), "{told}");
                let advises = told.contains("leave that part out");
                let as_a_key = CredentialError::Slug { kind: ApiKey, error: SlugError::KeyMaterial };
                assert!(advises || error != as_a_key, "{told}");
            }
        }
    }
}

#[test]
fn no_name_that_operators_give_is_refused() {
    let listed =
        ordinary_names::AS_THEY_ARE.iter().chain(ordinary_names::HELD_OUT).map(|name| (*name).to_owned());
    let names: Vec<String> = listed.chain(ordinary_names::put_together()).collect();
    assert!(names.len() > 4_000 && names.iter().all(|name| secrets::has_form(name)));
    let refused: Vec<&String> = names.iter().filter(|name| !is_accepted(name)).collect();
    assert!(refused.is_empty(), "{refused:?}");
}
