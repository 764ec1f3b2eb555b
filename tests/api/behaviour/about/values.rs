//! What an argument may be.

use std::borrow::Cow;
use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, SocketAddrV4, SocketAddrV6};
use std::sync::Arc;

use auth_metrics::auth_metered;
use auth_metrics::events::About;

use super::{LoginError, PEER, block_on, event_of, known};

/// An id that is an `AsRef<str>` and shows nothing.
struct AccountId(String);

impl AsRef<str> for AccountId {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

impl AsRef<[u8]> for AccountId {
    fn as_ref(&self) -> &[u8] {
        self.0.as_bytes()
    }
}

/// An id that shows itself and is no text.
struct Uuid(u128);

impl fmt::Display for Uuid {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{:x}", self.0)
    }
}

/// An address that hides itself from logs.
struct Masked(&'static str);

impl fmt::Display for Masked {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("masked")
    }
}

impl AsRef<str> for Masked {
    fn as_ref(&self) -> &str {
        self.0
    }
}

macro_rules! subjects {
    ($($function:ident: $type:ty = $value:expr => $shown:expr;)*) => {
        $(
            #[auth_metered(op = "about_texts", subject = value, session = value, device = &value, resource = (value))]
            #[allow(clippy::ref_option, reason = "people have functions that take one")]
            fn $function(value: $type) -> Result<(), LoginError> {
                let _moved = (value,);
                Ok(())
            }
        )*

        #[test]
        fn a_text_is_read_from_whatever_shows_itself_or_is_one() {
            $({
                let event = event_of(|| $function($value).unwrap());
                let shown: Option<&str> = $shown;
                assert_eq!(known(&event), (shown, None, shown, shown, shown), stringify!($type));
            })*
        }
    };
}

subjects! {
    str_ref: &str = "ann" => Some("ann");
    string: String = "ann".to_owned() => Some("ann");
    string_ref: &String = &"ann".to_owned() => Some("ann");
    str_ref_ref: &&str = &"ann" => Some("ann");
    mutable: &mut String = &mut "ann".to_owned() => Some("ann");
    cow: Cow<'_, str> = Cow::Borrowed("ann") => Some("ann");
    boxed: Box<str> = "ann".into() => Some("ann");
    shared: Arc<str> = "ann".into() => Some("ann");
    number: u64 = 7 => Some("7");
    character: char = 'a' => Some("a");
    uuid: Uuid = Uuid(0xabc) => Some("abc");
    uuid_ref: &Uuid = &Uuid(0xabc) => Some("abc");
    account_id: AccountId = AccountId("ann".into()) => Some("ann");
    account_id_ref: &AccountId = &AccountId("ann".into()) => Some("ann");
    masked: Masked = Masked("ann") => Some("masked");
    some_str: Option<&str> = Some("ann") => Some("ann");
    no_str: Option<&str> = None => None;
    some_string: Option<String> = Some("ann".into()) => Some("ann");
    some_string_ref: &Option<String> = &Some("ann".into()) => Some("ann");
    ref_of_some_string: Option<&String> = Some(&"ann".to_owned()) => Some("ann");
    some_uuid: Option<Uuid> = Some(Uuid(0xabc)) => Some("abc");
    ref_of_some_uuid: Option<&Uuid> = Some(&Uuid(0xabc)) => Some("abc");
    some_account_id: Option<AccountId> = Some(AccountId("ann".into())) => Some("ann");
    no_account_id: Option<AccountId> = None => None;
    some_account_id_ref: &Option<AccountId> = &Some(AccountId("ann".into())) => Some("ann");
    ref_of_some_account_id: Option<&AccountId> = Some(&AccountId("ann".into())) => Some("ann");
    any_text: impl AsRef<str> = AccountId("ann".into()) => Some("ann");
    any_shown: impl fmt::Display = Uuid(0xabc) => Some("abc");
    any_text_perhaps: Option<impl AsRef<str>> = Some("ann") => Some("ann");
    any_shown_perhaps: Option<impl fmt::Display> = Some(7) => Some("7");
    shown_object: &dyn fmt::Display = &7 => Some("7");
    text_object: &dyn AsRef<str> = &AccountId("ann".into()) => Some("ann");
    address: IpAddr = PEER => Some("192.0.2.7");
    empty: &str = "" => Some("");
}

macro_rules! peers {
    ($($function:ident: $type:ty = $value:expr;)*) => {
        $(
            #[auth_metered(op = "about_peers", peer = value)]
            #[allow(clippy::ref_option, reason = "people have functions that take one")]
            fn $function(value: $type) -> Result<(), LoginError> {
                let _moved = (value,);
                Ok(())
            }
        )*

        #[test]
        fn an_address_is_read_with_or_without_its_port() {
            $(assert_eq!(event_of(|| $function($value).unwrap()).peer(), Some(PEER), stringify!($type));)*
        }
    };
}

const IP: Ipv4Addr = Ipv4Addr::new(192, 0, 2, 7);
const SOCKET: SocketAddr = SocketAddr::new(PEER, 443);

peers! {
    peer_ip: IpAddr = PEER;
    peer_ip_ref: &IpAddr = &PEER;
    peer_ip_mut: &mut IpAddr = &mut PEER.clone();
    peer_v4: Ipv4Addr = IP;
    peer_socket: SocketAddr = SOCKET;
    peer_socket_ref: &SocketAddr = &SOCKET;
    peer_socket_v4: SocketAddrV4 = SocketAddrV4::new(IP, 443);
    peer_some_ip: Option<IpAddr> = Some(PEER);
    peer_some_socket: Option<SocketAddr> = Some(SOCKET);
    peer_some_socket_ref: &Option<SocketAddr> = &Some(SOCKET);
    peer_ref_of_some_socket: Option<&SocketAddr> = Some(&SOCKET);
}

#[auth_metered(op = "about_v6", peer = socket)]
fn peer_v6(socket: SocketAddrV6) -> Result<(), LoginError> {
    if socket.port() == 443 { Ok(()) } else { Err(LoginError::InvalidCredentials) }
}

#[test]
fn an_address_may_be_of_version_six_and_an_absent_one_is_none() {
    let socket = SocketAddrV6::new(Ipv6Addr::LOCALHOST, 443, 0, 0);
    assert_eq!(event_of(|| peer_v6(socket).unwrap()).peer(), Some(Ipv6Addr::LOCALHOST.into()));
    assert_eq!(event_of(|| peer_some_ip(None).unwrap()).peer(), None);
}

#[auth_metered(op = "about_generic", subject = text, session = shown, device = Some(&text), context = noted)]
async fn generic<S: AsRef<str>, D, T>(text: S, shown: D, rest: T) -> Result<T, LoginError>
where
    D: fmt::Display,
{
    let _moved = (text, shown);
    Ok(rest)
}

fn noted<T>(returned: &Result<T, LoginError>, about: &mut About) {
    about.resource(if returned.is_ok() { "ok" } else { "err" });
}

#[test]
fn parameters_of_generic_functions_are_read_by_their_bounds() {
    let run = || assert_eq!(block_on(generic(AccountId("ann".into()), Uuid(1), "rest")).unwrap(), "rest");
    let event = event_of(run);
    assert_eq!(known(&event), (Some("ann"), None, Some("1"), Some("ann"), Some("ok")));
}
