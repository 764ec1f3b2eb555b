//! What a real browser makes of the page at `/` of the listener.

mod audit;
mod browser;
mod drawn;
mod threats;

use std::net::{Ipv4Addr, SocketAddr};
use std::time::{Duration, SystemTime};

use auth_metrics::serve::{Listener, Server};
use auth_metrics::{AuthMetrics, Outcome, Reason, events};
use auth_metrics_credentials::CredentialKind;
use auth_metrics_credentials::{Credential, CredentialTracker};
use tokio::runtime::Runtime;

/// A name that would be markup, script, more labels and more lines wherever it is not taken as text.
const HOSTILE: &str =
    "</script><img src=x onerror=alert(1)>\",operation=\"x\"} 1 # {trace_id=\"x\"} 1 \u{2028}\u{2029}\\";

/// A listener and what it shows.
struct Served {
    metrics: AuthMetrics,
    runtime: Runtime,
    server: Server,
}

impl Served {
    fn start(token: Option<&str>) -> Served {
        Served::start_at((Ipv4Addr::LOCALHOST, 0).into(), token)
    }

    fn start_at(address: SocketAddr, token: Option<&str>) -> Served {
        let metrics = AuthMetrics::builder().service_id(HOSTILE).namespace("acme");
        let metrics = metrics.trace_context(events::trace::traceparent);
        let metrics = metrics.const_labels([("region", "a\"}\rb")]).build().unwrap();
        let runtime = Runtime::new().unwrap();
        let mut listener = Listener::new(&metrics).bind(address).page(true);
        if let Some(token) = token {
            listener = listener.bearer_token(token);
        }
        let server = runtime.block_on(listener.start()).unwrap();
        Served { metrics, runtime, server }
    }

    fn address(&self) -> SocketAddr {
        self.server.local_addr()
    }

    fn url(&self) -> String {
        format!("http://{}/", self.address())
    }

    /// Something of everything that the page shows.
    fn fill(&self) {
        for (outcome, times) in [
            (Outcome::Success, 1_234),
            (Outcome::Failure(Reason::InvalidCredentials), 7),
            (Outcome::Failure(Reason::DependencyUnavailable), 2),
        ] {
            (0..times).for_each(|_| self.metrics.attempt("login").finish(outcome));
        }
        drop(self.metrics.attempt("verify"));
        self.metrics.record_auth_latency(HOSTILE, "slow", Duration::from_millis(80));
        let (day, now) = (Duration::from_secs(86_400), SystemTime::now());
        // What has expired by now had not when it was declared.
        let tracker = CredentialTracker::new(&self.metrics).with_time_of_day(move || now - 3 * day);
        for credential in [
            Credential::new(CredentialKind::SigningKey, "late").with_not_after(now + 40 * day),
            Credential::new(CredentialKind::SigningKey, "gone").with_not_after(now - 2 * day),
            Credential::new(CredentialKind::ApiKey, "due")
                .with_last_rotated(now - 31 * day)
                .with_rotation_interval(30 * day),
        ] {
            tracker.declare(credential).unwrap();
        }
        self.metrics.update_rate_limit_usage(HOSTILE, [("per_minute", 57.0)]);
        self.metrics.update_rate_limit_capacity(HOSTILE, [("per_minute", 60.0)]);
    }

    /// A failed login in a request of this trace.
    fn fail_login_in(&self, trace: &str) {
        let header = format!("00-{trace}-b7ad6b7169203331-01");
        let context = events::Context::new().traceparent(header.as_bytes());
        context
            .in_scope(|| self.metrics.attempt("login").finish(Outcome::Failure(Reason::InvalidCredentials)));
    }

    fn stop(self) -> AuthMetrics {
        self.runtime.block_on(self.server.shutdown());
        self.metrics
    }
}
