// The client on a real API: single requests and their errors, events that survive a broken connection, the end of a job, surfaces.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { after, afterEach, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { surface } from '../../server/src/queue/portions/surface.ts';
import { eventually as soon } from '../../server/test/fleet.ts';
import { openProxy } from '../../server/test/proxy.ts';
import { claimed, finish } from '../../server/test/queue.ts';
import { openRealApi, SPEC, type RealApi } from '../../server/test/real-api.ts';
import {
  ApiError,
  createClient,
  hasEnded,
  orThrow,
  readBands,
  readSurface,
  waitForJob,
  watchJobs,
  type Client,
  type JobEvent,
  type WatchOptions,
} from './index.ts';

let api: RealApi;
let client: Client;

before(async () => {
  api = await openRealApi();
  client = createClient({ baseUrl: api.url, token: api.token });
});

after(() => api[Symbol.asyncDispose]());

afterEach(() => api.database.admin.query('delete from backtest_jobs'));

async function submit(changes: object = {}): Promise<string> {
  const job = await orThrow(client.POST('/backtests/jobs', { body: { ...SPEC, ...changes } as never }));
  return job.job_id;
}

async function refused(work: Promise<unknown>): Promise<ApiError> {
  const error = await work.then(
    () => null,
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof ApiError, String(error));
  return error;
}

const eventually = (what: string, ask: () => Promise<boolean>) => soon(what, ask, { seconds: 120 });

/** Watches until it is told to leave; `events` grows meanwhile. */
function watching(on: Client, options: WatchOptions = {}) {
  const leave = new AbortController();
  const events: JobEvent[] = [];
  const watched = async (): Promise<void> => {
    for await (const event of watchJobs(on, { retryMs: 20, ...options, signal: leave.signal })) events.push(event);
  };
  const ended = watched();
  const kinds = () => events.map(({ kind }) => kind);
  return { events, kinds, ended, leave: () => leave.abort() };
}

test('requests are typed by their paths, and a token says who asks', async () => {
  const me = await orThrow(client.GET('/auth/me'));
  assert.equal(me.name, 'ann');
  const { items } = await orThrow(client.GET('/backtests/jobs', { params: { query: { limit: 5 } } }));
  assert.deepEqual(items, []);
  const nobody = createClient({ baseUrl: api.url });
  const error = await refused(orThrow(nobody.GET('/auth/me')));
  assert.deepEqual([error.status, error.code, error.message], [401, 'unauthorized', 'sign in first']);
});

test('an error of the API has its code, its words and every problem; one of a proxy is an error too', async () => {
  const body = { ...SPEC, top_k: 0, preselect: 0 } as never;
  const error = await refused(orThrow(client.POST('/backtests/jobs', { body })));
  assert.equal(error.code, 'validation_error');
  assert.deepEqual(
    error.details.errors?.map(({ path }) => path),
    ['preselect', 'top_k'],
  );
  const page = () => Promise.resolve(new Response('<html>', { status: 502, headers: { 'retry-after': '7' } }));
  const behind = createClient({ baseUrl: api.url, fetch: page });
  const far = await refused(orThrow(behind.GET('/auth/me')));
  assert.deepEqual([far.status, far.code, far.retryAfterSeconds], [502, 'service_unavailable', 7]);
});

test('events: a job from its submission to its end, of all jobs and of one', async () => {
  const all = watching(client);
  await eventually('ready', async () => all.kinds()[0] === 'ready');
  const job_id = await submit();
  const one = watching(client, { job_id });
  const { lease } = await claimed(api.database.pool, { lease_seconds: 600 });
  await finish(api.database.pool, lease, { state: 'cancelled' });
  for (const { events } of [all, one])
    await eventually('the end', async () => events.some((event) => event.kind === 'job' && hasEnded(event.job)));
  for (const { events } of [all, one])
    for (const event of events) if (event.kind === 'job') assert.equal(event.job.job_id, job_id);
  one.leave();
  all.leave();
  await Promise.all([one.ended, all.ended]);
});

