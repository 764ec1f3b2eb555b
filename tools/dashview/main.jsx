// Draws a dashboard with Grafana's own components. What it can't draw, it says.
import * as D from '@grafana/data';
import * as U from '@grafana/ui';
import { useEffect, useState } from 'react';
import { createRoot } from 'react-dom/client';

const CELL = { width: 56, height: 34, gap: 8 };
const SETTINGS = Object.fromEntries(new URLSearchParams(location.search));
const TO = Number(SETTINGS.to);
const FROM = TO - Number(SETTINGS.window);
const STEP = Math.max(1, Math.round((TO - FROM) / 240));

// Grafana registers its field options when it starts; without them there are no units and no thresholds.
function registerOptions() {
  const entry = (id, path, process, more) => ({
    id, path, name: id, process, shouldApply: () => true, editor: () => null, override: () => null, settings: {}, ...more,
  });
  const standard = [
    ['displayName', D.displayNameOverrideProcessor], ['unit', D.unitOverrideProcessor], ['min', D.numberOverrideProcessor],
    ['max', D.numberOverrideProcessor], ['decimals', D.numberOverrideProcessor], ['noValue', D.stringOverrideProcessor],
    ['thresholds', D.thresholdsOverrideProcessor], ['mappings', D.valueMappingsOverrideProcessor],
    ['links', D.dataLinksOverrideProcessor], ['color', D.identityOverrideProcessor],
  ].map(([id, process]) => {
    const defaults = {
      thresholds: { mode: 'absolute', steps: [{ value: -Infinity, color: 'green' }] },
      color: { mode: 'palette-classic' },
    };
    return entry(id, id, process, id in defaults ? { defaultValue: defaults[id] } : {});
  });
  const custom = ['drawStyle', 'lineInterpolation', 'lineWidth', 'fillOpacity', 'showPoints', 'stacking', 'axisPlacement',
    'spanNulls', 'scaleDistribution', 'hideFrom'].map((key) => entry(`custom.${key}`, key, D.identityOverrideProcessor, { isCustom: true }));
  D.standardFieldConfigEditorRegistry.setInit(() => standard);
  return new D.FieldConfigOptionsRegistry(() => [...standard, ...custom]);
}

const registry = registerOptions();
const theme = D.createTheme({ colors: { mode: 'dark' } });

function filled(expr) {
  const variables = { $__rate_interval: `${SETTINGS.rate}s`, $__range: `${Math.round(TO - FROM)}s`, $job: '.*', $service: '.*', $operation: '.*' };
  return Object.entries(variables).reduce((text, [name, value]) => text.replaceAll(name, value), expr);
}

async function asked(target) {
  const query = new URLSearchParams({ query: filled(target.expr) });
  const times = target.instant ? { time: TO } : { start: FROM, end: TO, step: STEP };
  Object.entries(times).forEach(([key, value]) => query.set(key, value));
  const answer = await (await fetch(`/api/v1/query${target.instant ? '' : '_range'}?${query}`)).json();
  if (answer.status !== 'success') throw new Error(`${answer.error}: ${target.expr}`);
  return answer.data.result;
}

const legend = (target, labels) => (target.legendFormat || '').replace(/{{\s*(\w+)\s*}}/g, (_, name) => labels[name] ?? '');

function frame(target, series) {
  const samples = series.values ?? [series.value];
  const times = samples.map(([time]) => time * 1000);
  const values = samples.map(([, value]) => (value === 'NaN' ? null : Number(value)));
  return D.toDataFrame({
    refId: target.refId,
    name: legend(target, series.metric),
    fields: [
      { name: 'Time', type: D.FieldType.time, values: times },
      { name: 'Value', type: D.FieldType.number, labels: series.metric, values, config: { displayNameFromDS: legend(target, series.metric) } },
    ],
  });
}

function withOptions(panel, frames) {
  const plain = { drawStyle: 'line', lineInterpolation: 'linear', lineWidth: 1, fillOpacity: 0, showPoints: 'auto', axisPlacement: 'auto',
    scaleDistribution: { type: 'linear' }, hideFrom: {} };
  const { defaults, overrides } = panel.fieldConfig;
  const fieldConfig = { defaults: { ...defaults, custom: { ...plain, ...defaults.custom } }, overrides };
  return D.applyFieldOverrides({ data: frames, fieldConfig, replaceVariables: (text) => text, theme, timeZone: 'utc', fieldConfigRegistry: registry });
}

const shown = (field) => {
  const value = D.reduceField({ field, reducers: ['lastNotNull'] }).lastNotNull;
  const display = field.display ?? D.getDisplayProcessor({ field, theme });
  return { ...display(value), title: field.config.displayNameFromDS };
};

