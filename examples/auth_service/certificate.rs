//! The certificate that the service shows to its partner (mTLS), and the authority that issues it. A company has an
//! authority elsewhere; this one stands in for it.

use std::str::FromStr as _;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::{Duration, SystemTime};

use auth_metrics_credentials::{Credential, CredentialError};
use ed25519_dalek::{Signature, SigningKey};
use thiserror::Error;
use x509_cert::builder::profile::cabf::Root;
use x509_cert::builder::{Builder as _, CertificateBuilder};
use x509_cert::der::EncodePem as _;
use x509_cert::der::pem::LineEnding;
use x509_cert::name::Name;
use x509_cert::serial_number::SerialNumber;
use x509_cert::spki::SubjectPublicKeyInfo;
use x509_cert::time::Validity;

use crate::opaque::{self, RandomError};

/// The `credential` label of the certificate.
pub(crate) const SLUG: &str = "partner.mtls";

/// No certificate could be issued, or it can't be read.
#[derive(Debug, Error)]
pub(crate) enum CertificateError {
    #[error("the operating system gives no random bytes")]
    Random(#[from] RandomError),
    #[error("the certificate could not be issued: {0}")]
    Build(#[from] x509_cert::builder::Error),
    #[error("the certificate could not be encoded: {0}")]
    Encode(#[from] x509_cert::der::Error),
    #[error("the key of the certificate could not be encoded: {0}")]
    Key(#[from] x509_cert::spki::Error),
    #[error(transparent)]
    Read(#[from] CredentialError),
}

/// The certificate in use. Clones share it.
#[derive(Clone)]
pub(crate) struct ClientCertificate {
    not_after: Arc<RwLock<SystemTime>>,
    life: Duration,
}

impl ClientCertificate {
    /// A first one, and what a tracker wants to know of it: read from the PEM, as it would be from a file.
    pub(crate) fn issue(life: Duration) -> Result<(Self, Credential), CertificateError> {
        let credential = Credential::from_pem(SLUG, issued(life)?)?;
        let not_after = credential.not_after().unwrap_or_else(SystemTime::now);
        Ok((Self { not_after: Arc::new(RwLock::new(not_after)), life }, credential))
    }

    /// Takes a new one into use, and tells when it ends.
    pub(crate) fn renew(&self) -> Result<Option<SystemTime>, CertificateError> {
        let not_after = Credential::from_pem(SLUG, issued(self.life)?)?.not_after();
        if let Some(not_after) = not_after {
            *self.not_after.write().unwrap_or_else(PoisonError::into_inner) = not_after;
        }
        Ok(not_after)
    }

    /// What the other side of a handshake finds out.
    pub(crate) fn is_valid(&self) -> bool {
        SystemTime::now() < *self.not_after.read().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A certificate that signs itself, as PEM. The key is not kept: no handshake is made in this program.
fn issued(life: Duration) -> Result<String, CertificateError> {
    let key = SigningKey::from_bytes(&opaque::random_bytes()?);
    let name = Name::from_str("CN=auth_service,O=Example,C=US")?;
    let public = SubjectPublicKeyInfo::from_key(&key.verifying_key())?;
    let serial = SerialNumber::from(u64::from_be_bytes(opaque::random_bytes()?) >> 1);
    let profile = Root::new(false, name)?;
    let builder = CertificateBuilder::new(profile, serial, Validity::from_now(life)?, public)?;
    Ok(builder.build::<_, Signature>(&key)?.to_pem(LineEnding::LF)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_certificate_ends_when_it_says_and_its_successor_later() -> Result<(), CertificateError> {
        let before = SystemTime::now();
        let hour = Duration::from_secs(3_600);
        let (certificate, credential) = ClientCertificate::issue(hour)?;
        assert!(certificate.is_valid());
        let ends = credential.not_after().and_then(|ends| ends.duration_since(before).ok());
        assert!(ends.is_some_and(|life| life.abs_diff(hour) < Duration::from_secs(60)), "{ends:?}");
        assert!(certificate.renew()? >= credential.not_after());
        Ok(())
    }
}
