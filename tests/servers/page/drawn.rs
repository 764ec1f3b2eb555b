//! What the browser draws.

use std::path::Path;

use auth_metrics::{Outcome, Reason};
use serde_json::json;

use super::browser::Browser;
use super::{HOSTILE, Served};
use crate::stack::{eventually, service};

/// Every text's contrast with what is behind it, where it is below what WCAG 2 asks for at level AA.
const POOR_CONTRASTS: &str = r"(() => {
    const channels = color => color.match(/[\d.]+/g).map(Number);
    const light = color => channels(color).slice(0, 3).map(c => c / 255)
        .map(c => c <= .03928 ? c / 12.92 : ((c + .055) / 1.055) ** 2.4)
        .reduce((sum, c, at) => sum + c * [.2126, .7152, .0722][at], 0);
    const behind = element => {
        for (let at = element; at; at = at.parentElement) {
            const color = getComputedStyle(at).backgroundColor;
            if ((channels(color)[3] ?? 1) > 0) return color;
        }
    };
    const poor = [];
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    let texts = 0;
    while (walker.nextNode()) {
        const element = walker.currentNode.parentElement;
        if (!walker.currentNode.data.trim() || !element.checkVisibility()) continue;
        texts += 1;
        const [a, b] = [getComputedStyle(element).color, behind(element)].map(light);
        const contrast = (Math.max(a, b) + .05) / (Math.min(a, b) + .05);
        if (contrast < 4.5) poor.push(`${walker.currentNode.data}: ${contrast.toFixed(2)}`);
    }
    return [texts, poor];
})()";

fn shown(name: &str, served: &Served) -> Browser {
    let mut browser = Browser::start(name);
    browser.open(&served.url());
    browser.until("#operations", "login");
    browser
}

/// Cells of the row that begins with a name.
fn row(browser: &mut Browser, table: &str, name: &str) -> Vec<String> {
    let rows = browser.rows(table);
    let row = rows.iter().find(|row| row[0] == name);
    row.unwrap_or_else(|| panic!("{table} has no row {name}: {rows:#?}")).clone()
}

#[test]
#[ignore = "needs a browser: run by ./check"]
fn every_table_says_what_the_process_counted() {
    let served = Served::start(None);
    served.fill();
    let mut browser = shown("page_tables", &served);
    let login = row(&mut browser, "operations", "login");
    assert_eq!(login[3..9], ["1,234", "7", "2", "0", "0", "0"], "{login:?}");
    let verify = row(&mut browser, "operations", "verify");
    assert_eq!(verify[3..9], ["0", "0", "0", "0", "1", "0"], "{verify:?}");
    let reasons = browser.rows("reasons");
    let reasons: Vec<&[String]> = reasons.iter().map(|row| &row[..4]).collect();
    let expected = [
        ["login", "invalid_credentials", "client", "7"],
        ["login", "dependency_unavailable", "server", "2"],
        ["verify", "cancelled", "neutral", "1"],
    ];
    assert_eq!(reasons, expected);
    let slow = row(&mut browser, "latency", "slow");
    assert_eq!(
        slow[1..6],
        ["1", "75 ms", "87.5 ms", "98.8 ms", "99.8 ms"],
        "between the bounds 75 and 100 ms; the sum moves in steps"
    );
    let credentials = browser.rows("credentials");
    let credentials: Vec<[&str; 5]> =
        credentials.iter().map(|row| [&*row[0], &*row[1], &*row[3], &*row[4], &*row[5]]).collect();
    let expected = [
        ["gone", "signing_key", "2 d ago: expired", "–", "–"],
        ["due", "api_key", "–", "31 d ago", "1 d ago: overdue"],
        ["late", "signing_key", "in 40 d", "–", "–"],
    ];
    assert_eq!(credentials, expected);
    assert!(row(&mut browser, "limits", "per_minute")[2..4] == ["57 (95 %)", "60"]);
    assert_eq!(browser.text("#flight"), "0");
    assert_eq!(browser.text("#success"), "99.27 %");
    assert_eq!(browser.console(), [""; 0]);
}

