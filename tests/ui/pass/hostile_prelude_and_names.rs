//! No prelude, and everything that the expansions name is shadowed.
#![no_implicit_prelude]
#![deny(warnings, missing_docs, unused_qualifications)]
#![forbid(unsafe_code)]
#![allow(dead_code, unused_macros)]

mod auth_metrics {}
mod core {}
mod inventory {}
mod std {}

#[allow(non_camel_case_types)]
struct bool;
#[allow(non_camel_case_types)]
struct str;
#[allow(non_camel_case_types)]
struct u32;
struct About;
struct Any;
struct Said;
struct Noted;
struct Box;
struct Call;
struct Err;
struct Fallible;
struct OperationKind;
struct Metered;
struct None;
struct Ok;
struct Option;
struct Outcome;
struct Probe;
struct Reason;
struct Row;
struct Fault;
struct ReasonSet;
struct Site;
struct Some;
struct Tried;

trait FailureReason {}
trait Fn {}
trait FnOnce {}
trait From {}
trait Future {}
trait Judge {}
trait Send {}
trait Sync {}

macro_rules! module_path {
    () => { compile_error!("shadowed") };
}
macro_rules! file {
    () => { compile_error!("shadowed") };
}
macro_rules! concat {
    () => { compile_error!("shadowed") };
}
macro_rules! line {
    () => { compile_error!("shadowed") };
}
macro_rules! submit {
    () => { compile_error!("shadowed") };
}

use ::std::result::Result;

type Name = &'static ::core::primitive::str;

#[derive(::auth_metrics::FailureReason)]
enum LoginError {
    RateLimited,
    #[reason(timeout)]
    Late(Name),
    #[reason(transparent)]
    Inner { inner: Inner },
    #[reason(with = ::auth_metrics::reasons::io)]
    Io(::std::io::Error),
    #[reason(with = by_name, among(overloaded))]
    Named(Name),
    #[reason(custom = "hostile", fault = client)]
    Custom,
}

::auth_metrics::custom_reason! {
    const HOSTILE = "hostile", fault = client;
}

fn by_name(_: &Name) -> ::auth_metrics::Reason {
    ::auth_metrics::Reason::Overloaded
}

#[derive(::auth_metrics::FailureReason)]
#[reason(internal_error)]
struct Inner;

#[::auth_metrics::auth_metered(op = "asynchronous")]
async fn asynchronous(name: Name) -> Result<Name, LoginError> {
    if name == "late" {
        return Result::Err(LoginError::Late(name));
    }
    Result::Ok(name)
}

/// An argument called like something of ours.
#[::auth_metrics::auth_metered(op = "named", service = name, subject = name, resource = __auth_metrics_site)]
fn named(name: Name, __auth_metrics_site: Name, __auth_metrics_returned: Name) -> Result<Name, Inner> {
    if name == __auth_metrics_site { Result::Ok(__auth_metrics_returned) } else { Result::Err(Inner) }
}

#[::auth_metrics::auth_metered(op = "plain", none_is = success)]
fn plain(name: Name) -> ::std::option::Option<Result<Name, Inner>> {
    ::std::option::Option::Some(Result::Ok(name))
}

#[::auth_metrics::auth_metered(op = "deferred", service = name, session = name, peer = ::std::net::Ipv4Addr::LOCALHOST, source = ::auth_metrics::AuthMethod::Oidc)]
fn deferred(name: Name) -> impl ::std::future::Future<Output = Result<Name, Inner>> {
    async move { Result::Ok(name) }
}

#[::auth_metrics::auth_metered(op = "boxed")]
fn boxed(
    name: Name,
) -> ::std::pin::Pin<::std::boxed::Box<dyn ::std::future::Future<Output = Result<Name, Inner>>>> {
    ::std::boxed::Box::pin(async move { Result::Ok(name) })
}

#[::auth_metrics::auth_metered(op = "classified", subject = name, context = about, classify = any)]
fn classified(name: Name) -> Name {
    name
}

fn about(name: &Name, about: &mut ::auth_metrics::events::About) {
    about.session(name);
}

fn any(_: &Name) -> ::auth_metrics::Outcome {
    ::auth_metrics::Outcome::Success
}

fn main() {
    let scope = ::auth_metrics::testing::Scope::new();
    scope.metrics().in_scope(|| {
        ::std::assert!(plain("a").is_some());
        ::std::assert!(named("a", "b", "c").is_err());
        ::std::assert_eq!(classified("a"), "a");
    });
    let snapshot = scope.snapshot();
    let started = snapshot.value("auth_operations_started_total", &[("operation", "plain")]);
    ::std::assert_eq!(started, ::std::option::Option::Some(1.0));
}
