//! What the login's defence did to honest users and to attackers, as they saw it themselves.

use axum::http::StatusCode;

/// Who somebody is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Camp {
    /// A user. Their browser solves what it is asked.
    Honest,
    /// An attacker who spends the work.
    Thief,
    /// An attacker who does not.
    Bot,
}

impl Camp {
    pub(super) fn solves(self) -> bool {
        self != Self::Bot
    }
}

/// What became of one login.
#[derive(Debug, Clone, Copy)]
pub(super) struct Ended {
    pub(super) was_challenged: bool,
    /// Whether a proof was sent and accepted.
    pub(super) has_proven: bool,
    /// Whether it ended with a challenge.
    pub(super) is_stopped: bool,
    pub(super) status: StatusCode,
    /// Whether that is an answer that the one who logs in has to expect.
    pub(super) is_expected: bool,
}

/// Logins of one side.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(super) struct Met {
    pub(super) logins: u64,
    pub(super) challenged: u64,
    pub(super) proven: u64,
    /// Passwords that were compared, whatever came of it.
    pub(super) checked: u64,
    /// Those that were right: a session, or a code must follow.
    pub(super) right: u64,
    /// Those who were refused, although they did nothing wrong.
    pub(super) turned_away: u64,
}

/// Both sides.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(super) struct Defence {
    pub(super) honest: Met,
    pub(super) attackers: Met,
}

impl Defence {
    pub(super) fn count(&mut self, camp: Camp, ended: Ended) {
        let met = if camp == Camp::Honest { &mut self.honest } else { &mut self.attackers };
        let is_right = matches!(ended.status, StatusCode::OK | StatusCode::ACCEPTED);
        // The rate limit and our own faults come before a password is compared.
        let is_checked = !ended.is_stopped && (is_right || ended.status == StatusCode::UNAUTHORIZED);
        met.logins += 1;
        met.challenged += u64::from(ended.was_challenged);
        met.proven += u64::from(ended.has_proven);
        met.checked += u64::from(is_checked);
        met.right += u64::from(is_right);
        met.turned_away += u64::from(!ended.is_expected);
    }

    /// Challenges of both sides.
    pub(super) fn challenged(&self) -> u64 {
        self.honest.challenged + self.attackers.challenged
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_counts_as_checked_only_if_it_was_compared() {
        let no = StatusCode::UNAUTHORIZED;
        let ended = |was_challenged, has_proven, is_stopped, status| Ended {
            was_challenged,
            has_proven,
            is_stopped,
            status,
            is_expected: true,
        };
        let mut defence = Defence::default();
        defence.count(Camp::Bot, ended(true, false, true, no));
        defence.count(Camp::Bot, ended(false, false, false, StatusCode::TOO_MANY_REQUESTS));
        defence.count(Camp::Bot, ended(false, false, false, no));
        defence.count(Camp::Thief, ended(true, true, false, StatusCode::OK));
        assert_eq!(
            defence.attackers,
            Met { logins: 4, challenged: 2, proven: 1, checked: 2, right: 1, turned_away: 0 }
        );
        assert_eq!(defence.honest, Met::default());
    }
}
