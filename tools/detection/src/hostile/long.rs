//! Campaigns that try to outlast a detector, or to blind it.

use crate::event::{Ending, LOGIN};
use crate::hostile::Hostile;
use crate::time::{DAY, HOUR, MINUTE, Span};

/// Guesses once a day at each of many accounts, for the whole span.
pub fn month_of_spraying(hostile: &mut Hostile<'_>, span: Span) {
    hostile.begin("one guess a day and account");
    let sources: Vec<_> = (0..300).map(|_| hostile.address()).collect();
    let accounts: Vec<_> = (0..1_000).map(|_| hostile.account()).collect();
    for day in 0..(span.length() / DAY) as u64 {
        for account in &accounts {
            let t = span.from + day as f64 * DAY + hostile.random().between(0.0, DAY);
            let source = hostile.random().pick(&sources);
            hostile.guess(t, (source, *account), 0.0002);
        }
    }
}

/// Grows from nothing to `most` guesses a day, each from a source of its own, and stays there.
pub fn ramp(hostile: &mut Hostile<'_>, span: Span, days: f64, most: f64) {
    hostile.begin("slow ramp");
    let mut t = span.from;
    while t < span.to {
        let grown = ((t - span.from) / (days * DAY)).clamp(0.01, 1.0);
        t += hostile.random().exponential(DAY / (most * grown));
        let pair = (hostile.address(), hostile.account());
        hostile.guess(t, pair, 0.001);
    }
}

/// Floods the tables with sources of one guess each, while one source guesses slowly.
pub fn flood(hostile: &mut Hostile<'_>, span: Span, sources: usize) {
    let slow = Span { from: span.from - 12.0 * HOUR, to: span.to + 6.0 * HOUR };
    hostile.begin("slow guesser in a flood");
    let source = hostile.address();
    let mut t = slow.from;
    while t < slow.to {
        t += hostile.random().between(50.0 * MINUTE, 70.0 * MINUTE);
        let account = hostile.account();
        hostile.guess(t, (source, account), 0.0);
    }
    hostile.begin("table flood");
    for at in 0..sources {
        let t = span.from + span.length() * (at as f64 + hostile.random().unit()) / sources as f64;
        let source = hostile.scene.names.v6(0x2c0f_0000_0000_0000 | hostile.scene.random.bits() >> 16, 1);
        let account = hostile.account();
        hostile.guess(t, (source, account), 0.0);
    }
}

/// Logs in to own accounts between guesses, to look honest.
pub fn washing(hostile: &mut Hostile<'_>, span: Span) {
    hostile.begin("washing with own accounts");
    let own: Vec<_> = (0..100).map(|at| hostile.scene.names.subject(&format!("washer{at:03}"))).collect();
    for own in own.chunks(own.len() / 10) {
        let source = hostile.address();
        let mut t = span.from + hostile.random().between(0.0, HOUR);
        for at in 0..90 {
            t += hostile.random().between(MINUTE, 10.0 * MINUTE);
            if at % 3 == 0 {
                let account = own[at / 3 % own.len()];
                hostile.attempt(t, (source, account), LOGIN, Ending::SUCCESS);
            } else {
                let account = hostile.account();
                hostile.guess(t, (source, account), 0.0);
            }
        }
    }
}
