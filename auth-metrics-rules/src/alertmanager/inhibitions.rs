//! The inhibitions: which alerts say nothing new while another fires. The order of alerts that silence each other goes one way, so one of
//! them always speaks.

use std::collections::BTreeSet;

use serde::Serialize;

use super::super::Options;
use super::named::{alertname, one_of, present};
use super::routes::CLUSTER;
use auth_metrics_detect::Detector;

const ABSENT: &str = "AuthMetricsAbsent";
const BURN: &str = "AuthErrorBudgetBurnFast";
const NO_SUCCESS: &str = "AuthNoSuccess";
const HANG: &str = "AuthHang";
const DROP: &str = "AuthTrafficDrop";
const DETECTION: &str = "AuthDetection";
const SLOW: [&str; 2] = ["AuthLatencyHigh", "AuthLatencyUnusual"];

const JOB: &[&str] = &["job"];
const SERVICE: &[&str] = &["job", "service_id"];
const OPERATION: &[&str] = &["job", "service_id", "operation"];
const POLICY: &[&str] = &["job", "service_id", "policy"];
const REPLICA: &[&str] = &["job", "instance"];
const SINK: &[&str] = &["job", "instance", "sink"];
const PUSH: &[&str] = &["job", "instance", "push"];
const CREDENTIAL: &[&str] = &["job", "service_id", "credential_kind", "credential"];

const ANY: &[Detector] = &[];

/// Alerts that silence others which have the same labels.
struct Silence {
    why: &'static str,
    by: &'static [&'static str],
    /// The detectors that the alerts must come from; any, if there are none here.
    detectors: &'static [Detector],
    silenced: &'static [&'static str],
    equal: &'static [&'static str],
}

const SILENCES: [Silence; 20] = [
    Silence {
        why: "Nothing is scraped at all: each job and target is missing too.",
        by: &[ABSENT],
        detectors: ANY,
        silenced: &["AuthJobGone", "AuthTargetsDown", "AuthTargetDown", "AuthTargetSilent", DROP],
        equal: &[],
    },
    Silence {
        why: "A job is gone: so are its targets and its traffic.",
        by: &["AuthJobGone"],
        detectors: ANY,
        silenced: &["AuthTargetsDown", "AuthTargetDown", DROP],
        equal: JOB,
    },
    Silence {
        why: "Many targets are down: each of them is one of those.",
        by: &["AuthTargetsDown"],
        detectors: ANY,
        silenced: &["AuthTargetDown"],
        equal: JOB,
    },
    Silence {
        why: "Nobody gets in: errors, callers who give up and callers who stay away are the same outage.",
        by: &[NO_SUCCESS],
        detectors: ANY,
        silenced: &[BURN, HANG, DROP, "AuthErrorBudgetBurnSlow", SLOW[0], SLOW[1]],
        equal: OPERATION,
    },
    Silence {
        why: "The budget burns fast: it burns slowly too, and what still works is slow.",
        by: &[BURN],
        detectors: ANY,
        silenced: &["AuthErrorBudgetBurnSlow", SLOW[0], SLOW[1]],
        equal: OPERATION,
    },
    Silence {
        why: "Callers give up before they get an error, and then stay away.",
        by: &[HANG],
        detectors: ANY,
        silenced: &[DROP, SLOW[0], SLOW[1]],
        equal: OPERATION,
    },
    Silence {
        why: "The few who still get through are slow.",
        by: &[DROP],
        detectors: ANY,
        silenced: &SLOW,
        equal: OPERATION,
    },
    Silence {
        why: "A service whose requests fail can't fetch its key sets either.",
        by: &[BURN, NO_SUCCESS, HANG, DROP],
        detectors: ANY,
        silenced: &["AuthKeyFetchesFailing"],
        equal: SERVICE,
    },
    Silence {
        why: "Key sets that can't be fetched get old.",
        by: &["AuthKeyFetchesFailing"],
        detectors: ANY,
        silenced: &["AuthKeysStale"],
        equal: SERVICE,
    },
    Silence {
        why: "A surge of rejections is more of them, and a larger share.",
        by: &["AuthRejectionSurge"],
        detectors: ANY,
        silenced: &["AuthRejectionsElevated", "AuthRejectionShareRising"],
        equal: OPERATION,
    },
    Silence {
        why: "A campaign that is detected is what the rejections come from.",
        by: &[DETECTION],
        detectors: &[Detector::Campaign, Detector::Enumeration],
        silenced: &["AuthRejectionSurge", "AuthRejectionsElevated", "AuthRejectionShareRising"],
        equal: OPERATION,
    },
    Silence {
        why: "Forged tokens that are detected are counted too.",
        by: &[DETECTION],
        detectors: &[Detector::TokenForgery],
        silenced: &["AuthForgedTokens"],
        equal: OPERATION,
    },
    Silence {
        why: "Replayed tokens that are detected are counted too.",
        by: &[DETECTION],
        detectors: &[Detector::TokenReplay],
        silenced: &["AuthTokenReplay"],
        equal: OPERATION,
    },
    Silence {
        why: "A detector that has stopped is blind.",
        by: &["AuthDetectorDown"],
        detectors: ANY,
        silenced: &["AuthDetectorBlind"],
        equal: REPLICA,
    },
    Silence {
        why: "An audit sink that loses attempts has stopped, hangs, or has a full queue.",
        by: &["AuthAuditDropped"],
        detectors: ANY,
        silenced: &["AuthAuditStalled", "AuthAuditQueueFilling"],
        equal: SINK,
    },
    Silence {
        why: "The queue of an audit sink that takes nothing gets full.",
        by: &["AuthAuditStalled"],
        detectors: ANY,
        silenced: &["AuthAuditQueueFilling"],
        equal: SINK,
    },
    Silence {
        why: "An audit file that was exchanged for a shorter one is first of all shorter.",
        by: &["AuthAuditSequenceFell"],
        detectors: ANY,
        silenced: &["AuthAuditFileReplaced", "AuthAuditTornTail"],
        equal: SINK,
    },
    Silence {
        why: "A push that has ended takes nothing to its server.",
        by: &["AuthPushDown"],
        detectors: ANY,
        silenced: &["AuthPushFailing"],
        equal: PUSH,
    },
    Silence {
        why: "A policy that stays open was open before.",
        by: &["AuthFailOpenSustained"],
        detectors: ANY,
        silenced: &["AuthFailOpen"],
        equal: POLICY,
    },
    Silence {
        why: "What has expired will not expire soon.",
        by: &["AuthCredentialExpired"],
        detectors: ANY,
        silenced: &["AuthCredentialExpiresSoon"],
        equal: CREDENTIAL,
    },
];

