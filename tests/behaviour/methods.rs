//! The attribute on an `impl` and on a `trait`: which methods are counted, and by whose arguments.

use async_trait::async_trait;
use auth_metrics::testing::Scope;
use auth_metrics::{FailureReason, Snapshot, auth_metered};

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

    #[op("gate_login", kind = authentication, none_is = unknown_subject)]
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
        .run(async {
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
            &[("service_id", "orders"), ("failure_reason", "unknown_subject")]
        ),
        1.0
    );
}

#[tokio::test]
async fn default_bodies_of_a_trait_are_counted() {
    let scope = Scope::new();
    assert!(scope.run(gate().open()).await);
    assert!(!scope.run(Gate { tenant: "billing".to_owned() }.open()).await);
    assert_eq!(ledger(&scope, "door_open"), [2.0, 0.0, 1.0, 1.0, 0.0, 0.0, 0.0]);
    assert_eq!(failures(&scope, "door_open", "permission_denied"), 1.0);
}

#[tokio::test]
async fn async_trait_stands_above_or_below() {
    let (scope, gate) = (Scope::new(), gate());
    scope.run(async { (gate.above().await.unwrap_err(), gate.below().await.unwrap_err()) }).await;
    drop(gate.above());
    let snapshot = scope.snapshot();
    for op in ["gate_above", "gate_below", "gate_below_again"] {
        assert_eq!(ended(&snapshot, op, "orders", "rejected"), 1.0, "{op}");
    }
}
