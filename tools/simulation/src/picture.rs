//! Draws a week: the traffic of each deployment, its incidents as bars, its alerts as marks.

use std::fmt::Write as _;

use crate::calendar::{DAY, HOUR, Minute, WEEK, spelled};
use crate::deployment::{Deployment, World};
use crate::evaluate::Alarm;
use crate::incident::Incident;
use crate::nature;
use crate::score::{Score, concerned, is_excused, merged_alarms};

const WIDTH: f64 = 1_560.0;
const LEFT: f64 = 230.0;
const RIGHT: f64 = 30.0;
const TOP: f64 = 112.0;
const CHART: f64 = 96.0;
const ROW: f64 = 17.0;

/// Colours that differ in brightness, too.
const TRAFFIC: &str = "#9db7d5";
const PAGE: &str = "#b3261e";
const TICKET: &str = "#b86e00";
const FOUND: &str = "#1f7a4d";
const MISSED: &str = "#7b1fa2";
const GREY: &str = "#5f6670";

/// A week of a world as it is drawn.
struct Picture<'a> {
    world: &'a World,
    alarms: Vec<Alarm>,
    score: &'a Score,
    from: Minute,
    text: String,
    y: f64,
}

/// The week with the most incidents.
pub fn fullest_week(world: &World) -> Minute {
    let count = |week: Minute| {
        let all = world.deployments.iter().flat_map(|deployment| &deployment.incidents);
        all.filter(|incident| incident.from.div_euclid(WEEK) == week).count()
    };
    1 + (0..world.weeks).max_by_key(|&week| count(week)).unwrap_or_default()
}

/// The SVG of a week, counted from 1.
pub fn draw(world: &World, alarms: &[Alarm], score: &Score, week: Minute) -> String {
    let from = (week - 1) * WEEK;
    let alarms = merged_alarms(alarms)
        .into_iter()
        .filter(|alarm| alarm.from < from + WEEK && alarm.to > from)
        .collect();
    let mut picture = Picture { world, alarms, score, from, text: String::new(), y: TOP };
    for deployment in &world.deployments {
        if deployment.from < from + WEEK {
            picture.deployment(deployment);
        }
    }
    picture.finish(week)
}

