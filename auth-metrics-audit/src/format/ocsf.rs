//! A line as the Open Cybersecurity Schema Framework has it, version 1.8.0. What it has no word for is in `unmapped`, at the end. The order
//! of the members is fixed.

use auth_metrics::OperationKind;

use super::frame::Frame;
use super::json::Json;
use super::time::Moment;
use super::{members, own, words};
use crate::record::{Attempt, Body, Kind, Own, Record, Shown, ShownPeer};

const VERSION: &str = "1.8.0";

/// What stands where the schema wants a name, and there is none.
const UNKNOWN: &str = "unknown";

const AUTHENTICATION: u64 = 3002;
const ENTITY_MANAGEMENT: u64 = 3004;
const APPLICATION_LIFECYCLE: u64 = 6002;
const API_ACTIVITY: u64 = 6003;

pub(super) fn append(record: &Record, frame: &Frame<'_>, json: &mut Json<'_>) {
    json.at("time").signed(Moment::of(record.at).millis());
    let is_truncated = match &record.body {
        Body::Event(attempt) => {
            append_event(attempt, frame, json);
            attempt.is_truncated
        }
        Body::Own(own) => {
            append_own(own, frame, json);
            false
        }
    };
    own::append_place(frame, is_truncated, "sequence", json);
}

fn append_own(own: &Own, frame: &Frame<'_>, json: &mut Json<'_>) {
    let activity = match own {
        Own::Boot { .. } => 3,
        Own::Shutdown(_) => 4,
        _ => words::OTHER,
    };
    // Events that are lost, and a file that somebody took away, want a look.
    let severity =
        if matches!(own, Own::Gap { .. } | Own::Recovered(_) | Own::Reopened { .. }) { 3 } else { 1 };
    append_class(APPLICATION_LIFECYCLE, (activity, own.name()), json);
    json.at("severity_id").number(severity);
    append_product("app", "auth-metrics-audit", json);
    append_metadata(["audit", own.name()], None, frame, json);
    json.open("unmapped");
    json.ours("kind").word("audit");
    append_origin(frame, json);
    own::append(own, json);
}

fn append_event(attempt: &Attempt, frame: &Frame<'_>, json: &mut Json<'_>) {
    let (class, activity) = class_of(attempt.kind, &attempt.operation);
    let name = if attempt.kind == Kind::Credential { &attempt.operation } else { words::kind(attempt.kind) };
    let ended = attempt.started.checked_add(attempt.duration).unwrap_or(attempt.started);
    json.at("start_time").signed(Moment::of(attempt.started).millis());
    json.at("end_time").signed(Moment::of(ended).millis());
    json.at("duration").number(members::nanos(attempt.duration) / 1_000_000);
    append_class(class, (activity, name), json);
    json.at("severity_id").number(words::ocsf_severity(attempt.outcome));
    append_status(attempt, json);
    match class {
        AUTHENTICATION => append_authentication(attempt, json),
        ENTITY_MANAGEMENT => append_entity(attempt, json),
        _ => append_api(attempt, json),
    }
    if let Some(request) = &attempt.request_id {
        json.open("http_request");
        json.at("uid").text(request);
        json.close();
    }
    append_metadata([&*attempt.operation, attempt.outcome.label()], Some(attempt), frame, json);
    json.open("unmapped");
    append_unmapped(attempt, frame, json);
}

fn append_status(attempt: &Attempt, json: &mut Json<'_>) {
    let status = words::ocsf_status(attempt.outcome);
    json.at("status_id").number(status);
    if status == words::OTHER {
        json.at("status").word(attempt.outcome.label());
    }
    if let Some(reason) = attempt.outcome.reason() {
        json.at("status_code").word(reason.label());
        if let Some(word) = words::ocsf_reason(reason) {
            json.at("status_detail").word(word);
        }
    }
}

/// The class of an event, and the number of its activity.
fn class_of(kind: Kind, operation: &str) -> (u64, u64) {
    match kind {
        Kind::Attempt(OperationKind::Authentication) => (AUTHENTICATION, 1),
        Kind::Attempt(OperationKind::Authorization) | Kind::Decision => (API_ACTIVITY, words::OTHER),
        Kind::Attempt(_) => (AUTHENTICATION, words::OTHER),
        Kind::Credential => (ENTITY_MANAGEMENT, words::ocsf_step(operation)),
    }
}

/// Writes a class and an activity. An activity that the class has no number for is told by its name.
fn append_class(class: u64, (activity, name): (u64, &str), json: &mut Json<'_>) {
    json.at("category_uid").number(class / 1_000);
    json.at("class_uid").number(class);
    json.at("activity_id").number(activity);
    if activity == words::OTHER {
        json.at("activity_name").text(name);
    }
    json.at("type_uid").number(class * 100 + activity);
}

fn append_authentication(attempt: &Attempt, json: &mut Json<'_>) {
    if let Some(factor) = attempt.source.and_then(words::ocsf_factor) {
        json.open_list("auth_factors");
        json.open_item();
        json.at("factor_type_id").number(factor);
        json.close();
        json.close_list();
    }
    if let Some(protocol) = attempt.source.and_then(words::ocsf_protocol) {
        json.at("auth_protocol_id").number(protocol);
    }
    append_named("service", &attempt.service, json);
    append_user(&attempt.subject, json);
    append_session(&attempt.session, json);
    if attempt.peer != ShownPeer::Omitted {
        append_peer(&attempt.peer, json);
    }
}

