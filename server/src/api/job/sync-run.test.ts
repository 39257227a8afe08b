// What a synchronous run refuses before there is a process for it. What it finds is in sync-run.db.test.ts.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { parseSpec } from '@backtest-jobs/engine';
import type { FastifyInstance } from 'fastify';
import { assertShape, REPORTS, SOURCE, specBody, testConfig } from '../../../test/api.ts';
import { buildApi } from '../../api.ts';
import type { Config } from '../../config/config.ts';
import { openPool } from '../../db.ts';
import { openSyncRuns } from '../../reports/sync-run.ts';
import { ErrorReply } from '../errors.ts';
import type { CurrentUser } from '../user.ts';

const pool = openPool('postgres://nobody@127.0.0.1:9/nowhere', { connectTimeoutMs: 2000 });
const SPEC = specBody();
let app: FastifyInstance;

const serving = (config: Config, user?: CurrentUser): Promise<FastifyInstance> =>
  buildApi({ pool, config, source: SOURCE, reports: REPORTS, ...(user && { user }) });

before(async () => {
  app = await serving(testConfig());
});

after(async () => {
  await app.close();
  await pool.end();
});

const ask = (payload: unknown, on = app, type = 'application/json') =>
  on.inject({
    method: 'POST',
    url: '/backtests',
    payload: typeof payload === 'string' ? payload : JSON.stringify(payload),
    headers: { 'content-type': type },
  });

async function refused(payload: unknown, on = app): Promise<string> {
  const answer = await ask(payload, on);
  assert.equal(answer.statusCode, 422, answer.body);
  const { error } = assertShape(ErrorReply, answer.json());
  return (error.details.errors ?? []).map(({ path, code, message }) => `${path} ${code}: ${message}`).join('\n');
}

test('half the guards, everything wrong at once, and what takes too long is refused before it begins', async () => {
  const config = testConfig();
  const guards = { ...config.backtest.guards, max_variants_per_compute: 11 };
  const withGuards = { ...config, backtest: { ...config.backtest, guards } };
  const small = await serving(withGuards);
  const seven = {
    indicator_grids: [
      { indicator_id: 'ma.sma', params: { window: { mode: 'range', start: 2, stop_incl: 8, step: 1 } } },
    ],
  };
  const body = specBody({}, { ...seven, risk_grid: {} });
  assert.match(await refused(body, small), /max_variants_per_compute\) is 6/);
  const estimate = { method: 'POST', url: '/backtests/jobs/estimate', payload: body } as const;
  assert.equal((await small.inject(estimate)).statusCode, 200);
  assert.equal((await small.inject('/backtests/runtime-defaults')).json().limits.sync_max_variants_per_compute, 6);
  await small.close();
  assert.equal(
    (await refused({ ...SPEC, top_k: 0, nonsense: 1 })).replaceAll(/:.*/g, ''),
    'nonsense unknown_field\ntop_k invalid_value',
  );
  const hurried = { ...config, backtest: { ...config.backtest, sync: { sync_deadline_seconds: 0.001 } } };
  const short = await serving(hurried);
  assert.match(
    await refused(SPEC, short),
    /^ too_slow: the search would take at least .* s, and 0\.001 s are allowed: submit it as a job/,
  );
  await short.close();
  await using runs = openSyncRuns(REPORTS.settings, 0.05);
  const late = runs.run({ spec: parseSpec(SPEC), threads: 1, head: {} }, new AbortController().signal);
  await assert.rejects(late, { name: 'SpecError', message: /takes more than 0\.05 s: submit it as a job/ });
});

test('bodies of another type or size, nobody signed in, no candles', async () => {
  assert.equal((await ask('x', app, 'text/plain')).statusCode, 415);
  assert.equal((await ask(JSON.stringify({ name: 'x'.repeat(2 ** 20) }))).statusCode, 413);
  assert.match(await refused('{'), /malformed_json/);
  const strict = await serving(testConfig(), () => null);
  assert.equal((await ask(SPEC, strict)).statusCode, 401);
  await strict.close();
  assert.match(await refused(specBody({}, { instrument_id: { market_id: 5, symbol: 'NONE' } })), /unknown_instrument/);
});
