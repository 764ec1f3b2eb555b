//! Alerts on what `auth-metrics-detect` finds: an attack pages, a notice is a ticket. What only repeats a fixed threshold
//! (`source_burst`), and what is usual (`new_source`), has no alert.

use super::super::query::{BY, Subject};
use super::alert::{Alert, Firing, NUMBER, Sample, Severity};
use super::samples::{SERVICE, found};
use auth_metrics_detect::Detector;
use auth_metrics_detect::families::{DETECTIONS, DETECTIONS_ACTIVE};

/// What a detector finds, for a person who has not read about it.
struct Found {
    detector: Detector,
    /// What is happening, in a few words.
    what: &'static str,
    meaning: &'static str,
}

/// What pages as soon as it begins.
const ATTACKS: [Found; 8] = [
    Found {
        detector: Detector::AccountGuessing,
        what: "many sources guess the password of one account",
        meaning: "Several sources that never signed in to an account try it. Ask for a second factor there; a lock would help the attacker.",
    },
    Found {
        detector: Detector::Campaign,
        what: "password spraying or credential stuffing",
        meaning: "Far more unfamiliar attempts fail than the successes explain. Each source may guess once only, so limits by source don't help.",
    },
    Found {
        detector: Detector::Enumeration,
        what: "somebody looks for names of accounts",
        meaning: "Names that don't exist are tried one after another. Passwords are guessed next.",
    },
    Found {
        detector: Detector::MfaFatigue,
        what: "a user is flooded with prompts for a second factor",
        meaning: "Somebody knows the password and sends prompts until the user accepts one. Stop the prompts and reset the password.",
    },
    Found {
        detector: Detector::OtpGuessing,
        what: "somebody guesses one-time passwords",
        meaning: "Somebody knows a password and tries codes. Limit the codes of the account and reset its password.",
    },
    Found {
        detector: Detector::TokenForgery,
        what: "a source presents forged tokens",
        meaning: "Tokens with a wrong signature, key, algorithm or binding come from one source, again and again.",
    },
    Found {
        detector: Detector::TokenReplay,
        what: "a single-use token was used again",
        meaning: "A token or code was stolen, or a client sends it twice. End the sessions that came from it.",
    },
    Found {
        detector: Detector::ImpossibleTravel,
        what: "a user signed in from two places that are too far apart",
        meaning: "Nobody travels that fast. Somebody else has the password or the session, or the user has a VPN.",
    },
];

/// What pages if there are many of them at once. A service on the open internet has some every day.
const GUESSING: [Found; 2] = [
    Found {
        detector: Detector::SourceGuessing,
        what: "sources guess passwords",
        meaning: "They try accounts that they never got into. Limit or challenge them at the edge.",
    },
    Found {
        detector: Detector::NetGuessing,
        what: "networks guess passwords",
        meaning: "The sources of a network try accounts that they never got into, few guesses each. Limit or challenge the network.",
    },
];

/// What waits for working hours.
const NOTICES: [Found; 5] = [
    Found {
        detector: Detector::RegressionSuspected,
        what: "users who always got in fail",
        meaning: "An outage, a release or an expired directory, and no attack. Campaign detection is held back meanwhile.",
    },
    Found {
        detector: Detector::StuckClient,
        what: "a program of a known user fails at even intervals",
        meaning: "A script or a mail client has an old password. It is no attack; tell its owner.",
    },
    Found {
        detector: Detector::MixDrift,
        what: "the mix of failure reasons has changed",
        meaning: "A release, a new client or a slow attack has changed why attempts fail.",
    },
    Found {
        detector: Detector::TimingOracle,
        what: "the latency reveals whether an account exists",
        meaning: "Attempts on accounts that don't exist take another time than those on accounts that do. Do the same work in both cases.",
    },
    Found {
        detector: Detector::ExhaustionPredicted,
        what: "something will run out",
        meaning: "If it goes on like this, a rate limit, an error budget or the capacity to hash passwords is used up soon.",
    },
];

const COMPROMISE: Found = Found {
    detector: Detector::CompromiseSuspected,
    what: "a guess was right, accounts are probably taken over",
    meaning: "After an attack on an account, or from a source that attacks, an attempt succeeded. End its sessions, reset its password and tell \
              its owner.",
};

const WHO: &str = "{{ $labels.operation }} on {{ $labels.service_id }}";

