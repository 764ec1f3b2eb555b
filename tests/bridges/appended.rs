//! A handle behind the text of other exporters: the body has every sample of both.

use auth_metrics::{AppendError, AuthMetrics};
use auth_metrics_tests_scrape::Scrape;

use crate::samples::{samples, together};
use crate::world::{SEEDS, World};

/// Texts of the format 0.0.4, by who wrote them.
pub fn texts() -> [(&'static str, String); 4] {
    [
        ("metrics-exporter-prometheus 0.17", v017::text()),
        ("metrics-exporter-prometheus 0.18", v018::text()),
        ("opentelemetry-prometheus-text-exporter 0.4", opentelemetry_text()),
        ("prometheus 0.13", prometheus_text()),
    ]
}

macro_rules! metrics {
    ($($name:ident $exporter:ident)*) => {$(
        mod $name {
            use metrics024::{Unit, counter, describe_counter, gauge, histogram, with_local_recorder};
            use $exporter::PrometheusBuilder;

            pub fn text() -> String {
                let recorder = PrometheusBuilder::new().build_recorder();
                with_local_recorder(&recorder, || {
                    describe_counter!("orders_total", Unit::Count, "Orders.");
                    counter!("orders_total", "shop" => "a \"b\"\nc").increment(3);
                    gauge!("queue").set(0.5);
                    histogram!("took").record(0.1);
                });
                recorder.handle().render()
            }
        }
    )*};
}

metrics! {
    v017 metrics_exporter_prometheus017
    v018 metrics_exporter_prometheus018
}

fn opentelemetry_text() -> String {
    use opentelemetry::KeyValue;
    use opentelemetry::metrics::MeterProvider;
    use opentelemetry_prometheus_text_exporter::PrometheusExporter;
    use opentelemetry_sdk::metrics::SdkMeterProvider;

    let exporter = PrometheusExporter::new();
    let provider = SdkMeterProvider::builder().with_reader(exporter.clone()).build();
    let meter = provider.meter("shop");
    meter
        .u64_counter("orders")
        .with_description("Orders.")
        .build()
        .add(3, &[KeyValue::new("shop", "a \"b\"")]);
    meter.f64_histogram("took").with_unit("s").build().record(0.1, &[]);
    let mut text = Vec::new();
    exporter.export(&mut text).unwrap();
    String::from_utf8(text).unwrap()
}

fn prometheus_text() -> String {
    use prometheus013::{Histogram, HistogramOpts, IntCounter, Registry, TextEncoder};

    let registry = Registry::new();
    let orders = IntCounter::new("orders_total", "Orders.").unwrap();
    registry.register(Box::new(orders.clone())).unwrap();
    orders.inc_by(3);
    let took = Histogram::with_opts(HistogramOpts::new("took_seconds", "Time.")).unwrap();
    registry.register(Box::new(took.clone())).unwrap();
    took.observe(0.1);
    TextEncoder::new().encode_to_string(&registry.gather()).unwrap()
}

macro_rules! openmetrics {
    ($client:ident) => {{
        use $client::encoding::text::encode;
        use $client::metrics::counter::Counter;
        use $client::registry::{Registry, Unit};

        let mut registry = Registry::default();
        let read = Counter::<u64>::default();
        registry.register_with_unit("orders_read", "Orders", Unit::Bytes, read.clone());
        read.inc_by(3);
        let mut text = String::new();
        encode(&mut text, &registry).unwrap();
        text
    }};
}

fn openmetrics_texts() -> [String; 3] {
    [
        openmetrics!(prometheus_client022),
        openmetrics!(prometheus_client026),
        "# TYPE orders counter\norders_total 3\n".to_owned(),
    ]
}

#[test]
fn text_has_the_samples_of_both() {
    for (exporter, theirs) in texts() {
        assert!(samples(&theirs).keys().any(|(name, _)| name == "orders_total"), "{exporter}");
        for seed in SEEDS {
            let mut world = World::new(seed);
            world.live();
            let (mut text, ours) = (theirs.clone(), world.metrics.encode_text());
            world.metrics.append_text(&mut text).unwrap();
            assert_eq!(samples(&text), together(samples(&theirs), samples(&ours)), "{exporter}");
            assert_eq!(text.strip_prefix(&theirs), Some(&*ours), "{exporter}");
            Scrape::read(&ours);
        }
    }
}

#[test]
fn openmetrics_has_the_samples_of_both_and_one_end() {
    for theirs in openmetrics_texts() {
        for seed in SEEDS {
            let mut world = World::new(seed);
            world.live();
            let (mut text, ours) = (theirs.clone(), world.metrics.encode_openmetrics());
            world.metrics.append_openmetrics(&mut text).unwrap();
            assert_eq!(samples(&text), together(samples(&theirs), samples(&ours)));
            assert_eq!(text, format!("{}{ours}", theirs.replace("# EOF\n", "")));
            assert_eq!(text.lines().filter(|line| *line == "# EOF").count(), 1);
        }
    }
}

#[test]
fn two_handles_follow_each_other_if_their_namespaces_differ() {
    let [one, other] =
        ["one", "other"].map(|namespace| AuthMetrics::builder().namespace(namespace).build().unwrap());
    let mut text = one.encode_text();
    other.append_text(&mut text).unwrap();
    assert_eq!(text, [one.encode_text(), other.encode_text()].concat());
    Scrape::read(&text);
    let mut text = one.encode_openmetrics();
    other.append_openmetrics(&mut text).unwrap();
    assert_eq!(samples(&text), together(samples(&one.encode_text()), samples(&other.encode_text())));
}

#[test]
fn text_that_is_empty_or_lacks_its_last_line_end_is_continued() {
    let metrics = AuthMetrics::builder().build().unwrap();
    let (text, openmetrics) = (metrics.encode_text(), metrics.encode_openmetrics());
    for (before, start) in [("", ""), ("orders 1", "orders 1\n"), ("orders 1\n", "orders 1\n")] {
        let mut appended = before.to_owned();
        metrics.append_text(&mut appended).unwrap();
        assert_eq!(appended, format!("{start}{text}"));
    }
    for end in ["", "# EOF", "# EOF\n", "# EOF\n\n"] {
        for (before, start) in [("", ""), ("orders 1\n", "orders 1\n")] {
            let mut appended = format!("{before}{end}");
            metrics.append_openmetrics(&mut appended).unwrap();
            assert_eq!(appended, format!("{start}{openmetrics}"));
        }
    }
}

#[test]
fn formats_are_not_mixed() {
    let metrics = AuthMetrics::builder().build().unwrap();
    for theirs in &openmetrics_texts()[..2] {
        let mut text = theirs.clone();
        assert_eq!(metrics.append_text(&mut text), Err(AppendError::IsOpenMetrics));
        assert_eq!(text, *theirs, "it is unchanged");
    }
    for (exporter, theirs) in texts() {
        let mut text = theirs.clone();
        assert_eq!(metrics.append_openmetrics(&mut text), Err(AppendError::IsText), "{exporter}");
        assert_eq!(text, theirs, "it is unchanged");
    }
}
