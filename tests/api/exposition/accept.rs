//! Which format a scraper gets by what it accepts, in a router of the user's own; the listener asks in the same place.

use auth_metrics::{AuthMetrics, OPENMETRICS_CONTENT_TYPE, TEXT_CONTENT_TYPE};
use http::HeaderMap;
use http::header::{ACCEPT, CACHE_CONTROL, CONTENT_TYPE, HeaderValue};
use proptest::prelude::*;

use crate::fixture::{busy, handle};

fn accepted(values: &[&[u8]]) -> String {
    let headers = values.iter().map(|value| (ACCEPT, HeaderValue::from_bytes(value).unwrap()));
    let response = handle().scrape(&headers.collect());
    let content_type = response.headers()[CONTENT_TYPE].to_str().unwrap().to_owned();
    assert_eq!(response.body().ends_with("# EOF\n"), content_type != TEXT_CONTENT_TYPE, "{content_type}");
    content_type
}

#[track_caller]
fn assert_accepted(accept: &str, content_type: &str) {
    assert_eq!(accepted(&[accept.as_bytes()]), content_type, "{accept}");
}

const DRAFT: &str = "application/openmetrics-text; version=0.0.1; charset=utf-8";

#[test]
fn scrape_of_a_router_is_the_same_as_the_encoders() {
    let metrics = handle();
    let _in_flight = busy(&metrics);
    let text = metrics.scrape(&HeaderMap::new());
    assert_eq!(text.status(), 200);
    assert_eq!(
        (text.body(), &text.headers()[CONTENT_TYPE]),
        (&metrics.encode_text(), &HeaderValue::from_static(TEXT_CONTENT_TYPE))
    );
    let mut headers = HeaderMap::new();
    headers.insert(ACCEPT, HeaderValue::from_static("application/openmetrics-text"));
    let openmetrics = metrics.scrape(&headers);
    assert_eq!(openmetrics.body(), &metrics.encode_openmetrics());
    assert_eq!(openmetrics.headers()[CACHE_CONTROL], "no-store");
}

#[test]
fn prometheus_gets_openmetrics() {
    let two = "application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,text/plain;\
               version=0.0.4;q=0.5,*/*;q=0.1";
    let protobuf =
        "application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited";
    assert_accepted(two, OPENMETRICS_CONTENT_TYPE);
    assert_accepted(&format!("{protobuf},{two}"), OPENMETRICS_CONTENT_TYPE);
    let three = "application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.6,application/openmetrics-text;version=0.0.1;\
                 q=0.5,text/plain;version=1.0.0;escaping=allow-utf-8;q=0.4,text/plain;version=0.0.4;q=0.3,*/*;q=0.2";
    let escaped = format!("{OPENMETRICS_CONTENT_TYPE}; escaping=allow-utf-8");
    assert_accepted(three, &escaped);
    assert_accepted(&format!("{protobuf};q=0.7,{three}"), &escaped);
}

#[test]
fn escaping_is_echoed_if_it_is_one() {
    for escaping in ["allow-utf-8", "allow-utf8", "underscores", "dots", "values"] {
        let expected = format!("{OPENMETRICS_CONTENT_TYPE}; escaping={escaping}");
        assert_accepted(
            &format!("application/openmetrics-text; version=1.0.0; escaping={escaping}"),
            &expected,
        );
        assert_accepted(&format!("application/openmetrics-text;escaping=\"{escaping}\""), &expected);
        assert_accepted(&format!("application/openmetrics-text;version=0.0.1;escaping={escaping}"), DRAFT);
    }
    for odd in ["", "none", "VALUES", "values\"", "a\tb", "utf-8;x=values"] {
        assert_accepted(&format!("application/openmetrics-text;escaping={odd}"), OPENMETRICS_CONTENT_TYPE);
    }
}

#[test]
fn those_who_name_openmetrics_and_like_it_as_much_as_the_text_get_it() {
    for accept in [
        "application/openmetrics-text",
        "APPLICATION/OpenMetrics-Text; Version=\"1.0.0\"; Q=1",
        "application/openmetrics-text;version=1.0.0;q=0.001",
        "application/openmetrics-text;charset=utf-8;x=\"a,b;q=0\\\",c\"",
        "application/openmetrics-text, text/plain",
        "application/openmetrics-text, */*",
        "*/*, application/openmetrics-text",
        "text/*;q=0.9,application/openmetrics-text;q=0.9",
        "text/plain;q=0.5,application/openmetrics-text;q=.6",
        "text/plain;q=0, application/openmetrics-text;q=0.1",
        "text/plain;version=9.9.9, application/openmetrics-text;q=0.1",
        ",, application/openmetrics-text ,",
        "application/openmetrics-text;version=2.0.0,application/openmetrics-text;version=1.0.0;q=0.5",
        "application/openmetrics-text;version=0.0.1,application/openmetrics-text;version=1.0.0",
        "application/openmetrics-text;q=0.1,application/openmetrics-text;q=0.9,text/plain;q=0.5",
    ] {
        assert_accepted(accept, OPENMETRICS_CONTENT_TYPE);
    }
}

#[test]
fn draft_is_declared_to_those_who_like_it_more() {
    assert_accepted("application/openmetrics-text;version=0.0.1", DRAFT);
    assert_accepted(
        "application/openmetrics-text;version=0.0.1,application/openmetrics-text;version=1.0.0;q=0.5",
        DRAFT,
    );
    assert_accepted(
        "application/openmetrics-text;version=1.0.0;q=0,application/openmetrics-text;version=0.0.1;q=0.1",
        DRAFT,
    );
}

