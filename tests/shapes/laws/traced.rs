//! Spans are opened, entered and left, and errors recorded in them, as without the attribute.

use std::fmt::{Debug, Write};
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

use auth_metrics::testing::Scope;
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Metadata, Subscriber};

use super::{assert_counted, assert_same, both};
use crate::fixture::{Notes, block_on};

/// Notes everything that it is told, and in which span.
struct Collector {
    notes: Notes,
    last: AtomicU64,
    entered: Mutex<Vec<u64>>,
}

#[derive(Default)]
struct Fields(String);

impl Visit for Fields {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        write!(self.0, " {field}={value:?}").unwrap();
    }
}

impl Subscriber for Collector {
    fn enabled(&self, _: &Metadata<'_>) -> bool {
        true
    }

    fn new_span(&self, span: &Attributes<'_>) -> Id {
        let id = self.last.fetch_add(1, Ordering::Relaxed) + 1;
        let mut fields = Fields::default();
        span.record(&mut fields);
        self.notes.push(format!(
            "{id} is {} {}{}",
            span.metadata().level(),
            span.metadata().name(),
            fields.0
        ));
        Id::from_u64(id)
    }

    fn record(&self, _: &Id, _: &Record<'_>) {}

    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn event(&self, event: &Event<'_>) {
        let mut fields = Fields::default();
        event.record(&mut fields);
        let place = self.entered.lock().unwrap().last().copied();
        self.notes.push(format!("{}{} in {place:?}", event.metadata().level(), fields.0));
    }

    fn enter(&self, span: &Id) {
        self.entered.lock().unwrap().push(span.into_u64());
        self.notes.push(format!("enter {}", span.into_u64()));
    }

    fn exit(&self, span: &Id) {
        self.entered.lock().unwrap().pop();
        self.notes.push(format!("exit {}", span.into_u64()));
    }
}

/// What it gives, and what is traced meanwhile.
fn traced<T: Debug>(run: impl FnOnce() -> T) -> (String, Vec<String>) {
    let notes = Notes::default();
    let collector = Collector { notes: notes.clone(), last: AtomicU64::new(0), entered: Mutex::default() };
    let given = tracing::subscriber::with_default(collector, run);
    (format!("{given:?}"), notes.taken())
}

/// For each expression in `name`: three calls, of which one succeeds.
macro_rules! traced_alike {
    ($($code:ident, $name:ident: $($op:literal),* => $call:expr;)*) => {$({
        let scope = Scope::new();
        let (plain, metered) = both!(scope, $code => traced(|| ["ada", "", "slow"].map(|$name| block_on($call))));
        assert_same(&plain, &metered);
        assert!(plain.1.iter().any(|note| note.starts_with("enter")), "{:?}", plain.1);
        $(assert_counted(&scope, $op, 3, 1, &[("invalid_credentials", 1), ("timeout", 1)]);)*
    })*};
}

#[test]
fn methods_below_async_trait_are_traced_the_same() {
    traced_alike! {
        code, name: "traced_above" => {
            use code::traced::SignIn;
            async move { code::traced::Realm(1).above(name, "123".to_owned()).await }
        };
        code, name: "traced_below" => {
            use code::traced::SignIn;
            async move { code::traced::Realm(2).below(name, "123".to_owned()).await }
        };
        code, name: "traced_first", "traced_second", "traced_third" => {
            use code::traced::SignIn;
            async move { code::traced::Realm(3).between(name).await }
        };
        code, name: "traced_ret" => {
            use code::traced::SignIn;
            async move { code::traced::Realm(4).returned(name).await }
        };
        code, name: "traced_by_default" => {
            use code::traced::SignIn;
            async move { code::traced::Realm(5).by_default(name).await.map(|found| found.map(str::len)) }
        };
    }
}

#[test]
fn functions_that_make_their_future_in_place_are_traced_the_same() {
    traced_alike! {
        code, name: "traced_boxed" => code::traced::traced_boxed(name, "123".to_owned());
        code, name: "traced_by_hand" => code::traced::traced_by_hand(name);
        code, name: "traced_hidden" => code::traced::traced_hidden(name);
    }
    let scope = Scope::new();
    let calls = [("ada", Some("12")), ("ada", None), ("", Some("0"))];
    let (plain, metered) = both!(scope, code =>
        traced(|| calls.map(|(name, digits)| block_on(code::traced::traced_early(name, digits)))));
    assert_same(&plain, &metered);
    assert_counted(&scope, "traced_early", 3, 1, &[("invalid_credentials", 1), ("timeout", 1)]);
}

#[test]
fn a_future_that_is_made_in_place_and_never_polled_is_no_attempt() {
    let scope = Scope::new();
    let (plain, metered) = both!(scope, code => traced(|| {
        drop(code::traced::traced_boxed("ada", String::new()));
        drop(code::traced::traced_early("ada", Some("12")));
        drop(code::traced::traced_early("ada", None));
    }));
    assert_same(&plain, &metered);
    assert_counted(&scope, "traced_boxed", 0, 0, &[]);
    assert_counted(&scope, "traced_early", 0, 0, &[]);
}
