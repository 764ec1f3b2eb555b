//! The lines as they are, word for word. A change of them is a change of what others read: rename nothing.
//!
//! `AUDIT_GOLDEN=write cargo test -p auth-metrics-audit golden` writes them anew.

use std::path::Path;

use super::*;

/// What the golden lines are of.
fn records() -> Vec<Record> {
    let [login, token, authorization, credential, decision] = KINDS;
    let rejected = Attempt {
        subject: Shown::Clear("alice\n\u{1b}[31m".into()),
        peer: ShownPeer::Clear([192, 0, 2, 7].into()),
        is_truncated: true,
        ..attempt(login.0, login.1, Outcome::Failure(Reason::InvalidCredentials))
    };
    let replayed = Attempt {
        source: Some("oidc"),
        ..attempt(token.0, token.1, Outcome::Failure(Reason::TokenReplayed))
    };
    let denied = Attempt {
        session: pseudonym(Field::Session, "s-1"),
        resource: Some("/accounts/7".into()),
        ..attempt(authorization.0, authorization.1, Outcome::Failure(Reason::PermissionDenied))
    };
    let rotated = Attempt {
        source: Some("signing_key"),
        resource: Some("session_signer".into()),
        ..attempt(credential.0, credential.1, Outcome::Success)
    };
    let events = [
        known(login.0, login.1, Outcome::Success),
        rejected,
        attempt(login.0, login.1, Outcome::Failure(Reason::MfaRequired)),
        replayed,
        known(authorization.0, authorization.1, Outcome::Success),
        denied,
        rotated,
        attempt(decision.0, decision.1, Outcome::Success),
    ];
    events.map(event).into_iter().chain(owns().into_iter().map(own)).collect()
}

fn check(format: Format, name: &str) {
    let origin = origin();
    let lines: String = records().iter().map(|record| line_of(format, record, &frame(&origin))).collect();
    let version = env!("CARGO_PKG_VERSION");
    let lines = lines.replace(&format!(r#""version":"{version}""#), r#""version":"VERSION""#);
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/format/tests/golden").join(name);
    if std::env::var_os("AUDIT_GOLDEN").is_some() {
        std::fs::write(&path, &lines).unwrap();
    }
    let golden = std::fs::read_to_string(path).unwrap();
    for (line, golden) in lines.lines().zip(golden.lines()) {
        assert_eq!(line, golden);
    }
    assert_eq!(lines.len(), golden.len());
}

#[test]
fn lines_of_ecs_are_the_golden_ones() {
    check(Format::Ecs, "ecs.jsonl");
}

#[test]
fn lines_of_ocsf_are_the_golden_ones() {
    check(Format::Ocsf, "ocsf.jsonl");
}
