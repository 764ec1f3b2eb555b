use auth_metrics::{FailureReason, Outcome, Verdict, auth_metered};

#[derive(FailureReason)]
pub enum LoginError {
    Timeout,
}

#[derive(Verdict)]
pub enum Answer {
    Success,
}

fn outcome<T>(_: &T) -> Outcome {
    Outcome::Success
}

#[auth_metered(op = "a", false_is = invalid_credentials, ok_is = challenge_issued)]
fn a() -> Result<bool, LoginError> {
    Ok(true)
}

#[auth_metered(op = "b", false_is = invalid_credentials, verdict)]
fn b() -> Result<bool, LoginError> {
    Ok(true)
}

#[auth_metered(op = "c", verdict, ok_is = challenge_issued)]
fn c() -> Result<Answer, LoginError> {
    Ok(Answer::Success)
}

#[auth_metered(op = "d", classify = outcome, verdict, ok_is = challenge_issued)]
fn d() -> Result<Answer, LoginError> {
    Ok(Answer::Success)
}

#[auth_metered(op = "e", verdict, among(timeout))]
fn e() -> Result<Answer, LoginError> {
    Ok(Answer::Success)
}

#[auth_metered(op = "f", classify = outcome, among)]
fn f() -> Result<Answer, LoginError> {
    Ok(Answer::Success)
}

#[auth_metered(op = "g", classify = outcome, among(timeuot))]
fn g() -> Result<Answer, LoginError> {
    Ok(Answer::Success)
}

#[auth_metered(op = "h", verdict = outcome)]
fn h() -> Answer {
    Answer::Success
}

#[auth_metered(op = "i", ok_is = "challenge_issued")]
fn i() -> Result<u8, LoginError> {
    Ok(1)
}

#[auth_metered(op = "j", verdict = "outcome")]
fn j() -> Result<u8, LoginError> {
    Ok(1)
}

fn main() {}
