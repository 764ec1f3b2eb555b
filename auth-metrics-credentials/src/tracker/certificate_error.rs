//! `CertificateError`: why a certificate can't be read. Shows nothing of its contents.

use std::fmt;

pub(super) const BEGIN: &str = "-----BEGIN CERTIFICATE-----";
pub(super) const END: &str = "-----END CERTIFICATE-----";

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
