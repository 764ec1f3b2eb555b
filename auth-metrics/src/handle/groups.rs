//! Attaching groups to a handle.

use std::sync::Arc;

use super::{AuthMetrics, InternalError};
use crate::groups::{Group, GroupError};
use crate::terms::{FAMILIES, Family};

impl AuthMetrics {
    /// Returns this handle's group of type `G`. If there is none yet, makes it with `make` and attaches it.
    ///
    /// A handle has one group of each type, so crates that share a group need not know which of them comes first. Don't keep
    /// a clone of the handle in the group, since both would live for ever; pass the handle to its methods instead. Attach groups
    /// before [`register`](AuthMetrics::register), so that the registry can refuse names that it already has.
    ///
    /// # Errors
    ///
    /// A family has an invalid name or label, or a name that is taken; see [`GroupError`]. The refusal is also counted once in
    /// `auth_metrics_internal_errors_total{kind="group_failed"}`. A type that was refused stays refused, and `make` does not run
    /// again.
    ///
    /// # Panics
    ///
    /// If `make` or [`Group::families`] panics. The handle is unchanged then.
    pub fn group<G: Group>(&self, make: impl FnOnce() -> G) -> Result<Arc<G>, GroupError> {
        let is_constant = |label: &str| self.inner.options.const_labels.iter().any(|(name, _)| name == label);
        let refused = || self.count_internal_error(InternalError::GroupFailed);
        self.inner.groups.find_or_attach(make, FAMILIES, is_constant, refused)
    }

    /// Returns the core's own group of a type, and attaches it at its first use. Its families are in every scrape, used or not.
    pub(crate) fn own_group<G: Group + Default>(&self) -> Option<&G> {
        let groups = &self.inner.groups;
        groups.find().or_else(|| {
            // What the core has itself can't clash.
            groups.find_or_attach(G::default, &[], |_| false, || {}).ok()?;
            groups.find()
        })
    }

    /// Returns every family of a scrape that is known now.
    pub(crate) fn families(&self) -> impl Iterator<Item = &'static Family> {
        let attached = self.inner.groups.families().filter(|family| !family.is_of_the_core());
        FAMILIES.iter().copied().chain(attached)
    }
}
