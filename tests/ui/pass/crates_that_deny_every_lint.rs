//! A crate that denies what it can: the expansions trip no lint.
#![deny(
    warnings,
    missing_docs,
    missing_debug_implementations,
    unused,
    unused_qualifications,
    unused_lifetimes,
    unused_import_braces,
    unreachable_pub,
    let_underscore_drop,
    trivial_casts,
    trivial_numeric_casts,
    elided_lifetimes_in_paths,
    explicit_outlives_requirements,
    single_use_lifetimes,
    variant_size_differences,
    non_ascii_idents,
    unsafe_op_in_unsafe_fn,
    rust_2018_idioms,
    rust_2021_compatibility,
    rust_2024_compatibility,
    future_incompatible,
    nonstandard_style
)]
#![forbid(unsafe_code)]

use std::net::{IpAddr, Ipv4Addr};
use std::pin::Pin;

use auth_metrics::events::About;
use auth_metrics::{AuthMethod, FailureReason, Outcome, Reason, auth_metered, custom_reason, reason_chain, reasons};

#[derive(Debug, FailureReason)]
enum LoginError<'a> {
    #[reason(invalid_credentials)]
    Wrong,
    #[reason(account_locked)]
    Locked { _until: u64 },
    #[reason(transparent)]
    Token(TokenError),
    #[reason(with = by_name)]
    Named(&'a str),
    #[reason(custom = "sso_domain_blocked", fault = client)]
    Blocked,
}

#[derive(Clone, Copy, Debug, FailureReason)]
#[reason(token_revoked)]
struct TokenError;

#[derive(Debug, FailureReason)]
enum Never {}

custom_reason! {
    const NAMELESS = "nameless", fault = client;
}

fn by_name(name: &&str) -> Reason {
    if name.is_empty() { NAMELESS } else { Reason::Overloaded }
}

#[auth_metered(op = "login", source = AuthMethod::Password, service = name, subject = name, session = password.len(), device = Some(&password), resource = format!("{name}"), peer = PEER, context = about)]
async fn login<'a>(name: &'a str, password: String) -> Result<&'a str, LoginError<'a>> {
    match password.as_str() {
        "" => Err(LoginError::Wrong),
        "locked" => Err(LoginError::Locked { _until: 1 }),
        "name" => Err(LoginError::Named(name)),
        "token" => Err(LoginError::Token(TokenError)),
        "blocked" => Err(LoginError::Blocked),
        _ => Ok(name),
    }
}

const PEER: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);

fn about(returned: &Result<&str, LoginError<'_>>, about: &mut About) {
    about.subject(returned.as_ref().ok());
}

#[auth_metered(op = "no_arguments")]
fn no_arguments() -> Result<(), Never> {
    Ok(())
}

#[auth_metered(op = "forwards")]
async fn forwards() -> Result<(), Never> {
    no_arguments()
}

#[auth_metered(op = "awaits")]
async fn awaits() -> Result<(), Never> {
    forwards().await
}

#[auth_metered(op = "many", none_is = unknown_subject, false_is = success)]
fn many(known: bool) -> Result<Option<bool>, TokenError> {
    Ok(known.then_some(false))
}

#[auth_metered(op = "unit", classify = unit)]
fn unit_now(flag: &mut bool) {
    *flag = true;
}

fn unit((): &()) -> Outcome {
    Outcome::Success
}

#[auth_metered(op = "boxed")]
fn boxed<'a>(name: &'a str) -> Pin<Box<dyn Future<Output = Result<&'a str, TokenError>> + 'a>> {
    Box::pin(async move { Ok(name) })
}

#[auth_metered(op = "deferred", subject = *name, peer = Some(PEER))]
fn deferred(name: &str) -> impl Future<Output = Result<usize, TokenError>> {
    async move { Ok(name.len()) }
}

/// An error that nobody can implement a trait for, behind an alias.
type Parsed<T> = Result<T, std::num::ParseIntError>;

#[auth_metered(op = "read_own", reason = malformed, none_is = success)]
fn read_own(code: &str) -> Parsed<Option<u8>> {
    code.parse().map(Some)
}

fn malformed(_: &std::num::ParseIntError) -> Reason {
    Reason::MalformedRequest
}

#[auth_metered(op = "read_ready", reason = reasons::io)]
async fn read_ready(file: &str) -> std::io::Result<&str> {
    Ok(file)
}

#[auth_metered(op = "read_hidden", reason = auth_metrics::reasons::io)]
fn read_hidden(file: &str) -> Result<impl Iterator<Item = char>, std::io::Error> {
    Ok(file.chars())
}

