//! Names by OpenTelemetry's conventions, as a server stores them.

use auth_metrics::{AuthMetrics, Outcome, Reason};
use auth_metrics_otlp::Names;

use super::stored::stored;
use super::{flush, push, storage};
use crate::stack::eventually;

#[test]
#[ignore = "needs a VictoriaMetrics that takes OTLP; ./check runs it"]
fn conventional_names_are_stored_as_they_are() {
    let metrics = AuthMetrics::builder().service_id("gateway").build().unwrap();
    metrics.attempt("login").finish(Outcome::Failure(Reason::InvalidCredentials));
    let (_storage, api) = storage("otlp-names", &[]);
    let push = push(api).names(Names::OpenTelemetry).start(&metrics).unwrap();
    flush(&push);
    let key = |name: &str, labels: &[(&str, &str)]| {
        let labels = labels.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        (name.to_owned(), labels.collect())
    };
    let service = ("auth.service.id", "gateway");
    let operation = ("auth.operation.name", "login");
    let failures =
        key("auth.operation.failures", &[service, operation, ("error.type", "invalid_credentials")]);
    let durations = key("auth.operation.duration_count", &[service, operation]);
    eventually("the failure", || {
        let stored = stored(api)?;
        for key in [&failures, &durations] {
            let values =
                stored.get(key).ok_or_else(|| format!("there is no {key:?}: {:?}", stored.keys()))?;
            if values.last() != Some(&1.0) {
                return Err(format!("{key:?}: {values:?}"));
            }
        }
        Ok(())
    });
}
