//! What the login's defence did to honest users and to attackers, as they saw it themselves.

use axum::http::StatusCode;

/// Who somebody is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Camp {
    /// A user. Their browser solves what it is asked.
    Honest,
    /// An attacker who acts alone, and spends the work.
    Loner,
    /// A machine of the wave.
    Bot,
    /// A machine of the wave that spends the work.
    Spender,
}

impl Camp {
    pub(super) fn solves(self) -> bool {
        self != Self::Bot
    }
}

/// What somebody did about a proof of work.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Work {
    /// None was asked for.
    NotAsked,
    /// The login ended with the challenge.
    NotDone,
    /// One was sent, and accepted.
    Proven,
}

/// What became of one login.
#[derive(Debug, Clone, Copy)]
pub(super) struct Ended {
    pub(super) work: Work,
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

/// All sides.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(super) struct Defence {
    pub(super) honest: Met,
    pub(super) loners: Met,
    pub(super) wave: Met,
}

impl Defence {
    pub(super) fn count(&mut self, camp: Camp, ended: Ended) {
        let met = match camp {
            Camp::Honest => &mut self.honest,
            Camp::Loner => &mut self.loners,
            Camp::Bot | Camp::Spender => &mut self.wave,
        };
        let is_right = matches!(ended.status, StatusCode::OK | StatusCode::ACCEPTED);
        // The rate limit and our own faults come before a password is compared.
        let is_checked =
            ended.work != Work::NotDone && (is_right || ended.status == StatusCode::UNAUTHORIZED);
        met.logins += 1;
        met.challenged += u64::from(ended.work != Work::NotAsked);
        met.proven += u64::from(ended.work == Work::Proven);
        met.checked += u64::from(is_checked);
        met.right += u64::from(is_right);
        met.turned_away += u64::from(!ended.is_expected);
    }

    /// Challenges of all sides.
    pub(super) fn challenged(&self) -> u64 {
        self.honest.challenged + self.loners.challenged + self.wave.challenged
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_counts_as_checked_only_if_it_was_compared() {
        let no = StatusCode::UNAUTHORIZED;
        let ended = |work, status| Ended { work, status, is_expected: true };
        let mut defence = Defence::default();
        defence.count(Camp::Bot, ended(Work::NotDone, no));
        defence.count(Camp::Bot, ended(Work::NotAsked, StatusCode::TOO_MANY_REQUESTS));
        defence.count(Camp::Bot, ended(Work::NotAsked, no));
        defence.count(Camp::Spender, ended(Work::Proven, StatusCode::OK));
        assert_eq!(
            defence.wave,
            Met { logins: 4, challenged: 2, proven: 1, checked: 2, right: 1, turned_away: 0 }
        );
        assert_eq!(defence.honest, Met::default());
    }
}