fn append_api(attempt: &Attempt, json: &mut Json<'_>) {
    json.at("action_id").number(words::ocsf_action(attempt.outcome));
    json.open("api");
    json.at("operation").text(&attempt.operation);
    append_named("service", &attempt.service, json);
    json.close();
    append_actor(attempt, json);
    append_peer(&attempt.peer, json);
    if let Some(resource) = &attempt.resource {
        json.open_list("resources");
        json.open_item();
        json.at("name").text(resource);
        json.close();
        json.close_list();
    }
}

/// A credential has a name and a kind. Who acts on it is seldom known.
fn append_entity(attempt: &Attempt, json: &mut Json<'_>) {
    json.open("entity");
    json.at("name").text(attempt.resource.as_deref().unwrap_or(UNKNOWN));
    if let Some(kind) = attempt.source {
        json.at("type").text(kind);
    }
    json.close();
    if (&attempt.subject, &attempt.session) != (&Shown::Omitted, &Shown::Omitted) {
        append_actor(attempt, json);
    }
    if attempt.peer != ShownPeer::Omitted {
        append_peer(&attempt.peer, json);
    }
}

fn append_actor(attempt: &Attempt, json: &mut Json<'_>) {
    json.open("actor");
    append_user(&attempt.subject, json);
    append_session(&attempt.session, json);
    json.close();
}

/// A user must have a name or an id.
fn append_user(subject: &Shown, json: &mut Json<'_>) {
    json.open("user");
    match subject {
        Shown::Omitted => json.at("name").word(UNKNOWN),
        Shown::Clear(_) | Shown::Pseudonym(..) => members::append_shown(subject, ["uid", "uid_alt"], json),
    }
    json.close();
}

fn append_session(session: &Shown, json: &mut Json<'_>) {
    if *session != Shown::Omitted {
        json.open("session");
        members::append_shown(session, ["uid", "uid_alt"], json);
        json.close();
    }
}

/// An endpoint must have an address, an id or a name.
fn append_peer(peer: &ShownPeer, json: &mut Json<'_>) {
    json.open("src_endpoint");
    match peer {
        ShownPeer::Omitted => json.at("svc_name").word(UNKNOWN),
        ShownPeer::Clear(peer) | ShownPeer::Prefix(peer) => json.at("ip").shown(peer),
        ShownPeer::Pseudonym(peer) => json.at("uid").pseudonym(peer),
    }
    json.close();
}

fn append_named(key: &str, name: &str, json: &mut Json<'_>) {
    json.open(key);
    json.at("name").text(name);
    json.close();
}

fn append_product(key: &str, name: &str, json: &mut Json<'_>) {
    json.open(key);
    json.at("name").word(name);
    json.at("version").word(env!("CARGO_PKG_VERSION"));
    json.close();
}

fn append_metadata(
    [operation, outcome]: [&str; 2],
    attempt: Option<&Attempt>,
    frame: &Frame<'_>,
    json: &mut Json<'_>,
) {
    json.open("metadata");
    json.at("version").word(VERSION);
    append_product("product", "auth-metrics", json);
    if attempt.is_some_and(|attempt| class_of(attempt.kind, "").0 == API_ACTIVITY) {
        // The profile that `action_id` is of.
        json.at("profiles").list_of("security_control");
    }
    json.at("event_code").texts(&[operation, ".", outcome]);
    json.at("uid").place(frame.chain, frame.sequence);
    json.at("sequence").number(frame.sequence);
    if let Some(trace) = attempt.and_then(|attempt| attempt.trace) {
        json.at("correlation_uid").hex(&trace.trace_id());
    }
    if let Some(organization) = &frame.origin.organization {
        json.at("tenant_uid").text(organization);
    }
    json.close();
}

fn append_origin(frame: &Frame<'_>, json: &mut Json<'_>) {
    json.ours("node").text(&frame.origin.node);
    json.ours("boot").word(&frame.origin.boot);
}

fn append_unmapped(attempt: &Attempt, frame: &Frame<'_>, json: &mut Json<'_>) {
    let class = class_of(attempt.kind, "").0;
    json.ours("kind").word(words::kind(attempt.kind));
    append_origin(frame, json);
    json.ours("operation").text(&attempt.operation);
    json.ours("outcome").word(attempt.outcome.label());
    if let Some(reason) = attempt.outcome.reason() {
        json.ours("class").word(reason.class().label());
        json.ours("fault").word(reason.fault().label());
    }
    json.ours("duration_ns").number(members::nanos(attempt.duration));
    if let Some(method) = attempt.source {
        json.ours("method").text(method);
    }
    if class == ENTITY_MANAGEMENT {
        json.ours("service").text(&attempt.service);
    }
    members::append_shown(&attempt.device, ["device", "device_prev"], json);
    if let Some(resource) = attempt.resource.as_ref().filter(|_| class == AUTHENTICATION) {
        json.ours("resource").text(resource);
    }
    if let ShownPeer::Prefix(prefix) = &attempt.peer {
        json.ours("peer_prefix").word(members::prefix_length(*prefix));
    }
    if let Some(trace) = &attempt.trace {
        json.ours("span").hex(&trace.span_id());
    }
    members::append_memory(attempt, frame, json);
}
