//! `Places`: where users were last, if the service can tell the place of an address.

use std::fmt;
use std::net::IpAddr;
use std::sync::Arc;

use crate::keys::place_of;
use crate::place::Place;
use crate::unwinding::unwinding_stops;

/// Finds the place of an address.
pub(crate) type Resolver = Arc<dyn Fn(IpAddr) -> Option<Place> + Send + Sync>;

/// Users whose last place is kept.
const USERS: usize = 4096;

#[derive(Clone, Copy, Default)]
struct Last {
    subject: u64,
    at: f64,
    place: Place,
}

/// The last place of each user, in a table of fixed size; a newer user takes the place of an older one.
pub(crate) struct Places {
    resolve: Resolver,
    last: Box<[Last]>,
    /// How often the resolver panicked.
    pub(crate) panics: u64,
}

impl Places {
    pub(crate) fn new(resolve: Resolver) -> Places {
        Places { resolve, last: vec![Last::default(); USERS].into(), panics: 0 }
    }

    pub(crate) const BYTES: usize = USERS * size_of::<Last>();

    /// Notes where a user is; where they were before, where they are, and the seconds between.
    pub(crate) fn arrive(&mut self, subject: u64, address: IpAddr, now: f64) -> Option<(Place, Place, f64)> {
        let place = self.resolve(address)?;
        let index = place_of(subject, USERS);
        let before = std::mem::replace(&mut self.last[index], Last { subject, at: now, place });
        (before.subject == subject && before.at > 0.0).then_some((before.place, place, now - before.at))
    }

    fn resolve(&mut self, address: IpAddr) -> Option<Place> {
        let resolved = unwinding_stops(|| (self.resolve)(address));
        self.panics += u64::from(resolved.is_none());
        resolved?.filter(|place| place.latitude.is_finite() && place.longitude.is_finite())
    }

    pub(crate) fn forget(&mut self, subject: u64) {
        self.last.iter_mut().filter(|last| last.subject == subject).for_each(|last| *last = Last::default());
    }
}

impl fmt::Debug for Places {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("Places(..)")
    }
}
