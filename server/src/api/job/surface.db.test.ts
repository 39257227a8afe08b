// The routes of a surface on a real database: raw scores, cells, summary and bands of what is stored so far, with their ETags.

import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';
import type { FastifyInstance, InjectOptions } from 'fastify';
import { assertShape, REPORTS, SOURCE, specBody, testConfig } from '../../../test/api.ts';
import { testDatabase, type TestDatabase } from '../../../test/database.ts';
import { claimed } from '../../../test/queue.ts';
import { buildApi } from '../../api.ts';
import { surface } from '../../queue/portions/surface.ts';
import { ErrorReply } from '../errors.ts';
import type { CurrentUser } from '../user.ts';
import { SurfaceBands, SurfaceCell, SurfaceSummary } from './surface-replies.ts';

const ANN = '018f0000-0000-7000-8000-00000000000a';
const BOB = '018f0000-0000-7000-8000-00000000000b';
const user: CurrentUser = ({ headers }) => ({ user_id: headers['x-test-user'] === 'bob' ? BOB : ANN, name: 'test' });

let database: TestDatabase;
let app: FastifyInstance;

before(async () => {
  database = await testDatabase();
  app = await buildApi({ pool: database.pool, config: testConfig(), source: SOURCE, reports: REPORTS, user });
});

afterEach(() => database.pool.query('delete from backtest_jobs'));

after(async () => {
  await app.close();
  await database[Symbol.asyncDispose]();
});

const range = (stop_incl: number) => ({ mode: 'range', start: 1, stop_incl, step: 1 });

/** A running job of 6 x 50 combinations, of two parameters. */
async function job(changes: Record<string, unknown> = {}) {
  const rules = { long: 'close > sma(close, slow + 1)', exit_long: 'close < sma(close, fast + 1)' };
  const template = { indicator_grids: undefined, rules, params: { slow: range(50), fast: range(6) } };
  const payload = specBody(changes, template);
  const reply = await app.inject({ method: 'POST', url: '/backtests/jobs', payload });
  assert.equal(reply.statusCode, 201, reply.body);
  const { lease } = await claimed(database.pool, { lease_seconds: 600 });
  const { job_id } = reply.json<{ job_id: string }>();
  assert.equal(lease.job_id, job_id);
  const write = (first_index: number, scores: Float32Array) =>
    surface(database.pool, lease, { lease_seconds: 600, first_index, scores });
  return { url: `/backtests/jobs/${job_id}/surface`, write };
}

async function bytes(request: InjectOptions | string) {
  const reply = await app.inject(request);
  assert.equal(reply.statusCode, 200, reply.body);
  assert.equal(reply.headers['content-type'], 'application/octet-stream');
  const all = reply.rawPayload;
  assert.equal(Number(reply.headers['content-length']), all.length);
  const length = all.readUInt32LE(0);
  assert.equal((4 + length) % 8, 0);
  const rest = all.subarray(4 + length);
  const cells = Array.from({ length: Math.floor(rest.length / 4) }, (_, at) => rest.readFloatLE(4 * at));
  const head: { scores: number; best: unknown; x: { from: unknown[] } } = JSON.parse(
    all.toString('utf8', 4, 4 + length),
  );
  return { head, cells, rest, etag: String(reply.headers.etag) };
}

const scoreOf = (unit: number): number => (unit % 11 === 0 ? NaN : Math.fround(Math.sin(unit) * 10));
const scores = (from: number, to: number) => Float32Array.from({ length: to - from }, (_, at) => scoreOf(from + at));

