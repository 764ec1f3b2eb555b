//! Patterns, `mut`, `_`, macros and `cfg` among the arguments.
#![deny(warnings)]

use std::convert::Infallible;

use auth_metrics::auth_metered;

struct Point {
    x: u8,
    y: u8,
}

macro_rules! byte {
    () => { u8 };
}

#[auth_metered(op = "patterns")]
async fn patterns(
    (a, [b, .., c]): (u8, [u8; 4]),
    Point { x, y: ref renamed }: Point,
    _: String,
    _unused: Vec<u8>,
    mut grown: Vec<u8>,
    whole @ (d, _): (u8, u8),
    &z: &u8,
    (Ok(either) | Err(either)): Result<u8, u8>,
    last: byte!(),
) -> Result<u8, Infallible> {
    grown.push(a);
    grown = vec![b, grown[0]];
    Ok(grown[0] + grown[1] + c + x + *renamed + d + whole.0 + z + either + last)
}

#[auth_metered(op = "patterns_now")]
fn patterns_now(Point { x, .. }: Point, mut y: u8, _: &str) -> Result<u8, Infallible> {
    y += x;
    Ok(y)
}

#[auth_metered(op = "conditional")]
async fn conditional(
    #[cfg(any())] absent: NoSuchType,
    #[cfg(all())] present: u8,
    #[allow(unused_variables)] allowed: u8,
) -> Result<u8, Infallible> {
    #[cfg(any())]
    let present = absent;
    Ok(present)
}

/// Arguments and locals with names close to what the attribute itself writes.
#[auth_metered(op = "named_like_ours", service = future)]
async fn named_like_ours(
    future: &str,
    call: u8,
    begin: u8,
    judge: u8,
    edge: u8,
    site: u8,
    metrics: u8,
    attempt: u8,
) -> Result<u8, Infallible> {
    let outcome = call + begin + judge;
    let reason = edge + site + metrics + attempt;
    Ok(outcome + reason + future.len() as u8)
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let sum = patterns(
        (1, [2, 0, 0, 3]),
        Point { x: 4, y: 5 },
        String::new(),
        Vec::new(),
        Vec::new(),
        (6, 0),
        &7,
        Err(8),
        9,
    );
    assert_eq!(sum.await, Ok(1 + 2 + 3 + 4 + 5 + 6 + 6 + 7 + 8 + 9));
    assert_eq!(patterns_now(Point { x: 1, y: 0 }, 2, ""), Ok(3));
    assert_eq!(conditional(1, 2).await, Ok(1));
    assert_eq!(named_like_ours("a", 1, 1, 1, 1, 1, 1, 1).await, Ok(8));
    let _ = Point { x: 0, y: 0 }.y;
}