test('events: a connection that falls silent is opened again where it was, without a reset', async () => {
  await using proxy = await openProxy(api.url);
  const watched = watching(createClient({ baseUrl: proxy.dsn, token: api.token }), { silenceMs: 1500 });
  await eventually('ready', async () => watched.kinds()[0] === 'ready');
  const first = await submit();
  await eventually('queued', async () => watched.events.some((event) => event.kind === 'job'));
  void proxy.silence();
  await eventually('lost', async () => watched.kinds().includes('lost'));
  // While nobody hears: another client keeps the feed of the user going.
  const other = watching(client);
  await eventually('ready', async () => other.kinds().includes('ready'));
  const second = await submit();
  await eventually('told', async () =>
    other.events.some((event) => event.kind === 'job' && event.job.job_id === second),
  );
  proxy.heal();
  await eventually('what was missed', async () =>
    watched.events.some((event) => event.kind === 'job' && event.job.job_id === second),
  );
  assert.ok(watched.kinds().includes('back'));
  assert.ok(watched.events.some((event) => event.kind === 'job' && event.job.job_id === first));
  for (const one of [watched, other]) one.leave();
  await Promise.all([watched.ended, other.ended]);
});

test('events: after a restart of the API the client is told to read anew', async () => {
  const watched = watching(client);
  await eventually('ready', async () => watched.kinds()[0] === 'ready');
  await api.restart();
  await eventually('reset', async () => watched.kinds().includes('reset'));
  watched.leave();
  await watched.ended;
});

test('events: what the API refuses for good is thrown', async () => {
  const stranger = watching(createClient({ baseUrl: api.url, token: 'btj_nothing' }));
  assert.equal((await refused(stranger.ended)).code, 'unauthorized');
  const none = watching(client, { job_id: '018f0000-0000-7000-8000-00000000000a' });
  assert.equal((await refused(none.ended)).code, 'not_found');
});

test('waiting for a job: it returns what ended, also where it has ended before; a signal ends it with its reason', async () => {
  const job_id = await submit();
  const states: string[] = [];
  const waiting = waitForJob(client, job_id, { onChange: ({ state }) => states.push(state) });
  await eventually('queued', async () => states.includes('queued'));
  const { lease } = await claimed(api.database.pool, { lease_seconds: 600 });
  await eventually('running', async () => states.includes('running'));
  await api.restart();
  await finish(api.database.pool, lease, { state: 'cancelled' });
  const ended = await waiting;
  assert.deepEqual([ended.job_id, ended.state, ended.verdict], [job_id, 'cancelled', null]);
  assert.equal((await waitForJob(client, job_id)).state, 'cancelled');
  const other = await submit();
  const leave = new AbortController();
  const never = waitForJob(client, other, { signal: leave.signal });
  leave.abort(new Error('enough'));
  await assert.rejects(never, /enough/);
  const gone = waitForJob(client, other);
  await orThrow(client.POST('/backtests/jobs/{job_id}/cancel', { params: { path: { job_id: other } } }));
  assert.equal((await gone).state, 'cancelled');
  await orThrow(client.DELETE('/backtests/jobs/{job_id}', { params: { path: { job_id: other } } }));
  assert.equal((await refused(waitForJob(client, other))).code, 'not_found');
});

test('waiting for a job outlasts trouble that passes, until the signal', async () => {
  const job_id = await submit();
  await orThrow(client.POST('/backtests/jobs/{job_id}/cancel', { params: { path: { job_id } } }));
  let trouble: (number | 'network')[] = [429, 503, 'network'];
  let asked = 0;
  const fetchThrough = async (request: Request): Promise<Response> => {
    if (new URL(request.url).pathname.endsWith('/events')) return fetch(request);
    asked += 1;
    const next = trouble.shift();
    if (next === undefined) return fetch(request);
    if (next === 'network') throw new TypeError('fetch failed');
    return new Response('<h1>later</h1>', { status: next });
  };
  const shaky = createClient({ baseUrl: api.url, token: api.token, fetch: fetchThrough });
  assert.equal((await waitForJob(shaky, job_id, { retryMs: 20 })).state, 'cancelled');
  assert.deepEqual([trouble, asked], [[], 4]);
  trouble = Array<number>(100_000).fill(503);
  const leave = new AbortController();
  const waiting = waitForJob(shaky, job_id, { retryMs: 20, mostMs: 20, signal: leave.signal });
  await Promise.all([
    assert.rejects(waiting, /enough/),
    eventually('some attempts', async () => asked > 6).then(() => leave.abort(new Error('enough'))),
  ]);
  trouble = [404];
  assert.equal((await refused(waitForJob(shaky, job_id))).status, 404);
});

