//! The incidents of a world, which are the truth that alerts are judged by.

use auth_metrics_random::Random;

use crate::calendar::{DAY, HOUR, Minute};
use crate::deployment::Deployment;
use crate::episode::Episode;
use crate::kind::{Class, Due, Kind};
use crate::nature::Nature;

/// Longer ones excuse only alerts of their own natures.
pub const LONG: Minute = 6 * HOUR;
/// An alert may begin so long after the end.
pub const GRACE: Minute = 15;

/// Something that somebody must hear of.
#[derive(Clone, Debug)]
pub struct Incident {
    pub kind: Kind,
    pub class: Class,
    pub due: Due,
    /// The operation that it is about; all of them if there is none.
    pub operation: Option<&'static str>,
    pub from: Minute,
    pub to: Minute,
}

impl Incident {
    /// Whether an alert of this nature, on this operation, is about this incident.
    pub fn is_told_by(&self, nature: Nature, operation: Option<&str>) -> bool {
        let same = match (self.operation, operation) {
            (Some(own), Some(other)) => own == other,
            _ => true,
        };
        same && (nature == Nature::Unknown || self.kind.natures().contains(&nature))
    }

    /// Whether an alert of this nature that fires in this minute is no false one.
    pub fn excuses(&self, nature: Nature, minute: Minute) -> bool {
        let within = (self.from..=self.to + GRACE).contains(&minute);
        within && (self.to - self.from <= LONG || self.kind.natures().contains(&nature))
    }
}

/// Draws the incidents of a deployment and adds what they do to its episodes.
pub fn plant(deployment: &mut Deployment, gaps: &[(Minute, Minute)], random: &mut Random) -> Vec<Incident> {
    let days = (deployment.until - deployment.from) as f64 / DAY as f64;
    let wanted = if days < 7.0 { 4 } else { (days * 0.36).round() as usize };
    let mut kinds: Vec<Kind> = Kind::ALL.iter().copied().filter(|kind| kind.fits(deployment)).collect();
    random.shuffle(&mut kinds);
    let mut planted: Vec<Incident> = Vec::new();
    if days < 7.0 {
        kinds.insert(0, Kind::SecondHour);
    }
    let rounds = kinds.clone();
    kinds.extend(rounds.into_iter().filter(|kind| *kind != Kind::SecondHour));
    for kind in kinds {
        if planted.len() >= wanted {
            break;
        }
        if let Some((incident, mut episodes)) = attempt(kind, deployment, gaps, &planted, random) {
            planted.push(incident);
            deployment.episodes.append(&mut episodes);
        }
    }
    planted.sort_by_key(|incident| incident.from);
    planted
}

/// Looks for a time at which the incident makes sense and stands alone.
fn attempt(
    kind: Kind,
    deployment: &Deployment,
    gaps: &[(Minute, Minute)],
    planted: &[Incident],
    random: &mut Random,
) -> Option<(Incident, Vec<Episode>)> {
    const SETTLED: Minute = 3 * DAY;
    let established = deployment.until - deployment.from > 7 * DAY;
    let earliest = deployment.from + if established { SETTLED } else { 4 * HOUR };
    // By day or by night: otherwise nearly all would be where the traffic is.
    let by_night = random.chance(0.4);
    for tries in 0..400 {
        let from = if kind == Kind::SecondHour {
            deployment.from + HOUR
        } else {
            random.whole(earliest, deployment.until - 2 * HOUR)
        };
        if kind != Kind::SecondHour && tries < 200 && by_night == deployment.traffic.is_busy(from) {
            continue;
        }
        let Some(happening) = kind.happen(deployment, from, random) else { continue };
        let to = from + happening.minutes;
        let apart = planted.iter().all(|other| from > other.to + 8 * HOUR || to + 8 * HOUR < other.from);
        // In a long one there may be a gap later on.
        let seen = (from - 10, to.min(from + 2 * HOUR) + 30);
        let watched = gaps.iter().all(|&(away, back)| back <= seen.0 || seen.1 <= away);
        if apart && watched && to + HOUR < deployment.until {
            let Happening { due, class, operation, effects, .. } = happening;
            let episodes = effects.into_iter().map(|effect| Episode { from, to, effect }).collect();
            return Some((Incident { kind, class, due, operation, from, to }, episodes));
        }
    }
    None
}

/// An incident whose time is known.
#[derive(Clone, Debug)]
pub struct Happening {
    pub class: Class,
    pub due: Due,
    pub operation: Option<&'static str>,
    pub minutes: Minute,
    pub effects: Vec<crate::episode::Effect>,
}
