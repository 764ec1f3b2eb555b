//! What the exchange sees: `Sharing`, an engine, and `Link`, a connection, so that tests can play the server.

use ::redis::{Pipeline, Value};

use crate::engine::{Incoming, Outgoing};
use crate::export::InternalError;

/// An engine. Each call takes its lock, and none waits for the server.
pub(crate) trait Sharing {
    /// Takes what others are to be told; none if the engine is dead.
    fn take_outgoing(&self) -> Option<Outgoing>;

    /// Puts back what could not be told.
    fn put_back(&self, outgoing: &Outgoing);

    /// Takes in what others told.
    fn take_in(&self, incoming: &Incoming);

    /// Counts a trouble.
    fn error(&self, error: InternalError);
}

/// Why there is no answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Trouble {
    /// The connection is closed, and nothing was answered: the server did not take it.
    Closed,
    /// No answer in time, or half of one: nobody knows whether the server took it.
    Silent,
    /// An answer that is none, or too long; or the login was refused.
    Refused,
}

/// A connection.
pub(crate) trait Link: Send {
    /// Sends commands, and returns an answer for each. After a trouble the connection is not used again.
    fn ask(&mut self, commands: &Pipeline) -> Result<Vec<Value>, Trouble>;
}

/// What makes connections.
pub(crate) trait Connect: Send {
    fn connect(&mut self) -> Result<Box<dyn Link>, Trouble>;
}