function Heatmap({ series, width, height }) {
  const bounds = series.map((each) => each.metric.le).sort((one, other) => Number(one.replace('+Inf', 'Infinity')) - Number(other.replace('+Inf', 'Infinity')));
  const at = new Map(series.map((each) => [each.metric.le, new Map(each.values.map(([time, value]) => [time, Number(value)]))]));
  const times = [...new Set(series.flatMap((each) => each.values.map(([time]) => time)))].sort((one, other) => one - other);
  const count = (row, time) => (at.get(bounds[row]).get(time) ?? 0) - (row > 0 ? at.get(bounds[row - 1]).get(time) ?? 0 : 0);
  const most = Math.max(1, ...bounds.flatMap((_, row) => times.map((time) => count(row, time))));
  const [left, bottom] = [48, 20];
  const [w, h] = [(width - left) / times.length, (height - bottom) / bounds.length];
  return (
    <svg width={width} height={height}>
      {bounds.flatMap((bound, row) => times.map((time, column) => {
        const part = Math.sqrt(Math.max(0, count(row, time)) / most);
        return part > 0 && <rect key={`${bound}/${time}`} x={left + column * w} y={height - bottom - (row + 1) * h} width={w + 0.4} height={Math.max(1, h - 1)} fill={`hsl(212 85% ${18 + 52 * part}%)`} />;
      }))}
      {bounds.map((bound, row) => row % 3 === 1 && <text key={bound} x={left - 6} y={height - bottom - row * h - 1} fontSize={10} fill="#9fa7b3" textAnchor="end">{`${bound} s`}</text>)}
      {[0, 0.5, 1].map((part) => <text key={part} x={left + (width - left) * part * 0.94} y={height - 5} fontSize={10} fill="#9fa7b3">{new Date((FROM + (TO - FROM) * part) * 1000).toISOString().slice(11, 19)}</text>)}
    </svg>
  );
}

function Table({ series, width, height }) {
  const names = Object.keys(series[0].metric);
  const rows = [...series].sort((one, other) => Number(other.value[1]) - Number(one.value[1]));
  return (
    <div style={{ width, height, overflow: 'hidden', fontSize: 12 }}>
      <table style={{ width: '100%' }}>
        <thead><tr>{[...names, 'Value'].map((name) => <th key={name} style={{ color: '#6e9fff', padding: 3 }}>{name}</th>)}</tr></thead>
        <tbody>{rows.map((row) => <tr key={JSON.stringify(row.metric)}>{names.map((name) => <td key={name} style={{ padding: 3 }}>{row.metric[name]}</td>)}<td style={{ textAlign: 'right' }}>{row.value[1]}</td></tr>)}</tbody>
      </table>
    </div>
  );
}

function drawn(panel, series, frames, width, height) {
  const range = { from: D.dateTime(FROM * 1000), to: D.dateTime(TO * 1000), raw: { from: 'now-6h', to: 'now' } };
  const fields = frames.map((each) => each.fields[1]);
  switch (panel.type) {
    case 'timeseries':
      return <U.TimeSeries frames={frames} width={width} height={height} timeRange={range} timeZone="utc" options={panel.options} legend={{ ...panel.options.legend, calcs: [] }} />;
    case 'stat': {
      const across = width / fields.length;
      return <div style={{ display: 'flex' }}>{fields.map((field, index) => <U.BigValue key={index} value={shown(field)} width={across - 4} height={height} theme={theme} colorMode={panel.options.colorMode} graphMode="none" justifyMode="auto" textMode={fields.length > 1 ? 'value_and_name' : 'auto'} />)}</div>;
    }
    case 'bargauge':
      return <div>{fields.map((field, index) => <div key={index} style={{ marginBottom: 8 }}><U.BarGauge value={shown(field)} field={field.config} display={field.display} orientation="horizontal" displayMode="basic" itemSpacing={4} width={width} height={Math.min(40, height / fields.length - 8)} theme={theme} text={{}} showUnfilled /></div>)}</div>;
    case 'table':
      return <Table series={series} width={width} height={height} />;
    case 'heatmap':
      return <Heatmap series={series} width={width} height={height} />;
    default:
      throw new Error(`unsupported panel: ${panel.type}`);
  }
}

function Panel({ panel, series }) {
  const { x, y, w, h } = panel.gridPos;
  const place = { position: 'absolute', left: x * CELL.width, top: y * (CELL.height + CELL.gap) };
  if (panel.type === 'row') {
    return <div style={{ ...place, color: '#ccccdc', fontSize: 18, fontWeight: 500, paddingTop: 6 }}>{panel.title}</div>;
  }
  const frames = withOptions(panel, series.flatMap(({ target, result }) => result.map((each) => frame(target, each))));
  return (
    <div style={place}>
      <U.PanelChrome title={panel.title} width={w * CELL.width - CELL.gap} height={h * (CELL.height + CELL.gap) - CELL.gap}>
        {(width, height) => drawn(panel, series.flatMap((each) => each.result), frames, width, height)}
      </U.PanelChrome>
    </div>
  );
}

function Dashboard({ dashboard, data }) {
  useEffect(() => { setTimeout(() => { document.title = 'drawn'; }, 500); }, []);
  const bottom = Math.max(...dashboard.panels.map(({ gridPos }) => gridPos.y + gridPos.h));
  return (
    <D.ThemeContext.Provider value={theme}>
      <U.GlobalStyles />
      <div style={{ position: 'relative', width: 24 * CELL.width, height: bottom * (CELL.height + CELL.gap), background: theme.colors.background.canvas, color: theme.colors.text.primary }}>
        {dashboard.panels.map((panel) => <Panel key={panel.id} panel={panel} series={data.get(panel.id) ?? []} />)}
      </div>
    </D.ThemeContext.Provider>
  );
}

async function main() {
  const dashboard = await (await fetch('/dashboard.json')).json();
  const data = new Map();
  const empty = [];
  for (const panel of dashboard.panels.filter((each) => each.type !== 'row')) {
    const series = await Promise.all(panel.targets.map(async (target) => ({ target, result: await asked(target) })));
    data.set(panel.id, series);
    if (series.every(({ result }) => result.length === 0)) empty.push(panel.title);
  }
  const report = document.createElement('pre');
  report.id = 'report';
  report.hidden = true;
  report.textContent = JSON.stringify({ panels: data.size, empty });
  document.body.append(report);
  createRoot(document.getElementById('root')).render(<Dashboard dashboard={dashboard} data={data} />);
}

main().catch((error) => console.error(error.message));
