//! Gathers the mistakes of one item, so that a single compile shows them all.

use std::fmt::Display;

use proc_macro2::Span;
use quote::ToTokens;
use syn::{Error, Result};

/// The mistakes found so far. Nothing leaves a parse except through [`Diag::finish`].
#[derive(Default)]
pub(crate) struct Diag {
    errors: Option<Error>,
}

impl Diag {
    /// A mistake at everything that `tokens` covers.
    pub(crate) fn at(&mut self, tokens: impl ToTokens, message: impl Display) {
        self.push(Error::new_spanned(tokens, message));
    }

    /// A mistake at one place.
    pub(crate) fn span(&mut self, span: Span, message: impl Display) {
        self.push(Error::new(span, message));
    }

    pub(crate) fn push(&mut self, error: Error) {
        match &mut self.errors {
            Some(errors) => errors.combine(error),
            None => self.errors = Some(error),
        }
    }

    /// The value, or notes the mistake and has none.
    pub(crate) fn keep<T>(&mut self, result: Result<T>) -> Option<T> {
        result.map_err(|error| self.push(error)).ok()
    }

    /// The model, if it is complete and no mistake was found.
    ///
    /// # Errors
    ///
    /// Every mistake, combined into one.
    pub(crate) fn finish<T>(self, model: Option<T>) -> Result<T> {
        match (self.errors, model) {
            (Some(errors), _) => Err(errors),
            (None, Some(model)) => Ok(model),
            (None, None) => {
                Err(Error::new(Span::call_site(), "auth-metrics: incomplete input (please report this)"))
            }
        }
    }
}
