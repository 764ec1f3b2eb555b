//! The choices that a user names.

/// How requests travel.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Protocol {
    /// Protobuf over HTTP/1.1, to port 4318 by custom. Needs the feature `http`.
    #[default]
    Http,
    /// gRPC, to port 4317 by custom. Needs the feature `grpc`.
    Grpc,
}

/// What a point of a counter or a histogram says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Temporality {
    /// All that was counted since the start, as in a scrape.
    #[default]
    Cumulative,
    /// What was counted since the last point that a server took.
    Delta,
}
