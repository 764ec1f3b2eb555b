//! Whose sign-ins are refused most: an observer of events. It keeps pseudonyms and counts, and no names.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use auth_metrics::events::{Event, EventKind, Field, Observed, Observer, Pseudonym};
use auth_metrics::{Fault, OperationKind};

/// So many names are remembered. Somebody who guesses names can't fill the memory.
const MOST: usize = 10_000;

/// Refused sign-ins by the pseudonym of the name that was tried.
#[derive(Default)]
pub(crate) struct Guessed {
    refused: Mutex<HashMap<Pseudonym, u64>>,
}

impl Guessed {
    /// The name with the most refusals, and how many.
    pub(crate) fn most(&self) -> Option<(Pseudonym, u64)> {
        let refused = self.refused.lock().unwrap_or_else(PoisonError::into_inner);
        let most = refused.iter().max_by_key(|(_, count)| **count)?;
        Some((most.0.clone(), *most.1))
    }
}

impl Observer for Guessed {
    fn name(&self) -> &'static str {
        "guessed"
    }

    fn observe(&self, events: &[Event]) {
        let mut refused = self.refused.lock().unwrap_or_else(PoisonError::into_inner);
        for event in events {
            let is_refused =
                event.reason().is_some_and(|reason| matches!(reason.fault(), Fault::Client | Fault::Attack));
            let signs_in = event.kind() == EventKind::Attempt(OperationKind::Authentication);
            let has_name = event.subject().is_some_and(|name| !name.is_empty());
            if !(signs_in && is_refused && has_name) {
                continue;
            }
            let Some(name) = event.pseudonym(Field::Subject) else { continue };
            if refused.len() >= MOST && !refused.contains_key(&name) {
                // Most names of a flood come once.
                refused.retain(|_, count| *count > 1);
            }
            if refused.len() < MOST || refused.contains_key(&name) {
                *refused.entry(name).or_default() += 1;
            }
        }
    }

    /// Attempts alone: credentials and policies have no name to guess.
    fn wants(&self, operation: Observed<'_>) -> bool {
        matches!(operation.kind(), EventKind::Attempt(_))
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use auth_metrics::events::Pseudonyms;
    use auth_metrics::{AuthMetrics, Outcome, Reason};

    #[test]
    fn names_are_counted_by_pseudonym_and_only_where_the_client_is_at_fault()
    -> Result<(), Box<dyn std::error::Error>> {
        let (guessed, pseudonyms) = (Arc::new(Guessed::default()), Pseudonyms::with_key("test", &[7; 32])?);
        let victim = pseudonyms.of(Field::Subject, "victim");
        let builder = AuthMetrics::builder().service_id("test").poll_events().pseudonyms(pseudonyms);
        let metrics = builder.observe(Arc::clone(&guessed)).build()?;
        for (name, outcome) in [
            ("victim", Outcome::Failure(Reason::InvalidCredentials)),
            ("victim", Outcome::Failure(Reason::AccountLocked)),
            ("other", Outcome::Failure(Reason::InvalidCredentials)),
            ("lucky", Outcome::Success),
            ("unlucky", Outcome::Failure(Reason::DependencyUnavailable)),
        ] {
            metrics.attempt("login").subject(name).finish(outcome);
        }
        for _ in 0..3 {
            metrics.attempt("login").subject("").finish(Outcome::Failure(Reason::MissingCredentials));
            metrics.attempt("login").finish(Outcome::Failure(Reason::MissingCredentials));
        }
        metrics.events().poll();
        assert_eq!(guessed.most(), Some((victim, 2)));
        Ok(())
    }

    #[test]
    fn a_flood_of_names_pushes_out_none_that_was_tried_twice() -> Result<(), Box<dyn std::error::Error>> {
        let guessed = Arc::new(Guessed::default());
        let builder = AuthMetrics::builder().service_id("test").poll_events().event_capacity(3 * MOST);
        let metrics = builder.pseudonyms(Pseudonyms::random()?).observe(Arc::clone(&guessed)).build()?;
        let refuse = |name: &str| {
            metrics.attempt("login").subject(name).finish(Outcome::Failure(Reason::InvalidCredentials));
        };
        ["victim", "victim"].into_iter().for_each(refuse);
        (0..2 * MOST).for_each(|number| refuse(&number.to_string()));
        metrics.events().poll();
        assert_eq!(guessed.most().map(|(_, count)| count), Some(2));
        assert!(guessed.refused.lock().is_ok_and(|refused| refused.len() <= MOST));
        Ok(())
    }
}
