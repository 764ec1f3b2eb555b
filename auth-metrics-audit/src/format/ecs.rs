//! A line as the Elastic Common Schema has it, with dotted names. The order of the members is fixed.

use std::time::SystemTime;

use super::frame::Frame;
use super::json::Json;
use super::time::Moment;
use super::{members, own, words};
use crate::record::{Attempt, Body, Own, Record, Shown, ShownPeer};

/// All names that are used are in this version and in all later ones.
const VERSION: &str = "9.0.0";

pub(super) fn append(record: &Record, frame: &Frame<'_>, json: &mut Json<'_>) {
    json.at("@timestamp").shown(Moment::of(record.at));
    json.at("ecs.version").word(VERSION);
    json.at("event.kind").word("event");
    let is_truncated = match &record.body {
        Body::Event(attempt) => {
            append_what(attempt, record.at, json);
            append_where_from(Some(&attempt.service), frame, json);
            append_who(attempt, json);
            append_joins(attempt, frame, json);
            attempt.is_truncated
        }
        Body::Own(own) => {
            append_own(own, frame, json);
            false
        }
    };
    own::append_place(frame, is_truncated, "event.sequence", json);
}

fn append_own(own: &Own, frame: &Frame<'_>, json: &mut Json<'_>) {
    json.at("event.category").list_of("process");
    json.at("event.type").list_of(match own {
        Own::Boot { .. } => "start",
        Own::Shutdown(_) => "end",
        _ => "info",
    });
    json.at("event.action").word(own.name());
    json.at("event.code").texts(&["audit.", own.name()]);
    append_where_from(None, frame, json);
    json.ours("kind").word("audit");
    own::append(own, json);
}

fn append_what(attempt: &Attempt, at: SystemTime, json: &mut Json<'_>) {
    let Attempt { kind, operation, outcome, .. } = attempt;
    json.at("event.category").list_of(words::ecs_category(*kind));
    json.at("event.type").list_of(words::ecs_type(*kind, operation, *outcome));
    json.at("event.action").text(operation);
    json.at("event.code").texts(&[operation, ".", outcome.label()]);
    json.at("event.outcome").word(words::ecs_outcome(*outcome));
    json.ours("outcome").word(outcome.label());
    if let Some(reason) = outcome.reason() {
        json.at("event.reason").word(reason.label());
        json.ours("class").word(reason.class().label());
        json.ours("fault").word(reason.fault().label());
    }
    json.at("event.start").shown(Moment::of(attempt.started));
    let ended = attempt.started.checked_add(attempt.duration).unwrap_or(at);
    json.at("event.end").shown(Moment::of(ended));
    json.at("event.duration").number(members::nanos(attempt.duration));
}

fn append_where_from(service: Option<&str>, frame: &Frame<'_>, json: &mut Json<'_>) {
    if let Some(service) = service {
        json.at("service.name").text(service);
    }
    json.at("service.node.name").text(&frame.origin.node);
    if let Some(organization) = &frame.origin.organization {
        json.at("organization.id").text(organization);
    }
    json.ours("boot").word(&frame.origin.boot);
}

fn append_who(attempt: &Attempt, json: &mut Json<'_>) {
    json.ours("kind").word(words::kind(attempt.kind));
    if let Some(method) = attempt.source {
        json.ours("method").text(method);
    }
    match &attempt.subject {
        Shown::Omitted => {}
        Shown::Pseudonym(name, previous) => {
            json.at("user.hash").pseudonym(name);
            if let Some(previous) = previous {
                json.ours("user_hash_prev").pseudonym(previous);
            }
        }
        Shown::Clear(subject) => json.at("user.id").text(subject),
    }
    members::append_shown(&attempt.session, ["session", "session_prev"], json);
    members::append_shown(&attempt.device, ["device", "device_prev"], json);
    if let Some(resource) = &attempt.resource {
        json.ours("resource").text(resource);
    }
    match &attempt.peer {
        ShownPeer::Omitted => {}
        ShownPeer::Clear(peer) => json.at("source.ip").shown(peer),
        ShownPeer::Prefix(prefix) => {
            json.at("source.ip").shown(prefix);
            json.ours("peer_prefix").word(members::prefix_length(*prefix));
        }
        ShownPeer::Pseudonym(peer) => json.ours("peer_hash").pseudonym(peer),
    }
}

fn append_joins(attempt: &Attempt, frame: &Frame<'_>, json: &mut Json<'_>) {
    if let Some(trace) = &attempt.trace {
        json.at("trace.id").hex(&trace.trace_id());
        json.at("span.id").hex(&trace.span_id());
    }
    if let Some(request) = &attempt.request_id {
        json.at("http.request.id").text(request);
    }
    members::append_memory(attempt, frame, json);
}
