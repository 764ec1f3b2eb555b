use auth_metrics::FailureReason;

#[derive(FailureReason)]
pub enum LoginError {
    #[reason(custom = "SsoDomainBlocked", fault = client)]
    Camel,
    #[reason(custom = "sso domain-blocked", fault = client)]
    Spaces,
    #[reason(custom = "42", fault = client)]
    NoLetter,
    #[reason(custom = "a_reason_whose_label_tells_the_whole_story_of_the_login_that_it_ended", fault = client)]
    Long,
    #[reason(custom = "success", fault = client)]
    Success,
    #[reason(custom = "other", fault = unknown)]
    Other,
    #[reason(custom = "None", fault = client)]
    None,
    #[reason(custom = sso_domain_blocked, fault = client)]
    Unquoted,
    #[reason(custom("sso_domain_blocked"), fault = client)]
    AsACall,
    #[reason(custom)]
    Bare,
}

fn main() {}