const scoreOf = (unit: number): number => (unit % 7 === 0 ? Number.NaN : Math.fround(Math.sin(unit) * 10));

/** A running job of 6 x 50 combinations, with all scores, or those of a sample. */
async function scored(changes: object, units: number): Promise<string> {
  const range = (stop_incl: number) => ({ mode: 'range', start: 1, stop_incl, step: 1 });
  const rules = { long: 'close > sma(close, slow + 1)', exit_long: 'close < sma(close, fast + 1)' };
  const { indicator_grids: _, ...template } = SPEC.template;
  const params = { slow: range(50), fast: range(6) };
  const job_id = await submit({ ...changes, template: { ...template, rules, params } });
  const { lease } = await claimed(api.database.pool, { lease_seconds: 600 });
  const scores = Float32Array.from({ length: units }, (__, at) => scoreOf(at));
  await surface(api.database.pool, lease, { lease_seconds: 600, first_index: 0, scores });
  return job_id;
}

test('surfaces: raw scores, a map and what matches a brush', async () => {
  const job_id = await scored({}, 300);
  const raw = await readSurface(client, job_id);
  const all = Array.from({ length: 300 }, (_, at) => scoreOf(at));
  assert.deepEqual([[...raw.scores], raw.bases], [all, null]);
  const map = await readSurface(client, job_id, { x: 'slow', y: 'fast' });
  assert.deepEqual([map.x.from.length, map.y?.from.length, [...map.cells]], [50, 6, all]);
  assert.equal(map.cells[(map.best?.y ?? 0) * 50 + (map.best?.x ?? 0)], map.best?.value);
  const row = await readSurface(client, job_id, { x: 'slow', hold: { fast: 3 } });
  assert.deepEqual([row.y, [...row.cells]], [null, all.slice(100, 150)]);
  const bands = await readBands(client, job_id, { min: 5, brush: { slow: [10, 20] } });
  assert.equal(bands.matched, all.filter((score, at) => score >= 5 && at % 50 >= 9 && at % 50 <= 19).length);
  const error = await refused(readSurface(client, job_id, { x: 'nothing' }));
  assert.deepEqual(
    error.details.errors?.map(({ path }) => path),
    ['x'],
  );
});

test('surfaces: a sample has its base indexes', async () => {
  const { scores, bases } = await readSurface(client, await scored({ sample: { n: 41, seed: 3 } }, 41));
  assert.deepEqual(
    [...scores],
    Array.from({ length: 41 }, (_, at) => scoreOf(at)),
  );
  assert.equal(bases?.length, 41);
  assert.ok(bases.every((base, at) => Number.isInteger(base) && base < 300 && (at === 0 || base > bases[at - 1]!)));
});

test('the example of the README runs', async () => {
  const folder = new URL('..', import.meta.url);
  const readme = await readFile(new URL('README.md', folder), 'utf8');
  const [, example = ''] = /```ts\n([\s\S]+?)```/.exec(readme) ?? [];
  assert.ok(example.includes("from '@backtest-jobs/client'"));
  const file = new URL(`example-${process.pid}.ts`, folder);
  await writeFile(file, example);
  try {
    api.work();
    const env = { ...process.env, BACKTEST_URL: api.url, BACKTEST_TOKEN: api.token };
    const { stdout } = await promisify(execFile)(process.execPath, [fileURLToPath(file)], { env });
    assert.match(stdout, /^succeeded -?\d+\.\d+ \S.+\.$/m);
  } finally {
    await rm(file, { force: true });
  }
});
