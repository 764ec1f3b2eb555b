//! The one door that expansions use. Nothing in here is part of the public interface.

pub use auth_metrics_macros::{custom_reason_row, reason_chain_item};
pub use inventory;

pub use crate::catalogue::Listing;
pub use crate::events::About;
pub use crate::record::{
    AtService, Begin, Call, Later, Made, Making, Metered, MetricsHandle, Named, Pending, Reboxed, Said, Site,
    Text, Unreadable, WithAbout, at_once, boxed, call, continued, deferred, edge, future, hidden, making,
    with_about,
};
pub use crate::terms::{Declaration, Frames, Row};
pub use crate::verdict::{
    Always, Any, Attempted, Classified, Downcast, Fallible, Flag, Itself, Judge, Maybe, Noted, Probe, ReadBy,
    Spelled, Stated, Tried, Unlisted, Whatever, asked, found, read_by, with,
};

/// The faults by the names that `fault = …` has for them.
#[expect(non_upper_case_globals, reason = "they are written as their labels")]
pub mod faults {
    use crate::terms::Fault;

    /// The caller's mistake.
    pub const client: Fault = Fault::Client;
    /// Worth a look by the security on-call.
    pub const attack: Fault = Fault::Attack;
    /// Ours.
    pub const server: Fault = Fault::Server;
    /// Nobody's.
    pub const neutral: Fault = Fault::Neutral;
    /// Not known.
    pub const unknown: Fault = Fault::Unknown;
}

/// What a path of `with` falls back to where no list of reasons has its name.
#[expect(
    non_camel_case_types,
    reason = "it is found under the name that the expansion imports a function by"
)]
#[expect(clippy::exhaustive_structs, reason = "nobody makes a value of it")]
pub mod unlisted {
    use crate::terms::ReasonSet;

    /// Any reason.
    #[derive(Debug)]
    pub struct __auth_metrics_with;

    impl __auth_metrics_with {
        /// Every reason that an error can give.
        pub const REASONS: ReasonSet = ReasonSet::ALL;
    }
}
