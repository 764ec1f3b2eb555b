//! Custom reasons: what a team declares beside the standard reasons, collected at link time, and where each is counted.

use std::collections::BTreeSet;
use std::sync::OnceLock;

use super::reason::Row;
use super::{Fault, Reason, ReasonClass, ReasonSet, label};

/// A reason that a team declared itself: the one payload of [`Reason::Custom`].
///
/// It is made by [`#[reason(custom = "…", fault = …)]`](derive@crate::FailureReason) and by
/// [`custom_reason!`](crate::custom_reason), and read through [`Reason`]. Two of the same label and fault are equal.
///
/// ```
/// use auth_metrics::{FailureReason, Fault, Reason};
///
/// #[derive(FailureReason)]
/// #[reason(custom = "sso_domain_blocked", fault = client)]
/// struct DomainBlocked;
///
/// let reason = DomainBlocked.failure_reason();
/// assert!(matches!(reason, Reason::Custom(_)));
/// assert_eq!((reason.label(), reason.fault()), ("sso_domain_blocked", Fault::Client));
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct CustomReason(&'static Row);

impl CustomReason {
    pub(super) const fn row(self) -> &'static Row {
        self.0
    }

    pub(super) const fn label(self) -> &'static str {
        self.0.label
    }

    /// Where this process counts it. Apart from the short way that standard reasons take.
    #[cold]
    #[inline(never)]
    pub(super) fn position(self) -> usize {
        known().position(self)
    }
}

impl std::fmt::Debug for CustomReason {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str(self.label())
    }
}

impl Row {
    /// The row of a custom reason.
    ///
    /// # Panics
    ///
    /// At compile time, when the label can't be one.
    pub const fn custom(label: &'static str, failed_status: &'static str, fault: Fault) -> Row {
        assert!(
            label::is_custom_reason(label),
            "a custom reason is named [a-z][a-z0-9_]*, at most 64 bytes, and not `success`, `other` or `none`"
        );
        let mut standard = 0;
        while standard < Reason::ALL.len() {
            assert!(
                !label::compare(Reason::ALL[standard].label(), label).is_eq(),
                "a custom reason can't have the label of a standard one: use that"
            );
            standard += 1;
        }
        let reveals_account = matches!(fault, Fault::Client | Fault::Attack | Fault::Neutral);
        let http_status = if reveals_account { 401 } else { 500 };
        Row { label, failed_status, class: ReasonClass::Custom, fault, http_status, reveals_account }
    }

    /// The reason.
    pub const fn reason(&'static self) -> Reason {
        Reason::Custom(CustomReason(self))
    }

    /// What the linker collects of it, with the place that declares it.
    pub const fn declared(&'static self, file: &'static str, line: u32) -> Declaration {
        Declaration { reason: CustomReason(self), file, line }
    }
}

/// A place that declares a custom reason.
#[derive(Debug)]
pub struct Declaration {
    reason: CustomReason,
    file: &'static str,
    line: u32,
}

inventory::collect!(Declaration);

/// The reasons of a process.
pub(crate) struct Known {
    /// By position: the standard ones, then the custom ones by label.
    pub(super) reasons: Vec<Reason>,
    /// The labels of custom reasons that found no place: what is recorded for them is counted as `unknown`.
    pub(crate) left_out: Vec<&'static str>,
    /// The labels that two places give different faults; the first by file and line decides.
    pub(crate) faults_differ: Vec<&'static str>,
}

/// Those of this process.
pub(crate) fn known() -> &'static Known {
    static KNOWN: OnceLock<Known> = OnceLock::new();
    KNOWN.get_or_init(|| Known::of(inventory::iter::<Declaration>().collect()))
}

impl Known {
    fn of(mut declarations: Vec<&Declaration>) -> Known {
        declarations.sort_by_key(|declared| (declared.reason.label(), declared.file, declared.line));
        let mut custom: Vec<CustomReason> = Vec::new();
        let mut faults_differ = BTreeSet::new();
        for Declaration { reason, .. } in declarations {
            match custom.last().filter(|last| last.label() == reason.label()) {
                Some(first) if first == reason => {}
                Some(_) => drop(faults_differ.insert(reason.label())),
                None => custom.push(*reason),
            }
        }
        let fitting = custom.len().min(ReasonSet::MAX_CUSTOM);
        let left_out = custom.split_off(fitting).into_iter().map(CustomReason::label).collect();
        let custom = custom.into_iter().map(Reason::Custom);
        let reasons = Reason::ALL.iter().copied().chain(custom).collect();
        Known { reasons, left_out, faults_differ: faults_differ.into_iter().collect() }
    }

    /// Where a custom reason is counted.
    fn position(&self, reason: CustomReason) -> usize {
        let (standard, custom) = self.reasons.split_at(Reason::ALL.len());
        let found = custom.binary_search_by_key(&reason.label(), |known| known.label());
        found.map_or_else(|_| Reason::Unknown.position(), |index| standard.len() + index)
    }
}
