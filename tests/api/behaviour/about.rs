//! Who an attempt is about: the arguments of the attribute, `events::note`, and which of them wins.

use std::borrow::Cow;
use std::cell::{Cell, RefCell};
use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, SocketAddrV4, SocketAddrV6};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::sync::{Arc, Mutex};

use auth_metrics::events::{self, About, Event};
use auth_metrics::testing::Scope;
use auth_metrics::{AuthMetrics, FailureReason, Outcome, Reason, auth_metered};

use crate::count;

#[derive(Debug, FailureReason)]
enum LoginError {
    InvalidCredentials,
}

type Returned = Result<Session, LoginError>;

#[derive(Debug)]
struct Session {
    account: u64,
    id: String,
}

const PEER: IpAddr = IpAddr::V4(Ipv4Addr::new(192, 0, 2, 7));

/// What is known of one attempt: subject, peer, session, device, resource.
type Known<'a> = (Option<&'a str>, Option<IpAddr>, Option<&'a str>, Option<&'a str>, Option<&'a str>);

fn known(event: &Event) -> Known<'_> {
    (event.subject(), event.peer(), event.session(), event.device(), event.resource())
}

/// The one event of what runs.
#[track_caller]
fn event_of(run: impl FnOnce()) -> Event {
    let scope = Scope::new();
    scope.metrics().in_scope(run);
    let [event] = <[Event; 1]>::try_from(scope.events()).unwrap();
    event
}

fn block_on<F: Future>(future: F) -> F::Output {
    tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(future)
}

fn session_of(returned: &Returned, about: &mut About) {
    if let Ok(session) = returned {
        about.subject(session.account).session(&session.id);
    }
}

fn answer(name: &str) -> Returned {
    if name == "ann" {
        Ok(Session { account: 7, id: "s-1".into() })
    } else {
        Err(LoginError::InvalidCredentials)
    }
}

mod every_kind {
    use super::*;

    #[auth_metered(op = "about_async", subject = name, peer = peer, device = device, resource = "home", context = session_of)]
    pub(super) async fn asynchronous(name: &str, peer: IpAddr, device: Option<String>) -> Returned {
        tokio::task::yield_now().await;
        drop(device);
        answer(name)
    }

    #[auth_metered(op = "about_plain", subject = name, peer = peer, device = device, resource = "home", context = session_of)]
    pub(super) fn plain(name: &str, peer: IpAddr, device: Option<String>) -> Returned {
        drop(device);
        answer(name)
    }

    #[auth_metered(op = "about_hidden", subject = name, peer = peer, device = device, resource = "home", context = session_of)]
    pub(super) fn hidden(name: &str, peer: IpAddr, device: Option<String>) -> impl Future<Output = Returned> {
        let answer = answer(name);
        drop(device);
        std::future::ready(answer)
    }

    #[auth_metered(op = "about_boxed", subject = name, peer = peer, device = device, resource = "home", context = session_of)]
    pub(super) fn boxed(
        name: &str,
        peer: IpAddr,
        device: Option<String>,
    ) -> Pin<Box<dyn Future<Output = Returned> + Send + '_>> {
        let _ = peer;
        let future = async move {
            drop(device);
            answer(name)
        };
        Box::pin(future)
    }

    #[auth_metered(op = "about_in_place", subject = name, peer = peer, device = device, resource = "home", context = session_of)]
    pub(super) fn in_place(
        name: &str,
        peer: IpAddr,
        device: Option<String>,
    ) -> Pin<Box<dyn Future<Output = Returned> + Send + '_>> {
        Box::pin(async move {
            let _ = peer;
            drop(device);
            answer(name)
        })
    }

    pub(super) type Login = Pin<Box<dyn Future<Output = Returned> + Send>>;

    #[auth_metered(op = "about_alias", future, subject = name, peer = peer, device = device, resource = "home", context = session_of)]
    pub(super) fn alias(name: &str, peer: IpAddr, device: Option<String>) -> Login {
        let answer = answer(name);
        drop(device);
        Box::pin(async move { answer })
    }
}

