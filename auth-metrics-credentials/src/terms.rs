//! What is known of a credential without seeing it: its kind, what happened to it, how a key stands in a key set.

/// Makes an enum whose variants are values of one label.
macro_rules! labels {
    (
        $(#[$attribute:meta])*
        $name:ident: $($(#[$variant_attribute:meta])* $variant:ident $label:literal)*
    ) => {
        $(#[$attribute])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[non_exhaustive]
        pub enum $name {
            $($(#[$variant_attribute])* $variant,)*
        }

        impl $name {
            /// All of them, in the order of a scrape.
            pub const ALL: &'static [$name] = &[$($name::$variant),*];
            pub(crate) const COUNT: usize = Self::ALL.len();

            /// Returns the value of the label.
            pub const fn label(self) -> &'static str {
                match self {
                    $($name::$variant => $label,)*
                }
            }
        }
    };
}

labels! {
    /// What a credential is for: the `credential_kind` label.
    ///
    /// ```
    /// assert_eq!(auth_metrics_credentials::CredentialKind::SigningKey.label(), "signing_key");
    /// ```
    CredentialKind:
    /// A key that signs tokens.
    SigningKey "signing_key"
    /// A key that encrypts.
    EncryptionKey "encryption_key"
    /// An X.509 certificate.
    Certificate "certificate"
    /// An API key.
    ApiKey "api_key"
    /// The secret of an OAuth 2.0 client.
    ClientSecret "client_secret"
    /// A password, such as that of a database account.
    Password "password"
    /// An access token, refresh token or ID token.
    Token "token"
    /// A session.
    Session "session"
    /// Anything else.
    Other "other"
}

labels! {
    /// What happened to a credential: the `event` label of `auth_credential_events_total`.
    ///
    /// ```
    /// assert_eq!(auth_metrics_credentials::CredentialEvent::RotationFailed.label(), "rotation_failed");
    /// ```
    CredentialEvent:
    /// It was made.
    Created "created"
    /// It is in use from now on.
    Activated "activated"
    /// A successor took its place.
    Rotated "rotated"
    /// It is no longer handed out; counted by a rotator, when the overlap after a rotation is over and it is no longer
    /// accepted either.
    Retired "retired"
    /// It will expire soon.
    Expiring "expiring"
    /// Its time is over.
    Expired "expired"
    /// It was withdrawn.
    Revoked "revoked"
    /// Somebody else has it.
    Compromised "compromised"
    /// It could not be rotated.
    RotationFailed "rotation_failed"
    /// A stored hash was made with parameters that are too weak by now.
    RehashNeeded "rehash_needed"
}

labels! {
    /// How the key that a token names stands in the verifier's key set: the `key_state` label. Never the key id, which
    /// comes with the token.
    ///
    /// ```
    /// assert_eq!(auth_metrics_credentials::KeyState::Previous.label(), "previous");
    /// ```
    KeyState:
    /// The key that new tokens are signed with.
    Current "current"
    /// The one before, whose tokens are still accepted.
    Previous "previous"
    /// A key whose tokens are accepted no longer.
    Retired "retired"
    /// None that the verifier knows.
    Unknown "unknown"
}

labels! {
    /// How a fetch of a key set ended: the `result` label of `auth_key_fetches_total`.
    ///
    /// ```
    /// assert_eq!(auth_metrics_credentials::KeyFetch::Success.label(), "success");
    /// ```
    KeyFetch:
    /// The keys are there.
    Success "success"
    /// They could not be fetched, or not be read.
    Error "error"
    /// The fetch was dropped before it ended, as by a timeout.
    Cancelled "cancelled"
}

labels! {
    /// How a try to rotate a credential ended: the `outcome` label of `auth_credential_rotations_total`.
    ///
    /// ```
    /// assert_eq!(auth_metrics_credentials::RotationOutcome::Timeout.label(), "timeout");
    /// ```
    RotationOutcome:
    /// The successor is in place.
    Success "success"
    /// The try gave an error.
    Error "error"
    /// It panicked.
    Panicked "panicked"
    /// It took too long.
    Timeout "timeout"
    /// It was dropped before its end, as by a shutdown.
    Cancelled "cancelled"
}