#[derive(Serialize)]
pub(super) struct Rule {
    source_matchers: Vec<String>,
    target_matchers: [String; 1],
    equal: Vec<String>,
}

/// Returns the rules whose alerts the pack has, each with its reason.
pub(super) fn rules(options: &Options, alerts: &BTreeSet<&str>) -> Vec<(&'static str, Rule)> {
    let rule = |silence: &Silence| {
        let (by, silenced) = (present(silence.by, alerts), present(silence.silenced, alerts));
        let rule = || Rule {
            source_matchers: std::iter::once(alertname(&by)).chain(detectors(silence)).collect(),
            target_matchers: [alertname(&silenced)],
            equal: equal(options, silence),
        };
        // Without a job of its own, a pack whose targets are absent knows nothing of other packs' jobs.
        let of_all = silence.by == [ABSENT]
            && !options.matchers.iter().any(|each| each.label == "job" && each.is_equality());
        (!by.is_empty() && !silenced.is_empty() && !of_all).then(|| (silence.why, rule()))
    };
    SILENCES.iter().filter_map(rule).collect()
}

fn detectors(silence: &Silence) -> Option<String> {
    let labels: Vec<&str> = silence.detectors.iter().map(|detector| detector.label()).collect();
    (!labels.is_empty()).then(|| one_of("detector", &labels))
}

/// Alerts of another cluster or team are about something else.
fn equal(options: &Options, silence: &Silence) -> Vec<String> {
    let others = std::iter::once(CLUSTER).chain(options.team_labels.keys().map(String::as_str));
    // An absent series has the labels that its selector asks for.
    let selects_job = options.matchers.iter().any(|matcher| matcher.label == "job" && matcher.is_equality());
    let of_absent = (silence.by == [ABSENT] && selects_job).then_some("job");
    others.chain(of_absent).chain(silence.equal.iter().copied()).map(str::to_owned).collect()
}
