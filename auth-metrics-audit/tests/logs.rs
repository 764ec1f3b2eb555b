//! Copies of the trail reach each log pipeline as they are, and a pipeline that is away costs no more than its own copy.

#![cfg(all(feature = "tracing01", feature = "opentelemetry033", feature = "fasyslog1"))]
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test fails by panicking, also in what its functions share"
)]

use std::borrow::Cow;
use std::os::unix::net::UnixDatagram;
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime};

use auth_metrics::events::{Context, TraceContext};
use auth_metrics::{AuthMetrics, Outcome, Reason};
use auth_metrics_audit::{Audit, LogSink};
use opentelemetry033::logs::{AnyValue, LogRecord, Logger, Severity};
use opentelemetry033::{Key, SpanId, TraceFlags, TraceId};

const LONG: Duration = Duration::from_secs(600);

/// A level or severity, and a line.
type Copies = Arc<Mutex<Vec<(String, String)>>>;

/// Makes two attempts, one of which fails, and ends the trail. Returns how many of them were handed over.
fn two_attempts(sink: LogSink) -> f64 {
    let name = format!("{sink:?}");
    let name = name.split('"').nth(1).unwrap();
    let audit = Audit::builder().sink(sink).build().unwrap();
    let metrics = AuthMetrics::builder()
        .service_id("gateway")
        .poll_events()
        .trace_context(auth_metrics::events::trace::traceparent)
        .observe(audit.clone())
        .build()
        .unwrap();
    audit.install(&metrics).unwrap();
    metrics.attempt("login").finish(Outcome::Success);
    let trace = TraceContext::new([7; 16], [9; 8], true).unwrap();
    Context::new().trace(trace).in_scope(|| {
        metrics.attempt("login").finish(Outcome::Failure(Reason::AccountLocked));
    });
    audit.shutdown(LONG).unwrap();
    let labels = [("sink", name), ("result", "handed_over")];
    metrics.snapshot().value("auth_audit_events_total", &labels).unwrap()
}

/// The trail's own lines and both attempts, each with the level of what it says.
fn assert_complete(copies: &Copies, [normal, notable]: [&str; 2]) {
    let copies = copies.lock().unwrap();
    let actions: Vec<_> = copies
        .iter()
        .map(|(level, line)| {
            let line: serde_json::Value = serde_json::from_str(line).unwrap();
            (level.clone(), line["event.code"].as_str().unwrap().to_owned())
        })
        .collect();
    let expected = [
        (normal, "audit.boot"),
        (normal, "login.success"),
        (notable, "login.rejected"),
        (normal, "audit.shutdown"),
    ];
    assert_eq!(actions, expected.map(|(level, code)| (level.to_owned(), code.to_owned())));
}

/// Takes each event of `tracing` with our target.
struct Subscriber(Copies);

impl tracing::Subscriber for Subscriber {
    fn enabled(&self, metadata: &tracing::Metadata<'_>) -> bool {
        metadata.target() == "auth_metrics_audit"
    }

    fn new_span(&self, _span: &tracing::span::Attributes<'_>) -> tracing::span::Id {
        tracing::span::Id::from_u64(1)
    }

    fn record(&self, _span: &tracing::span::Id, _values: &tracing::span::Record<'_>) {}

    fn record_follows_from(&self, _span: &tracing::span::Id, _follows: &tracing::span::Id) {}

    fn event(&self, event: &tracing::Event<'_>) {
        struct Message(String);
        impl tracing::field::Visit for Message {
            fn record_debug(&mut self, field: &tracing::field::Field, value: &dyn std::fmt::Debug) {
                if field.name() == "message" {
                    self.0 = format!("{value:?}");
                }
            }
        }
        let mut message = Message(String::new());
        event.record(&mut message);
        self.0.lock().unwrap().push((event.metadata().level().to_string(), message.0));
    }

    fn enter(&self, _span: &tracing::span::Id) {}

    fn exit(&self, _span: &tracing::span::Id) {}
}

#[test]
fn tracing_gets_each_line() {
    let copies = Copies::default();
    tracing::subscriber::set_global_default(Subscriber(Arc::clone(&copies))).unwrap();
    assert!((two_attempts(LogSink::tracing()) - 2.0).abs() < 0.5);
    assert_complete(&copies, ["INFO", "WARN"]);
}

/// A log record that keeps what it was told.
#[derive(Default)]
struct Record {
    name: &'static str,
    severity: &'static str,
    body: String,
    trace: Option<(TraceId, SpanId)>,
}

impl LogRecord for Record {
    fn set_event_name(&mut self, name: &'static str) {
        self.name = name;
    }

