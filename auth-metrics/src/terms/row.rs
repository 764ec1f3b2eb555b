//! `Row`: what is known of one reason.

use super::{Fault, ReasonClass};

/// What is known of one reason.
#[derive(Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Row {
    pub(super) label: &'static str,
    pub(super) failed_status: &'static str,
    pub(super) class: ReasonClass,
    pub(super) fault: Fault,
    pub(super) http_status: u16,
    pub(super) reveals_account: bool,
}
