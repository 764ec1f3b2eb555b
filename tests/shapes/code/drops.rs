//! Arguments that note their drop.

use auth_metrics::FailureReason;

use super::super::auth_metered;
use crate::fixture::{Noisy, Notes, pause};

#[allow(dead_code, reason = "shown")]
#[derive(Debug, FailureReason)]
#[reason(internal_error)]
pub(crate) struct Refused(pub(crate) &'static str);

pub(crate) struct Pair {
    pub(crate) left: Noisy,
    pub(crate) right: Noisy,
}

#[auth_metered(op = "drops_now", subject = first.0, session = left.0, device = third.length())]
pub(crate) fn drops_now(
    first: Noisy,
    Pair { left, right: _right }: Pair,
    mut third: Noisy,
    _fourth: Noisy,
    refuse: bool,
) -> Result<Noisy, Refused> {
    let _local = first.1.noisy("local");
    third.0 = "third, renamed";
    if refuse {
        drop(left);
        return Err(Refused("early"));
    }
    Ok(first)
}

#[auth_metered(op = "drops_later", subject = first.0, resource = second.length())]
pub(crate) async fn drops_later(
    first: Noisy,
    (second, _third): (Noisy, Noisy),
    notes: Notes,
    _fourth: Noisy,
) -> Result<Noisy, Refused> {
    let _outer = notes.noisy("outer");
    pause().await;
    {
        let _inner = notes.noisy("inner");
        drop(second);
        pause().await;
    }
    pause().await;
    notes.push("done");
    Ok(first)
}

/// The last expression holds something that drops with it.
#[auth_metered(op = "drops_held")]
pub(crate) fn drops_held(first: Noisy) -> Result<usize, Refused> {
    let _local = first.1.noisy("local");
    Ok(first.1.noisy("held").length())
}

#[auth_metered(op = "drops_held_later")]
pub(crate) async fn drops_held_later(first: Noisy) -> Result<usize, Refused> {
    let _local = first.1.noisy("local");
    pause().await;
    Ok(first.1.noisy("held").length())
}

#[auth_metered(op = "drops_panic")]
pub(crate) fn drops_panic(first: Noisy, _second: Noisy) -> Result<(), Refused> {
    let _local = first.1.noisy("local");
    panic!("as planned")
}

#[auth_metered(op = "drops_made", subject = first.0)]
pub(crate) fn drops_made(first: Noisy, _second: Noisy) -> impl Future<Output = Result<Noisy, Refused>> {
    let _making = first.1.noisy("making");
    async move {
        let _running = first.1.noisy("running");
        pause().await;
        Ok(first)
    }
}

#[auth_metered(op = "renames")]
pub(crate) async fn renames(mut first: Noisy) -> Result<(), Refused> {
    first.0 = "renamed";
    Ok(())
}
