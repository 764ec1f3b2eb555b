//! Risk: asks the detection engine about each login before its password is checked, and does what it advises.
//!
//! Familiar users from their usual places are never asked for anything. The engine takes the same time for every name, and nothing here
//! depends on whether an account exists.

mod found;
mod puzzle;
mod used;

use std::net::IpAddr;
use std::time::Duration;

use auth_metrics::{AuthMetrics, FailureReason};
use auth_metrics_detect::{Action, Engine};
use thiserror::Error;
use tokio::sync::Semaphore;

use crate::opaque::RandomError;
use crate::settings::Settings;

pub(crate) use found::{Finding, Found};
pub(crate) use puzzle::{Asker, Challenge, solve};
use puzzle::{Puzzles, Unproven};

/// The `policy` label of logins that went on without a wait.
const POLICY: &str = "slow_down";
/// Logins that wait at once. More than those go on without a wait, and are counted, so that waiting costs a bounded memory.
const WAITING: usize = 1_000;
/// Accepted proofs that are remembered for each lifetime of a challenge: about a megabyte.
const REMEMBERED: usize = 16_384;

/// The client must do something first. Nothing was checked, so these outcomes are no evidence against anybody: the engine does not learn
/// from its own advice.
#[derive(Debug, Error, FailureReason)]
pub(crate) enum GateError {
    #[error("a proof of work must come first")]
    #[reason(custom = "proof_of_work_required", fault = neutral)]
    ProofRequired { challenge: Challenge },
    #[error("the proof of work is forged, too easy, or was used before")]
    #[reason(abuse_blocked)]
    ProofRefused { challenge: Challenge },
    #[error("the risk is so high that nothing is checked")]
    #[reason(abuse_blocked)]
    Blocked,
    #[error("no challenge could be made")]
    #[reason(transparent)]
    Random(#[from] RandomError),
}

/// Stands before the login.
pub(crate) struct Gate {
    engine: Engine,
    puzzles: Puzzles,
    places: Semaphore,
    wait: Duration,
    metrics: AuthMetrics,
}

impl Gate {
    /// Asks this engine.
    pub(crate) fn new(
        settings: &Settings,
        engine: Engine,
        metrics: AuthMetrics,
    ) -> Result<Self, RandomError> {
        metrics.declare_policy(metrics.service_id(), POLICY);
        let puzzles = Puzzles::new(settings.proof_bits, settings.proof_life, REMEMBERED)?;
        Ok(Self { engine, puzzles, places: Semaphore::new(WAITING), wait: settings.slow_wait, metrics })
    }

    /// What should be done about a login, before anything about it is looked up.
    pub(crate) fn advice(&self, name: &str, client: Option<IpAddr>) -> Action {
        self.engine.assess(name, client).action
    }

    /// Waits a little, if that is the advice. No thread waits meanwhile.
    pub(crate) async fn slow_down(&self, advice: Action) {
        if advice != Action::Slow {
            return;
        }
        match self.places.try_acquire() {
            Ok(_place) => tokio::time::sleep(self.wait).await,
            Err(_) => self.metrics.record_fail_open(self.metrics.service_id(), POLICY),
        }
    }

    /// Lets a login through to its password, or says what must come first.
    pub(crate) fn admit(
        &self,
        advice: Action,
        asker: Asker<'_>,
        proof: Option<&str>,
    ) -> Result<(), GateError> {
        match advice {
            Action::Allow | Action::Slow => Ok(()),
            Action::Challenge | Action::StepUp => self.prove(asker, proof),
            Action::Block => Err(GateError::Blocked),
        }
    }

    fn prove(&self, asker: Asker<'_>, proof: Option<&str>) -> Result<(), GateError> {
        let checked = proof.map(|proof| self.puzzles.check(asker, proof));
        if checked == Some(Ok(())) {
            return Ok(());
        }
        let challenge = self.puzzles.ask(asker)?;
        match checked {
            // A slow phone is no attacker.
            None | Some(Ok(()) | Err(Unproven::Expired | Unproven::Busy)) => {
                Err(GateError::ProofRequired { challenge })
            }
            Some(Err(Unproven::Forged | Unproven::TooEasy | Unproven::Replayed)) => {
                Err(GateError::ProofRefused { challenge })
            }
        }
    }
}
