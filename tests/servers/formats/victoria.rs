//! `VictoriaMetrics` imports both formats as the same series.

use std::collections::BTreeSet;
use std::net::SocketAddr;

use auth_metrics::events::TraceContext;
use auth_metrics_tests_scrape::Scrape;
use serde_json::Value;

use crate::fixture::{builder, busy};
use crate::stack::{eventually, folder, http, victoria_storage};

fn import(storage: SocketAddr, format: &str, text: &str) {
    let answer =
        http(storage, &format!("POST /api/v1/import/prometheus?extra_label=format={format}"), text).unwrap();
    assert!(answer.starts_with("HTTP/1.0 204 ") || answer.starts_with("HTTP/1.1 204 "), "{answer}");
}

#[test]
#[ignore = "needs Debian's victoria-metrics package; ./check runs it"]
fn both_formats_are_imported_as_the_same_series() {
    let trace = TraceContext::new([0xab; 16], [0xcd; 8], true);
    let builder = builder().const_labels([("region", "eu \"\\\nü")]).trace_context(move || trace);
    let metrics = builder.build().unwrap();
    let _in_flight = busy(&metrics);
    assert!(metrics.encode_openmetrics().contains(" # {trace_id=\"abab"), "it has exemplars");
    let (_storage, api) = victoria_storage(&folder("victoria"), &[]);
    import(api, "text", &metrics.encode_text());
    import(api, "openmetrics", &metrics.encode_openmetrics());
    let all = Scrape::of(&metrics).samples().count();
    let [text, openmetrics] = ["text", "openmetrics"].map(|format| {
        eventually(format, || {
            let exported = exported(api, format)?;
            if exported.len() == all {
                Ok(exported)
            } else {
                Err(format!("{} of {all} series", exported.len()))
            }
        })
    });
    assert_eq!(text, openmetrics);
}

/// The labels of each series with its values.
fn exported(storage: SocketAddr, format: &str) -> Result<BTreeSet<String>, String> {
    http(storage, "GET /internal/force_flush", "")?;
    let matcher = format!("match%5B%5D=%7Bformat%3D%22{format}%22%7D");
    let answer = http(storage, &format!("GET /api/v1/export?{matcher}"), "")?;
    let (_, body) = answer.split_once("\r\n\r\n").ok_or("no answer")?;
    let series = body.lines().map(|line| {
        let mut series: Value = serde_json::from_str(line).map_err(|error| format!("{error}: {line}"))?;
        series["metric"].as_object_mut().ok_or("a series without labels")?.remove("format");
        Ok(format!("{} {}", series["metric"], series["values"]))
    });
    series.collect()
}
