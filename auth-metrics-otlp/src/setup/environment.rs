//! OpenTelemetry's environment variables, read only where a program says so.

use std::time::Duration;

use super::endpoint::Endpoint;
use super::options::Options;
use super::protocol::{Protocol, Temporality};
use crate::error::Error;

/// A variable for all signals, and the one for metrics, which wins.
type Pair = (&'static str, &'static str);

const ENDPOINT: &str = "OTEL_EXPORTER_OTLP_ENDPOINT";
const METRICS_ENDPOINT: &str = "OTEL_EXPORTER_OTLP_METRICS_ENDPOINT";
const HEADERS: Pair = ("OTEL_EXPORTER_OTLP_HEADERS", "OTEL_EXPORTER_OTLP_METRICS_HEADERS");
const TIMEOUT: Pair = ("OTEL_EXPORTER_OTLP_TIMEOUT", "OTEL_EXPORTER_OTLP_METRICS_TIMEOUT");
const PROTOCOL: Pair = ("OTEL_EXPORTER_OTLP_PROTOCOL", "OTEL_EXPORTER_OTLP_METRICS_PROTOCOL");
const TEMPORALITY: &str = "OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE";
const INTERVAL: &str = "OTEL_METRIC_EXPORT_INTERVAL";
const RESOURCE: &str = "OTEL_RESOURCE_ATTRIBUTES";
const SERVICE_NAME: &str = "OTEL_SERVICE_NAME";

/// Reads variables; an empty one is as good as none.
struct Environment<F>(F);

impl Options {
    /// The options that variables give, and defaults for the rest.
    pub(crate) fn from_variables(variable: impl Fn(&str) -> Option<String>) -> Result<Options, Error> {
        let environment = Environment(variable);
        let protocol = environment.protocol()?.unwrap_or_default();
        let whole = environment.get(METRICS_ENDPOINT).map(|url| Endpoint::whole(&url));
        let base = || environment.get(ENDPOINT).map(|url| Endpoint::base(&url));
        let endpoint = whole.or_else(base).unwrap_or_else(|| Endpoint::customary(protocol));
        let mut options = Options::new(endpoint);
        options.protocol = protocol;
        if let Some(temporality) = environment.temporality()? {
            options.temporality = temporality;
        }
        if let Some((name, millis)) = environment.of(TIMEOUT) {
            options.timeout = duration(name, &millis)?;
        }
        if let Some(millis) = environment.get(INTERVAL) {
            options.every = duration(INTERVAL, &millis)?;
        }
        if let Some((variable, list)) = environment.of(HEADERS) {
            for (name, value) in pairs(variable, &list)? {
                options.headers.set(&name, &value);
            }
        }
        for (name, value) in
            environment.get(RESOURCE).map_or(Ok(Vec::new()), |list| pairs(RESOURCE, &list))?
        {
            options.set_resource(&name, &value);
        }
        if let Some(name) = environment.get(SERVICE_NAME) {
            options.set_resource("service.name", &name);
        }
        Ok(options)
    }
}

impl<F: Fn(&str) -> Option<String>> Environment<F> {
    fn get(&self, name: &str) -> Option<String> {
        (self.0)(name).map(|value| value.trim().to_owned()).filter(|value| !value.is_empty())
    }

    fn of(&self, (all, metrics): Pair) -> Option<(&'static str, String)> {
        [metrics, all].into_iter().find_map(|name| Some((name, self.get(name)?)))
    }

    fn protocol(&self) -> Result<Option<Protocol>, Error> {
        let Some((name, value)) = self.of(PROTOCOL) else { return Ok(None) };
        match value.as_str() {
            "http/protobuf" => Ok(Some(Protocol::Http)),
            "grpc" => Ok(Some(Protocol::Grpc)),
            _ => Err(Error::Variable(name)),
        }
    }

    fn temporality(&self) -> Result<Option<Temporality>, Error> {
        let Some(value) = self.get(TEMPORALITY) else { return Ok(None) };
        match value.to_ascii_lowercase().as_str() {
            "cumulative" => Ok(Some(Temporality::Cumulative)),
            // `lowmemory` is delta for what is recorded as it happens, and these are.
            "delta" | "lowmemory" => Ok(Some(Temporality::Delta)),
            _ => Err(Error::Variable(TEMPORALITY)),
        }
    }
}

fn duration(variable: &'static str, millis: &str) -> Result<Duration, Error> {
    millis.parse().map(Duration::from_millis).map_err(|_| Error::Variable(variable))
}

/// `name=value` with commas between, and `%` before two digits in hexadecimal for what can't be written.
fn pairs(variable: &'static str, list: &str) -> Result<Vec<(String, String)>, Error> {
    let pair = |pair: &str| {
        let (name, value) = pair.split_once('=')?;
        let (name, value) = (decoded(name.trim())?, decoded(value.trim())?);
        (!name.is_empty()).then_some((name, value))
    };
    let parts = list.split(',').filter(|part| !part.trim().is_empty());
    parts.map(|part| pair(part).ok_or(Error::Variable(variable))).collect()
}

fn decoded(text: &str) -> Option<String> {
    let mut parts = text.split('%');
    let mut bytes = parts.next()?.as_bytes().to_vec();
    for part in parts {
        let (digits, rest) = part.split_at_checked(2)?;
        // `from_str_radix` takes a sign.
        let is_hex = digits.bytes().all(|digit| digit.is_ascii_hexdigit());
        bytes.push(u8::from_str_radix(digits, 16).ok().filter(|_| is_hex)?);
        bytes.extend_from_slice(rest.as_bytes());
    }
    String::from_utf8(bytes).ok()
}
