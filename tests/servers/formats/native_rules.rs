//! The generated rules, unchanged, where Prometheus 3 makes native histograms with custom buckets (NHCB) of ours.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::net::SocketAddr;
use std::path::Path;
use std::process::Command;
use std::time::Duration;
use std::{env, fs};

use auth_metrics::AuthMetrics;
use auth_metrics_rules::{Options, generate};
use yaml_serde::Value;

use super::router;
use super::scraped::{newer, start};
use crate::fixture::{builder, busy};
use crate::promtool::catalogue::catalogue;
use crate::stack::{eventually, folder, query};

const QUANTILES: [&str; 3] = ["p50_5m", "p95_5m", "p99_5m"];

/// Latencies in many buckets, in one of them twice, and above the last bound.
fn observe(metrics: &AuthMetrics) {
    for milliseconds in [0, 1, 3, 20, 40, 80, 80, 300, 700, 2_000, 60_000] {
        metrics.record_auth_latency("gateway", "by_hand", Duration::from_millis(milliseconds));
    }
}

fn value(prometheus: SocketAddr, expression: &str) -> Result<f64, String> {
    match &*query(prometheus, expression)? {
        [value] => value.parse().map_err(|_| format!("{expression} is {value}")),
        values => Err(format!("{expression} has {} values", values.len())),
    }
}

/// The rules, evaluated each second. Expressions and windows are as they are.
fn rules(metrics: &AuthMetrics) -> String {
    let files = generate(&metrics.catalogue(), &Options::new()).unwrap();
    let line = |line: &str| {
        if line.starts_with("- name: ") { format!("{line}\n  interval: 1s\n") } else { format!("{line}\n") }
    };
    let rules = files.get("rules.yml").unwrap().lines();
    rules.filter(|line| !line.starts_with("  interval: ")).map(line).collect()
}

#[test]
#[ignore = "needs a Prometheus 3; ./check runs it"]
fn recorded_quantiles_of_native_histograms_are_those_of_the_buckets() {
    let metrics = builder().build().unwrap();
    let _in_flight = busy(&metrics);
    observe(&metrics);
    let (address, folder) = (router::serve(&metrics), folder("native_rules"));
    fs::write(folder.join("rules.yml"), rules(&metrics)).unwrap();
    let job = |name: &str, converts: bool| {
        format!(
            "- {{job_name: {name}, convert_classic_histograms_to_nhcb: {converts}, \
             static_configs: [{{targets: ['{address}']}}]}}\n"
        )
    };
    let config = job("classic", false) + &job("native", true) + "rule_files: [rules.yml]\n";
    let (_prometheus, api) = start(&newer(), &folder, &config, &["--enable-feature=native-histograms"]);

    let of = |job: &str| format!("{{job=\"{job}\",operation=\"by_hand\",service_id=\"gateway\"}}");
    let classic = format!("service_auth_latency_seconds_count{}", of("classic"));
    let native = format!("histogram_count(service_auth_latency_seconds{})", of("native"));
    let counted = |expected: f64| {
        eventually("scrapes of both jobs", || match (value(api, &classic)?, value(api, &native)?) {
            counts if counts == (expected, expected) => Ok(()),
            counts => Err(format!("{counts:?}")),
        });
    };
    counted(11.0);
    assert_eq!(query(api, "service_auth_latency_seconds_bucket{job=\"native\"}").unwrap(), [] as [&str; 0]);
    // As many again, and in the same buckets: how far a rate reaches beyond its samples does not matter then.
    observe(&metrics);
    counted(22.0);
    for quantile in QUANTILES {
        let recorded = |job: &str| {
            value(api, &format!("job_service_operation:auth_latency_seconds:{quantile}{}", of(job)))
        };
        eventually(quantile, || {
            let (classic, native) = (recorded("classic")?, recorded("native")?);
            if (classic - native).abs() <= 1e-9 && classic > 0.0 {
                Ok(())
            } else {
                Err(format!("{classic} of buckets, and {native} of native histograms"))
            }
        });
    }
}

