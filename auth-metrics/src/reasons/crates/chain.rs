//! What an error of a client that the user chose says about time.

use std::error::Error;
use std::io;

/// Whether the error, or what caused it, is a timeout of a type that is known here.
pub(super) fn timed_out(error: &(dyn Error + 'static)) -> bool {
    std::iter::successors(Some(error), |&error| error.source()).any(is_timeout)
}

fn is_timeout(error: &(dyn Error + 'static)) -> bool {
    #[cfg(feature = "reqwest011")]
    if error.downcast_ref::<::reqwest011::Error>().is_some_and(::reqwest011::Error::is_timeout) {
        return true;
    }
    #[cfg(feature = "reqwest012")]
    if error.downcast_ref::<::reqwest012::Error>().is_some_and(::reqwest012::Error::is_timeout) {
        return true;
    }
    #[cfg(feature = "reqwest013")]
    if error.downcast_ref::<::reqwest013::Error>().is_some_and(::reqwest013::Error::is_timeout) {
        return true;
    }
    #[cfg(feature = "tokio1")]
    if error.is::<::tokio::time::error::Elapsed>() {
        return true;
    }
    let Some(error) = error.downcast_ref::<io::Error>() else {
        return false;
    };
    // The `source` of an I/O error leaves out the error that it holds.
    error.kind() == io::ErrorKind::TimedOut || error.get_ref().is_some_and(|held| timed_out(held))
}