#[auth_metered(op = "read_borrowed", reason = malformed_name)]
fn read_borrowed<'a>(name: &'a str) -> Pin<Box<dyn Future<Output = Result<u8, &'a str>> + 'a>> {
    Box::pin(async move { Err(name) })
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "what `reason` takes")]
fn malformed_name(_: &&str) -> Reason {
    Reason::MalformedRequest
}

#[auth_metered(op = "any_error", classify = of_any_error)]
fn any_error(text: &str) -> anyhow::Result<u8> {
    Ok(text.parse()?)
}

fn of_any_error<T>(result: &anyhow::Result<T>) -> Outcome {
    Outcome::from_result(
        result,
        |error| reason_chain!(error; std::num::ParseIntError => |_| Reason::MalformedRequest, std::io::Error => reasons::io),
    )
}

// With two bounds the parentheses are needed; around what the expansion writes instead they would be a warning.

#[auth_metered(op = "first_of", none_is = unknown_subject)]
fn first_of<'a, T: AsRef<str>>(names: &'a [T], _: &str) -> Option<&'a (impl AsRef<str> + use<'a, T>)> {
    names.first()
}

#[auth_metered(op = "first_later", none_is = unknown_subject)]
async fn first_later(names: &[String]) -> Option<&(impl AsRef<str> + Clone)> {
    names.first()
}

#[auth_metered(op = "in_a_tuple")]
fn in_a_tuple(name: &str) -> Result<([&(impl AsRef<str> + ?Sized); 1], &(dyn Send + Sync)), Never> {
    Ok(([name], &1))
}

#[auth_metered(op = "in_a_trait_object", classify = any)]
fn in_a_trait_object(name: &str) -> Box<dyn Iterator<Item = &(impl Copy + Into<u64>)> + Send + '_> {
    Box::new(std::iter::once(&1_u8).take(name.len()))
}

#[auth_metered(op = "in_a_future")]
fn in_a_future(name: &str) -> impl Future<Output = Result<&(impl AsRef<str> + ?Sized), Never>> + Send {
    async move { Ok(name) }
}

#[auth_metered(op = "in_a_vector")]
fn in_a_vector(name: String) -> Result<(u8, Vec<impl Fn() -> usize>), Never> {
    Ok((1, vec![move || name.len()]))
}

#[auth_metered(op = "whole", classify = any)]
fn whole(last: u8) -> impl Iterator<Item = u8> + Clone {
    0..last
}

fn any<T>(_: &T) -> Outcome {
    Outcome::Success
}

/// A method with a lifetime that only its argument names.
#[derive(Debug)]
struct Holder(u8);

impl Holder {
    #[auth_metered(op = "method")]
    async fn method(&mut self, _: &str) -> Result<&mut u8, TokenError> {
        Ok(&mut self.0)
    }
}

#[tokio::main(flavor = "current_thread")]
#[auth_metered(op = "main", metrics = auth_metrics::testing::Scope::new().metrics())]
async fn main() -> Result<(), Never> {
    for password in ["", "locked", "name", "token", "blocked"] {
        assert!(login("user", password.to_owned()).await.is_err());
    }
    assert!(no_arguments().is_ok() && forwards().await.is_ok() && awaits().await.is_ok());
    assert!(many(false).is_ok());
    let mut flag = false;
    unit_now(&mut flag);
    assert!(flag);
    assert_eq!(boxed("a").await.unwrap(), "a");
    assert!(read_own("a").is_err() && read_ready("a").await.is_ok() && read_hidden("a").is_ok());
    assert_eq!(read_borrowed("a").await, Err("a"));
    assert_eq!(deferred("a").await.unwrap(), 1);
    assert_eq!(*Holder(1).method("").await.unwrap(), 1);
    assert!(any_error("x").is_err());
    assert_eq!(first_of(&["ab"], "").unwrap().as_ref(), "ab");
    assert_eq!(first_later(&["ab".to_owned()]).await.unwrap().as_ref(), "ab");
    let ([name], _) = in_a_tuple("ab").unwrap();
    assert_eq!(name.as_ref(), "ab");
    assert_eq!(in_a_trait_object("ab").map(|&one| one.into()).sum::<u64>(), 1);
    assert_eq!(in_a_future("ab").await.unwrap().as_ref(), "ab");
    assert_eq!(in_a_vector(String::from("abc")).unwrap().1[0](), 3);
    assert_eq!(whole(4).clone().count(), 4);
    Ok(())
}
