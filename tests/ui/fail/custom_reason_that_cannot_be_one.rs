use auth_metrics::custom_reason;

custom_reason! {
    pub const CAMEL = "SsoDomainBlocked", fault = client;
    pub const STANDARD = "invalid_credentials", fault = client;
    pub const NO_FAULT = "sso_domain_blocked", fault = cleint;
    pub const BOTH = "none", fault = Server;
}

fn main() {
    let _ = (CAMEL, STANDARD, NO_FAULT, BOTH);
}
