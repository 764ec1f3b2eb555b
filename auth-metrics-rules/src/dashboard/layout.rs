//! Rows, and where their panels are in Grafana's grid.

use serde_json::{Value, json};

use super::super::query::Subject;
use super::panel::Panel;

/// Columns of Grafana's grid.
const COLUMNS: u32 = 24;

/// Panels under a title that is open or collapsed; or without one, at the top.
pub(super) struct Row {
    title: Option<&'static str>,
    panels: Vec<Panel>,
}

impl Row {
    /// The panels that everybody sees at once.
    pub(super) fn open(panels: Vec<Panel>) -> Row {
        Row { title: None, panels }
    }

    /// Panels that a click shows.
    pub(super) fn collapsed(title: &'static str, panels: Vec<Panel>) -> Row {
        Row { title: Some(title), panels }
    }
}

/// Places panels from left to right and then down. Panels of a collapsed row are placed as if their row alone were open, as Grafana
/// saves them.
pub(super) fn laid_out(rows: impl Iterator<Item = Row>, subject: Subject<'_>) -> Vec<Value> {
    let (mut laid, mut y, mut id) = (Vec::new(), 0, 0);
    for row in rows.filter(|row| !row.panels.is_empty()) {
        let Some(title) = row.title else {
            let (panels, bottom) = placed(row.panels, y, &mut id, subject);
            laid.extend(panels);
            y = bottom;
            continue;
        };
        id += 1;
        let own = id;
        let (panels, _) = placed(row.panels, y + 1, &mut id, subject);
        laid.push(json!({
            "id": own, "type": "row", "title": title, "collapsed": true, "panels": panels,
            "gridPos": { "x": 0, "y": y, "w": COLUMNS, "h": 1 },
        }));
        y += 1;
    }
    laid
}

/// The panels from `top` on, each as high and then as far left as it fits, and where they end.
fn placed(panels: Vec<Panel>, top: u32, id: &mut u32, subject: Subject<'_>) -> (Vec<Value>, u32) {
    let mut bottoms = [top; COLUMNS as usize];
    let mut laid = Vec::new();
    for panel in panels {
        let (width, height) = panel.size;
        let fits = (0..=COLUMNS - width).map(|x| (highest(&bottoms, x, width), x));
        let (y, x) = fits.min().unwrap_or((top, 0));
        *id += 1;
        laid.push(panel.into_json(*id, &json!({ "x": x, "y": y, "w": width, "h": height }), subject));
        columns(x, width).for_each(|column| bottoms[column] = y + height);
    }
    (laid, highest(&bottoms, 0, COLUMNS))
}

/// Where the columns from `x` on are all free.
fn highest(bottoms: &[u32], x: u32, width: u32) -> u32 {
    columns(x, width).map(|column| bottoms[column]).max().unwrap_or(0)
}

fn columns(x: u32, width: u32) -> std::ops::Range<usize> {
    x as usize..(x + width) as usize
}
