//! Reads what `to_csv` wrote.

use std::collections::BTreeMap;

use auth_metrics_tests_scrape::{Scrape, le};

/// Samples by name and labels; `le` in one spelling, since each format has its own.
pub type Read = BTreeMap<(String, BTreeMap<String, String>), f64>;

#[track_caller]
pub fn read_csv(text: &str) -> Read {
    let mut read = Read::new();
    for mut fields in lines(text) {
        let rest = fields.split_off(2);
        let value = match fields[1].as_str() {
            "+Inf" => f64::INFINITY,
            "-Inf" => f64::NEG_INFINITY,
            finite => finite.parse().unwrap(),
        };
        let labels: BTreeMap<String, String> =
            rest.chunks(2).map(|pair| spelled((pair[0].clone(), pair[1].clone()))).collect();
        assert_eq!(labels.len() * 2, rest.len(), "a label stands twice: {rest:?}");
        let name = fields.swap_remove(0);
        assert!(read.insert((name.clone(), labels), value).is_none(), "{name} stands twice");
    }
    read
}

/// The same of a text.
pub fn read_text(scrape: &Scrape) -> Read {
    let labels = |labels: &BTreeMap<String, String>| labels.clone().into_iter().map(spelled).collect();
    scrape.samples().map(|sample| ((sample.name.clone(), labels(&sample.labels)), sample.value)).collect()
}

fn spelled((label, value): (String, String)) -> (String, String) {
    let value = if label == "le" { le(value.parse().unwrap()) } else { value };
    (label, value)
}

fn lines(text: &str) -> Vec<Vec<String>> {
    let (mut lines, mut fields, mut field, mut is_quoted) = (Vec::new(), Vec::new(), String::new(), false);
    let mut characters = text.chars().peekable();
    while let Some(each) = characters.next() {
        match each {
            '"' if is_quoted && characters.next_if_eq(&'"').is_some() => field.push('"'),
            '"' => is_quoted = !is_quoted,
            ',' if !is_quoted => fields.push(std::mem::take(&mut field)),
            '\r' if !is_quoted => {}
            '\n' if !is_quoted => {
                fields.push(std::mem::take(&mut field));
                lines.push(std::mem::take(&mut fields));
            }
            plain => field.push(plain),
        }
    }
    assert!(!is_quoted && field.is_empty() && fields.is_empty(), "the last line does not end");
    lines
}
