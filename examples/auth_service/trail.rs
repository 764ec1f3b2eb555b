//! The audit trail: every attempt as a line in a folder of its own.

use std::path::{Path, PathBuf};
use std::process;

use auth_metrics_audit::{Audit, Error, FileSink, Policy, Record};

/// Opens the trail. Names, sessions and devices are pseudonyms, made with the key of the handle; of addresses only the network is shown.
/// Verified tokens are on the record too: a service with many of them leaves them out, as [`Policy::new`] does.
pub(crate) fn open(folder: &Path) -> Result<Audit, Error> {
    Audit::builder().policy(Policy::new().token(Record::All)).file(FileSink::new(folder)).build()
}

/// The folder if none is given: another one for each process.
pub(crate) fn new_folder() -> PathBuf {
    std::env::temp_dir().join(format!("auth_service-{}", process::id())).join("audit")
}
