//! Checks slugs: the name of a credential must not look like a credential. Keeps no slug and shows none.

mod groups;
mod numbers;
mod randomness;
mod secret;

use std::fmt;

use secret::is_secret;

/// Explains why a slug is refused. It never shows the slug, which may be a secret.
///
/// A slug is refused as [`KeyMaterial`](SlugError::KeyMaterial) if it contains one of these, in small or capital letters:
///
/// - a UUID, or at least 16 hexadecimal digits, in one piece or in groups; dates and shorter numbers are accepted;
/// - a token of Slack, GitLab, Square, Shopify or Vault, or a key id of AWS;
/// - at least 20 letters and digits without a separator, with digits among the letters;
/// - groups of the same length, as in license keys, seeds, app passwords and recovery codes: at least four groups of four
///   characters, or three of five, that are not like words, or two groups of at least five hexadecimal digits;
/// - at least 13 digits in one piece that are neither a date nor a time;
/// - an IPv4 address; a version of four numbers is accepted with a `v` before it;
/// - at least ten letters and digits that are not like a name: rare pairs of letters, letters after digits.
///
/// The last rule finds random text of any origin: nearly all of it from 16 characters on, and much of the shorter text. Of
/// random letters alone, one in ten passes at 16 letters, one in four at 14, and one in five in groups of four. The rules can't
/// find a secret that is made of words, such as a passphrase, or one that can be pronounced. Names such as `oauth2-eu-west-1a`,
/// `argon2id.v19` and `backup-20260701t120000z` are accepted.
///
/// ```
/// use auth_metrics_credentials::{Credential, CredentialError, CredentialTracker, SlugError};
/// use auth_metrics::AuthMetrics;
/// use auth_metrics_credentials::CredentialKind;
///
/// # fn main() -> Result<(), auth_metrics::Error> {
/// let tracker = CredentialTracker::new(&AuthMetrics::builder().service_id("gateway").build()?);
/// let refused = tracker.declare(Credential::new(CredentialKind::Password, "ada@example.org"));
/// assert!(matches!(refused, Err(CredentialError::Slug { error: SlugError::Email, .. })));
/// # Ok(()) }
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum SlugError {
    /// The slug is empty.
    Empty,
    /// The slug looks like PEM.
    Pem,
    /// The slug looks like an e-mail address.
    Email,
    /// The slug looks like a JWT.
    Jwt,
    /// The slug looks like a key, a token, an id or the address of a host, or contains one.
    KeyMaterial,
    /// The slug has more than 64 bytes.
    TooLong,
    /// The slug is `other`, which is reserved for everything without a label of its own.
    Reserved,
    /// The slug does not match `[a-z][a-z0-9_.-]*`.
    Form,
}

/// Text that could be base64 and has this length is not a name.
const LONG: usize = 20;

/// The most bytes that a slug has.
const LONGEST: usize = 64;

impl SlugError {
    pub(super) fn check(slug: &str) -> Result<(), SlugError> {
        match SlugError::of(slug) {
            Some(error) => Err(error),
            None => Ok(()),
        }
    }

    fn of(slug: &str) -> Option<SlugError> {
        let error = if slug.is_empty() {
            SlugError::Empty
        } else if slug.contains("-----") {
            SlugError::Pem
        } else if slug.contains('@') {
            SlugError::Email
        } else if is_jwt(slug) {
            SlugError::Jwt
        } else if is_key_material(slug) {
            SlugError::KeyMaterial
        } else if slug.len() > LONGEST {
            SlugError::TooLong
        } else if slug == crate::group::OTHER {
            SlugError::Reserved
        } else if !is_slug(slug) {
            SlugError::Form
        } else {
            return None;
        };
        Some(error)
    }
}

/// Whether it begins as a JSON object in base64 does, and has the dots of a token; whatever became of its capitals.
fn is_jwt(slug: &str) -> bool {
    let header = slug.get(..3).is_some_and(|start| start.eq_ignore_ascii_case("eyj"));
    header && slug.matches('.').count() >= 2
}

fn is_key_material(slug: &str) -> bool {
    let is_base64 = |each: u8| each.is_ascii_alphanumeric() || b"+/=-_".contains(&each);
    let has = |what: fn(&u8) -> bool| slug.as_bytes().iter().any(what);
    let is_mixed = has(u8::is_ascii_uppercase) && has(u8::is_ascii_digit);
    (is_mixed && slug.len() >= LONG && slug.bytes().all(is_base64)) || is_secret(&slug.to_ascii_lowercase())
}

impl SlugError {
    /// Returns the end of a sentence about the slug.
    pub(super) const fn predicate(self) -> &'static str {
        match self {
            SlugError::Empty => "is empty",
            SlugError::Pem => "looks like PEM",
            SlugError::Email => "looks like an e-mail address",
            SlugError::Jwt => "looks like a JWT",
            SlugError::KeyMaterial => {
                "has in it what looks like a key, a token, an id or an address: leave that part out"
            }
            SlugError::TooLong => "has more than 64 bytes",
            SlugError::Reserved => "is `other`, which stands for what finds no place of its own",
            SlugError::Form => "is not `[a-z][a-z0-9_.-]*`",
        }
    }
}

impl fmt::Display for SlugError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "the slug {}", self.predicate())
    }
}

impl std::error::Error for SlugError {}

/// Whether this has the form of a slug: `[a-z][a-z0-9_.-]*`.
fn is_slug(text: &str) -> bool {
    let is_part = |each: u8| each.is_ascii_lowercase() || each.is_ascii_digit() || b"_.-".contains(&each);
    text.starts_with(|first: char| first.is_ascii_lowercase()) && text.bytes().all(is_part)
}
