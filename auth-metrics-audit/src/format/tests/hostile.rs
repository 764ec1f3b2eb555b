//! Whatever the texts: one valid line that says the same, or says that it was cut.

use serde_json::Value;

use super::super::frame::MOST;
use super::worlds::Random;
use super::*;
use crate::memory::Pattern;

fn is_dangerous(each: char) -> bool {
    each.is_control()
        || matches!(each, '\u{2028}' | '\u{2029}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// Where a text is in a line, by the format: the path of its members.
type Place = [&'static [&'static str]; 2];

const NODE: Place = [&["service.node.name"], &["unmapped", "node"]];
const OPERATION: Place = [&["event.action"], &["unmapped", "operation"]];

/// The texts of an attempt, and where they are.
fn texts(attempt: &Attempt) -> Vec<(Place, &str)> {
    let [service, user, session, resource]: [&[&str]; 4] = match attempt.kind {
        Kind::Credential => [
            &["unmapped", "service"],
            &["actor", "user", "uid"],
            &["actor", "session", "uid"],
            &["entity", "name"],
        ],
        Kind::Decision | Kind::Attempt(OperationKind::Authorization) => [
            &["api", "service", "name"],
            &["actor", "user", "uid"],
            &["actor", "session", "uid"],
            &["resources", "0", "name"],
        ],
        Kind::Attempt(_) => {
            [&["service", "name"], &["user", "uid"], &["session", "uid"], &["unmapped", "resource"]]
        }
    };
    let mut texts = vec![([&["service.name"], service], &*attempt.service), (OPERATION, &attempt.operation)];
    let shown = [
        (&attempt.subject, [&["user.id"], user]),
        (&attempt.session, [&["auth.session"], session]),
        (&attempt.device, [&["auth.device"] as &[_], &["unmapped", "device"]]),
    ];
    for (shown, place) in shown {
        if let Shown::Clear(text) = shown {
            texts.push((place, text));
        }
    }
    if let Some(text) = &attempt.resource {
        texts.push(([&["auth.resource"], resource], text));
    }
    if let Some(text) = &attempt.request_id {
        texts.push(([&["http.request.id"], &["http_request", "uid"]], text));
    }
    texts
}

fn find<'v>(line: &'v Value, path: &[&str]) -> &'v Value {
    path.iter().fold(line, |value, key| key.parse::<usize>().map_or(&value[*key], |index| &value[index]))
}

/// Checks one line, and returns whether it says that it was cut.
fn check(format: Format, record: &Record, origin: &Origin) -> bool {
    let text = line_of(format, record, &frame(origin));
    assert!(text.len() <= MOST, "{} bytes", text.len());
    let (line, end) = text.split_at(text.len() - 1);
    assert!(end == "\n" && !line.contains(is_dangerous));
    let line: Value = serde_json::from_str(line).unwrap();
    let ours =
        |key| if format == Format::Ecs { &line[format!("auth.{key}")] } else { &line["unmapped"][key] };
    let is_truncated = ours("truncated") == &Value::Bool(true);
    let mut expected = vec![(NODE, origin.node.as_str())];
    if let Body::Event(attempt) = &record.body {
        expected.extend(texts(attempt));
        assert!(is_truncated || !attempt.is_truncated);
    }
    for (place, text) in expected {
        let path = place[usize::from(format == Format::Ocsf)];
        let shown = find(&line, path).as_str().unwrap_or_else(|| panic!("no {path:?}"));
        assert!(text.starts_with(shown) && (is_truncated || shown.len() == text.len()), "{path:?}");
    }
    is_truncated
}

#[test]
fn any_record_is_one_valid_line_that_says_it() {
    let mut random = Random::new(1);
    let mut cut = 0;
    for _ in 0..5_000 {
        let (record, origin) = (random.record(), random.origin());
        cut += FORMATS.iter().filter(|format| check(**format, &record, &origin)).count();
    }
    // Both happen often, or the generator is of no use.
    assert!((1_000..9_000).contains(&cut), "{cut}");
}

