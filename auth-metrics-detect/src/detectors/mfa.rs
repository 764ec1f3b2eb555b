//! D6 `mfa_fatigue` and `otp_guessing`: an account's second factor is under attack. Counted apart from its password.

use super::{Convicted, Finding};
use crate::detection::Sentence;
use crate::detector::{Action, Detector};

/// Refused or ignored prompts, and within which time.
pub(crate) const PROMPTS: u8 = 5;
pub(crate) const PROMPTS_SECONDS: f64 = 600.0;
/// Wrong one-time passwords, and within which time.
pub(crate) const CODES: u8 = 10;
pub(crate) const CODES_SECONDS: f64 = 1800.0;

pub(crate) fn fatigue(subject: u64, prompts: u8) -> Option<Finding> {
    let finding = Finding::new(Detector::MfaFatigue, Convicted::Subject(subject), Sentence::MfaFatigue);
    (prompts >= PROMPTS)
        .then(|| finding.action(Action::StepUp).counted(prompts, prompts).weighed(0.0, 0.0, 0.99))
}

pub(crate) fn codes(subject: u64, codes: u8) -> Option<Finding> {
    let finding = Finding::new(Detector::OtpGuessing, Convicted::Subject(subject), Sentence::OtpGuessing);
    (codes >= CODES).then(|| finding.action(Action::StepUp).counted(codes, codes).weighed(0.0, 0.0, 0.99))
}
