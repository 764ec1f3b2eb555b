//! The steps that the stories are made of: one request each, counted, its answer compared with what the story expects.

use std::time::Duration;

use axum::http::StatusCode;
use serde_json::{Value, json};

use super::client::{Answer, ClientError};
use super::crowd::{Crowd, Person};

/// Steps of anybody.
impl Crowd {
    pub(super) async fn sign_in(&self, person: &Person) -> Result<Answer, ClientError> {
        self.login(&person.id, &person.password, &[StatusCode::OK]).await
    }

    pub(super) async fn challenge(&self, person: &Person) -> Result<String, ClientError> {
        Ok(self.login(&person.id, &person.password, &[StatusCode::ACCEPTED]).await?.text("challenge"))
    }

    pub(super) async fn login(
        &self,
        id: &str,
        password: &str,
        expected: &[StatusCode],
    ) -> Result<Answer, ClientError> {
        self.post("/login", &json!({ "id": id, "password": password }), expected).await
    }

    pub(super) async fn answer(
        &self,
        challenge: &str,
        code: &str,
        expected: StatusCode,
    ) -> Result<Answer, ClientError> {
        let body = json!({ "challenge": challenge, "code": code });
        self.post("/login/second-factor", &body, &[expected]).await
    }

    pub(super) async fn refresh(&self, token: &str, expected: StatusCode) -> Result<Answer, ClientError> {
        self.post("/refresh", &json!({ "refresh_token": token }), &[expected]).await
    }

    pub(super) async fn me(&self, token: &str, expected: StatusCode) -> Result<(), ClientError> {
        let bearer = format!("Bearer {token}");
        self.get("/me", &[("authorization", &bearer)], expected).await.map(drop)
    }

    pub(super) async fn post_as(
        &self,
        token: &str,
        path: &str,
        expected: StatusCode,
    ) -> Result<(), ClientError> {
        let bearer = format!("Bearer {token}");
        self.tally.sent(path);
        let answer = self.client.post(path, &[("authorization", &bearer)], &Value::Null).await?;
        self.note(&answer, &[expected]);
        Ok(())
    }

    pub(super) async fn get(
        &self,
        path: &str,
        headers: &[(&str, &str)],
        expected: StatusCode,
    ) -> Result<Answer, ClientError> {
        self.tally.sent(path);
        let answer = self.client.get(path, headers).await?;
        self.note(&answer, &[expected]);
        Ok(answer)
    }

    pub(super) async fn post(
        &self,
        path: &str,
        body: &Value,
        expected: &[StatusCode],
    ) -> Result<Answer, ClientError> {
        self.tally.sent(path);
        let answer = self.client.post(path, &[], body).await?;
        self.note(&answer, expected);
        Ok(answer)
    }

    pub(super) async fn hang_up(
        &self,
        path: &str,
        body: &Value,
        patience: Duration,
    ) -> Result<(), ClientError> {
        self.tally.hung_up(path);
        self.client.hang_up(path, body, patience).await
    }

    fn note(&self, answer: &Answer, expected: &[StatusCode]) {
        if !expected.contains(&answer.status) {
            self.tally.surprise();
        }
    }
}
