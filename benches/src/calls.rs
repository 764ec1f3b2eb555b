//! One metered call: time on one thread and on two, allocations, and whether it was counted.

use std::sync::Barrier;
use std::time::Instant;

use crate::contenders::{
    Contender, Counted, FAILS_ONE_IN, autometrics::Autometrics, bare::Bare, floor::Floor, limit::Limit,
    measured::Measured, metered_0_9, metered_0_10, metrics_exporter::Metrics, opentelemetry, ours,
    prometheus, prometheus_client, static_metric::StaticMetric,
};
use crate::progress::Progress;
use crate::stats::Samples;
use crate::{Effort, alloc, pin};

/// The figures of one contender.
pub struct Row {
    pub name: &'static str,
    pub note: &'static str,
    /// Nanoseconds per call, round by round.
    pub one: Samples,
    /// The same of two threads, each on a processor of its own.
    pub two: Option<Samples>,
    pub allocations: f64,
    /// How many calls its registry showed in the end, exactly as many as were asked for.
    pub counted: Option<u64>,
}

/// Contenders that were measured in the same rounds.
pub struct Group {
    pub title: &'static str,
    pub rows: Vec<Row>,
}

impl Group {
    pub fn row(&self, name: &str) -> &Row {
        self.rows.iter().find(|row| row.name == name).unwrap_or_else(|| panic!("{name} was not measured"))
    }
}

/// A contender, and how often it was called.
struct Entry {
    contender: Box<dyn Contender>,
    asked: u64,
}

impl Entry {
    fn new(contender: impl Contender + 'static) -> Entry {
        Entry { contender: Box::new(contender), asked: 0 }
    }

    fn one_thread(&mut self, calls: u64) -> f64 {
        self.asked += WARM_UP + calls;
        self.contender.disturb(true);
        self.contender.run(WARM_UP);
        let begin = Instant::now();
        self.contender.run(calls);
        let nanos = begin.elapsed().as_nanos() as f64 / calls as f64;
        self.contender.disturb(false);
        self.contender.settle();
        nanos
    }

    fn two_threads(&mut self, calls: u64) -> f64 {
        self.asked += 2 * (WARM_UP + calls);
        let (contender, barrier) = (&*self.contender, Barrier::new(2));
        let run = || {
            contender.run(WARM_UP);
            barrier.wait();
            let begin = Instant::now();
            contender.run(calls);
            begin.elapsed().as_nanos() as f64 / calls as f64
        };
        let both = std::thread::scope(|scope| {
            let other = scope.spawn(|| {
                pin::this_thread_to(1);
                run()
            });
            run() + other.join().unwrap()
        });
        contender.settle();
        both / 2.0
    }

    fn allocations(&mut self, calls: u64) -> f64 {
        self.asked += WARM_UP + calls;
        self.contender.run(WARM_UP);
        let ((), allocated) = alloc::during(|| self.contender.run(calls));
        self.contender.settle();
        allocated.calls as f64 / calls as f64
    }

    /// Its own registry shows exactly what was asked of it.
    fn check(&self) -> Result<Option<u64>, String> {
        let (name, asked) = (self.contender.name(), Counted::asked(self.asked));
        match self.contender.counted() {
            None => Ok(None),
            Some(counted) if counted == asked => Ok(Some(self.asked)),
            Some(counted) => Err(format!("{name}: asked for {asked:?}, its registry shows {counted:?}")),
        }
    }
}

const WARM_UP: u64 = 10 * FAILS_ONE_IN;

pub fn measure(effort: Effort) -> Result<Vec<Group>, String> {
    // A small handle first: who scrapes it comes back to the same cells as often as possible.
    ours::process();
    let scraped = vec![
        Entry::new(Floor::default()),
        Entry::new(Limit::new()),
        Entry::new(ours::Constant),
        Entry::new(ours::Scraped::new()),
        Entry::new(ours::Served::new()),
    ];
    let (scraped, mut entries) = group("while it is scraped", scraped, effort)?;
    // The floor, the limit and the constant service go on with their counts.
    let mut all: Vec<Entry> = entries.drain(..3).collect();
    all.splice(0..0, [Entry::new(Bare)]);
    all.extend([
        Entry::new(ours::OneService::new()),
        Entry::new(ours::EveryService::new()),
        Entry::new(Autometrics::new()),
        Entry::new(prometheus::Cached::new()),
        Entry::new(prometheus::LookedUp::new()),
        Entry::new(StaticMetric::new()),
        Entry::new(prometheus_client::Cached::new()),
        Entry::new(prometheus_client::LookedUp::new()),
        Entry::new(Measured::new()),
        Entry::new(metered_0_9::Metered::default()),
        Entry::new(metered_0_10::Metered::new()),
        Entry::new(opentelemetry::Bound::new()),
        Entry::new(opentelemetry::WithAttributes::new()),
        Entry::new(Metrics::new()),
    ]);
    let (peers, mut entries) = group("side by side", all, effort)?;
    // Last, because a scope is never forgotten: from then on every call looks whether it is in one.
    let mut scoped: Vec<Entry> = entries.drain(1..3).collect();
    scoped.extend([Entry::new(ours::AfterScope), Entry::new(ours::Scoped::new())]);
    let (scoped, _) = group("with scopes", scoped, effort)?;
    Ok(vec![peers, scoped, scraped])
}

/// Measures contenders in interleaved rounds, and checks what they counted.
fn group(
    title: &'static str,
    mut entries: Vec<Entry>,
    effort: Effort,
) -> Result<(Group, Vec<Entry>), String> {
    let mut figures = vec![(Samples::default(), Samples::default()); entries.len()];
    let mut progress = Progress::new(title, effort.rounds);
    for round in 0..effort.rounds {
        for at in 0..entries.len() {
            // Nobody always comes after the same one.
            let at = if round % 2 == 0 { at } else { entries.len() - 1 - at };
            figures[at].0.0.push(entries[at].one_thread(effort.calls));
            if !entries[at].contender.is_disturbed() && pin::processors() > 1 {
                figures[at].1.0.push(entries[at].two_threads(effort.calls));
            }
        }
        progress.step();
    }
    let rows = entries.iter_mut().zip(figures).map(|(entry, (one, two))| {
        let allocations = entry.allocations(effort.calls);
        Ok(Row {
            name: entry.contender.name(),
            note: entry.contender.note(),
            one,
            two: Some(two).filter(|two| !two.0.is_empty()),
            allocations,
            counted: entry.check()?,
        })
    });
    let rows = rows.collect::<Result<_, String>>()?;
    Ok((Group { title, rows }, entries))
}
