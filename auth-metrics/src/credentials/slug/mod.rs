//! The form of slugs: what names a credential must not look like one.

mod groups;
mod numbers;
mod randomness;
mod secret;

use std::fmt;

use secret::is_secret;

use crate::terms::label;

/// Why a slug is refused. The slug itself is told nowhere, since it may be a secret.
///
/// A slug is refused as [`KeyMaterial`](SlugError::KeyMaterial) if one of these is anywhere in it, capitals or not:
///
/// - a UUID, or 16 hexadecimal digits and more, in one piece or in groups; dates and shorter numbers are none;
/// - a token of Slack, GitLab, Square, Shopify or Vault, or a key id of AWS;
/// - 20 letters and digits and more without a separator, where digits stand among the letters;
/// - groups of the same length, as license keys, seeds, passwords of apps and recovery codes have them: four of four characters
///   and more, or three of five and more, that follow each other as in no word; two of five hexadecimal digits and more;
/// - 13 digits and more in one piece that are no date and no time;
/// - the four numbers of an address, with dots; a version of four numbers passes with a `v` before it;
/// - ten letters and digits and more that follow each other as in no name: rare pairs of letters, letters after digits.
///
/// The last rule finds random text of any origin: from 16 characters on nearly all of it, shorter text often. Of random letters
/// alone one in ten passes at 16 letters and one in four at 14, and one in five in groups of four. The rules can't find a
/// secret that is made of words, such as a passphrase, or one that can be pronounced. Names such as `oauth2-eu-west-1a`,
/// `argon2id.v19` and `backup-20260701t120000z` pass.
///
/// ```
/// use auth_metrics::credentials::{Credential, CredentialError, CredentialTracker, SlugError};
/// use auth_metrics::{AuthMetrics, CredentialKind};
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
    /// It has no characters.
    Empty,
    /// It looks like PEM.
    Pem,
    /// It looks like an e-mail address.
    Email,
    /// It looks like a JWT.
    Jwt,
    /// It looks like a key, a token, an id or an address of a host, or has one in it.
    KeyMaterial,
    /// It has more than 64 bytes.
    TooLong,
    /// It is `other`, which stands for what finds no place of its own.
    Reserved,
    /// It is not `[a-z][a-z0-9_.-]*`.
    Form,
}

/// What could be base64 and has this length is no name.
const LONG: usize = 20;

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
        } else if slug.len() > label::MAX_NAME {
            SlugError::TooLong
        } else if slug == label::OTHER {
            SlugError::Reserved
        } else if !label::is_slug(slug) {
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
    /// What the slug is or does, to go on with after its name.
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
