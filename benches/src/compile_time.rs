//! How long the compiler takes for 500 functions: plain ones, metered ones, and under autometrics.

use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

use serde_json::json;

use crate::progress::Progress;
use crate::stats::Samples;

const FUNCTIONS: usize = 500;
const ROUNDS: usize = 5;

struct Variant {
    name: &'static str,
    dependency: String,
    prelude: &'static str,
    derive: &'static str,
    attribute: fn(usize) -> String,
}

const PROFILES: [(&str, &[&str]); 3] =
    [("check", &["check"]), ("debug", &["build"]), ("release", &["build", "--release"])];

pub fn measure(json: &Path) -> Result<(), String> {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let variants = [
        Variant {
            name: "plain",
            dependency: String::new(),
            prelude: "",
            derive: "",
            attribute: |_| String::new(),
        },
        Variant {
            name: "auth-metrics",
            dependency: format!("auth-metrics = {{ path = {:?} }}", here.join("../auth-metrics")),
            prelude: "use auth_metrics::{FailureReason, auth_metered};",
            derive: "#[derive(FailureReason)]",
            attribute: |index| format!("#[auth_metered(op = \"f{index}\")]"),
        },
        Variant {
            name: "autometrics 3",
            dependency: "autometrics = { version = \"3\", features = [\"prometheus-0_14\"] }".to_owned(),
            prelude: "use autometrics::autometrics;",
            derive: "",
            attribute: |_| "#[autometrics]".to_owned(),
        },
    ];
    let scratch = scratch()?;
    let crates: Vec<PathBuf> =
        variants.iter().map(|variant| generate(&scratch, here, variant)).collect::<Result<_, _>>()?;

    let mut samples = vec![vec![Samples::default(); variants.len()]; PROFILES.len()];
    let mut progress = Progress::new("compile time", ROUNDS + 1);
    // The first round builds the dependencies and does not count.
    for round in 0..=ROUNDS {
        for ((_, arguments), samples) in PROFILES.iter().zip(&mut samples) {
            for (folder, samples) in crates.iter().zip(samples) {
                let seconds = build(&scratch, folder, arguments)?;
                if round > 0 {
                    samples.0.push(seconds);
                }
            }
        }
        progress.step();
    }

    println!(
        "| {FUNCTIONS} async functions | plain, s | auth-metrics, s | autometrics 3, s | auth-metrics over plain | autometrics over plain |"
    );
    println!("|---|---:|---:|---:|---:|---:|");
    for ((profile, _), samples) in PROFILES.iter().zip(&samples) {
        let [plain, ours, peer] = [0, 1, 2].map(|at| samples[at].median());
        println!(
            "| {profile} | {plain:.2} | {ours:.2} | {peer:.2} | {:.1} × | {:.1} × |",
            ours / plain,
            peer / plain
        );
    }
    let rows = PROFILES.iter().zip(&samples).map(|((profile, _), samples)| {
        let seconds =
            variants.iter().zip(samples).map(|(variant, samples)| (variant.name.to_owned(), samples.json()));
        json!({ "profile": profile, "seconds": serde_json::Map::from_iter(seconds) })
    });
    let all = json!({ "functions": FUNCTIONS, "rounds": ROUNDS, "rows": rows.collect::<Vec<_>>() });
    crate::report::save(json, &all)
}

/// A folder beside the binaries of this build.
pub(crate) fn scratch() -> Result<PathBuf, String> {
    let binary = std::env::current_exe().map_err(|error| error.to_string())?;
    let target = binary.ancestors().nth(2).ok_or("the binary stands in no target folder")?;
    Ok(target.join("compile-time"))
}

fn generate(scratch: &Path, here: &Path, variant: &Variant) -> Result<PathBuf, String> {
    let mut code = format!(
        "#![allow(dead_code)]\n{}\n\n{}\n#[derive(Debug)]\npub enum Failed {{\n    RateLimited,\n    Timeout,\n}}\n",
        variant.prelude, variant.derive
    );
    for index in 0..FUNCTIONS {
        let attribute = (variant.attribute)(index);
        write!(
            code,
            "\n{attribute}\npub async fn f{index}(name: &str, n: u64) -> Result<u64, Failed> {{\n    \
             std::future::ready(()).await;\n    \
             if n == {index} {{ Err(Failed::Timeout) }} else {{ Ok(n + name.len() as u64) }}\n}}\n"
        )
        .map_err(|error| error.to_string())?;
    }
    code += "\npub fn all(context: &mut std::task::Context<'_>) -> usize {\n    let mut ready = 0;\n";
    for index in 0..FUNCTIONS {
        let poll = format!("std::future::Future::poll(std::pin::pin!(f{index}(\"user\", 1)), context)");
        code += &format!("    ready += usize::from({poll}.is_ready());\n");
    }
    code += "    ready\n}\n";
    write_crate(&scratch.join(variant.name.replace(' ', "-")), here, &variant.dependency, &code)
}

/// A crate of its own, with the lock file of this one.
pub(crate) fn write_crate(
    folder: &Path,
    here: &Path,
    dependency: &str,
    code: &str,
) -> Result<PathBuf, String> {
    let name = folder.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    let manifest = format!(
        "[package]\nname = \"compile-{name}\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n[dependencies]\n{dependency}\n\n[workspace]\n"
    );
    let write = |path: &str, text: &str| {
        fs::write(folder.join(path), text).map_err(|error| format!("{path}: {error}"))
    };
    fs::create_dir_all(folder.join("src")).map_err(|error| error.to_string())?;
    write("Cargo.toml", &manifest)?;
    write("src/lib.rs", code)?;
    fs::copy(here.join("Cargo.lock"), folder.join("Cargo.lock")).map_err(|error| error.to_string())?;
    Ok(folder.to_owned())
}

/// Builds the crate alone, anew; its dependencies are there.
pub(crate) fn build(scratch: &Path, folder: &Path, arguments: &[&str]) -> Result<f64, String> {
    let source = folder.join("src/lib.rs");
    let code = fs::read(&source).map_err(|error| error.to_string())?;
    fs::write(&source, code).map_err(|error| error.to_string())?;
    let begin = Instant::now();
    let built = Command::new("cargo")
        .args(arguments)
        .current_dir(folder)
        .env("CARGO_TARGET_DIR", scratch.join("target"))
        .env("CARGO_INCREMENTAL", "0")
        .output()
        .map_err(|error| format!("cargo: {error}"))?;
    let seconds = begin.elapsed().as_secs_f64();
    if !built.status.success() {
        return Err(format!("{}: {}", folder.display(), String::from_utf8_lossy(&built.stderr)));
    }
    Ok(seconds)
}
