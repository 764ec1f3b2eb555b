//! Prometheus 2 and 3 scrape both formats, also in turns, and store one series for each of ours.

use std::collections::BTreeSet;
use std::net::SocketAddr;
use std::path::Path;
use std::{env, fs};

use auth_metrics::AuthMetrics;
use auth_metrics::serve::{Listener, Server};
use auth_metrics_tests_scrape::{Labels, Scrape};
use tokio::runtime::Runtime;

use super::router;
use crate::fixture::{builder, busy};
use crate::stack::{Running, eventually, folder, http, prometheus_of, query};

/// The newer Prometheus, which no suite of Debian's that is stable has.
pub(super) fn newer() -> String {
    env::var("PROMETHEUS_3").expect("PROMETHEUS_3 must be the path of a Prometheus 3: run ./check formats")
}

pub(super) fn start(program: &str, folder: &Path, jobs: &str, flags: &[&str]) -> (Running, SocketAddr) {
    let config = format!("global: {{scrape_interval: 1s}}\nscrape_configs:\n{jobs}");
    fs::write(folder.join("prometheus.yml"), config).unwrap();
    prometheus_of(program, folder, flags)
}

const JOBS: [&str; 4] = ["listener", "router", "text", "turns"];

/// A handle that has seen everything, in a listener and in a router.
struct Served {
    metrics: AuthMetrics,
    listener: SocketAddr,
    router: SocketAddr,
    _in_flight: auth_metrics::Attempt,
    _server: (Server, Runtime),
}

impl Served {
    fn start() -> Served {
        let metrics = builder().const_labels([("region", "eu \"\\\nü")]).build().unwrap();
        let in_flight = busy(&metrics);
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
        let listener = Listener::new(&metrics).bind(([127, 0, 0, 1], 0));
        let server = runtime.block_on(listener.start()).unwrap();
        let router = router::serve(&metrics);
        Served {
            listener: server.local_addr(),
            metrics,
            router,
            _in_flight: in_flight,
            _server: (server, runtime),
        }
    }

    fn jobs(&self) -> String {
        let job = |name: &str| {
            let (address, path) = match name {
                "listener" => (self.listener, "metrics"),
                "router" => (self.router, "metrics"),
                path => (self.router, path),
            };
            format!(
                "- {{job_name: {name}, metrics_path: /{path}, static_configs: [{{targets: ['{address}']}}]}}\n"
            )
        };
        JOBS.map(job).concat() + &job("registry")
    }
}

/// Every series that a job ever had, without what Prometheus adds.
fn series(prometheus: SocketAddr, job: &str) -> BTreeSet<Vec<(String, String)>> {
    let matcher = format!("GET /api/v1/series?match%5B%5D=%7Bjob%3D%22{job}%22%7D");
    let answer = http(prometheus, &matcher, "").unwrap();
    let body = answer.split_once("\r\n\r\n").unwrap().1;
    let answer: serde_json::Value = serde_json::from_str(body).unwrap();
    let series = answer["data"].as_array().unwrap().iter().map(|series| {
        let labels = series.as_object().unwrap().iter();
        let labels = labels.filter(|(name, _)| !["job", "instance"].contains(&name.as_str()));
        labels.map(|(name, value)| (name.clone(), value.as_str().unwrap().to_owned())).collect::<Vec<_>>()
    });
    let is_of_prometheus = |name: &str| name == "up" || name.starts_with("scrape_");
    series
        .filter(|labels| !labels.iter().any(|(name, value)| name == "__name__" && is_of_prometheus(value)))
        .map(|mut labels| {
            labels.sort_unstable();
            labels
        })
        .collect()
}

fn shown(metrics: &AuthMetrics) -> BTreeSet<Vec<(String, String)>> {
    let scrape = Scrape::of(metrics);
    let series = scrape.samples().map(|sample| {
        let name = ("__name__".to_owned(), sample.name.clone());
        // What has no value is no label to Prometheus.
        let labels: Labels =
            sample.labels.clone().into_iter().filter(|(_, value)| !value.is_empty()).collect();
        let mut labels: Vec<_> = labels.into_iter().chain([name]).collect();
        labels.sort_unstable();
        labels
    });
    series.collect()
}

fn assert_stored(prometheus: SocketAddr, served: &Served) {
    eventually("scrapes of both formats, and several in turns", || {
        let up = query(prometheus, "sum(up)")?;
        let scraped = query(prometheus, "count_over_time(up{job=\"turns\"}[1m]) >= 6")?;
        if up == ["5"] && scraped.len() == 1 { Ok(()) } else { Err(format!("{up:?} up, {scraped:?}")) }
    });
    let always = query(prometheus, "min(min_over_time(up[5m]))").unwrap();
    assert_eq!(always, ["1"], "a scrape was refused");
    // Each bound is one series as it is stored, in whatever format it came.
    let expected = shown(&served.metrics);
    for job in JOBS {
        let stored = series(prometheus, job);
        let lacking: Vec<_> = expected.difference(&stored).take(3).collect();
        let extra: Vec<_> = stored.difference(&expected).take(3).collect();
        assert!(lacking.is_empty() && extra.is_empty(), "{job} lacks {lacking:?}, and has {extra:?} beside");
    }
}

#[test]
#[ignore = "needs Debian's prometheus package and a Prometheus 3; ./check runs it"]
fn both_versions_store_the_same_series_from_each_format_and_from_both_in_turns() {
    let served = Served::start();
    let [two, three] = ["formats_2", "formats_3"].map(folder);
    let older = start("prometheus", &two, &served.jobs(), &[]);
    let newer = start(&newer(), &three, &served.jobs(), &[]);
    for (version, (_running, api)) in [("2.", &older), ("3.", &newer)] {
        let answer = http(*api, "GET /api/v1/status/buildinfo", "").unwrap();
        assert!(answer.contains(&format!("\"version\":\"{version}")), "{answer}");
        assert_stored(*api, &served);
    }
}
