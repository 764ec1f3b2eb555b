// Draws a dashboard with Grafana's own components. What it can't draw as Grafana does, it says.
import * as D from '@grafana/data';
import * as U from '@grafana/ui';
import { useEffect } from 'react';
import { createRoot } from 'react-dom/client';
import { annotated, load } from './query.js';
import { Panel } from './panels.jsx';
import { CELL, EXPANDED, PADDING, WIDTH, theme, unsupported } from './settings.js';
import { laidOut } from './layout.js';

// The title, the variables and the links. Grafana's own bar is in none of its packages: this has its height.
function Bar({ dashboard }) {
  const chip = { border: `1px solid ${theme.colors.border.medium}`, borderRadius: 2, padding: '4px 8px', background: theme.colors.background.primary };
  const links = { marginLeft: 'auto', color: theme.colors.text.link };
  const chosen = (variable) => (variable.type === 'datasource' ? 'Prometheus' : variable.current.text);
  return (
    <div style={{ position: 'absolute', left: PADDING, width: WIDTH - 2 * PADDING, top: 0 }}>
      <div style={{ height: 44, display: 'flex', alignItems: 'center', fontSize: 16 }}>{dashboard.title}</div>
      <div style={{ height: 44, display: 'flex', alignItems: 'center', gap: 8, fontSize: 12 }}>
        {dashboard.templating.list.map((variable) => <span key={variable.name} style={chip}><b>{variable.label}</b>{` ${chosen(variable)} `}</span>)}
        {dashboard.annotations.list.map(({ name, iconColor }) => <span key={name} style={{ color: theme.visualization.getColorByName(iconColor) }}>{`┆ ${name}`}</span>)}
        {dashboard.links.map(({ title }) => <span key={title} style={links}>{`${title} ↗`}</span>)}
      </div>
    </div>
  );
}

function Row({ row, top }) {
  const inside = EXPANDED ? '' : ` (${row.panels.length} panels)`;
  return (
    <div style={{ position: 'absolute', left: PADDING, top: top * (CELL.height + CELL.gap), height: CELL.height, display: 'flex', alignItems: 'center', fontWeight: 500 }}>
      {`${EXPANDED ? '⌄' : '›'} ${row.title}`}
      <span style={{ color: theme.colors.text.secondary, fontWeight: 400, paddingLeft: 6 }}>{inside}</span>
    </div>
  );
}

function Dashboard({ dashboard, loaded, spans }) {
  useEffect(() => { setTimeout(() => { document.title = 'drawn'; }, 500); }, []);
  const { placed, bottom } = laidOut(dashboard, EXPANDED);
  return (
    <D.ThemeContext.Provider value={theme}>
      <U.GlobalStyles />
      <div style={{ position: 'relative', width: WIDTH, background: theme.colors.background.canvas, color: theme.colors.text.primary }}>
        <Bar dashboard={dashboard} />
        <div style={{ position: 'absolute', top: 96, width: WIDTH, height: bottom * (CELL.height + CELL.gap) + PADDING }}>
          {placed.map(({ panel, top }) => (panel.type === 'row'
            ? <Row key={panel.id} row={panel} top={top} />
            : <Panel key={panel.id} loaded={loaded.get(panel.id)} top={top} spans={spans} />))}
        </div>
      </div>
    </D.ThemeContext.Provider>
  );
}

async function main() {
  document.body.style.background = theme.colors.background.canvas;
  const dashboard = await (await fetch('/dashboard.json')).json();
  const panels = dashboard.panels.flatMap((panel) => (panel.type === 'row' ? panel.panels : [panel]));
  const wrong = panels.flatMap(unsupported);
  const loaded = new Map();
  for (const panel of panels) loaded.set(panel.id, await load(panel));
  const spans = (await Promise.all(dashboard.annotations.list.map(annotated))).flat();
  const empty = panels.filter(({ id }) => loaded.get(id).series.length === 0).map(({ title }) => title);
  const report = document.createElement('pre');
  report.id = 'report';
  report.hidden = true;
  report.textContent = JSON.stringify({ panels: panels.length, empty, wrong });
  document.body.append(report);
  createRoot(document.getElementById('root')).render(<Dashboard dashboard={dashboard} loaded={loaded} spans={spans} />);
}

main().catch((error) => console.error(error.stack ?? error.message));
