//! The routes: by severity, and by the team labels of the options.

use std::collections::BTreeSet;

use serde::Serialize;

use super::super::Options;
use super::super::matcher::Matcher;
use super::named::{alertname, present};

/// Wakes somebody.
pub(super) const PAGER: &str = "pager";
/// Waits for office hours.
pub(super) const TICKETS: &str = "tickets";

/// Which Prometheus an alert comes from; without an external label of this name it changes nothing.
pub(super) const CLUSTER: &str = "cluster";

/// What an outage of a service can fire, of all its operations together.
const OUTAGES: [&str; 9] = [
    "AuthErrorBudgetBurnFast",
    "AuthHang",
    "AuthJobGone",
    "AuthKeyFetchesFailing",
    "AuthMetricsAbsent",
    "AuthNoSuccess",
    "AuthReplicaSick",
    "AuthTargetsDown",
    "AuthTrafficDrop",
];

const OF_SERVICE: [&str; 3] = [CLUSTER, "job", "service_id"];
const OF_ALERT: [&str; 4] = [CLUSTER, "job", "service_id", "alertname"];

#[derive(Serialize)]
pub(super) struct Tree {
    route: Root,
}

/// What no other route takes becomes a ticket.
#[derive(Serialize)]
struct Root {
    receiver: &'static str,
    group_by: &'static [&'static str],
    routes: Vec<Route>,
}

#[derive(Serialize)]
struct Route {
    matchers: Vec<String>,
    receiver: &'static str,
    group_by: &'static [&'static str],
    group_wait: &'static str,
    group_interval: &'static str,
    repeat_interval: &'static str,
}

/// A receiver that the user fills in.
#[derive(Serialize)]
pub(super) struct Receiver {
    pub(super) name: &'static str,
}

/// Builds the routes of a pack with these alerts.
pub(super) fn tree(options: &Options, alerts: &BTreeSet<&str>) -> Tree {
    let matchers = |severity: &str| {
        let severity = Matcher::equal("severity".to_owned(), severity.to_owned());
        let team = options.team_labels.iter();
        let team = team.map(|(label, value)| Matcher::equal(label.clone(), value.clone()));
        std::iter::once(severity).chain(team).map(|matcher| matcher.as_text()).collect::<Vec<_>>()
    };
    let page = |more: Option<String>, group_by: &'static [&'static str]| Route {
        matchers: matchers("page").into_iter().chain(more).collect(),
        receiver: PAGER,
        group_by,
        group_wait: "30s",
        group_interval: "5m",
        repeat_interval: "4h",
    };
    let outages = page(Some(alertname(&present(&OUTAGES, alerts))), &OF_SERVICE);
    let tickets = Route {
        matchers: matchers("ticket"),
        receiver: TICKETS,
        group_by: &OF_ALERT,
        group_wait: "5m",
        group_interval: "1h",
        repeat_interval: "3d",
    };
    let routes = vec![outages, page(None, &OF_ALERT), tickets];
    Tree { route: Root { receiver: TICKETS, group_by: &OF_ALERT, routes } }
}
