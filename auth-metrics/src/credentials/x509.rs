//! Certificates: when they expire. Nothing else in them is read, and no other PEM block.

use std::fmt;
use std::time::SystemTime;

use base64ct::{Base64, Encoding as _};
use x509_cert::Certificate;
use x509_cert::der::Decode as _;

use super::{Credential, CredentialError, SlugFault};
use crate::taxonomy::CredentialKind;

const BEGIN: &str = "-----BEGIN CERTIFICATE-----";
const END: &str = "-----END CERTIFICATE-----";

/// Why a certificate can't be read. Says nothing of what is in it; certificates are counted from 1.
///
/// ```
/// use auth_metrics::credentials::{CertificateFault, Credential, CredentialError};
///
/// let refused = Credential::from_pem("ingress", "not a certificate").unwrap_err();
/// let CredentialError::Certificate { fault, .. } = refused else { panic!("{refused}") };
/// assert_eq!(fault, CertificateFault::None);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum CertificateFault {
    /// The text has no PEM block of a certificate.
    None,
    /// This one has no end.
    Unfinished(usize),
    /// What this one holds is not base64.
    NotBase64(usize),
    /// What this one holds is not an X.509 certificate.
    NotX509(usize),
}

/// When what was read is valid.
#[derive(Clone, Copy)]
pub(super) struct Validity {
    pub(super) not_before: SystemTime,
    pub(super) not_after: SystemTime,
}

impl Credential {
    /// A [`CredentialKind::Certificate`] that expires when the first certificate of a PEM chain does. Other blocks, such as
    /// private keys, and text between them are passed over.
    ///
    /// ```
    /// use auth_metrics::credentials::Credential;
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/credentials/data/chain.pem");
    /// let chain = Credential::from_pem("ingress", std::fs::read(path)?)?;
    /// assert!(chain.expires().is_some());
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    ///
    /// The slug is refused, there is no certificate, or one of them can't be read.
    pub fn from_pem(slug: impl Into<String>, pem: impl AsRef<[u8]>) -> Result<Credential, CredentialError> {
        let (kind, slug) = (CredentialKind::Certificate, slug.into());
        SlugFault::check(&slug).map_err(|fault| CredentialError::Slug { kind, fault })?;
        match read_chain(&String::from_utf8_lossy(pem.as_ref())) {
            Ok(validity) => Ok(Credential {
                not_after: Some(validity.not_after),
                issued: Some(validity.not_before),
                ..Credential::new(kind, slug)
            }),
            Err(fault) => Err(CredentialError::Certificate { slug, fault }),
        }
    }
}

fn read_chain(pem: &str) -> Result<Validity, CertificateFault> {
    let mut earliest: Option<Validity> = None;
    for (position, block) in (1..).zip(pem.split(BEGIN).skip(1)) {
        let (text, _) = block.split_once(END).ok_or(CertificateFault::Unfinished(position))?;
        let validity = read_base64(text, position)?;
        earliest = match earliest {
            Some(before) if before.not_after <= validity.not_after => Some(before),
            _ => Some(validity),
        };
    }
    earliest.ok_or(CertificateFault::None)
}

/// The validity of a certificate in base64.
pub(super) fn read_base64(text: &str, position: usize) -> Result<Validity, CertificateFault> {
    let text: String = text.split_whitespace().collect();
    let der = Base64::decode_vec(&text).map_err(|_| CertificateFault::NotBase64(position))?;
    let certificate = Certificate::from_der(&der).map_err(|_| CertificateFault::NotX509(position))?;
    let validity = certificate.tbs_certificate().validity();
    Ok(Validity {
        not_before: validity.not_before.to_system_time(),
        not_after: validity.not_after.to_system_time(),
    })
}

impl fmt::Display for CertificateFault {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            CertificateFault::None => {
                write!(out, "there is no `{BEGIN}` in it: give the certificate, not its key")
            }
            CertificateFault::Unfinished(position) => {
                write!(out, "number {position} has no `{END}`: was the file cut off?")
            }
            CertificateFault::NotBase64(position) => {
                write!(out, "number {position} is not base64: was the file damaged?")
            }
            CertificateFault::NotX509(position) => {
                write!(out, "number {position} is not an X.509 certificate: was the file damaged?")
            }
        }
    }
}
