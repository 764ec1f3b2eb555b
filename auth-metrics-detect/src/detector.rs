//! The closed set of detectors, and how bad what they find is.

/// What found something; the label `detector`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Detector {
    /// A source tries accounts that it never got into.
    SourceGuessing,
    /// The sources of a network do, few guesses each.
    NetGuessing,
    /// Many sources try one account.
    AccountGuessing,
    /// Password spraying or credential stuffing: more failed first contacts than the successes explain.
    Campaign,
    /// Somebody looks for names of accounts.
    Enumeration,
    /// A user is asked for a second factor until they give in.
    MfaFatigue,
    /// Somebody guesses one-time passwords.
    OtpGuessing,
    /// A source presents forged tokens.
    TokenForgery,
    /// A single-use token was used again.
    TokenReplay,
    /// A guess was right: an account is probably taken.
    CompromiseSuspected,
    /// Users who always got in fail: an outage or a bad deployment, no attack.
    RegressionSuspected,
    /// A program of a known user fails at even intervals.
    StuckClient,
    /// What a rule with a fixed threshold would ban: many failures of a source in a short time.
    SourceBurst,
    /// A user succeeds from a new source.
    NewSource,
    /// A user succeeds from two places that are too far apart.
    ImpossibleTravel,
    /// The mix of failure reasons is not what it was.
    MixDrift,
    /// The latency tells whether an account exists.
    TimingOracle,
    /// Something will run out.
    ExhaustionPredicted,
}

impl Detector {
    /// Every detector, in the order of a scrape.
    pub const ALL: &'static [Detector] = &[
        Detector::SourceGuessing,
        Detector::NetGuessing,
        Detector::AccountGuessing,
        Detector::Campaign,
        Detector::Enumeration,
        Detector::MfaFatigue,
        Detector::OtpGuessing,
        Detector::TokenForgery,
        Detector::TokenReplay,
        Detector::CompromiseSuspected,
        Detector::RegressionSuspected,
        Detector::StuckClient,
        Detector::SourceBurst,
        Detector::NewSource,
        Detector::ImpossibleTravel,
        Detector::MixDrift,
        Detector::TimingOracle,
        Detector::ExhaustionPredicted,
    ];

    /// Returns the value of the label `detector`.
    pub const fn label(self) -> &'static str {
        match self {
            Detector::SourceGuessing => "source_guessing",
            Detector::NetGuessing => "net_guessing",
            Detector::AccountGuessing => "account_guessing",
            Detector::Campaign => "campaign",
            Detector::Enumeration => "enumeration",
            Detector::MfaFatigue => "mfa_fatigue",
            Detector::OtpGuessing => "otp_guessing",
            Detector::TokenForgery => "token_forgery",
            Detector::TokenReplay => "token_replay",
            Detector::CompromiseSuspected => "compromise_suspected",
            Detector::RegressionSuspected => "regression_suspected",
            Detector::StuckClient => "stuck_client",
            Detector::SourceBurst => "source_burst",
            Detector::NewSource => "new_source",
            Detector::ImpossibleTravel => "impossible_travel",
            Detector::MixDrift => "mix_drift",
            Detector::TimingOracle => "timing_oracle",
            Detector::ExhaustionPredicted => "exhaustion_predicted",
        }
    }
}

/// How bad a detection is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Severity {
    /// Worth a look in working hours.
    Notice,
    /// Somebody attacks.
    Attack,
    /// Somebody got in.
    Critical,
}

impl Severity {
    /// Returns its word: `notice`, `attack` or `critical`.
    pub const fn label(self) -> &'static str {
        match self {
            Severity::Notice => "notice",
            Severity::Attack => "attack",
            Severity::Critical => "critical",
        }
    }
}

/// What a service may do about an attempt, from the mildest to the hardest. The engine proposes; it never does any of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[expect(
    clippy::exhaustive_enums,
    reason = "services match on it, and what is new would be allowed by accident"
)]
pub enum Action {
    /// Go on.
    Allow,
    /// Answer slowly, or limit the rate.
    Slow,
    /// Ask for a proof of work or a captcha before the password is checked.
    Challenge,
    /// Ask for another factor.
    StepUp,
    /// Refuse.
    Block,
}

impl Action {
    /// Returns its word: `allow`, `slow`, `challenge`, `step_up` or `block`.
    pub const fn label(self) -> &'static str {
        match self {
            Action::Allow => "allow",
            Action::Slow => "slow",
            Action::Challenge => "challenge",
            Action::StepUp => "step_up",
            Action::Block => "block",
        }
    }
}
