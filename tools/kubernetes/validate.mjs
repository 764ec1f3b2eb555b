// Validates Kubernetes objects. The schemas of @kubernetes-models, which ajv compiled, refuse wrong values and missing fields; its types
// refuse fields that do not exist, which an API server would refuse too.
// usage: node validate.mjs OBJECT.yaml...
import { readFileSync } from 'node:fs';
import ts from 'typescript';
import { parse } from 'yaml';

const MODULES = {
  'monitoring.coreos.com/v1': '@kubernetes-models/prometheus-operator/monitoring.coreos.com/v1',
  v1: 'kubernetes-models/v1',
};

// What the schema says of an object.
function faultsOfSchema(model, object) {
  try {
    new model(object).validate();
    return [];
  } catch (error) {
    return [error.message];
  }
}

// What the compiler says of a program that assigns each object to the type of its kind, two lines each.
function faultsOfTypes(objects) {
  const at = new URL('./objects.ts', import.meta.url).pathname;
  const lines = objects.flatMap(({ object, from }, index) => [
    `import type { I${object.kind} as T${index} } from '${from}';`,
    `export const object${index}: T${index} = ${JSON.stringify(object)};`,
  ]);
  const options = { strict: true, noEmit: true, skipLibCheck: true, module: ts.ModuleKind.NodeNext, types: [] };
  const host = ts.createCompilerHost(options);
  const { fileExists, getSourceFile } = host;
  host.fileExists = (name) => name === at || fileExists(name);
  host.getSourceFile = (name, ...rest) =>
    name === at ? ts.createSourceFile(name, lines.join('\n'), ts.ScriptTarget.Latest) : getSourceFile(name, ...rest);
  const program = ts.createProgram([at], options, host);
  return ts.getPreEmitDiagnostics(program).map((diagnostic) => {
    const line = diagnostic.file?.getLineAndCharacterOfPosition(diagnostic.start).line ?? 0;
    const text = ts.flattenDiagnosticMessageText(diagnostic.messageText, ' ');
    return `${objects[Math.floor(line / 2)].file}: ${text}`;
  });
}

const files = process.argv.slice(2);
if (files.length === 0) {
  console.error('usage: node validate.mjs OBJECT.yaml...');
  process.exit(2);
}
const faults = [];
const objects = [];
for (const file of files) {
  const object = parse(readFileSync(file, 'utf8'));
  const from = `${MODULES[object.apiVersion]}/${object.kind}`;
  const module = await import(from).catch(() => ({}));
  if (!module[object.kind]) {
    faults.push(`${file}: there is no ${object.kind} in ${object.apiVersion}`);
    continue;
  }
  faults.push(...faultsOfSchema(module[object.kind], object).map((fault) => `${file}: ${fault}`));
  objects.push({ file, object, from });
}
faults.push(...faultsOfTypes(objects));
if (faults.length > 0) {
  console.error(faults.join('\n'));
  process.exit(1);
}
console.log(`${files.join(', ')}: valid`);
