//! `ReasonSet`: the reasons that an error type can give, known at compile time.

use std::cmp::Ordering;

use super::custom::MAX_CUSTOM;
use super::{CustomReason, Positions, Reason, label};

/// A set of reasons. You can build and join sets in constants.
///
/// ```
/// use auth_metrics::{Reason, ReasonSet};
///
/// const TOKEN: ReasonSet = ReasonSet::of(&[Reason::TokenExpired, Reason::TokenMalformed]);
/// const LOGIN: ReasonSet = TOKEN.union(ReasonSet::of(&[Reason::InvalidCredentials]));
/// assert!(LOGIN.contains(Reason::TokenExpired));
/// assert_eq!(LOGIN.len(), 3);
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct ReasonSet {
    /// One bit per standard reason.
    standard: u64,
    /// Sorted by label. If there are too many, the last ones are left out, as in the positions of the process.
    custom: [Option<CustomReason>; ReasonSet::MAX_CUSTOM],
}

const _: () = assert!(
    Reason::ALL.len() + ReasonSet::MAX_CUSTOM <= ReasonSet::CAPACITY,
    "a process counts a reason at one of 64 positions"
);

impl ReasonSet {
    /// The most reasons that a process can have.
    pub(crate) const CAPACITY: usize = u64::BITS as usize;

    /// How many custom reasons a binary can have.
    pub const MAX_CUSTOM: usize = MAX_CUSTOM;

    /// The empty set.
    pub const EMPTY: ReasonSet = ReasonSet { standard: 0, custom: [None; ReasonSet::MAX_CUSTOM] };

    /// Every standard reason that an error can have: all but `cancelled` and `panicked`, which the attempt's guard finds. The
    /// library assumes that an error with all of these can have the binary's custom reasons too, and exports them at zero.
    pub const ALL: ReasonSet =
        ReasonSet::of(Reason::ALL).without(Reason::Cancelled).without(Reason::Panicked);

    /// Returns the set of these reasons.
    pub const fn of(reasons: &[Reason]) -> ReasonSet {
        let mut set = ReasonSet::EMPTY;
        let mut next = 0;
        while next < reasons.len() {
            set = set.with(reasons[next]);
            next += 1;
        }
        set
    }

    /// Returns the reasons of both sets together.
    #[must_use]
    pub const fn union(mut self, other: ReasonSet) -> ReasonSet {
        self.standard |= other.standard;
        let mut next = 0;
        while next < Self::MAX_CUSTOM {
            let Some(reason) = other.custom[next] else { break };
            self = self.with_custom(reason);
            next += 1;
        }
        self
    }

    const fn with(mut self, reason: Reason) -> ReasonSet {
        if let Reason::Custom(custom) = reason {
            return self.with_custom(custom);
        }
        self.standard |= bit(reason);
        self
    }

    const fn with_custom(mut self, reason: CustomReason) -> ReasonSet {
        let mut carried = reason;
        let mut place = 0;
        while place < Self::MAX_CUSTOM {
            let Some(here) = self.custom[place] else {
                self.custom[place] = Some(carried);
                break;
            };
            match label::compare(carried.label(), here.label()) {
                Ordering::Less => {
                    self.custom[place] = Some(carried);
                    carried = here;
                }
                Ordering::Equal => break,
                Ordering::Greater => {}
            }
            place += 1;
        }
        self
    }

    const fn without(mut self, standard: Reason) -> ReasonSet {
        self.standard &= !bit(standard);
        self
    }

    /// Returns whether the reason is in the set. A custom reason is compared by its label.
    pub const fn contains(self, reason: Reason) -> bool {
        let Reason::Custom(custom) = reason else { return self.standard & bit(reason) != 0 };
        let mut next = 0;
        while next < Self::MAX_CUSTOM {
            let Some(here) = self.custom[next] else { break };
            if label::compare(here.label(), custom.label()).is_eq() {
                return true;
            }
            next += 1;
        }
        false
    }

    /// Returns whether every reason of `other` is in this set.
    pub const fn includes(self, other: ReasonSet) -> bool {
        let mut next = 0;
        while next < Self::MAX_CUSTOM {
            let Some(reason) = other.custom[next] else { break };
            if !self.contains(Reason::Custom(reason)) {
                return false;
            }
            next += 1;
        }
        other.standard & !self.standard == 0
    }

    /// Returns the set, or `None` if it has every standard reason: whoever lists all of them does not know which it gives.
    pub(crate) const fn if_known(self) -> Option<ReasonSet> {
        if self.includes(ReasonSet::ALL) { None } else { Some(self) }
    }

    /// Returns how many reasons are in the set.
    pub const fn len(self) -> usize {
        let mut custom = 0;
        while custom < Self::MAX_CUSTOM && self.custom[custom].is_some() {
            custom += 1;
        }
        self.standard.count_ones() as usize + custom
    }

    /// Returns whether the set is empty.
    pub const fn is_empty(self) -> bool {
        self.len() == 0
    }

    /// Returns the reasons in the order of [`Reason::ALL`], then the custom ones sorted by label.
    pub fn iter(self) -> impl Iterator<Item = Reason> {
        let standard =
            Positions::from_bits(self.standard).iter().filter_map(|bit| Reason::ALL.get(bit).copied());
        standard.chain(self.custom.into_iter().flatten().map(Reason::Custom))
    }

    /// Returns where this process counts them if all are standard reasons, since that is known at compile time.
    #[inline]
    pub(crate) const fn standard_positions(&self) -> Option<Positions> {
        match self.custom[0] {
            None => Some(Positions::from_bits(self.standard)),
            Some(_) => None,
        }
    }

    /// Returns where this process counts them. A set of all standard reasons stands for all custom ones too.
    pub(crate) fn positions(&self) -> Positions {
        const ANY: Positions = Positions::from_bits(ReasonSet::ALL.standard);
        let standard = Positions::from_bits(self.standard);
        let any = if standard.includes(ANY) { Reason::known().len() } else { 0 };
        let any = Reason::ALL.len()..any;
        let custom = self.custom.iter().flatten().map(|reason| reason.position());
        any.chain(custom).fold(standard, Positions::with)
    }
}

impl Positions {
    /// The reasons at the positions.
    pub(crate) fn to_set(self) -> ReasonSet {
        self.iter().fold(ReasonSet::EMPTY, |set, position| set.union(ReasonSet::of(&[Reason::at(position)])))
    }
}

/// The bit of a standard reason.
const fn bit(reason: Reason) -> u64 {
    match reason.standard_position() {
        Some(position) => 1 << position,
        None => 0,
    }
}

impl std::fmt::Debug for ReasonSet {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_set().entries(self.iter()).finish()
    }
}
