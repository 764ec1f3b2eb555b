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

/// Samples by name and labels, in the order of the text.
pub(super) type Samples = Vec<(String, BTreeMap<String, String>, f64)>;

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

    /// What the parser reads, or what it says is wrong.
    pub(super) fn read(&mut self, text: &str) -> Result<Samples, String> {
        let texts = self.texts.as_mut().unwrap();
        writeln!(texts, "{}", json!(text)).unwrap();
        let mut answer = String::new();
        self.answers.read_line(&mut answer).unwrap();
        let answer: Value =
            serde_json::from_str(&answer).unwrap_or_else(|error| panic!("{error}: {answer:?}"));
        if let Some(mistake) = answer["mistake"].as_str() {
            return Err(mistake.to_owned());
        }
        let sample = |sample: &Value| {
            let labels = sample[1].as_object().unwrap().iter();
            let labels =
                labels.map(|(name, value)| (name.clone(), value.as_str().unwrap().to_owned())).collect();
            (sample[0].as_str().unwrap().to_owned(), labels, sample[2].as_str().unwrap().parse().unwrap())
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
