//! The example service, a program of its own, in front of Debian's Prometheus.

use std::fs;
use std::net::SocketAddr;

use crate::stack::{eventually, folder, http, prometheus, query, service};
/// Queries until the values are as expected.
fn query_until(prometheus: SocketAddr, expression: &str, expected: impl Fn(&[String]) -> bool) {
    eventually(expression, || {
        let values = query(prometheus, expression)?;
        if expected(&values) { Ok(()) } else { Err(format!("{values:?}")) }
    });
}

#[test]
#[ignore = "needs Debian's prometheus package and the built example; ./check runs it"]
fn prometheus_scrapes_the_example_service_and_sees_its_counts_conserved() {
    let service = service(&[]);
    let folder = folder("prometheus");
    let config = format!(
        "global: {{scrape_interval: 1s}}\n\
         scrape_configs: [{{job_name: auth, static_configs: [{{targets: ['{}']}}]}}]\n",
        service.metrics
    );
    fs::write(folder.join("prometheus.yml"), config).unwrap();
    let (_prometheus, api) = prometheus(&folder);
    query_until(api, "up", |values| values == ["1"]);
    query_until(api, "auth_operations_started_total{operation=\"login\"}", |values| values == ["0"]);

    for _ in 0..3 {
        let body = r#"{"id":"nobody-001","password":"wrong"}"#;
        let answer = http(service.address, "POST /login", body).unwrap();
        assert!(answer.starts_with("HTTP/1.0 401 ") || answer.starts_with("HTTP/1.1 401 "), "{answer}");
    }
    query_until(api, "auth_operations_started_total{operation=\"login\"}", |values| values == ["3"]);
    query_until(
        api,
        "increase(auth_operations_total{operation=\"login\",outcome=\"rejected\"}[1m]) > 0",
        |values| values.len() == 1,
    );
    let ended = "sum by (service_id, operation) (auth_operations_total)";
    let in_flight = "sum by (service_id, operation) (auth_operations_in_flight)";
    let broken =
        format!("auth_operations_started_total != on (service_id, operation) ({ended} + {in_flight})");
    assert_eq!(query(api, &broken).unwrap(), Vec::<String>::new());
    let whole =
        format!("auth_operations_started_total == on (service_id, operation) ({ended} + {in_flight})");
    assert!(query(api, &whole).unwrap().len() > 3);
    let unknown = query(api, "auth_operation_failures_total{failure_reason=\"unknown_subject\"}");
    assert_eq!(unknown.unwrap(), Vec::<String>::new());
}
