//! `Said`: what an argument of `#[auth_metered]` says of an attempt, whichever way it can be read. Knows nothing of attempts.
//!
//! A type may show itself, or be only an `AsRef<str>`, and no trait can take both. So an expansion calls `Said::of(&value).text()`, and
//! the compiler takes the first of these methods that the type allows: each struct dereferences to the next.

use std::fmt::Display;
use std::marker::PhantomData;
use std::ops::Deref;

use crate::events::{Identifier, Perhaps, PerhapsBorrowed, Shown};

/// A value that shows itself.
pub struct Said<'a, T: ?Sized, M>(Named<'a, T, M>);

/// A value that is an `AsRef<str>`.
pub struct Named<'a, T: ?Sized, M>(Unreadable<'a, T, M>);

/// A value that is neither: using it is a compile error.
pub struct Unreadable<'a, T: ?Sized, M>(&'a T, PhantomData<M>);

impl<'a, T: ?Sized, M> Said<'a, T, M> {
    /// Says that.
    pub fn of(value: &'a T) -> Said<'a, T, M> {
        Said(Named(Unreadable(value, PhantomData)))
    }
}

impl<'a, T: Identifier<M> + ?Sized, M: 'a> Said<'a, T, M> {
    /// The value as a text, if there is one.
    pub fn text(&self) -> Option<impl Display> {
        self.0.0.0.shown()
    }
}

impl<'a, T: Text<M> + ?Sized, M> Named<'a, T, M> {
    /// The value as a text, if there is one.
    pub fn text(&self) -> Option<&'a str> {
        self.0.0.text()
    }
}

impl<'a, T: ?Sized, M> Unreadable<'a, T, M> {
    /// The value, which nothing takes.
    pub fn text(&self) -> &'a T {
        self.0
    }
}

impl<'a, T: ?Sized, M> Deref for Said<'a, T, M> {
    type Target = Named<'a, T, M>;

    fn deref(&self) -> &Named<'a, T, M> {
        &self.0
    }
}

impl<'a, T: ?Sized, M> Deref for Named<'a, T, M> {
    type Target = Unreadable<'a, T, M>;

    fn deref(&self) -> &Unreadable<'a, T, M> {
        &self.0
    }
}

/// An `AsRef<str>`, or an `Option` of one. The compiler finds `M`.
pub trait Text<M> {
    /// The text, if there is one.
    fn text(&self) -> Option<&str>;
}

impl<T: AsRef<str> + ?Sized> Text<Shown> for T {
    fn text(&self) -> Option<&str> {
        Some(self.as_ref())
    }
}

impl<T: AsRef<str>> Text<Perhaps> for Option<T> {
    fn text(&self) -> Option<&str> {
        self.as_ref().map(AsRef::as_ref)
    }
}

impl<T: AsRef<str>> Text<PerhapsBorrowed> for &Option<T> {
    fn text(&self) -> Option<&str> {
        self.as_ref().map(AsRef::as_ref)
    }
}