test('a surface grows while the job runs: raw scores, cells and ETags follow what is stored', async () => {
  const { url, write } = await job();
  const empty = await bytes(url);
  assert.deepEqual(empty.cells, Array(300).fill(NaN));
  await write(0, scores(0, 120));
  const part = await bytes(url);
  assert.deepEqual(
    part.cells,
    Array.from({ length: 300 }, (_, unit) => (unit < 120 ? scoreOf(unit) : NaN)),
  );
  const map = await bytes(`${url}?x=slow&y=fast`);
  // Axes by name: fast is the outer one.
  assert.deepEqual(map.cells, part.cells);
  assert.deepEqual(map.head.x.from.length, 50);
  const again = await app.inject({ url: `${url}?x=slow&y=fast`, headers: { 'if-none-match': map.etag } });
  assert.deepEqual([again.statusCode, again.body], [304, '']);
  await write(120, scores(120, 300));
  const all = await bytes({ url: `${url}?x=slow&y=fast`, headers: { 'if-none-match': map.etag } });
  assert.deepEqual(all.cells, [...scores(0, 300)]);
  assert.notEqual(all.etag, map.etag);
  const held = await bytes(`${url}?x=slow&hold.fast=3`);
  assert.deepEqual(held.cells, all.cells.slice(100, 150));
  const median = await bytes(`${url}?x=fast&how=median`);
  assert.equal(median.cells.length, 6);
  const near = await bytes(`${url}?x=slow&y=fast&how=near`);
  const around = [0, 1, 2, 50, 51, 52, 100, 101, 102].map((unit) => scoreOf(unit + 60)).filter((one) => one === one);
  const mean = around.reduce((sum, one) => sum + one, 0) / around.length;
  assert.ok(Math.abs((near.cells[111] ?? 0) - mean) < 1e-6);
  const spot = (index: number) => ({ base_index: index, variant_index: 2 * index, value: scoreOf(index) });
  const cell = assertShape(SurfaceCell, (await app.inject(`${url}/cell?x=slow&y=fast&i=7&j=2`)).json());
  const covers = { x: { key: 'slow', from: 8, to: 8 }, y: { key: 'fast', from: 3, to: 3 } };
  const whole = { metric: 'total_return_pct', how: 'max', ...covers, scores: 1, value: scoreOf(107) };
  assert.deepEqual(cell, { ...whole, best: spot(107) });
  const column = [0, 1, 2, 3, 4, 5].map((row) => 50 * row + 7).filter((unit) => !Number.isNaN(scoreOf(unit)));
  const best = column.reduce((a, b) => (scoreOf(b) > scoreOf(a) ? b : a));
  const line = assertShape(SurfaceCell, (await app.inject(`${url}/cell?x=slow&how=median&i=7`)).json());
  assert.deepEqual([line.scores, line.y, line.best], [column.length, null, spot(best)]);
  assert.equal(line.value, (await bytes(`${url}?x=slow&how=median`)).cells[7]);
  const summary = assertShape(SurfaceSummary, (await app.inject(`${url}/summary?above=0,5`)).json());
  const there = all.cells.filter((one) => one === one);
  assert.deepEqual(
    summary.above.map((one) => one.scores),
    [0, 5].map((level) => there.filter((one) => one > level).length),
  );
  const bands = assertShape(SurfaceBands, (await app.inject(`${url}/bands?min=5&brush.slow=10..20`)).json());
  const matched = all.cells.filter((one, unit) => one >= 5 && unit % 50 >= 9 && unit % 50 <= 19);
  assert.deepEqual([bands.scores, bands.matched], [there.length, matched.length]);
});

test('chunks that do not belong there show nothing and break nothing', async () => {
  const { url, write } = await job();
  await write(250, scores(250, 400)); // beyond the end
  const raw = await bytes(url);
  assert.deepEqual(
    raw.cells,
    Array.from({ length: 300 }, (_, unit) => (unit < 250 ? NaN : scoreOf(unit))),
  );
  assert.deepEqual((await bytes(`${url}?x=slow&y=fast`)).cells, raw.cells);
});

test('a sample has its base indexes behind its scores, and no neighbourhood', async () => {
  const { url, write } = await job({ sample: { n: 41, seed: 3 } });
  await write(0, scores(0, 41));
  const { cells, rest } = await bytes(url);
  assert.deepEqual(cells.slice(0, 41), [...scores(0, 41)]);
  const bases = Array.from({ length: 41 }, (_, at) => rest.readDoubleLE(168 + 8 * at));
  assert.equal(rest.length, 168 + 8 * 41);
  assert.ok(
    bases.every((base, at) => Number.isInteger(base) && base < 300 && (at === 0 || base > (bases[at - 1] ?? 0))),
  );
  const map = await bytes(`${url}?x=slow&y=fast`);
  assert.deepEqual(
    map.cells,
    Array.from({ length: 300 }, (_, base) => scoreOf(bases.indexOf(base) < 0 ? 0 : bases.indexOf(base))),
  );
  const refused = await app.inject(`${url}?x=slow&how=near`);
  assert.equal(refused.statusCode, 422);
});

test('a stranger sees nothing, and a wrong question is told with every path', async () => {
  const { url } = await job();
  for (const path of ['', '?x=slow', '/cell?x=slow&i=0', '/summary', '/bands']) {
    const reply = await app.inject({ url: url + path, headers: { 'x-test-user': 'bob' } });
    assert.deepEqual([reply.statusCode, assertShape(ErrorReply, reply.json()).error.code], [403, 'forbidden']);
  }
  const cases: Readonly<Record<string, readonly string[]>> = {
    '?x=nope&y=slow&hold.slow=77&hold.fast=77': ['hold.fast', 'hold.slow', 'x'],
    '?y=slow': ['x'],
    '?x=slow&nonsense=1&hold.=3': ['hold.', 'nonsense'],
    '?x=slow&x=fast': ['x'],
    '?x=slow&how=mean': ['how'],
    '/cell?x=slow&y=fast&i=50&j=6': ['i', 'j'],
    '/cell?x=slow&hold.nope=1&i=0': ['hold.nope'],
    '/cell?y=slow&j=0.5': ['i', 'j', 'x'],
    '/summary?above=high': ['above'],
    '/bands?brush.slow=1&order=a': ['brush.slow', 'order'],
    '/bands?min=low': ['min'],
  };
  for (const [path, expected] of Object.entries(cases)) {
    const reply = await app.inject(url + path);
    assert.equal(reply.statusCode, 422, path);
    const { error } = assertShape(ErrorReply, reply.json());
    assert.deepEqual(
      error.details.errors?.map((one) => one.path),
      expected,
      path,
    );
  }
});
