//! The handlers over a database. Knows why an attempt fails, and not who asks by which protocol.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use auth_metrics::{AuthMethod, auth_metered};
use auth_metrics_adoption_stage::Dependency;
use sea_orm::{DbErr, RuntimeErr};

use crate::domain::{BindRequest, DomainError, LoginHandler, OpaqueHandler, Result, UserHandler};
use crate::opaque::{AuthenticationError, ProtocolError, login, registration};

#[derive(Clone, Default)]
pub struct SqlBackendHandler {
    pub database: Dependency,
    passwords: Arc<Mutex<HashMap<String, String>>>,
}

impl SqlBackendHandler {
    pub fn with_user(self, name: &str, password: &str) -> SqlBackendHandler {
        self.set(name, password);
        self
    }

    fn set(&self, name: &str, password: &str) {
        self.passwords.lock().unwrap().insert(name.to_owned(), password.to_owned());
    }

    async fn query(&self) -> Result<()> {
        let refused = || DbErr::Conn(RuntimeErr::Internal("connection refused".to_owned()));
        Ok(self.database.call(refused).await?)
    }

    async fn get_password_file_for_user(&self, name: &str) -> Result<Option<String>> {
        self.query().await?;
        Ok(self.passwords.lock().unwrap().get(name).cloned())
    }
}

// Its source is the protocol, which only those around it know.
#[auth_metered]
#[async_trait]
impl LoginHandler for SqlBackendHandler {
    #[op("bind", subject = request.name)]
    async fn bind(&self, request: BindRequest) -> Result<()> {
        let password = self.get_password_file_for_user(&request.name).await?;
        if password.as_ref() == Some(&request.password) {
            return Ok(());
        } // a user who does not exist gets the same error
        Err(DomainError::AuthenticationError(format!(" for user '{}'", request.name)))
    }
}

#[async_trait]
#[auth_metered(source = AuthMethod::Password)]
impl OpaqueHandler for SqlBackendHandler {
    #[op("opaque_login_start", ok_is = challenge_issued, subject = request.username)]
    async fn login_start(
        &self,
        request: login::ClientLoginStartRequest,
    ) -> Result<login::ServerLoginStartResponse> {
        // Somebody who does not exist gets an answer that can't be told from another's.
        let _password = self.get_password_file_for_user(&request.username).await?;
        Ok(login::ServerLoginStartResponse { server_data: request.username, credential_response: vec![7] })
    }

    #[op("opaque_login", subject = request.server_data)]
    async fn login_finish(&self, request: login::ClientLoginFinishRequest) -> Result<String> {
        let password = self.get_password_file_for_user(&request.server_data).await?;
        if password.as_deref() != Some(request.credential_finalization.as_str()) {
            return Err(AuthenticationError::from(ProtocolError::InvalidLoginError).into());
        }
        Ok(request.server_data)
    }

    #[op("set_password", kind = credential_change)]
    async fn registration_finish(
        &self,
        request: registration::ClientRegistrationFinishRequest,
    ) -> Result<()> {
        self.query().await?;
        if request.registration_upload.is_empty() {
            return Err(AuthenticationError::from(ProtocolError::SerializationError).into());
        }
        self.set(&request.server_data, &request.registration_upload);
        Ok(())
    }
}

#[auth_metered]
#[async_trait]
impl UserHandler for SqlBackendHandler {
    #[op("create_user", kind = registration)]
    async fn create_user(&self, name: &str) -> Result<()> {
        self.query().await?;
        if self.passwords.lock().unwrap().contains_key(name) {
            return Err(DomainError::InternalError(format!("Unique constraint: {name}")));
        }
        self.set(name, "");
        Ok(())
    }

    async fn is_admin(&self, name: &str) -> Result<bool> {
        self.query().await?;
        Ok(name == "admin")
    }

    async fn list_users(&self) -> Result<Vec<String>> {
        self.query().await?;
        Ok(self.passwords.lock().unwrap().keys().cloned().collect())
    }
}
