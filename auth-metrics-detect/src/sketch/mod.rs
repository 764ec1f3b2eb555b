//! Small structures of fixed size: walks, filters, sums that fade.

mod bloom;
mod cusum;
mod fading;
mod hll;
mod walks;

pub(crate) use bloom::{Filter, FilterReader};
pub(crate) use cusum::Cusum;
pub(crate) use fading::{Fading, Smooth};
pub(crate) use hll::Distinct;
pub(crate) use walks::{Admission, Reader, Walks};
