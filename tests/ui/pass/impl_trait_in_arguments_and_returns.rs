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

// With two bounds the parentheses are needed; around what the expansion writes instead they would be a warning.

#[auth_metered(op = "borrowed", none_is = unknown_subject)]
fn borrowed<'a, T: AsRef<str>>(names: &'a [T], _: &str) -> Option<&'a (impl AsRef<str> + use<'a, T>)> {
    names.first()
}

#[auth_metered(op = "borrowed_later", none_is = unknown_subject)]
async fn borrowed_later(names: &[String]) -> Option<&(impl AsRef<str> + Clone)> {
    names.first()
}

#[auth_metered(op = "borrowed_in_a_tuple")]
fn borrowed_in_a_tuple(
    name: &str,
) -> Result<([&(impl AsRef<str> + ?Sized); 1], &(dyn Send + Sync)), Infallible> {
    Ok(([name], &1))
}

#[auth_metered(op = "in_a_trait_object", classify = any)]
fn in_a_trait_object(name: &str) -> Box<dyn Iterator<Item = &(impl Copy + Into<u64>)> + Send + '_> {
    Box::new(std::iter::once(&1_u8).take(name.len()))
}

#[auth_metered(op = "deferred")]
fn deferred(name: &str) -> impl Future<Output = Result<&(impl AsRef<str> + ?Sized), Infallible>> + Send {
    async move { Ok(name) }
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
    assert_eq!(borrowed(&["ab"], "").unwrap().as_ref(), "ab");
    assert_eq!(borrowed_later(&["ab".to_owned()]).await.unwrap().as_ref(), "ab");
    let ([name], _) = borrowed_in_a_tuple("ab").unwrap();
    assert_eq!(name.as_ref(), "ab");
    assert_eq!(in_a_trait_object("ab").map(|&one| one.into()).sum::<u64>(), 1);
    assert_eq!(deferred("ab").await.unwrap().as_ref(), "ab");
}
