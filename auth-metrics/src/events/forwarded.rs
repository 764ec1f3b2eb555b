//! `Forwarded`: whose word about a client's address counts. Knows headers as bytes, and nothing of HTTP libraries.

use std::fmt;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use ipnet::IpNet;

use crate::sources::{NetworksError, parse_range};

/// Which proxies you trust to say where a request comes from.
///
/// Anybody can send an `X-Forwarded-For` header. Each proxy adds the address that it saw itself at the *right* end, so only the entries
/// that your own proxies added are true. What stands to the left of them came from the client, and never counts.
///
/// Count the proxies between the client and this process:
///
/// | before this process | write |
/// |---|---|
/// | nothing | [`Forwarded::default`]: the address of the socket |
/// | nginx with `proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for` | `Forwarded::trusting(1)` |
/// | an AWS Application Load Balancer | `Forwarded::trusting(1)` |
/// | a Google Cloud load balancer, which adds the client's address and then its own | `Forwarded::trusting(2)` |
/// | Cloudflare, then nginx as above | `Forwarded::trusting(2)` |
///
/// A proxy that replaces the header counts like one that adds to it. A proxy that passes the header on untouched, such as one that
/// forwards TCP, does not count.
///
/// Hops are only safe if nobody can reach this process except through all of them: a client that goes around one of them can make up an
/// entry. If that may happen, name the networks of your proxies:
///
/// ```
/// use auth_metrics::events::Forwarded;
///
/// # fn main() -> Result<(), auth_metrics::sources::NetworksError> {
/// let forwarded = Forwarded::trusting_networks(["10.0.0.0/8", "2001:db8:1::/48"])?;
/// let client = |socket: &str, header: &str| {
///     forwarded.client(socket.parse().ok(), [header.as_bytes()]).map(|client| client.to_string())
/// };
/// assert_eq!(client("10.0.0.1", "6.6.6.6, 203.0.113.9, 10.0.0.2").as_deref(), Some("203.0.113.9"));
/// assert_eq!(client("203.0.113.9", "6.6.6.6").as_deref(), Some("203.0.113.9")); // went around the proxies
/// # Ok(()) }
/// ```
///
/// Only one header is read. A proxy that sets the one lets the other through as the client sent it.
#[derive(Clone)]
pub struct Forwarded {
    trust: Trust,
    header: Header,
}

#[derive(Clone)]
enum Trust {
    Hops(usize),
    Networks(Arc<[IpNet]>),
}

#[derive(Clone, Copy)]
enum Header {
    XForwardedFor,
    Forwarded,
}

/// Trusts nobody: the address is that of the socket.
impl Default for Forwarded {
    fn default() -> Forwarded {
        Forwarded::trusting(0)
    }
}

impl Forwarded {
    /// The most entries that are read where networks are trusted. No chain of proxies is that long.
    const MOST: usize = 64;

    /// Trusts the last proxies before this process, this many of them. The client is the entry that the first of them added: with two
    /// hops, the second one from the right.
    ///
    /// If there are fewer entries than that, the request went around a proxy, and a header without any of them is the client's own
    /// invention. So the address is that of the socket, which nobody can make up.
    pub fn trusting(hops: usize) -> Forwarded {
        Forwarded { trust: Trust::Hops(hops), header: Header::XForwardedFor }
    }

