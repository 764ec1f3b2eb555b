//! Identity providers, named by configuration.

use std::fmt;

use super::{MOST, is_free, leaked};
use crate::terms::Source;

/// Up to 16 identity providers whose names come from configuration: each is a [`Source`] of its own, and all others together
/// are `provider_other`. What a request carries adds none.
///
/// Make it once, when the service starts: its names are kept for the life of the process. Once a service has seen one of
/// them, all are exported, at zero until they come.
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
    /// The last stands for all others.
    labels: &'static [&'static str],
}

const OTHER: &str = "provider_other";

impl Providers {
    /// The providers with these names: `[a-z][a-z0-9_]*`, at most 64 bytes.
    ///
    /// # Errors
    ///
    /// Says which name is wrong, or that there are too many.
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

    /// The provider of this name; `provider_other` if it is not configured.
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

/// Why providers can't be told apart by these names. The names are not repeated.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ProvidersError {
    /// A name has another form, stands twice, or is `other` or `provider_other`.
    Name {
        /// Which one, counted from 1.
        position: usize,
    },
    /// There are more than 16.
    TooMany,
}

impl fmt::Display for ProvidersError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ProvidersError::Name { position } => write!(
                out,
                "the name of provider {position} must be lowercase letters, digits and `_`, begin with a letter, have at \
                 most 64 bytes, stand once, and not be `other` or `{OTHER}`"
            ),
            ProvidersError::TooMany => {
                write!(
                    out,
                    "at most {MOST} providers are told apart: leave the rarest out, they are `{OTHER}`"
                )
            }
        }
    }
}

impl std::error::Error for ProvidersError {}
