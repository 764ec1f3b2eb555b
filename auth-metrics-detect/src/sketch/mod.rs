//! Small structures of fixed size: walks, filters, sums that fade.

mod bloom;
mod cusum;
mod fading;
mod hll;
#[cfg(feature = "redis")]
mod pending;
#[cfg(feature = "redis")]
mod raised;
mod walks;

pub(crate) use bloom::{Filter, FilterReader};
pub(crate) use cusum::Cusum;
pub(crate) use fading::{Fading, Smooth};
pub(crate) use hll::Distinct;
#[cfg(feature = "redis")]
pub(crate) use raised::LEAST as LEAST_SUM;
pub(crate) use walks::{Admission, Reader, Walks};
