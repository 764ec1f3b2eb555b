//! `Count`: a counter, and what a server is still owed of it.

/// A counter. What rises is owed until a server took it; a counter that falls began again, and all it has since is owed.
#[derive(Debug, Default)]
pub(crate) struct Count {
    now: u64,
    owed: u64,
    /// What the request that is under way has of it.
    sent: u64,
}

impl Count {
    /// Takes the value of a snapshot. Whether it fell.
    pub(crate) fn see(&mut self, value: u64) -> bool {
        let has_fallen = value < self.now;
        let more = if has_fallen { value } else { value - self.now };
        self.owed = self.owed.saturating_add(more);
        self.now = value;
        has_fallen
    }

    pub(crate) fn now(&self) -> u64 {
        self.now
    }

    pub(crate) fn owed(&self) -> u64 {
        self.owed
    }

    /// Begins again at zero; what is owed stays.
    pub(super) fn restart(&mut self) {
        self.now = 0;
    }

    /// Owes more than was seen here.
    pub(super) fn owe(&mut self, more: u64) {
        self.owed = self.owed.saturating_add(more);
    }

    /// Puts what is owed into a request.
    pub(crate) fn send(&mut self) -> u64 {
        self.sent = self.owed;
        self.sent
    }

    /// A server took the request.
    pub(crate) fn settle(&mut self) {
        self.owed = self.owed.saturating_sub(self.sent);
        self.sent = 0;
    }

    /// No server took the request, and it will not be sent again.
    pub(crate) fn withdraw(&mut self) {
        self.sent = 0;
    }
}
