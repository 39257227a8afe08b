// The estimate over HTTP. Its database cannot be reached: for a spec that means no saved strategy it asks for nothing
// there.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { buildGrid, estimate, parseSpec } from '@backtest-jobs/engine';
import type { FastifyInstance } from 'fastify';
import { assertShape, REPORTS, GATE, SOURCE, specBody, testConfig } from '../../test/api.ts';
import { buildApi } from '../api.ts';
import type { Config } from '../config/config.ts';
import { openPool } from '../db.ts';
import { ErrorReply, ERRORS, type ErrorCode } from './errors.ts';
import { Estimate } from './estimate.ts';
import { acceptSpec } from './gate.ts';

const pool = openPool('postgres://nobody@127.0.0.1:9/nowhere');
const THREADS = 4;
let app: FastifyInstance;

function withThreads(threads: number): Config {
  const config = testConfig();
  return { ...config, backtest: { ...config.backtest, cpu: { threads } } };
}

const serving = (config: Config): Promise<FastifyInstance> =>
  buildApi({ pool, config, source: SOURCE, reports: REPORTS });

before(async () => {
  app = await serving(withThreads(THREADS));
});

after(async () => {
  await app.close();
  await pool.end();
});

const URL_OF_IT = '/backtests/jobs/estimate';
const ask = (body: unknown, on = app) =>
  on.inject({
    method: 'POST',
    url: URL_OF_IT,
    headers: { 'content-type': 'application/json' },
    payload: JSON.stringify(body),
  });

async function estimated(body: object = specBody(), on = app) {
  const answer = await ask(body, on);
  assert.equal(answer.statusCode, 200, answer.body);
  return assertShape(Estimate, answer.json());
}

async function refused(body: unknown, code: ErrorCode) {
  const answer = await ask(body);
  assert.equal(answer.statusCode, ERRORS[code].status, answer.body);
  const { error } = assertShape(ErrorReply, answer.json());
  assert.equal(error.code, code);
  return error;
}

test('variants, memory, time and history, exactly its fields', async () => {
  const spec = parseSpec(specBody());
  const grid = buildGrid(spec);
  const told = await estimated();
  assert.deepEqual(Object.keys(told).sort(), Object.keys(Estimate.shape).sort());
  assert.deepEqual([told.stage_a_variants, told.stage_b_variants, told.total_units], [3, 6, 3 + 6 + 5]);
  assert.equal(told.threads, THREADS);
  assert.equal(told.bytes, estimate(spec, grid, THREADS).bytes);
  assert.equal(told.guard_bytes, estimate(spec, grid, 1).bytes);
  assert.ok(told.guard_bytes < told.bytes);
  assert.ok(0 < told.time.low_seconds && told.time.low_seconds < told.time.high_seconds);
  assert.equal(told.trials, 6); // three of them without a stop, in both stages
  assert.ok(Math.abs(told.years - 9) < 0.01, `${told.years}, from 2001 to 2010`);
  assert.deepEqual(told.warnings, []);
  assert.deepEqual((await app.inject({ method: 'POST', url: `/api${URL_OF_IT}`, payload: specBody() })).json(), told);
});

test('the luck test and its part of the cost, and why there is none where auto finds no room', async () => {
  const without = await estimated();
  const none = { permutations: 0, variants: 0, blocks: null, walk: false, units: 0, bytes: 0 };
  assert.deepEqual(without.luck, { ...none, low_seconds: 0, high_seconds: 0 });
  const { luck: _, ...body } = specBody();
  const { luck, ...told } = await estimated(body);
  // The real market and 99 permuted ones: 3 base variants, all of them shortlisted, under 2 stops.
  assert.deepEqual([luck.permutations, luck.variants, luck.units], [99, 3, 100 * (3 + 6)]);
  assert.equal(told.total_units, without.total_units + luck.units);
  assert.equal(told.bytes, without.bytes + luck.bytes);
  assert.ok(Math.abs(told.time.high_seconds - without.time.high_seconds - luck.high_seconds) < 1e-9);
  assert.ok(0 < luck.low_seconds && luck.low_seconds < luck.high_seconds);
  const stops = { mode: 'range', start: 0.01, stop_incl: 9, step: 0.01 };
  const large = await estimated({ ...body, ...specBody({ luck: 'auto' }, { risk_grid: { sl: stops, tp: stops } }) });
  assert.equal(large.luck.permutations, 0);
  assert.match(large.warnings.find(({ code }) => code === 'luck_skipped')?.message ?? '', /set luck\.permutations/);
});