#[test]
#[ignore = "needs a browser: run by ./check"]
fn figures_follow_the_process_and_nobody_else_is_asked() {
    let served = Served::start(None);
    served.fill();
    let mut browser = shown("page_updates", &served);
    assert_eq!(row(&mut browser, "operations", "login")[1], "–", "one reading makes no rate");
    browser.eval("by('operations').tBodies[0].rows[0].mark = 'kept'");
    for count in 8..11 {
        served.metrics.attempt("login").finish(Outcome::Failure(Reason::InvalidCredentials));
        browser.until("#reasons", &format!("invalid_credentials\tclient\t{count}\t"));
    }
    let login = row(&mut browser, "operations", "login");
    assert!(login[1].parse::<f64>().unwrap() > 0.0, "{login:?}");
    let mark = browser.eval("by('operations').tBodies[0].rows[0].mark");
    assert_eq!(mark, json!("kept"), "what is read or selected is not taken away");
    let points = browser.eval("document.querySelector('polyline').getAttribute('points').split(' ').length");
    assert!(points.as_u64() >= Some(3), "{points}");
    let in_flight = served.metrics.attempt("login");
    browser.until("#flight", "1");
    in_flight.finish(Outcome::Success);
    browser.until("#flight", "0");
    browser.eval("by('period').value = 'minute'; draw()");
    assert_eq!(
        row(&mut browser, "operations", "login")[3..5],
        ["1", "3"],
        "what came since the page was opened"
    );
    let (page, metrics) = (served.url(), format!("{}metrics", served.url()));
    let requests = browser.requests();
    let others: Vec<_> =
        requests.iter().filter(|url| **url != page && **url != metrics && *url != "data:,").collect();
    assert!(others.is_empty() && requests.len() > 4, "{requests:?}");
    assert_eq!(browser.console(), [""; 0]);
}

#[test]
#[ignore = "needs a browser: run by ./check"]
fn last_trace_of_a_reason_is_shown_short_and_taken_whole() {
    const FIRST: &str = "0af7651916cd43dd8448eb211c80319c";
    const SECOND: &str = "4bf92f3577b34da6a3ce929d0e0e4736";
    let served = Served::start(None);
    served.fill();
    let mut browser = shown("page_traces", &served);
    browser.size(1280, 1000, false);
    let head = "#reasons th:last-child";
    assert_eq!(browser.text(head), "", "without a trace there is no column for one");
    served.fail_login_in(FIRST);
    browser.until(head, "Last trace");
    let cell = "document.querySelector('#reasons tbody tr td:last-child')";
    let shown = browser.eval(&format!("[{cell}.textContent, {cell}.title]"));
    assert_eq!(shown, json!([FIRST, FIRST]));
    assert_eq!(browser.eval(&format!("{cell}.scrollWidth > {cell}.clientWidth")), json!(true), "it is cut");
    let place = browser.eval(&format!(
        "(() => {{ {cell}.scrollIntoView(); const {{ x, y }} = {cell}.getBoundingClientRect(); return [x + 20, y + 10]; }})()"
    ));
    for kind in ["mousePressed", "mouseReleased"] {
        let click = json!({ "type": kind, "x": place[0], "y": place[1], "button": "left", "clickCount": 1 });
        browser.call("Input.dispatchMouseEvent", click);
    }
    assert_eq!(browser.eval("getSelection().toString().trim()"), json!(FIRST), "a click selects all of it");
    let others = browser.rows("reasons");
    assert!(others.iter().all(|row| (row[1] == "invalid_credentials") != row[5].is_empty()), "{others:#?}");
    // Each is replaced once a second at most.
    eventually("the trace of a later failure", || {
        served.fail_login_in(SECOND);
        let shown = browser.eval(&format!("{cell}.textContent"));
        if shown == json!(SECOND) { Ok(()) } else { Err(shown.to_string()) }
    });
    browser.eval("by('service').value = by('service').options[1].value; draw()");
    assert_eq!(browser.eval(&format!("{cell}.textContent")), json!(SECOND));
    assert_eq!(browser.console(), [""; 0]);
}

#[test]
#[ignore = "needs a browser: run by ./check"]
fn names_are_text_whatever_is_in_them() {
    let served = Served::start(None);
    served.fill();
    let mut browser = shown("page_names", &served);
    let services = browser.eval("[...by('service').options].map(option => option.value)");
    assert_eq!(services, json!(["", HOSTILE]));
    assert!(browser.eval("by('credentials').tBodies[0].rows[0].cells[2].textContent") == json!(HOSTILE));
    assert_eq!(browser.eval("document.querySelectorAll('img, script:not(:last-of-type)').length"), json!(0));
    browser.eval("by('service').value = by('service').options[1].value; draw()");
    assert_eq!(row(&mut browser, "operations", "login")[3], "1,234");
    browser.eval("document.body.append(document.createElement('p')); 0");
    let injected =
        browser.eval("try { document.body.lastChild.innerHTML = '<b>'; 'taken' } catch { 'refused' }");
    assert_eq!(injected, json!("refused"), "the policy lets no text become markup");
}

