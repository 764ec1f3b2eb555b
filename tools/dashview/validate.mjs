// Validates a dashboard, and the options of each of its panels, against schemas generated from the types of @grafana/schema.
// usage: node validate.mjs DASHBOARD.json
import { readFileSync } from 'node:fs';
import Ajv from 'ajv';
import { createGenerator } from 'ts-json-schema-generator';

const types = new URL('./node_modules/@grafana/schema/dist/types/raw/', import.meta.url).pathname;

function validator(path, type) {
  const schema = createGenerator({ path: types + path, type, skipTypeCheck: true }).createSchema(type);
  return new Ajv({ strict: false, allErrors: true }).compile(schema);
}

// `panels` is a union of rows and panels: what is said of the other side of a union is noise.
const isNoise = (error) => ['anyOf', 'oneOf'].includes(error.keyword);

const [file] = process.argv.slice(2);
if (!file) {
  console.error('usage: node validate.mjs DASHBOARD.json');
  process.exit(2);
}
const dashboard = JSON.parse(readFileSync(file, 'utf8'));
const faults = [];
const check = (name, validate, value) => {
  if (validate(value)) return;
  for (const error of validate.errors.filter((error) => !isNoise(error))) {
    faults.push(`${name}${error.instancePath} ${error.message} ${JSON.stringify(error.params)}`);
  }
};

// What Prometheus's annotations have of their own: Grafana's schema knows only those of its own database.
const OF_PROMETHEUS = new Set(['expr', 'step', 'tagKeys', 'textFormat', 'titleFormat', 'useValueForTime']);
const plain = (annotation) => Object.fromEntries(Object.entries(annotation).filter(([key]) => !OF_PROMETHEUS.has(key)));
const annotations = { list: dashboard.annotations.list.map(plain) };

check('dashboard', validator('dashboard/x/types.gen.d.ts', 'Dashboard'), { ...dashboard, annotations });
const known = new Map();
// A collapsed row holds its panels.
const panels = dashboard.panels.flatMap((panel) => (panel.type === 'row' ? panel.panels : [panel]));
for (const panel of panels) {
  if (!known.has(panel.type)) {
    known.set(panel.type, validator(`composable/${panel.type}/panelcfg/x/types.gen.d.ts`, 'Options'));
  }
  check(`${panel.type} "${panel.title}" options`, known.get(panel.type), panel.options);
}

if (faults.length > 0) {
  console.error(faults.join('\n'));
  process.exit(1);
}
console.log(`${file}: ${panels.length} panels of ${known.size} types are valid`);
