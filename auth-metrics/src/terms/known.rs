//! The reasons of this process: the standard ones and what is declared beside them, collected at link time, and where each is
//! counted.

use std::collections::BTreeSet;
use std::sync::OnceLock;

use super::custom::MAX_CUSTOM;
use super::row::Row;
use super::{CustomReason, Fault, Reason, ReasonClass, label};

impl Reason {
    /// Where this reason is counted: its place in [`Reason::ALL`], or behind that for a custom one.
    #[inline]
    pub(crate) fn position(self) -> usize {
        match self {
            Reason::Custom(custom) => custom.position(),
            standard => standard.standard_position().unwrap_or_default(),
        }
    }

    /// The reason that is counted at a position.
    pub(crate) fn at(position: usize) -> Reason {
        Reason::known().get(position).copied().unwrap_or(Reason::Unknown)
    }

    /// Every reason of this process, by position.
    pub(crate) fn known() -> &'static [Reason] {
        &known().reasons
    }

    /// The reason with this label, or `None` if neither a standard reason nor one that this binary declares has it.
    pub fn from_label(label: &str) -> Option<Reason> {
        Self::known().iter().copied().find(|reason| reason.label() == label)
    }
}

impl CustomReason {
    /// Where this process counts it. Apart from the short way that standard reasons take.
    #[cold]
    #[inline(never)]
    pub(super) fn position(self) -> usize {
        known().position(self)
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
    reasons: Vec<Reason>,
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
        let fitting = custom.len().min(MAX_CUSTOM);
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
