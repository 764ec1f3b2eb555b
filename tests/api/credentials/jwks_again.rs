//! Key sets that are fetched again.

use std::collections::BTreeMap;

use auth_metrics_credentials::CredentialKind::{ApiKey, SigningKey};
use auth_metrics_credentials::CredentialState::{Active, Created, Expired};
use auth_metrics_credentials::{Credential, CredentialError, TrackedCredential};

use crate::fixture::{DAY, NOW, Setup, now};

/// A key, with more members.
fn key(name: &str, more: &str) -> String {
    format!(r#"{{"kty":"OKP","crv":"Ed25519","x":"{name}-point","kid":"kid-{name}"{more}}}"#)
}

fn set(keys: &[&str]) -> String {
    format!(r#"{{"keys":[{}]}}"#, keys.join(","))
}

fn slugs(document: &str) -> Vec<String> {
    let keys = Credential::from_jwks("login", document).unwrap();
    keys.iter().map(|key| key.slug().to_owned()).collect()
}

fn fetch(setup: &Setup, keys: &[&str]) -> Vec<TrackedCredential> {
    setup.tracker.renew_jwks("login", set(keys)).unwrap()
}

#[test]
fn a_key_keeps_its_slug_wherever_it_stands() {
    let (a, b, c) = (key("a", ""), key("b", ""), key("c", ""));
    let (first, second) = (slugs(&set(&[&a, &b])), slugs(&set(&[&c, &b, &a])));
    assert_eq!((&first[0], &first[1]), (&second[2], &second[1]));
    assert!(first[0] != first[1] && second[0] != first[0] && second[0] != first[1]);
    let later = key("a", r#","exp":1798761600,"x5t":"another""#);
    assert_eq!(slugs(&set(&[&later])), first[..1], "times are no part of it");
    for slug in &second {
        let number = slug.strip_prefix("login.").unwrap();
        assert!(number.len() == 6 && number.bytes().all(|each| each.is_ascii_digit()), "{slug}");
    }
    // Every process and every release names it so, or dashboards break.
    assert_eq!(first, ["login.293391", "login.270689"]);
}

#[test]
fn keys_that_say_the_same_have_slugs_of_their_own() {
    let (plain, signs) = (key("a", ""), key("a", r#","use":"sig""#));
    let slugs = slugs(&set(&[&plain, &plain, &signs]));
    assert!(slugs[0] != slugs[1] && slugs[0] != slugs[2] && slugs[1] != slugs[2], "{slugs:?}");
}

#[test]
fn no_private_part_goes_into_a_slug() {
    let secret = |k: &str| slugs(&format!(r#"{{"keys":[{{"kty":"oct","kid":"a","k":"{k}","d":"{k}"}}]}}"#));
    assert_eq!(secret("hunter2"), secret("hunter3"));
}

#[test]
fn a_slug_leaves_room_for_the_numbers() {
    let longest = "a".repeat(57);
    assert!(Credential::from_jwks(&longest, set(&[&key("a", "")])).is_ok());
    let refused = Credential::from_jwks(&"a".repeat(58), set(&[&key("a", "")]));
    assert!(matches!(refused, Err(CredentialError::Slug { .. })));
}

#[test]
fn a_set_that_is_fetched_again_updates_its_keys() {
    let setup = Setup::new();
    let (a, b, c) = (key("a", r#","exp":1798761600"#), key("b", ""), key("c", ""));
    let first = fetch(&setup, &[&a, &b]);
    assert!(first.iter().all(|key| key.state() == Active), "who publishes a key uses it");
    fetch(&setup, &[&b, &a]);
    assert_eq!(setup.events(), ["created 2", "activated 2"]);
    let longer = key("a", r#","exp":1830297600"#);
    fetch(&setup, &[&longer, &b]);
    assert_eq!(setup.not_after(first[0].slug()), Some(1_830_297_600.0));
    assert_eq!(setup.events(), ["created 2", "activated 2"], "it is the same key");
    let next = fetch(&setup, &[&c, &b]);
    assert_eq!(setup.not_after(first[0].slug()), None, "it is gone");
    assert!(setup.tracker.get(SigningKey, first[0].slug()).is_none());
    assert_eq!((next[1].slug(), next.len()), (first[1].slug(), 2));
    assert_eq!(setup.events(), ["created 3", "activated 3", "retired 1"]);
}

#[test]
fn other_credentials_are_not_of_the_set() {
    let setup = Setup::new();
    let of_hand = setup.tracker.declare(Credential::new(SigningKey, "login.000000")).unwrap();
    setup.tracker.renew_jwks("partner", set(&[&key("p", "")])).unwrap();
    fetch(&setup, &[&key("a", "")]);
    fetch(&setup, &[&key("b", "")]);
    assert_eq!((of_hand.state(), setup.tracker.iter().count()), (Created, 3));
}

#[test]
fn a_key_is_in_use_once_it_is_valid() {
    let setup = Setup::new();
    let next = key("a", &format!(r#","nbf":{}"#, NOW + 86_400));
    let keys = fetch(&setup, &[&next]);
    assert_eq!((keys[0].state(), keys[0].not_valid_for()), (Created, Some(DAY)));
    setup.set(now() + DAY);
    assert_eq!(fetch(&setup, &[&next])[0].state(), Active);
    assert_eq!(setup.events(), ["created 1", "activated 1"]);
}

#[test]
fn a_key_that_expires_in_the_set_is_seen_and_one_that_comes_expired_is_passed_over() {
    let setup = Setup::new();
    let (soon, past) =
        (key("a", &format!(r#","exp":{}"#, NOW + 60)), key("b", &format!(r#","exp":{}"#, NOW - 60)));
    let keys = fetch(&setup, &[&past, &soon]);
    assert_eq!((keys.len(), keys[0].state()), (1, Active));
    setup.set(now() + DAY);
    assert_eq!(fetch(&setup, &[&past, &soon])[0].state(), Expired);
    let longer = key("a", &format!(r#","exp":{}"#, NOW + 7 * 86_400));
    assert_eq!(fetch(&setup, &[&longer])[0].state(), Active);
    assert_eq!(setup.events(), ["created 2", "activated 2", "expired 1"]);
}

#[test]
fn what_is_no_key_set_changes_nothing() {
    let setup = Setup::new();
    fetch(&setup, &[&key("a", "")]);
    let before = setup.exported();
    for document in ["", "<html>", r#"{"keys":[]}"#, r#"{"keys":[{"exp":"soon"}]}"#] {
        assert!(matches!(setup.tracker.renew_jwks("login", document), Err(CredentialError::KeySet { .. })));
    }
    assert_eq!(setup.exported(), before);
}

#[test]
fn keys_that_go_leave_their_places_to_others() {
    let setup = Setup::new();
    for day in 0..300 {
        let names = [day, day + 1].map(|day| key(&format!("day-{day}"), r#","exp":1798761600"#));
        fetch(&setup, &[&names[0], &names[1]]);
    }
    let times = setup.exported().into_iter().filter(|line| line.contains("not_after")).count();
    assert_eq!((times, setup.tracker.iter().count()), (2, 2));
    assert_eq!(setup.events(), ["created 301", "activated 301", "retired 299"]);
}

/// As many keys, each with its own number.
fn numbered(keys: usize, more: &str) -> Vec<String> {
    (0..keys).map(|number| key(&format!("n{number}"), more)).collect()
}

fn fetch_all(setup: &Setup, slug: &str, keys: &[String]) -> Result<Vec<TrackedCredential>, CredentialError> {
    setup.tracker.renew_jwks(slug, format!(r#"{{"keys":[{}]}}"#, keys.join(",")))
}

#[test]
fn a_key_too_many_is_an_error_and_the_others_are_there() {
    let setup = Setup::new();
    for set in ["one", "two", "three", "four"] {
        fetch_all(&setup, set, &numbered(15, "")).unwrap();
    }
    let refused = fetch_all(&setup, "five", &numbered(15, ""));
    assert!(matches!(refused, Err(CredentialError::TooMany { .. })));
    assert_eq!(setup.tracker.iter().count(), 64);
    setup.tracker.declare(Credential::new(ApiKey, "partner-a")).unwrap();
}

#[test]
fn a_foreign_set_leaves_places_to_the_keys_of_the_service() {
    let setup = Setup::new();
    let keys = numbered(64, "");
    let refused = fetch_all(&setup, "partner", &keys).unwrap_err();
    assert!(matches!(&refused, CredentialError::TooManyOfSet { set, .. } if set == "partner"), "{refused}");
    assert!(refused.to_string().contains("at most 16 keys"), "{refused}");
    assert_eq!(setup.tracker.iter().count(), 16);
    setup.tracker.declare(Credential::new(SigningKey, "login")).unwrap();
    let of_set = || setup.tracker.iter().map(|key| key.slug().to_owned()).collect::<Vec<String>>();
    let before = of_set();
    let reversed: Vec<String> = keys.iter().rev().cloned().collect();
    assert!(fetch_all(&setup, "partner", &reversed).is_err());
    assert_eq!(of_set(), before, "those that are tracked stay, wherever they stand");
    assert_eq!(fetch_all(&setup, "partner", &keys[30..46]).unwrap().len(), 16, "the others made room");
}

#[test]
fn expired_keys_take_no_places_of_a_set() {
    let setup = Setup::new();
    let past = numbered(40, &format!(r#","exp":{}"#, NOW - 60));
    let valid = (0..16).map(|number| key(&format!("v{number}"), ""));
    let keys: Vec<String> = valid.chain(past).collect();
    assert_eq!(fetch_all(&setup, "partner", &keys).unwrap().len(), 16);
}

#[test]
fn keys_whose_digits_meet_keep_their_slugs_wherever_they_stand() {
    let mut seen = BTreeMap::new();
    let mut number = 0;
    let (one, other) = loop {
        let name = key(&format!("n{number}"), "");
        number += 1;
        let slug = slugs(&set(&[&name])).remove(0);
        if let Some(before) = seen.insert(slug, name.clone()) {
            break (before, name);
        }
    };
    let (there, back) = (slugs(&set(&[&one, &other])), slugs(&set(&[&other, &one])));
    assert_eq!((&there[0], &there[1]), (&back[1], &back[0]), "after {number} keys");
    assert_ne!(there[0], there[1]);
}
