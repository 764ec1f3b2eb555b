//! What variables and options come to.

use std::time::Duration;

use super::{Endpoint, Options, Protocol, Temporality, instance_id};
use crate::error::Error;

fn read(variables: &[(&str, &str)]) -> Result<Options, Error> {
    Options::from_variables(|name| {
        variables.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned())
    })
}

fn headers(options: &Options) -> Vec<(String, String)> {
    options.headers.iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
}

#[test]
fn without_variables_the_defaults_hold() {
    let options = read(&[]).unwrap();
    assert_eq!(options.endpoint.http_url(), "http://localhost:4318/v1/metrics");
    assert_eq!((options.protocol, options.temporality), (Protocol::Http, Temporality::Cumulative));
    assert_eq!((options.every, options.timeout), (Duration::from_secs(15), Duration::from_secs(10)));
    assert!(options.resource.is_empty() && options.headers.len() == 0);
    options.check().unwrap();
    // An empty variable is as good as none.
    let empty = read(&[("OTEL_EXPORTER_OTLP_ENDPOINT", " "), ("OTEL_EXPORTER_OTLP_TIMEOUT", "")]).unwrap();
    assert_eq!(empty.endpoint.http_url(), options.endpoint.http_url());
}

#[test]
fn variables_of_metrics_win_over_those_of_all_signals() {
    let options = read(&[
        ("OTEL_EXPORTER_OTLP_ENDPOINT", "http://all:4318/base/"),
        ("OTEL_EXPORTER_OTLP_METRICS_ENDPOINT", "http://metrics:4318/own"),
        ("OTEL_EXPORTER_OTLP_HEADERS", "authorization=all"),
        ("OTEL_EXPORTER_OTLP_METRICS_HEADERS", "authorization=Bearer%20a%2Cb, x-tenant = blue ,"),
        ("OTEL_EXPORTER_OTLP_TIMEOUT", "1"),
        ("OTEL_EXPORTER_OTLP_METRICS_TIMEOUT", "2500"),
        ("OTEL_EXPORTER_OTLP_PROTOCOL", "grpc"),
        ("OTEL_EXPORTER_OTLP_METRICS_PROTOCOL", "http/protobuf"),
        ("OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE", "Delta"),
        ("OTEL_METRIC_EXPORT_INTERVAL", "60000"),
    ])
    .unwrap();
    assert_eq!(options.endpoint.http_url(), "http://metrics:4318/own");
    let expected = [("authorization", "Bearer a,b"), ("x-tenant", "blue")];
    assert_eq!(headers(&options), expected.map(|(name, value)| (name.to_owned(), value.to_owned())));
    assert_eq!((options.protocol, options.temporality), (Protocol::Http, Temporality::Delta));
    assert_eq!((options.every, options.timeout), (Duration::from_secs(60), Duration::from_millis(2_500)));
}

#[test]
fn endpoint_of_all_signals_is_completed_by_the_path() {
    let options = read(&[("OTEL_EXPORTER_OTLP_ENDPOINT", "http://all:4318/base/")]).unwrap();
    assert_eq!(options.endpoint.http_url(), "http://all:4318/base/v1/metrics");
    let options = read(&[("OTEL_EXPORTER_OTLP_PROTOCOL", "grpc")]).unwrap();
    assert_eq!(options.endpoint.origin(), "http://localhost:4317");
    assert_eq!(Endpoint::base("https://all:4317/ignored").origin(), "https://all:4317");
}

#[test]
fn endpoint_is_a_url_with_a_host() {
    for right in ["http://a", "HTTP://a:1/b/", "http://[::1]", "http://[::1]:4318/x", "http://10.0.0.1:65535"]
    {
        Endpoint::base(right).check().unwrap();
    }
    for wrong in [
        "",
        "a",
        "a:4318",
        "http://",
        "http://:1",
        "http://a:b",
        "http://a:",
        "http://a:65536",
        "http://a?b",
        "http://a#b",
    ] {
        assert!(matches!(Endpoint::base(wrong).check(), Err(Error::Endpoint)), "{wrong}");
    }
    assert!(matches!(Endpoint::base("http://u:p@a").check(), Err(Error::CredentialsInEndpoint)));
    Endpoint::whole("http://a/b?c").check().unwrap();
}

#[test]
fn name_of_the_service_wins_over_the_attributes() {
    let options = read(&[
        ("OTEL_RESOURCE_ATTRIBUTES", "service.name=attribute,deployment.environment.name=prod%C3%BC"),
        ("OTEL_SERVICE_NAME", "named"),
    ])
    .unwrap();
    let expected = [("deployment.environment.name", "prod\u{fc}"), ("service.name", "named")];
    assert_eq!(options.resource, expected.map(|(name, value)| (name.to_owned(), value.to_owned())));
}

#[test]
fn variable_that_cannot_be_read_is_named() {
    for (name, value) in [
        ("OTEL_EXPORTER_OTLP_PROTOCOL", "http/json"),
        ("OTEL_EXPORTER_OTLP_TIMEOUT", "10s"),
        ("OTEL_METRIC_EXPORT_INTERVAL", "-1"),
        ("OTEL_EXPORTER_OTLP_HEADERS", "authorization"),
        ("OTEL_EXPORTER_OTLP_HEADERS", "a=%zz"),
        ("OTEL_EXPORTER_OTLP_HEADERS", "a=%+1"),
        ("OTEL_EXPORTER_OTLP_HEADERS", "a=%c3"),
        ("OTEL_EXPORTER_OTLP_HEADERS", "a=%1"),
        ("OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE", "sometimes"),
        ("OTEL_RESOURCE_ATTRIBUTES", "=x"),
    ] {
        match read(&[(name, value)]) {
            Err(Error::Variable(named)) => assert_eq!(named, name),
            other => panic!("{name} {:?}", other.err()),
        }
    }
}

#[test]
fn instance_is_a_random_uuid_and_stays() {
    let id = instance_id().unwrap();
    assert_eq!(instance_id(), Some(id));
    let lengths: Vec<usize> = id.split('-').map(str::len).collect();
    assert_eq!(lengths, [8, 4, 4, 4, 12]);
    assert_eq!(&id[14..15], "4");
    assert!("89ab".contains(&id[19..20]), "{id}");
}
