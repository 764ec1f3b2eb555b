//! What everybody sees first, on 1,280 by 900 pixels: what fires and since when, whose fault it is, which operation, which replica.

mod answers;
mod courses;
mod firing;
mod objectives;

use super::panel::Panel;
use super::queries::Queries;

pub(super) fn panels(queries: Queries<'_>, alerts: &[&str]) -> Vec<Panel> {
    let mut panels = vec![firing::panel(queries, alerts)];
    panels.extend(answers::panels(queries));
    panels.extend([objectives::panel(queries), courses::errors(queries)]);
    panels.extend(courses::habits(queries));
    panels.extend(courses::replicas(queries));
    panels
}
