//! `Record`: what one line says, whatever its format. Knows nothing of sinks and of chains.

mod about;
mod own;
mod shown;

pub(crate) use about::{Attempt, Kind, Previous, Sequences};
pub(crate) use own::{Checkpoint, GapCause, Head, Own, Recovered, ReopenCause, RotateCause};
pub(crate) use shown::{Shown, ShownPeer};

use std::time::SystemTime;

/// What one line says.
#[derive(Debug)]
pub(crate) struct Record {
    /// When it ended, or happened.
    pub(crate) at: SystemTime,
    pub(crate) body: Body,
}

/// The two sorts of lines.
#[derive(Debug)]
pub(crate) enum Body {
    /// What the handle reported: an attempt, a step of a credential, a decision that was not enforced.
    Event(Box<Attempt>),
    /// What the trail says of itself.
    Own(Own),
}
