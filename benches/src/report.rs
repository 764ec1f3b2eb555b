//! The results: markdown for people on stdout, JSON for the picture and for machines.

use std::fs;
use std::path::Path;

use serde_json::{Value, json};

use crate::calls::{Group, Row};
use crate::contenders::{BOUNDS, FAILS_ONE_IN};
use crate::memory::Memory;
use crate::scrape::{self, COLLECTORS, GRID, OURS, REGISTRY, SAME_LINES};
use crate::size::Size;
use crate::stats::rounded;
use crate::{Effort, pin};

pub struct Results {
    pub effort: Effort,
    pub calls: Vec<Group>,
    pub scrapes: Vec<scrape::Row>,
    pub memory: Memory,
    pub size: Vec<Size>,
}

/// Peers that the table would have, and why it does not.
const NOT_MEASURED: [(&str, &str); 2] = [
    ("metered 0.10-rc, scrape", "its exposition is a crate of its own, with another format"),
    ("metered 0.9, scrape", "it serialises; it has no exposition"),
];

pub fn write(results: &Results, path: &Path) -> Result<(), String> {
    let Results { effort, calls, scrapes, memory, size } = results;
    println!("Median of {} rounds of {} calls; {}.", effort.rounds, effort.calls, machine());
    println!(
        "One call in {FAILS_ONE_IN} fails. Peers have {} bounds, auth-metrics its 22 defaults. Contenders of one table \
         were interleaved, and each one's own registry showed exactly the calls asked of it.\n",
        BOUNDS.len()
    );
    calls.iter().for_each(table);
    scrape_table(scrapes);
    println!("\n| memory (22 bounds, 3 reasons) | bytes |\n|---|---:|");
    println!("| a service that is known | {:.0} |", memory.service);
    println!("| its first operation, recorded by one thread | {:.0} |", memory.first_operation);
    println!("| each further operation, recorded by one thread | {:.0} |", memory.operation);
    println!("| **each further thread, per service and operation** | **{:.0}** |", memory.thread);
    println!(
        "\n| future of `async fn` with | plain, bytes | auth-metrics | autometrics |\n|---|---:|---:|---:|"
    );
    for Size { shape, plain, ours, autometrics } in size {
        println!("| {shape} | {plain} | {ours} | {autometrics} |");
    }
    println!("\n| in the same rounds | measured |\n|---|---:|");
    let ratios = ratios(results);
    for (what, ratio, unit) in &ratios {
        println!("| {what} | {} |", format!("{ratio:.2} {unit}").replace(" %", "%"));
    }
    println!("\nNot measured:");
    NOT_MEASURED.iter().for_each(|(what, why)| println!("- {what}: {why}."));

    let json = json!({
        "machine": machine(),
        "rounds": effort.rounds,
        "calls": effort.calls,
        "bounds": { "peers": BOUNDS.len(), "auth-metrics": 22 },
        "groups": calls.iter().map(group_json).collect::<Vec<_>>(),
        "scrape": scrapes.iter().map(|row| scrape_json(row, scrapes)).collect::<Vec<_>>(),
        "memory_bytes": {
            "service": memory.service,
            "first_operation": memory.first_operation,
            "operation": memory.operation,
            "thread": memory.thread,
        },
        "future_bytes": size.iter().map(|size| json!({
            "shape": size.shape, "plain": size.plain, "auth-metrics": size.ours, "autometrics": size.autometrics,
        })).collect::<Vec<_>>(),
        "ratios": ratios.iter().map(|(what, ratio, unit)| json!({ "what": what, "value": rounded(*ratio), "unit": unit }))
            .collect::<Vec<_>>(),
        "not_measured": NOT_MEASURED.map(|(what, why)| json!({ "what": what, "why": why })),
    });
    save(path, &json)
}

/// Writes a JSON file, its folder made if need be.
pub fn save(path: &Path, json: &Value) -> Result<(), String> {
    let complain = |error: std::io::Error| format!("{}: {error}", path.display());
    path.parent().map_or(Ok(()), fs::create_dir_all).map_err(complain)?;
    fs::write(path, format!("{json:#}\n")).map_err(complain)
}

fn machine() -> String {
    let info = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = info.lines().find_map(|line| line.strip_prefix("model name")?.split_once(": "));
    let model = model.map_or("unknown processor", |(_, model)| model.trim());
    format!("{model}, {} processors, {} {}", pin::processors(), std::env::consts::OS, std::env::consts::ARCH)
}

fn table(group: &Group) {
    let (floor, limit) = (group.row("floor"), group.row("limit"));
    println!(
        "| {} | ns, one thread | × floor | × limit | ns, two threads | two / one | allocations | what |",
        group.title
    );
    println!("|---|---:|---:|---:|---:|---:|---:|---|");
    for row in &group.rows {
        let ours = if row.name.starts_with("auth-metrics") { "**" } else { "" };
        let two = row.two.as_ref().map_or(["–".to_owned(), "–".to_owned()], |two| {
            [format!("{:.1}", two.median()), format!("{:.2}", two.over(&row.one).median())]
        });
        println!(
            "| {ours}{}{ours} | {:.1} | {:.2} | {:.2} | {} | {} | {} | {} |",
            row.name,
            row.one.median(),
            row.one.over(&floor.one).median(),
            row.one.over(&limit.one).median(),
            two[0],
            two[1],
            rounded(row.allocations),
            row.note,
        );
    }
    println!();
}

