//! What a server that took a request says about its points.

use opentelemetry_proto::tonic::collector::metrics::v1::ExportMetricsServiceResponse;

use super::answer::Answer;

/// Accepted, as the server says it. Its message is left out: it may have anything in it.
pub(super) fn accepted(response: &ExportMetricsServiceResponse) -> Answer {
    let rejected = response.partial_success.as_ref().map_or(0, |partial| partial.rejected_data_points);
    // A negative number is a lie.
    Answer::Accepted { rejected: u64::try_from(rejected).unwrap_or(0), is_readable: rejected >= 0 }
}

/// Accepted, with an answer that can't be read.
pub(super) const UNREADABLE: Answer = Answer::Accepted { rejected: 0, is_readable: false };
