//! The words of the schemas.

use serde_json::{Value, json};

use super::*;

fn read(format: Format, attempt: Attempt) -> Value {
    serde_json::from_str(&line_of(format, &event(attempt), &frame(&origin()))).unwrap()
}

#[test]
fn each_reason_has_its_words_in_both_formats() {
    for outcome in outcomes() {
        let attempt = || attempt(KINDS[0].0, "login", outcome);
        let (ecs, ocsf) = (read(Format::Ecs, attempt()), read(Format::Ocsf, attempt()));
        let label = outcome.label();
        let code = format!("login.{label}");
        assert_eq!((&ecs["auth.outcome"], &ecs["event.code"]), (&json!(label), &json!(code)));
        assert_eq!(
            (&ocsf["unmapped"]["outcome"], &ocsf["metadata"]["event_code"]),
            (&json!(label), &json!(code))
        );
        let reason = outcome.reason();
        let label = json!(reason.map(Reason::label));
        assert_eq!((&ecs["event.reason"], &ocsf["status_code"]), (&label, &label));
        let class = json!(reason.map(|reason| reason.class().label()));
        assert_eq!((&ecs["auth.class"], &ocsf["unmapped"]["class"]), (&class, &class));
        let fault = json!(reason.map(|reason| reason.fault().label()));
        assert_eq!((&ecs["auth.fault"], &ocsf["unmapped"]["fault"]), (&fault, &fault));
    }
}

#[test]
fn outcomes_have_the_words_of_the_schemas() {
    for (outcome, ecs, status, name, severity) in [
        (Outcome::Success, "success", 1, None, 1),
        (Outcome::Failure(Reason::InvalidCredentials), "failure", 2, None, 2),
        (Outcome::Failure(SSO_BLOCKED), "failure", 2, None, 2),
        (Outcome::Failure(Reason::TokenReplayed), "failure", 2, None, 3),
        (Outcome::Failure(Reason::Timeout), "failure", 2, None, 4),
        (Outcome::Failure(Reason::Unknown), "failure", 2, None, 3),
        (Outcome::Failure(Reason::MfaRequired), "unknown", 99, Some("interim"), 1),
        (Outcome::Failure(Reason::ChallengeIssued), "unknown", 99, Some("interim"), 1),
        (Outcome::Failure(Reason::AuthorizationPending), "unknown", 99, Some("interim"), 1),
        (Outcome::Failure(Reason::SlowDown), "unknown", 99, Some("interim"), 1),
        (Outcome::Failure(Reason::Cancelled), "unknown", 99, Some("cancelled"), 1),
    ] {
        let attempt = || attempt(KINDS[0].0, "login", outcome);
        assert_eq!(read(Format::Ecs, attempt())["event.outcome"], ecs);
        let ocsf = read(Format::Ocsf, attempt());
        assert_eq!((&ocsf["status_id"], &ocsf["severity_id"]), (&json!(status), &json!(severity)));
        assert_eq!(ocsf["status"], json!(name));
    }
}

#[test]
fn five_reasons_have_a_word_in_ocsf() {
    let words: Vec<_> = outcomes()
        .map(|outcome| {
            (outcome, read(Format::Ocsf, attempt(KINDS[0].0, "login", outcome))["status_detail"].clone())
        })
        .filter(|(_, word)| !word.is_null())
        .map(|(outcome, word)| format!("{} {}", outcome.reason().unwrap().label(), word.as_str().unwrap()))
        .collect();
    let expected = [
        "invalid_credentials INVALID_CREDENTIALS",
        "unknown_subject USER_DOES_NOT_EXIST",
        "credential_expired PASSWORD_EXPIRED",
        "account_locked ACCOUNT_LOCKED_OUT",
        "account_disabled ACCOUNT_DISABLED",
    ];
    assert_eq!(words, expected);
}

#[test]
fn methods_have_their_numbers_in_ocsf() {
    for (method, factor, protocol) in [
        ("password", json!([{ "factor_type_id": 11 }]), Value::Null),
        ("passkey", json!([{ "factor_type_id": 10 }]), Value::Null),
        ("totp", json!([{ "factor_type_id": 7 }]), Value::Null),
        ("oidc", Value::Null, json!(4)),
        ("saml", Value::Null, json!(5)),
        ("api_key", Value::Null, Value::Null),
    ] {
        let attempt = Attempt { source: Some(method), ..attempt(KINDS[0].0, "login", Outcome::Success) };
        let line = read(Format::Ocsf, attempt);
        assert_eq!((&line["auth_factors"], &line["auth_protocol_id"]), (&factor, &protocol), "{method}");
        assert_eq!(line["unmapped"]["method"], method);
    }
}

#[test]
fn previous_event_is_the_one_in_the_chain_of_the_same_sink() {
    let origin = origin();
    for (sink, expected) in [(0, json!(5)), (1, json!(9_000)), (2, Value::Null)] {
        let record = event(known(KINDS[0].0, "login", Outcome::Success));
        let frame = Frame { sink, ..frame(&origin) };
        let read = |format| serde_json::from_str::<Value>(&line_of(format, &record, &frame)).unwrap();
        assert_eq!(read(Format::Ecs)["auth.previous"], expected);
        assert_eq!(read(Format::Ocsf)["unmapped"]["previous"], expected);
    }
}

#[test]
fn addresses_are_shown_as_the_record_says() {
    let v6 = |text: &str| text.parse::<std::net::IpAddr>().unwrap();
    for (peer, ip, prefix) in [
        (ShownPeer::Clear([192, 0, 2, 7].into()), "192.0.2.7", None),
        (ShownPeer::Prefix([192, 0, 2, 0].into()), "192.0.2.0", Some("/24")),
        (ShownPeer::Clear(v6("2001:db8::7")), "2001:db8::7", None),
        (ShownPeer::Prefix(v6("2001:db8:1::")), "2001:db8:1::", Some("/48")),
    ] {
        let attempt = || Attempt { peer: peer.clone(), ..attempt(KINDS[0].0, "login", Outcome::Success) };
        let (ecs, ocsf) = (read(Format::Ecs, attempt()), read(Format::Ocsf, attempt()));
        assert_eq!((&ecs["source.ip"], &ecs["auth.peer_prefix"]), (&json!(ip), &json!(prefix)));
        let shown = (&ocsf["src_endpoint"]["ip"], &ocsf["unmapped"]["peer_prefix"]);
        assert_eq!(shown, (&json!(ip), &json!(prefix)));
    }
    let peer = ShownPeer::Pseudonym(pseudonyms().of_peer([192, 0, 2, 7].into()));
    let attempt = || Attempt { peer: peer.clone(), ..attempt(KINDS[0].0, "login", Outcome::Success) };
    let ecs = read(Format::Ecs, attempt());
    assert!(ecs["auth.peer_hash"].as_str().unwrap().starts_with("k2:"));
    assert_eq!(
        (&ecs["source.ip"], &ecs["auth.peer_hash"]),
        (&Value::Null, &read(Format::Ocsf, attempt())["src_endpoint"]["uid"])
    );
}
