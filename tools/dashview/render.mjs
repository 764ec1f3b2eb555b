// Draws a dashboard, with the data of a Prometheus, into a picture; fails on an empty panel, on what it can't draw and on whatever the
// console says. Panels of collapsed rows are asked too.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { spawn } from 'node:child_process';
import { parseArgs } from 'node:util';
import { build } from 'esbuild';
import { laidOut } from './layout.js';

const USAGE = `usage: node render.mjs DASHBOARD.json PROMETHEUS_URL PICTURE.png [SECONDS_SHOWN] [SECONDS_OF_RATES]
  --light               the light theme
  --expand              draw the panels of collapsed rows too
  --to SECONDS          the end of the time shown, in seconds since 1970; without it, now
  --may-be-empty TITLE  a panel that may have no data; can be repeated`;

function asked() {
  const options = { light: { type: 'boolean' }, expand: { type: 'boolean' }, to: { type: 'string' }, 'may-be-empty': { type: 'string', multiple: true } };
  try {
    const { values, positionals } = parseArgs({ options, allowPositionals: true });
    if (positionals.length >= 3) return { values, positionals };
  } catch (error) {
    console.error(error.message);
  }
  console.error(USAGE);
  process.exit(2);
}

const { values, positionals } = asked();
const [file, prometheus, picture, seconds = '120', rate = '15'] = positionals;
const here = new URL('.', import.meta.url).pathname;
const out = mkdtempSync(join(tmpdir(), 'dashview-'));
process.on('exit', () => rmSync(out, { recursive: true, force: true }));
await build({
  entryPoints: [here + 'main.jsx'], bundle: true, minify: true, format: 'iife', jsx: 'automatic', outfile: join(out, 'main.js'),
  define: { 'process.env.NODE_ENV': '"production"' }, logLevel: 'error',
  loader: { '.svg': 'dataurl', '.ttf': 'dataurl', '.woff': 'dataurl', '.woff2': 'dataurl' },
});
const page = '<!doctype html><meta charset="utf-8"><link rel="icon" href="data:,"><link rel="stylesheet" href="/main.css">'
  + '<style>body{margin:0}</style><div id="root"></div><script src="/main.js"></script>';
const server = createServer(async (request, response) => {
  const { pathname } = new URL(request.url, 'http://localhost');
  if (pathname.startsWith('/api/')) {
    const answer = await fetch(prometheus + request.url).catch((error) => ({ status: 502, text: () => JSON.stringify({ status: 'error', error: `${prometheus}: ${error.cause ?? error}` }) }));
    response.writeHead(answer.status, { 'content-type': 'application/json' }).end(await answer.text());
  } else if (pathname === '/dashboard.json') {
    response.writeHead(200, { 'content-type': 'application/json' }).end(readFileSync(file));
  } else if (pathname === '/main.js' || pathname === '/main.css') {
    response.writeHead(200, { 'content-type': pathname.endsWith('js') ? 'text/javascript' : 'text/css' }).end(readFileSync(join(out, pathname)));
  } else if (pathname === '/') {
    response.writeHead(200, { 'content-type': 'text/html' }).end(page);
  } else {
    // Grafana's icons and fonts, which nothing here needs.
    response.writeHead(200, { 'content-type': 'image/svg+xml' }).end('<svg xmlns="http://www.w3.org/2000/svg"/>');
  }
});
await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
// The bar above the panels is 96 pixels high.
const height = 96 + 38 * laidOut(JSON.parse(readFileSync(file, 'utf8')), values.expand).bottom + 8;
const settings = new URLSearchParams({ to: values.to ?? Math.floor(Date.now() / 1000), window: seconds, rate, light: values.light ? 1 : 0, expand: values.expand ? 1 : 0 });
const url = `http://127.0.0.1:${server.address().port}/?${settings}`;

function chromium(...more) {
  return new Promise((resolve) => {
    const browser = spawn('chromium-headless-shell', ['--no-sandbox', '--headless', '--disable-gpu', '--hide-scrollbars',
      '--virtual-time-budget=30000', '--enable-logging=stderr', `--window-size=1280,${height}`, ...more, url]);
    let [text, log] = ['', ''];
    browser.stdout.on('data', (data) => { text += data; });
    browser.stderr.on('data', (data) => { log += data; });
    browser.on('close', () => resolve({ text, log }));
  });
}

const { text, log } = await chromium('--dump-dom');
await chromium(`--screenshot=${picture}`);
server.close();
// Grafana's fonts are not in its packages; the browser's own are drawn, and it says so.
const isFont = (line) => /\/public\/fonts\/|OTS parsing error/.test(line);
const said = log.split('\n').filter((line) => line.includes(':CONSOLE') && !isFont(line));
const report = text.match(/<pre id="report"[^>]*>(.*?)<\/pre>/)?.[1].replaceAll('&quot;', '"').replaceAll('&amp;', '&');
const { panels, empty, wrong } = report ? JSON.parse(report) : { panels: 0, empty: ['all of them: the page did not draw'], wrong: [] };
const allowed = values['may-be-empty'] ?? [];
const missing = empty.filter((title) => !allowed.includes(title)).map((title) => `empty panel: ${title}`);
if (said.length + missing.length + wrong.length > 0) {
  console.error([...said, ...wrong, ...missing].join('\n'));
  process.exit(1);
}
console.log(`${picture}: ${panels} panels asked, ${empty.length} empty as allowed`);
