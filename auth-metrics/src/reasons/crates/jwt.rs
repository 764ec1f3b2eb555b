//! `jwt::Error`.

rows! { 0.16, mapping! {
    /// The reason of an error of jwt 0.16: the token is the caller's, the keys are ours.
    ///
    /// | variant | reason |
    /// |---|---|
    /// | `Base64`, `Format`, `Json`, `Utf8`, `NoHeaderComponent`, `NoClaimsComponent`, `NoSignatureComponent`, `TooManyComponents` | `token_malformed` |
    /// | `InvalidSignature`, `RustCryptoMac` | `token_signature_invalid` |
    /// | `NoKeyId`, `NoKeyWithKeyId` | `token_key_unknown` |
    /// | `AlgorithmMismatch` | `token_algorithm_rejected` |
    /// | `RustCryptoMacKeyLength` | `configuration_error` |
    /// | any other, such as `OpenSsl` of its feature `openssl` | `unknown` |
    ///
    /// The crate checks no claims: whether a token has expired is for your own code to say.
    ///
    /// ```
    /// use auth_metrics::{Reason, reasons};
    /// # use jwt016 as jwt;
    ///
    /// assert_eq!(reasons::jwt016(&jwt::Error::InvalidSignature), Reason::TokenSignatureInvalid);
    /// assert_eq!(reasons::jwt016(&jwt::Error::NoKeyId), Reason::TokenKeyUnknown);
    /// ```
    #[allow(unreachable_patterns, reason = "with its feature `openssl` there is one more variant")]
    fn jwt016(error: ::jwt016::Error) = error, ::jwt016::Error
}, {
    AlgorithmMismatch(..) => TokenAlgorithmRejected;
    Base64(_) => TokenMalformed;
    Format => TokenMalformed;
    InvalidSignature => TokenSignatureInvalid;
    Json(_) => TokenMalformed;
    NoClaimsComponent => TokenMalformed;
    NoHeaderComponent => TokenMalformed;
    NoKeyId => TokenKeyUnknown;
    NoKeyWithKeyId(_) => TokenKeyUnknown;
    NoSignatureComponent => TokenMalformed;
    RustCryptoMac(_) => TokenSignatureInvalid;
    RustCryptoMacKeyLength(_) => ConfigurationError;
    TooManyComponents => TokenMalformed;
    Utf8(_) => TokenMalformed;
    _ => Unknown;
} }
