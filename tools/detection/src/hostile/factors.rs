//! Attacks on the second factor and on tokens.

use crate::event::{Ending, LOGIN, MFA, TOKEN};
use crate::hostile::Hostile;
use crate::time::{HOUR, MINUTE, Span};

/// Guesses one-time passwords of accounts whose password is known.
pub fn otp(hostile: &mut Hostile<'_>, span: Span) {
    hostile.begin("OTP guessing");
    for _ in 0..20 {
        let pair = (hostile.address(), hostile.account());
        let mut t = hostile.random().between(span.from, span.to - HOUR);
        hostile.attempt(t, pair, LOGIN, Ending::SECOND_FACTOR);
        let gap = hostile.random().between(8.0, 40.0);
        for _ in 0..hostile.random().whole(30, 80) {
            t += gap * hostile.random().between(0.7, 1.3);
            hostile.attempt(t, pair, MFA, Ending::rejected("mfa_invalid"));
        }
    }
}

/// Sends one push after the other until somebody approves.
pub fn push(hostile: &mut Hostile<'_>, span: Span) {
    hostile.begin("push bombing");
    for _ in 0..25 {
        let pair = (hostile.address(), hostile.account());
        let mut t = hostile.random().between(span.from, span.to - HOUR);
        for _ in 0..hostile.random().whole(6, 15) {
            hostile.attempt(t, pair, LOGIN, Ending::SECOND_FACTOR);
            t += hostile.random().between(15.0, 55.0);
            let answer = if hostile.random().chance(0.6) { "mfa_denied" } else { "mfa_expired" };
            hostile.attempt(t, pair, MFA, Ending::rejected(answer));
            t += hostile.random().between(2.0, 20.0);
        }
    }
}

/// Presents tokens that nobody signed.
pub fn forgery(hostile: &mut Hostile<'_>, span: Span) {
    hostile.begin("token forgery");
    let nobody = hostile.scene.names.subject("");
    for _ in 0..20 {
        let source = hostile.address();
        let from = hostile.random().between(span.from, span.to - HOUR);
        for _ in 0..hostile.random().whole(10, 60) {
            let reason = hostile.random().pick(&[
                "token_signature_invalid",
                "token_signature_invalid",
                "token_algorithm_rejected",
                "token_key_unknown",
                "token_malformed",
            ]);
            let t = from + hostile.random().between(0.0, HOUR);
            hostile.attempt(t, (source, nobody), TOKEN, Ending::rejected(reason));
        }
    }
}

/// Presents stolen single-use tokens again.
pub fn replay(hostile: &mut Hostile<'_>, span: Span) {
    hostile.begin("token replay");
    for _ in 0..15 {
        let source = hostile.address();
        let mut t = hostile.random().between(span.from, span.to - HOUR);
        for _ in 0..hostile.random().whole(5, 9) {
            let account = hostile.account();
            hostile.attempt(t, (source, account), TOKEN, Ending::rejected("token_replayed"));
            t += hostile.random().between(5.0, 6.0 * MINUTE);
        }
    }
}
