// Draws one panel with Grafana's own components.
import * as D from '@grafana/data';
import * as U from '@grafana/ui';
import { TableNG } from '@grafana/ui/unstable';
import { Heatmap } from './heatmap.jsx';
import { CELL, FROM, PADDING, TO, theme } from './settings.js';

const shown = (field, name) => {
  const value = D.reduceField({ field, reducers: ['lastNotNull'] }).lastNotNull;
  return { ...(field.display ?? D.getDisplayProcessor({ field, theme }))(value), title: name };
};

// Lines and bands of annotations, drawn as Grafana does: into the canvas, below the cursor.
function Annotations({ builder, spans }) {
  builder.addHook('draw', (plot) => {
    const { ctx, bbox } = plot;
    ctx.save();
    spans.forEach(({ from, to, colour }) => {
      const [left, right] = [from, to].map((time) => Math.max(bbox.left, plot.valToPos(time * 1000, 'x', true)));
      ctx.fillStyle = colour;
      ctx.globalAlpha = 0.06;
      ctx.fillRect(left, bbox.top, right - left, bbox.height);
      ctx.globalAlpha = 1;
      ctx.strokeStyle = colour;
      ctx.setLineDash([5, 5]);
      ctx.beginPath();
      ctx.moveTo(left, bbox.top);
      ctx.lineTo(left, bbox.top + bbox.height);
      ctx.stroke();
    });
    ctx.restore();
  });
  return null;
}

function Stat({ panel, frames, width, height }) {
  const fields = frames.map((each) => each.fields[1]);
  const across = panel.options.orientation !== 'horizontal';
  const share = (size, split) => (split ? size / fields.length - 4 : size);
  const mode = panel.options.textMode === 'auto' && fields.length === 1 ? 'value' : panel.options.textMode;
  return (
    <div style={{ display: 'flex', flexDirection: across ? 'row' : 'column' }}>
      {fields.map((field, index) => (
        <U.BigValue key={index} value={shown(field, frames[index].name)} width={share(width, across)} height={share(height, !across)} theme={theme}
          colorMode={panel.options.colorMode} graphMode="none" justifyMode={panel.options.justifyMode}
          text={panel.options.text} textMode={mode === 'auto' ? 'value_and_name' : mode} />
      ))}
    </div>
  );
}

function Bars({ frames, width, height }) {
  const fields = frames.map((each) => each.fields[1]);
  return fields.map((field, index) => (
    <div key={index} style={{ marginBottom: 8 }}>
      <U.BarGauge value={shown(field, frames[index].name)} field={field.config} display={field.display} orientation="horizontal" displayMode="basic"
        itemSpacing={4} width={width} height={Math.min(40, height / fields.length - 8)} theme={theme} text={{}} showUnfilled />
    </div>
  ));
}

function drawn({ panel, series, frames }, spans, width, height) {
  const range = { from: D.dateTime(FROM * 1000), to: D.dateTime(TO * 1000), raw: { from: 'now-6h', to: 'now' } };
  if (frames.length === 0) {
    const said = panel.fieldConfig.defaults.noValue ?? 'No data';
    return <div style={{ width, height, display: 'grid', placeItems: 'center', color: theme.colors.text.secondary }}>{said}</div>;
  }
  switch (panel.type) {
    case 'timeseries':
      return (
        <U.TimeSeries frames={frames} width={width} height={height} timeRange={range} timeZone="utc" options={panel.options}
          legend={{ ...panel.options.legend, calcs: [] }}>
          {(builder) => <Annotations builder={builder} spans={spans} />}
        </U.TimeSeries>
      );
    case 'stat': return <Stat panel={panel} frames={frames} width={width} height={height} />;
    case 'bargauge': return <Bars frames={frames} width={width} height={height} />;
    case 'table':
      return <TableNG data={frames[0]} width={width} height={height} timeRange={range} cellHeight={panel.options.cellHeight} structureRev={1} />;
    case 'heatmap': return <Heatmap series={series} width={width} height={height} />;
    default: return null;
  }
}

export function Panel({ loaded, top, spans }) {
  const { x, w, h } = loaded.panel.gridPos;
  return (
    <div style={{ position: 'absolute', left: PADDING + x * CELL.width, top: top * (CELL.height + CELL.gap) }}>
      <U.PanelChrome title={loaded.panel.title} description={loaded.panel.description} width={w * CELL.width - (x + w < 24 ? CELL.gap : 0)}
        height={h * (CELL.height + CELL.gap) - CELL.gap}>
        {(width, height) => drawn(loaded, spans, width, height)}
      </U.PanelChrome>
    </div>
  );
}
