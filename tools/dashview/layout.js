// Where Grafana places panels, in cells: a row that is opened moves what is below it.
export function laidOut(dashboard, expanded) {
  const placed = [];
  let moved = 0;
  let bottom = 0;
  for (const panel of dashboard.panels) {
    placed.push({ panel, top: panel.gridPos.y + moved });
    bottom = Math.max(bottom, panel.gridPos.y + panel.gridPos.h + moved);
    if (panel.type === 'row' && panel.collapsed && expanded) {
      panel.panels.forEach((each) => placed.push({ panel: each, top: each.gridPos.y + moved }));
      const end = Math.max(...panel.panels.map(({ gridPos }) => gridPos.y + gridPos.h));
      bottom = Math.max(bottom, end + moved);
      moved += end - panel.gridPos.y - panel.gridPos.h;
    }
  }
  return { placed, bottom };
}
