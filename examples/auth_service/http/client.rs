//! Where a request comes from: the same address that its events have.

use std::convert::Infallible;
use std::net::{IpAddr, SocketAddr};

use auth_metrics::events::Forwarded;
use axum::extract::{ConnectInfo, FromRequestParts};
use axum::http::HeaderValue;
use axum::http::request::Parts;

/// The client's address: that of the socket, or what a proxy of ours says.
pub(super) struct Client(pub(super) Option<IpAddr>);

impl<S: Sync> FromRequestParts<S> for Client {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        let socket = parts.extensions.get::<ConnectInfo<SocketAddr>>().map(|connected| connected.0.ip());
        let forwarded = parts.extensions.get::<Forwarded>().cloned().unwrap_or_default();
        let values = parts.headers.get_all(forwarded.header());
        Ok(Self(forwarded.client(socket, values.iter().map(HeaderValue::as_bytes))))
    }
}
