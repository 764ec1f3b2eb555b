//! The strict parser of `prometheus_client`, as one Python process that reads many texts.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use serde_json::{Value, json};

pub(super) struct Strict {
    running: Child,
    texts: Option<ChildStdin>,
    answers: BufReader<ChildStdout>,
}

/// A sample as the parser reads it.
#[derive(Debug)]
pub(super) struct Sample {
    pub(super) name: String,
    pub(super) labels: BTreeMap<String, String>,
    pub(super) value: f64,
    pub(super) exemplar: Option<Exemplar>,
}

#[derive(Debug)]
pub(super) struct Exemplar {
    pub(super) labels: BTreeMap<String, String>,
    pub(super) value: f64,
    /// In seconds since 1970.
    pub(super) time: f64,
}

impl Strict {
    pub(super) fn start() -> Strict {
        let packages = std::env::var_os("PYTHON_PACKAGES").expect(
            "PYTHON_PACKAGES must be a folder with what formats/requirements.txt lists: run ./check formats",
        );
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("formats/strict.py");
        let mut command = Command::new("python3");
        command.arg(script).env("PYTHONPATH", packages).env("PYTHONIOENCODING", "utf-8");
        let mut running =
            command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("python3 is needed");
        let (texts, answers) = (running.stdin.take(), running.stdout.take().unwrap());
        Strict { running, texts, answers: BufReader::new(answers) }
    }

    /// What the parser reads, in the order of the text, or what it says is wrong.
    pub(super) fn read(&mut self, text: &str) -> Result<Vec<Sample>, String> {
        let texts = self.texts.as_mut().unwrap();
        writeln!(texts, "{}", json!(text)).unwrap();
        let mut answer = String::new();
        self.answers.read_line(&mut answer).unwrap();
        let answer: Value =
            serde_json::from_str(&answer).unwrap_or_else(|error| panic!("{error}: {answer:?}"));
        if let Some(mistake) = answer["mistake"].as_str() {
            return Err(mistake.to_owned());
        }
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        let number = |value: &Value| value.as_str().unwrap().parse().unwrap();
        let labels = |value: &Value| {
            value.as_object().unwrap().iter().map(|(name, value)| (name.clone(), text(value))).collect()
        };
        let exemplar = |exemplar: &Value| Exemplar {
            labels: labels(&exemplar[0]),
            value: number(&exemplar[1]),
            time: exemplar[2].as_f64().unwrap(),
        };
        let sample = |sample: &Value| Sample {
            name: text(&sample[0]),
            labels: labels(&sample[1]),
            value: number(&sample[2]),
            exemplar: (!sample[3].is_null()).then(|| exemplar(&sample[3])),
        };
        Ok(answer["samples"].as_array().unwrap().iter().map(sample).collect())
    }
}

impl Drop for Strict {
    fn drop(&mut self) {
        // It ends with its input.
        drop(self.texts.take());
        drop(self.running.wait());
    }
}

#[test]
#[ignore = "needs python3 and prometheus_client; ./check runs it"]
fn parser_is_strict() {
    let mut strict = Strict::start();
    let right = "# HELP a Help.\n# TYPE a counter\na_total{x=\"1\"} 1\n# EOF\n";
    assert_eq!(strict.read(right).unwrap().len(), 1);
    let traced = right.replacen("} 1", "} 1 # {trace_id=\"a\"} 1 1.5", 1);
    let read = strict.read(&traced).unwrap().remove(0).exemplar.unwrap();
    assert_eq!((read.labels["trace_id"].as_str(), read.value, read.time), ("a", 1.0, 1.5));
    strict.read(&traced.replace("counter", "gauge").replace("_total", "")).expect_err("of a gauge");
    for (from, to) in [
        ("# EOF\n", ""),
        ("TYPE a ", "TYPE a_total "),
        ("} 1", "} -1"),
        ("x=\"1\"", "x=\"1"),
        ("a_total{", "\na_total{"),
    ] {
        strict.read(&right.replacen(from, to, 1)).expect_err(to);
    }
    strict
        .read(
            "# TYPE a histogram\na_bucket{le=\"1\"} 1\na_bucket{le=\"+Inf\"} 1\na_count 1\na_sum 1\n# EOF\n",
        )
        .unwrap();
    strict
        .read("# TYPE a histogram\na_bucket{le=\"1\"} 1\na_count 1\na_sum 1\n# EOF\n")
        .expect_err("no +Inf");
}
