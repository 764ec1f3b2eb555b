//! `ReasonSet`: the reasons that an error type can give, known at compile time.

use super::Reason;

/// A set of reasons that can be built and joined in constants.
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
pub struct ReasonSet(u64);

const _: () = assert!(Reason::ALL.len() <= ReasonSet::CAPACITY, "a set holds one bit per reason");

impl ReasonSet {
    /// How many different reasons a process can ever have.
    pub(crate) const CAPACITY: usize = u64::BITS as usize;

    /// No reason.
    pub const EMPTY: ReasonSet = ReasonSet(0);

    /// Every standard reason that an error can give: all but `cancelled` and `panicked`, which an attempt's
    /// guard finds.
    pub const ALL: ReasonSet =
        ReasonSet::of(Reason::ALL).without(Reason::Cancelled).without(Reason::Panicked);

    /// The set of these reasons.
    pub const fn of(reasons: &[Reason]) -> ReasonSet {
        let mut bits = 0;
        let mut next = 0;
        while next < reasons.len() {
            bits |= 1 << reasons[next].position();
            next += 1;
        }
        ReasonSet(bits)
    }

    /// The reasons of either set.
    #[must_use]
    pub const fn union(self, other: ReasonSet) -> ReasonSet {
        ReasonSet(self.0 | other.0)
    }

    const fn without(self, reason: Reason) -> ReasonSet {
        ReasonSet(self.0 & !(1 << reason.position()))
    }

    /// Whether the reason is in the set.
    pub const fn contains(self, reason: Reason) -> bool {
        self.0 & (1 << reason.position()) != 0
    }

    /// Whether every reason of `other` is in this set.
    pub const fn includes(self, other: ReasonSet) -> bool {
        other.0 & !self.0 == 0
    }

    /// How many reasons are in the set.
    pub const fn len(self) -> usize {
        self.0.count_ones() as usize
    }

    /// Whether the set has no reason.
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// The reasons, in the order of [`Reason::ALL`].
    pub fn iter(self) -> impl Iterator<Item = Reason> {
        let mut left = self.0;
        std::iter::from_fn(move || {
            // The lowest bit that is left; there is no reason at the place that an empty set gives.
            let next = Reason::ALL.get(left.trailing_zeros() as usize)?;
            left &= left - 1;
            Some(*next)
        })
    }

    pub(crate) const fn bits(self) -> u64 {
        self.0
    }

    pub(crate) const fn from_bits(bits: u64) -> ReasonSet {
        ReasonSet(bits)
    }
}

impl std::fmt::Debug for ReasonSet {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_set().entries(self.iter()).finish()
    }
}
