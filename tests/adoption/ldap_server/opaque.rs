//! The messages of OPAQUE and their errors. The cryptography is left out: a proof is the password.

use auth_metrics::FailureReason;

#[derive(Debug, thiserror::Error, FailureReason)]
pub enum ProtocolError {
    #[error("invalid login")]
    #[reason(invalid_credentials)]
    InvalidLoginError,
    #[error("a message can't be read")]
    #[reason(malformed_request)]
    SerializationError,
}

#[derive(Debug, thiserror::Error, FailureReason)]
#[error(transparent)]
pub enum AuthenticationError {
    #[reason(transparent)]
    ProtocolError(#[from] ProtocolError),
}

pub mod login {
    use serde::{Deserialize, Serialize};

    #[derive(Serialize, Deserialize)]
    pub struct ClientLoginStartRequest {
        pub username: String,
        pub login_start_request: Vec<u8>,
    }

    /// What the server wants back, and its answer.
    #[derive(Serialize, Deserialize)]
    pub struct ServerLoginStartResponse {
        pub server_data: String,
        pub credential_response: Vec<u8>,
    }

    #[derive(Serialize, Deserialize)]
    pub struct ClientLoginFinishRequest {
        pub server_data: String,
        pub credential_finalization: String,
    }
}

pub mod registration {
    use serde::{Deserialize, Serialize};

    #[derive(Serialize, Deserialize)]
    pub struct ClientRegistrationFinishRequest {
        pub server_data: String,
        pub registration_upload: String,
    }
}
