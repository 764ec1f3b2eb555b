//! `impl Trait` in arguments and inside of what is returned.
#![deny(warnings)]

use std::convert::Infallible;

use auth_metrics::{Outcome, auth_metered};

#[auth_metered(op = "arguments")]
async fn arguments(name: impl AsRef<str> + Send, shift: impl Fn(u8) -> u8) -> Result<Vec<u8>, Infallible> {
    Ok(name.as_ref().bytes().map(shift).collect())
}

#[auth_metered(op = "inside_ok")]
async fn inside_ok(name: &str) -> Result<impl Iterator<Item = u8> + '_, Infallible> {
    Ok(name.bytes())
}

#[auth_metered(op = "nested")]
fn nested(name: String) -> Result<(u8, Vec<impl Fn() -> usize>), Infallible> {
    Ok((1, vec![move || name.len()]))
}

#[auth_metered(op = "whole", classify = any)]
fn whole(last: u8) -> impl Iterator<Item = u8> + Clone {
    0..last
}

#[auth_metered(op = "dynamic")]
fn dynamic<'a>(name: &'a str) -> Result<Box<dyn Fn(usize) -> bool + 'a>, Infallible> {
    Ok(Box::new(move |length| name.len() == length))
}

fn any<T>(_: &T) -> Outcome {
    Outcome::Success
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let offset = 1;
    assert_eq!(arguments("ab", |byte| byte + offset).await, Ok(vec![b'b', b'c']));
    assert_eq!(inside_ok("ab").await.unwrap().count(), 2);
    assert_eq!(nested(String::from("abc")).unwrap().1[0](), 3);
    assert_eq!(whole(4).clone().count(), 4);
    assert!(dynamic("abc").unwrap()(3));
}
