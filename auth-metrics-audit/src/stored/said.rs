//! `Said`: what a line says, read back for people and for counting, whatever its format. The proof of a chain needs none of this.

use serde_json::Value;

/// What a line says.
pub(crate) struct Said {
    line: Value,
    is_ocsf: bool,
}

/// What a line tells of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Sort {
    Attempt,
    /// A step of a credential.
    Step,
    /// A decision that was not enforced.
    Decision,
    /// Something of the trail itself.
    Own,
}

impl Said {
    /// Reads a line; none if it is no JSON object.
    pub(crate) fn of(line: &[u8]) -> Option<Said> {
        let line: Value = serde_json::from_slice(line).ok()?;
        let is_ocsf = line.as_object()?.contains_key("class_uid");
        Some(Said { line, is_ocsf })
    }

    pub(crate) fn sort(&self) -> Sort {
        match self.ours("kind").and_then(Value::as_str) {
            Some("audit") => Sort::Own,
            Some("credential") => Sort::Step,
            Some("decision") => Sort::Decision,
            _ => Sort::Attempt,
        }
    }

    /// Returns the name of a record of the trail itself: `boot`, `shutdown` and so on.
    pub(crate) fn own(&self) -> Option<&str> {
        let code = self.text("event.code", &["metadata", "event_code"])?;
        code.strip_prefix("audit.").filter(|_| self.sort() == Sort::Own)
    }

    /// Returns a member that neither schema has a word for.
    pub(crate) fn ours(&self, key: &str) -> Option<&Value> {
        if self.is_ocsf { self.line.get("unmapped")?.get(key) } else { self.line.get(format!("auth.{key}")) }
    }

    /// Returns such a member if it is a text.
    pub(crate) fn our_text(&self, key: &str) -> Option<&str> {
        self.ours(key)?.as_str()
    }

    /// Returns such a member if it is a count, else 0.
    pub(crate) fn count(&self, key: &str) -> u64 {
        self.ours(key).and_then(Value::as_u64).unwrap_or_default()
    }

    pub(crate) fn operation(&self) -> Option<&str> {
        self.own().or_else(|| if self.is_ocsf { self.our_text("operation") } else { self.at("event.action") })
    }

    pub(crate) fn outcome(&self) -> Option<&str> {
        self.our_text("outcome")
    }

    pub(crate) fn reason(&self) -> Option<&str> {
        self.text("event.reason", &["status_code"])
    }

    pub(crate) fn service(&self) -> Option<&str> {
        let named = self.text("service.name", &["service", "name"]);
        named.or_else(|| self.within(&["api", "service", "name"])).or_else(|| self.our_text("service"))
    }

    /// Returns all that the line has to say of whose attempt it was: pseudonyms, or the name itself.
    pub(crate) fn subjects(&self) -> impl Iterator<Item = &str> {
        let ecs = [self.at("user.hash"), self.at("user.id"), self.our_text("user_hash_prev")];
        let paths = [&["user"][..], &["actor", "user"]];
        let ocsf = paths
            .into_iter()
            .filter_map(|path| self.walk(path))
            .flat_map(|user| ["uid", "uid_alt"].map(|key| user.get(key).and_then(Value::as_str)));
        let ocsf = ocsf.filter(|_| self.is_ocsf);
        ecs.into_iter().chain(ocsf).flatten()
    }

    /// Returns the pseudonyms of its session, or its name.
    pub(crate) fn sessions(&self) -> impl Iterator<Item = &str> {
        let uid = ["uid", "uid_alt"]
            .map(|key| self.within(&["session", key]).or_else(|| self.within(&["actor", "session", key])));
        uid.into_iter().chain([self.our_text("session"), self.our_text("session_prev")]).flatten()
    }

    pub(crate) fn peer(&self) -> Option<&str> {
        self.text("source.ip", &["src_endpoint", "ip"])
            .or_else(|| self.our_text("peer_hash"))
            .or_else(|| self.within(&["src_endpoint", "uid"]))
    }

    /// Returns when it was, to the millisecond: `2026-01-02T03:04:05.678Z`.
    pub(crate) fn time(&self) -> Option<String> {
        if let Some(time) = self.at("@timestamp") {
            let millis = time.get(..23).filter(|_| time.ends_with('Z') && time.len() > 24);
            return Some(millis.map_or_else(|| time.to_owned(), |millis| format!("{millis}Z")));
        }
        self.line.get("time").and_then(Value::as_i64).map(timestamp)
    }

    fn text(&self, ecs: &str, ocsf: &[&str]) -> Option<&str> {
        if self.is_ocsf { self.within(ocsf) } else { self.at(ecs) }
    }

    fn at(&self, key: &str) -> Option<&str> {
        self.line.get(key)?.as_str()
    }

    fn within(&self, path: &[&str]) -> Option<&str> {
        self.walk(path)?.as_str()
    }

    fn walk(&self, path: &[&str]) -> Option<&Value> {
        path.iter().try_fold(&self.line, |value, key| value.get(key))
    }
}

/// Returns whether a line is a `shutdown`, after which nothing is missing.
pub(crate) fn is_shutdown(line: &[u8]) -> bool {
    Said::of(line).is_some_and(|said| said.own() == Some("shutdown"))
}

/// Spells milliseconds since 1970.
fn timestamp(millis: i64) -> String {
    let (days, rest) = (millis.div_euclid(86_400_000), millis.rem_euclid(86_400_000));
    // Days since 0000-03-01, in eras of 400 years, as the civil calendar repeats.
    let shifted = days + 719_468;
    let (era, day) = (shifted.div_euclid(146_097), shifted.rem_euclid(146_097));
    let year = (day - day / 1_460 + day / 36_524 - day / 146_096) / 365;
    let of_year = day - (365 * year + year / 4 - year / 100);
    let month = (5 * of_year + 2) / 153;
    let (date, month) = (of_year - (153 * month + 2) / 5 + 1, if month < 10 { month + 3 } else { month - 9 });
    let year = year + era * 400 + i64::from(month <= 2);
    let (seconds, millis) = (rest / 1000, rest % 1000);
    let (hour, minute, second) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    format!("{year:04}-{month:02}-{date:02}T{hour:02}:{minute:02}:{second:02}.{millis:03}Z")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_those_of_the_calendar() {
        // As `date -u -d @…` prints them.
        assert_eq!(timestamp(0), "1970-01-01T00:00:00.000Z");
        assert_eq!(timestamp(951_827_696_789), "2000-02-29T12:34:56.789Z");
        assert_eq!(timestamp(1_767_323_045_678), "2026-01-02T03:04:05.678Z");
        assert_eq!(timestamp(4_107_542_399_000), "2100-02-28T23:59:59.000Z");
        assert_eq!(timestamp(-1), "1969-12-31T23:59:59.999Z");
    }

    #[test]
    fn operation_that_is_called_shutdown_is_no_shutdown() {
        assert!(!is_shutdown(
            br#"{"event.action":"shutdown","event.code":"audit.shutdown","auth.kind":"authentication"}"#
        ));
        assert!(is_shutdown(
            br#"{"event.action":"shutdown","event.code":"audit.shutdown","auth.kind":"audit"}"#
        ));
        assert!(is_shutdown(
            br#"{"class_uid":6002,"metadata":{"event_code":"audit.shutdown"},"unmapped":{"kind":"audit"}}"#
        ));
        assert!(!is_shutdown(b"no JSON"));
    }
}