    /// Trusts proxies by the networks that they are in, in CIDR notation. Starting with the socket's address, the client is the first
    /// address that is in none of them; if all are, it is the leftmost one, of at most 64.
    ///
    /// Name the networks of the proxies alone: a client inside of one could make up its address. If the socket has no address, as a Unix
    /// socket has none, there is no client.
    ///
    /// # Errors
    ///
    /// [`NetworksError::Range`] if a range is not in CIDR notation.
    pub fn trusting_networks<'a>(
        ranges: impl IntoIterator<Item = &'a str>,
    ) -> Result<Forwarded, NetworksError> {
        let read = |(position, range)| parse_range(range).ok_or(NetworksError::Range { position });
        let networks = (1..).zip(ranges).map(read).collect::<Result<_, _>>()?;
        Ok(Forwarded { trust: Trust::Networks(networks), header: Header::XForwardedFor })
    }

    /// Reads the header `Forwarded` (RFC 7239) in place of `X-Forwarded-For`. Your proxies must quote what they copy from the request, such
    /// as `host`.
    #[must_use]
    pub fn rfc7239(mut self) -> Forwarded {
        self.header = Header::Forwarded;
        self
    }

    /// Whether anybody's word counts.
    pub(super) fn trusts(&self) -> bool {
        !matches!(self.trust, Trust::Hops(0))
    }

    /// Returns the name of the header that is read, in lowercase.
    pub fn header(&self) -> &'static str {
        match self.header {
            Header::XForwardedFor => "x-forwarded-for",
            Header::Forwarded => "forwarded",
        }
    }

    /// Returns the client's address. `values` are the values of the [header](Forwarded::header), in the order of the request.
    ///
    /// `None` means that nobody who is trusted knows it: the entry that counts is `unknown`, an obfuscated name such as `_gateway`, or
    /// no address at all. IPv4-mapped IPv6 addresses become IPv4 addresses.
    pub fn client<'a, V>(&self, socket: Option<IpAddr>, values: V) -> Option<IpAddr>
    where
        V: IntoIterator<Item = &'a [u8], IntoIter: DoubleEndedIterator>,
    {
        let socket = socket.map(|address| address.to_canonical());
        let mut entries = Entries { header: self.header, values: values.into_iter().rev(), left: None };
        match &self.trust {
            Trust::Hops(0) => socket,
            Trust::Hops(hops) => match entries.nth(hops - 1) {
                Some(entry) => self.address(entry),
                None => socket,
            },
            Trust::Networks(networks) => {
                let mut client = socket?;
                for entry in entries.take(Self::MOST) {
                    if !networks.iter().any(|network| network.contains(&client)) {
                        break;
                    }
                    // Who added this entry is trusted, and knows no address.
                    client = self.address(entry)?;
                }
                Some(client)
            }
        }
    }

    /// Reads the address of an entry.
    fn address(&self, entry: &[u8]) -> Option<IpAddr> {
        let address = match self.header {
            Header::XForwardedFor => node(entry.trim_ascii()),
            Header::Forwarded => element(entry),
        };
        address.map(|address| address.to_canonical())
    }
}

/// Shows the networks no more than `Networks` does.
impl fmt::Debug for Forwarded {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = out.debug_struct("Forwarded");
        match &self.trust {
            Trust::Hops(hops) => shown.field("hops", hops),
            Trust::Networks(networks) => shown.field("networks", &networks.len()),
        };
        shown.field("header", &self.header()).finish()
    }
}

/// The entries of a header, the last one first. Whatever stands to the left of an entry has no influence on it.
///
/// An empty entry is one too: a trusted proxy may have added it, and what is left of it must not take its place.
struct Entries<'a, V> {
    header: Header,
    /// The values before the one that is being read, the last one first.
    values: V,
    /// What is left of the one that is being read.
    left: Option<&'a [u8]>,
}

impl<'a, V: Iterator<Item = &'a [u8]>> Iterator for Entries<'a, V> {
    type Item = &'a [u8];

    fn next(&mut self) -> Option<&'a [u8]> {
        let value = self.left.take().or_else(|| self.values.next())?;
        let comma = match self.header {
            Header::XForwardedFor => value.iter().rposition(|byte| *byte == b','),
            Header::Forwarded => last_comma(value),
        };
        let Some(comma) = comma else { return Some(value) };
        let (left, entry) = value.split_at(comma);
        self.left = Some(left);
        entry.get(1..)
    }
}

/// The last comma that is not inside of a quoted string. It is looked for from the right, so that a quote which the client left open
/// swallows no entry of a proxy.
fn last_comma(value: &[u8]) -> Option<usize> {
    let mut is_quoted = false;
    let mut end = value.len();
    while let Some(at) = value.get(..end)?.iter().rposition(|byte| matches!(byte, b',' | b'"')) {
        match value.get(at) {
            Some(b',') if !is_quoted => return Some(at),
            Some(b'"') if !is_quoted => is_quoted = true,
            Some(b'"') if !is_escaped(value, at) => is_quoted = false,
            _ => {}
        }
        end = at;
    }
    None
}

/// Whether an odd number of backslashes stands before this byte.
fn is_escaped(value: &[u8], at: usize) -> bool {
    let before = value.get(..at).unwrap_or_default();
    before.iter().rev().take_while(|byte| **byte == b'\\').count() % 2 == 1
}

/// The longest text of an address and a port.
const LONGEST: usize = 64;

