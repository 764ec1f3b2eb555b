// Grafana's heatmap is in none of its packages; this draws cumulative buckets the way it does.
import { FROM, TO, theme } from './settings.js';

export function Heatmap({ series, width, height }) {
  const number = (bound) => Number(bound.replace('+Inf', 'Infinity'));
  const bounds = series.map((each) => each.metric.le).sort((one, other) => number(one) - number(other));
  const at = new Map(series.map((each) => [each.metric.le, new Map(each.values.map(([time, value]) => [time, Number(value)]))]));
  const times = [...new Set(series.flatMap((each) => each.values.map(([time]) => time)))].sort((one, other) => one - other);
  const count = (row, time) => (at.get(bounds[row]).get(time) ?? 0) - (row > 0 ? at.get(bounds[row - 1]).get(time) ?? 0 : 0);
  const most = Math.max(1, ...bounds.flatMap((_, row) => times.map((time) => count(row, time))));
  const [left, bottom, text] = [64, 20, theme.colors.text.secondary];
  const [w, h] = [(width - left) / times.length, (height - bottom) / bounds.length];
  const light = (part) => (theme.isDark ? 18 + 52 * part : 92 - 52 * part);
  return (
    <svg width={width} height={height}>
      {bounds.flatMap((bound, row) => times.map((time, column) => {
        const part = Math.sqrt(Math.max(0, count(row, time)) / most);
        return part > 0 && <rect key={`${bound}/${time}`} x={left + column * w} y={height - bottom - (row + 1) * h} width={w + 0.4} height={Math.max(1, h - 1)} fill={`hsl(212 85% ${light(part)}%)`} />;
      }))}
      {bounds.map((bound, row) => row % 3 === 1 && <text key={bound} x={left - 6} y={height - bottom - row * h - 1} fontSize={10} fill={text} textAnchor="end">{`${bound} s`}</text>)}
      {[0.1, 0.5, 0.9].map((part) => <text key={part} x={left + (width - left) * part} y={height - 5} fontSize={10} fill={text} textAnchor="middle">{new Date((FROM + (TO - FROM) * part) * 1000).toISOString().slice(11, 16)}</text>)}
    </svg>
  );
}
