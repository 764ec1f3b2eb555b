// What the picture is asked to show, and how Grafana's packages are set up: without its registries there are no units and no thresholds.
import * as D from '@grafana/data';

const given = Object.fromEntries(new URLSearchParams(location.search));
export const TO = Number(given.to);
export const FROM = TO - Number(given.window);
export const RATE = Number(given.rate);
export const EXPANDED = given.expand === '1';
export const theme = D.createTheme({ colors: { mode: given.light === '1' ? 'light' : 'dark' } });
// Grafana's grid at this width, with the padding of its page.
export const WIDTH = 1280;
export const PADDING = 16;
export const CELL = { width: (WIDTH - 2 * PADDING) / 24, height: 30, gap: 8 };

function fieldOptions() {
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
  const custom = ['drawStyle', 'lineInterpolation', 'lineWidth', 'lineStyle', 'fillOpacity', 'fillBelowTo', 'showPoints', 'stacking',
    'axisPlacement', 'axisSoftMax', 'spanNulls', 'scaleDistribution', 'hideFrom', 'thresholdsStyle', 'align', 'cellOptions', 'width',
    'hidden'].map((key) => entry(`custom.${key}`, key, D.identityOverrideProcessor, { isCustom: true }));
  D.standardFieldConfigEditorRegistry.setInit(() => standard);
  return { known: new Set([...standard, ...custom].map(({ id }) => id)), all: () => [...standard, ...custom] };
}

const options = fieldOptions();
export const registry = new D.FieldConfigOptionsRegistry(options.all);

const { mergeTransformer, organizeFieldsTransformer, sortByTransformer } = D.standardTransformers;
const transformers = [mergeTransformer, organizeFieldsTransformer, sortByTransformer];
D.standardTransformersRegistry.setInit(() => transformers
  .map((each) => ({ id: each.id, name: each.name, transformation: async () => each, editor: () => null })));

// Whatever would silently be drawn otherwise than Grafana draws it.
export function unsupported(panel) {
  const { defaults, overrides } = panel.fieldConfig;
  const properties = [
    ...Object.keys(defaults).filter((key) => key !== 'custom'), ...Object.keys(defaults.custom ?? {}).map((key) => `custom.${key}`),
    ...overrides.flatMap((each) => each.properties.map(({ id }) => id)),
  ].filter((id) => !options.known.has(id)).map((id) => `field option ${id}`);
  const transformations = panel.transformations.filter(({ id }) => !transformers.some((each) => each.id === id)).map(({ id }) => `transformation ${id}`);
  const types = ['timeseries', 'stat', 'bargauge', 'table', 'heatmap'].includes(panel.type) ? [] : [`panel type ${panel.type}`];
  const matchers = overrides.map(({ matcher }) => matcher.id).filter((id) => !['byName', 'byFrameRefID'].includes(id))
    .map((id) => `matcher ${id}`);
  return [...types, ...properties, ...transformations, ...matchers].map((what) => `unsupported: ${what} of "${panel.title}"`);
}
