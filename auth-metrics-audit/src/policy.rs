//! `Policy`: what is put on the record.

use auth_metrics::OperationKind;
use auth_metrics::events::{Event, EventKind};

/// Which attempts of an operation are put on the record.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Record {
    /// All.
    #[default]
    All,
    /// Those that did not succeed.
    Failures,
    /// None.
    Nothing,
}

/// What is put on the record: everything, but of token verifications and sessions only the failures, unless it says otherwise. What it leaves out is
/// counted as `skipped`. Steps of credentials and decisions that were not enforced are always on the record.
///
/// ```
/// use auth_metrics_audit::{Policy, Record};
///
/// let policy = Policy::new().token(Record::All).operation("health", Record::Nothing);
/// ```
#[derive(Clone, Debug)]
#[must_use]
pub struct Policy {
    authentication: Record,
    token: Record,
    authorization: Record,
    session: Record,
    account: Record,
    operations: Vec<(String, Record)>,
}

impl Policy {
    /// Makes the default policy.
    pub fn new() -> Policy {
        let (authentication, token, authorization) = (Record::All, Record::Failures, Record::All);
        let (session, account) = (Record::Failures, Record::All);
        Policy { authentication, token, authorization, session, account, operations: Vec::new() }
    }

    /// Sets which authentications are put on the record. Default: all.
    pub fn authentication(mut self, record: Record) -> Policy {
        self.authentication = record;
        self
    }

    /// Sets which verifications of tokens are put on the record. Default: failures.
    pub fn token(mut self, record: Record) -> Policy {
        self.token = record;
        self
    }

    /// Sets which authorisations are put on the record. Default: all.
    pub fn authorization(mut self, record: Record) -> Policy {
        self.authorization = record;
        self
    }

    /// Sets which loads, refreshes and ends of sessions are put on the record. Default: failures.
    pub fn session(mut self, record: Record) -> Policy {
        self.session = record;
        self
    }

    /// Sets which registrations, changes of credentials and enrolments of factors are put on the record. Default: all.
    pub fn account(mut self, record: Record) -> Policy {
        self.account = record;
        self
    }

    /// Sets which attempts of one operation are put on the record, whatever its kind. The last word about an operation counts.
    pub fn operation(mut self, operation: impl Into<String>, record: Record) -> Policy {
        self.operations.push((operation.into(), record));
        self
    }

    /// Returns whether an event is put on the record.
    pub(crate) fn wants(&self, event: &Event) -> bool {
        let EventKind::Attempt(kind) = event.kind() else { return true };
        let named = self.operations.iter().rev().find(|(operation, _)| operation == event.operation());
        let record = named.map_or_else(|| self.of_kind(kind), |(_, record)| *record);
        match record {
            Record::All => true,
            Record::Failures => event.reason().is_some(),
            Record::Nothing => false,
        }
    }

    fn of_kind(&self, kind: OperationKind) -> Record {
        match kind {
            OperationKind::Token => self.token,
            OperationKind::Authorization => self.authorization,
            OperationKind::Session => self.session,
            OperationKind::Registration | OperationKind::CredentialChange | OperationKind::Enrolment => {
                self.account
            }
            _ => self.authentication,
        }
    }
}

impl Default for Policy {
    fn default() -> Policy {
        Policy::new()
    }
}
