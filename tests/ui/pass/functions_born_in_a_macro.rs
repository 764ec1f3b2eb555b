//! Functions, types and arguments of the attribute that come out of `macro_rules!`.
#![deny(warnings)]

use auth_metrics::testing::Scope;
use auth_metrics::{FailureReason, Outcome, auth_metered};

macro_rules! error {
    ($name:ident, $($variant:ident => $reason:ident),*; with $path:path) => {
        #[derive(Debug, FailureReason)]
        pub enum $name {
            $(#[reason($reason)] $variant,)*
            #[reason(with = $path)]
            Io(std::io::Error),
        }
    };
}

error!(LoginError, Wrong => invalid_credentials, Slow => timeout; with auth_metrics::reasons::io);

macro_rules! operation {
    ($(#[$attribute:meta])* $vis:vis fn $name:ident($argument:ident: $ty:ty) -> $returned:ty $body:block) => {
        $(#[$attribute])*
        #[auth_metered(op = "in_parts")]
        $vis fn $name($argument: $ty) -> $returned $body
    };
    (@local $name:ident, $ty:ty, $value:expr, $service:expr) => {
        #[auth_metered(op = "with_locals", service = $service, subject = $service, session = $value, device = hidden)]
        async fn $name(hidden: u8) -> Result<$ty, LoginError> {
            let value: $ty = $value;
            let _ = hidden;
            Ok(value)
        }
    };
    (@item $op:literal $item:item) => {
        #[auth_metered(op = $op)]
        $item
    };
    (@classify $path:path, $context:path, $ty:ty) => {
        #[auth_metered(op = "classified", classify = $path, subject = value[0], context = $context, crate = $crate::facade::metrics)]
        fn classified(value: $ty) -> $ty {
            value
        }
    };
    (@reason $name:ident, $path:path, $returned:ty) => {
        #[auth_metered(op = "read", reason = $path, crate = $crate::facade::metrics)]
        fn $name() -> $returned {
            Ok(1)
        }

        #[auth_metered(op = "read_here", reason = $crate::facade::metrics::reasons::io)]
        async fn read_here() -> $crate::facade::Disk<$returned> {
            Ok($name())
        }
    };
}

mod facade {
    pub(crate) use ::auth_metrics as metrics;
    pub(crate) fn about(value: &[u8; 2], about: &mut metrics::events::About) {
        about.resource(value[1]);
    }
    pub(crate) type Disk<T> = std::io::Result<T>;
}

operation! {
    /// Documented.
    pub fn in_parts(value: u8) -> Result<u8, LoginError> {
        if value > 1 { Err(LoginError::Wrong) } else { Ok(value) }
    }
}
operation!(@local with_locals, u8, 1 + 1, "tenant");
operation!(@item "whole" async fn whole(values: Vec<u8>) -> Result<Vec<u8>, LoginError> {
    if values.is_empty() { Err(LoginError::Slow) } else { Ok(values) }
});
operation!(@classify by_size, facade::about, [u8; 2]);
operation!(@reason read, facade::metrics::reasons::io, facade::Disk<u8>);

fn by_size(value: &[u8]) -> Outcome {
    assert_eq!(value.len(), 2);
    Outcome::Success
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let scope = Scope::new();
    scope
        .metrics().scope(async {
            assert!(in_parts(1).is_ok());
            assert!(read().is_ok() && read_here().await.is_ok());
            assert_eq!(with_locals(0).await.unwrap(), 2);
            assert!(whole(Vec::new()).await.is_err());
            assert!(LoginError::REASONS.contains(LoginError::Io(std::io::ErrorKind::TimedOut.into()).failure_reason()));
            assert_eq!(classified([1, 2]), [1, 2]);
        })
        .await;
    let events = scope.events();
    let known = |op: &str| {
        let event = events.iter().find(|event| event.operation() == op).unwrap();
        (event.subject(), event.session(), event.device(), event.resource())
    };
    assert_eq!(known("with_locals"), (Some("tenant"), Some("2"), Some("0"), None));
    assert_eq!(known("classified"), (Some("1"), None, None, Some("2")));
    let snapshot = scope.snapshot();
    let started = |labels: &[(&str, &str)]| snapshot.value("auth_operations_started_total", labels);
    assert_eq!(started(&[("operation", "in_parts")]), Some(1.0));
    assert_eq!(started(&[("service_id", "tenant"), ("operation", "with_locals")]), Some(1.0));
    assert_eq!(started(&[("operation", "whole")]), Some(1.0));
    assert_eq!(started(&[("operation", "classified")]), Some(1.0));
}