#[test]
#[ignore = "needs a browser: run by ./check"]
fn token_is_asked_for_taken_from_the_keyboard_and_not_kept() {
    let served = Served::start(Some("s3cr3t"));
    served.fill();
    let mut browser = Browser::start("page_token");
    browser.open(&served.url());
    browser.until("#access", "Bearer token");
    assert_eq!(browser.text("#shown"), "");
    let reach = |browser: &mut Browser, id: &str| {
        for _ in 0..12 {
            if browser.eval("document.activeElement.id") == json!(id) {
                return;
            }
            browser.press("Tab");
        }
        panic!("the keyboard does not reach {id}");
    };
    reach(&mut browser, "token");
    browser.write("wrong");
    browser.press("Enter");
    browser.until("#told", "This is not the token");
    reach(&mut browser, "token");
    browser.write("s3cr3t");
    browser.press("Enter");
    browser.until("#operations", "login");
    assert_eq!(browser.text("#access") + &browser.text("#told"), "");
    let kept = browser.eval("document.documentElement.outerHTML + JSON.stringify([{...localStorage}, {...sessionStorage}, document.cookie]) + by('token').value");
    assert!(!kept.as_str().unwrap().split("<script>").next().unwrap().contains("s3cr3t"));
    assert!(!kept.as_str().unwrap().contains("s3cr3t"));
    assert!(browser.requests().iter().all(|url| !url.contains("s3cr3t")));
}

#[test]
#[ignore = "needs a browser: run by ./check"]
fn keyboard_reaches_every_control_and_what_is_focused_stays_so() {
    let served = Served::start(None);
    served.fill();
    let mut browser = shown("page_keyboard", &served);
    let mut reached = Vec::new();
    for _ in 0..9 {
        browser.press("Tab");
        reached.push(
            browser
                .eval("document.activeElement.id || document.activeElement.getAttribute('aria-labelledby')"),
        );
    }
    let order = [
        "service",
        "period",
        "pause",
        "operations-title",
        "zeros",
        "reasons-title",
        "latency-title",
        "credentials-title",
        "limits-title",
    ];
    assert_eq!(json!(reached), json!(order));
    let outline = browser.eval("getComputedStyle(document.activeElement).outlineStyle");
    assert_eq!(outline, json!("solid"), "what is focused is seen");
    browser.eval("by('pause').focus()");
    browser.press(" ");
    assert_eq!(browser.eval("by('pause').getAttribute('aria-pressed')"), json!("true"));
    let count = row(&mut browser, "operations", "login")[3].clone();
    served.metrics.attempt("login").finish(Outcome::Success);
    let asked = browser.requests().len();
    browser.press(" ");
    eventually(
        "a reading",
        || if browser.requests().len() > asked { Ok(()) } else { Err("none".to_owned()) },
    );
    browser.until("#operations", "1,235");
    assert_eq!(count, "1,234");
    assert_eq!(browser.eval("document.activeElement.id"), json!("pause"), "drawing does not move the focus");
    assert_eq!(browser.console(), [""; 0]);
}

#[test]
#[ignore = "needs a browser: run by ./check"]
fn screen_readers_find_names_for_tables_regions_and_controls() {
    let served = Served::start(None);
    served.fill();
    let mut browser = shown("page_reader", &served);
    let tree = browser.call("Accessibility.getFullAXTree", json!({}));
    let mut seen: Vec<(String, String)> = Vec::new();
    for node in tree["nodes"].as_array().unwrap().iter().filter(|node| node["ignored"] == json!(false)) {
        let part = |name: &str| node[name]["value"].as_str().unwrap_or_default().to_owned();
        seen.push((part("role"), part("name")));
    }
    for role in ["table", "region", "combobox", "button", "checkbox", "heading", "columnheader", "rowheader"]
    {
        let names: Vec<&String> =
            seen.iter().filter(|(found, _)| found == role).map(|(_, name)| name).collect();
        assert!(!names.is_empty() && names.iter().all(|name| !name.is_empty()), "{role}: {names:?}");
    }
    let headings =
        browser.eval("[...document.querySelectorAll('h1, h2')].map(each => each.tagName).join('')");
    assert!(headings.as_str().unwrap().starts_with("H1H2H2"), "{headings}");
    assert_eq!(
        browser.eval("document.documentElement.lang + document.title"),
        json!("enAuthentication metrics")
    );
}

