//! How long the compiler takes to check an `impl` whose methods are metered: an attribute on each, and one on the `impl`.
//! The second may take 1.5 times as long.

use std::fmt::Write;
use std::path::Path;

use crate::compile_time::{build, scratch, write_crate};
use crate::progress::Progress;
use crate::stats::Samples;

const METHODS: [usize; 2] = [200, 400];
const ROUNDS: usize = 5;
const MOST: f64 = 1.5;

pub fn measure() -> Result<(), String> {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let scratch = scratch()?;
    let dependency = format!("auth-metrics = {{ path = {:?} }}", here.join("../auth-metrics"));
    let mut progress = Progress::new("annotated impls", METHODS.len() * (ROUNDS + 1));
    println!("| methods of 20 lines | on each, s | on the `impl`, s | ratio |");
    println!("|---|---:|---:|---:|");
    for methods in METHODS {
        let mut samples = [Samples::default(), Samples::default()];
        let crates = [("each", false), ("block", true)].map(|(name, is_block)| {
            let folder = scratch.join(format!("{name}-{methods}"));
            write_crate(&folder, here, &dependency, &code(methods, is_block)?)
        });
        // The first round builds the dependencies and does not count.
        for round in 0..=ROUNDS {
            for (folder, samples) in crates.iter().zip(&mut samples) {
                let seconds = build(&scratch, folder.as_ref()?, &["check"])?;
                if round > 0 {
                    samples.0.push(seconds);
                }
            }
            progress.step();
        }
        let [each, block] = samples.map(|samples| samples.median());
        let ratio = block / each;
        println!("| {methods} | {each:.2} | {block:.2} | {ratio:.2} × |");
        if ratio > MOST {
            return Err(format!(
                "an annotated `impl` of {methods} methods takes {ratio:.2} × as long, more than {MOST} ×"
            ));
        }
    }
    Ok(())
}

fn code(methods: usize, is_block: bool) -> Result<String, String> {
    let mut code = "#![allow(dead_code)]\nuse auth_metrics::{FailureReason, auth_metered};\n\n\
                    #[derive(Debug, FailureReason)]\npub enum Failed {\n    Timeout,\n}\n\npub struct Service(u64);\n\n"
        .to_owned();
    code += if is_block { "#[auth_metered(kind = token)]\nimpl Service {" } else { "impl Service {" };
    for index in 0..methods {
        let attribute = if is_block {
            format!("#[op(\"f{index}\")]")
        } else {
            format!("#[auth_metered(op = \"f{index}\", kind = token)]")
        };
        let (docs, body) = (
            "    /// A line of documentation.\n".repeat(6),
            "        let n = n.wrapping_mul(self.0).wrapping_add(3);\n".repeat(18),
        );
        write!(
            code,
            "\n{docs}    {attribute}\n    pub async fn f{index}(&self, n: u64) -> Result<u64, Failed> {{\n{body}        \
             if n == {index} {{ Err(Failed::Timeout) }} else {{ Ok(n) }}\n    }}\n"
        )
        .map_err(|error| error.to_string())?;
    }
    Ok(code + "}\n")
}
