//! The list of reasons, faults, outcomes, kinds, sources and metric families, and the form of their labels.
//! Knows nothing of storage, handles or exposition.

mod custom;
mod failure;
mod family;
mod fault;
mod frames;
mod known;
pub(crate) mod label;
mod outcome;
mod positions;
mod reason;
mod row;
mod set;
mod source;

pub use custom::CustomReason;
pub use failure::FailureReason;
pub(crate) use family::without_total;
pub use family::{FAMILIES, Family, FamilyType, families};
pub use fault::{Fault, ReasonClass};
pub use frames::Frames;
pub use known::Declaration;
pub(crate) use known::known;
pub(crate) use outcome::{Ended, OUTCOME_LABELS, OutcomeLabel};
pub use outcome::{OperationKind, Outcome};
pub(crate) use positions::Positions;
pub use reason::Reason;
pub use row::Row;
pub use set::ReasonSet;
pub(crate) use source::SourceLabels;
pub use source::{AuthMethod, Source};
