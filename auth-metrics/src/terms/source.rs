//! `Source`: where an attempt comes from, as a closed set of labels.

/// Where an attempt comes from: one of a small, fixed set of sources.
///
/// The label is `'static` on purpose: a source comes from code or from configuration, never from a request. For
/// configuration, use [`sources`](crate::sources). For an enum of your own, derive it:
///
/// ```
/// use auth_metrics::Source;
///
/// #[derive(Source)]
/// enum Channel {
///     Web, // the name in snake case is the label
///     #[source("kiosk")]
///     SelfService { floor: u8 },
/// }
///
/// assert_eq!(Channel::SelfService { floor: 2 }.label(), "kiosk");
/// assert_eq!(Channel::LABELS, ["web", "kiosk"]);
/// # let _ = Channel::Web;
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` can't be the `source` of an attempt",
    note = "use `auth_metrics::AuthMethod::Password` or another `AuthMethod`, or derive `auth_metrics::Source` for an enum of your own",
    note = "a `String` or `&str` has no `Source` on purpose: what a request carries must not become a label"
)]
pub trait Source {
    /// Every label that [`label`](Source::label) can return, as far as it is known. Once a service has seen one of them, all are
    /// exported, the others at zero.
    const LABELS: &'static [&'static str] = &[];

    /// Returns the value of the label `source`: `[a-z][a-z0-9_]*`, at most 64 bytes. Any other value becomes `other`, and
    /// `auth_label_overflow_total` counts it.
    fn label(&self) -> &'static str;

    /// Returns the same as [`LABELS`](Source::LABELS), but can be overridden if the labels come from configuration.
    fn labels(&self) -> &'static [&'static str] {
        Self::LABELS
    }
}

/// A source's label, and the others of its type.
#[derive(Clone, Copy)]
pub(crate) struct SourceLabels {
    pub(crate) label: &'static str,
    pub(crate) known: &'static [&'static str],
}

impl SourceLabels {
    pub(crate) fn of<S: Source + ?Sized>(source: &S) -> SourceLabels {
        SourceLabels { label: source.label(), known: source.labels() }
    }
}

impl<S: Source + ?Sized> Source for &S {
    const LABELS: &'static [&'static str] = S::LABELS;

    fn label(&self) -> &'static str {
        S::label(self)
    }

    fn labels(&self) -> &'static [&'static str] {
        S::labels(self)
    }
}

/// The usual methods of authentication, as a ready-made [`Source`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum AuthMethod {
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
    /// An existing session.
    Session,
    /// Anything else.
    Other,
}

impl Source for AuthMethod {
    const LABELS: &'static [&'static str] =
        &["password", "passkey", "oidc", "saml", "api_key", "mtls", "session", "other"];

    fn label(&self) -> &'static str {
        match self {
            AuthMethod::Password => "password",
            AuthMethod::Passkey => "passkey",
            AuthMethod::Oidc => "oidc",
            AuthMethod::Saml => "saml",
            AuthMethod::ApiKey => "api_key",
            AuthMethod::Mtls => "mtls",
            AuthMethod::Session => "session",
            AuthMethod::Other => "other",
        }
    }
}
