//! The texts of the runbooks, one for each alert, and their parts. Knows nothing of options, namespaces or selectors.

macro_rules! templates {
    ($($alert:literal)*) => {
        /// Every runbook, in the order of the page.
        pub(super) const ALL: &[Template] = &[$(Template {
            alert: $alert,
            text: include_str!(concat!("../../runbooks/", $alert, ".md")),
        }),*];
    };
}

templates! {
    "AuthErrorBudgetBurnFast"
    "AuthErrorBudgetBurnSlow"
    "AuthLatencyHigh"
    "AuthLatencyUnusual"
    "AuthNoSuccess"
    "AuthHang"
    "AuthTrafficDrop"
    "AuthReplicaSick"
    "AuthFailuresSwallowed"
    "AuthRejectionSurge"
    "AuthRejectionsElevated"
    "AuthRejectionShareRising"
    "AuthLockoutStorm"
    "AuthMfaDenialStorm"
    "AuthTokenReplay"
    "AuthForgedTokens"
    "AuthAttackStorm"
    "AuthUnknownKeys"
    "AuthCompromiseSuspected"
    "AuthDetection"
    "AuthDetectionNotice"
    "AuthSuccessAfterFailures"
    "AuthSessionFromNewPeer"
    "AuthTokenWithoutLogin"
    "AuthFailOpen"
    "AuthFailOpenSustained"
    "AuthCredentialExpiresSoon"
    "AuthCredentialExpired"
    "AuthCredentialCompromised"
    "AuthCredentialRotationOverdue"
    "AuthCredentialRotationFailing"
    "AuthKeysStale"
    "AuthKeyFetchesFailing"
    "AuthRetiredKeyUsed"
    "AuthRateLimitNearExhaustion"
    "AuthUnmappedReasons"
    "AuthInFlightLeak"
    "AuthConservationBroken"
    "AuthLabelOverflow"
    "AuthMetricsInternalErrors"
    "AuthEventsDropped"
    "AuthObserverPanics"
    "AuthDetectorDown"
    "AuthDetectorBlind"
    "AuthAuditDropped"
    "AuthAuditIncomplete"
    "AuthAuditStalled"
    "AuthAuditQueueFilling"
    "AuthAuditFileReplaced"
    "AuthAuditTornTail"
    "AuthAuditSequenceFell"
    "AuthPushDown"
    "AuthPushFailing"
    "AuthTargetDown"
    "AuthTargetsDown"
    "AuthTargetSilent"
    "AuthReplicaMissing"
    "AuthJobGone"
    "AuthMetricsAbsent"
}

/// Opens a block of queries.
pub(super) const QUERY: &str = "```promql";

/// Closes it.
const END: &str = "```";

/// A runbook with placeholders.
#[derive(Clone, Copy)]
pub(super) struct Template {
    pub(super) alert: &'static str,
    pub(super) text: &'static str,
}

/// A part of a template, in order.
pub(super) enum Part<'a> {
    /// A line of Markdown.
    Prose(&'a str),
    /// A query in a block.
    Query(&'a str),
}

impl Template {
    /// Finds the runbook of an alert.
    pub(super) fn of(alert: &str) -> Option<Template> {
        ALL.iter().copied().find(|template| template.alert == alert)
    }

    /// Returns its lines, and which of them are queries.
    pub(super) fn parts(self) -> impl Iterator<Item = Part<'static>> {
        let mut is_query = false;
        self.text.lines().map(move |line| {
            let fence = line.trim();
            if fence == QUERY || fence == END {
                is_query = fence == QUERY;
                return Part::Prose(line);
            }
            if is_query { Part::Query(line) } else { Part::Prose(line) }
        })
    }

    /// Returns the first query of the diagnosis.
    pub(super) fn first_query(self) -> Option<&'static str> {
        self.parts().find_map(|part| match part {
            Part::Query(query) => Some(query.trim()),
            Part::Prose(_) => None,
        })
    }

    /// Returns `page` or `ticket`.
    pub(super) fn severity(self) -> &'static str {
        let severity = self.after("**Severity** ").and_then(|rest| rest.split_once('.'));
        severity.map_or("", |(severity, _)| severity)
    }

    /// Returns the first sentence of its meaning.
    pub(super) fn line(self) -> &'static str {
        let meaning = self.after("**Meaning** ").unwrap_or_default();
        meaning.find(". ").map_or(meaning, |end| &meaning[..=end])
    }

    fn after(self, start: &str) -> Option<&'static str> {
        self.text.lines().find_map(|line| line.strip_prefix(start))
    }
}