    fn set_target<T: Into<Cow<'static, str>>>(&mut self, target: T) {
        assert_eq!(target.into(), "auth_metrics_audit");
    }

    fn set_timestamp(&mut self, timestamp: SystemTime) {
        assert!(timestamp > SystemTime::UNIX_EPOCH);
    }

    fn set_observed_timestamp(&mut self, _timestamp: SystemTime) {}

    fn set_severity_text(&mut self, text: &'static str) {
        self.severity = text;
    }

    fn set_severity_number(&mut self, _number: Severity) {}

    fn set_body(&mut self, body: AnyValue) {
        let AnyValue::String(text) = body else { panic!("a line is a text") };
        self.body = text.to_string();
    }

    fn add_attributes<I, K, V>(&mut self, _attributes: I)
    where
        I: IntoIterator<Item = (K, V)>,
        K: Into<Key>,
        V: Into<AnyValue>,
    {
    }

    fn add_attribute<K: Into<Key>, V: Into<AnyValue>>(&mut self, _key: K, _value: V) {}

    fn set_trace_context(&mut self, trace_id: TraceId, span_id: SpanId, _flags: Option<TraceFlags>) {
        self.trace = Some((trace_id, span_id));
    }
}

struct Keeping(Copies, Arc<Mutex<Vec<(TraceId, SpanId)>>>);

impl Logger for Keeping {
    type LogRecord = Record;

    fn create_log_record(&self) -> Record {
        Record::default()
    }

    fn emit(&self, record: Record) {
        assert_eq!(record.name, "auth.audit");
        self.1.lock().unwrap().extend(record.trace);
        self.0.lock().unwrap().push((record.severity.to_owned(), record.body));
    }

    fn event_enabled(&self, _level: Severity, _target: &str, _name: Option<&str>) -> bool {
        true
    }
}

#[test]
fn opentelemetry_gets_each_line_and_the_trace_of_its_attempt() {
    let (copies, traces) = (Copies::default(), Arc::default());
    let logger = Keeping(Arc::clone(&copies), Arc::clone(&traces));
    assert!((two_attempts(LogSink::opentelemetry(logger)) - 2.0).abs() < 0.5);
    assert_complete(&copies, ["INFO", "WARN"]);
    assert_eq!(*traces.lock().unwrap(), [(TraceId::from_bytes([7; 16]), SpanId::from_bytes([9; 8]))]);
}

#[test]
fn syslog_gets_each_line() {
    let path = std::env::temp_dir().join(format!("audit-syslog-{}.sock", std::process::id()));
    let _ = std::fs::remove_file(&path);
    let socket = UnixDatagram::bind(&path).unwrap();
    socket.set_read_timeout(Some(LONG)).unwrap();
    let to = path.clone();
    let sink = LogSink::syslog(move || fasyslog::sender::unix(&to));
    assert!((two_attempts(sink) - 2.0).abs() < 0.5);
    let copies = Copies::default();
    for _ in 0..4 {
        let mut buffer = [0; 8_192];
        let length = socket.recv(&mut buffer).unwrap();
        let message = std::str::from_utf8(&buffer[..length]).unwrap();
        // `<PRI>1 …`: the severity is the rest of the priority.
        let priority: u8 = message[1..].split('>').next().unwrap().parse().unwrap();
        let (start, end) = (message.find('{').unwrap(), message.rfind('}').unwrap());
        copies.lock().unwrap().push(((priority % 8).to_string(), message[start..=end].to_owned()));
    }
    std::fs::remove_file(&path).unwrap();
    assert_complete(&copies, ["6", "4"]);
}

#[test]
fn syslog_that_is_away_is_counted() {
    let sink = LogSink::syslog(|| fasyslog::sender::unix("/nowhere/at/all.sock"));
    assert!(two_attempts(sink) < 0.5);
}