fn scrape_table(rows: &[scrape::Row]) {
    let [floor, same] = [GRID, SAME_LINES].map(|name| find(rows, name));
    println!(
        "| scrape to text: 6,000 counters, 300 histograms of 12 bounds | ms | × floor | allocations | KiB | samples |"
    );
    println!("|---|---:|---:|---:|---:|---:|");
    for row in rows {
        let ours = [OURS, REGISTRY].contains(&row.name);
        let (mark, floor) =
            (if ours { "**" } else { "" }, if ours || row.name == COLLECTORS { same } else { floor });
        println!(
            "| {mark}{}{mark} | {:.2} | {:.1} | {} | {} | {} |",
            row.name,
            row.millis.median(),
            row.millis.over(&floor.millis).median(),
            row.allocations,
            row.bytes / 1024,
            row.samples,
        );
    }
    println!(
        "\nauth-metrics and its series are compared with the floor of the same lines, the others with the grid's."
    );
}

fn find<'a>(rows: &'a [scrape::Row], name: &str) -> &'a scrape::Row {
    rows.iter().find(|row| row.name == name).unwrap_or_else(|| panic!("{name} was not measured"))
}

/// What is worth knowing at a glance; medians of the rounds' ratios.
fn ratios(results: &Results) -> Vec<(&'static str, f64, &'static str)> {
    let [peers, scoped, scraped] = [0, 1, 2].map(|at| &results.calls[at]);
    let ours = peers.row("auth-metrics");
    let times = |own: &Row, other: &Row| own.one.over(&other.one).median();
    let contended = |own: &Row, other: &Row| match (&own.two, &other.two) {
        (Some(own), Some(other)) => own.over(other).median(),
        _ => f64::NAN,
    };
    let [auto, cached] = ["autometrics 3", "prometheus 0.14, cached"].map(|name| peers.row(name));
    let more =
        |group: &Group, name: &str, than: &str| group.row(name).one.minus(&group.row(than).one).median();
    let scrape =
        |own, other| find(&results.scrapes, own).millis.over(&find(&results.scrapes, other).millis).median();
    let alone = ours.two.as_ref().map_or(f64::NAN, |two| two.over(&ours.one).median());
    vec![
        ("one call, constant service, over the limit", times(ours, peers.row("limit")), "×"),
        ("two threads over one", alone, "×"),
        ("faster than autometrics 3, one thread", times(auto, ours), "×"),
        ("faster than autometrics 3, two threads", contended(auto, ours), "×"),
        ("faster than prometheus cached by hand, one thread", times(cached, ours), "×"),
        ("faster than prometheus cached by hand, two threads", contended(cached, ours), "×"),
        (
            "a dynamic service, the same of 1,000",
            more(peers, "auth-metrics, dynamic service", "auth-metrics"),
            "ns more",
        ),
        (
            "dynamic services, 1,000 in turn",
            more(peers, "auth-metrics, 1,000 services in turn", "auth-metrics"),
            "ns more",
        ),
        (
            "process handle, once anything was scoped",
            more(scoped, "auth-metrics, once anything was scoped", "limit")
                - more(peers, "auth-metrics", "limit"),
            "ns more",
        ),
        (
            "task-scoped handle, over the limit",
            times(scoped.row("auth-metrics, task-scoped handle"), scoped.row("limit")),
            "×",
        ),
        (
            "recording while a thread encodes without pause",
            times(scraped.row("auth-metrics, scraped without pause"), scraped.row("auth-metrics")),
            "×",
        ),
        (
            "recording while it is served without pause",
            times(scraped.row("auth-metrics, served without pause"), scraped.row("auth-metrics")),
            "×",
        ),
        ("allocations per call", ours.allocations, ""),
        ("scrape over the floor of the same lines", scrape(OURS, SAME_LINES), "×"),
        ("scrape over the floor of the grid", scrape(OURS, GRID), "×"),
        ("registry path over the crate's own collectors", scrape(REGISTRY, COLLECTORS), "×"),
        ("memory per service, operation and thread", results.memory.thread, "bytes"),
    ]
}

fn group_json(group: &Group) -> Value {
    let (floor, limit) = (group.row("floor"), group.row("limit"));
    let rows = group.rows.iter().map(|row| {
        json!({
            "name": row.name,
            "note": row.note,
            "one_thread_ns": row.one.json(),
            "two_threads_ns": row.two.as_ref().map(|two| two.json()),
            "times_floor": row.one.over(&floor.one).json(),
            "times_limit": row.one.over(&limit.one).json(),
            "allocations": rounded(row.allocations),
            "calls_counted": row.counted,
        })
    });
    json!({ "title": group.title, "rows": rows.collect::<Vec<_>>() })
}

fn scrape_json(row: &scrape::Row, rows: &[scrape::Row]) -> Value {
    json!({
        "name": row.name,
        "ms": row.millis.json(),
        "times_floor": row.millis.over(&find(rows, GRID).millis).json(),
        "allocations": row.allocations,
        "bytes": row.bytes,
        "samples": row.samples,
    })
}