impl Picture<'_> {
    fn x(&self, minute: Minute) -> f64 {
        let share = (minute - self.from).clamp(0, WEEK) as f64 / WEEK as f64;
        LEFT + share * (WIDTH - LEFT - RIGHT)
    }

    fn add(&mut self, element: &str) {
        self.text.push_str(element);
        self.text.push('\n');
    }

    fn words(&mut self, (x, y): (f64, f64), style: &str, words: &str) {
        let words = words.replace('&', "&amp;").replace('<', "&lt;");
        self.add(&format!("<text x=\"{x:.1}\" y=\"{y:.1}\" {style}>{words}</text>"));
    }

    fn deployment(&mut self, deployment: &Deployment) {
        let top = self.y;
        let traffic = &deployment.traffic;
        self.words((18.0, top + 20.0), "class=\"name\"", &deployment.job);
        let size = format!(
            "{} attempts/s, {} replica{}",
            traffic.rate,
            deployment.replicas,
            plural(deployment.replicas)
        );
        self.words((18.0, top + 40.0), "class=\"small\"", &size);
        let operations: Vec<&str> = deployment.operations.iter().map(|operation| operation.name).collect();
        self.words((18.0, top + 57.0), "class=\"small\"", &operations.join(", "));
        self.days(top, CHART);
        self.traffic(deployment, top);
        let incidents: Vec<Incident> = deployment
            .incidents
            .iter()
            .filter(|incident| incident.from < self.from + WEEK && incident.to > self.from)
            .cloned()
            .collect();
        for incident in &incidents {
            self.incident_band(incident, top);
        }
        self.y += CHART + 8.0;
        for incident in &incidents {
            self.incident(deployment, incident);
        }
        self.alarms(deployment);
        self.y += 26.0;
    }

    /// Lines between days.
    fn days(&mut self, top: f64, height: f64) {
        for day in 0..=7 {
            let x = self.x(self.from + day * DAY);
            self.add(&format!(
                "<line x1=\"{x:.1}\" x2=\"{x:.1}\" y1=\"{top:.1}\" y2=\"{:.1}\" class=\"day\"/>",
                top + height
            ));
        }
    }

    fn traffic(&mut self, deployment: &Deployment, top: f64) {
        let steps: Vec<Minute> = (self.from..self.from + WEEK).step_by(10).collect();
        let rate =
            |minute: Minute| if minute < deployment.from { 0.0 } else { deployment.traffic.at(minute) };
        let highest = steps.iter().map(|&minute| rate(minute)).fold(f64::MIN_POSITIVE, f64::max);
        let bottom = top + CHART;
        let mut path = format!("M{LEFT:.1},{bottom:.1}");
        for minute in steps {
            // Writing to a string does not fail.
            let _ = write!(
                path,
                "L{:.1},{:.1}",
                self.x(minute),
                bottom - (CHART - 14.0) * rate(minute) / highest
            );
        }
        let _ = write!(path, "L{:.1},{bottom:.1}Z", WIDTH - RIGHT);
        self.add(&format!("<path d=\"{path}\" fill=\"{TRAFFIC}\"/>"));
        let label = format!("{} /s", rounded(highest));
        self.words((LEFT - 8.0, top + 16.0), "class=\"small\" text-anchor=\"end\"", &label);
        for &(away, back) in &self.world.gaps {
            if away < self.from + WEEK && back > self.from {
                let (x, width) = (self.x(away), (self.x(back) - self.x(away)).max(2.0));
                self.add(&format!("<rect x=\"{x:.1}\" y=\"{top:.1}\" width=\"{width:.1}\" height=\"{CHART}\" class=\"gap\"/>"));
            }
        }
        for &rollout in &deployment.rollouts {
            if (self.from..self.from + WEEK).contains(&rollout) {
                let (x, y) = (self.x(rollout), top + CHART);
                self.add(&format!("<path d=\"M{x:.1},{y:.1}l-4,7h8z\" fill=\"{GREY}\"/>"));
            }
        }
    }

    fn incident_band(&mut self, incident: &Incident, top: f64) {
        let (x, width) = (self.x(incident.from), (self.x(incident.to) - self.x(incident.from)).max(2.0));
        self.add(&format!("<rect x=\"{x:.1}\" y=\"{top:.1}\" width=\"{width:.1}\" height=\"{CHART}\" fill=\"#000\" opacity=\"0.13\"/>"));
    }

    /// A bar for the incident, and beside it what it was and who told it.
    fn incident(&mut self, deployment: &Deployment, incident: &Incident) {
        let judged = self
            .score
            .incidents
            .iter()
            .find(|judged| judged.job == deployment.job && judged.incident.from == incident.from);
        let told = judged.and_then(|judged| judged.told.first().cloned());
        let (colour, verdict) = match &told {
            Some((alert, delay)) => (FOUND, format!("{alert} after {delay} min")),
            None => (MISSED, format!("MISSED, {} due", incident.due.name())),
        };
        let (x, y) = (self.x(incident.from), self.y);
        let width = (self.x(incident.to) - x).max(4.0);
        self.add(&format!(
            "<rect x=\"{x:.1}\" y=\"{:.1}\" width=\"{width:.1}\" height=\"11\" rx=\"2\" fill=\"{colour}\"/>",
            y + 2.0
        ));
        let words = format!("{}: {verdict}", incident.kind.title());
        let style = format!("class=\"label\" fill=\"{colour}\"");
        self.beside((x, x + width), y + 12.0, &style, &words);
        self.y += ROW;
    }

    /// Words to the right of something, or to its left where there is no room.
    fn beside(&mut self, (left, right): (f64, f64), y: f64, style: &str, words: &str) {
        let room = words.chars().count() as f64 * 6.6;
        if right + room < WIDTH - 4.0 {
            self.words((right + 6.0, y), style, words);
        } else {
            self.words((left - 6.0, y), &format!("{style} text-anchor=\"end\""), words);
        }
    }

    /// A row for each alert that fired: filled while it is about an incident, empty while it is for nothing.
    fn alarms(&mut self, deployment: &Deployment) {
        let mine: Vec<Alarm> = self
            .alarms
            .iter()
            .filter(|alarm| {
                concerned(self.world, &alarm.labels).iter().any(|found| found.job == deployment.job)
            })
            .cloned()
            .collect();
        let mut names: Vec<(&str, &str)> =
            mine.iter().map(|alarm| (&*alarm.alert, &*alarm.severity)).collect();
        names.sort_by_key(|&(name, severity)| (severity != "page", name));
        names.dedup();
        for (name, severity) in names {
            let y = self.y;
            let colour = if severity == "page" { PAGE } else { TICKET };
            self.words(
                (LEFT - 8.0, y + 12.0),
                &format!("class=\"label\" text-anchor=\"end\" fill=\"{colour}\""),
                name,
            );
            self.add(&format!(
                "<line x1=\"{LEFT}\" x2=\"{:.1}\" y1=\"{:.1}\" y2=\"{:.1}\" class=\"row\"/>",
                WIDTH - RIGHT,
                y + 8.0,
                y + 8.0
            ));
            for alarm in mine.iter().filter(|alarm| alarm.alert == name) {
                self.mark(alarm.from, alarm.to, ("#fff", colour));
                let excused = |minute: &Minute| is_excused(deployment, nature::of(name), *minute);
                let all: Vec<Minute> = (alarm.from..alarm.to).filter(excused).collect();
                for run in all.chunk_by(|minute, next| next - minute == 1) {
                    self.mark(run[0], run[run.len() - 1] + 1, (colour, colour));
                }
            }
            self.y += ROW;
        }
    }

    fn mark(&mut self, from: Minute, to: Minute, (fill, colour): (&str, &str)) {
        if to <= self.from || from >= self.from + WEEK {
            return;
        }
        let (x, y, width) = (self.x(from), self.y + 3.5, (self.x(to) - self.x(from)).max(5.0));
        let style = format!("rx=\"2\" fill=\"{fill}\" stroke=\"{colour}\" stroke-width=\"1.4\"");
        self.add(&format!("<rect x=\"{x:.1}\" y=\"{y:.1}\" width=\"{width:.1}\" height=\"9\" {style}/>"));
    }

    fn finish(mut self, week: Minute) -> String {
        let height = self.y + 10.0;
        let body = std::mem::take(&mut self.text);
        self.words(
            (18.0, 34.0),
            "class=\"title\"",
            &format!("Week {week} of world {}: what happened, and what the alerts said", self.world.seed),
        );
        self.legend();
        for day in 0..7 {
            let middle = self.x(self.from + day * DAY + 12 * HOUR);
            let name = spelled(self.from + day * DAY);
            let name = name.split(' ').nth(2).unwrap_or_default().to_owned();
            self.words((middle, TOP - 8.0), "class=\"label\" text-anchor=\"middle\" fill=\"#333\"", &name);
        }
        format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{WIDTH}\" height=\"{height:.0}\" viewBox=\"0 0 {WIDTH} {height:.0}\">\n\
             <style>text{{font-family:'DejaVu Sans',Verdana,sans-serif}}.title{{font-size:20px;font-weight:600}}.name{{font-size:16px;font-weight:600}}\
             .small{{font-size:12px;fill:{GREY}}}.label{{font-size:11.5px}}.day{{stroke:#d5d9de}}.row{{stroke:#e6e8eb}}.gap{{fill:#fff;stroke:{GREY};stroke-dasharray:2 2}}</style>\n\
             <rect width=\"100%\" height=\"100%\" fill=\"#fff\"/>\n{}{body}</svg>\n",
            self.text
        )
    }

    fn legend(&mut self) {
        let entries = [
            (TRAFFIC, TRAFFIC, "attempts"),
            (FOUND, FOUND, "incident, found"),
            (MISSED, MISSED, "incident, missed"),
            (PAGE, PAGE, "page"),
            (TICKET, TICKET, "ticket"),
            ("#fff", PAGE, "fired for nothing"),
        ];
        let mut x = 18.0;
        for (fill, stroke, name) in entries {
            self.add(&format!("<rect x=\"{x:.1}\" y=\"54\" width=\"18\" height=\"11\" rx=\"2\" fill=\"{fill}\" stroke=\"{stroke}\" stroke-width=\"1.4\"/>"));
            self.words((x + 24.0, 64.0), "class=\"label\" fill=\"#333\"", name);
            x += 52.0 + name.len() as f64 * 7.0;
        }
        self.add(&format!("<path d=\"M{:.1},55l-5,9h10z\" fill=\"{GREY}\"/>", x + 9.0));
        self.words((x + 20.0, 64.0), "class=\"label\" fill=\"#333\"", "rollout");
        self.add(&format!("<rect x=\"{:.1}\" y=\"53\" width=\"12\" height=\"13\" class=\"gap\"/>", x + 90.0));
        self.words((x + 108.0, 64.0), "class=\"label\" fill=\"#333\"", "Prometheus away");
    }
}

fn plural(count: usize) -> &'static str {
    if count == 1 { "" } else { "s" }
}

fn rounded(rate: f64) -> String {
    if rate < 10.0 { format!("{rate:.2}") } else { format!("{rate:.0}") }
}
