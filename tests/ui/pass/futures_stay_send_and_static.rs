//! What is `Send` without the attribute is with it, under generics, borrows and across awaits.
#![deny(warnings)]

use std::convert::Infallible;

use auth_metrics::{AuthMetrics, auth_metered};

struct Service {
    metrics: AuthMetrics,
    count: u8,
}

impl Service {
    #[auth_metered(op = "borrowed", metrics = self.metrics, service = format!("tenant-{}", self.count))]
    async fn borrowed(&mut self, other: &mut u8) -> Result<&mut u8, Infallible> {
        tokio::task::yield_now().await;
        *other += 1;
        Ok(&mut self.count)
    }
}

#[auth_metered(op = "generic")]
async fn generic<T: Clone + Send>(value: T) -> Result<T, Infallible> {
    tokio::task::yield_now().await;
    Ok(value.clone())
}

#[auth_metered(op = "deferred")]
fn deferred(value: String) -> impl Future<Output = Result<usize, Infallible>> + Send + 'static {
    let length = value.len();
    async move {
        tokio::task::yield_now().await;
        Ok(length)
    }
}

fn assert_send<T: Send>(value: T) -> T {
    value
}

#[tokio::main(flavor = "multi_thread", worker_threads = 1)]
async fn main() {
    let metrics = AuthMetrics::builder().service_id("gateway").build().unwrap();
    let mut service = Service { metrics: metrics.clone(), count: 1 };
    *assert_send(service.borrowed(&mut 1)).await.unwrap() += 1;
    let labels = [("service_id", "tenant-1"), ("operation", "borrowed"), ("outcome", "success")];
    assert_eq!(metrics.snapshot().value("auth_operations_total", &labels), Some(1.0));
    assert_eq!(tokio::spawn(generic(String::from("a"))).await.unwrap(), Ok(String::from("a")));
    assert_eq!(tokio::spawn(deferred(String::from("abc"))).await.unwrap(), Ok(3));
    let local = std::rc::Rc::new(1);
    let moved = async move { *local };
    assert_eq!(moved.await, 1);
}
