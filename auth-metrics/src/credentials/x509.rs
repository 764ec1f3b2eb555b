//! Certificates: when they expire is read from the file.

use std::time::{Duration, SystemTime};

use x509_parser::pem::Pem;

use super::{Credential, CredentialError};
use crate::taxonomy::CredentialKind;

impl Credential {
    /// The certificates of a PEM file, as one credential that expires with the first of them. Blocks that are no
    /// certificate, such as a private key, are passed over.
    ///
    /// # Errors
    ///
    /// [`CredentialError::Certificate`] where there is none, or one does not parse.
    ///
    /// ```no_run
    /// use auth_metrics::credentials::Credential;
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let certificate = Credential::from_pem("gateway.mtls", &std::fs::read("tls/gateway.pem")?)?;
    /// # let _ = certificate;
    /// # Ok(()) }
    /// ```
    pub fn from_pem(slug: impl Into<String>, pem: &[u8]) -> Result<Credential, CredentialError> {
        Ok(Credential::new(CredentialKind::Certificate, slug).not_after(earliest_end(pem)?))
    }
}

/// When the first certificate of a file expires.
pub(super) fn earliest_end(pem: &[u8]) -> Result<SystemTime, CredentialError> {
    let mut earliest = None;
    let mut position = 0;
    for block in Pem::iter_from_buffer(pem) {
        let wrong = |problem| CredentialError::Certificate { position: position + 1, problem };
        let block = block.map_err(|_| wrong("is no PEM block that can be read"))?;
        if block.label != "CERTIFICATE" {
            continue;
        }
        let certificate =
            block.parse_x509().map_err(|_| wrong("is no X.509 certificate that can be read"))?;
        let seconds = certificate.validity().not_after.timestamp();
        let after_1970 = u64::try_from(seconds).map_err(|_| wrong("expires before 1970"))?;
        let end = SystemTime::UNIX_EPOCH.checked_add(Duration::from_secs(after_1970));
        let end = end.ok_or_else(|| wrong("expires later than this machine can tell"))?;
        earliest = Some(earliest.map_or(end, |earlier: SystemTime| earlier.min(end)));
        position += 1;
    }
    earliest.ok_or(CredentialError::Certificate {
        position: 1,
        problem: "is not there: it has no CERTIFICATE block",
    })
}
