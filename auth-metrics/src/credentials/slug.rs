//! The form of a credential's slug, and what a slug must not look like.

use super::CredentialError;
use crate::taxonomy::label;

/// What a refused slug looks like. The text itself is never repeated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum SecretLook {
    /// A PEM block.
    Pem,
    /// A JSON web token: three parts in base64, with dots between them.
    Jwt,
    /// An e-mail address.
    EmailAddress,
    /// A long run of letters and digits, as keys and tokens have.
    Token,
}

/// Letters and digits in a row that no name has.
const LONG: usize = 20;

/// Refuses what is no slug, or looks like something that must not be exported.
pub(super) fn check(slug: &str) -> Result<(), CredentialError> {
    match look(slug) {
        Some(look) => Err(CredentialError::LooksLikeSecret(look)),
        None if label::is_slug(slug) && slug != label::OTHER => Ok(()),
        None => Err(CredentialError::InvalidSlug),
    }
}

fn look(text: &str) -> Option<SecretLook> {
    let is_base64 = |each: char| each.is_ascii_alphanumeric() || "+/=_-".contains(each);
    if text.contains("-----") {
        return Some(SecretLook::Pem);
    }
    if text.contains('@') {
        return Some(SecretLook::EmailAddress);
    }
    let parts: Vec<&str> = text.split('.').collect();
    let is_jwt = matches!(&parts[..], [head, body, _] if head.to_ascii_lowercase().starts_with("eyj") || head.len() + body.len() >= 40);
    if is_jwt && parts.iter().all(|part| part.chars().all(is_base64)) {
        return Some(SecretLook::Jwt);
    }
    let mut runs = text.split(|each: char| !(each.is_ascii_alphanumeric() || "+/=".contains(each)));
    runs.any(is_random).then_some(SecretLook::Token)
}

/// A long run with letters and digits mixed: words have no digits inside.
fn is_random(run: &str) -> bool {
    let digits = run.chars().filter(char::is_ascii_digit).count();
    run.len() >= LONG && digits >= 3 && run.len() - digits >= 3 || run.len() >= 2 * LONG
}
