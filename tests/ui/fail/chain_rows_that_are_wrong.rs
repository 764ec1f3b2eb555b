use auth_metrics::reason_chain;

struct ApiError {
    message: String,
    status: u16,
}

reason_chain! {
    fn why(error: &ApiError) {
        match &error.message {
            "Token has expired" => token_expird,
            "Wrong password" => "invalid_credentials",
            "Invalid claim: ".. => token_claim_mismatch,
            "Invalid claim: iss" => token_claim_mismatch,
            "Locked" | "Locked" => account_locked,
            "".. => internal_error,
            429 => rate_limited,
        }
        match error.status {
            401 => invalid_credentials,
            "403" => permission_denied,
            _ => unknown,
        }
        _ => internal_error,
    }
}

reason_chain! {
    fn of_found(error: &(dyn std::error::Error + 'static)) {
        error: std::io::Error => timeout,
        std::fmt::Error => match 1 { 1 => timeout },
    }
}

fn main() {
    why(&ApiError { message: String::new(), status: 0 });
    of_found(&std::fmt::Error);
}