/// Reads an element of RFC 7239, such as `for="[2001:db8::1]:4711";proto=https`. One that is malformed, or names two clients, has no
/// address: a proxy may have copied a text of the client's into it.
fn element(element: &[u8]) -> Option<IpAddr> {
    let mut rest = element.trim_ascii();
    let mut client = None;
    loop {
        let equals = rest.iter().position(|byte| *byte == b'=')?;
        let (name, value) = (rest.get(..equals)?, rest.get(equals + 1..)?);
        let mut unquoted = [0; LONGEST];
        let (value, after) = parameter(value, &mut unquoted)?;
        if name.eq_ignore_ascii_case(b"for") {
            if client.is_some() {
                return None;
            }
            client = Some(value.and_then(node));
        } else if !name.iter().all(u8::is_ascii_alphanumeric) || name.is_empty() {
            return None;
        }
        match after.trim_ascii_start().split_first() {
            None | Some((b';', [])) => return client?,
            Some((b';', next)) => rest = next.trim_ascii_start(),
            Some(_) => return None,
        }
    }
}

/// Reads the value of a parameter, a token or a quoted string, and what comes after it. A quoted string that is longer than any address
/// has no value.
fn parameter<'v, 'a: 'v>(
    text: &'a [u8],
    unquoted: &'v mut [u8; LONGEST],
) -> Option<(Option<&'v [u8]>, &'a [u8])> {
    let Some(quoted) = text.strip_prefix(b"\"") else {
        let end = text.iter().position(|byte| *byte == b';').unwrap_or(text.len());
        let (token, after) = text.split_at(end);
        let token = token.trim_ascii_end();
        let is_token =
            !token.is_empty() && !token.iter().any(|byte| byte.is_ascii_whitespace() || *byte == b'"');
        return is_token.then_some((Some(token), after));
    };
    let mut length = 0;
    let mut bytes = quoted.iter().enumerate();
    while let Some((at, byte)) = bytes.next() {
        let byte = match byte {
            b'"' => return Some((unquoted.get(..length), quoted.get(at + 1..)?)),
            b'\\' => bytes.next()?.1,
            byte => byte,
        };
        if let Some(place) = unquoted.get_mut(length) {
            *place = *byte;
        }
        length += 1;
    }
    None
}

/// Reads an address with or without a port: `192.0.2.1`, `192.0.2.1:4711`, `2001:db8::1`, `[2001:db8::1]`, `[2001:db8::1]:4711`. A port
/// may be obfuscated: `_port`.
fn node(text: &[u8]) -> Option<IpAddr> {
    let text = std::str::from_utf8(text).ok().filter(|text| text.len() <= LONGEST)?;
    let text = match text.rsplit_once(":_") {
        Some((address, port)) if is_obfuscated(port) => address,
        _ => text,
    };
    if let Some(address) = text.strip_prefix('[').and_then(|text| text.strip_suffix(']')) {
        return address.parse().map(IpAddr::V6).ok();
    }
    let with_port = |_| text.parse::<SocketAddr>().map(|address| address.ip());
    text.parse().or_else(with_port).ok()
}

