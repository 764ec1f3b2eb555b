//! Reads certificates: when they expire. Reads nothing else in them, and no other block of a PEM file.

use std::time::SystemTime;

use x509_cert::Certificate;
use x509_cert::der::{Decode as _, pem};

use super::certificate_error::{BEGIN, END};
use super::digest::Digest;
use super::{CertificateError, Credential, CredentialError, SlugError};
use crate::terms::CredentialKind;

/// A certificate with what it is trusted for, as `openssl x509 -trustout` writes it.
const TRUSTED: &str = "-----BEGIN TRUSTED CERTIFICATE-----";
/// How a PKCS 12 file goes on after its header: its version, 3.
const PKCS12: &[u8] = &[0x02, 0x01, 0x03];
/// How signed data of PKCS 7 goes on: its object identifier.
const PKCS7: &[u8] = &[0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, 0x02];
/// How a keystore of Java begins.
const KEYSTORE: &[u8] = &[0xfe, 0xed, 0xfe, 0xed];

/// When a certificate is valid.
#[derive(Clone, Copy)]
pub(super) struct Validity {
    pub(super) not_before: SystemTime,
    pub(super) not_after: SystemTime,
}

/// A chain: when all of its certificates are valid, and what identifies it.
struct Chain {
    not_before: SystemTime,
    not_after: SystemTime,
    digest: u64,
}

impl Credential {
    /// Reads a PEM file and makes a [`CredentialKind::Certificate`] of it. Reads no clock: the tracker sees whether it is valid
    /// now.
    ///
    /// If the file has a chain, the credential is valid while all of its certificates are. Other blocks, such as private keys,
    /// and text between the blocks are skipped. If the file is replaced now and then, use
    /// [`CredentialTracker::renew`](super::CredentialTracker::renew).
    ///
    /// ```
    /// use auth_metrics_credentials::Credential;
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/api/credentials/data/chain.pem");
    /// let chain = Credential::from_pem("ingress", std::fs::read(path)?)?;
    /// assert!(chain.not_after().is_some());
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    ///
    /// Returns an error if the slug is refused, if the file has no certificate in PEM, or if one of them can't be read. For a
    /// file in DER, PKCS 12, PKCS 7 or another form, the error has the command that converts it.
    pub fn from_pem(slug: impl Into<String>, pem: impl AsRef<[u8]>) -> Result<Credential, CredentialError> {
        let (kind, slug) = (CredentialKind::Certificate, slug.into());
        SlugError::check(&slug).map_err(|error| CredentialError::Slug { kind, error })?;
        match read_chain(pem.as_ref()) {
            Ok(chain) => Ok(Credential {
                not_after: Some(chain.not_after),
                not_before: Some(chain.not_before),
                digest: Some(chain.digest),
                ..Credential::new(kind, slug)
            }),
            Err(error) => Err(CredentialError::Certificate { slug, error }),
        }
    }
}

fn read_chain(file: &[u8]) -> Result<Chain, CertificateError> {
    let text = String::from_utf8_lossy(file);
    if text.contains(TRUSTED) {
        return Err(CertificateError::Trusted);
    }
    let mut digest = Digest::new();
    let mut chain: Option<Validity> = None;
    for (position, block) in (1..).zip(text.split(BEGIN).skip(1)) {
        let (text, _) = block.split_once(END).ok_or(CertificateError::Unfinished(position))?;
        let der = decode(text, position)?;
        let read = read_der(&der, position)?;
        digest.add(&der);
        chain = Some(chain.map_or(read, |chain| Validity {
            not_before: chain.not_before.max(read.not_before),
            not_after: chain.not_after.min(read.not_after),
        }));
    }
    match chain {
        Some(Validity { not_before, not_after }) => {
            Ok(Chain { not_before, not_after, digest: digest.number() })
        }
        None => Err(other_form(file, &text)),
    }
}

/// Reads the validity of a certificate in base64.
#[cfg(feature = "jwks")]
pub(super) fn read_base64(text: &str, position: usize) -> Result<Validity, CertificateError> {
    read_der(&decode(text, position)?, position)
}

/// Decodes the text of a PEM block. The reader takes only lines of one width. Files that were indented or wrapped by hand have
/// lines of several widths, so the block becomes one line first.
fn decode(text: &str, position: usize) -> Result<Vec<u8>, CertificateError> {
    let line: String = text.split_whitespace().collect();
    let block = format!("{BEGIN}\n{line}\n{END}");
    let mut der = Vec::new();
    pem::Decoder::new_detect_wrap(block.as_bytes())
        .and_then(|mut reader| reader.decode_to_end(&mut der).map(drop))
        .map_err(|_| CertificateError::NotBase64(position))?;
    Ok(der)
}

fn read_der(der: &[u8], position: usize) -> Result<Validity, CertificateError> {
    let certificate = Certificate::from_der(der).map_err(|_| CertificateError::NotX509(position))?;
    let validity = certificate.tbs_certificate().validity();
    Ok(Validity {
        not_before: validity.not_before.to_system_time(),
        not_after: validity.not_after.to_system_time(),
    })
}

/// Tells the form of a file that has no certificate in PEM.
fn other_form(file: &[u8], text: &str) -> CertificateError {
    let inside = inside_of_sequence(file).unwrap_or_default();
    if Certificate::from_der(file).is_ok() {
        CertificateError::Der
    } else if inside.starts_with(PKCS12) {
        CertificateError::Pkcs12
    } else if inside.starts_with(PKCS7) || text.contains("-----BEGIN PKCS7-----") {
        CertificateError::Pkcs7
    } else if file.starts_with(KEYSTORE) {
        CertificateError::Keystore
    } else if text.contains("CERTIFICATE REQUEST-----") {
        CertificateError::Request
    } else {
        CertificateError::NoCertificate
    }
}

/// Returns the contents of the sequence that a file in DER or BER consists of.
fn inside_of_sequence(file: &[u8]) -> Option<&[u8]> {
    let (length, inside) = file.strip_prefix(&[0x30])?.split_first()?;
    match length {
        0x81..=0x84 => inside.get(usize::from(length - 0x80)..),
        0x00..=0x80 => Some(inside),
        _ => None,
    }
}
