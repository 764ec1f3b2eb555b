//! `Link`: a connection as the exchange sees it, so that tests can play the server.

use ::redis::{Pipeline, Value};

/// Why there is no answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Trouble {
    /// The connection is closed, and nothing was answered: the server did not take it.
    Closed,
    /// No answer in time, or half of one: nobody knows whether the server took it.
    Silent,
    /// An answer that is none, or too long; or the login was refused.
    Refused,
}

/// A connection.
pub(super) trait Link: Send {
    /// Sends commands, and returns an answer for each. After a trouble the connection is not used again.
    fn ask(&mut self, commands: &Pipeline) -> Result<Vec<Value>, Trouble>;
}

/// What makes connections.
pub(super) trait Connect: Send {
    fn connect(&mut self) -> Result<Box<dyn Link>, Trouble>;
}
