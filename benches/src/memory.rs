//! What a handle holds for a service, an operation and a thread, by the allocator.

use auth_metrics::{AuthMetrics, FailureReason, Outcome};

use crate::alloc;
use crate::contenders::LoginError;

const SERVICES: usize = 1000;

/// Bytes, on average over 1,000 services; 22 bounds, three reasons.
pub struct Memory {
    /// A service that was named and nothing else.
    pub service: f64,
    /// Its first operation, recorded by one thread.
    pub first_operation: f64,
    /// A further operation, recorded by one thread.
    pub operation: f64,
    /// The same operation recorded by one more thread.
    pub thread: f64,
}

pub fn measure() -> Memory {
    let metrics = AuthMetrics::builder().service_id("gateway").max_services(SERVICES + 1).build().unwrap();
    metrics.declare::<LoginError>("login");
    metrics.declare::<LoginError>("logout");
    let services: Vec<String> = (0..SERVICES).map(|index| format!("service-{index:04}")).collect();
    let each = |work: &dyn Fn(&str)| {
        let ((), allocated) = alloc::during(|| services.iter().for_each(|service| work(service)));
        allocated.kept as f64 / SERVICES as f64
    };
    let attempt = |op| {
        let metrics = &metrics;
        move |service: &str| metrics.attempt_for(service, op).finish(Outcome::Success)
    };
    // The segments that hold many series are made with the first of them.
    let service = each(&|service| drop(metrics.register_service(service)));
    let first_operation = each(&attempt("login"));
    let operation = each(&attempt("logout"));
    let thread = std::thread::scope(|scope| scope.spawn(|| each(&attempt("logout"))).join().unwrap());
    assert!(LoginError::REASONS.iter().count() >= 3);
    Memory { service, first_operation, operation, thread }
}
