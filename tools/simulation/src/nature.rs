//! What an alert is about, by its name: the rules come from somewhere else, and the truth must say which of them an incident excuses.

/// The subject of an alert.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Nature {
    Errors,
    Latency,
    Rejections,
    Attack,
    Credentials,
    Keys,
    InFlight,
    Replica,
    Targets,
    Traffic,
    FailOpen,
    Limits,
    Library,
    /// A name that says nothing of this list. It may tell every incident, and no long one excuses it.
    Unknown,
}

/// Parts of names, the telling ones first.
const PARTS: &[(Nature, &[&str])] = &[
    (Nature::Library, &["Internal", "Conservation", "Overflow", "Dropped", "Observer"]),
    (Nature::FailOpen, &["FailOpen"]),
    (Nature::Errors, &["Burn", "NoSuccess", "ServerError"]),
    (
        Nature::Attack,
        &[
            "UnknownKey",
            "Forged",
            "Lockout",
            "Mfa",
            "Denial",
            "Replay",
            "Storm",
            "Attack",
            "Stuffing",
            "Compromise",
        ],
    ),
    (Nature::Keys, &["KeyFetch", "KeySet", "KeysStale", "RetiredKey"]),
    (Nature::Credentials, &["Credential", "Rotation", "Certificate"]),
    (Nature::Rejections, &["Rejection", "Surge", "Spray", "Refus"]),
    (Nature::Latency, &["Latency", "Slow"]),
    (Nature::InFlight, &["InFlight", "Leak", "Hang", "Cancel", "Stuck"]),
    (Nature::Replica, &["Replica", "Instance"]),
    (Nature::Targets, &["Target", "Absent", "Job", "Silent", "Missing", "Gone"]),
    (Nature::Traffic, &["Traffic", "Drop"]),
    (Nature::Limits, &["Limit"]),
    (Nature::Errors, &["Error"]),
];

/// The nature of an alert of this name.
pub fn of(alert: &str) -> Nature {
    let found = PARTS.iter().find(|(_, parts)| parts.iter().any(|part| alert.contains(part)));
    found.map_or(Nature::Unknown, |&(nature, _)| nature)
}
