//! What an attempt was, who made it and from where: copies of ended attempts for observers. Knows nothing of handles and of readers.
//!
//! Counters say how many attempts failed. To know which, attach an [`Observer`]: it gets an [`Event`] for each attempt, on a thread of
//! its own, after the attempt ended. Nothing of an event ever becomes a label.
//!
//! The guide has a page on [events](crate::guide::events).

mod about;
mod buffer;
mod capture;
mod context;
#[cfg(feature = "tower")]
mod context_layer;
mod context_reader;
mod current;
mod delivery;
mod event;
mod forwarded;
mod group;
mod id;
mod malformed;
mod observer;
#[cfg(feature = "pseudonyms")]
mod pseudonyms;
#[cfg(feature = "tracing01")]
pub(crate) mod span;
mod step;
mod text;
mod thread;
pub mod trace;
mod traceparent;

pub use about::{About, Field, Identifier, Peer, Perhaps, PerhapsBorrowed, Shown};
pub(crate) use buffer::{Ending, Size};
pub(crate) use capture::{Capture, Captured, MOST_OBSERVERS, is_observed};
pub(crate) use context::given_source;
pub use context::{Context, InContext};
#[cfg(feature = "tower")]
pub use context_layer::{ContextLayer, ContextService};
pub use context_reader::ContextReader;
pub use current::note;
pub(crate) use current::{completed, enter, keep, leave, spare};
pub use event::{Event, EventKind};
pub use forwarded::Forwarded;
pub use group::{CONTEXT_MALFORMED, EVENTS, OBSERVER_PANICS};
pub(crate) use group::{ContextGroup, EventsGroup};
pub use id::EventId;
pub use observer::{Observed, Observer, observer};
#[cfg(feature = "pseudonyms")]
pub use pseudonyms::{Pseudonym, Pseudonyms, PseudonymsError};
pub use step::Step;
pub(crate) use thread::Consumer;
pub use thread::Events;
pub(crate) use trace::TraceReader;
pub use traceparent::TraceContext;
