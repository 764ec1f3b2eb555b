//! The steps that the stories are made of: one request each, counted, its answer compared with what the story expects.

use std::net::IpAddr;
use std::time::Duration;

use axum::http::StatusCode;
use serde_json::{Value, json};

use super::client::{Answer, Client, ClientError};
use super::crowd::{Crowd, Person};
use super::defence::{Camp, Ended, Work};
use crate::risk;

/// Somebody of the crowd, at some place.
#[derive(Clone)]
pub(super) struct Guest<'a> {
    pub(super) crowd: &'a Crowd,
    client: Client,
    camp: Camp,
}

impl<'a> Guest<'a> {
    /// Comes from this address.
    pub(super) fn new(crowd: &'a Crowd, camp: Camp, from: IpAddr) -> Self {
        Self { crowd, client: crowd.client.coming_from(from), camp }
    }

    /// Somebody else, somewhere else.
    pub(super) fn other(&self, camp: Camp, from: IpAddr) -> Self {
        Self::new(self.crowd, camp, from)
    }
}

/// Steps of anybody.
impl Guest<'_> {
    pub(super) async fn sign_in(&self, person: &Person) -> Result<Answer, ClientError> {
        self.login(&person.id, &person.password, &[StatusCode::OK]).await
    }

    pub(super) async fn challenge(&self, person: &Person) -> Result<String, ClientError> {
        Ok(self.login(&person.id, &person.password, &[StatusCode::ACCEPTED]).await?.text("challenge"))
    }

    /// Tries once, and once more with a proof of work, if one is asked for and this guest spends the work.
    pub(super) async fn login(
        &self,
        id: &str,
        password: &str,
        expected: &[StatusCode],
    ) -> Result<Answer, ClientError> {
        let mut answer = self.send("/login", &json!({ "id": id, "password": password })).await?;
        let mut work = if answer.puzzle().is_some() { Work::NotDone } else { Work::NotAsked };
        if let Some((challenge, bits)) = answer.puzzle().filter(|_| self.camp.solves()) {
            let solving = tokio::task::spawn_blocking(move || risk::solve(&challenge, bits));
            let proof = solving.await.ok().flatten();
            let body = json!({ "id": id, "password": password, "proof": proof });
            answer = self.send("/login", &body).await?;
            if answer.puzzle().is_none() {
                work = Work::Proven;
            }
        }
        let (status, is_expected) = (answer.status, expected.contains(&answer.status));
        self.crowd.tally.met(self.camp, Ended { work, status, is_expected });
        self.note(&answer, expected);
        Ok(answer)
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
        self.crowd.tally.sent(path);
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
        self.crowd.tally.sent(path);
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
        let answer = self.send(path, body).await?;
        self.note(&answer, expected);
        Ok(answer)
    }

    async fn send(&self, path: &str, body: &Value) -> Result<Answer, ClientError> {
        self.crowd.tally.sent(path);
        self.client.post(path, &[], body).await
    }

    pub(super) async fn hang_up(
        &self,
        path: &str,
        body: &Value,
        patience: Duration,
    ) -> Result<(), ClientError> {
        self.crowd.tally.hung_up(path);
        self.client.hang_up(path, body, patience).await
    }

    fn note(&self, answer: &Answer, expected: &[StatusCode]) {
        if !expected.contains(&answer.status) {
            self.crowd.tally.surprise();
        }
    }
}
