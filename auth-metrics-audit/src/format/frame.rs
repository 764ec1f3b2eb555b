//! What a line says beside its record, and how long it may be.

/// The longest line, with its newline.
pub(crate) const MOST: usize = 2_048;

/// The longest line before the seal closes it.
pub(super) const MOST_OPEN: usize = MOST - 260;

/// What a line says beside its record.
pub(crate) struct Frame<'a> {
    pub(crate) origin: &'a Origin,
    /// Which of the record's places in the chains is this one's.
    pub(crate) sink: usize,
    pub(crate) chain: &'a str,
    pub(crate) sequence: u64,
    /// The hash of the line before, as 64 hexadecimal digits.
    pub(crate) prev: &'a str,
}

/// Where all lines of a process come from.
#[derive(Clone, Debug)]
pub(crate) struct Origin {
    /// The replica: the name of the host, unless the user gave another.
    pub(crate) node: String,
    /// Changes with each start: 16 hexadecimal digits.
    pub(crate) boot: String,
    /// The tenant.
    pub(crate) organization: Option<String>,
}
