//! Borrows go in and out as without the attribute, through every kind of `self`.
#![deny(warnings, rust_2018_idioms)]

use std::cell::Cell;
use std::pin::Pin;
use std::rc::Rc;
use std::sync::{Arc, Mutex, MutexGuard};

use auth_metrics::{FailureReason, auth_metered};

#[derive(Debug, FailureReason)]
#[reason(internal_error)]
pub struct Failed<'a>(pub &'a str);

#[derive(Default)]
pub struct Sessions {
    count: u8,
    last: String,
}

impl Sessions {
    #[auth_metered(op = "borrowed")]
    fn borrowed(&self) -> Result<&str, Failed<'_>> {
        Ok(&self.last)
    }

    #[auth_metered(op = "borrowed_mutably")]
    fn borrowed_mutably(&mut self, more: u8) -> Result<&mut u8, Failed<'static>> {
        self.count += more;
        Ok(&mut self.count)
    }

    #[auth_metered(op = "borrowed_later")]
    async fn borrowed_later(&mut self, other: &mut u8) -> Result<&mut String, Failed<'static>> {
        *other += 1;
        self.count += *other;
        Ok(&mut self.last)
    }

    #[auth_metered(op = "consumed")]
    async fn consumed(mut self, last: String) -> Result<Self, Failed<'static>> {
        self.last = last;
        Ok(self)
    }

    #[auth_metered(op = "in_arc")]
    async fn in_arc(self: Arc<Self>) -> Result<u8, Failed<'static>> {
        Ok(self.count)
    }

    #[auth_metered(op = "in_rc")]
    fn in_rc(self: &Rc<Self>) -> Result<Rc<Self>, Failed<'static>> {
        Ok(Rc::clone(self))
    }

    #[auth_metered(op = "in_box")]
    fn in_box(self: Box<Self>) -> Result<u8, Failed<'static>> {
        Ok(self.count)
    }

    #[auth_metered(op = "in_pin")]
    async fn in_pin(mut self: Pin<&mut Self>) -> Result<u8, Failed<'static>> {
        self.count += 1;
        Ok(self.count)
    }
}

#[auth_metered(op = "named")]
fn named<'long: 'short, 'short>(long: &'long str, short: &'short str) -> Result<&'short str, Failed<'long>> {
    if short.is_empty() { Err(Failed(long)) } else { Ok(short) }
}

#[auth_metered(op = "named_later")]
async fn named_later<'a>(name: &'a str, seen: &Cell<u8>) -> Result<&'a str, Failed<'a>> {
    seen.set(seen.get() + 1);
    Ok(name)
}

#[auth_metered(op = "guarded")]
fn guarded<'a>(guard: MutexGuard<'a, u8>) -> Result<MutexGuard<'a, u8>, Failed<'static>> {
    Ok(guard)
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let mut sessions = Sessions::default();
    *sessions.borrowed_mutably(2).unwrap() += 1;
    sessions.borrowed_later(&mut 1).await.unwrap().push_str("later");
    assert_eq!(sessions.borrowed().unwrap(), "later");
    let mut sessions = sessions.consumed(String::from("last")).await.unwrap();
    assert_eq!(Pin::new(&mut sessions).in_pin().await.unwrap(), 6);
    let sessions = Rc::new(sessions).in_rc().unwrap();
    let sessions = Rc::into_inner(sessions).unwrap();
    assert_eq!(Arc::new(Sessions { count: 7, ..sessions }).in_arc().await.unwrap(), 7);
    assert_eq!(Box::new(Sessions::default()).in_box().unwrap(), 0);
    assert_eq!(named("long", "").unwrap_err().0, "long");
    assert_eq!(named_later("name", &Cell::new(0)).await.unwrap(), "name");
    assert_eq!(*guarded(Mutex::new(3).lock().unwrap()).unwrap(), 3);
}
