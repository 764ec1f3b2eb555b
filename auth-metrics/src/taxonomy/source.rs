//! `Source`: where an attempt came from, as a closed set of labels.

/// Where an attempt came from: a value that names one of a small, fixed set of sources.
///
/// The label is `'static` on purpose: a source is written in code, never taken from a request.
///
/// ```
/// use auth_metrics::Source;
///
/// enum Channel { Web, Kiosk }
///
/// impl Source for Channel {
///     fn label(&self) -> &'static str {
///         match self {
///             Channel::Web => "web",
///             Channel::Kiosk => "kiosk",
///         }
///     }
/// }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` can't be the `source` of an attempt",
    note = "use `auth_metrics::Method::Password` or another `Method`, or implement `auth_metrics::Source` for an enum of your own",
    note = "a `String` or `&str` has no `Source` on purpose: what a request carries must not become a label"
)]
pub trait Source {
    /// Every label that [`label`](Source::label) can give, as far as it is known: once a service has seen one of them,
    /// all are exported, at zero until they come.
    const LABELS: &'static [&'static str] = &[];

    /// The value of the `source` label: `[a-z][a-z0-9_]*`, at most 64 bytes; any other becomes `other` and is counted.
    fn label(&self) -> &'static str;
}

impl<S: Source + ?Sized> Source for &S {
    const LABELS: &'static [&'static str] = S::LABELS;

    fn label(&self) -> &'static str {
        S::label(self)
    }
}

/// The usual methods of authentication, as a ready [`Source`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Method {
    /// A password.
    Password,
    /// A passkey or another `WebAuthn` authenticator.
    Passkey,
    /// `OpenID` Connect or OAuth 2.0 with an identity provider.
    Oidc,
    /// SAML with an identity provider.
    Saml,
    /// An API key.
    ApiKey,
    /// A client certificate.
    Mtls,
    /// A session that exists already.
    Session,
    /// Anything else.
    Other,
}

impl Source for Method {
    const LABELS: &'static [&'static str] =
        &["password", "passkey", "oidc", "saml", "api_key", "mtls", "session", "other"];

    fn label(&self) -> &'static str {
        match self {
            Method::Password => "password",
            Method::Passkey => "passkey",
            Method::Oidc => "oidc",
            Method::Saml => "saml",
            Method::ApiKey => "api_key",
            Method::Mtls => "mtls",
            Method::Session => "session",
            Method::Other => "other",
        }
    }
}