#[test]
fn everybody_else_gets_the_text() {
    for accept in [
        "",
        "*/*",
        "text/plain",
        "text/plain;version=0.0.4",
        "text/plain;version=1.0.0;escaping=allow-utf-8",
        "application/*",
        "application/json",
        "application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited",
        "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8",
        "text/plain, application/openmetrics-text",
        "application/openmetrics-text;q=0.5,text/plain;q=0.6",
        "application/openmetrics-text;q=0.5,*/*;q=0.8",
        "application/openmetrics-text;q=0.5,text/*;q=0.8,*/*;q=0.1",
        "application/openmetrics-text;q=0",
        "application/openmetrics-text;q=0.0001",
        "application/openmetrics-text;version=1.0.0;q=0,application/openmetrics-text",
        "application/openmetrics-text;version=2.0.0",
        "application/openmetrics-text;version=",
        "application/openmetrics-textual",
        "openmetrics-text",
        "x;application/openmetrics-text",
        "\"application/openmetrics-text\"",
        "text/html;x=\"application/openmetrics-text, application/openmetrics-text\"",
    ] {
        assert_accepted(accept, TEXT_CONTENT_TYPE);
    }
}

#[test]
fn header_that_can_not_be_read_is_answered_with_the_text() {
    for weight in
        ["NaN", "nan", "inf", "-0", "-1", "+1", "1.001", "2", "1e-1", "0x1", "", ".", "0.5.5", "0.5a", "½"]
    {
        let accept = format!("application/openmetrics-text;q={weight}");
        assert_accepted(&accept, TEXT_CONTENT_TYPE);
        assert_accepted(&format!("application/openmetrics-text,text/plain;q={weight}x"), TEXT_CONTENT_TYPE);
    }
    assert_eq!(accepted(&[b"application/openmetrics-text;x=\xff\xfe"]), TEXT_CONTENT_TYPE);
    assert_eq!(accepted(&[b"application/openmetrics-text", b"\xc3\xa4/b"]), TEXT_CONTENT_TYPE);
}

#[test]
fn header_without_end_is_answered_with_the_text() {
    let named = "application/openmetrics-text";
    let ranges = "a/b,".repeat(2_000_000);
    let parameters = ";q=1".repeat(1_000_000);
    for accept in [format!("{named},{ranges}"), format!("{ranges}{named}"), format!("{named}{parameters}")] {
        assert_accepted(&accept, TEXT_CONTENT_TYPE);
    }
    assert_accepted(&format!("{named},{}", "\"".repeat(5_000)), TEXT_CONTENT_TYPE);
    let headers = vec![named.as_bytes(); 10_000];
    assert_eq!(accepted(&headers), TEXT_CONTENT_TYPE);
}

#[test]
fn several_headers_are_one_list() {
    assert_eq!(accepted(&[b"text/plain;q=0.5", b"application/openmetrics-text"]), OPENMETRICS_CONTENT_TYPE);
    assert_eq!(accepted(&[b"application/openmetrics-text;q=0.5", b"text/plain"]), TEXT_CONTENT_TYPE);
    assert_eq!(accepted(&[b"text/plain", b"application/openmetrics-text"]), TEXT_CONTENT_TYPE);
    assert_eq!(accepted(&[b"", b"application/openmetrics-text", b""]), OPENMETRICS_CONTENT_TYPE);
}

fn pieces() -> impl Strategy<Value = Vec<u8>> {
    let known = prop::sample::select(vec![
        "application/openmetrics-text",
        "text/plain",
        "*/*",
        "text/*",
        "application/*",
        ";version=1.0.0",
        ";version=0.0.1",
        ";q=",
        "0.5",
        "1",
        "0",
        ";escaping=values",
        ";escaping=",
        ",",
        ";",
        "=",
        "\"",
        "\\",
        " ",
        "/",
        "q",
        "NaN",
    ]);
    let byte = (0x20..=0xff_u8).prop_filter("a header takes it", |byte| *byte != 0x7f);
    let piece = prop_oneof![8 => known.prop_map(|known| known.as_bytes().to_vec()), 1 => byte.prop_map(|byte| vec![byte])];
    prop::collection::vec(piece, 0..24).prop_map(|pieces| pieces.concat())
}

/// All that can be answered.
fn content_types() -> Vec<String> {
    let escaped = ["underscores", "dots", "values", "allow-utf8", "allow-utf-8"];
    let escaped = escaped.map(|escaping| format!("{OPENMETRICS_CONTENT_TYPE}; escaping={escaping}"));
    let plain = [TEXT_CONTENT_TYPE, OPENMETRICS_CONTENT_TYPE, DRAFT].map(str::to_owned);
    plain.into_iter().chain(escaped).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_header_is_answered_with_a_format_that_was_named_or_the_text(headers in prop::collection::vec(pieces(), 0..4)) {
        let values: Vec<&[u8]> = headers.iter().map(Vec::as_slice).collect();
        let content_type = accepted(&values);
        prop_assert!(content_types().contains(&content_type), "{}", content_type);
        let names_it = headers.iter().any(|header| String::from_utf8_lossy(header).contains("application/openmetrics-text"));
        prop_assert!(names_it || content_type == TEXT_CONTENT_TYPE);
    }
}

#[test]
fn answer_can_be_sent_to_another_thread() {
    fn is_send<T: Send + 'static>(_: &T) {}
    is_send(&AuthMetrics::builder().build().unwrap().scrape(&HeaderMap::new()));
}
