//! LDAP: a session of one connection. Its answers are result codes, and whatever fails below a bind is "invalid credentials".

use auth_metrics::events::Context;
use auth_metrics::{Outcome, Reason, auth_metered};

use crate::domain::{BindRequest, LoginHandler, Protocol};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LdapResultCode {
    Success = 0,
    AuthMethodNotSupported = 7,
    InappropriateAuthentication = 48,
    InvalidCredentials = 49,
    NamingViolation = 64,
}

pub enum LdapBindCred {
    Simple(String),
    Sasl,
}

pub struct LdapBindRequest {
    pub dn: String,
    pub cred: LdapBindCred,
}

pub enum LdapOp {
    BindRequest(LdapBindRequest),
    UnbindRequest,
}

#[derive(Debug, PartialEq)]
pub enum LdapReply {
    BindResponse(LdapResultCode, String),
    Closed,
}

pub struct LdapHandler<Backend> {
    backend: Backend,
    base_dn: String,
    pub user: Option<String>,
}

impl<Backend: LoginHandler> LdapHandler<Backend> {
    pub fn new(backend: Backend) -> LdapHandler<Backend> {
        LdapHandler { backend, base_dn: "ou=people,dc=example,dc=com".to_owned(), user: None }
    }

    pub async fn handle(&mut self, op: LdapOp) -> LdapReply {
        match op {
            LdapOp::BindRequest(request) => {
                let (code, message) =
                    Context::new().source(&Protocol::Ldap).scope(self.do_bind(&request)).await;
                LdapReply::BindResponse(code, message)
            }
            LdapOp::UnbindRequest => LdapReply::Closed,
        }
    }

    /// A database that is down is "invalid credentials" to the client, as the protocol has it; `nested` counts it as what it is.
    #[auth_metered(
        op = "ldap_bind",
        subject = request.dn,
        classify = by_code,
        among(missing_credentials, malformed_request, invalid_credentials, dependency_unavailable),
        nested = decides,
    )]
    pub async fn do_bind(&mut self, request: &LdapBindRequest) -> (LdapResultCode, String) {
        if request.dn.is_empty() {
            return (LdapResultCode::InappropriateAuthentication, "Anonymous bind not allowed".to_owned());
        }
        let suffix = format!(",{}", self.base_dn);
        let name = request.dn.strip_suffix(&suffix).and_then(|name| name.strip_prefix("uid="));
        let Some(name) = name else {
            return (LdapResultCode::NamingViolation, format!("Not a subtree of {}", self.base_dn));
        };
        let LdapBindCred::Simple(password) = &request.cred else {
            return (LdapResultCode::AuthMethodNotSupported, "Only simple binds".to_owned());
        };
        match self.backend.bind(BindRequest { name: name.to_owned(), password: password.clone() }).await {
            Ok(()) => {
                self.user = Some(name.to_owned());
                (LdapResultCode::Success, String::new())
            }
            Err(_) => (LdapResultCode::InvalidCredentials, String::new()),
        }
    }
}

fn by_code((code, _): &(LdapResultCode, String)) -> Outcome {
    Outcome::Failure(match code {
        LdapResultCode::Success => return Outcome::Success,
        LdapResultCode::InappropriateAuthentication => Reason::MissingCredentials,
        LdapResultCode::InvalidCredentials => Reason::InvalidCredentials,
        LdapResultCode::NamingViolation | LdapResultCode::AuthMethodNotSupported => Reason::MalformedRequest,
    })
}
