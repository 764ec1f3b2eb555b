// Asks Prometheus what Grafana would ask, and makes Grafana's data frames of the answers.
import * as D from '@grafana/data';
import { FROM, RATE, TO, registry, theme } from './settings.js';

const VARIABLES = {
  $__rate_interval: `${RATE}s`, $__interval: `${Math.max(1, Math.round((TO - FROM) / 240))}s`, $__range: `${Math.round(TO - FROM)}s`,
  $job: '.*', $service: '.*', $operation: '.*', $instance: '.*',
};

function filled(expr) {
  const text = Object.entries(VARIABLES).reduce((text, [name, value]) => text.replaceAll(name, value), expr);
  const unknown = text.match(/\$[a-z_]\w*/i)?.[0];
  if (unknown && !/^\$\d$/.test(unknown)) throw new Error(`unsupported: variable ${unknown} in ${expr}`);
  return text;
}

export async function ask(expr, instant) {
  const query = new URLSearchParams({ query: filled(expr) });
  const times = instant ? { time: TO } : { start: FROM, end: TO, step: parseInt(VARIABLES.$__interval, 10) };
  Object.entries(times).forEach(([key, value]) => query.set(key, value));
  const answer = await (await fetch(`/api/v1/query${instant ? '' : '_range'}?${query}`)).json();
  if (answer.status !== 'success') throw new Error(`${answer.error}: ${expr}`);
  return answer.data.result;
}

export const legend = (format, labels) => (format || '').replace(/{{\s*(\w+)\s*}}/g, (_, name) => labels[name] ?? '').trim();

// Prometheus leaves out a point that has no value; Grafana draws the gap if the point is there and is null.
function seriesFrame(target, series) {
  const samples = series.values ?? [series.value];
  const known = new Map(samples.map(([time, value]) => [time, value === 'NaN' ? null : Number(value)]));
  const step = parseInt(VARIABLES.$__interval, 10);
  const times = series.values ? [...Array(Math.floor((TO - FROM) / step) + 1)].map((_, index) => FROM + index * step) : [TO];
  const name = legend(target.legendFormat, series.metric);
  return D.toDataFrame({
    refId: target.refId,
    name,
    fields: [
      { name: 'Time', type: D.FieldType.time, values: times.map((time) => time * 1000) },
      {
        name: 'Value', type: D.FieldType.number, labels: series.metric, config: { displayNameFromDS: name },
        values: series.values ? times.map((time) => known.get(time) ?? null) : [...known.values()],
      },
    ],
  });
}

function tableFrame(target, result, one) {
  const labels = [...new Set(result.flatMap(({ metric }) => Object.keys(metric)))];
  return D.toDataFrame({
    refId: target.refId,
    fields: [
      { name: 'Time', type: D.FieldType.time, values: result.map(() => TO * 1000) },
      ...labels.map((name) => ({ name, type: D.FieldType.string, values: result.map(({ metric }) => metric[name] ?? '') })),
      { name: one ? 'Value' : `Value #${target.refId}`, type: D.FieldType.number, values: result.map(({ value }) => Number(value[1])) },
    ],
  });
}

function transformed(panel, frames) {
  if (panel.transformations.length === 0) return Promise.resolve(frames);
  return new Promise((resolve, reject) => {
    const context = { interpolate: (text) => text };
    D.transformDataFrame(panel.transformations, frames, context).subscribe({ next: resolve, error: reject });
  });
}

// The series of a panel as they came, and as frames with the panel's options.
export async function load(panel) {
  const answers = await Promise.all(panel.targets.map(async (target) => ({ target, result: await ask(target.expr, target.instant) })));
  const full = answers.filter(({ result }) => result.length > 0);
  const raw = panel.type === 'table'
    ? full.map(({ target, result }) => tableFrame(target, result, full.length === 1))
    : full.flatMap(({ target, result }) => result.map((each) => seriesFrame(target, each)));
  const { defaults, overrides } = panel.fieldConfig;
  const lines = { drawStyle: 'line', lineInterpolation: 'linear', lineWidth: 1, fillOpacity: 0, showPoints: 'auto', axisPlacement: 'auto',
    scaleDistribution: { type: 'linear' }, hideFrom: {} };
  const custom = { ...(panel.type === 'timeseries' ? lines : {}), ...defaults.custom };
  const frames = D.applyFieldOverrides({
    data: await transformed(panel, raw), fieldConfig: { defaults: { ...defaults, custom }, overrides }, theme, timeZone: 'utc',
    replaceVariables: (text) => text, fieldConfigRegistry: registry,
  });
  D.cacheFieldDisplayNames(frames);
  return { panel, series: full.flatMap(({ result }) => result), frames };
}

// Where an annotation begins and ends: points that follow each other are one.
export async function annotated({ name, expr, iconColor }) {
  const step = parseInt(VARIABLES.$__interval, 10);
  const spans = (await ask(expr, false)).flatMap(({ values }) => values.reduce((spans, [time]) => {
    const last = spans.at(-1);
    if (last && time - last.to <= step) last.to = time; else spans.push({ from: time, to: time });
    return spans;
  }, []));
  return spans.map((span) => ({ name, colour: theme.visualization.getColorByName(iconColor), ...span }));
}
