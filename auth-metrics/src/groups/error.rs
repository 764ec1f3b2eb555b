//! `GroupError`: why a group can't be attached.

use std::fmt;

/// Why a handle refuses a [`Group`](super::Group). The handle is unchanged then.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum GroupError {
    /// Another group, or the library itself, has a family of this name, or one whose samples would have it; so it is for a gauge
    /// `x` beside a counter `x_total`, which are one name to `OpenMetrics`.
    Taken(&'static str),
    /// The name of a family is not `[a-zA-Z_][a-zA-Z0-9_]*`, or its ending is not that of its type: counters end in
    /// `_total`, gauges and histograms in none of `_total`, `_bucket`, `_sum`, `_count`, `_created` and `_info`.
    Name(&'static str),
    /// A label is not `[a-zA-Z_][a-zA-Z0-9_]*`, starts with `__`, is `le`, is named twice in a family, or is a constant label of the
    /// handle.
    Label {
        /// The family.
        family: &'static str,
        /// The label.
        label: &'static str,
    },
    /// The help of a family is empty, has more than one line or a backslash, or begins or ends with blanks.
    Help(&'static str),
}

impl fmt::Display for GroupError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            GroupError::Taken(family) => {
                write!(
                    out,
                    "the name {family} is taken, or that of its samples: give the family a name of its own"
                )
            }
            GroupError::Name(family) => write!(
                out,
                "the family {family:?} needs another name: letters, digits and _, not starting with a digit; a counter ends in \
                 _total, a gauge or histogram in none of _total, _bucket, _sum, _count, _created and _info"
            ),
            GroupError::Label { family, label } => write!(
                out,
                "the label {label:?} of {family} needs another name: letters, digits and _, not starting with a digit or __, \
                 once in a family, not `le` and no constant label of the handle"
            ),
            GroupError::Help(family) => write!(
                out,
                "the help of {family} must be one line of text without a backslash, or blanks around it"
            ),
        }
    }
}

impl std::error::Error for GroupError {}
