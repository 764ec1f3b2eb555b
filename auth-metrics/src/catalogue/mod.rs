//! Every operation of the binary: its place in the code, its reasons, its cost in series, and whether it is ever called.
//! The operations are collected at link time, and a handle adds its counts.
//!
//! [`AuthMetrics::catalogue`](crate::AuthMetrics::catalogue) returns a [`Catalogue`], which prints as a table:
//!
//! ```
//! use auth_metrics::{AuthMetrics, FailureReason, auth_metered};
//!
//! #[derive(FailureReason)]
//! enum LoginError {
//!     InvalidCredentials,
//!     RateLimited,
//! }
//!
//! #[auth_metered(op = "login")]
//! async fn login(password: &str) -> Result<(), LoginError> {
//!     if password == "correct horse" { Ok(()) } else { Err(LoginError::InvalidCredentials) }
//! }
//!
//! # fn main() -> Result<(), auth_metrics::Error> {
//! let metrics = AuthMetrics::builder().service_id("gateway").build()?;
//! let catalogue = metrics.catalogue();
//! let unseen: Vec<&str> = catalogue.unseen().map(|operation| operation.name()).collect();
//! assert!(unseen.contains(&"login")); // nobody has called it
//! print!("{catalogue}");
//! # Ok(()) }
//! ```
// It knows nothing of handles.

mod annotated;
mod budget;
mod collected;
mod function;
mod oracles;
mod report;
mod table;

pub(crate) use annotated::Annotated;
pub use budget::{Budget, CatalogueError, OverBudget};
#[doc(hidden)]
pub use collected::Listing;
pub(crate) use collected::operations;
pub use function::Function;
pub(crate) use report::Cost;
pub use report::{Catalogue, Operation};
