//! The attribute on an `impl` and on a `trait`: which methods are counted, and by whose arguments.

use std::pin::Pin;
use std::sync::Mutex;

use async_trait::async_trait;
use auth_metrics::testing::Scope;
use auth_metrics::{FailureReason, Outcome, Reason, Snapshot, auth_metered};

use crate::{count, failures, ledger};

#[derive(Debug, FailureReason)]
enum LoginError {
    InvalidCredentials,
}

struct Gate {
    tenant: String,
}

#[auth_metered(service = self.tenant, kind = token)]
impl Gate {
    #[op("gate_verify")]
    async fn verify(&self, token: &str) -> Result<usize, LoginError> {
        self.check(token)
    }

    #[op("gate_login", kind = authentication, none_is = invalid_credentials)]
    fn login(&self, name: &str) -> Option<usize> {
        (name == "user-001").then_some(name.len())
    }

    #[op("gate_other", service = other)]
    fn other(&self, other: &str) -> Result<usize, LoginError> {
        self.check(other)
    }

    fn check(&self, text: &str) -> Result<usize, LoginError> {
        if text.is_empty() { Err(LoginError::InvalidCredentials) } else { Ok(self.tenant.len()) }
    }
}

#[auth_metered]
trait Door {
    fn key(&self) -> bool;

    #[op("door_open", false_is = permission_denied)]
    async fn open(&self) -> bool {
        self.key()
    }
}

impl Door for Gate {
    fn key(&self) -> bool {
        self.tenant == "orders"
    }
}

#[async_trait]
trait Later {
    async fn above(&self) -> Result<(), LoginError>;
}

#[async_trait]
trait Sooner {
    async fn below(&self) -> Result<(), LoginError>;
}

#[async_trait]
#[auth_metered(service = self.tenant)]
impl Later for Gate {
    #[op("gate_above")]
    async fn above(&self) -> Result<(), LoginError> {
        Err(LoginError::InvalidCredentials)
    }
}

#[auth_metered(service = self.tenant)]
#[async_trait]
impl Sooner for Gate {
    #[op("gate_below")]
    #[op("gate_below_again", kind = authorization)]
    async fn below(&self) -> Result<(), LoginError> {
        Err(LoginError::InvalidCredentials)
    }
}

fn gate() -> Gate {
    Gate { tenant: "orders".to_owned() }
}

fn ended(snapshot: &Snapshot, op: &str, service: &str, outcome: &str) -> f64 {
    let labels = [("service_id", service), ("operation", op), ("outcome", outcome)];
    count(snapshot, "auth_operations_total", &labels)
}

#[tokio::test]
async fn marked_methods_are_counted_with_the_shared_arguments_and_their_own() {
    let (scope, gate) = (Scope::new(), gate());
    scope
        .metrics()
        .scope(async {
            gate.verify("a").await.unwrap();
            gate.verify("").await.unwrap_err();
            assert_eq!(gate.login("user-002"), None);
            gate.other("billing").unwrap();
        })
        .await;
    let snapshot = scope.snapshot();
    assert_eq!(ended(&snapshot, "gate_verify", "orders", "success"), 1.0);
    assert_eq!(ended(&snapshot, "gate_verify", "orders", "rejected"), 1.0);
    assert_eq!(ended(&snapshot, "gate_login", "orders", "rejected"), 1.0);
    assert_eq!(ended(&snapshot, "gate_other", "billing", "success"), 1.0);
    let verified = |service| {
        count(&snapshot, "jwt_token_verifications_total", &[("service_id", service), ("status", "success")])
    };
    assert_eq!([verified("orders"), verified("billing")], [1.0, 1.0]);
    assert_eq!(
        count(
            &snapshot,
            "service_auth_failed_total",
            &[("service_id", "orders"), ("failure_reason", "invalid_credentials")]
        ),
        1.0
    );
}

#[tokio::test]
async fn default_bodies_of_a_trait_are_counted() {
    let scope = Scope::new();
    assert!(scope.metrics().scope(gate().open()).await);
    assert!(!scope.metrics().scope(Gate { tenant: "billing".to_owned() }.open()).await);
    assert_eq!(ledger(&scope, "door_open"), [2.0, 0.0, 1.0, 1.0, 0.0, 0.0, 0.0]);
    assert_eq!(failures(&scope, "door_open", "permission_denied"), 1.0);
}

#[tokio::test]
async fn async_trait_stands_above_or_below() {
    let (scope, gate) = (Scope::new(), gate());
    scope.metrics().scope(async { (gate.above().await.unwrap_err(), gate.below().await.unwrap_err()) }).await;
    drop(gate.above());
    let snapshot = scope.snapshot();
    for op in ["gate_above", "gate_below", "gate_below_again"] {
        assert_eq!(ended(&snapshot, op, "orders", "rejected"), 1.0, "{op}");
    }
}

/// Its tenant stands behind a lock.
struct Locked {
    tenant: Mutex<String>,
}

