//! Which arguments `#[auth_metered]` takes, and which one was meant. Knows nothing of their values.

use proc_macro2::Ident;

use crate::name;

/// Every argument, as it is written.
const KNOWN: [(&str, &str); 22] = [
    ("op", "op = \"login\""),
    ("kind", "kind = token"),
    ("service", "service = tenant"),
    ("metrics", "metrics = self.metrics"),
    ("source", "source = AuthMethod::Password"),
    ("subject", "subject = name"),
    ("peer", "peer = client_ip"),
    ("session", "session = session_id"),
    ("device", "device = device_cookie"),
    ("resource", "resource = path"),
    ("context", "context = path"),
    ("classify", "classify = path"),
    ("reason", "reason = path"),
    ("future", "future"),
    ("crate", "crate = path"),
    ("false_is", "false_is = invalid_credentials"),
    ("none_is", "none_is = unknown_subject"),
    ("nested", "nested = decides"),
    ("ok_is", "ok_is = challenge_issued"),
    ("verdict", "verdict"),
    ("among", "among(timeout, overloaded)"),
    ("docs", "docs = false"),
];
/// Arguments, each with what it is called elsewhere.
const ELSEWHERE: [(&str, &str); 6] = [
    ("op", "operation name operation_name"),
    ("subject", "account account_id email login principal sub user user_id user_name username who"),
    (
        "peer",
        "addr address client client_addr client_ip host ip ip_addr ip_address peer_addr remote remote_addr remote_ip",
    ),
    ("session", "session_id sid"),
    ("device", "cookie device_id"),
    ("resource", "object path scope target uri url"),
];

/// How the argument is written.
pub(super) fn shown(name: &Ident) -> &'static str {
    KNOWN.iter().find(|(known, _)| name == known).map_or("", |(_, shown)| shown)
}

/// The arguments that an unknown one may mean.
pub(super) fn near(unknown: &str) -> Vec<&'static str> {
    let is_called_so = |names: &str| names.split(' ').any(|name| name == unknown);
    match ELSEWHERE.iter().find(|(_, names)| is_called_so(names)) {
        Some((meant, _)) => vec![*meant],
        None => name::nearest(unknown, KNOWN.into_iter().map(|(name, _)| name)),
    }
}

/// What to say where none is near.
pub(super) fn all() -> String {
    format!("; `#[auth_metered]` takes {}", name::alternatives(&KNOWN.map(|(name, _)| name)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_name_means_two_arguments_or_is_one() {
        let mut names: Vec<&str> = ELSEWHERE.iter().flat_map(|(_, names)| names.split(' ')).collect();
        names.extend(KNOWN.map(|(name, _)| name));
        let count = names.len();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), count);
        assert!(ELSEWHERE.iter().all(|(meant, _)| KNOWN.iter().any(|(name, _)| name == meant)));
    }
}
