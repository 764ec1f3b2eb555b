//! The one door that expansions use. Nothing in here is part of the public interface.

pub use inventory;

pub use crate::attempt::{
    Call, Deferred, IntoTarget, Later, Made, Metered, MetricsHandle, Reboxed, Site, boxed, call, deferred,
    edge, future, hidden,
};
pub use crate::catalogue::Listing;
pub use crate::taxonomy::{Any, Classified, Fallible, Flag, Judge, Maybe, Probe, Tried, Unlisted, with};

/// What a path of `with` falls back to where no list of reasons has its name.
#[expect(
    non_camel_case_types,
    reason = "it is found under the name that the expansion imports a function by"
)]
pub mod unlisted {
    use crate::taxonomy::ReasonSet;

    /// Any reason.
    #[derive(Debug)]
    pub struct __auth_metrics_with;

    impl __auth_metrics_with {
        /// Every reason that an error can give.
        pub const REASONS: ReasonSet = ReasonSet::ALL;
    }
}
