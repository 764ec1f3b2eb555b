//! Machines: other programs that sign in with an API key.

use std::collections::HashMap;

use auth_metrics::events::About;
use auth_metrics::{AuthMethod, FailureReason, auth_metered};
use thiserror::Error;

use crate::opaque::Digest;

/// A machine that can't even be asked.
#[derive(Debug, Error, FailureReason)]
pub(crate) enum MachineError {
    #[error("no key was sent")]
    #[reason(missing_credentials)]
    NoKey,
}

/// Says which machine it was, once its key is found.
fn named(recognised: &Result<Option<&str>, MachineError>, about: &mut About) {
    if let Ok(name) = recognised {
        about.subject(*name);
    }
}

/// The machines that hold a key.
#[derive(Default)]
pub(crate) struct Machines {
    by_key: HashMap<Digest, String>,
}

impl Machines {
    /// Lets the machine of this name in when it shows this key.
    pub(crate) fn admit(&mut self, key: &str, name: &str) {
        self.by_key.insert(Digest::of(key), name.to_owned());
    }

    /// The names of those that do.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.by_key.values().map(String::as_str)
    }

    /// The machine that holds this key. A key is looked up by its digest, so the time tells nothing about other keys.
    #[auth_metered(op = "machine_login", source = AuthMethod::ApiKey, none_is = invalid_credentials, context = named)]
    pub(crate) fn recognise(&self, key: Option<&str>) -> Result<Option<&str>, MachineError> {
        let key = key.ok_or(MachineError::NoKey)?;
        Ok(self.by_key.get(&Digest::of(key)).map(String::as_str))
    }
}
