//! `Positions`: a set of reasons by where this process counts them. Knows no reason.

/// One bit per reason of the process.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Positions(u64);

impl Positions {
    pub(crate) const NONE: Positions = Positions(0);

    pub(crate) const fn from_bits(bits: u64) -> Positions {
        Positions(bits)
    }

    pub(crate) const fn bits(self) -> u64 {
        self.0
    }

    #[must_use]
    pub(crate) const fn with(self, position: usize) -> Positions {
        Positions(self.0 | 1 << position)
    }

    #[must_use]
    pub(crate) const fn union(self, other: Positions) -> Positions {
        Positions(self.0 | other.0)
    }

    /// Returns whether every position of `other` is in this set.
    pub(crate) const fn includes(self, other: Positions) -> bool {
        other.0 & !self.0 == 0
    }

    /// The positions, lowest first.
    pub(crate) fn iter(self) -> impl Iterator<Item = usize> {
        let mut left = self.0;
        std::iter::from_fn(move || {
            let lowest = (left != 0).then(|| left.trailing_zeros() as usize)?;
            left &= left - 1;
            Some(lowest)
        })
    }
}
