//! `Operations`: the operations that are told apart.

use std::sync::Arc;

use super::learned::Lessons;
use super::operation::Operation;
use crate::keys::{LONGEST, cut};
use crate::saved::Saved;

/// More than that share the last place. A board has more series than this: those of an engine before it stay.
pub(crate) const MOST: usize = 24;
/// Those of which something is learned.
pub(crate) const LEARNED: usize = 6;
/// What is about the process and none of its operations.
pub(crate) const PROCESS: u8 = u8::MAX;
/// What the last place is called.
const OTHER: &str = "other";

pub(crate) struct Operations {
    known: Vec<Operation>,
    /// Made at the start, so that nothing is allocated later.
    #[expect(clippy::vec_box, reason = "an operation takes the box")]
    unused: Vec<Box<Lessons>>,
    other: Arc<str>,
}

impl Operations {
    pub(crate) fn new() -> Operations {
        let unused = (0..LEARNED).map(|_| Box::new(Lessons::new())).collect();
        Operations { known: Vec::with_capacity(MOST), unused, other: OTHER.into() }
    }

    /// The place of an operation. A new one is the only thing that allocates.
    pub(crate) fn index(&mut self, service: &str, name: &str) -> u8 {
        let [service, name] = [service, name].map(cut);
        let is_meant = |known: &Operation| *known.name == *name && *known.service == *service;
        let index = self.known.iter().position(is_meant).unwrap_or_else(|| {
            match self.known.len() {
                MOST => return MOST - 1,
                len if len == MOST - 1 => self.known.push(Operation::new(OTHER, OTHER, None)),
                len => {
                    let lessons = (len < LEARNED).then(|| self.unused.pop()).flatten();
                    self.known.push(Operation::new(service, name, lessons));
                }
            }
            self.known.len() - 1
        });
        u8::try_from(index).unwrap_or(u8::MAX)
    }

    /// The place of an operation that is known.
    pub(crate) fn find(&self, service: &str, name: &str) -> Option<u8> {
        let [service, name] = [service, name].map(cut);
        let is_meant = |known: &Operation| *known.name == *name && *known.service == *service;
        u8::try_from(self.known.iter().position(is_meant)?).ok()
    }

    pub(crate) fn get(&self, index: u8) -> &Operation {
        &self.known[usize::from(index).min(self.known.len() - 1)]
    }

    pub(crate) fn get_mut(&mut self, index: u8) -> &mut Operation {
        let last = self.known.len() - 1;
        &mut self.known[usize::from(index).min(last)]
    }

    pub(crate) fn len(&self) -> u8 {
        u8::try_from(self.known.len()).unwrap_or(u8::MAX)
    }

    /// The service and the name of an operation.
    pub(crate) fn names(&self, index: u8) -> [Arc<str>; 2] {
        match self.known.get(usize::from(index)) {
            Some(known) => [known.service.clone(), known.name.clone()],
            None => [self.other.clone(), self.other.clone()],
        }
    }

    pub(crate) fn bytes(&self) -> usize {
        // Names are cut, so they take so much at most.
        2 * MOST * LONGEST + self.known.capacity() * size_of::<Operation>() + LEARNED * size_of::<Lessons>()
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &Operation> {
        self.known.iter()
    }
}

impl Saved for Operations {
    fn save(&self, out: &mut Vec<u8>) {
        self.len().save(out);
        self.known.iter().for_each(|operation| operation.save(out));
    }

    fn load(input: &mut &[u8]) -> Option<Operations> {
        let length = usize::from(u8::load(input)?);
        let mut operations = Operations::new();
        for _ in 0..Some(length).filter(|length| *length <= MOST)? {
            operations.known.push(Operation::load(input)?);
            operations.unused.pop();
        }
        Some(operations)
    }
}
