//! tonic over HTTP/2: an interceptor, and a service whose code is generated.

use std::convert::Infallible;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use ::http1::uri::PathAndQuery;
use ::tonic014::body::Body;
use ::tonic014::codec::{Codec, DecodeBuf, Decoder, EncodeBuf, Encoder};
use ::tonic014::server::NamedService;
use ::tonic014::service::Interceptor;
use ::tonic014::service::interceptor::InterceptedService;
use ::tonic014::transport::server::TcpIncoming;
use ::tonic014::transport::{Channel, Endpoint, Server};
use ::tonic014::{Code, Request, Response, Status};
use ::tower::{Service, service_fn};
use auth_metrics::tower::AttemptLayer;
use bytes::{Buf, BufMut};
use tokio::net::TcpListener;

use super::{Line, OP, Turn, counted, handle, planned, send_all};

/// A message of one number, in place of generated ones.
#[derive(Clone, Copy, Default)]
struct Number;

impl Encoder for Number {
    type Item = u32;
    type Error = Status;

    fn encode(&mut self, number: u32, into: &mut EncodeBuf<'_>) -> Result<(), Status> {
        into.put_u32(number);
        Ok(())
    }
}

impl Decoder for Number {
    type Item = u32;
    type Error = Status;

    fn decode(&mut self, from: &mut DecodeBuf<'_>) -> Result<Option<u32>, Status> {
        Ok((from.remaining() >= 4).then(|| from.get_u32()))
    }
}

impl Codec for Number {
    type Encode = u32;
    type Decode = u32;
    type Encoder = Number;
    type Decoder = Number;

    fn encoder(&mut self) -> Number {
        Number
    }

    fn decoder(&mut self) -> Number {
        Number
    }
}

/// The service as the generator of tonic writes it: it meets requests of HTTP, and calls the methods.
#[derive(Clone)]
struct OrdersServer(Arc<Line>);

impl NamedService for OrdersServer {
    const NAME: &'static str = "shop.Orders";
}

impl Service<::http1::Request<Body>> for OrdersServer {
    type Response = ::http1::Response<Body>;
    type Error = Infallible;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, Infallible>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: ::http1::Request<Body>) -> Self::Future {
        let line = Arc::clone(&self.0);
        Box::pin(async move {
            let hangs = request.uri().path().ends_with("/Hang");
            let method = service_fn(move |request: Request<u32>| method(Arc::clone(&line), hangs, request));
            Ok(::tonic014::server::Grpc::new(Number).unary(Unary(method), request).await)
        })
    }
}

/// A unary method of the service.
#[derive(Clone)]
struct Unary<S>(S);

impl<S, F> ::tonic014::server::UnaryService<u32> for Unary<S>
where
    S: Service<Request<u32>, Response = Response<u32>, Error = Status, Future = F>,
    F: Future<Output = Result<Response<u32>, Status>>,
{
    type Response = u32;
    type Future = F;

    fn call(&mut self, request: Request<u32>) -> F {
        self.0.call(request)
    }
}

/// Refuses with the code in the message.
async fn method(line: Arc<Line>, hangs: bool, request: Request<u32>) -> Result<Response<u32>, Status> {
    let number = request.into_inner();
    if hangs {
        line.hang(number as usize).await;
    }
    match Code::from(number.cast_signed()) {
        Code::Ok => Ok(Response::new(number)),
        code => Err(Status::new(code, "as planned")),
    }
}

/// Somebody else's check of a token.
#[derive(Clone)]
struct Check;

impl Interceptor for Check {
    fn call(&mut self, request: Request<()>) -> Result<Request<()>, Status> {
        match request.metadata().get("authorization") {
            Some(token) if token == "Bearer correct-horse" => Ok(request),
            _ => Err(Status::unauthenticated("no token")),
        }
    }
}

/// Whether a token is sent, the message, the code of the answer, and what is counted.
const KINDS: [(bool, Code, Code, &str); 5] = [
    (true, Code::Ok, Code::Ok, "success"),
    (false, Code::Ok, Code::Unauthenticated, "invalid_credentials"),
    (true, Code::PermissionDenied, Code::PermissionDenied, "permission_denied"),
    (true, Code::ResourceExhausted, Code::ResourceExhausted, "rate_limited"),
    (true, Code::Unavailable, Code::Unavailable, "dependency_unavailable"),
];

async fn call(
    channel: Channel,
    method: &'static str,
    token: bool,
    number: u32,
) -> Result<Response<u32>, Status> {
    let mut client = ::tonic014::client::Grpc::new(channel);
    client.ready().await.unwrap();
    let mut request = Request::new(number);
    if token {
        request.metadata_mut().insert("authorization", "Bearer correct-horse".parse().unwrap());
    }
    client.unary(request, PathAndQuery::from_static(method), Number).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn calls_are_counted_to_the_unit() {
    let (metrics, line) = (handle(), Line::new());
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let orders = Server::builder()
        .layer(AttemptLayer::new(OP).grpc().metrics(&metrics))
        .add_service(InterceptedService::new(OrdersServer(Arc::clone(&line)), Check))
        .serve_with_incoming(TcpIncoming::from(listener));
    let served = tokio::spawn(orders);

    let channel = Endpoint::from_shared(format!("http://{address}")).unwrap().connect().await.unwrap();
    let hung = Arc::clone(&line);
    send_all(KINDS.len(), move |client, turn| {
        let (channel, line) = (channel.clone(), Arc::clone(&hung));
        async move {
            match turn {
                Turn::HangUp => {
                    line.hang_up(client, call(channel, "/shop.Orders/Hang", true, client as u32)).await;
                }
                Turn::Send(kind) => {
                    let (token, message, code, _) = KINDS[kind];
                    let answer = call(channel, "/shop.Orders/Get", token, message as u32).await;
                    assert_eq!(answer.map_or_else(|status| status.code(), |_| Code::Ok), code);
                }
            }
        }
    })
    .await;
    line.all_hung_up().await;
    served.abort();

    assert_eq!(counted(&metrics), planned(&KINDS.map(|(_, _, _, outcome)| outcome)));
}
