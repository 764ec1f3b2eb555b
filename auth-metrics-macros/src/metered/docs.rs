//! What is added to a function's documentation: its operation, its kind, and where to look for it in Prometheus.

use std::env::{self, VarError};

use proc_macro2::{Ident, Span, TokenStream};
use quote::quote;
use syn::{LitStr, Visibility};

use super::function::Function;
use crate::diag::Diag;
use crate::name;

/// Where the queries lead, if it is set when the function is compiled.
const URL: &str = "AUTH_METRICS_PROMETHEUS_URL";
/// What the names of the metrics begin with, as the handle's builder has it.
const NAMESPACE: &str = "AUTH_METRICS_NAMESPACE";

/// The lines to be added.
pub(super) struct Docs(Vec<String>);

/// Whether anything is added: if the user does not say so, then only where it hides nothing. A function that is `pub` and
/// has no documentation is one for `missing_docs` to find, and a method without any shows that of its trait.
pub(super) fn is_wanted(said: Option<bool>, function: &Function) -> bool {
    let signature = &function.signature;
    let mentions_self = || name::any_word(quote!(#signature), &|word| word == "Self");
    let may_be_of_a_trait = || signature.receiver().is_some() || mentions_self();
    said.unwrap_or_else(|| {
        function.is_documented()
            || match function.visibility {
                Visibility::Public(_) => false,
                Visibility::Restricted(_) => true,
                Visibility::Inherited => !may_be_of_a_trait(),
            }
    })
}

/// The lines for an operation; nothing if the environment is wrong.
pub(super) fn read(op: &LitStr, kind: Option<&Ident>, diag: &mut Diag) -> Option<Docs> {
    let url = diag.keep(checked(URL, base));
    let namespace = diag.keep(checked(NAMESPACE, prefix));
    let kind = kind.map_or_else(|| "authentication".to_owned(), |kind| name::snake_case(&kind.to_string()));
    Some(lines(&op.value(), &kind, &namespace?.unwrap_or_default(), url?.as_deref()))
}

/// Makes the compiler read the function anew when the environment is another.
pub(super) fn watched() -> TokenStream {
    quote! {
        const _: [::core::option::Option<&::core::primitive::str>; 2] =
            [::core::option_env!(#URL), ::core::option_env!(#NAMESPACE)];
    }
}

impl Docs {
    /// The lines as attributes, of the kind that stand inside of the body or before the function.
    pub(super) fn attributes(&self, inside: bool) -> TokenStream {
        let mark = inside.then(|| quote!(!));
        self.0.iter().map(|line| quote!(# #mark [doc = #line])).collect()
    }
}

fn lines(op: &str, kind: &str, namespace: &str, url: Option<&str>) -> Docs {
    let series = |name: &str| format!("rate({namespace}{name}{{operation=\"{op}\"}}[5m])");
    let queries = [
        ("Rate by outcome", format!("sum by (outcome) ({})", series("auth_operations_total"))),
        (
            "Failures by reason",
            format!("sum by (failure_reason) ({})", series("auth_operation_failures_total")),
        ),
        (
            "99th percentile of latency, in seconds",
            format!(
                "histogram_quantile(0.99, sum by (le) ({}))",
                series("service_auth_latency_seconds_bucket")
            ),
        ),
    ];
    let line = |(title, query): &(&str, String)| match url {
        Some(url) => format!("- {title}: [`{query}`]({url}/graph?g0.expr={}&g0.tab=0)", encoded(query)),
        None => format!("- {title}: `{query}`"),
    };
    let title = format!("Metered as operation `{op}` of kind `{kind}`. In Prometheus:");
    let mut lines = vec![String::new(), title, String::new()];
    lines.extend(queries.iter().map(line));
    // As far in as lines after `///` are, or rustdoc takes what the user wrote for further in than it is.
    Docs(lines.into_iter().map(|line| if line.is_empty() { line } else { format!(" {line}") }).collect())
}

/// A variable of the environment; nothing where it is not set or empty.
fn checked(
    variable: &str,
    check: impl FnOnce(&str) -> Result<String, &'static str>,
) -> syn::Result<Option<String>> {
    let checked = match env::var(variable) {
        Err(VarError::NotPresent) => return Ok(None),
        Err(VarError::NotUnicode(_)) => Err("it is not UTF-8"),
        Ok(empty) if empty.is_empty() => return Ok(None),
        Ok(value) => check(&value),
    };
    // The value itself is not shown: it may be a secret that came here by mistake.
    let explained = |problem| format!("the environment variable `{variable}` can't be used: {problem}");
    checked.map(Some).map_err(|problem| syn::Error::new(Span::call_site(), explained(problem)))
}

/// A Prometheus's address, without a slash at its end.
fn base(url: &str) -> Result<String, &'static str> {
    let Some(rest) = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://")) else {
        return Err("it must begin with `http://` or `https://`, as in `https://prometheus.example.com`");
    };
    let is_of_url = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~%:[]/@!$&'*+,;=".contains(&byte);
    let (host, _) = rest.split_once('/').unwrap_or((rest, ""));
    if host.is_empty() {
        return Err("it needs a host, as in `https://prometheus.example.com`");
    }
    if host.contains('@') {
        return Err("the name or password in it would be published with the documentation, so remove it");
    }
    if !rest.bytes().all(is_of_url) {
        return Err("write only the address of Prometheus: scheme, host, port and path, without a query");
    }
    Ok(url.trim_end_matches('/').to_owned())
}

/// A namespace as the first part of a name.
fn prefix(namespace: &str) -> Result<String, &'static str> {
    let starts_well = !namespace.starts_with(|first: char| first.is_ascii_digit());
    if starts_well && namespace.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_') {
        Ok(format!("{namespace}_"))
    } else {
        Err("a namespace consists of letters, digits and `_`, and does not begin with a digit")
    }
}

/// Percent-encoded as one value of a query.
fn encoded(query: &str) -> String {
    let byte = |byte: u8| match byte {
        b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => char::from(byte).to_string(),
        other => format!("%{other:02X}"),
    };
    query.bytes().map(byte).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_taken_as_it_is_but_for_the_slash_at_its_end() {
        for (given, taken) in [
            ("http://127.0.0.1:9090", "http://127.0.0.1:9090"),
            ("https://prometheus.example.com/", "https://prometheus.example.com"),
            ("https://example.com/mon/prometheus//", "https://example.com/mon/prometheus"),
            ("http://[::1]:9090", "http://[::1]:9090"),
        ] {
            assert_eq!(base(given).as_deref(), Ok(taken));
        }
    }

    #[test]
    fn what_is_no_address_or_would_publish_a_secret_is_refused() {
        for wrong in [
            "prometheus:9090",
            "ftp://prometheus",
            "javascript:alert(1)",
            "http://",
            "http:///graph",
            "https://user:password@prometheus",
            "https://prometheus/graph?g0.expr=up",
            "https://prometheus/#",
            "https://prometheus/a b",
            "https://prometheus/a)b",
            "https://prometheus/<b>",
            "https://prometheus/\n",
            "https://prometh\u{e9}us",
        ] {
            assert!(base(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_namespace_is_what_the_builder_takes() {
        assert_eq!(prefix("acme").as_deref(), Ok("acme_"));
        assert_eq!(prefix("_a9").as_deref(), Ok("_a9_"));
        for wrong in ["9a", "a-b", "a:b", "a b", "\u{e9}"] {
            assert!(prefix(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_link_has_nothing_that_markdown_would_end_it_by() {
        let Docs(lines) = lines("login", "token", "", Some("https://prometheus.example.com"));
        for line in lines.iter().skip(3) {
            let (_, link) = line.split_once("`](").unwrap_or_default();
            let link = link.strip_suffix(')').unwrap_or_default();
            assert!(link.starts_with("https://prometheus.example.com/graph?g0.expr="), "{line}");
            assert!(!link.contains(|each: char| "()[]{}<> \"'`\\".contains(each)), "{line}");
        }
    }
}