#[test]
fn every_kind_of_function_takes_every_argument() {
    fn device() -> Option<String> {
        Some("d-9".to_owned())
    }
    let kinds: [fn(&str) -> Returned; 6] = [
        |name| block_on(every_kind::asynchronous(name, PEER, device())),
        |name| every_kind::plain(name, PEER, device()),
        |name| block_on(every_kind::hidden(name, PEER, device())),
        |name| block_on(every_kind::boxed(name, PEER, device())),
        |name| block_on(every_kind::in_place(name, PEER, device())),
        |name| block_on(every_kind::alias(name, PEER, device())),
    ];
    for kind in kinds {
        let failed = event_of(|| assert!(kind("bob").is_err()));
        assert_eq!(known(&failed), (Some("bob"), Some(PEER), None, Some("d-9"), Some("home")), "{failed:?}");
        assert_eq!(failed.reason(), Some(Reason::InvalidCredentials));
        let succeeded = event_of(|| assert!(kind("ann").is_ok()));
        let expected = (Some("7"), Some(PEER), Some("s-1"), Some("d-9"), Some("home"));
        assert_eq!(known(&succeeded), expected, "{succeeded:?}");
        assert_eq!(succeeded.outcome(), Outcome::Success);
    }
}

mod block {
    use super::*;

    pub(super) struct Gate {
        pub(super) tenant: String,
        pub(super) peer: Option<SocketAddr>,
    }

    #[auth_metered(subject = self.tenant, peer = self.peer, resource = "gate")]
    impl Gate {
        #[op("about_shared")]
        pub(super) async fn shared(&self) -> Result<(), LoginError> {
            Ok(())
        }

        #[op("about_own", subject = name, resource = format!("gate/{name}"), session = 12_u8)]
        pub(super) fn own(&mut self, name: &str) -> Result<(), LoginError> {
            self.tenant.push_str(name);
            Err(LoginError::InvalidCredentials)
        }
    }

    #[auth_metered(subject = self.name(), context = Self::read)]
    pub(super) trait Named {
        fn name(&self) -> String;

        fn read(returned: &Result<u64, LoginError>, about: &mut About) {
            about.session(returned.as_ref().ok());
        }

        #[op("about_default")]
        fn check(&self) -> Result<u64, LoginError> {
            Ok(self.name().len() as u64)
        }
    }

    impl Named for Gate {
        fn name(&self) -> String {
            self.tenant.clone()
        }
    }
}

#[test]
fn arguments_of_a_block_hold_for_its_methods_and_their_own_override_them() {
    use block::{Gate, Named};
    let address = SocketAddr::from((PEER, 443));
    let mut gate = Gate { tenant: "acme".to_owned(), peer: Some(address) };
    let event = event_of(|| block_on(gate.shared()).unwrap());
    assert_eq!(known(&event), (Some("acme"), Some(PEER), None, None, Some("gate")));
    let event = event_of(|| assert!(gate.own("bob").is_err()));
    assert_eq!(known(&event), (Some("bob"), Some(PEER), Some("12"), None, Some("gate/bob")));
    let event = event_of(|| assert_eq!(gate.check().unwrap(), 7));
    assert_eq!(known(&event), (Some("acmebob"), None, Some("7"), None, None));
}

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

mod evaluation {
    use super::*;

    thread_local! {
        static LOG: RefCell<Vec<&'static str>> = const { RefCell::new(Vec::new()) };
    }

