//! A crowd that keeps coming, calm or hostile: for whoever watches the service with Prometheus.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Semaphore;
use tokio::time::{Instant, MissedTickBehavior, interval};

use super::crowd::{Crowd, Person};
use super::stories::Story;

/// Between two visits.
const PACE: Duration = Duration::from_millis(50);

/// Visits that go on at once; more than that are not begun.
const AT_ONCE: usize = 64;

/// Machines of a wave in a round.
const BOTS_AT_ONCE: usize = 8;

/// Who comes, and for how long.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Phase {
    pub(crate) mood: Mood,
    /// Until the program ends, if none.
    pub(crate) lasts: Option<Duration>,
}

/// What a crowd is up to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mood {
    /// People who sign in, and mistype now and then.
    Calm,
    /// The same people, and those who guess, forge, replay and flood.
    Attack,
}

impl Mood {
    /// Its name on the command line.
    pub(crate) const fn label(self) -> &'static str {
        match self {
            Self::Calm => "calm",
            Self::Attack => "attack",
        }
    }
}

impl Crowd {
    /// Comes and goes as long as the phase lasts.
    pub(super) async fn keep_coming(self: &Arc<Self>, phase: Phase) {
        let ends = phase.lasts.map(|lasts| Instant::now() + lasts);
        let places = Arc::new(Semaphore::new(AT_ONCE));
        let mut pace = interval(PACE);
        pace.set_missed_tick_behavior(MissedTickBehavior::Skip);
        // The same order in every run.
        let mut random = fastrand::Rng::with_seed(11);
        let mut coming = Vec::new();
        for number in 0.. {
            pace.tick().await;
            if ends.is_some_and(|ends| Instant::now() >= ends) {
                return;
            }
            if coming.is_empty() {
                coming = self.round(phase.mood, number);
                random.shuffle(&mut coming);
            }
            let (Some(story), Ok(permit)) = (coming.pop(), Arc::clone(&places).try_acquire_owned()) else {
                continue;
            };
            let crowd = Arc::clone(self);
            tokio::spawn(async move {
                // What goes wrong is the service's to count.
                drop(story.play(&crowd, number).await);
                drop(permit);
            });
        }
    }

    /// A few seconds of visits.
    fn round(&self, mood: Mood, number: usize) -> Vec<Story> {
        let of = |people: &[Person]| people.get(number % people.len().max(1)).cloned();
        let calm = [
            (40, Story::Visit),
            (3, Story::Typo),
            (1, Story::Traveller),
            (12, Story::PartnerVisit),
            (8, Story::Machine),
        ];
        let hostile = [
            (12, Story::Stranger),
            (6, Story::EmptyHands),
            (8, Story::Forger),
            (6, Story::RefreshThief),
            (4, Story::Climber),
            (6, Story::CodeOfNobody),
            (4, Story::WrongMachine),
            (2, Story::HangUpAtLogin),
        ];
        let mut round = repeated(&calm);
        round.extend(of(&self.enrolled).map(Story::SecondFactor));
        if mood == Mood::Attack {
            round.extend(repeated(&hostile));
            round.extend((0..BOTS_AT_ONCE).map(|bot| Story::Bot(number * BOTS_AT_ONCE + bot)));
            round.extend(of(&self.victims).map(Story::Guesser));
            round.extend(of(&self.stormed).map(Story::Storm));
            let other = |by: usize| self.enrolled.get((number + by) % self.enrolled.len().max(1)).cloned();
            round.extend((1..6).filter_map(other).map(Story::WrongCode));
            round.extend((6..9).filter_map(other).map(Story::UsedCode));
        }
        round
    }
}

fn repeated(stories: &[(usize, Story)]) -> Vec<Story> {
    stories.iter().flat_map(|(count, story)| std::iter::repeat_n(story.clone(), *count)).collect()
}
