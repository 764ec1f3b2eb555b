//! What `#[auth_metered]` adds to the documentation of a function, as rustdoc writes it of the package in `documented/`: operation,
//! kind and three queries, links where the environment says where Prometheus is.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Mutex, MutexGuard, PoisonError};

use auth_metrics::FAMILIES;

const URL: &str = "AUTH_METRICS_PROMETHEUS_URL";
const NAMESPACE: &str = "AUTH_METRICS_NAMESPACE";

/// One at a time: all of them build the same documentation.
static BUILDS: Mutex<()> = Mutex::new(());

/// Where the compiler puts it, away from the documentation that people read.
fn target() -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join("documented")
}

fn cargo(arguments: &[&str], environment: &[(&str, &str)]) -> Result<String, String> {
    let mut cargo = Command::new(env!("CARGO"));
    cargo.args(arguments).args(["--package", "auth-metrics-documented", "--locked", "--color=never"]);
    cargo.arg("--manifest-path").arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("../../Cargo.toml"));
    cargo.env_remove(URL).env_remove(NAMESPACE).env_remove("RUSTFLAGS").env_remove("RUSTDOCFLAGS");
    cargo
        .env_remove("CARGO_ENCODED_RUSTFLAGS")
        .env("CARGO_TARGET_DIR", target())
        .envs(environment.iter().copied());
    let output = cargo.output().unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    if output.status.success() { Ok(said) } else { Err(said) }
}

/// The pages of one build of the documentation.
struct Pages {
    folder: PathBuf,
    _build: MutexGuard<'static, ()>,
}

impl Pages {
    fn built(environment: &[(&str, &str)]) -> Pages {
        let build = BUILDS.lock().unwrap_or_else(PoisonError::into_inner);
        // Cargo asks rustdoc for the same pages again when its flags are others, and not when the environment is.
        let values: String = environment.iter().map(|(_, value)| *value).collect();
        let flags = format!("--crate-version=0-{values}");
        cargo(&["doc", "--no-deps"], &[environment, &[("RUSTDOCFLAGS", flags.as_str())]].concat()).unwrap();
        Pages { folder: target().join("doc/auth_metrics_documented"), _build: build }
    }

    fn html(&self, page: &str) -> String {
        fs::read_to_string(self.folder.join(page)).unwrap()
    }

    /// The text of a page, without markup.
    fn text(&self, page: &str) -> String {
        let (mut text, mut is_text) = (String::new(), true);
        for each in self.html(page).chars() {
            match each {
                '<' => is_text = false,
                '>' => is_text = true,
                each if is_text => text.push(each),
                _ => {}
            }
        }
        text.replace("&quot;", "\"").replace("&#39;", "'").replace("&amp;", "&")
    }

    /// Where the links to Prometheus of a page lead, and what is asked there.
    fn queries(&self, page: &str, address: &str) -> Vec<String> {
        let html = self.html(page).replace("&amp;", "&");
        let beginning = format!("href=\"{address}/graph?g0.expr=");
        let query = |link: &str| decoded(link.split_once("&g0.tab=0\"").unwrap().0);
        html.split(&beginning).skip(1).map(query).collect()
    }
}

fn decoded(query: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = query.bytes();
    while let Some(byte) = rest.next() {
        if byte == b'%' {
            let digits = [rest.next().unwrap(), rest.next().unwrap()];
            bytes.push(u8::from_str_radix(std::str::from_utf8(&digits).unwrap(), 16).unwrap());
        } else {
            bytes.push(byte);
        }
    }
    String::from_utf8(bytes).unwrap()
}

/// Fails unless the parts stand in the text in this order.
fn assert_in_order(text: &str, parts: &[&str]) {
    let mut rest = text;
    for part in parts {
        let found = rest.split_once(part);
        rest = found.unwrap_or_else(|| panic!("{part:?} is not where it should be:\n{text}")).1;
    }
}

/// The queries of `login`, one a line. `tests/servers` shows them to promtool.
const LOGIN: &str = include_str!("hover.promql");

#[test]
fn queries_stand_after_everything_that_the_user_wrote() {
    let pages = Pages::built(&[]);
    let text = pages.text("fn.login.html");
    let users =
        ["What the user wrote first.", "what the user wrote last", "None.", "What the user included."];
    let title = ["Metered as operation login of kind authentication"];
    let queries: Vec<&str> = LOGIN.lines().collect();
    assert_in_order(&text, &[&users[..], &title, &queries].concat());
    assert_in_order(
        &pages.text("struct.Service.html"),
        &["Documented inside too.", "The last of the user’s lines.", "Metered as operation inside of kind"],
    );
    assert!(
        pages.queries("fn.login.html", "").is_empty() && !pages.html("fn.login.html").contains("g0.expr")
    );
}

