//! A gRPC service, with its trait as tonic's generator writes it, and an interceptor.

use std::collections::HashMap;

use auth_metrics::{Outcome, Reason};
use tonic::{Code, Request, Response, Status};

use super::super::auth_metered;
use crate::fixture::pause;

#[derive(Clone, Debug, Default)]
pub(crate) struct CheckRequest {
    pub(crate) token: String,
}

#[derive(Clone, Debug, Default)]
pub(crate) struct CheckReply {
    pub(crate) subject: String,
}

pub(crate) mod auth_server {
    use super::{CheckReply, CheckRequest};

    /// Written by the generator.
    #[tonic::async_trait]
    pub(crate) trait Auth: Send + Sync + 'static {
        async fn check(
            &self,
            request: tonic::Request<CheckRequest>,
        ) -> Result<tonic::Response<CheckReply>, tonic::Status>;

        async fn revoke(
            &self,
            request: tonic::Request<CheckRequest>,
        ) -> Result<tonic::Response<()>, tonic::Status>;
    }
}

#[derive(Debug, Default)]
pub(crate) struct AuthService {
    pub(crate) subjects: HashMap<String, String>,
}

pub(crate) fn by_status<T>(result: &Result<T, Status>) -> Outcome {
    Outcome::from_result(result, |status| match status.code() {
        Code::Unauthenticated => Reason::InvalidCredentials,
        Code::PermissionDenied => Reason::PermissionDenied,
        Code::Unavailable => Reason::DependencyUnavailable,
        _ => Reason::InternalError,
    })
}

#[tonic::async_trait]
impl auth_server::Auth for AuthService {
    #[auth_metered(op = "grpc_check", kind = token, peer = request.extensions().get::<std::net::SocketAddr>(), subject = request.get_ref().token, classify = by_status)]
    async fn check(&self, request: Request<CheckRequest>) -> Result<Response<CheckReply>, Status> {
        let CheckRequest { token } = request.into_inner();
        pause().await;
        let subject = self.subjects.get(&token).ok_or_else(|| Status::unauthenticated("no such token"))?;
        Ok(Response::new(CheckReply { subject: subject.clone() }))
    }

    #[auth_metered(op = "grpc_revoke", classify = by_status)]
    async fn revoke(&self, request: Request<CheckRequest>) -> Result<Response<()>, Status> {
        if request.metadata().get("authorization").is_none() {
            return Err(Status::permission_denied("not yours"));
        }
        Ok(Response::new(()))
    }
}

#[auth_metered(op = "grpc_intercept", classify = by_status)]
pub(crate) fn intercept(mut request: Request<()>) -> Result<Request<()>, Status> {
    let Some(token) = request.metadata().get("authorization") else {
        return Err(Status::unauthenticated("no token"));
    };
    let token = token.to_str().map_err(|error| Status::internal(error.to_string()))?.to_owned();
    request.extensions_mut().insert(token);
    Ok(request)
}
