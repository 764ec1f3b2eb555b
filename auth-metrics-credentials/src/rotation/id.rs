//! The ids by which credentials are told apart. They are not secrets, and still appear in no label, log line or `Debug` output.

use std::fmt;
use std::sync::Arc;
use std::time::SystemTime;

use super::jitter;

/// The name of one credential, which no other one ever had.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Id(Arc<str>);

impl Id {
    pub(super) fn new(id: impl Into<Arc<str>>) -> Id {
        Id(id.into())
    }

    /// Makes an id that no other process and no other try has: 64 random bits make it unique, and the time puts most ids in
    /// order.
    pub(super) fn fresh(now: SystemTime) -> Id {
        let since = now.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
        Id::new(format!("{:011x}-{:016x}", since.as_millis(), jitter::generator().u64(..)))
    }

    pub(super) fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Id {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("..")
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;
    use std::time::SystemTime;

    use super::Id;

    #[test]
    fn fresh_ids_differ_at_one_moment_and_debug_hides_them() {
        let now = SystemTime::now();
        let ids: HashSet<String> = (0..1_000).map(|_| Id::fresh(now).as_str().to_owned()).collect();
        assert_eq!(ids.len(), 1_000);
        assert!(Id::fresh(SystemTime::UNIX_EPOCH).as_str().starts_with("00000000000-"));
        assert_eq!(format!("{:?}", Id::new("2026-10")), "..");
    }
}
