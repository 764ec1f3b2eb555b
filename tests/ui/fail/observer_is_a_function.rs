use auth_metrics::AuthMetrics;

fn main() {
    let _ = AuthMetrics::builder().observe(|events: &[auth_metrics::events::Event]| drop(events.len()));
}
