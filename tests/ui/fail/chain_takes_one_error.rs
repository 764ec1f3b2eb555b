use auth_metrics::reason_chain;

reason_chain! {
    fn why(error: &std::io::Error, text: &str) {
        std::io::Error => timeout,
    }
}

fn main() {}