    fn logged(what: &'static str) -> &'static str {
        LOG.with_borrow_mut(|log| log.push(what));
        what
    }

    fn address() -> IpAddr {
        logged("peer");
        PEER
    }

    fn read(_: &Result<(), LoginError>, _: &mut About) {
        logged("context");
    }

    #[auth_metered(
        op = "about_order",
        context = read,
        resource = logged("resource"),
        device = logged("device"),
        session = logged("session"),
        peer = address(),
        subject = logged("subject"),
        service = logged("service"),
    )]
    fn plain() -> Result<(), LoginError> {
        logged("body");
        Ok(())
    }

    #[auth_metered(op = "about_order", context = read, peer = address(), subject = logged("subject"))]
    async fn asynchronous() -> Result<(), LoginError> {
        logged("body");
        Ok(())
    }

    #[auth_metered(op = "about_order", context = read, peer = address(), subject = logged("subject"))]
    fn hidden() -> impl Future<Output = Result<(), LoginError>> {
        async {
            logged("body");
            Ok(())
        }
    }

    #[test]
    fn each_argument_is_evaluated_once_before_the_body() {
        let scope = Scope::new();
        scope.metrics().in_scope(|| plain().unwrap());
        let all = ["service", "subject", "peer", "session", "device", "resource", "body", "context"];
        assert_eq!(LOG.take(), all);
        scope.metrics().in_scope(|| block_on(asynchronous()).unwrap());
        assert_eq!(LOG.take(), ["subject", "peer", "body", "context"]);
        let future = scope.metrics().in_scope(hidden);
        assert_eq!(LOG.take(), ["subject", "peer"]);
        block_on(scope.metrics().scope(future)).unwrap();
        assert_eq!(LOG.take(), ["body", "context"]);
    }

    #[test]
    fn nothing_is_evaluated_where_the_handle_has_no_observer() {
        let observed = Scope::new();
        let metrics = AuthMetrics::builder().service_id("unobserved").build().unwrap();
        metrics.in_scope(|| {
            plain().unwrap();
            block_on(asynchronous()).unwrap();
            block_on(hidden()).unwrap();
        });
        assert_eq!(LOG.take(), ["service", "body", "body", "body"]);
        assert!(observed.events().is_empty());
    }

    #[auth_metered(op = "about_panics", subject = panics())]
    fn panicking() -> Result<(), LoginError> {
        Ok(())
    }

    fn panics() -> &'static str {
        panic!("in an argument")
    }

    #[test]
    fn an_argument_that_panics_is_no_attempt() {
        let scope = Scope::new();
        let run = || scope.metrics().in_scope(panicking);
        assert!(catch_unwind(AssertUnwindSafe(run)).is_err());
        assert!(scope.events().is_empty());
        let started = [("operation", "about_panics")];
        assert_eq!(count(&scope.snapshot(), "auth_operations_started_total", &started), 0.0);
    }

    #[auth_metered(op = "about_locks", subject = state.lock().unwrap(), session = state.lock().unwrap().as_str())]
    fn locking(state: &Mutex<String>) -> Result<(), LoginError> {
        state.lock().unwrap().push_str(" left");
        Ok(())
    }

    #[test]
    fn a_lock_that_an_argument_takes_is_free_for_the_next_one_and_for_the_body() {
        let state = Mutex::new("ann".to_owned());
        let event = event_of(|| locking(&state).unwrap());
        assert_eq!(known(&event), (Some("ann"), None, Some("ann"), None, None));
    }
}

mod patterns {
    use super::*;

    pub(super) struct Form {
        pub(super) name: String,
        pub(super) peer: IpAddr,
    }