pub(super) fn alerts(subject: Subject<'_>) -> Vec<Alert> {
    let page = ("AuthDetection", Severity::Page, "1h");
    let notice = ("AuthDetectionNotice", Severity::Ticket, "6h");
    let mut alerts = vec![COMPROMISE.alert(subject, ("AuthCompromiseSuspected", Severity::Page, "1h"))];
    alerts.extend(ATTACKS.iter().map(|found| found.alert(subject, page)));
    alerts.extend(GUESSING.iter().map(|found| found.many(subject, page)));
    alerts.extend(NOTICES.iter().map(|found| found.alert(subject, notice)));
    alerts.extend(GUESSING.iter().filter_map(|found| found.few(subject, notice)));
    alerts
}

impl Found {
    /// Fires when a detection has begun, and as long as one of the last day is in force.
    fn alert(&self, subject: Subject<'_>, named: (&'static str, Severity, &str)) -> Alert {
        let label = self.matcher();
        let active = subject.series(&DETECTIONS_ACTIVE, &label);
        let (begun, day) = (self.begun(subject, "sum", named.2), self.begun(subject, "sum", "1d"));
        let in_force = format!("sum by (job, detector) ({active}) > 0");
        let active = |values: &str| {
            Sample::of(subject, &DETECTIONS_ACTIVE, &[("detector", self.detector.label())], values)
        };
        let once = || self.samples(subject, "0x25 2x600");
        let long = [once(), vec![active("0x25 1x600")]].concat();
        Alert {
            expr: format!("{begun} > 0 or ({day} > 0 and on (job, detector) {in_force})"),
            fires: vec![Firing::new("45m", "2", once()).not_before("15m"), Firing::new("8h", "2", long)],
            quiet: vec![("8h", once())],
            ..self.named(subject, named)
        }
    }

    /// Fires when many have begun on one replica: each may find the same source.
    fn many(&self, subject: Subject<'_>, named: (&'static str, Severity, &str)) -> Alert {
        let least = subject.options.guessing_sources;
        let samples = |count: f64| self.samples(subject, &format!("0x25 {count}x600"));
        Alert {
            expr: self.are_many(subject),
            fires: vec![Firing::new("45m", least.to_string(), samples(least)).not_before("15m")],
            quiet: vec![("45m", samples(least - 1.0))],
            ..self.named(subject, named)
        }
    }

    /// Fires when some have begun, but not many. `None` if one is many.
    fn few(&self, subject: Subject<'_>, named: (&'static str, Severity, &str)) -> Option<Alert> {
        let least = subject.options.guessing_sources;
        let samples = |count: f64| self.samples(subject, &format!("0x25 {count}x600"));
        let few = least - 1.0;
        (few > 0.0).then(|| Alert {
            expr: format!("{} > 0 unless {}", self.begun(subject, "max", named.2), self.are_many(subject)),
            fires: vec![Firing::new("45m", few.to_string(), samples(few)).not_before("15m")],
            quiet: vec![("45m", samples(least)), ("8h", samples(few))],
            ..self.named(subject, named)
        })
    }

    fn named(&self, subject: Subject<'_>, (name, severity, _): (&'static str, Severity, &str)) -> Alert {
        Alert {
            name,
            severity,
            hold: "0s".to_owned(),
            expr: String::new(),
            // It is in the series too. Here it tells the rules of one alert apart.
            labels: vec![("detector", self.detector.label().to_owned())],
            summary: format!("{WHO}: {} (detections: {{value}})", self.what),
            description: format!("{WHO}: {}", self.meaning),
            value: NUMBER,
            fires: Vec::new(),
            quiet: Vec::new(),
            found: found(&[SERVICE, ("operation", subject.example()), ("detector", self.detector.label())]),
            every: "15m",
        }
    }

    fn matcher(&self) -> String {
        format!("detector=\"{}\"", self.detector.label())
    }

    /// How many began, over all replicas or on the one that saw the most.
    fn begun(&self, subject: Subject<'_>, over: &str, window: &str) -> String {
        let series = subject.series(&DETECTIONS, &self.matcher());
        format!("{over} by ({BY}, detector) (increase({series}[{window}]))")
    }

    fn are_many(&self, subject: Subject<'_>) -> String {
        format!("{} >= {}", self.begun(subject, "max", "1h"), subject.options.guessing_sources)
    }

    fn samples(&self, subject: Subject<'_>, values: &str) -> Vec<Sample> {
        let labels = [SERVICE, ("operation", subject.example()), ("detector", self.detector.label())];
        vec![Sample::of(subject, &DETECTIONS, &labels, values)]
    }
}
