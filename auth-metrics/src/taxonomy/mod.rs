//! The one list of reasons, faults, outcomes, kinds, sources and metric families, and the form of their labels.
//! Knows nothing of storage, handles or exposition.

mod chain;
mod failure;
mod family;
mod judge;
pub(crate) mod label;
mod outcome;
mod reason;
mod set;
mod source;

pub use chain::{Downcast, asked, found};
pub use failure::FailureReason;
pub(crate) use family::names;
pub use family::{FAMILIES, Family, FamilyType};
pub use judge::{Any, Classified, Fallible, Flag, Judge, Maybe, Probe, Tried, Unlisted, with};
pub use outcome::{Kind, Outcome};
pub(crate) use outcome::{OUTCOME_LABELS, OutcomeLabel};
pub use reason::{Class, Fault, Reason};
pub use set::ReasonSet;
pub use source::{Method, Source};
