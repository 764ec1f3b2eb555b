//! The form of slugs: what names a credential must not look like one.

use std::fmt;

use crate::taxonomy::label;

/// Why a slug is refused. The slug itself is told nowhere, since it may be a secret.
///
/// ```
/// use auth_metrics::credentials::{Credential, CredentialError, CredentialTracker, SlugFault};
/// use auth_metrics::{AuthMetrics, CredentialKind};
///
/// # fn main() -> Result<(), auth_metrics::Error> {
/// let tracker = CredentialTracker::new(&AuthMetrics::builder().service_id("gateway").build()?);
/// let refused = tracker.declare(Credential::new(CredentialKind::Password, "ada@example.org"));
/// assert!(matches!(refused, Err(CredentialError::Slug { fault: SlugFault::Email, .. })));
/// # Ok(()) }
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum SlugFault {
    /// It has no characters.
    Empty,
    /// It looks like PEM.
    Pem,
    /// It looks like an e-mail address.
    Email,
    /// It looks like a JWT.
    Jwt,
    /// It looks like a key or its id: long base64, long hexadecimal, a UUID.
    KeyMaterial,
    /// It has more than 64 bytes.
    TooLong,
    /// It is `other`, which stands for what finds no place of its own.
    Reserved,
    /// It is not `[a-z][a-z0-9_.-]*`.
    Form,
}

/// A run of this length that could be base64 is looked at.
const LONG: usize = 20;
/// A run of this many hexadecimal digits is no word.
const LONG_HEX: usize = 16;

impl SlugFault {
    pub(super) fn check(slug: &str) -> Result<(), SlugFault> {
        match SlugFault::of(slug) {
            Some(fault) => Err(fault),
            None => Ok(()),
        }
    }

    fn of(slug: &str) -> Option<SlugFault> {
        let fault = if slug.is_empty() {
            SlugFault::Empty
        } else if slug.contains("-----") {
            SlugFault::Pem
        } else if slug.contains('@') {
            SlugFault::Email
        } else if is_jwt(slug) {
            SlugFault::Jwt
        } else if is_key_material(slug) {
            SlugFault::KeyMaterial
        } else if slug.len() > label::MAX_NAME {
            SlugFault::TooLong
        } else if slug == label::OTHER {
            SlugFault::Reserved
        } else if !label::is_slug(slug) {
            SlugFault::Form
        } else {
            return None;
        };
        Some(fault)
    }
}

/// Whether it begins as a JSON object in base64 does, and has the dots of a token; whatever became of its capitals.
fn is_jwt(slug: &str) -> bool {
    let header = slug.get(..3).is_some_and(|start| start.eq_ignore_ascii_case("eyj"));
    header && slug.matches('.').count() >= 2
}

fn is_key_material(slug: &str) -> bool {
    let letters = || slug.chars().filter(|each| !"-_.:".contains(*each));
    let has_digit = |run: &str| run.bytes().any(|each| each.is_ascii_digit());
    let is_hex = letters().count() >= 2 * LONG_HEX && letters().all(|each| each.is_ascii_hexdigit());
    let mut runs = slug.split(['-', '_', '.', ':', ' ']);
    let mixed = slug.bytes().any(|each| each.is_ascii_uppercase()) && has_digit(slug);
    let is_base64 = |each: u8| each.is_ascii_alphanumeric() || b"+/=-_".contains(&each);
    (is_hex && has_digit(slug))
        || (mixed && slug.len() >= LONG && slug.bytes().all(is_base64))
        || runs.any(|run| {
            let hex = run.len() >= LONG_HEX && run.bytes().all(|each| each.is_ascii_hexdigit());
            (hex && has_digit(run)) || (run.len() >= LONG && is_random(run))
        })
}

/// Whether letters and digits, or capitals and small letters, take turns as they do in no name.
fn is_random(run: &str) -> bool {
    let classes = run.bytes().map(|each| match each {
        b'0'..=b'9' => 0,
        b'A'..=b'Z' => 1,
        b'a'..=b'z' => 2,
        _ => 3,
    });
    let changes = classes.clone().zip(classes.clone().skip(1)).filter(|(one, next)| one != next).count();
    run.bytes().all(|each| each.is_ascii_alphanumeric() || b"+/=".contains(&each)) && changes >= 4
}

impl fmt::Display for SlugFault {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(match self {
            SlugFault::Empty => "is empty",
            SlugFault::Pem => "looks like PEM",
            SlugFault::Email => "looks like an e-mail address",
            SlugFault::Jwt => "looks like a JWT",
            SlugFault::KeyMaterial => "looks like a key or a key id: long base64 or hexadecimal",
            SlugFault::TooLong => "has more than 64 bytes",
            SlugFault::Reserved => "is `other`, which stands for what finds no place of its own",
            SlugFault::Form => "is not `[a-z][a-z0-9_.-]*`",
        })
    }
}
