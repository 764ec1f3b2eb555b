//! `Groups`: the groups of a handle. They are found without a lock; attaching one takes one.

use std::any::{Any, TypeId};
use std::cell::RefCell;
use std::panic::AssertUnwindSafe;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use super::{Group, GroupError, Samples, unwinding_stops};
use crate::terms::{Family, FamilyType, label};

/// A list that only grows: each place is taken once, the next one follows it.
#[derive(Default)]
pub(crate) struct Groups {
    first: Place,
    attaching: Mutex<()>,
}

type Place = OnceLock<Box<Asked>>;

/// What became of the group of a type. A refusal is kept too, so that nobody makes that group again for each record.
struct Asked {
    group: TypeId,
    answer: Result<Attached, GroupError>,
    next: Place,
}

struct Attached {
    /// A group that panics is left out of one scrape and asked again at the next: what it keeps may be half done.
    group: AssertUnwindSafe<Arc<dyn Group>>,
    families: Box<[&'static Family]>,
}

/// The endings that samples of histograms and counters have, or that `OpenMetrics` keeps for others.
const ENDINGS: [&str; 6] = ["_total", "_bucket", "_sum", "_count", "_created", "_info"];

impl Groups {
    fn asked(&self) -> impl Iterator<Item = &Asked> {
        std::iter::successors(self.first.get(), |asked| asked.next.get()).map(|asked| &**asked)
    }

    fn iter(&self) -> impl Iterator<Item = &Attached> {
        self.asked().filter_map(|asked| asked.answer.as_ref().ok())
    }

    fn answer<G: Group>(&self) -> Option<&Result<Attached, GroupError>> {
        self.asked().find(|asked| asked.group == TypeId::of::<G>()).map(|asked| &asked.answer)
    }

    /// The group of a type.
    pub(crate) fn find<G: Group>(&self) -> Option<&G> {
        let attached = self.answer::<G>()?.as_ref().ok()?;
        (&**attached.group as &dyn Any).downcast_ref()
    }

    /// The group of a type, or why it was refused before: names that are taken don't become free.
    fn known<G: Group>(&self) -> Option<Result<Arc<G>, GroupError>> {
        match self.answer::<G>()? {
            Ok(attached) => {
                let group: Arc<dyn Any + Send + Sync> = Arc::<dyn Group>::clone(&attached.group);
                group.downcast().ok().map(Ok)
            }
            Err(refusal) => Some(Err(refusal.clone())),
        }
    }

    /// The group of a type, attached now if there is none. `taken` and `is_reserved` say which families and labels it can't have.
    /// `refused` is called when it is refused for the first time, outside of the lock: it may log, and a logger may be metered.
    pub(crate) fn find_or_attach<G: Group>(
        &self,
        make: impl FnOnce() -> G,
        taken: &[&'static Family],
        is_reserved: impl Fn(&str) -> bool,
        refused: impl FnOnce(),
    ) -> Result<Arc<G>, GroupError> {
        if let Some(known) = self.known() {
            return known;
        }
        // Outside of the lock: both may attach other groups, or panic.
        let group = Arc::new(make());
        let families: Box<[&'static Family]> = group.families().into();
        let attaching = self.attaching.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = self.known() {
            return known;
        }
        let others = || taken.iter().chain(self.iter().flat_map(|attached| &attached.families)).copied();
        let refusal = families.iter().enumerate().find_map(|(index, family)| {
            let mut others = others().chain(families[..index].iter().copied());
            let is_taken = others.any(|other| clash(family, other));
            check(family, &is_reserved).err().or(is_taken.then_some(GroupError::Taken(family.name)))
        });
        let answer = match refusal {
            Some(refusal) => Err(refusal),
            None => {
                Ok(Attached { group: AssertUnwindSafe(Arc::<G>::clone(&group) as Arc<dyn Group>), families })
            }
        };
        let attached = answer.as_ref().map(|_| group).map_err(GroupError::clone);
        let last = self.asked().last().map_or(&self.first, |last| &last.next);
        // Nobody else attaches now, so the place is free.
        last.get_or_init(|| Box::new(Asked { group: TypeId::of::<G>(), answer, next: OnceLock::new() }));
        drop(attaching);
        if attached.is_err() {
            refused();
        }
        attached
    }

    /// Every family that was attached, in the order of a scrape.
    pub(crate) fn families(&self) -> impl Iterator<Item = &'static Family> {
        self.iter().flat_map(|attached| attached.families.iter().copied())
    }

    /// What each group hands out, in the order they were attached. `failed` is told how often one could not. A group that asks
    /// for this while it is asked gets no samples.
    pub(crate) fn collect(&self, mut failed: impl FnMut(u64)) -> Vec<Samples> {
        let Some(_asking) = Asking::start(self) else {
            return self.iter().map(|attached| Samples::of(&attached.families)).collect();
        };
        let collect = |Attached { group, families }: &Attached| {
            let collected = unwinding_stops(|| {
                let mut samples = Samples::of(families);
                group.collect(&mut samples);
                let refused = samples.settle();
                (samples, refused)
            });
            let (samples, refused) = collected.unwrap_or_else(|| (Samples::of(families), 1));
            if refused > 0 {
                failed(refused);
            }
            samples
        };
        self.iter().map(collect).collect()
    }
}

thread_local! {
    /// The handles whose groups this thread is asking, by the address of their list.
    static ASKED: RefCell<Vec<*const Groups>> = const { RefCell::new(Vec::new()) };
}

/// While this is there, this thread is asking the groups of a handle.
struct Asking;

impl Asking {
    /// None if it is asking them already, or being torn down.
    fn start(groups: &Groups) -> Option<Asking> {
        let is_new = ASKED.try_with(|asked| {
            let mut asked = asked.borrow_mut();
            let is_new = !asked.contains(&std::ptr::from_ref(groups));
            if is_new {
                asked.push(groups);
            }
            is_new
        });
        is_new.unwrap_or(false).then(|| Asking)
    }
}

impl Drop for Asking {
    fn drop(&mut self) {
        let _ = ASKED.try_with(|asked| asked.borrow_mut().pop());
    }
}

fn check(family: &'static Family, is_reserved: impl Fn(&str) -> bool) -> Result<(), GroupError> {
    let name = family.name;
    let ending = ENDINGS.into_iter().find(|ending| name.ends_with(ending));
    let is_fitting = match family.family_type {
        FamilyType::Counter => ending == Some("_total") && name != "_total",
        FamilyType::Gauge | FamilyType::Histogram => ending.is_none(),
    };
    if !is_fitting || !label::is_identifier(name) {
        return Err(GroupError::Name(name));
    }
    let help = family.help;
    if help.is_empty() || help.trim() != help || help.contains(['\n', '\r', '\\']) {
        return Err(GroupError::Help(name));
    }
    for (index, label) in family.labels.iter().enumerate() {
        let is_repeated = family.labels[..index].contains(label);
        if is_repeated || *label == "le" || !label::is_label_name(label) || is_reserved(label) {
            return Err(GroupError::Label { family: name, label });
        }
    }
    Ok(())
}

/// Whether a strict reader of the text format or of `OpenMetrics` takes one family for the other, or a sample of one for the other's.
fn clash(one: &Family, other: &Family) -> bool {
    let others: Vec<String> = other.taken_names().collect();
    one.taken_names().any(|name| others.contains(&name))
}
