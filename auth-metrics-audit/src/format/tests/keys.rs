//! The keys of a line, in the order that they stand in it. `serde_json` sorts them, and hides one that is there twice.

/// The keys of a line as paths: `a > b` is `b` in the object `a`, or in an object of the list `a`.
pub(super) fn keys(line: &str) -> Vec<String> {
    let mut keys = Vec::new();
    assert_eq!(value(line, "", &mut keys), "\n", "one object, and the end of the line");
    keys
}

/// Reads a value and returns what comes after it.
fn value<'t>(text: &'t str, path: &str, keys: &mut Vec<String>) -> &'t str {
    if let Some(mut rest) = text.strip_prefix('{') {
        while !rest.starts_with('}') {
            let (key, after) = string(rest.strip_prefix(',').unwrap_or(rest));
            let path = if path.is_empty() { key.to_owned() } else { format!("{path} > {key}") };
            keys.push(path.clone());
            rest = value(after.strip_prefix(':').unwrap(), &path, keys);
        }
        &rest[1..]
    } else if let Some(mut rest) = text.strip_prefix('[') {
        while !rest.starts_with(']') {
            rest = value(rest.strip_prefix(',').unwrap_or(rest), path, keys);
        }
        &rest[1..]
    } else if text.starts_with('"') {
        string(text).1
    } else {
        text.trim_start_matches(|each: char| !matches!(each, ',' | '}' | ']'))
    }
}

/// Reads a string and returns it, still escaped, and what comes after it.
fn string(text: &str) -> (&str, &str) {
    let text = text.strip_prefix('"').unwrap();
    let mut is_escaped = false;
    let end = text.bytes().position(|byte| {
        let ends = byte == b'"' && !is_escaped;
        is_escaped = byte == b'\\' && !is_escaped;
        ends
    });
    let end = end.unwrap();
    (&text[..end], &text[end + 1..])
}
