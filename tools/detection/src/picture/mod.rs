//! Draws a score: precision and recall against the threshold, the time to detect each campaign, and calibration.

mod canvas;

use crate::judge::score::Score;
use crate::time::{DAY, HOUR, MINUTE, spelled};
use canvas::{Anchor, BLUE, Canvas, GREEN, GREY, INK, Panel, RED};

const WIDTH: f64 = 1_560.0;
const ROW: f64 = 27.0;
const TOP: f64 = 92.0;

/// The SVG of a score.
pub fn draw(score: &Score, title: &str) -> String {
    let mut canvas = Canvas::default();
    canvas.words((28.0, 36.0), Anchor::Start, 20.0, INK, title);
    let names = names(score);
    let height = (names.len() as f64 * ROW).max(330.0);
    thresholds(&mut canvas, score, Panel { left: 78.0, top: TOP, width: 360.0, height });
    delays(&mut canvas, score, &names, Panel { left: 650.0, top: TOP, width: 420.0, height });
    calibration(&mut canvas, score, Panel { left: 1_160.0, top: TOP, width: 360.0, height });
    canvas.finish(WIDTH, TOP + height + 68.0)
}

fn names(score: &Score) -> Vec<&'static str> {
    let mut names = Vec::new();
    for found in &score.campaigns {
        if !names.contains(&found.name) {
            names.push(found.name);
        }
    }
    names
}

/// Thresholds are drawn by their nines: .9 is one, .99 is two.
const NINES: f64 = 5.0;

fn thresholds(canvas: &mut Canvas, score: &Score, panel: Panel) {
    let x = [(0.0, "0"), (0.2, ".9"), (0.4, ".99"), (0.6, ".999"), (0.8, ".9999"), (1.0, ".99999")];
    // The upper half is what matters.
    let y = [(0.0, "0.5"), (0.2, "0.6"), (0.4, "0.7"), (0.6, "0.8"), (0.8, "0.9"), (1.0, "1")];
    panel.axes(canvas, "Sources of five guesses and more", &x, &y);
    panel.caption(canvas, "act from this probability on");
    if score.reached.due.is_empty() {
        return;
    }
    let steps = 120;
    let mut recall = Vec::new();
    let mut precision = Vec::new();
    for step in 0..=steps {
        let share = f64::from(step) / f64::from(steps);
        let threshold = 1.0 - 10_f64.powf(-NINES * share);
        let (found, right) = score.reached.at(threshold);
        for (line, value) in [(&mut recall, found), (&mut precision, right)] {
            if value >= 0.5 {
                line.push(panel.at(share, (value - 0.5) * 2.0));
            }
        }
    }
    canvas.path(&recall, BLUE);
    canvas.path(&precision, RED);
    let (x, y) = panel.at(0.6, 0.3);
    canvas.words((x, y - 20.0), Anchor::Start, 13.0, BLUE, "recall");
    canvas.words((x, y), Anchor::Start, 13.0, RED, "precision");
}

/// From ten seconds to four days.
fn delay_share(delay: f64) -> f64 {
    (delay.max(10.0) / 10.0).ln() / (4.0 * DAY / 10.0).ln()
}

fn delays(canvas: &mut Canvas, score: &Score, names: &[&str], panel: Panel) {
    let marks = [
        (10.0, "10 s"),
        (MINUTE, "1 min"),
        (10.0 * MINUTE, "10 min"),
        (HOUR, "1 h"),
        (6.0 * HOUR, "6 h"),
        (DAY, "1 d"),
        (4.0 * DAY, "4 d"),
    ];
    let x: Vec<(f64, &str)> = marks.iter().map(|&(delay, label)| (delay_share(delay), label)).collect();
    panel.axes(canvas, "Time to detect", &x, &[]);
    panel.caption(canvas, "since the campaign's first attempt that was answered");
    let step = panel.height / names.len().max(1) as f64;
    for (at, name) in names.iter().enumerate() {
        let y = panel.top + (at as f64 + 0.5) * step;
        canvas.words((panel.left - 10.0, y + 5.0), Anchor::End, 13.0, INK, name);
        let of: Vec<_> = score.campaigns.iter().filter(|found| found.name == *name).collect();
        let mut found: Vec<f64> =
            of.iter().filter_map(|found| found.first.as_ref().map(|first| first.0)).collect();
        found.sort_by(f64::total_cmp);
        for &delay in &found {
            canvas.dot((panel.at(delay_share(delay), 0.0).0, y), 4.5, GREEN, 0.45);
        }
        if let Some(&middle) = found.get(found.len() / 2) {
            let x = panel.at(delay_share(middle), 0.0).0;
            canvas.line((x, y - 9.0), (x, y + 9.0), GREEN, 2.5);
            let last = panel.at(delay_share(found[found.len() - 1]), 0.0).0;
            canvas.words((last + 10.0, y + 5.0), Anchor::Start, 12.0, GREY, &spelled(middle));
        }
        let missed = of.len() - found.len();
        if missed > 0 {
            let words = format!("missed {missed} of {}", of.len());
            canvas.words((panel.left + panel.width, y + 5.0), Anchor::End, 12.0, RED, &words);
        }
    }
}

fn calibration(canvas: &mut Canvas, score: &Score, panel: Panel) {
    let marks = [(0.0, "0"), (0.2, "0.2"), (0.4, "0.4"), (0.6, "0.6"), (0.8, "0.8"), (1.0, "1")];
    panel.axes(canvas, "Contacts of unfamiliar pairs: truly hostile", &marks, &marks);
    panel.caption(canvas, "probability said before the attempt");
    canvas.line(panel.at(0.0, 0.0), panel.at(1.0, 1.0), GREY, 1.0);
    for bin in score.calibration.bins.iter().filter(|bin| bin.count > 0) {
        let count = bin.count as f64;
        let at = panel.at(bin.said / count, bin.hostile as f64 / count);
        canvas.dot(at, 2.0 + 2.2 * count.log10(), BLUE, 0.7);
    }
    let (x, y) = panel.at(0.03, 0.93);
    let words = format!("Brier score {:.3}", score.calibration.brier());
    canvas.words((x, y), Anchor::Start, 13.0, INK, &words);
}
