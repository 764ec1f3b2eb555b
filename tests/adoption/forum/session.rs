//! The middleware that finds out who asks, and the extractor that wants somebody.

use std::future::{Ready, ready};
use std::rc::Rc;

use actix_web::body::MessageBody;
use actix_web::dev::{Payload, Service, ServiceRequest, ServiceResponse, Transform, forward_ready};
use actix_web::{Error, FromRequest, HttpMessage as _, HttpRequest};
use auth_metrics::auth_metered;

use crate::claims::local_user_view_from_jwt;
use crate::error::{LemmyError, LemmyErrorType};
use crate::store::{LemmyContext, LocalUserView};

#[derive(Clone)]
pub struct SessionMiddleware {
    context: LemmyContext,
}

impl SessionMiddleware {
    pub fn new(context: LemmyContext) -> SessionMiddleware {
        SessionMiddleware { context }
    }
}

impl<S, B> Transform<S, ServiceRequest> for SessionMiddleware
where
    S: Service<ServiceRequest, Response = ServiceResponse<B>, Error = Error> + 'static,
    S::Future: 'static,
    B: MessageBody + 'static,
{
    type Response = ServiceResponse<B>;
    type Error = Error;
    type Transform = SessionService<S>;
    type InitError = ();
    type Future = Ready<Result<Self::Transform, Self::InitError>>;

    fn new_transform(&self, service: S) -> Self::Future {
        ready(Ok(SessionService { service: Rc::new(service), context: self.context.clone() }))
    }
}

pub struct SessionService<S> {
    service: Rc<S>,
    context: LemmyContext,
}

impl<S, B> Service<ServiceRequest> for SessionService<S>
where
    S: Service<ServiceRequest, Response = ServiceResponse<B>, Error = Error> + 'static,
    S::Future: 'static,
    B: MessageBody + 'static,
{
    type Response = ServiceResponse<B>;
    type Error = Error;
    type Future = std::pin::Pin<Box<dyn Future<Output = Result<Self::Response, Self::Error>>>>;

    forward_ready!(service);

    fn call(&self, request: ServiceRequest) -> Self::Future {
        let (service, context) = (Rc::clone(&self.service), self.context.clone());
        Box::pin(async move {
            if let Some(user) = who_asks(&request, &context).await {
                request.extensions_mut().insert(user);
            }
            service.call(request).await
        })
    }
}

/// Somebody, or a visitor: `.ok()` swallows why a token is not good, be it that the database is down.
#[auth_metered(op = "who_asks", kind = session, none_is = success)]
async fn who_asks(request: &ServiceRequest, context: &LemmyContext) -> Option<LocalUserView> {
    let header = request.headers().get("authorization")?.to_str().ok()?;
    let jwt = header.strip_prefix("Bearer ")?;
    local_user_view_from_jwt(jwt, context).await.ok()
}

#[auth_metered(kind = authorization)]
impl FromRequest for LocalUserView {
    type Error = LemmyError;
    type Future = Ready<Result<Self, Self::Error>>;

    #[op("require_user")]
    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let user = request.extensions().get::<LocalUserView>().cloned();
        ready(user.ok_or_else(|| LemmyErrorType::NotLoggedIn.into()))
    }
}
