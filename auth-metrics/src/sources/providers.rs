//! Identity providers whose names come from configuration.

use std::fmt;

use super::{MOST, is_free, leaked};
use crate::terms::Source;

/// Up to 16 identity providers whose names come from configuration.
///
/// Each is a [`Source`] of its own, and all others together are `provider_other`, so no request can add a source. Make it
/// once when the service starts, since its names are kept for the life of the process. Once a service has seen one
/// provider, all are exported, the others at zero.
///
/// ```
/// use auth_metrics::sources::{Provider, Providers};
/// use auth_metrics::{AuthMetrics, FailureReason, Source, auth_metered};
///
/// #[derive(FailureReason)]
/// enum SsoError {
///     TokenSignatureInvalid,
/// }
///
/// #[auth_metered(op = "sso_login", source = provider, metrics = metrics)]
/// fn sso_login(provider: Provider, metrics: &AuthMetrics) -> Result<(), SsoError> {
///     Ok(())
/// }
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let metrics = AuthMetrics::builder().service_id("gateway").build()?;
/// let providers = Providers::new(["okta", "entra"])?;
/// assert!(sso_login(providers.get("okta"), &metrics).is_ok());
/// assert_eq!(providers.get("mallory").label(), "provider_other");
///
/// let entra = [("source", "entra"), ("outcome", "success")];
/// assert_eq!(metrics.snapshot().value("auth_source_operations_total", &entra), Some(0.0));
/// # Ok(()) }
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Providers {
    /// The last label stands for all other providers.
    labels: &'static [&'static str],
}

const OTHER: &str = "provider_other";

impl Providers {
    /// Takes the names of the providers: each is `[a-z][a-z0-9_]*`, at most 64 bytes.
    ///
    /// # Errors
    ///
    /// A name is invalid, or there are too many. The error has the position of the name.
    pub fn new<N: Into<String>>(names: impl IntoIterator<Item = N>) -> Result<Providers, ProvidersError> {
        let mut labels: Vec<String> = Vec::new();
        for name in names {
            let name = name.into();
            let taken: Vec<&str> = labels.iter().map(String::as_str).chain([OTHER]).collect();
            if !is_free(&name, &taken) {
                return Err(ProvidersError::Name { position: labels.len() + 1 });
            }
            if labels.len() == MOST {
                return Err(ProvidersError::TooMany);
            }
            labels.push(name);
        }
        labels.push(OTHER.to_owned());
        Ok(Providers { labels: leaked(labels) })
    }

    /// Returns the provider of this name, or `provider_other` if it is not configured.
    pub fn get(&self, name: &str) -> Provider {
        let known = self.labels.iter().find(|label| **label == name);
        Provider { label: known.copied().unwrap_or(OTHER), labels: self.labels }
    }
}

/// A configured identity provider, or `provider_other`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Provider {
    label: &'static str,
    labels: &'static [&'static str],
}

impl Source for Provider {
    fn label(&self) -> &'static str {
        self.label
    }

    fn labels(&self) -> &'static [&'static str] {
        self.labels
    }
}

/// Why a [`Providers`] can't be made. Does not contain the names.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ProvidersError {
    /// A name has an invalid form, is given twice, or is `other` or `provider_other`.
    Name {
        /// The position of the name, counted from 1.
        position: usize,
    },
    /// There are more than 16 names.
    TooMany,
}

impl fmt::Display for ProvidersError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ProvidersError::Name { position } => write!(
                out,
                "the name of provider {position} must be lowercase letters, digits and `_`, begin with a letter, have at \
                 most 64 bytes, must be given once, and must not be `other` or `{OTHER}`"
            ),
            ProvidersError::TooMany => {
                write!(
                    out,
                    "there are more than {MOST} providers: leave out the rarest, which then count as `{OTHER}`"
                )
            }
        }
    }
}

impl std::error::Error for ProvidersError {}
