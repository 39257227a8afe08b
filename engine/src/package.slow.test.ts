// The engine as npm gets it: packed, installed into an empty folder, and used there by plain JavaScript and by strict
// TypeScript. Packed from a copy, because packing changes the manifest for a moment.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';

const PACKAGE = dirname(import.meta.dirname);
const PROJECT = dirname(PACKAGE);
const run = promisify(execFile);

let folder: string;
let installed: string;

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'engine-package-'));
  const copy = join(folder, 'project', 'engine');
  await cp(PACKAGE, copy, { recursive: true, filter: (path) => !/\/(?:dist|node_modules)$/.test(path) });
  await cp(join(PROJECT, 'tsconfig.base.json'), join(folder, 'project', 'tsconfig.base.json'));
  await symlink(join(PROJECT, 'node_modules'), join(folder, 'project', 'node_modules'));
  const manifest = await readFile(join(copy, 'package.json'), 'utf8');
  await run('npm', ['pack', '--pack-destination', folder], { cwd: copy });
  assert.equal(await readFile(join(copy, 'package.json'), 'utf8'), manifest, 'the manifest is as it was');
  installed = join(folder, 'installed');
  await mkdir(installed);
  await writeFile(join(installed, 'package.json'), '{"private": true, "type": "module"}');
  const tarball = (await readdir(folder)).find((name) => name.endsWith('.tgz')) ?? assert.fail('no tarball');
  await run('npm', ['install', '--offline', '--no-save', join(folder, tarball)], { cwd: installed });
});

after(() => rm(folder, { recursive: true }));

const inPackage = (...path: readonly string[]): string =>
  join(installed, 'node_modules', '@backtest-jobs', 'engine', ...path);

test('packed are JavaScript, declarations, manifest, README and licence: no sources, tests or golden numbers', async () => {
  const files = await readdir(inPackage(), { recursive: true, withFileTypes: true });
  const paths = files.filter((entry) => entry.isFile()).map(({ parentPath, name }) => join(parentPath, name));
  const relative = paths.map((path) => path.slice(inPackage().length + 1));
  assert.deepEqual(relative.filter((path) => !path.startsWith('dist/lib/')).sort(), [
    'LICENSE',
    'README.md',
    'package.json',
  ]);
  const wrong = relative.filter((path) => /test|golden|(?<!\.d)\.ts$/.test(path));
  assert.deepEqual(wrong, []);
  assert.ok(relative.includes('dist/lib/index.js') && relative.includes('dist/lib/index.d.ts'));
  assert.deepEqual(await readdir(join(installed, 'node_modules')), ['.package-lock.json', '@backtest-jobs']);
});

const PROGRAM = `
import { computeIndicator, parseSpec, search, variantReport } from '@backtest-jobs/engine';
const closes = Float64Array.from({ length: 240 }, (_, bar) => 100 + 10 * Math.sin(bar / 7));
const time = closes.map((_, bar) => Date.UTC(2024, 0, 1) + bar * 3_600_000);
const candles = { time, open: closes, high: closes, low: closes, close: closes, volume: closes };
const spec = parseSpec({
  time_range: { start: '2024-01-03T00:00:00Z', end: '2024-01-11T00:00:00Z' },
  luck: 0,
  warmup_bars: 48,
  template: {
    instrument_id: { market_id: 1, symbol: 'TEST' },
    timeframe: '1h',
    indicator_grids: [{ indicator_id: 'ma.sma', params: { window: { mode: 'explicit', values: [5, 9] } } }],
  },
});
for await (const step of search(candles, spec)) {
  for (const row of step.result?.rows ?? []) {
    const { trades } = variantReport(candles, spec, { payload: row.payload });
    console.log(row.rank, trades.length === row.metrics.num_trades);
  }
}
console.log(computeIndicator(candles, 'momentum.macd', { fast_window: 5 }).macd.length);
`;

test('plain JavaScript uses it, on a Node that strips no types', async () => {
  await writeFile(join(installed, 'program.js'), PROGRAM);
  const { stdout, stderr } = await run(process.execPath, ['--no-experimental-strip-types', 'program.js'], {
    cwd: installed,
    env: { PATH: process.env['PATH'] },
  });
  assert.equal(stderr, '');
  assert.equal(stdout, '1 true\n2 true\n240\n');
});

test('strict TypeScript finds its types, and they know what they are', async () => {
  const wrong =
    '// @ts-expect-error a metric is no text\nconst text: string = parseSpec({}).top_k;\nconsole.log(text);\n';
  const ambient = 'declare const console: { log(...values: unknown[]): void };\n';
  await writeFile(join(installed, 'program.ts'), ambient + PROGRAM + wrong);
  const options = ['--strict', '--noEmit', '--target', 'es2024', '--module', 'nodenext', '--types', '', 'program.ts'];
  await run('tsc', [...options], { cwd: installed }).catch((error: { stdout: string }) => assert.fail(error.stdout));
});