    #[auth_metered(op = "about_patterns", subject = name, peer = peer, session = attempts, resource = first[0])]
    pub(super) async fn taken_apart(
        Form { name, peer }: Form,
        mut attempts: u32,
        [first, _]: [Vec<&'static str>; 2],
    ) -> Result<u32, LoginError> {
        drop((name, first));
        assert_eq!(peer, PEER);
        attempts += 1;
        Ok(attempts)
    }

    #[auth_metered(op = "about_closures", subject = names.iter().find(|name| name.len() == length))]
    pub(super) fn with_a_closure(names: &[&str], length: usize) -> Result<(), LoginError> {
        Ok(())
    }
}

#[test]
fn arguments_borrow_what_the_body_takes() {
    let form = patterns::Form { name: "ann".to_owned(), peer: PEER };
    let run = || assert_eq!(block_on(patterns::taken_apart(form, 3, [vec!["a"], vec![]])).unwrap(), 4);
    assert_eq!(known(&event_of(run)), (Some("ann"), Some(PEER), Some("3"), None, Some("a")));
    let event = event_of(|| patterns::with_a_closure(&["robert", "ann"], 3).unwrap());
    assert_eq!(event.subject(), Some("ann"));
}

fn last_word(_: &Result<(), LoginError>, about: &mut About) {
    about.resource("context");
}

fn no_word(_: &Result<(), LoginError>, about: &mut About) {
    about.subject(None::<&str>).peer(None::<IpAddr>);
}

#[auth_metered(op = "about_replaced", subject = "argument", session = "argument", resource = "argument", context = last_word)]
async fn replaced() -> Result<(), LoginError> {
    tokio::task::yield_now().await;
    events::note(|about| {
        about.session("note").resource("note");
    });
    Ok(())
}

#[auth_metered(op = "about_kept", subject = "argument", peer = PEER, context = no_word)]
fn kept() -> Result<(), LoginError> {
    events::note(|about| {
        about.subject(None::<u8>);
    });
    Ok(())
}

#[test]
fn notes_replace_arguments_and_the_context_replaces_notes() {
    let event = event_of(|| block_on(replaced()).unwrap());
    assert_eq!(known(&event), (Some("argument"), None, Some("note"), None, Some("context")));
}

#[test]
fn what_is_none_replaces_nothing() {
    assert_eq!(known(&event_of(|| kept().unwrap())), (Some("argument"), Some(PEER), None, None, None));
}

fn panicking_context(_: &Result<(), LoginError>, about: &mut About) {
    about.session("said before");
    panic!("in the context");
}

#[auth_metered(op = "about_context_panics", subject = "ann", context = panicking_context)]
async fn context_panics() -> Result<(), LoginError> {
    Err(LoginError::InvalidCredentials)
}

#[test]
fn a_context_that_panics_is_counted_and_changes_no_outcome() {
    let scope = Scope::new();
    let returned = scope.metrics().in_scope(|| block_on(context_panics()));
    assert!(returned.is_err());
    let events = scope.events();
    assert_eq!(known(&events[0]), (Some("ann"), None, Some("said before"), None, None));
    assert_eq!(events[0].reason(), Some(Reason::InvalidCredentials));
    let counted =
        count(&scope.snapshot(), "auth_metrics_internal_errors_total", &[("kind", "reason_panicked")]);
    assert_eq!(counted, 1.0);
}

#[auth_metered(op = "about_outer", subject = "outer")]
async fn outer() -> Result<(), LoginError> {
    inner().await?;
    events::note(|about| {
        about.resource("noted outside");
    });
    Ok(())
}

#[auth_metered(op = "about_inner", subject = "inner")]
async fn inner() -> Result<(), LoginError> {
    tokio::task::yield_now().await;
    events::note(|about| {
        about.resource("noted inside");
    });
    Ok(())
}

#[test]
fn a_note_is_for_the_innermost_attempt() {
    let scope = Scope::new();
    block_on(scope.metrics().scope(outer())).unwrap();
    let events = scope.events();
    let said: Vec<_> = events.iter().map(|event| (event.subject(), event.resource())).collect();
    assert_eq!(said, [(Some("inner"), Some("noted inside")), (Some("outer"), Some("noted outside"))]);
}

#[auth_metered(op = "about_interleaved", subject = name)]
async fn interleaved(name: &str) -> Result<(), LoginError> {
    for turn in 0..3 {
        tokio::task::yield_now().await;
        events::note(|about| {
            about.session(format_args!("{name} {turn}"));
        });
    }
    Ok(())
}

#[test]
fn attempts_that_take_turns_in_one_task_keep_their_own_notes() {
    let scope = Scope::new();
    let both = async { tokio::join!(interleaved("ann"), interleaved("bob")) };
    let (first, second) = block_on(scope.metrics().scope(both));
    assert!(first.is_ok() && second.is_ok());
    let mut events = scope.events();
    events.sort_by_key(|event| event.subject().map(str::to_owned));
    let said: Vec<_> = events.iter().map(|event| (event.subject(), event.session())).collect();
    assert_eq!(said, [(Some("ann"), Some("ann 2")), (Some("bob"), Some("bob 2"))]);
}

#[auth_metered(op = "about_endless", subject = name, peer = PEER, context = last_word)]
async fn endless(name: &str) -> Result<(), LoginError> {
    events::note(|about| {
        about.session("noted");
    });
    std::future::pending().await
}

#[auth_metered(op = "about_unwinds", subject = name, peer = PEER, context = last_word)]
fn unwinds(name: &str) -> Result<(), LoginError> {
    events::note(|about| {
        about.session("noted");
    });
    panic!("{name}")
}

#[auth_metered(op = "about_unwinds", subject = name, peer = PEER, context = last_word)]
fn unwinds_before_its_future(name: &str) -> impl Future<Output = Result<(), LoginError>> {
    if !name.is_empty() {
        panic!("{name}")
    }
    std::future::ready(Ok(()))
}

#[test]
fn cancelled_and_panicked_attempts_say_who_they_are_about() {
    let cancelled = event_of(|| {
        block_on(async {
            tokio::select! {
                biased;
                _ = endless("ann") => {}
                () = tokio::task::yield_now() => {}
            }
        });
    });
    assert_eq!(cancelled.reason(), Some(Reason::Cancelled));
    assert_eq!(known(&cancelled), (Some("ann"), Some(PEER), Some("noted"), None, None));
    let panicked = event_of(|| assert!(catch_unwind(|| unwinds("ann")).is_err()));
    assert_eq!(panicked.reason(), Some(Reason::Panicked));
    assert_eq!(known(&panicked), (Some("ann"), Some(PEER), Some("noted"), None, None));
    let panicked = event_of(|| assert!(catch_unwind(|| drop(unwinds_before_its_future("ann"))).is_err()));
    assert_eq!(panicked.reason(), Some(Reason::Panicked));
    assert_eq!(known(&panicked), (Some("ann"), Some(PEER), None, None, None));
}

#[auth_metered(op = "about_a_handle", metrics = metrics, subject = name)]
async fn into_a_handle(metrics: &AuthMetrics, name: &str) -> Result<(), LoginError> {
    Ok(())
}

#[test]
fn the_handle_that_a_call_names_decides_whether_arguments_are_evaluated() {
    let (named, around) = (Scope::new(), Scope::new());
    around.metrics().in_scope(|| block_on(into_a_handle(named.metrics(), "ann")).unwrap());
    assert!(around.events().is_empty());
    assert_eq!(named.events()[0].subject(), Some("ann"));
}

#[auth_metered(op = "about_sizes", service = name)]
async fn silent(name: &'static str) -> Result<&'static str, LoginError> {
    tokio::task::yield_now().await;
    Ok(name)
}

#[auth_metered(op = "about_sizes", subject = name, peer = PEER, session = format!("of {name}"), context = none)]
async fn telling(name: &'static str) -> Result<&'static str, LoginError> {
    tokio::task::yield_now().await;
    Ok(name)
}

fn none(_: &Result<&'static str, LoginError>, _: &mut About) {}

#[test]
fn arguments_take_no_more_room_than_a_service_and_leave_the_future_send() {
    fn is_send(future: impl Future + Send) -> usize {
        size_of_val(&future)
    }
    assert_eq!(is_send(telling("ann")), is_send(silent("ann")));
}

/// A subject that counts how often it was shown.
struct Counted<'a>(&'a Cell<u32>);

impl fmt::Display for Counted<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.set(self.0.get() + 1);
        out.write_str("shown")
    }
}

#[auth_metered(op = "about_shown", subject = subject)]
fn shown(subject: Counted<'_>) -> Result<(), LoginError> {
    Ok(())
}

#[test]
fn a_subject_is_shown_once() {
    let times = Cell::new(0);
    let event = event_of(|| shown(Counted(&times)).unwrap());
    assert_eq!((event.subject(), times.get()), (Some("shown"), 1));
}
