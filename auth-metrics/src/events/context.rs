//! `Context`: what a request brings for all attempts inside of it. Knows nothing of attempts, and nothing of HTTP.

use std::cell::RefCell;
use std::fmt;
use std::future::Future;
use std::net::IpAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task;

use pin_project_lite::pin_project;

use super::about::{Identifier, Peer};
use super::malformed::Malformed;
use super::text::{self, Text};
use super::{Forwarded, TraceContext};
use crate::storage::{close_short, open_short};
use crate::terms::{Source, SourceLabels};

thread_local! {
    static CONTEXT: RefCell<Option<Context>> = const { RefCell::new(None) };
}

/// Whether any context ever had a source. If not, nobody looks further.
static SOURCE_GIVEN: AtomicBool = AtomicBool::new(false);

/// What a request brings for every attempt inside of it: the client's address, who tries, the source, the request's id, and its trace.
///
/// [`ContextLayer`](super::ContextLayer) makes one for each request (feature `tower`). For other frameworks, make it yourself. An
/// attempt takes it from where it ends, but its source from where it starts. What the attempt names itself wins.
///
/// Tasks and threads that you spawn are not part of it. Wrap them: `context.clone().scope(task)`. Tasks that a `block_on` inside of it runs
/// are.
///
/// ```
/// use auth_metrics::events::{Context, TraceContext};
///
/// # async fn handle() {}
/// # async fn request(peer: std::net::SocketAddr, trace: Option<TraceContext>) {
/// let context = Context::new().peer(peer).request_id("req-17").trace(trace);
/// context.scope(handle()).await;
/// # }
/// ```
#[derive(Clone, Default)]
pub struct Context(Arc<Parts>);

#[derive(Clone, Default)]
struct Parts {
    peer: Option<IpAddr>,
    subject: Option<Box<str>>,
    source: Option<SourceLabels>,
    request_id: Option<Box<str>>,
    is_cut: bool,
    trace: Option<TraceContext>,
}

impl Context {
    /// Makes an empty one.
    pub fn new() -> Context {
        Context::default()
    }

    /// Returns the one that this code runs in, if there is one.
    pub fn current() -> Option<Context> {
        read(Context::clone)
    }

    /// Sets the client's address: not that of a proxy in between.
    #[must_use]
    pub fn peer(mut self, peer: impl Peer) -> Context {
        self.parts().peer = peer.address();
        self
    }

    /// Sets who tries. Of a longer text, the first 256 bytes are kept.
    #[must_use]
    #[expect(clippy::needless_pass_by_value, reason = "what users pass is passed on")]
    pub fn subject<M>(mut self, subject: impl Identifier<M>) -> Context {
        let shown = subject.shown().map(|shown| text::shown(&shown));
        let parts = self.parts();
        parts.is_cut |= shown.as_ref().is_some_and(|(_, is_cut)| *is_cut);
        parts.subject = shown.map(|(text, _)| text.into());
        self
    }

    /// Sets where attempts inside come from that name no `source` themselves. Each counts in `auth_source_operations_total`, unless it is
    /// [part of another attempt](crate::guide::annotating#one-inside-of-another).
    ///
    /// ```
    /// use auth_metrics::events::Context;
    /// use auth_metrics::{FailureReason, Source, auth_metered};
    /// # #[derive(FailureReason)]
    /// # enum BindError { InvalidCredentials }
    ///
    /// #[derive(Source)]
    /// enum Protocol {
    ///     Ldap,
    ///     Http,
    /// }
    ///
    /// #[auth_metered(op = "bind")] // it knows nothing of protocols
    /// fn bind(name: &str, password: &str) -> Result<(), BindError> {
    ///     if password == "correct" { Ok(()) } else { Err(BindError::InvalidCredentials) }
    /// }
    ///
    /// let bound = Context::new().source(&Protocol::Ldap).in_scope(|| bind("user-001", "correct"));
    /// # assert!(bound.is_ok());
    /// # let _ = Protocol::Http;
    /// ```
    #[must_use]
    pub fn source<S: Source + ?Sized>(mut self, source: &S) -> Context {
        SOURCE_GIVEN.store(true, Ordering::Relaxed);
        self.parts().source = Some(SourceLabels::of(source));
        self
    }

    /// Sets the client's address to the one that trusted proxies name, else to that of the socket. `values` are those of
    /// [`Forwarded::header`], in the order of the request. If they are there and name no address, that is counted in
    /// `auth_context_malformed_total`.
    ///
    /// ```
    /// use auth_metrics::events::{Context, Forwarded};
    ///
    /// let socket = "10.0.0.1".parse().ok();
    /// let context = Context::new().forwarded(&Forwarded::trusting(1), socket, [&b"192.0.2.7"[..]]);
    /// # let _ = context;
    /// ```
    #[must_use]
    pub fn forwarded<'a, V>(self, forwarded: &Forwarded, socket: Option<IpAddr>, values: V) -> Context
    where
        V: IntoIterator<Item = &'a [u8], IntoIter: DoubleEndedIterator>,
    {
        let mut values = values.into_iter().peekable();
        let has_values = values.peek().is_some();
        let client = forwarded.client(socket, values);
        if has_values && client.is_none() && forwarded.trusts() {
            Malformed::Forwarded.count();
        }
        self.peer(client)
    }

