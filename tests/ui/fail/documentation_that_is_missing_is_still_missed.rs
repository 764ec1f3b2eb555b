//! What the attribute adds is no documentation that the user wrote.
#![deny(missing_docs)]

use auth_metrics::auth_metered;

/// A service.
pub mod service {
    use super::auth_metered;

    #[auth_metered(op = "login")]
    pub fn login() -> Result<(), std::convert::Infallible> {
        Ok(())
    }

    /// A gate.
    pub trait Gate {
        #[auth_metered(op = "open")]
        fn open(&self) -> Result<(), std::convert::Infallible> {
            Ok(())
        }
    }
}

fn main() {}
