//! What happens to the service itself: a bad deploy, an outage.

use auth_metrics_random::Random;

use crate::event::Ending;
use crate::time::Span;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// A release that rejects everybody, or fails for everybody.
    Deploy,
    /// A dependency is away.
    Outage,
}

impl Trouble {
    pub fn label(self) -> &'static str {
        match self {
            Trouble::Deploy => "bad deploy",
            Trouble::Outage => "outage",
        }
    }
}

#[derive(Clone, Copy, Debug)]
pub struct Episode {
    pub trouble: Trouble,
    pub span: Span,
    /// How attempts end meanwhile.
    pub ending: Ending,
    /// The share of attempts that is hit.
    pub share: f64,
}

/// All episodes of a world.
#[derive(Clone, Debug, Default)]
pub struct Episodes(pub Vec<Episode>);

impl Episodes {
    /// A bad deploy on one day and an outage on another, both at a busy hour.
    pub fn drawn(random: &mut Random, deploy_day: f64, outage_day: f64) -> Episodes {
        let deploy = Episode {
            trouble: Trouble::Deploy,
            span: Span::new(deploy_day, random.between(9.0, 16.0), random.between(20.0, 40.0) / 60.0),
            ending: if random.chance(0.75) { Ending::WRONG } else { Ending::BROKEN },
            share: 1.0,
        };
        let outage = Episode {
            trouble: Trouble::Outage,
            span: Span::new(outage_day, random.between(9.0, 16.0), random.between(30.0, 60.0) / 60.0),
            ending: Ending::AWAY,
            share: random.between(0.7, 1.0),
        };
        Episodes(vec![deploy, outage])
    }

    /// How an attempt ends that would have ended in another way, if the service is in trouble.
    pub fn at(&self, t: f64, random: &mut Random) -> Option<Ending> {
        let episode = self.0.iter().find(|episode| episode.span.contains(t))?;
        random.chance(episode.share).then_some(episode.ending)
    }

    pub fn of(&self, trouble: Trouble) -> Option<Episode> {
        self.0.iter().find(|episode| episode.trouble == trouble).copied()
    }
}
