//! Lines of all kinds: golden ones, hostile ones, and a folder of them for the validators of the schemas.

mod golden;
mod hostile;
mod keys;
mod order;
mod page;
mod words;
mod worlds;
mod written;

use std::time::{Duration, SystemTime};

use auth_metrics::events::{Field, Pseudonyms, TraceContext};
use auth_metrics::{OperationKind, Outcome, Reason};

use super::{Format, Frame, Origin};
use crate::record::{
    Attempt, Body, Checkpoint, GapCause, Head, Kind, Own, Record, Recovered, ReopenCause, RotateCause,
    Sequences, Shown, ShownPeer,
};

auth_metrics::custom_reason! {
    /// A reason that no schema knows.
    const SSO_BLOCKED = "sso_domain_blocked", fault = client;
}

const FORMATS: [Format; 2] = [Format::Ecs, Format::Ocsf];

const HASH: &str = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff";

fn origin() -> Origin {
    Origin {
        node: "gateway-7f9c".to_owned(),
        boot: "0123456789abcdef".to_owned(),
        organization: Some("acme".to_owned()),
    }
}

fn frame(origin: &Origin) -> Frame<'_> {
    Frame { origin, sink: 0, chain: "5f0c6a2be19d4437", sequence: 7, prev: HASH }
}

/// The line as the seal closes it, and its newline.
fn line_of(format: Format, record: &Record, frame: &Frame<'_>) -> String {
    let mut line = b"before\n".to_vec();
    format.append(record, frame, &mut line);
    line.extend_from_slice(match format {
        Format::Ecs => b",\"event.hash\":\"",
        Format::Ocsf => b",\"hash\":\"",
    });
    line.extend_from_slice(HASH.as_bytes());
    line.extend_from_slice(match format {
        Format::Ecs => b"\",\"auth.seal\":\"",
        Format::Ocsf => b"\",\"seal\":\"",
    });
    line.extend_from_slice(HASH.as_bytes());
    line.extend_from_slice(if format == Format::Ecs { b"\"}\n" } else { b"\"}}\n" });
    let lines = String::from_utf8(line).unwrap();
    lines.strip_prefix("before\n").unwrap().to_owned()
}

/// 2026-09-21T14:13:20.123456789Z.
fn started() -> SystemTime {
    SystemTime::UNIX_EPOCH + Duration::new(1_790_000_000, 123_456_789)
}

fn pseudonyms() -> Pseudonyms {
    Pseudonyms::with_key("k2", &[2; 32]).unwrap().and_previous("k1", &[1; 32]).unwrap()
}

fn pseudonym(field: Field, text: &str) -> Shown {
    let pseudonyms = pseudonyms();
    Shown::Pseudonym(
        pseudonyms.of(field, text),
        pseudonyms.previous().map(|previous| previous.of(field, text)),
    )
}

/// An attempt of which nothing is known.
fn attempt(kind: Kind, operation: &str, outcome: Outcome) -> Attempt {
    Attempt {
        kind,
        service: "gateway".into(),
        operation: operation.into(),
        source: None,
        outcome,
        started: started(),
        duration: Duration::from_nanos(52_000_001),
        subject: Shown::Omitted,
        session: Shown::Omitted,
        device: Shown::Omitted,
        resource: None,
        peer: ShownPeer::Omitted,
        request_id: None,
        trace: None,
        is_truncated: false,
        id: None,
        is_nested: false,
        failures_before: None,
        new_peer: false,
        patterns: Box::default(),
        previous: None,
        sequences: None,
    }
}

/// One of which all is known, with pseudonyms.
fn known(kind: Kind, operation: &str, outcome: Outcome) -> Attempt {
    let previous = Sequences::new(2);
    previous.set(0, 5);
    previous.set(1, 9_000);
    Attempt {
        source: Some("password"),
        subject: pseudonym(Field::Subject, "user-001"),
        session: pseudonym(Field::Session, "s-1"),
        device: pseudonym(Field::Device, "d-1"),
        resource: Some("/accounts/7".into()),
        peer: ShownPeer::Prefix([192, 0, 2, 0].into()),
        request_id: Some("req-1".into()),
        trace: TraceContext::new([0x4b; 16], [0xf0; 8], true),
        id: Some("5f0c6a2be19d4437-0-1a".into()),
        is_nested: true,
        failures_before: Some(3),
        new_peer: true,
        patterns: ["success_after_failures", "session_from_new_peer"].into(),
        previous: Some(previous),
        ..attempt(kind, operation, outcome)
    }
}

fn event(attempt: Attempt) -> Record {
    Record { at: attempt.started + attempt.duration, body: Body::Event(Box::new(attempt)) }
}

fn own(own: Own) -> Record {
    Record { at: started(), body: Body::Own(own) }
}

fn head(sink: &'static str, sequence: u64) -> Head {
    Head { sink, chain: "a1b2c3d4e5f60718".to_owned(), sequence, hash: HASH.to_owned() }
}

fn checkpoint(heads: Vec<Head>) -> Checkpoint {
    Checkpoint { by_handle: Some((10, 9)), captured: 8, written: 7, dropped: 1, heads }
}

/// Each record of the trail's own.
fn owns() -> Vec<Own> {
    let mut owns = vec![
        Own::Boot { version: "0.1.0", clean: None, sealed: false },
        Own::Boot { version: "0.1.0", clean: Some(false), sealed: true },
        Own::Checkpoint(checkpoint(vec![head("copy", 12), head("file", 4)]).into()),
        Own::Recovered(Recovered {
            bytes: 17,
            sha256: HASH.to_owned(),
            moved_to: "audit-0001.jsonl.torn".to_owned(),
        }),
        Own::Shutdown(checkpoint(Vec::new()).into()),
    ];
    let gap = |cause| Own::Gap { attempts: 3, steps: 1, cause };
    owns.extend([GapCause::Full, GapCause::Failed, GapCause::Overflow].map(gap));
    let rotated = |cause| Own::Rotated { cause, before: "audit-0001.jsonl".to_owned() };
    owns.extend([RotateCause::Day, RotateCause::Bytes].map(rotated));
    let reopened = |cause| Own::Reopened { cause };
    let causes = [ReopenCause::Gone, ReopenCause::Exchanged, ReopenCause::Truncated, ReopenCause::Asked];
    owns.extend(causes.map(reopened));
    owns
}

/// All kinds of events, each with an operation.
const KINDS: [(Kind, &str); 5] = [
    (Kind::Attempt(OperationKind::Authentication), "login"),
    (Kind::Attempt(OperationKind::Token), "verify_token"),
    (Kind::Attempt(OperationKind::Authorization), "may_transfer"),
    (Kind::Credential, "rotated"),
    (Kind::Decision, "risk_engine"),
];

/// All outcomes that there are.
fn outcomes() -> impl Iterator<Item = Outcome> {
    let failures = Reason::ALL.iter().copied().chain([SSO_BLOCKED]).map(Outcome::Failure);
    [Outcome::Success].into_iter().chain(failures)
}
