//! The attempt that runs here: what `note` means, and where its `About` comes from. Knows nothing of handles.

use std::cell::RefCell;

use super::About;

/// The attempt that this thread is in, if it is in one.
#[derive(Default)]
struct Current {
    /// Whether somebody wants to know its events.
    is_observed: bool,
    about: Option<Box<About>>,
}

/// How many of them a thread keeps for its next attempts.
const SPARE: usize = 64;

thread_local! {
    static CURRENT: RefCell<Current> = const { RefCell::new(Current { is_observed: false, about: None }) };
    static SPARES: RefCell<Vec<Box<About>>> = const { RefCell::new(Vec::new()) };
}

/// Adds to what is known of the attempt that runs here: the innermost function with `#[auth_metered]`. Use it where who tries becomes
/// known inside of the body.
///
/// Without an observer, and outside of an attempt, the function does not run. What it sets replaces what arguments of the attribute set.
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
///     events::note(|about| {
///         about.subject(&claims.sub);
///     });
///     Ok(claims)
/// }
/// ```
pub fn note(write: impl FnOnce(&mut About)) {
    let taken = CURRENT.try_with(|current| {
        let mut current = current.borrow_mut();
        current.is_observed.then(|| current.about.take())
    });
    let Ok(Some(about)) = taken else { return };
    // It is nowhere else while `write` runs, which may run attempts of its own.
    let mut about = about.unwrap_or_else(spare);
    write(&mut about);
    let _ = CURRENT.try_with(|current| current.borrow_mut().about = Some(about));
}

/// Makes an attempt the one that runs here, until it is left.
pub(crate) fn enter(is_observed: bool, about: Option<Box<About>>) -> Outer {
    let entered = Current { is_observed, about };
    Outer(CURRENT.try_with(|current| current.replace(entered)).unwrap_or_default())
}

/// The attempt around the one that was entered.
pub(crate) struct Outer(Current);

impl Outer {
    /// Leaves the attempt that was entered; what is known of it.
    pub(crate) fn leave(self) -> Option<Box<About>> {
        CURRENT.try_with(|current| current.replace(self.0)).ok()?.about
    }
}

/// An empty one, from those that this thread keeps if there is one.
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
