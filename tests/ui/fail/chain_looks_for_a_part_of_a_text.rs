use auth_metrics::reason_chain;

reason_chain! {
    fn why(text: &str) {
        match text {
            text if text.contains("expired") => token_expired,
        }
    }
}

fn main() {
    why("");
}
