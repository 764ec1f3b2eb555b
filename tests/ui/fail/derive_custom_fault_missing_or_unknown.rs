use auth_metrics::FailureReason;

#[derive(FailureReason)]
pub enum LoginError {
    #[reason(custom = "sso_domain_blocked")]
    Missing,
    #[reason(custom = "sso_domain_blocked", fault = cleint)]
    Typo,
    #[reason(custom = "sso_domain_blocked", fault = ours)]
    NothingNear,
    #[reason(custom = "sso_domain_blocked", fault = "client")]
    Quoted,
    #[reason(custom = "sso_domain_blocked", fault)]
    Bare,
    #[reason(custom = "Sso", fault = Client)]
    Both,
    #[reason(fault = client)]
    Alone,
    #[reason(invalid_credentials, fault = server)]
    OfAStandardReason,
}

fn main() {}