/// The values of a series of promtool: `0+600x120 72000x80`.
fn expanded(values: &str) -> Vec<u64> {
    let mut all = Vec::new();
    for part in values.split(' ') {
        let (first, times) = part.split_once('x').unwrap_or((part, "0"));
        let (first, step) = first.split_once('+').unwrap_or((first, "0"));
        let [first, step, times]: [u64; 3] = [first, step, times].map(|number| number.parse().unwrap());
        all.extend((0..=times).map(|at| first + at * step));
    }
    all
}

/// Samples of a native histogram with the counts of these buckets, lowest first; the last has no bound.
fn native(buckets: &[(f64, Vec<u64>)]) -> String {
    let bounds: Vec<String> = buckets.iter().map(|(bound, _)| bound.to_string()).collect();
    let bounds = bounds[..bounds.len() - 1].join(" ");
    let samples = buckets.iter().map(|(_, values)| values.len()).min().unwrap();
    let mut text = String::new();
    for at in 0..samples {
        let mut below = 0;
        let counts = buckets.iter().map(|(_, values)| {
            let count = values[at] - below;
            below = values[at];
            count.to_string()
        });
        let counts = counts.collect::<Vec<_>>().join(" ");
        write!(text, "{{{{schema:-53 sum:0 count:{below} custom_values:[{bounds}] buckets:[{counts}]}}}} ")
            .unwrap();
    }
    text
}

/// The series of a test with its classic histograms as native ones.
fn converted(series: &[Value]) -> Vec<Value> {
    let mut histograms = BTreeMap::<String, Vec<(f64, Vec<u64>)>>::new();
    let mut others = Vec::new();
    for each in series {
        let (name, values) = (each["series"].as_str().unwrap(), each["values"].as_str().unwrap());
        if name.contains("_seconds_bucket{") {
            let (before, rest) = name.split_once("le=\"").unwrap();
            let (bound, after) = rest.split_once("\",").unwrap();
            let name = format!("{}{after}", before.replace("_bucket{", "{"));
            let bound = if bound == "+Inf" { f64::INFINITY } else { bound.parse().unwrap() };
            histograms.entry(name).or_default().push((bound, expanded(values)));
        } else if !name.contains("_seconds_count{") {
            others.push(each.clone());
        }
    }
    let native = histograms.into_iter().map(|(name, mut buckets)| {
        buckets.sort_by(|(one, _), (other, _)| one.total_cmp(other));
        let fields = [("series", name), ("values", native(&buckets))];
        Value::Mapping(fields.map(|(key, text)| (key.into(), text.into())).into_iter().collect())
    });
    others.into_iter().chain(native).collect()
}

fn promtool_3(folder: &Path, tests: &str) {
    let program =
        env::var("PROMTOOL_3").expect("PROMTOOL_3 must be the path of its promtool: run ./check formats");
    let output = Command::new(program).args(["test", "rules", tests]).current_dir(folder).output().unwrap();
    let said = String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned();
    assert!(output.status.success(), "{tests}:\n{said}");
}

/// The tests that the generator writes for classic histograms, with the same alerts expected.
#[test]
#[ignore = "needs the promtool of a Prometheus 3; ./check runs it"]
fn alerts_on_latency_fire_on_native_histograms_as_on_buckets() {
    let folder = folder("native_alerts");
    let files = generate(&catalogue(), &Options::new()).unwrap();
    files.write_to(&folder).unwrap();
    for alert in ["AuthLatencyHigh", "AuthLatencyUnusual"] {
        let name = format!("tests/{alert}.test.yml");
        let mut tests: Value = yaml_serde::from_str(files.get(&name).unwrap()).unwrap();
        for test in tests["tests"].as_sequence_mut().unwrap() {
            let series = converted(test["input_series"].as_sequence().unwrap());
            assert!(series.iter().any(|each| each["values"].as_str().unwrap().starts_with("{{")), "{test:?}");
            test["input_series"] = Value::Sequence(series);
        }
        fs::write(folder.join(&name), yaml_serde::to_string(&tests).unwrap()).unwrap();
        promtool_3(&folder, &name);
    }
}
