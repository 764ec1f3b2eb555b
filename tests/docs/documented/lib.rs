//! Functions with documentation of every kind, for `tests/docs/hover.rs` to read what the attribute adds to it.

use std::convert::Infallible;

use auth_metrics::{Reason, auth_metered};

/// What the user wrote first.
///
/// - what the user wrote last
///
/// # Errors
///
/// None.
#[auth_metered(op = "login")]
#[doc = include_str!("included.md")]
pub async fn login() -> Result<(), Infallible> {
    Ok(())
}

/// Two operations.
///
/// # Errors
///
/// None.
#[auth_metered(op = "outer", kind = token)]
#[auth_metered(op = "inner", kind = authorization)]
pub fn stacked() -> Result<(), Infallible> {
    Ok(())
}

/// As far in as the user wrote it:
///
///     one
///         two
///
/// ```text
/// three
///   four
/// ```
///
/// # Errors
///
/// None.
#[auth_metered(op = "indented")]
pub fn indented() -> Result<(), Infallible> {
    Ok(())
}

/// The same without what is added.
///
///     one
///         two
///
/// ```text
/// three
///   four
/// ```
///
/// # Errors
///
/// None.
pub const fn plainly_indented() -> Result<(), Infallible> {
    Ok(())
}

macro_rules! function {
    ($(#[$attribute:meta])* $name:ident) => {
        $(#[$attribute])*
        pub fn $name() -> Result<(), Infallible> {
            Ok(())
        }
    };
}

function! {
    /// Born in a macro.
    ///
    /// # Errors
    ///
    /// None.
    #[auth_metered(op = "born")]
    born
}

/// Nothing is added.
///
/// # Errors
///
/// None.
#[auth_metered(op = "silent", docs = false)]
pub fn silent() -> Result<(), Infallible> {
    Ok(())
}

/// A service.
pub struct Service;

/// What a service does.
pub trait Login {
    /// What the trait says of the method.
    ///
    /// # Errors
    ///
    /// None.
    fn log_in(&self) -> Result<(), Infallible>;
}

#[auth_metered(kind = token)]
impl Login for Service {
    #[op("log_in")]
    fn log_in(&self) -> Result<(), Infallible> {
        Ok(())
    }
}

#[auth_metered(docs = false)]
impl Service {
    /// Of a block without.
    #[op("quiet", none_is = unknown_subject)]
    #[must_use]
    pub fn quiet(&self) -> Option<u8> {
        None
    }

    /// Of a block without, and yet.
    #[op("loud", none_is = unknown_subject, docs = true)]
    #[must_use]
    pub fn loud(&self) -> Option<u8> {
        None
    }

    /// Documented inside too.
    #[auth_metered(op = "inside", false_is = invalid_credentials)]
    #[must_use]
    pub fn inside(&self) -> bool {
        //! The last of the user's lines.
        false
    }
}

/// Not what the page is about.
#[must_use]
pub const fn reason() -> Reason {
    Reason::Unknown
}
