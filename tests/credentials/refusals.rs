//! Bad input: a typed error that says which and why, nothing exported, and the text of a slug never repeated.

use std::time::Duration;

use auth_metrics::CredentialKind;
use auth_metrics::credentials::{CredentialError, SecretLook};

use crate::{Bench, DAY, START, at, key};

/// Nothing of a refused credential is exported, and the tracker does not know it.
fn assert_nothing(bench: &Bench) {
    assert_eq!(bench.all_events(), 0.0);
    assert_eq!(bench.metrics.snapshot().value("auth_credential_not_after_timestamp_seconds", &[]), None);
    assert!(bench.tracker.all().is_empty());
}

#[test]
fn slug_that_looks_like_a_secret_is_refused_and_not_repeated() {
    for (slug, look) in [
        ("-----BEGIN PRIVATE KEY-----", SecretLook::Pem),
        ("eyjhbgcioijub25lin0.eyjzdwiioiixmjm0in0.c2lnbmf0dxjl", SecretLook::Jwt),
        ("user-001@example.com", SecretLook::EmailAddress),
        ("q7f3k9x2m5p8w1z4c6v0b7n3", SecretLook::Token),
        ("live_3f2504e04f8911d39a0c0305e82c3301", SecretLook::Token),
        ("uhdjktiqwpzmxncbvalskdjfhgqpwoeirutyzmxncbv", SecretLook::Token),
    ] {
        let bench = Bench::new();
        let error = bench.tracker.declare(key(slug)).unwrap_err();
        assert_eq!(error, CredentialError::LooksLikeSecret(look), "{look:?}");
        for told in [error.to_string(), format!("{error:?}")] {
            assert!(!told.contains(slug), "{told}");
        }
        assert_nothing(&bench);
    }
}

#[test]
fn slug_of_another_form_is_refused() {
    let too_long = "a_name_".repeat(10);
    for slug in ["", "Access", "1st", "with space", "quote\"", "über", "other", too_long.as_str()] {
        let bench = Bench::new();
        assert_eq!(bench.tracker.declare(key(slug)).unwrap_err(), CredentialError::InvalidSlug, "{slug:?}");
        assert_nothing(&bench);
    }
}

#[test]
fn names_that_people_give_are_slugs() {
    let bench = Bench::new();
    for slug in [
        "access_tokens",
        "gateway.mtls",
        "stripe-webhook-2026",
        "db.orders.read-only",
        "k8s.cluster-eu-west-1.ingress",
    ] {
        bench.tracker.declare(key(slug)).unwrap();
    }
}

#[test]
fn times_that_cannot_be_are_refused() {
    let (kind, slug) = (CredentialKind::SigningKey, "access_tokens".to_owned());
    for (credential, expected) in [
        (
            key("access_tokens").not_after(at(START)),
            CredentialError::NotAfterInPast { kind, slug: slug.clone() },
        ),
        (
            key("access_tokens").last_rotated(at(START + 1)),
            CredentialError::LastRotatedInFuture { kind, slug: slug.clone() },
        ),
        (
            key("access_tokens").rotation_interval(Duration::ZERO),
            CredentialError::ZeroRotationInterval { kind, slug: slug.clone() },
        ),
    ] {
        let bench = Bench::new();
        let error = bench.tracker.declare(credential).unwrap_err();
        assert_eq!(error, expected);
        assert!(error.to_string().contains("signing_key access_tokens"), "{error}");
        assert_nothing(&bench);
    }
}

#[test]
fn second_declaration_is_refused_and_the_first_stays() {
    let bench = Bench::new();
    bench.tracker.declare(key("access_tokens").not_after(at(START + DAY))).unwrap();
    let error = bench.tracker.declare(key("access_tokens").not_after(at(START + 2 * DAY))).unwrap_err();
    assert!(matches!(error, CredentialError::AlreadyDeclared { .. }), "{error}");
    assert_eq!(bench.gauge("not_after_timestamp", "access_tokens"), Some((START + DAY) as f64));
    assert_eq!(bench.events("created"), 1.0);
}

#[test]
fn successor_that_has_expired_is_refused_and_nothing_changes() {
    let bench = Bench::new();
    let tracked = bench.tracker.declare(key("access_tokens").not_after(at(START + DAY))).unwrap();
    tracked.activate().unwrap();
    let error = tracked.rotate(Some(at(START))).unwrap_err();
    assert!(matches!(error, CredentialError::NotAfterInPast { .. }), "{error}");
    assert_eq!(bench.gauge("not_after_timestamp", "access_tokens"), Some((START + DAY) as f64));
    assert_eq!(bench.events("rotated"), 0.0);
}

#[test]
fn more_credentials_than_are_told_apart_are_refused() {
    let bench = Bench::new();
    for number in 0..64 {
        bench.tracker.declare(key(&format!("key_{number}"))).unwrap();
    }
    let error = bench.tracker.declare(key("key_64")).unwrap_err();
    assert_eq!(error, CredentialError::TooMany { kind: CredentialKind::SigningKey, most: 64 });
    let folded = bench.metrics.snapshot().value("auth_label_overflow_total", &[("label", "credential")]);
    assert_eq!(folded, Some(0.0));
}
