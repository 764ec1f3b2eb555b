//! `Lessons`: what is learned of an operation from windows of five minutes, and whether its latency tells accounts apart.

use auth_metrics::{Outcome, Reason};

use crate::learning::{CLASSES, Learned, Learning, Window};
use crate::saved::Saved;
use crate::timing::{Leak, TimingMonitor};

/// Windows of a minute in one that is learned.
const MINUTES: u8 = 5;

/// The lessons of one operation.
#[derive(Clone, Debug)]
pub(crate) struct Lessons {
    pub(crate) timing: TimingMonitor,
    learning: Learning,
    window: Window,
    minutes: u8,
    /// What the last window said.
    pub(crate) learned: Option<Learned>,
}

impl Lessons {
    pub(crate) fn new() -> Lessons {
        Lessons {
            timing: TimingMonitor::new(),
            learning: Learning::new(),
            window: Window::default(),
            minutes: 0,
            learned: None,
        }
    }

    /// Counts an attempt.
    pub(crate) fn count(&mut self, outcome: Outcome, is_familiar: bool) {
        let window = &mut self.window;
        window.attempts = window.attempts.saturating_add(1);
        let Some(reason) = outcome.reason() else {
            window.successes = window.successes.saturating_add(1);
            return;
        };
        let class = &mut window.reasons[reason.class() as usize % CLASSES];
        *class = class.saturating_add(1);
        match outcome.label() {
            "error" => window.server_faults = window.server_faults.saturating_add(1),
            "rejected" if is_familiar => {
                window.familiar_failures = window.familiar_failures.saturating_add(1);
            }
            "rejected" if reason == Reason::UnknownSubject => window.probes = window.probes.saturating_add(1),
            "rejected" => window.first_contact_failures = window.first_contact_failures.saturating_add(1),
            _ => {}
        }
    }

    /// Takes the latency of an attempt that named a wrong secret or an unknown account.
    pub(crate) fn time(&mut self, at: f64, outcome: Outcome, seconds: f32) -> Option<Leak> {
        match outcome.reason()? {
            Reason::UnknownSubject => self.timing.push(at, true, seconds),
            Reason::InvalidCredentials => self.timing.push(at, false, seconds),
            _ => None,
        }
    }

    /// Ends a minute. A window of five is judged, and learned if it is clean; the answer is what it said.
    pub(crate) fn end_minute(
        &mut self,
        hour_of_week: u16,
        looks_attacked: bool,
        is_held: bool,
    ) -> Option<Learned> {
        self.minutes += 1;
        self.window.looks_attacked |= looks_attacked;
        self.window.is_held |= is_held;
        if self.minutes < MINUTES {
            return None;
        }
        let window = Window { hour_of_week, ..std::mem::take(&mut self.window) };
        self.minutes = 0;
        self.learned = Some(self.learning.close_window(&window));
        self.learned
    }
}

/// What runs is not saved: at most five minutes are lost.
impl Saved for Lessons {
    fn save(&self, out: &mut Vec<u8>) {
        self.timing.save(out);
        self.learning.save(out);
    }

    fn load(input: &mut &[u8]) -> Option<Lessons> {
        let timing = TimingMonitor::load(input)?;
        Some(Lessons { timing, learning: Learning::load(input)?, ..Lessons::new() })
    }
}
