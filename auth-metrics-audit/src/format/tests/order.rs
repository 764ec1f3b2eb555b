//! The order of the members is fixed, and no member is there twice.

use super::keys::keys;
use super::worlds::Random;
use super::*;

/// All members of a line in ECS.
const ECS: &str = "@timestamp ecs.version event.kind event.category event.type event.action event.code event.outcome auth.outcome \
    event.reason auth.class auth.fault event.start event.end event.duration service.name service.node.name organization.id auth.boot \
    auth.kind auth.version auth.clean auth.sealed auth.attempts auth.steps auth.bytes auth.sha256 auth.moved_to auth.cause auth.before \
    auth.started auth.ended auth.captured auth.written auth.dropped auth.heads \
    auth.method user.hash auth.user_hash_prev user.id auth.session auth.session_prev auth.device auth.device_prev auth.resource source.ip \
    auth.peer_prefix auth.peer_hash trace.id span.id http.request.id auth.attempt_id auth.nested auth.failures_before auth.new_peer auth.patterns auth.previous auth.truncated \
    auth.chain event.sequence auth.prev event.hash auth.seal";

/// All top members of a line in OCSF.
const OCSF: &str = "time start_time end_time duration category_uid class_uid activity_id activity_name type_uid severity_id status_id \
    status status_code status_detail app action_id auth_factors auth_protocol_id service entity api actor user session src_endpoint \
    resources http_request metadata unmapped";

/// Those of its `unmapped`.
const UNMAPPED: &str = "kind node boot version clean sealed attempts steps bytes sha256 moved_to cause before started ended captured \
    written dropped heads operation outcome class fault duration_ns method service device device_prev resource peer_prefix span \
    attempt_id nested failures_before new_peer patterns previous truncated chain sequence prev hash seal";

/// Whether these are some of the others, in their order, none twice.
fn is_in_order<'k>(keys: impl Iterator<Item = &'k str>, order: &str) -> bool {
    let mut order = order.split_whitespace();
    keys.into_iter().all(|key| order.any(|next| next == key))
}

fn check(format: Format, line: &str) {
    let keys = keys(line);
    let under = |path: &'static str| keys.iter().filter_map(move |key| key.strip_prefix(path));
    let is_right = match format {
        Format::Ecs => is_in_order(under(""), ECS),
        Format::Ocsf => {
            is_in_order(under("").filter(|key| !key.contains(" > ")), OCSF)
                && is_in_order(under("unmapped > "), UNMAPPED)
        }
    };
    assert!(is_right, "{keys:?}");
    let first = if format == Format::Ecs { "@timestamp" } else { "time" };
    assert_eq!(keys[0], first);
}

#[test]
fn members_are_in_order_and_once() {
    let mut random = Random::new(3);
    for _ in 0..2_000 {
        let (record, origin) = (random.record(), random.origin());
        for format in FORMATS {
            check(format, &line_of(format, &record, &frame(&origin)));
        }
    }
}

#[test]
fn place_in_the_chain_is_the_end_of_the_line() {
    let record = event(known(KINDS[0].0, "login", Outcome::Success));
    let origin = origin();
    let place = |format| {
        let mut line = Vec::new();
        Format::append(format, &record, &frame(&origin), &mut line);
        String::from_utf8(line).unwrap()
    };
    let ecs = format!(r#","auth.chain":"5f0c6a2be19d4437","event.sequence":7,"auth.prev":"{HASH}""#);
    assert!(place(Format::Ecs).ends_with(&ecs));
    let ocsf = format!(r#","chain":"5f0c6a2be19d4437","sequence":7,"prev":"{HASH}""#);
    assert!(place(Format::Ocsf).ends_with(&ocsf));
}

#[test]
fn what_is_absent_has_no_key() {
    let origin = Origin { organization: None, ..origin() };
    let record = event(attempt(KINDS[0].0, "login", Outcome::Success));
    let line = line_of(Format::Ecs, &record, &frame(&origin));
    let expected = "@timestamp ecs.version event.kind event.category event.type event.action event.code event.outcome auth.outcome \
        event.start event.end event.duration service.name service.node.name auth.boot auth.kind auth.chain event.sequence auth.prev \
        event.hash auth.seal";
    assert_eq!(keys(&line).join(" "), expected);
    let line = line_of(Format::Ocsf, &record, &frame(&origin));
    let expected = "kind node boot operation outcome duration_ns chain sequence prev hash seal";
    let keys = keys(&line);
    let unmapped: Vec<&str> = keys.iter().filter_map(|key| key.strip_prefix("unmapped > ")).collect();
    assert_eq!(unmapped.join(" "), expected);
    assert_eq!(keys.iter().filter(|key| key.starts_with("user")).count(), 2, "a user without an id");
    assert!(!line.contains("src_endpoint"));
}
