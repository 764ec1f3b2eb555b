//! What the page says of the audit trail.

use auth_metrics::group::{Counters, Gauge, Group, Samples};
use auth_metrics::{Family, Outcome};
use auth_metrics_audit::families;
use serde_json::json;

use super::Served;
use super::browser::Browser;

const RESULTS: [&str; 5] = ["written", "handed_over", "dropped_full", "dropped_failed", "dropped_shutdown"];
const DECISIONS: [&str; 3] = ["captured", "skipped", "overflow"];

/// What a trail exports: a file, and a copy that can't confirm.
struct Trail {
    decisions: Counters,
    file: Counters,
    copy: Counters,
    waiting: Gauge,
    up: Gauge,
}

impl Trail {
    fn new() -> Trail {
        let trail = Trail {
            decisions: Counters::new(DECISIONS.len()),
            file: Counters::new(RESULTS.len()),
            copy: Counters::new(RESULTS.len()),
            waiting: Gauge::new(),
            up: Gauge::new(),
        };
        trail.up.set(Some(1.0));
        trail
    }

    /// Captures attempts that wait for the file, and that the copy has.
    fn capture(&self, attempts: u32) {
        self.decisions.add(0, attempts.into());
        self.waiting.add(attempts.into());
        self.copy.add(1, attempts.into());
    }

    /// Ends the wait for the file with a result.
    fn end(&self, attempts: u32, result: usize) {
        self.file.add(result, attempts.into());
        self.waiting.add(-f64::from(attempts));
    }
}

impl Group for Trail {
    fn families(&self) -> Vec<&'static Family> {
        vec![&families::ATTEMPTS, &families::EVENTS, &families::QUEUE, &families::UP]
    }

    fn collect(&self, samples: &mut Samples) {
        for (index, decision) in DECISIONS.iter().enumerate() {
            samples.counter(&families::ATTEMPTS, &[decision], self.decisions.get(index));
        }
        for (index, result) in RESULTS.iter().enumerate() {
            samples.counter(&families::EVENTS, &["file", result], self.file.get(index));
            samples.counter(&families::EVENTS, &["tracing", result], self.copy.get(index));
        }
        samples.gauge(&families::QUEUE, &["file"], self.waiting.get().unwrap_or(0.0));
        samples.gauge(&families::QUEUE, &["tracing"], 0.0);
        samples.gauge(&families::UP, &["tracing"], 1.0);
        samples.gauge(&families::UP, &["file"], self.up.get().unwrap_or(0.0));
    }
}

/// The attempts that `Served::fill` ends, the dropped one included.
const FILLED: u32 = 1_244;

#[test]
#[ignore = "needs a browser: run by ./check"]
fn audit_line_says_what_is_on_record_and_whether_all_is() {
    let served = Served::start(None);
    served.fill();
    let mut browser = Browser::start("page_audit");
    browser.size(1280, 1400, false);
    browser.open(&served.url());
    browser.until("#operations", "login");
    assert_eq!(browser.text("#audit"), "", "without a trail there is no line");

    let trail = served.metrics.group(Trail::new).unwrap();
    trail.capture(FILLED);
    trail.end(FILLED - 4, 0);
    let copy = "tracing 1,244 handed over, 0 dropped, 0 waiting";
    browser
        .until("#audit", &format!("Audit trail: file 1,240 written, 0 dropped, 4 waiting; {copy}; complete"));
    assert_eq!(browser.eval("by('audit').className"), json!(""));

    trail.end(3, 3);
    trail.end(1, 0);
    trail.up.set(Some(0.0));
    browser.until(
        "#audit",
        &format!("Audit trail: file 1,241 written, 3 dropped, 0 waiting; {copy}; file has stopped; incomplete, 3 lost"),
    );
    assert_eq!(browser.eval("by('audit').className"), json!("alarm"));
    let folder = std::path::Path::new(env!("CARGO_TARGET_TMPDIR"));
    browser.picture(&folder.join("page_audit.png"));
    browser.size(360, 740, true);
    let wide = browser.eval("document.documentElement.scrollWidth");
    assert!(wide.as_u64() <= Some(360), "{wide} pixels wide");
    assert_eq!(browser.console(), [""; 0]);
}

#[test]
#[ignore = "needs a browser: run by ./check"]
fn audit_line_counts_attempts_that_no_trail_has() {
    let served = Served::start(None);
    served.fill();
    let trail = served.metrics.group(Trail::new).unwrap();
    trail.capture(FILLED);
    trail.end(FILLED, 0);
    let mut browser = Browser::start("page_audit_missing");
    browser.open(&served.url());
    browser.until("#audit", "; complete");
    served.metrics.attempt("login").finish(Outcome::Success);
    browser.until("#operations", "1,235");
    // A page that is opened now has no readings from before.
    browser.open(&format!("{}?again", served.url()));
    browser.until("#audit", "; incomplete, 1 missing");
    assert_eq!(browser.console(), [""; 0]);
}