    /// Sets the trace from the value of the header `traceparent` (W3C Trace Context). One that is malformed is ignored and counted in
    /// `auth_context_malformed_total`.
    #[must_use]
    pub fn traceparent(self, header: &[u8]) -> Context {
        let trace = std::str::from_utf8(header).ok().and_then(TraceContext::from_traceparent);
        if trace.is_none() {
            Malformed::Traceparent.count();
        }
        self.trace(trace)
    }

    /// Sets the request's id. Of a longer one, the first 256 bytes are kept.
    #[must_use]
    pub fn request_id(mut self, request_id: &str) -> Context {
        let kept = text::start(request_id, Text::MOST);
        let parts = self.parts();
        parts.request_id = Some(kept.into());
        parts.is_cut |= kept.len() < request_id.len();
        self
    }

    /// Sets the trace.
    #[must_use]
    pub fn trace(mut self, trace: impl Into<Option<TraceContext>>) -> Context {
        self.parts().trace = trace.into();
        self
    }

    /// Runs a future in which attempts have this context.
    pub fn scope<F: Future>(self, future: F) -> InContext<F> {
        InContext { future: Some(future), context: Some(self) }
    }

    /// Runs a function in which attempts have this context.
    pub fn in_scope<R>(self, body: impl FnOnce() -> R) -> R {
        let mut context = Some(self);
        let _entered = Entered::enter(&mut context);
        body()
    }

    fn parts(&mut self) -> &mut Parts {
        Arc::make_mut(&mut self.0)
    }

    pub(super) fn peer_address(&self) -> Option<IpAddr> {
        self.0.peer
    }

    pub(super) fn subject_text(&self) -> Option<&str> {
        self.0.subject.as_deref()
    }

    pub(super) fn source_labels(&self) -> Option<SourceLabels> {
        self.0.source
    }

    pub(super) fn id(&self) -> Option<&str> {
        self.0.request_id.as_deref()
    }

    /// Whether a text was longer.
    pub(super) fn is_cut(&self) -> bool {
        self.0.is_cut
    }

    pub(super) fn trace_context(&self) -> Option<TraceContext> {
        self.0.trace
    }
}

impl fmt::Debug for Context {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Parts { peer, subject, source, request_id, .. } = &*self.0;
        let has = [
            ("peer", peer.is_some()),
            ("subject", subject.is_some()),
            ("source", source.is_some()),
            ("request_id", request_id.is_some()),
        ];
        let has = has.iter().filter(|(_, has)| *has).map(|(name, _)| name);
        out.debug_set().entries(has).entries(self.0.trace.map(|_| "trace")).finish()
    }
}

/// Reads the context of this thread, if there is one. A thread that is being torn down has none.
pub(super) fn read<R>(read: impl FnOnce(&Context) -> R) -> Option<R> {
    CONTEXT.try_with(|context| context.borrow().as_ref().map(read)).ok().flatten()
}

/// The source that this code's context has for attempts that name none.
pub(crate) fn given_source() -> Option<SourceLabels> {
    if !SOURCE_GIVEN.load(Ordering::Relaxed) {
        return None;
    }
    read(Context::source_labels).flatten()
}

/// Puts a context in the place of this thread's while it lives.
struct Entered<'a> {
    context: &'a mut Option<Context>,
    has_source: bool,
}

impl Entered<'_> {
    fn enter(context: &mut Option<Context>) -> Entered<'_> {
        let has_source = context.as_ref().is_some_and(|context| context.0.source.is_some());
        if has_source {
            // The short way looks at no context.
            close_short();
        }
        Self::swap(context);
        Entered { context, has_source }
    }

    fn swap(context: &mut Option<Context>) {
        // A thread that is being torn down has no place for one.
        let _ = CONTEXT.try_with(|current| std::mem::swap(&mut *current.borrow_mut(), context));
    }
}

impl Drop for Entered<'_> {
    fn drop(&mut self) {
        Self::swap(self.context);
        if self.has_source {
            open_short();
        }
    }
}

pin_project! {
    /// A future that runs in a [`Context`]; made by [`Context::scope`].
    #[derive(Debug)]
    #[must_use = "futures do nothing unless they are awaited"]
    pub struct InContext<F> {
        #[pin]
        future: Option<F>,
        context: Option<Context>,
    }

    impl<F> PinnedDrop for InContext<F> {
        fn drop(this: Pin<&mut Self>) {
            let mut this = this.project();
            // What the future drops has the context too: that is where cancelled attempts end.
            let _entered = Entered::enter(this.context);
            this.future.set(None);
        }
    }
}

impl<F: Future> Future for InContext<F> {
    type Output = F::Output;

    fn poll(self: Pin<&mut Self>, context: &mut task::Context<'_>) -> task::Poll<F::Output> {
        let this = self.project();
        let _entered = Entered::enter(this.context);
        match this.future.as_pin_mut() {
            Some(future) => future.poll(context),
            // It is taken only while this is dropped.
            None => task::Poll::Pending,
        }
    }
}
