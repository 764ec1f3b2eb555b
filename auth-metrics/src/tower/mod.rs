//! Meters a tower service whose code can't be annotated: a layer makes an attempt of each request. Knows no framework.
//!
//! Annotate what you can, such as your own extractors and handlers: an annotated function knows the precise reason. Use
//! [`AttemptLayer`] for the rest: extractors and authentication layers of other crates, generated gRPC services, a router as a whole.
//!
//! The layer that refuses requests at a limit is [`limits::RateLimitLayer`](crate::limits::RateLimitLayer).

mod layer;
mod meter;
mod reading;
mod service;

pub use layer::AttemptLayer;
#[cfg(any(feature = "tonic013", feature = "tonic014"))]
pub use reading::Grpc;
pub use reading::{AnyError, Http, OwnReason, With};
pub use service::{AttemptFuture, AttemptService};
