//! Draws the bars of `hot-path.json` as an SVG that is readable on light and dark pages.

use std::fmt::Write;
use std::fs;
use std::path::Path;

use serde_json::Value;

const WIDTH: f64 = 890.0;
const LEFT: f64 = 300.0;
const RIGHT: f64 = 70.0;
const TOP: f64 = 96.0;
const BAR: f64 = 12.0;
const ROW: f64 = 37.0;
const BOTTOM: f64 = 62.0;

/// Colours stand in classes, so that a dark page gets its own.
const STYLE: &str = "\
text { font-family: system-ui, -apple-system, 'Segoe UI', 'DejaVu Sans', sans-serif; font-size: 13px; fill: #1f2328 }
.title { font-size: 17px; font-weight: 600 }
.quiet { fill: #59636e; font-size: 12px }
.own { font-weight: 700 }
.grid { stroke: #d1d9e0; stroke-width: 1 }
.one { fill: #8c959f } .two { fill: #c8cfd6 }
.own-one { fill: #0969da } .own-two { fill: #80b8f5 }
.bound { stroke: #bc4c00; stroke-width: 1.5; stroke-dasharray: 4 3 }
.bound-text { fill: #bc4c00; font-size: 12px }
@media (prefers-color-scheme: dark) {
text { fill: #e6edf3 } .quiet { fill: #9198a1 } .grid { stroke: #3d444d }
.one { fill: #7d8590 } .two { fill: #4b525b } .own-one { fill: #4493f8 } .own-two { fill: #1f5aa8 }
.bound { stroke: #f0883e } .bound-text { fill: #f0883e }
}";

struct Bars {
    name: String,
    one: f64,
    two: f64,
}

pub fn draw(json: &Path, svg: &Path) -> Result<(), String> {
    let complain = |path: &Path, error: &dyn std::fmt::Display| format!("{}: {error}", path.display());
    let text = fs::read_to_string(json).map_err(|error| complain(json, &error))?;
    let results: Value = serde_json::from_str(&text).map_err(|error| complain(json, &error))?;
    let picture =
        picture(&results).ok_or_else(|| complain(json, &"these are not the results of the calls"))?;
    fs::write(svg, picture).map_err(|error| complain(svg, &error))
}

fn picture(results: &Value) -> Option<String> {
    let rows = results["groups"][0]["rows"].as_array()?;
    let bars = rows.iter().filter(|row| row["name"] != "bare body").map(|row| {
        Some(Bars {
            name: row["name"].as_str()?.to_owned(),
            one: row["one_thread_ns"]["median"].as_f64()?,
            two: row["two_threads_ns"]["median"].as_f64()?,
        })
    });
    let mut bars = bars.collect::<Option<Vec<_>>>()?;
    bars.sort_by(|one, other| one.one.total_cmp(&other.one));
    let limit = bars.iter().find(|bar| bar.name == "limit")?.one;
    let most = bars.iter().map(|bar| bar.one.max(bar.two)).fold(0.0, f64::max);
    let step =
        [20.0, 50.0, 100.0, 200.0, 500.0].into_iter().find(|step| most / step <= 8.0).unwrap_or(1000.0);
    let end = (most / step).ceil() * step;
    let at = |nanos: f64| LEFT + nanos / end * (WIDTH - LEFT - RIGHT);
    let height = TOP + bars.len() as f64 * ROW + BOTTOM;

    let mut out = String::new();
    let title = "One metered call of an async function";
    write!(
        out,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {height}\" width=\"{WIDTH}\" height=\"{height}\" \
         role=\"img\" aria-label=\"{title}, in nanoseconds; shorter is better\">\n<style>{STYLE}</style>\n"
    )
    .ok()?;
    let mut put = |x: f64, y: f64, class: &str, anchor: &str, text: &str| {
        writeln!(
            out,
            "<text x=\"{x:.1}\" y=\"{y:.1}\" class=\"{class}\" text-anchor=\"{anchor}\">{}</text>",
            escaped(text)
        )
    };
    put(16.0, 28.0, "title", "start", &format!("{title}: nanoseconds, shorter is better")).ok()?;
    let rounds = results["rounds"].as_u64()?;
    let how = format!(
        "medians of {rounds} interleaved rounds in one process; peers with 12 histogram bounds, auth-metrics with 22"
    );
    put(16.0, 48.0, "quiet", "start", &how).ok()?;
    for (x, text) in
        [(48.0, "one thread"), (178.0, "two threads, each on its own processor (per call and thread)")]
    {
        put(x, 74.0, "quiet", "start", text).ok()?;
    }
    for (x, classes) in [(16.0, ["own-one", "one"]), (146.0, ["own-two", "two"])] {
        for (class, x) in classes.iter().zip([x, x + 14.0]) {
            writeln!(out, "<rect x=\"{x}\" y=\"64\" width=\"12\" height=\"12\" rx=\"2\" class=\"{class}\"/>")
                .ok()?;
        }
    }
    let foot = TOP + bars.len() as f64 * ROW;
    let mut nanos = 0.0;
    while nanos <= end {
        let x = at(nanos);
        writeln!(out, "<line x1=\"{x:.1}\" x2=\"{x:.1}\" y1=\"{TOP}\" y2=\"{foot}\" class=\"grid\"/>")
            .ok()?;
        let unit = if nanos == 0.0 { "" } else { " ns" };
        writeln!(
            out,
            "<text x=\"{x:.1}\" y=\"{:.1}\" class=\"quiet\" text-anchor=\"middle\">{nanos}{unit}</text>",
            foot + 18.0
        )
        .ok()?;
        nanos += step;
    }
    for (index, bar) in bars.iter().enumerate() {
        let y = TOP + index as f64 * ROW + 5.0;
        let own = bar.name.starts_with("auth-metrics");
        let class = if own { "own" } else { "" };
        writeln!(
            out,
            "<text x=\"{:.1}\" y=\"{:.1}\" class=\"{class}\" text-anchor=\"end\">{}</text>",
            LEFT - 10.0,
            y + BAR + 5.0,
            escaped(&described(&bar.name))
        )
        .ok()?;
        for (nanos, kind, y) in [(bar.one, "one", y), (bar.two, "two", y + BAR + 1.5)] {
            let class = if own { format!("own-{kind}") } else { kind.to_owned() };
            let width = at(nanos) - LEFT;
            writeln!(out, "<rect x=\"{LEFT}\" y=\"{y}\" width=\"{width:.1}\" height=\"{BAR}\" rx=\"2\" class=\"{class}\"/>").ok()?;
            let x = at(nanos) + 5.0;
            writeln!(out, "<text x=\"{x:.1}\" y=\"{:.1}\" class=\"quiet\">{nanos:.0}</text>", y + BAR - 1.0)
                .ok()?;
        }
    }
    let x = at(limit);
    writeln!(
        out,
        "<line x1=\"{x:.1}\" x2=\"{x:.1}\" y1=\"{TOP}\" y2=\"{:.1}\" class=\"bound\"/>",
        foot + 26.0
    )
    .ok()?;
    writeln!(
        out,
        "<text x=\"{x:.1}\" y=\"{:.1}\" class=\"bound-text\">the limit: two reads of the time-stamp counter and three additions \
         that nobody shares</text>",
        foot + 40.0
    )
    .ok()?;
    let machine = results["machine"].as_str()?;
    writeln!(
        out,
        "<text x=\"16\" y=\"{:.1}\" class=\"quiet\">{}</text>\n</svg>",
        foot + 57.0,
        escaped(machine)
    )
    .ok()?;
    Some(out)
}

/// The two bounds say what they are, and who does less says so.
fn described(name: &str) -> String {
    match name {
        "floor" => "floor: 2 clock reads, 3 locked adds".to_owned(),
        "limit" => "limit: TSC clock, cells of its own".to_owned(),
        "metered 0.9" => "metered 0.9 (no reasons)".to_owned(),
        name => name.to_owned(),
    }
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;")
}
