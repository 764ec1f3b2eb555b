//! Nothing turns text of a request into a label.

use auth_metrics::{AuthMetrics, Reason};

fn main() {
    let metrics = AuthMetrics::builder().build().unwrap();
    metrics.record_failed_auth("orders", "wrong password");
    metrics.record_failed_auth("orders", String::from("wrong password"));
    let _: Reason = "invalid_credentials".into();
}
