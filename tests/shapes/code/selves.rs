//! Every kind of `self`, and borrows that come out again.

use std::collections::BTreeMap;
use std::pin::Pin;
use std::rc::Rc;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use auth_metrics::FailureReason;

use super::super::auth_metered;
use crate::fixture::pause;

#[derive(Clone, Copy, Debug, FailureReason)]
pub(crate) enum StoreError {
    UnknownSubject,
    #[reason(dependency_unavailable)]
    Poisoned,
}

/// What is not there.
#[allow(dead_code, reason = "shown")]
#[derive(Clone, Copy, Debug, FailureReason)]
#[reason(unknown_subject)]
pub(crate) struct Absent<'a>(&'a str);

/// Sessions by their id.
#[derive(Debug, Default)]
pub(crate) struct Store {
    pub(crate) sessions: BTreeMap<String, String>,
    pub(crate) reads: u32,
}

impl Store {
    #[auth_metered(op = "store_get", subject = id, resource = self.reads)]
    pub(crate) fn get(&self, id: &str) -> Result<&str, StoreError> {
        self.sessions.get(id).map(String::as_str).ok_or(StoreError::UnknownSubject)
    }

    #[auth_metered(op = "store_get_mut", subject = id, resource = self.reads)]
    pub(crate) fn get_mut<'s>(&'s mut self, id: &str) -> Result<&'s mut String, StoreError> {
        self.reads += 1;
        let Some(found) = self.sessions.get_mut(id) else { return Err(StoreError::UnknownSubject) };
        Ok(found)
    }

    #[auth_metered(op = "store_load", subject = id, resource = self.reads)]
    pub(crate) async fn load(&mut self, id: &str) -> Result<&mut String, StoreError> {
        self.reads += 1;
        pause().await;
        self.sessions.get_mut(id).ok_or(StoreError::UnknownSubject)
    }

    #[auth_metered(op = "store_shared", subject = id, resource = self.sessions.get(&id))]
    pub(crate) async fn shared(self: Arc<Self>, id: String) -> Result<usize, StoreError> {
        let task = { async move { self.get(&id).map(str::len) } };
        task.await
    }

    #[auth_metered(op = "store_counted", resource = self.reads)]
    pub(crate) fn counted(self: &Rc<Self>) -> Result<Rc<Self>, StoreError> {
        if self.sessions.is_empty() { Err(StoreError::UnknownSubject) } else { Ok(Self::clone_of(self)) }
    }

    fn clone_of(this: &Rc<Self>) -> Rc<Self> {
        Rc::clone(this)
    }

    #[auth_metered(op = "store_pinned", subject = id, resource = self.reads)]
    pub(crate) async fn pinned(mut self: Pin<&mut Self>, id: &str) -> Result<u32, StoreError> {
        self.as_mut().reads += 1;
        pause().await;
        self.get(id)?;
        Ok(self.reads)
    }

    #[auth_metered(op = "store_boxed", resource = self.reads)]
    pub(crate) fn boxed(self: Box<Self>) -> Result<Self, StoreError> {
        Ok(*self)
    }

    #[auth_metered(op = "store_grown", subject = value, resource = self.reads)]
    pub(crate) fn grown(mut self, id: impl Into<String>, value: &str) -> Result<Self, StoreError> {
        self.sessions.insert(id.into(), value.to_owned());
        Ok(self)
    }

    #[auth_metered(op = "store_locked")]
    pub(crate) fn locked(store: &Mutex<Self>) -> Result<MutexGuard<'_, Self>, StoreError> {
        store.lock().map_err(|_: PoisonError<_>| StoreError::Poisoned)
    }

    #[auth_metered(op = "store_ids")]
    pub(crate) fn ids(&self) -> Result<impl DoubleEndedIterator<Item = &str> + Clone + '_, StoreError> {
        if self.sessions.is_empty() {
            return Err(StoreError::UnknownSubject);
        }
        Ok(self.sessions.keys().map(|id| &**id))
    }

    #[auth_metered(op = "store_longest", resource = self.reads)]
    pub(crate) async fn longest<'long: 'short, 'short>(
        &self,
        long: &'long str,
        short: &'short str,
    ) -> Result<&'short str, Absent<'long>> {
        pause().await;
        if self.sessions.contains_key(long) { Ok(short) } else { Err(Absent(long)) }
    }

    #[auth_metered(op = "store_find", none_is = unknown_subject)]
    pub(crate) fn find(&self, matches: &dyn Fn(&str) -> bool) -> Option<&String> {
        self.sessions.values().find(|value| matches(value))
    }
}
