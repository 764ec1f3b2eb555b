//! What the page says of detections.

use std::time::SystemTime;

use auth_metrics::Family;
use auth_metrics::group::{Counters, Gauge, Group, Samples};
use auth_metrics_detect::{Detector, families};
use serde_json::json;

use super::Served;
use super::browser::Browser;

/// What an engine exports: what is in force, since when, and whether it works.
struct Engine {
    counts: Counters,
    in_force: [Gauge; Detector::ALL.len()],
    since: [Gauge; Detector::ALL.len()],
    up: Gauge,
}

impl Engine {
    fn new() -> Engine {
        let gauges = || std::array::from_fn(|_| Gauge::new());
        let engine = Engine {
            counts: Counters::new(Detector::ALL.len()),
            in_force: gauges(),
            since: gauges(),
            up: Gauge::new(),
        };
        engine.in_force.iter().for_each(|gauge| gauge.set(Some(0.0)));
        engine.up.set(Some(1.0));
        engine
    }

    fn begins(&self, detector: Detector, seconds_ago: f64) {
        let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap().as_secs_f64();
        self.counts.add(detector as usize, 1);
        self.in_force[detector as usize].add(1.0);
        self.since[detector as usize].set(Some(now - seconds_ago));
    }

    fn ends(&self, detector: Detector) {
        self.in_force[detector as usize].set(Some(0.0));
        self.since[detector as usize].set(None);
    }
}

impl Group for Engine {
    fn families(&self) -> Vec<&'static Family> {
        vec![&families::DETECTIONS, &families::DETECTIONS_ACTIVE, &families::DETECTION_SINCE, &families::UP]
    }

    fn collect(&self, samples: &mut Samples) {
        for (index, detector) in Detector::ALL.iter().enumerate() {
            let label = detector.label();
            let counted = ["gateway", "login", label];
            samples.counter(&families::DETECTIONS, &counted, self.counts.get(index));
            samples.gauge(&families::DETECTIONS_ACTIVE, &[label], self.in_force[index].get().unwrap_or(0.0));
            if let Some(since) = self.since[index].get() {
                samples.gauge(&families::DETECTION_SINCE, &[label], since);
            }
        }
        samples.gauge(&families::UP, &[], self.up.get().unwrap_or(0.0));
    }
}

#[test]
#[ignore = "needs a browser: run by ./check"]
fn threats_are_shown_while_they_last_the_worst_first() {
    let served = Served::start(None);
    served.fill();
    let mut browser = Browser::start("page_threats");
    browser.size(1280, 1400, false);
    browser.open(&served.url());
    browser.until("#operations", "login");
    assert_eq!(browser.text("#detection"), "", "without an engine there is no section");

    let engine = served.metrics.group(Engine::new).unwrap();
    browser.until("#detection", "Nothing is detected.");
    assert_eq!(browser.text("#threats-down"), "");

    engine.begins(Detector::NewSource, 5.0);
    engine.begins(Detector::SourceGuessing, 172_900.0);
    engine.begins(Detector::CompromiseSuspected, 108_000.0);
    browser.until("#threats", "new_source");
    let rows = browser.rows("threats");
    let shown: Vec<[&str; 3]> = rows.iter().map(|row| [&*row[0], &*row[1], &*row[3]]).collect();
    let expected = [
        ["compromise_suspected", "login", "1"],
        ["source_guessing", "login", "1"],
        ["new_source", "login", "1"],
    ];
    assert_eq!(shown, expected);
    // Days, so that the time that passes meanwhile changes nothing.
    assert_eq!([&*rows[0][4], &*rows[1][4]], ["1.25 d ago", "2 d ago"]);
    let alarms = browser.eval("[...by('threats').tBodies[0].rows].map(row => row.cells[0].className)");
    assert_eq!(alarms, json!(["alarm", "alarm", ""]), "a notice is no alarm");
    let folder = std::path::Path::new(env!("CARGO_TARGET_TMPDIR"));
    browser.eval("document.getElementById('detection').scrollIntoView()");
    browser.picture(&folder.join("page_threats.png"));

    for detector in [Detector::NewSource, Detector::SourceGuessing, Detector::CompromiseSuspected] {
        engine.ends(detector);
    }
    engine.up.set(Some(0.0));
    browser.until("#detection", "The detector has stopped");
    browser.until("#detection", "Nothing is detected.");
    assert_eq!(browser.console(), [""; 0]);
}

#[test]
#[ignore = "needs a browser: run by ./check"]
fn page_explains_every_detector() {
    let served = Served::start(None);
    served.fill();
    let engine = served.metrics.group(Engine::new).unwrap();
    for detector in Detector::ALL {
        engine.begins(*detector, 60.0);
    }
    let mut browser = Browser::start("page_detectors");
    browser.open(&served.url());
    browser.until("#threats", "campaign");
    let rows = browser.rows("threats");
    assert_eq!(rows.len(), Detector::ALL.len());
    for row in rows {
        assert!(row[2].ends_with('.') && row[2].len() > 40, "{row:?}");
    }
    for (width, mobile) in [(1280, false), (360, true)] {
        browser.size(width, 740, mobile);
        let wide = browser.eval("document.documentElement.scrollWidth");
        assert!(wide.as_u64() <= Some(width.into()), "{wide} pixels wide on {width}");
    }
    assert_eq!(browser.console(), [""; 0]);
}
