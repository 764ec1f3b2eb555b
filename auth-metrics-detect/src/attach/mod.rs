//! An engine at work in a process: it observes a handle's events, tells who wants to know, writes its families, and keeps time.

mod builder;
mod engine;
mod keeper;
mod listeners;
mod observe;
mod owner;
#[cfg(feature = "redis")]
mod sharing;
mod subscription;

pub use builder::EngineBuilder;
pub use engine::{Engine, Faults};
pub(crate) use listeners::Listeners;
pub(crate) use owner::Owner;
pub use subscription::Subscription;