test('one thread: what is needed is what the guard judges', async (t) => {
  const alone = await serving(withThreads(1));
  t.after(() => alone.close());
  const told = await estimated(specBody(), alone);
  assert.deepEqual([told.threads, told.bytes], [1, told.guard_bytes]);
  assert.ok(told.time.high_seconds >= (await estimated()).time.high_seconds);
});

test('too little history for so many trials is a warning with the numbers, not a refusal', async () => {
  const window = { mode: 'range', start: 5, stop_incl: 500, step: 1 };
  const many = { indicator_grids: [{ indicator_id: 'ma.sma', params: { window } }] };
  const time_range = { start: '2001-01-01T00:00:00Z', end: '2003-01-01T00:00:00Z' };
  const { trials, years, minimum_backtest_years, warnings } = await estimated(specBody({ time_range }, many));
  assert.equal(trials, 496 * 2);
  assert.ok(years < minimum_backtest_years);
  assert.deepEqual(
    warnings.map(({ code }) => code),
    ['too_little_history'],
  );
  assert.match(warnings[0]?.message ?? '', /10\.6 years.* 992 variants .*2\.0 /);
  assert.deepEqual((await estimated(specBody({}, { risk_grid: {} }))).warnings, []);
});

test('a warm-up shorter than a variant needs is a warning with the way out; an automatic one is not', async () => {
  const long = {
    indicator_grids: [{ indicator_id: 'ma.wma', params: { window: { mode: 'explicit', values: [9, 321] } } }],
  };
  const { warnings, short_history } = await estimated(specBody({ warmup_bars: 20 }, { ...long, risk_grid: {} }));
  assert.match(warnings.map(({ code, message }) => `${code}: ${message}`).join(), WARMUP);
  assert.deepEqual([short_history.needed_bars, short_history.warmup_bars], [320, 20]);
  for (const changes of [{}, { warmup_bars: 'auto' }]) {
    const { short_history: found } = await estimated(specBody({ warmup_bars: undefined, ...changes }, long));
    assert.deepEqual([found.raised, found.warmup_bars], [false, 320]);
  }
});

const WARMUP =
  /short_history: wma\(close, 321\) has no value on the first 300 of \d+ bars; give warmup_bars of at least 320, or leave it out/;

test('what submitting refuses is refused, every problem at once, in the words of the gate', async () => {
  const time_range = { start: '2030-01-01T00:00:00Z', end: '2031-01-01T00:00:00Z' };
  const wide = { mode: 'range', start: 0.00001, stop_incl: 10, step: 0.00001 };
  const cases = [
    specBody({ time_range, top_k: 0, nonsense: 1 }, { timeframe: '1h' }),
    specBody({}, { instrument_id: { market_id: 1, symbol: 'DOGE' } }),
    specBody({}, { risk_grid: { sl: wide, tp: wide } }),
    {},
    [],
    7,
  ];
  for (const body of cases) {
    const { details } = await refused(body, 'validation_error');
    await assert.rejects(acceptSpec(body, GATE), {
      name: 'SpecError',
      problems: details.errors,
    });
  }
});

test('a body of another type, and jobs that are switched off', async (t) => {
  const plain = { method: 'POST', url: URL_OF_IT, headers: { 'content-type': 'text/plain' }, payload: 'x' } as const;
  assert.equal((await app.inject(plain)).statusCode, 415);
  const off = await serving(testConfig({ enabled: false }));
  t.after(() => off.close());
  assert.equal((await ask(specBody(), off)).statusCode, 404);
});
