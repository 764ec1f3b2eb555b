//! Attempts and records by hand, which write into a handle's cells. Knows no families and no readers.

mod attempt;
mod attempts;
mod by_hand;
mod call;
mod carrier;
mod declaration;
mod in_attempt;
mod later;
mod making;
mod metered;
mod reboxed;
mod registration;
mod run;
mod said;
mod site;
mod stage;
mod target;
mod watch;

pub use attempt::Attempt;
pub use attempts::Attempts;
pub use call::{AtService, Begin, Call, MetricsHandle, WithAbout, with_about};
#[cfg(feature = "tower")]
pub(crate) use carrier::{Carrier, Metering};
pub use in_attempt::InAttempt;
pub use later::Later;
pub use making::{Making, Pending};
pub use metered::Metered;
pub use reboxed::{Made, Reboxed};
pub use registration::ServiceRegistration;
pub use run::{at_once, boxed, call, continued, deferred, edge, future, hidden, making};
pub use said::{Named, Said, Text, Unreadable};
pub use site::Site;

#[cfg(test)]
mod tests {
    use crate::handle::AuthMetrics;
    use crate::storage::calibrations_asked;
    use crate::terms::Outcome;

    /// How often a piece of work asks for a calibrated clock on its own thread.
    fn asked_by(work: impl FnOnce()) -> u32 {
        let before = calibrations_asked::by_this_thread();
        work();
        calibrations_asked::by_this_thread() - before
    }

    #[test]
    fn no_call_waits_for_a_calibration() {
        let calls = || (0..2).for_each(|_| AuthMetrics::current().attempt("call").finish(Outcome::Success));
        assert_eq!(asked_by(calls), 0);
    }

    #[test]
    fn a_handle_waits_for_its_calibration_while_it_is_built() {
        assert_eq!(asked_by(|| assert!(AuthMetrics::builder().service_id("gateway").build().is_ok())), 1);
    }
}
