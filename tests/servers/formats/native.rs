//! Prometheus 3 makes native histograms with custom buckets (NHCB) of ours.

use std::net::SocketAddr;
use std::time::Duration;

use auth_metrics_tests_scrape::Scrape;

use super::router;
use super::scraped::{newer, start};
use crate::fixture::{builder, busy};
use crate::stack::{eventually, folder, query};

fn quantile(prometheus: SocketAddr, expression: &str) -> f64 {
    let values = query(prometheus, expression).unwrap();
    assert_eq!(values.len(), 1, "{expression}: {values:?}");
    values[0].parse().unwrap()
}

#[test]
#[ignore = "needs a Prometheus 3; ./check runs it"]
fn quantiles_of_native_histograms_are_those_of_the_buckets() {
    let metrics = builder().build().unwrap();
    let _in_flight = busy(&metrics);
    for milliseconds in [0, 1, 3, 20, 40, 80, 80, 300, 700, 2_000, 60_000] {
        metrics.record_auth_latency("gateway", "by_hand", Duration::from_millis(milliseconds));
    }
    let (address, folder) = (router::serve(&metrics), folder("native"));
    let job = |name: &str, path: &str| {
        format!(
            "- {{job_name: {name}, metrics_path: /{path}, convert_classic_histograms_to_nhcb: true, \
             always_scrape_classic_histograms: true, static_configs: [{{targets: ['{address}']}}]}}\n"
        )
    };
    let jobs = job("openmetrics", "metrics") + &job("text", "text");
    let (_prometheus, api) = start(&newer(), &folder, &jobs, &["--enable-feature=native-histograms"]);
    eventually("both jobs", || match query(api, "sum(up)")? {
        up if up == ["2"] => Ok(()),
        up => Err(format!("{up:?}")),
    });
    let expected = Scrape::of(&metrics);
    let pairs = expected.samples().filter(|sample| sample.name == "service_auth_latency_seconds_count");
    let pairs = pairs.count();
    for job in ["openmetrics", "text"] {
        let native = format!("count(histogram_count(service_auth_latency_seconds{{job=\"{job}\"}}))");
        assert_eq!(quantile(api, &native), pairs as f64, "each is one native histogram");
        let of = format!("job=\"{job}\",service_id=\"gateway\",operation=\"by_hand\"");
        let sum = quantile(api, &format!("histogram_sum(service_auth_latency_seconds{{{of}}})"));
        assert_eq!(
            Some(sum),
            expected.value(
                "service_auth_latency_seconds_sum",
                &[("service_id", "gateway"), ("operation", "by_hand")]
            )
        );
        for q in ["0", "0.01", "0.25", "0.5", "0.75", "0.9", "0.99", "1"] {
            let classic = quantile(
                api,
                &format!("histogram_quantile({q}, service_auth_latency_seconds_bucket{{{of}}})"),
            );
            let native =
                quantile(api, &format!("histogram_quantile({q}, service_auth_latency_seconds{{{of}}})"));
            assert!((classic - native).abs() <= 1e-9, "{q}: {classic} and {native}");
        }
    }
}
