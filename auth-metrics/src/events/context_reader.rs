//! `ContextReader`: which headers of a request become its context. Knows headers as bytes, and nothing of HTTP libraries.

use std::net::IpAddr;

use super::{Context, Forwarded};

/// Makes the [`Context`] of a request from its headers, in any web framework.
///
/// [`ContextLayer`](super::ContextLayer) (feature `tower`), `auth-metrics-actix` and `auth-metrics-rocket` are built on it, so all of them
/// trust the same proxies and read the same headers.
///
/// ```
/// use auth_metrics::events::{ContextReader, Forwarded};
///
/// let reader = ContextReader::new().peer(Forwarded::trusting(1)).request_id("x-request-id").traceparent();
///
/// // A request of your framework.
/// let headers = [("x-forwarded-for", "192.0.2.7"), ("x-request-id", "req-17")];
/// let values = |name: &str| -> Vec<&[u8]> {
///     headers.iter().filter(|header| header.0 == name).map(|header| header.1.as_bytes()).collect()
/// };
/// let socket = "10.0.0.1".parse().ok();
/// let context = reader.read(socket, values);
/// # let _ = context;
/// ```
#[derive(Clone, Debug, Default)]
pub struct ContextReader {
    peer: Forwarded,
    request_id: Option<&'static str>,
    traceparent: bool,
}

impl ContextReader {
    /// Makes one that reads the socket's address alone.
    pub fn new() -> ContextReader {
        ContextReader::default()
    }

    /// Sets which proxies are trusted to say the client's address. Default: none, so that the address is that of the socket. A header
    /// in which no trusted proxy names an address is counted in `auth_context_malformed_total`.
    #[must_use]
    pub fn peer(self, forwarded: Forwarded) -> ContextReader {
        ContextReader { peer: forwarded, ..self }
    }

    /// Sets the header with the request's id. A client may send any: let your proxy overwrite it.
    #[must_use]
    pub fn request_id(self, header: &'static str) -> ContextReader {
        ContextReader { request_id: Some(header), ..self }
    }

    /// Reads the trace from the header `traceparent` (W3C Trace Context). One that is malformed is ignored and counted in
    /// `auth_context_malformed_total`.
    #[must_use]
    pub fn traceparent(self) -> ContextReader {
        ContextReader { traceparent: true, ..self }
    }

    /// Makes the context of a request. `socket` is the address of the connection, and `values` returns all values of a header, in the
    /// order of the request. An id with a character that is not visible ASCII is ignored.
    pub fn read<'a, V>(&self, socket: Option<IpAddr>, values: impl Fn(&'static str) -> V) -> Context
    where
        V: IntoIterator<Item = &'a [u8], IntoIter: DoubleEndedIterator>,
    {
        let first = |header| values(header).into_iter().next();
        let context = Context::new().forwarded(&self.peer, socket, values(self.peer.header()));
        let id = self.request_id.and_then(first).and_then(visible);
        let context = id.into_iter().fold(context, Context::request_id);
        let trace = Some("traceparent").filter(|_| self.traceparent).and_then(first);
        trace.into_iter().fold(context, Context::traceparent)
    }
}

/// The value as a text, if all of it is visible ASCII, blanks or tabs.
fn visible(value: &[u8]) -> Option<&str> {
    let is_visible = |byte: &u8| matches!(byte, b' '..=b'~' | b'\t');
    std::str::from_utf8(value).ok().filter(|text| text.as_bytes().iter().all(is_visible))
}

#[cfg(test)]
mod tests {
    use super::*;

    const TRACEPARENT: &str = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

    fn read(reader: &ContextReader, headers: &[(&str, &str)]) -> Context {
        let values = |name: &str| -> Vec<&[u8]> {
            let named = headers.iter().filter(|header| header.0 == name);
            named.map(|header| header.1.as_bytes()).collect()
        };
        reader.read("10.0.0.1".parse().ok(), values)
    }

    #[test]
    fn only_what_is_asked_for_is_read() {
        let headers =
            [("x-forwarded-for", "192.0.2.7"), ("x-request-id", "req-17"), ("traceparent", TRACEPARENT)];
        let context = read(&ContextReader::new(), &headers);
        assert_eq!(context.peer_address(), "10.0.0.1".parse().ok());
        assert!(context.id().is_none() && context.trace_context().is_none());

        let all = ContextReader::new().peer(Forwarded::trusting(1)).request_id("x-request-id").traceparent();
        let context = read(&all, &headers);
        assert_eq!(context.peer_address(), "192.0.2.7".parse().ok());
        assert_eq!(context.id(), Some("req-17"));
        assert!(context.trace_context().is_some());
    }

    #[test]
    fn an_id_with_odd_characters_is_ignored() {
        let reader = ContextReader::new().request_id("x-request-id");
        assert_eq!(read(&reader, &[("x-request-id", "a b\t~")]).id(), Some("a b\t~"));
        for odd in ["a\nb", "ä", "\u{7f}", "a\0"] {
            assert_eq!(read(&reader, &[("x-request-id", odd)]).id(), None);
        }
    }

    #[test]
    fn of_several_ids_the_first_counts() {
        let reader = ContextReader::new().request_id("x-request-id");
        assert_eq!(read(&reader, &[("x-request-id", "one"), ("x-request-id", "two")]).id(), Some("one"));
    }
}
