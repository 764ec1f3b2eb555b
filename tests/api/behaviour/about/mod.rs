//! Who an attempt is about: the arguments of the attribute, `events::note`, and which of them wins.

mod attempts;
mod evaluation;
mod kinds;
mod values;

use std::net::{IpAddr, Ipv4Addr};

use auth_metrics::FailureReason;
use auth_metrics::events::Event;
use auth_metrics::testing::Scope;

#[derive(Debug, FailureReason)]
enum LoginError {
    InvalidCredentials,
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
