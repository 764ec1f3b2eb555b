//! Links from an alert to the first query of its diagnosis, with the alert's labels filled in by Prometheus.

use std::collections::BTreeMap;

use super::queries::fitted;
use super::templates::Template;
use crate::query::Subject;

/// Stands for the value of a label until the link is written. No query has it.
const VALUE: char = '\u{0}';

/// Labels that a first query compares rather than selects: the other replicas show whether this one is alone.
const COMPARED: &str = "instance";

/// A link to a query that needs no editing.
pub(crate) struct QueryLink {
    query: String,
    /// The labels whose values the query takes, in order.
    labels: Vec<String>,
}

impl QueryLink {
    /// Makes the link of an alert with these labels; `None` if the alert has no runbook.
    pub(crate) fn new(subject: Subject<'_>, alert: &str, labels: &[&str]) -> Option<QueryLink> {
        let query = Template::of(alert)?.first_query()?;
        let mut taken = Vec::new();
        let mut more = |of_series: &[&str]| {
            let fits = |label: &&&str| **label != COMPARED && of_series.contains(*label);
            let fitting: Vec<&str> = labels.iter().filter(fits).copied().collect();
            taken.extend(fitting.iter().map(|label| (*label).to_owned()));
            fitting.iter().map(|label| format!("{label}={VALUE}")).collect()
        };
        let query = fitted(subject, query, &mut more);
        Some(QueryLink { query, labels: taken })
    }

    /// Returns the annotation, as a template of Prometheus. `printf` quotes the values as `PromQL` does. The variable `$externalURL` is
    /// used, and neither the function of that name, which promtool 2.42 can't call, nor `graphLink`, which vmalert lacks.
    pub(crate) fn annotation(&self) -> String {
        let format = self.query.replace('%', "%%").replace(VALUE, "%q");
        // Between backticks nothing is escaped, so the query can be read in the rules.
        let format = if format.contains('`') { go_quoted(&format) } else { format!("`{format}`") };
        let values = self.labels.iter().map(|label| format!("$labels.{label}"));
        let arguments: Vec<String> = std::iter::once(format).chain(values).collect();
        format!("{{{{ $externalURL }}}}{PATH}{{{{ printf {} | urlquery }}}}", arguments.join(" "))
    }

    /// Returns what promtool makes of the annotation for an alert with these labels. Its external URL is empty.
    pub(crate) fn rendered(&self, labels: &BTreeMap<String, String>) -> String {
        let mut values = self.labels.iter().map(|label| labels.get(label).map_or("", String::as_str));
        let mut query = String::new();
        for each in self.query.chars() {
            match each {
                VALUE => query.push_str(&go_quoted(values.next().unwrap_or_default())),
                each => query.push(each),
            }
        }
        format!("{PATH}{}", url_escaped(&query))
    }
}

/// Opens Prometheus' page of queries with a graph of six hours.
const PATH: &str = "/graph?g0.tab=0&g0.range_input=6h&g0.expr=";

/// Quotes as Go does, for printable text.
fn go_quoted(text: &str) -> String {
    format!(
        "\"{}\"",
        text.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n").replace('\t', "\\t")
    )
}

/// Escapes as Go's `url.QueryEscape` does.
fn url_escaped(text: &str) -> String {
    let each = text.bytes().map(|byte| match byte {
        b' ' => "+".to_owned(),
        byte if byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte) => char::from(byte).to_string(),
        byte => format!("%{byte:02X}"),
    });
    each.collect::<Vec<String>>().concat()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::QueryLink;
    use crate::Options;
    use crate::query::Subject;
    use crate::runbooks::templates::ALL;
    use auth_metrics::AuthMetrics;

    const LABELS: [&str; 3] = ["job", "service_id", "operation"];

    fn with_link(options: &Options, check: impl FnOnce(QueryLink)) {
        let metrics = AuthMetrics::builder().service_id("gateway").namespace("acme").build().unwrap();
        let subject = Subject { catalogue: &metrics.catalogue(), options };
        check(QueryLink::new(subject, "AuthLockoutStorm", &LABELS).unwrap());
    }

    #[test]
    fn annotation_fills_in_the_labels_of_the_alert() {
        with_link(&Options::new(), |link| {
            let query = "sum by (job, service_id, operation) (increase(acme_auth_operation_failures_total{failure_reason=\"account_locked\",\
                         job=%q,service_id=%q,operation=%q}[10m]))";
            let expected = format!(
                "{{{{ $externalURL }}}}/graph?g0.tab=0&g0.range_input=6h&g0.expr={{{{ printf `{query}` $labels.job $labels.service_id \
                 $labels.operation | urlquery }}}}"
            );
            assert_eq!(link.annotation(), expected);
        });
    }

    #[test]
    fn percent_signs_and_backticks_of_the_options_end_nothing() {
        with_link(&Options::new().select("cluster", "100%d"), |link| {
            assert!(link.annotation().contains("cluster=\"100%%d\""), "{}", link.annotation());
        });
        with_link(&Options::new().select("cluster", "a`b"), |link| {
            assert!(link.annotation().contains("cluster=\\\"a`b\\\""), "{}", link.annotation());
        });
    }

    #[test]
    fn values_of_labels_are_quoted_and_escaped() {
        let labels = LABELS.map(|label| (label.to_owned(), "a\"b\\ é".to_owned()));
        with_link(&Options::new(), |link| {
            let url = link.rendered(&BTreeMap::from(labels));
            assert!(url.contains("service_id%3D%22a%5C%22b%5C%5C+%C3%A9%22"), "{url}");
        });
    }

    #[test]
    fn every_runbook_has_a_query_to_link_to() {
        let metrics = AuthMetrics::builder().service_id("gateway").build().unwrap();
        let (catalogue, options) = (metrics.catalogue(), Options::new());
        for template in ALL {
            let link = QueryLink::new(
                Subject { catalogue: &catalogue, options: &options },
                template.alert,
                &["job"],
            );
            let needs_none = template.alert == "AuthMetricsAbsent";
            let annotation = link.map(|link| link.annotation()).unwrap_or_default();
            assert!(annotation.contains("$labels.job") || needs_none, "{}: {annotation}", template.alert);
        }
    }
}