/// Whether this is a name that a proxy made up, without the `_` before it.
fn is_obfuscated(name: &str) -> bool {
    let is_of = |byte: u8| byte.is_ascii_alphanumeric() || b"._-".contains(&byte);
    !name.is_empty() && name.bytes().all(is_of)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn address(text: &str) -> Option<IpAddr> {
        text.parse().ok()
    }

    /// The client of a request from a proxy at 10.0.0.1.
    fn client(forwarded: &Forwarded, values: &[&str]) -> Option<IpAddr> {
        forwarded.client(address("10.0.0.1"), values.iter().map(|value| value.as_bytes()))
    }

    fn networks() -> Forwarded {
        Forwarded::trusting_networks(["10.0.0.0/8", "2001:db8:1::/48"]).unwrap()
    }

    #[test]
    fn by_default_only_the_socket_counts() {
        let forwarded = Forwarded::default();
        assert_eq!(client(&forwarded, &["203.0.113.9"]), address("10.0.0.1"));
        assert_eq!(forwarded.client(address("::ffff:192.0.2.1"), []), address("192.0.2.1"));
        assert_eq!(forwarded.client(None, [&b"203.0.113.9"[..]]), None);
    }

    #[test]
    fn hops_are_counted_from_the_right_over_all_lines() {
        let two = Forwarded::trusting(2);
        for values in [
            &["203.0.113.9, 10.0.0.2"][..],
            &["6.6.6.6, 203.0.113.9,10.0.0.2"],
            &["6.6.6.6", "203.0.113.9", "10.0.0.2"],
            &["6.6.6.6,203.0.113.9", "10.0.0.2"],
            &["", "\t203.0.113.9:4711 ,\t10.0.0.2 "],
            &["6.6.6.6, ::ffff:203.0.113.9, what ever"],
        ] {
            assert_eq!(client(&two, values), address("203.0.113.9"), "{values:?}");
        }
    }

    #[test]
    fn request_that_went_around_a_proxy_has_the_address_of_the_socket() {
        let two = Forwarded::trusting(2);
        assert_eq!(client(&two, &[]), address("10.0.0.1"));
        assert_eq!(client(&two, &["203.0.113.9"]), address("10.0.0.1"));
        assert_eq!(client(&Forwarded::trusting(usize::MAX), &["6.6.6.6, 6.6.6.6"]), address("10.0.0.1"));
        assert_eq!(two.client(None, [&b"203.0.113.9"[..]]), None);
    }

    #[test]
    fn entry_that_is_no_address_is_no_client_and_none_takes_its_place() {
        for entry in [
            "unknown",
            "_hidden",
            "",
            " ",
            "203.0.113",
            "010.0.0.1",
            "203.0.113.9:",
            "203.0.113.9:99999",
            "\u{e9}",
        ] {
            for values in [&[&*format!("6.6.6.6, {entry}")][..], &["6.6.6.6", entry]] {
                assert_eq!(client(&Forwarded::trusting(1), values), None, "{values:?}");
                assert_eq!(client(&networks(), values), None, "{values:?}");
            }
        }
    }

    #[test]
    fn networks_lead_to_the_first_address_that_is_in_none() {
        for (values, expected) in [
            (&["203.0.113.9"][..], "203.0.113.9"),
            (&["6.6.6.6, 203.0.113.9, 10.9.9.9, 2001:db8:1::7"], "203.0.113.9"),
            (&["6.6.6.6", "203.0.113.9", "[2001:db8:1::7]:443"], "203.0.113.9"),
            (&["10.1.1.1, 10.2.2.2"], "10.1.1.1"),
            (&[], "10.0.0.1"),
        ] {
            assert_eq!(client(&networks(), values), address(expected), "{values:?}");
        }
        let from = |socket| networks().client(socket, [&b"6.6.6.6"[..]]);
        assert_eq!(from(address("203.0.113.9")), address("203.0.113.9"));
        assert_eq!(from(address("::ffff:10.0.0.1")), address("6.6.6.6"), "a dual-stack socket");
        assert_eq!(from(None), None);
    }

    #[test]
    fn range_that_is_none_is_refused_by_its_position() {
        for range in ["10.0.0.0", "10.0.0.1/8", "10.0.0.0/33", "proxies"] {
            let refused = Forwarded::trusting_networks(["192.0.2.0/24", range]).unwrap_err();
            assert_eq!(refused, NetworksError::Range { position: 2 });
        }
    }

    #[test]
    fn elements_of_rfc_7239_are_read_in_every_spelling() {
        let one = Forwarded::trusting(1).rfc7239();
        for (element, expected) in [
            ("for=203.0.113.9", Some("203.0.113.9")),
            ("For=203.0.113.9;proto=https;by=10.0.0.1", Some("203.0.113.9")),
            ("proto=https ; FOR=\"203.0.113.9:4711\" ;", Some("203.0.113.9")),
            ("for=\"[2001:db8::1]:4711\"", Some("2001:db8::1")),
            ("for=\"[2001:db8::1]\"", Some("2001:db8::1")),
            ("for=\"[2001:db8::1]:_port\"", Some("2001:db8::1")),
            ("for=\"203.0.113.9:_a.b-c\"", Some("203.0.113.9")),
            ("for=\"\\2\\0\\3.0.113.9\"", Some("203.0.113.9")),
            ("host=\"a, b; for=6.6.6.6 \\\" , for=6.6.6.6\";for=203.0.113.9", Some("203.0.113.9")),
            ("for=unknown", None),
            ("for=\"_hidden\"", None),
            ("proto=https", None),
            ("for=203.0.113.9;for=6.6.6.6", None),
            ("for", None),
            ("for=", None),
            ("for=\"203.0.113.9", None),
            ("for=\"203.0.113.9\"x", None),
            ("203.0.113.9", None),
            ("", None),
        ] {
            assert_eq!(client(&one, &[element]), expected.and_then(address), "{element}");
            let spoofed = format!("for=6.6.6.6,{element}");
            assert_eq!(client(&one, &[&spoofed]), expected.and_then(address), "{spoofed}");
            assert_eq!(client(&one, &["for=6.6.6.6", element]), expected.and_then(address), "{element}");
        }
    }

    #[test]
    fn quote_that_the_client_leaves_open_swallows_no_entry() {
        let two = Forwarded::trusting(2).rfc7239();
        for begun in ["for=\"", "for=\"6.6.6.6", "\\", "for=\"\\", "\"\"\"", "for=6.6.6.6;x=\"y"] {
            let value = format!("{begun}, for=203.0.113.9, for=\"[2001:db8:1::7]:443\";host=\"a,b\"");
            assert_eq!(client(&two, &[&value]), address("203.0.113.9"), "{value}");
        }
    }

    #[test]
    fn only_the_header_that_was_chosen_is_read() {
        assert_eq!(Forwarded::trusting(1).header(), "x-forwarded-for");
        assert_eq!(networks().rfc7239().header(), "forwarded");
        assert_eq!(client(&Forwarded::trusting(1), &["for=203.0.113.9"]), None);
        assert_eq!(client(&Forwarded::trusting(1).rfc7239(), &["203.0.113.9"]), None);
    }

    #[test]
    fn chain_without_end_is_read_up_to_a_bound() {
        let chain: Vec<String> =
            (0..1_000).map(|proxy| format!("10.1.{}.{}", proxy / 256, proxy % 256)).collect();
        let chain = chain.join(",");
        assert_eq!(client(&networks(), &[&chain]), address("10.1.3.168"));
        let long = format!("{}, 203.0.113.9", "9".repeat(1 << 20));
        assert_eq!(client(&Forwarded::trusting(1), &[&long]), address("203.0.113.9"));
        assert_eq!(client(&Forwarded::trusting(2), &[&long]), None);
    }

    #[test]
    fn debug_shows_no_address() {
        let shown = format!("{:?} {:?}", networks(), Forwarded::trusting(2).rfc7239());
        assert_eq!(
            shown,
            "Forwarded { networks: 2, header: \"x-forwarded-for\" } Forwarded { hops: 2, header: \"forwarded\" }"
        );
    }

    /// A value as a client may send it, from pieces that matter to the grammar and any others.
    fn sent() -> impl Strategy<Value = Vec<u8>> {
        let pieces = prop_oneof![
            Just(b"for=6.6.6.6".to_vec()),
            Just(b"10.0.0.3".to_vec()),
            Just(b", ".to_vec()),
            Just(b"\"".to_vec()),
            Just(b"\\".to_vec()),
            Just(b";".to_vec()),
            Just(b"=".to_vec()),
            proptest::collection::vec(any::<u8>(), 0..8),
        ];
        proptest::collection::vec(pieces, 0..12).prop_map(|pieces| pieces.concat())
    }

    fn written(address: IpAddr, rfc7239: bool) -> String {
        match (rfc7239, address) {
            (false, address) => address.to_string(),
            (true, IpAddr::V4(address)) => format!("for={address};proto=https"),
            (true, IpAddr::V6(address)) => format!("for=\"[{address}]:443\";host=\"a,\\\"b\""),
        }
    }

    proptest! {
        #[test]
        fn what_an_untrusted_client_sends_never_changes_the_answer(
            lines in proptest::collection::vec(sent(), 0..4),
            same_line: bool,
            peer: IpAddr,
            proxies in 1_usize..4,
            rfc7239: bool,
        ) {
            prop_assume!(!peer.to_canonical().to_string().starts_with("10."));
            let proxy = |hop: usize| IpAddr::from([10, 0, 0, u8::try_from(hop).unwrap()]);
            let added: Vec<String> =
                std::iter::once(peer).chain((1..proxies).map(proxy)).map(|address| written(address, rfc7239)).collect();
            let added = added.join(", ").into_bytes();
            let mut values = lines;
            match values.last_mut().filter(|_| same_line) {
                Some(last) => last.extend([b", ".to_vec(), added].concat()),
                None => values.push(added),
            }
            let ranges = Forwarded::trusting_networks(["10.0.0.0/8"]).unwrap();
            for forwarded in [Forwarded::trusting(proxies), ranges] {
                let forwarded = if rfc7239 { forwarded.rfc7239() } else { forwarded };
                let client = forwarded.client(Some(proxy(proxies)), values.iter().map(Vec::as_slice));
                prop_assert_eq!(client, Some(peer.to_canonical()), "{:?}", forwarded);
            }
        }

        #[test]
        fn client_without_a_trusted_proxy_is_the_socket(lines in proptest::collection::vec(sent(), 0..4), rfc7239: bool) {
            let socket = address("203.0.113.9");
            for forwarded in [Forwarded::default(), networks()] {
                let forwarded = if rfc7239 { forwarded.rfc7239() } else { forwarded };
                prop_assert_eq!(forwarded.client(socket, lines.iter().map(Vec::as_slice)), socket);
            }
        }
    }
}