#[test]
#[ignore = "needs a browser: run by ./check"]
fn light_and_dark_can_be_read_on_a_desk_and_on_a_phone() {
    let served = Served::start(None);
    served.fill();
    let mut browser = shown("page_themes", &served);
    let mut behind = Vec::new();
    for scheme in ["light", "dark"] {
        browser.color_scheme(scheme);
        for (width, height, mobile) in [(1280, 900, false), (360, 740, true)] {
            browser.size(width, height, mobile);
            let contrasts = browser.eval(POOR_CONTRASTS);
            assert!(contrasts[0].as_u64() > Some(80) && contrasts[1] == json!([]), "{scheme}: {contrasts}");
            let wide = browser.eval("document.documentElement.scrollWidth");
            assert!(wide.as_u64() <= Some(width.into()), "{wide} pixels wide on {width}");
            let small = browser.eval("[...document.querySelectorAll('button, select')].filter(each => each.checkVisibility()).map(each => each.getBoundingClientRect().height).filter(height => height < 32)");
            assert_eq!(small, json!([]), "what is too small for a finger");
        }
        behind.push(browser.eval("getComputedStyle(document.body).backgroundColor"));
    }
    assert_ne!(behind[0], behind[1]);
    assert_eq!(browser.console(), [""; 0]);
}

#[test]
#[ignore = "needs a browser: run by ./check"]
fn listener_that_is_gone_is_told_and_what_was_last_seen_stays() {
    let served = Served::start(None);
    served.fill();
    let mut browser = shown("page_gone", &served);
    let metrics = served.stop();
    let told = browser.until("#told", "No metrics since");
    assert!(told.contains("Trying again."), "{told}");
    assert_eq!(row(&mut browser, "operations", "login")[3], "1,234");
    drop(metrics);
}

#[test]
#[ignore = "needs a browser: run by ./check"]
fn process_that_starts_anew_does_not_count_backwards() {
    let served = Served::start(None);
    served.fill();
    let mut browser = shown("page_restart", &served);
    let address = served.address();
    served.stop();
    let again = Served::start_at(address, None);
    // More than before in all, and less than before of `login`.
    (0..5_000).for_each(|_| again.metrics.attempt("verify").finish(Outcome::Success));
    again.metrics.attempt("login").finish(Outcome::Success);
    browser.until("#operations", "5,000");
    assert_eq!(row(&mut browser, "operations", "login")[3], "1");
    browser.eval("by('period').value = 'minute'; draw()");
    let rows =
        [browser.rows("operations"), browser.rows("reasons"), browser.rows("latency")].concat().concat();
    assert!(!rows.iter().any(|cell| cell.starts_with(['-', '−'])), "{rows:#?}");
}

#[test]
#[ignore = "needs a browser and the example service: run by ./check"]
fn example_service_under_attack_fills_every_table() {
    let service = service(&["--traffic", "attack"]);
    let mut browser = Browser::start("page_example");
    browser.size(1280, 1000, false);
    browser.open(&format!("http://{}/", service.metrics));
    browser.until("#reasons", "token_replayed");
    browser.until("#reasons thead", "Last trace");
    browser.until("#limits", "login_per_name");
    // A course of ten readings is one to look at.
    eventually("a course", || {
        let points =
            browser.eval("document.querySelector('polyline').getAttribute('points').split(' ').length");
        if points.as_u64() >= Some(10) { Ok(()) } else { Err(points.to_string()) }
    });
    for table in ["operations", "reasons", "latency", "credentials", "limits"] {
        let text = browser.text(&format!("#{table} tbody"));
        assert!(
            !text.contains("NaN") && !text.contains("undefined") && text.lines().count() > 1,
            "{table}:\n{text}"
        );
    }
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"));
    browser.color_scheme("light");
    browser.picture(&folder.join("page.png"));
    browser.color_scheme("dark");
    browser.picture(&folder.join("page_dark.png"));
    browser.size(390, 1500, true);
    browser.picture(&folder.join("page_phone.png"));
    assert_eq!(browser.console(), [""; 0]);
}
