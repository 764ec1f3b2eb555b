//! The Alertmanager configuration: who hears of an alert, and which alerts stay silent because another says it already. Knows the alerts
//! of the pack by name only.

mod inhibitions;
mod named;
mod routes;

use std::collections::BTreeSet;

use super::document::{GENERATED, yaml};
use super::{Options, RulesError};
use routes::{PAGER, Receiver, TICKETS};

/// The name of the file.
pub(super) const FILE: &str = "alertmanager.yml";

const HEAD: &str = "\
# A complete configuration for Alertmanager 0.22 or later. The receivers at the end are empty, so nobody is notified yet.
# Copy the file to another folder, delete its first line, and fill in both receivers in the copy. Or merge the routes and inhibitions
# into the configuration that you have. Compare with this file when the rules change.
#
# Alertmanager tells clusters apart by the label `cluster` here. If your Prometheus servers set other external labels, add them to every
# `group_by` and every `equal`.

";

const ROUTES: &str = "\
# Outages: one notification for each service, whatever fires. A store that is away is noticed by several alerts on several operations;
# what fires later joins the same notification.
# Other pages: one notification for each alert and service, whatever operations or replicas it names. Attacks are never grouped with
# outages.
# Waits: a page waits 30 s for what fires with it, a ticket 5 min. A page is repeated every 4 h, for the next shift. A ticket is repeated
# every 3 days: Alertmanager forgets what it sent after 5 days, unless told otherwise.
";

const INHIBITIONS: &str = "
# While an alert of `source_matchers` fires, those of `target_matchers` with the same labels of `equal` notify nobody. No outage silences an
# attack, and no attack an outage.
";

const RECEIVERS: &str = "
# Fill in: how a person is woken, and where work for office hours is filed.
# https://prometheus.io/docs/alerting/latest/configuration/#receiver-integration-settings
";

const OF_PAGER: &str = "\
# For example pagerduty_configs, opsgenie_configs or victorops_configs.
";

const OF_TICKETS: &str = "\
# For example email_configs, slack_configs or webhook_configs.
";

/// Generates the configuration for these alerts.
pub(super) fn file(options: &Options, alerts: &[&str]) -> Result<(&'static str, String), RulesError> {
    let alerts: BTreeSet<&str> = alerts.iter().copied().collect();
    let mut text = format!("{GENERATED}{HEAD}{ROUTES}");
    text += &yaml(FILE, &routes::tree(options, &alerts))?;
    text += INHIBITIONS;
    text += "inhibit_rules:\n";
    for (why, rule) in inhibitions::rules(options, &alerts) {
        text += "# ";
        text += why;
        text += "\n";
        text += &yaml(FILE, &[rule])?;
    }
    text += RECEIVERS;
    text += "receivers:\n";
    for (what, name) in [(OF_PAGER, PAGER), (OF_TICKETS, TICKETS)] {
        text += what;
        text += &yaml(FILE, &[Receiver { name }])?;
    }
    Ok((FILE, text))
}
