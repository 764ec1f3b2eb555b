//! Every kind of function and block takes every argument.

use std::net::{IpAddr, SocketAddr};
use std::pin::Pin;

use auth_metrics::events::About;
use auth_metrics::{Outcome, Reason, auth_metered};

use super::{LoginError, PEER, block_on, event_of, known};

const DEVICE: &str = "d-9";

type Returned = Result<Session, LoginError>;

#[derive(Debug)]
struct Session {
    account: u64,
    id: String,
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
    let kinds: [fn(&str) -> Returned; 6] = [
        |name| block_on(every_kind::asynchronous(name, PEER, Some(DEVICE.to_owned()))),
        |name| every_kind::plain(name, PEER, Some(DEVICE.to_owned())),
        |name| block_on(every_kind::hidden(name, PEER, Some(DEVICE.to_owned()))),
        |name| block_on(every_kind::boxed(name, PEER, Some(DEVICE.to_owned()))),
        |name| block_on(every_kind::in_place(name, PEER, Some(DEVICE.to_owned()))),
        |name| block_on(every_kind::alias(name, PEER, Some(DEVICE.to_owned()))),
    ];
    for kind in kinds {
        let failed = event_of(|| assert!(kind("bob").is_err()));
        assert_eq!(known(&failed), (Some("bob"), Some(PEER), None, Some(DEVICE), Some("home")), "{failed:?}");
        assert_eq!(failed.reason(), Some(Reason::InvalidCredentials));
        let succeeded = event_of(|| assert!(kind("ann").is_ok()));
        let expected = (Some("7"), Some(PEER), Some("s-1"), Some(DEVICE), Some("home"));
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
