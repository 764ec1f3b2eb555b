//! `PushGroup`: the families of all pushes of a handle.

use std::sync::{Arc, Mutex, PoisonError};

use auth_metrics::group::{Group, Samples};
use auth_metrics::{AuthMetrics, Family};

use super::counts::Counts;
use crate::error::Error;
use crate::families::{self, FAMILIES};

/// The pushes of a handle, by their names. A name that was used before goes on with its counts.
#[derive(Default)]
pub(crate) struct PushGroup {
    pushes: Mutex<Vec<Arc<Counts>>>,
}

/// The most names of pushes: each has series.
const MOST: usize = 16;

impl PushGroup {
    /// Attaches the families to a handle, and takes a name.
    pub(crate) fn start(metrics: &AuthMetrics, name: &str) -> Result<Arc<Counts>, Error> {
        let group = metrics.group(PushGroup::default).map_err(Error::Families)?;
        let mut pushes = group.pushes.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = pushes.iter().find(|known| known.name() == name) {
            return if known.start() { Ok(Arc::clone(known)) } else { Err(Error::NameTaken) };
        }
        if pushes.len() == MOST {
            return Err(Error::TooManyPushes);
        }
        let counts = Arc::new(Counts::new(name));
        counts.start();
        pushes.push(Arc::clone(&counts));
        Ok(counts)
    }
}

impl Group for PushGroup {
    fn families(&self) -> Vec<&'static Family> {
        FAMILIES.to_vec()
    }

    fn collect(&self, samples: &mut Samples) {
        let pushes = self.pushes.lock().unwrap_or_else(PoisonError::into_inner).clone();
        for counts in &pushes {
            for (result, count) in counts.pushes() {
                samples.counter(&families::PUSHES, &[counts.name(), result], count);
            }
            for (result, count) in counts.points() {
                samples.counter(&families::POINTS, &[counts.name(), result], count);
            }
            if let Some(at) = counts.last_success() {
                samples.gauge(&families::LAST_SUCCESS, &[counts.name()], at);
            }
            samples.gauge(&families::UP, &[counts.name()], f64::from(u8::from(counts.is_up())));
        }
    }
}
