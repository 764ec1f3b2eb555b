//! What somebody does with an account: none of it is a login.

use auth_metrics::auth_metered;
use rocket::serde::json::Json;
use rocket::{get, post};
use serde::Deserialize;

use crate::auth::{Headers, decode_login, encode_login};
use crate::db::{DbConn, User};
use crate::error::{Error, why};

pub type EmptyResult = Result<(), Error>;

#[derive(Deserialize)]
pub struct RegisterData {
    email: String,
    master_password_hash: String,
}

#[post("/accounts/register", data = "<data>")]
#[auth_metered(op = "register", kind = registration, reason = why)]
pub async fn register(data: Json<RegisterData>, conn: DbConn) -> EmptyResult {
    if User::find_by_mail(&data.email, &conn).await.is_some() {
        err!("Registration not allowed or user already exists")
    }
    User::new(&data.email, &data.master_password_hash).save(&conn).await
}

#[derive(Deserialize)]
pub struct ChangePassData {
    master_password_hash: String,
    new_master_password_hash: String,
}

#[post("/accounts/password", data = "<data>")]
#[auth_metered(op = "change_password", kind = credential_change, reason = why)]
pub async fn post_password(data: Json<ChangePassData>, headers: Headers, conn: DbConn) -> EmptyResult {
    let Some(mut user) = User::find_by_mail(&headers.email, &conn).await else {
        err!("Login session expired")
    };
    if !user.check_valid_password(&data.master_password_hash) {
        err!("Invalid password")
    }
    user.password.clone_from(&data.new_master_password_hash);
    user.save(&conn).await
}

#[get("/accounts/profile")]
pub fn profile(headers: Headers) -> String {
    headers.email
}

#[post("/accounts/refresh", data = "<token>")]
#[auth_metered(op = "refresh", kind = session, reason = why)]
pub fn refresh(token: &str) -> Result<String, Error> {
    let Ok(claims) = decode_login(token) else { err!("Login session expired") };
    Ok(encode_login(&claims.sub, 3600, None))
}
