//! The text in front of the real parts: Debian's promtool and Prometheus, the example service as a program of its own.

use std::fs;
use std::io::Write;
use std::net::SocketAddr;
use std::process::{Command, Stdio};

use crate::stack::{eventually, folder, http, prometheus, query, service};
use fixture::{builder, busy};

#[path = "../api/exposition/fixture.rs"]
#[allow(dead_code, reason = "the tests of the text use more of it")]
mod fixture;

/// Queries until the values are as expected.
fn query_until(prometheus: SocketAddr, expression: &str, expected: impl Fn(&[String]) -> bool) {
    eventually(expression, || {
        let values = query(prometheus, expression)?;
        if expected(&values) { Ok(()) } else { Err(format!("{values:?}")) }
    });
}

#[test]
#[ignore = "needs Debian's prometheus package; ./check runs it"]
fn text_of_a_busy_handle_passes_promtool() {
    let metrics = builder().const_labels([("region", "eu \"\\\n")]).build().unwrap();
    let _in_flight = busy(&metrics);
    let mut command = Command::new("promtool");
    command.args(["check", "metrics"]).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut promtool =
        command.spawn().expect("promtool is needed: install Debian's package prometheus, or run ./check");
    promtool.stdin.take().unwrap().write_all(metrics.encode_text().as_bytes()).unwrap();
    let output = promtool.wait_with_output().unwrap();
    let said = [output.stdout, output.stderr].concat();
    assert!(
        output.status.success() && said.is_empty(),
        "{}: {}",
        output.status,
        String::from_utf8_lossy(&said)
    );
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
