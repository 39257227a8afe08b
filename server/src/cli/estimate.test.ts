// The command as its users meet it: a process that has neither API nor candles, and one that asks an API.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { assertShape, REPORTS, SOURCE, specBody, testConfig } from '../../test/api.ts';
import { startApi } from '../api.ts';
import { Estimate } from '../api/estimate.ts';
import { openPool } from '../db.ts';
import { WIDTH } from './show/table.ts';

const ENTRY = fileURLToPath(new URL('../../backtest.mjs', import.meta.url));

let folder = '';
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'backtest-estimate-'));
});
after(() => rm(folder, { recursive: true, force: true }));

interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

function backtest(...argv: readonly string[]): Promise<Ended> {
  const env = { PATH: process.env['PATH'], BACKTEST_HOME: join(folder, 'home') };
  return new Promise((resolve) => {
    execFile(process.execPath, [ENTRY, ...argv], { cwd: folder, env }, (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr });
    });
  });
}

async function file(name: string, content: string | object): Promise<string> {
  await writeFile(join(folder, name), typeof content === 'string' ? content : JSON.stringify(content));
  return name;
}

const config = (threads: number): Promise<string> =>
  file(`${threads}.yaml`, `version: 1\nbacktest: { cpu: { threads: ${threads} } }\n`);

test('for people: variants, memory, time, history and the warning, without an API and without candles', async () => {
  const window = { mode: 'range', start: 5, stop_incl: 1004, step: 1 };
  const spec = await file(
    'many.json',
    specBody({ luck: 39 }, { indicator_grids: [{ indicator_id: 'ma.sma', params: { window } }] }),
  );
  const { code, stdout, stderr } = await backtest('estimate', spec, '--config', await config(2));
  assert.deepEqual([code, stderr], [0, '']);
  assert.match(stdout, /^variants {2}1,000 in stage_a, at most 2,000 in stage_b$/m);
  assert.match(stdout, /^memory {4}[\d.]+ MB on 2 threads; the limit is compared with [\d.]+ MB, of 1 thread$/m);
  assert.match(stdout, /^time {6}[\d.]+ s to [\d.]+ s on 2 threads$/m);
  assert.match(
    stdout,
    /^luck {6}39 markets x 1,000 base variants: 120,000 scored, [\d.]+ MB and [\d.]+ s to [\d.]+ s of these$/m,
  );
  assert.match(stdout, /^history {3}2,000 trials need 11\.9 years; there are 9\.0 years$/m);
  assert.match(
    stdout.replaceAll('\n', ' '),
    /Warning: time_range: with less than 11\.9 years .*2,000 variants.* \(too_little_history\) $/,
  );
  for (const line of stdout.split('\n')) assert.ok(line.length <= WIDTH, line);
});

test('one trial on one thread: nothing to warn of', async () => {
  const indicator_grids = [{ indicator_id: 'ma.sma', params: { window: 20 } }];
  const spec = await file('one.json', specBody({}, { indicator_grids, risk_grid: {} }));
  const { stdout } = await backtest('estimate', spec, '--config', await config(1));
  assert.match(stdout, /^memory {4}[\d.]+ MB on 1 thread$/m);
  assert.match(stdout, /^luck {6}not tested$/m);
  assert.match(stdout, /^history {3}one trial needs none; there are 9\.0 years\n$/m);
  assert.doesNotMatch(stdout, /Warning/);
});

test('--json is the estimate of the API, whoever makes it', async () => {
  const spec = await file('spec.json', specBody());
  const here = await backtest('estimate', spec, '--json', '--config', await config(3));
  const told = assertShape(Estimate, JSON.parse(here.stdout));
  assert.deepEqual([told.stage_a_variants, told.stage_b_variants, told.threads], [3, 6, 3]);

  const pool = openPool('postgres://nobody@127.0.0.1:9/nowhere');
  const served = testConfig();
  const asConfigured = { ...served, backtest: { ...served.backtest, cpu: { threads: 3 } } };
  const parts = { pool, config: asConfigured, source: SOURCE, reports: REPORTS };
  await using api = await startApi(parts, { environment: 'test' });
  const asked = await backtest('estimate', spec, '--json', '--api', api.url);
  assert.deepEqual(JSON.parse(asked.stdout), told, asked.stderr);
  await pool.end();
});

test('bad input: every problem with its line, exit code 2', async () => {
  const spec = await file('bad.json', specBody({ top_k: 0, nonsense: 1 }));
  const { code, stdout, stderr } = await backtest('estimate', spec);
  assert.deepEqual([code, stdout], [2, '']);
  assert.match(stderr, /^backtest: nonsense: .*bad\.json:1\)\nbacktest: top_k: .*bad\.json:1\)\n$/);
  assert.equal((await backtest('estimate', 'nowhere.yaml')).code, 2);
  assert.equal((await backtest('estimate')).code, 2);
});

test('a saved strategy is known to the API alone: no API, exit code 1', async () => {
  const strategy_id = '018f0000-0000-7000-8000-00000000000a';
  const { time_range } = specBody();
  const spec = await file('saved.json', { time_range, strategy_id });
  const { code, stderr } = await backtest('estimate', spec, '--api', 'http://127.0.0.1:2');
  assert.equal(code, 1);
  assert.match(stderr, /^backtest: no answer from http:\/\/127\.0\.0\.1:2: /);
});