#[test]
fn code_of_the_user_s_is_as_far_in_as_it_was() {
    let pages = Pages::built(&[]);
    let code = |page: &str| -> Vec<String> {
        let html = pages.html(page);
        let blocks = html.split("<pre").skip(1).map(|block| block.split("</pre>").next().unwrap().to_owned());
        blocks.filter(|block| block.contains("two") || block.contains("four")).collect()
    };
    assert_eq!(code("fn.indented.html").len(), 2);
    assert_eq!(code("fn.indented.html"), code("fn.plainly_indented.html"));
}

#[test]
fn functions_born_in_a_macro_are_documented() {
    let pages = Pages::built(&[]);
    assert_in_order(&pages.text("fn.born.html"), &["Born in a macro.", "operation born of kind"]);
}

#[test]
fn each_of_several_operations_has_its_own() {
    let pages = Pages::built(&[]);
    assert_in_order(
        &pages.text("fn.stacked.html"),
        &[
            "Two operations.",
            "outer of kind token",
            "operation=\"outer\"",
            "inner of kind authorization",
            "operation=\"inner\"",
        ],
    );
}

#[test]
fn nothing_is_added_where_the_user_says_so_or_where_it_would_hide_the_documentation_of_a_trait() {
    let pages = Pages::built(&[]);
    assert!(!pages.text("fn.silent.html").contains("Metered as"));
    let service = pages.text("struct.Service.html");
    assert!(service.contains("What the trait says of the method."), "{service}");
    assert!(!service.contains("operation log_in"), "{service}");
    assert!(!service.contains("operation quiet"), "{service}");
    assert!(service.contains("operation loud"), "{service}");
}

#[test]
fn the_environment_makes_them_links() {
    let set = Pages::built(&[(URL, "https://prometheus.example.com/"), (NAMESPACE, "acme")]);
    let named: Vec<String> = LOGIN.lines().map(|query| query.replace("rate(", "rate(acme_")).collect();
    assert_eq!(set.queries("fn.login.html", "https://prometheus.example.com"), named);
    drop(set);
    let empty = Pages::built(&[(URL, ""), (NAMESPACE, "")]);
    assert!(!empty.html("fn.login.html").contains("g0.expr"));
}

#[test]
fn the_compiler_notices_that_the_environment_is_another() {
    let _build = BUILDS.lock().unwrap_or_else(PoisonError::into_inner);
    let first = [(URL, "https://prometheus.example.com"), (NAMESPACE, "acme")];
    let another = [(URL, "http://127.0.0.1:9090"), (NAMESPACE, "acme")];
    let none: [(&str, &str); 0] = [];
    cargo(&["check"], &none).unwrap();
    for (environment, is_another) in
        [(&first[..], true), (&first, false), (&another, true), (&first[1..], true), (&none, true)]
    {
        let said = cargo(&["check", "--verbose"], environment).unwrap();
        let beginning = if is_another { "Checking" } else { "Fresh" };
        assert!(said.contains(&format!("{beginning} auth-metrics-documented ")), "{environment:?}:\n{said}");
    }
}

#[test]
fn an_environment_that_makes_no_sense_is_a_compile_error_which_does_not_repeat_it() {
    let texts = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("documented/refused.stderr"));
    let refused = [
        (URL, "prometheus:9090"),
        (URL, "http://"),
        (URL, "https://ops:hunter2@prometheus"),
        (URL, "https://prometheus/graph?a"),
        (NAMESPACE, "9-lives"),
    ];
    let texts = texts.unwrap();
    assert_eq!(texts.lines().count(), refused.len());
    for ((variable, value), text) in refused.into_iter().zip(texts.lines()) {
        let _build = BUILDS.lock().unwrap_or_else(PoisonError::into_inner);
        let said = cargo(&["check"], &[(variable, value)]).unwrap_err();
        assert!(said.lines().any(|line| line == text), "{said}");
        assert!(value == "http://" || !said.contains(value), "{said}");
        assert!(said.contains("#[auth_metered(op = \"login\")]"), "{said}");
    }
}

#[test]
fn every_family_and_label_that_is_asked_for_exists() {
    let pages = Pages::built(&[(URL, "http://127.0.0.1:9090")]);
    for query in pages.queries("fn.login.html", "http://127.0.0.1:9090") {
        let series = query.split_once("rate(").unwrap().1.split_once('{').unwrap().0;
        let family = FAMILIES.iter().find(|family| family.name == series.trim_end_matches("_bucket"));
        let family = family.unwrap_or_else(|| panic!("{series} is no family"));
        let label = query.split_once("sum by (").unwrap().1.split_once(')').unwrap().0;
        assert!(label == "le" || family.labels.contains(&label), "{family:?} has no label {label}");
        assert!(family.labels.contains(&"operation"), "{family:?}");
    }
}
