//! Alerts on patterns over several attempts, which the trail finds. Each has harmless matches every day, so they are compared with the day
//! before.

use super::super::super::query::{Subject, increase_by};
use super::super::alert::{Alert, Firing, Sample, Severity};
use super::super::samples::found;
use super::replica::base;
use auth_metrics_audit::families::CORRELATIONS;

const BY: &str = "job, pattern";

/// A pattern, for a person who has not read about it.
struct Correlation {
    alert: &'static str,
    pattern: &'static str,
    what: &'static str,
    meaning: &'static str,
}

const CORRELATIONS_FOUND: [Correlation; 3] = [
    Correlation {
        alert: "AuthSuccessAfterFailures",
        pattern: "success_after_failures",
        what: "{value} users got in after failing again and again",
        meaning: "Users mistype, but not that often: passwords may be guessed, and some guesses were right.",
    },
    Correlation {
        alert: "AuthSessionFromNewPeer",
        pattern: "session_from_new_peer",
        what: "{value} sessions moved to another address",
        meaning: "Users change networks, but not that often: sessions may be stolen and used from elsewhere.",
    },
    Correlation {
        alert: "AuthTokenWithoutLogin",
        pattern: "token_without_login",
        what: "{value} tokens were used without a login before them",
        meaning: "Tokens outlive what the trail remembers, but not that often: tokens may be stolen, or issued by something else.",
    },
];

pub(super) fn alerts(subject: Subject<'_>) -> Vec<Alert> {
    CORRELATIONS_FOUND.iter().map(|correlation| correlation.alert(subject)).collect()
}

impl Correlation {
    /// Fires above a least number and twice the highest hour of the day before, but not on the first day. The last six hours are no habit
    /// yet, so that the alert stays while the pattern does.
    fn alert(&self, subject: Subject<'_>) -> Alert {
        let series = subject.series(&CORRELATIONS, &format!("pattern=\"{}\"", self.pattern));
        let hour = increase_by(BY, &series, "1h");
        let usual = format!("max_over_time(({hour})[1d:1h] offset 6h)");
        let least = subject.options.correlations;
        let samples =
            |values: &str| vec![Sample::of(subject, &CORRELATIONS, &[("pattern", self.pattern)], values)];
        let job = "{{ $labels.job }}";
        Alert {
            name: self.alert,
            expr: format!("{hour} > {least} + 2 * {usual} and on ({BY}) sum by ({BY}) ({series} offset 1d)"),
            summary: format!("{job}: {} within an hour", self.what),
            description: format!(
                "{job}: {} The audit trail matched the pattern {} {{value}} times within an hour, more than twice as often as in any hour \
                 of the day before.",
                self.meaning, self.pattern
            ),
            fires: vec![
                Firing::new(
                    "31h",
                    (least + 1.0).to_string(),
                    samples(&format!("0x1810 {}x400", least + 1.0)),
                )
                .not_before("30h"),
                Firing::new(
                    "35h",
                    (60.0 * (least + 1.0)).to_string(),
                    samples(&format!("0x1799 0+{}x400", least + 1.0)),
                ),
            ],
            quiet: vec![
                ("31h", samples(&format!("0x1810 {least}x400"))),
                ("45h", samples("0+1x3000")),
                // On the first day, nobody knows what is usual.
                ("20h", samples(&format!("0x1190 {}x400", least + 1.0))),
            ],
            found: found(&[("pattern", self.pattern)]),
            every: "1h",
            ..base(self.alert, Severity::Ticket, &[])
        }
    }
}
