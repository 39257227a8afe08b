// Commands about jobs as their users meet them: processes that ask an API, which is played here.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { test, type TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import { parseSpec, type Problem } from '@backtest-jobs/engine';
import { parse } from 'yaml';

const ENTRY = fileURLToPath(new URL('../../backtest.mjs', import.meta.url));
const JOB = '01890a5d-ac96-774b-bcce-b302099a8057';
const job = (state: string, more: object = {}) => ({
  job_id: JOB,
  state,
  stage: 'stage_a',
  processed_units: 1,
  total_units: 9,
  waiting_text: null,
  waiting_for_worker_seconds: null,
  started_at: null,
  finished_at: null,
  cancel_requested_at: null,
  last_error: null,
  ...more,
});

type Answers = (asked: string) => unknown;

/** Runs a command against an API that answers `METHOD path` as told; returns what it asked too. */
async function backtest(
  t: TestContext,
  answers: Answers,
  argv: readonly string[],
  stop: (said: string) => boolean = () => false,
) {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    const what = `${request.method} ${request.url}`;
    asked.push(what);
    request.resume().on('end', () => response.end(JSON.stringify(answers(what))));
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  const env = { PATH: process.env['PATH'], BACKTEST_API: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
  const child = spawn(process.execPath, [ENTRY, ...argv], { env });
  child.stdin.end('{}');
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (said: string) => {
    stderr += said;
    if (stop(said)) child.kill('SIGINT');
  });
  const [stdout, [code]] = await Promise.all([text(child.stdout), once(child, 'exit')]);
  return { code, stdout, stderr, asked };
}

test('submit --wait: the exit code is that of the outcome, and nothing is drawn', async (t) => {
  for (const [state, expected] of [
    ['succeeded', 0],
    ['failed', 1],
    ['cancelled', 1],
  ] as const) {
    const answers: Answers = (asked) => job(asked.startsWith('POST') ? 'queued' : state, { last_error: 'no candles' });
    const { code, stdout, stderr } = await backtest(t, answers, ['submit', '-', '--wait']);
    assert.equal(code, expected);
    assert.match(stdout, new RegExp(`^${state}`));
    assert.equal(stderr, `job ${JOB}\n`);
  }
});

test('submit --wait and Ctrl-C: the job goes on, exit code 130', async (t) => {
  const { code, stdout, stderr } = await backtest(
    t,
    () => job('running'),
    ['submit', '-', '--wait'],
    (said) => said.startsWith('job '),
  );
  assert.deepEqual([code, stdout], [130, '']);
  assert.match(stderr, new RegExp(`the job goes on without you; .* watch ${JOB}`));
});

test('submit says what the API warns of', async (t) => {
  const warnings: readonly Problem[] = [
    { path: 'template.execution.fee_pct', code: 'looks_like_fraction', message: 'm' },
  ];
  const { code, stdout, stderr } = await backtest(t, () => job('queued', { warnings }), ['submit', '-']);
  assert.deepEqual([code, stdout], [0, `${JOB}\n`]);
  assert.match(stderr, /^Warning: template\.execution\.fee_pct: m \(looks_like_fraction\)$/m);
});

test('cancel --all: every page of what is queued or running, and how many', async (t) => {
  const pages: Readonly<Record<string, object>> = {
    'GET /backtests/jobs?state=queued&limit=250': { items: [{ job_id: 'a' }, { job_id: 'b' }], next_cursor: 'next' },
    'GET /backtests/jobs?state=queued&limit=250&cursor=next': { items: [{ job_id: 'c' }], next_cursor: null },
    'GET /backtests/jobs?state=running&limit=250': { items: [{ job_id: 'd' }, { job_id: 'e' }], next_cursor: null },
  };
  const states: Readonly<Record<string, string>> = {
    a: 'cancelled',
    b: 'cancelled',
    c: 'cancelled',
    d: 'running',
    e: 'succeeded',
  };
  const answers: Answers = (asked) => pages[asked] ?? job(states[asked.split('/')[3] ?? ''] ?? 'unknown');
  const all = await backtest(t, answers, ['cancel', '--all', '--yes']);
  assert.equal(all.code, 0);
  assert.equal(
    all.stdout,
    '3 jobs cancelled; 1 running, whose workers stop within a second or two; 1 had ended meanwhile\n',
  );
  assert.deepEqual(
    all.asked.slice(3),
    ['a', 'b', 'c', 'd', 'e'].map((id) => `POST /backtests/jobs/${id}/cancel`),
  );
  const asJson = await backtest(t, answers, ['cancel', '--all', '--yes', '--json']);
  assert.deepEqual(JSON.parse(asJson.stdout), { cancelled: ['a', 'b', 'c'], cancelling: ['d'] });
  const none = await backtest(t, () => ({ items: [], next_cursor: null }), ['cancel', '--all', '--yes']);
  assert.deepEqual([none.code, none.stdout], [0, 'no job is queued or running\n']);
});

test('cancel --all asks first: where nobody can answer it cancels nothing', async (t) => {
  const answers: Answers = () => ({ items: [{ job_id: 'a' }], next_cursor: null });
  const { code, stderr, asked } = await backtest(t, answers, ['cancel', '--all']);
  assert.equal(code, 2);
  assert.match(stderr, /nobody can answer here: give --yes/);
  assert.ok(asked.every((one) => one.startsWith('GET')));
  for (const argv of [['cancel'], ['cancel', JOB, '--all'], ['cancel', JOB, '--yes']])
    assert.equal((await backtest(t, answers, argv)).code, 2, argv.join(' '));
});

test('spec: YAML or JSON that says the same', async (t) => {
  const spec = {
    time_range: { start: '2020-01-01T00:00:00.000Z', end: '2021-01-01T00:00:00.000Z' },
    template: {
      instrument_id: { market_id: 5, symbol: '^GSPC' },
      timeframe: '1d',
      rules: { long: 'close > sma(close, slow)', short: null, exit_long: null, exit_short: null },
      params: { slow: { mode: 'explicit', values: [20, 10] } },
      constraints: [],
      risk_grid: { sl: { mode: 'explicit', values: ['off', 2] } },
    },
    name: 'a: "b" # c',
  };
  const answers: Answers = (asked) => (asked === `GET /backtests/jobs/${JOB}/spec` ? spec : null);
  const yaml = await backtest(t, answers, ['spec', JOB]);
  assert.deepEqual([yaml.code, parse(yaml.stdout)], [0, spec]);
  assert.deepEqual(parseSpec(parse(yaml.stdout)), parseSpec(spec));
  assert.deepEqual(JSON.parse((await backtest(t, answers, ['spec', JOB, '--json'])).stdout), spec);
});
