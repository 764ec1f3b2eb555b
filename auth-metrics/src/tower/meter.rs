//! What a layer, its services and their futures share: the operation, and what reads the answers.

use std::sync::Arc;

use super::reading::{ReadError, ReadResponse};
use crate::record::{Attempts, Metering};
use crate::terms::{Outcome, ReasonSet};

/// The operation of a layer, and how its answers are read.
pub(super) struct Meter<A, E> {
    pub(super) attempts: Attempts,
    pub(super) listed: Listed,
    pub(super) responses: Arc<A>,
    pub(super) errors: Arc<E>,
}

/// The reasons that are exported at zero.
#[derive(Clone, Copy)]
pub(super) struct Listed {
    pub(super) of_responses: ReasonSet,
    pub(super) of_errors: ReasonSet,
    /// Given by the user in place of the other two.
    pub(super) among: Option<ReasonSet>,
}

impl Listed {
    pub(super) fn all(&self) -> ReasonSet {
        self.among.unwrap_or(self.of_responses.union(self.of_errors))
    }
}

/// A [`Meter`] that is shared by a layer, its services and their futures.
pub(super) struct Shared<A, E>(pub(super) Arc<Meter<A, E>>);

impl<A, E> Clone for Shared<A, E> {
    fn clone(&self) -> Shared<A, E> {
        Shared(Arc::clone(&self.0))
    }
}

impl<A, E> AsRef<Attempts> for Shared<A, E> {
    fn as_ref(&self) -> &Attempts {
        &self.0.attempts
    }
}

impl<R, T, A: ReadResponse<R>, E: ReadError<T>> Metering<Result<R, T>> for Shared<A, E> {
    fn outcome(&self, answer: &Result<R, T>) -> Outcome {
        match answer {
            Ok(response) => self.0.responses.outcome(response),
            Err(error) => Outcome::Failure(self.0.errors.reason(error)),
        }
    }
}