#[test]
fn longest_line_of_all_fits() {
    let long = "\u{1b}".repeat(1 << 20);
    for (kind, _) in KINDS {
        let mut longest = known(kind, &long, Outcome::Failure(Reason::TokenAlgorithmRejected));
        longest.service = long.as_str().into();
        longest.resource = Some(long.as_str().into());
        longest.request_id = Some(long.as_str().into());
        longest.source = Some("a_method_whose_name_is_as_long_as_a_name_can_be_in_this_library_");
        let id = "k".repeat(32);
        let keys = Pseudonyms::with_key(&id, &[2; 32]).unwrap();
        let keys = keys.and_previous(&id.to_uppercase(), &[1; 32]).unwrap();
        let shown = |field| {
            let previous = keys.previous().map(|previous| previous.of(field, "x"));
            Shown::Pseudonym(keys.of(field, "x"), previous)
        };
        longest.subject = shown(Field::Subject);
        longest.session = shown(Field::Session);
        longest.device = shown(Field::Device);
        longest.peer = ShownPeer::Pseudonym(keys.of_peer([192, 0, 2, 1].into()));
        longest.failures_before = Some(u32::MAX);
        longest.patterns = Pattern::LABELS.into();
        longest.duration = Duration::MAX;
        longest.id = Some("ffffffffffffffff-ffffffff-ffffffffffffffff".into());
        // A boot and a chain are 16 digits that the trail makes itself.
        let origin = Origin { node: long.clone(), boot: "b".repeat(16), organization: Some(long.clone()) };
        let chain = "c".repeat(16);
        let frame = Frame { chain: &chain, sequence: u64::MAX, ..frame(&origin) };
        let record = Record { at: started(), body: Body::Event(Box::new(longest)) };
        for format in FORMATS {
            let line = line_of(format, &record, &frame);
            assert!(line.len() <= MOST, "{format:?} {kind:?}: {}", line.len());
        }
    }
}

#[test]
fn usual_texts_are_never_cut() {
    let long = "é".repeat(128);
    for (kind, operation) in KINDS {
        for mut usual in
            [known(kind, operation, Outcome::Success), attempt(kind, operation, Outcome::Success)]
        {
            usual.resource = Some(long.as_str().into());
            usual.request_id = Some("4bf92f35-77b3-4da6-a3ce-929d0e0e4736".into());
            for format in FORMATS {
                assert!(!check(format, &event(copy(&usual)), &origin()));
            }
        }
    }
}

fn copy(attempt: &Attempt) -> Attempt {
    Attempt {
        patterns: attempt.patterns.clone(),
        id: attempt.id.clone(),
        service: attempt.service.clone(),
        operation: attempt.operation.clone(),
        subject: attempt.subject.clone(),
        session: attempt.session.clone(),
        device: attempt.device.clone(),
        resource: attempt.resource.clone(),
        peer: attempt.peer.clone(),
        request_id: attempt.request_id.clone(),
        previous: attempt.previous.clone(),
        sequences: None,
        ..*attempt
    }
}

#[test]
fn only_the_longest_texts_are_cut() {
    let mut long = attempt(KINDS[0].0, "login", Outcome::Success);
    long.resource = Some("x".repeat(1 << 20).into());
    long.request_id = Some("r".repeat(100).into());
    let line = line_of(Format::Ecs, &event(long), &frame(&origin()));
    let line: Value = serde_json::from_str(&line).unwrap();
    assert_eq!(line["auth.resource"].as_str().unwrap().len(), 512);
    assert_eq!(line["http.request.id"].as_str().unwrap().len(), 100);
    assert_eq!(line["auth.truncated"], true);
}

#[test]
fn each_character_comes_back() {
    let every = (0..=0xffff).chain([0x1_f600, 0x10_ffff]).filter_map(char::from_u32).collect::<Vec<_>>();
    for some in every.chunks(200) {
        let text: String = some.iter().collect();
        let mut attempt = attempt(KINDS[0].0, "login", Outcome::Success);
        attempt.resource = Some(text.as_str().into());
        assert!(FORMATS.iter().all(|format| !check(*format, &event(copy(&attempt)), &origin())));
    }
}

#[test]
fn heads_that_do_not_fit_are_left_out_whole() {
    let heads: Vec<Head> = (0..40).map(|index| head("a-copy", u64::MAX - index)).collect();
    let record = own(Own::Checkpoint(checkpoint(heads.clone()).into()));
    for format in FORMATS {
        assert!(check(format, &record, &origin()), "it says so");
        let line: Value = serde_json::from_str(&line_of(format, &record, &frame(&origin()))).unwrap();
        let path: &[&str] = if format == Format::Ecs { &["auth.heads"] } else { &["unmapped", "heads"] };
        let shown = find(&line, path).as_array().unwrap();
        assert!((4..40).contains(&shown.len()), "{}", shown.len());
        for (head, shown) in heads.iter().zip(shown) {
            let expected = format!("{}:{}:{}:{}", head.sink, head.chain, head.sequence, head.hash);
            assert_eq!(shown, &Value::String(expected));
        }
    }
}
