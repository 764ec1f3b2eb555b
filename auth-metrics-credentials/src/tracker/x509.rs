//! Reads certificates: when they expire. Reads nothing else in them, and no other block of a PEM file.

use std::fmt;
use std::time::SystemTime;

use x509_cert::Certificate;
use x509_cert::der::{Decode as _, pem};

use super::digest::Digest;
use super::{Credential, CredentialError, SlugError};
use crate::terms::CredentialKind;

const BEGIN: &str = "-----BEGIN CERTIFICATE-----";
const END: &str = "-----END CERTIFICATE-----";
/// A certificate with what it is trusted for, as `openssl x509 -trustout` writes it.
const TRUSTED: &str = "-----BEGIN TRUSTED CERTIFICATE-----";
/// How a PKCS 12 file goes on after its header: its version, 3.
const PKCS12: &[u8] = &[0x02, 0x01, 0x03];
/// How signed data of PKCS 7 goes on: its object identifier.
const PKCS7: &[u8] = &[0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, 0x02];
/// How a keystore of Java begins.
const KEYSTORE: &[u8] = &[0xfe, 0xed, 0xfe, 0xed];

/// Explains why a certificate can't be read, and how to convert it. Shows nothing of its contents; certificates are counted
/// from 1.
///
/// ```
/// use auth_metrics_credentials::{CertificateError, Credential, CredentialError};
///
/// let refused = Credential::from_pem("ingress", "not a certificate").unwrap_err();
/// let CredentialError::Certificate { error, .. } = refused else { panic!("{refused}") };
/// assert_eq!(error, CertificateError::NoCertificate);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum CertificateError {
    /// The file has no PEM block of a certificate.
    NoCertificate,
    /// The file is a certificate in DER, the binary form.
    Der,
    /// The file is PKCS 12: certificates and their key, in binary form.
    Pkcs12,
    /// The file is PKCS 7, as text or in binary form.
    Pkcs7,
    /// The file is a Java keystore.
    Keystore,
    /// The file is a certificate signing request.
    Request,
    /// The file has a trusted certificate, a form of OpenSSL's own.
    Trusted,
    /// This certificate has no end marker.
    Unfinished(usize),
    /// The block of this certificate is not base64.
    NotBase64(usize),
    /// The block of this certificate is not an X.509 certificate.
    NotX509(usize),
}

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

impl fmt::Display for CertificateError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            CertificateError::NoCertificate => {
                write!(out, "there is no `{BEGIN}` in it: give the certificate, not its key, or the file is incomplete")
            }
            CertificateError::Der => out.write_str(
                "it is DER, not PEM: convert it by `openssl x509 -inform DER -in FILE -out FILE.pem`",
            ),
            CertificateError::Pkcs12 => out.write_str(
                "it is PKCS 12, not PEM: take the certificates out by `openssl pkcs12 -in FILE -nokeys -out FILE.pem`",
            ),
            CertificateError::Pkcs7 => out.write_str(
                "it is PKCS 7, not PEM: take the certificates out by `openssl pkcs7 -print_certs -in FILE -out FILE.pem`, with \
                 `-inform DER` if it is no text",
            ),
            CertificateError::Keystore => out.write_str(
                "it is a keystore of Java: take the certificate out by \
                 `keytool -exportcert -rfc -keystore FILE -alias NAME -file FILE.pem`",
            ),
            CertificateError::Request => {
                out.write_str("it is a request for a certificate: give the certificate that was issued for it")
            }
            CertificateError::Trusted => out.write_str(
                "there is a trusted certificate of OpenSSL in it: write it without its trust by \
                 `openssl x509 -in FILE -out FILE.pem`",
            ),
            CertificateError::Unfinished(position) => {
                write!(out, "number {position} has no `{END}`: was the file cut off?")
            }
            CertificateError::NotBase64(position) => {
                write!(out, "number {position} is not base64: was the file damaged?")
            }
            CertificateError::NotX509(position) => {
                write!(out, "number {position} is not an X.509 certificate: was the file damaged?")
            }
        }
    }
}

impl std::error::Error for CertificateError {}
