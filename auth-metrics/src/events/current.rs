//! The attempt that runs here: what `note` means, and where its `About` comes from. Knows nothing of handles.

use std::cell::RefCell;

use super::{About, context};

/// How many of them a thread keeps for its next attempts.
const SPARE: usize = 64;

thread_local! {
    /// What is known of each attempt that this thread is in, the innermost last: of those that somebody observes.
    static ENTERED: RefCell<Vec<Option<Box<About>>>> = const { RefCell::new(Vec::new()) };
    #[expect(clippy::vec_box, reason = "an attempt takes the box, and gives it back")]
    static SPARES: RefCell<Vec<Box<About>>> = const { RefCell::new(Vec::new()) };
}

/// Adds to what is known of the attempt that runs here: that of the innermost function with `#[auth_metered]` whose handle is observed.
/// Use it where who tries becomes known inside of the body.
///
/// `write` returns what it was given, so that one expression is enough. Without an observer, and outside of an attempt, it does not run.
/// What it sets replaces what arguments of the attribute set.
///
/// Don't call it in a `Drop`: where a future is dropped before its end, its attempt has ended already, and the note would be about the
/// attempt around it.
///
/// ```
/// use auth_metrics::{FailureReason, auth_metered, events};
/// # #[derive(FailureReason)]
/// # enum TokenError { TokenExpired }
/// # struct Claims { sub: String }
/// # fn decode(token: &str) -> Result<Claims, TokenError> { Ok(Claims { sub: token.into() }) }
///
/// #[auth_metered(op = "verify", kind = token)]
/// async fn verify(token: &str) -> Result<Claims, TokenError> {
///     let claims = decode(token)?;
///     events::note(|about| about.subject(&claims.sub));
///     Ok(claims)
/// }
/// ```
pub fn note(write: impl FnOnce(&mut About) -> &mut About) {
    let innermost = ENTERED.try_with(|entered| entered.borrow_mut().last_mut().map(Option::take));
    let Ok(Some(about)) = innermost else { return };
    // It is nowhere else while `write` runs, which may run attempts of its own.
    let mut noting = Noting(Some(about.unwrap_or_else(spare)));
    if let Some(about) = &mut noting.0 {
        write(about);
    }
}

/// Puts back what is known of the attempt that runs here, also where a note panics.
struct Noting(Option<Box<About>>);

impl Drop for Noting {
    fn drop(&mut self) {
        let Some(mut about) = self.0.take() else { return };
        let _ = ENTERED.try_with(|entered| {
            if let Some(innermost) = entered.borrow_mut().last_mut() {
                // A note inside of this one wrote its own.
                if let Some(inner) = innermost.take() {
                    about.take_over(&inner);
                }
                *innermost = Some(about);
            }
        });
    }
}

/// Makes an attempt the one that runs here, until it is left.
pub(crate) fn enter(about: Option<Box<About>>) {
    let _ = ENTERED.try_with(|entered| entered.borrow_mut().push(about));
}

/// Leaves the attempt that was entered last; what is known of it.
pub(crate) fn leave() -> Option<Box<About>> {
    ENTERED.try_with(|entered| entered.borrow_mut().pop()).ok().flatten().flatten()
}

/// What is known of an attempt that ends here. What it does not say itself is what the attempts around it say, or else its context.
pub(crate) fn completed(mut about: Option<Box<About>>) -> Option<Box<About>> {
    let _ = ENTERED.try_with(|entered| {
        // The innermost first: it is the nearest that knows.
        for around in entered.borrow().iter().rev().flatten() {
            about.get_or_insert_with(spare).complete(around);
        }
    });
    context::read(|context| {
        let (subject, source) = (context.subject_text(), context.source_labels());
        if subject.is_some() || source.is_some() {
            about.get_or_insert_with(spare).complete_with(subject, source.map(|source| source.label));
        }
    });
    about
}

/// An empty one, from those that this thread keeps if there is one.
#[expect(clippy::unnecessary_box_returns, reason = "the box is what is used again")]
pub(crate) fn spare() -> Box<About> {
    SPARES.try_with(|spares| spares.borrow_mut().pop()).ok().flatten().unwrap_or_default()
}

/// Keeps one for the next attempt.
pub(crate) fn keep(mut about: Box<About>) {
    about.clear();
    let _ = SPARES.try_with(|spares| {
        let mut spares = spares.borrow_mut();
        if spares.len() < SPARE {
            spares.push(about);
        }
    });
}
