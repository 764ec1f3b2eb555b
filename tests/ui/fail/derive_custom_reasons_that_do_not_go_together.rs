use auth_metrics::FailureReason;

#[derive(FailureReason)]
pub enum TwoFaults {
    #[reason(custom = "sso_domain_blocked", fault = client)]
    First,
    #[reason(custom = "sso_domain_blocked", fault = client)]
    Same,
    #[reason(custom = "sso_domain_blocked", fault = attack)]
    Other,
}

#[derive(FailureReason)]
pub enum TwoReasons {
    #[reason(custom = "sso_domain_blocked", fault = client, timeout)]
    Both,
    #[reason(custom = "sso_domain_blocked", custom = "sso_stale", fault = client, fault = server)]
    Twice,
    Field(#[reason(custom = "sso_domain_blocked", fault = client)] u8),
}

#[derive(FailureReason)]
pub enum TooMany {
    #[reason(custom = "quirk_a", fault = client)]
    A,
    #[reason(custom = "quirk_b", fault = client)]
    B,
    #[reason(custom = "quirk_c", fault = client)]
    C,
    #[reason(custom = "quirk_d", fault = client)]
    D,
    #[reason(custom = "quirk_e", fault = client)]
    E,
    #[reason(custom = "quirk_f", fault = client)]
    F,
    #[reason(custom = "quirk_g", fault = client)]
    G,
    #[reason(custom = "quirk_h", fault = client)]
    H,
    #[reason(custom = "quirk_i", fault = client)]
    I,
    #[reason(custom = "quirk_j", fault = client)]
    J,
    #[reason(custom = "quirk_k", fault = client)]
    K,
    #[reason(custom = "quirk_l", fault = client)]
    L,
    #[reason(custom = "quirk_m", fault = client)]
    M,
    #[reason(custom = "quirk_n", fault = client)]
    N,
    #[reason(custom = "quirk_o", fault = client)]
    O,
    #[reason(custom = "quirk_p", fault = client)]
    P,
    #[reason(custom = "quirk_q", fault = client)]
    Q,
    #[reason(custom = "quirk_r", fault = client)]
    R,
    #[reason(custom = "quirk_s", fault = client)]
    S,
    #[reason(custom = "quirk_t", fault = client)]
    T,
    #[reason(custom = "quirk_u", fault = client)]
    U,
    #[reason(custom = "quirk_v", fault = client)]
    V,
}

fn main() {}