#[auth_metered(service = self.tenant.lock().unwrap().as_str())]
impl Locked {
    #[op("locked_call", false_is = success)]
    fn call(&self) -> Result<bool, LoginError> {
        Ok(self.is_free())
    }

    #[op("locked_future", false_is = success)]
    async fn future(&self) -> Result<bool, LoginError> {
        tokio::task::yield_now().await;
        Ok(self.is_free())
    }

    #[op("locked_deferred")]
    fn deferred(&self) -> impl Future<Output = Result<u8, LoginError>> + Send {
        let free = self.is_free();
        async move { Ok(u8::from(free)) }
    }

    fn is_free(&self) -> bool {
        self.tenant.try_lock().is_ok()
    }
}

#[tokio::test]
async fn lock_taken_for_an_argument_is_free_again_in_the_body() {
    let (scope, gate) = (Scope::new(), Locked { tenant: Mutex::new("orders".to_owned()) });
    let sendable: Pin<Box<dyn Future<Output = _> + Send>> = Box::pin(gate.future());
    let future = scope.metrics().scope(sendable).await;
    let (call, deferred) = scope.metrics().in_scope(|| (gate.call(), gate.deferred()));
    assert!(call.unwrap() && future.unwrap());
    assert_eq!(scope.metrics().scope(deferred).await.unwrap(), 1);
    for operation in ["locked_call", "locked_future", "locked_deferred"] {
        let labels = [("service_id", "orders"), ("operation", operation)];
        assert_eq!(
            scope.snapshot().value("auth_operations_started_total", &labels),
            Some(1.0),
            "{operation}"
        );
    }
}

/// Its methods share arguments that not all of them have a use for.
struct Mixed;

#[allow(clippy::ref_option, reason = "what `classify` reads is what the function returns")]
fn refused(_: &Option<u8>) -> Outcome {
    Outcome::Failure(Reason::PolicyDenied)
}

#[auth_metered(kind = authorization, none_is = unknown_subject, false_is = policy_denied, future)]
impl Mixed {
    #[op("mixed_find")]
    fn find(&self) -> Pin<Box<dyn Future<Output = Option<u8>> + Send>> {
        Box::pin(async { None })
    }

    #[op("mixed_login")]
    fn login(&self) -> Result<u8, LoginError> {
        Err(LoginError::InvalidCredentials)
    }

    #[op("mixed_judged", classify = refused)]
    async fn judged(&self) -> Option<u8> {
        None
    }
}

#[auth_metered(kind = authorization, classify = refused)]
impl Mixed {
    #[op("mixed_shared_judge")]
    fn shared_judge(&self) -> Option<u8> {
        None
    }

    #[op("mixed_own_word", none_is = account_locked)]
    fn own_word(&self) -> Option<u8> {
        None
    }
}

#[tokio::test]
async fn shared_argument_holds_for_the_methods_that_have_a_use_for_it() {
    let scope = Scope::new();
    scope.metrics().scope(async { Mixed.find().await.or(Mixed.judged().await) }).await;
    scope.metrics().in_scope(|| (Mixed.login().is_err(), Mixed.shared_judge(), Mixed.own_word()));
    for (operation, reason) in [
        ("mixed_find", "unknown_subject"),
        ("mixed_login", "invalid_credentials"),
        ("mixed_judged", "policy_denied"),
        ("mixed_shared_judge", "policy_denied"),
        ("mixed_own_word", "account_locked"),
    ] {
        assert_eq!(failures(&scope, operation, reason), 1.0, "{operation}");
    }
}

macro_rules! methods {
    ($name:ident { $($(#[$attribute:meta])* fn $method:ident() $body:block)* } $($item:item)*) => {
        struct $name;

        #[auth_metered(kind = authorization)]
        impl $name {
            $($(#[$attribute])* fn $method() -> Result<u8, LoginError> $body)*
            $($item)*
        }
    };
}

macro_rules! marked_items {
    ($name:ident { $item:item }) => {
        struct $name;

        #[auth_metered(kind = authorization)]
        impl $name {
            #[op("marked_item")]
            $item
        }
    };
}

marked_items! {
    Marked {
        fn marked() -> Result<u8, LoginError> {
            Ok(3)
        }
    }
}

methods! {
    Written {
        #[op("written_by_attribute")]
        fn by_attribute() { Ok(1) }
    }

    #[op("written_whole")]
    #[inline]
    fn whole() -> Result<u8, LoginError> {
        Ok(2)
    }
}

#[test]
fn marks_of_a_macro_are_seen() {
    let scope = Scope::new();
    scope.metrics().in_scope(|| {
        (Written::by_attribute().unwrap(), Written::whole().unwrap(), Marked::marked().unwrap())
    });
    for operation in ["written_by_attribute", "written_whole", "marked_item"] {
        let started = scope.snapshot().value("auth_operations_started_total", &[("operation", operation)]);
        assert_eq!(started, Some(1.0), "{operation}");
    }
}
