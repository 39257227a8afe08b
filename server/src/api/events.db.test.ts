// Server-sent events over a real socket and a real database: what a worker writes arrives, at whom it concerns.

import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';
import type { FastifyInstance } from 'fastify';
import { assertShape, REPORTS, SOURCE, specBody, testConfig } from '../../test/api.ts';
import { testDatabase, type TestDatabase } from '../../test/database.ts';
import { eventually } from '../../test/fleet.ts';
import { openFollow, type Follow } from '../../test/follow.ts';
import { claimed, finish, topRow } from '../../test/queue.ts';
import { buildApi } from '../api.ts';
import { heartbeat } from '../queue/heartbeat.ts';
import { snapshot } from '../queue/snapshot.ts';
import { ErrorReply } from './errors.ts';
import { JobSummary } from './job-status.ts';
import type { CurrentUser } from './user.ts';

const ANN = '018f0000-0000-7000-8000-00000000000a';
const BOB = '018f0000-0000-7000-8000-00000000000b';
const CARL = '018f0000-0000-7000-8000-00000000000c';
const USERS: Readonly<Record<string, string>> = { bob: BOB, carl: CARL };
const user: CurrentUser = ({ headers }) => ({ user_id: USERS[String(headers['x-test-user'])] ?? ANN, name: 'test' });

let database: TestDatabase;
let app: FastifyInstance;
let url: string;
let follow: Follow;

before(async () => {
  database = await testDatabase();
  app = await buildApi({ pool: database.pool, config: testConfig(), source: SOURCE, reports: REPORTS, user });
  url = await app.listen({ port: 0 });
  follow = openFollow(url);
});

after(async () => {
  await app.close();
  await database[Symbol.asyncDispose]();
});

afterEach(() => database.pool.query('delete from backtest_jobs'));

async function submit(headers: Record<string, string> = {}): Promise<string> {
  const reply = await app.inject({ method: 'POST', url: '/backtests/jobs', payload: specBody(), headers });
  assert.equal(reply.statusCode, 201, reply.body);
  return reply.json<{ job_id: string }>().job_id;
}

test('a job is told from its submission to its end, with its best, to its user alone', async () => {
  const ann = await follow('/backtests/events');
  const bob = await follow('/api/backtests/events', { 'x-test-user': 'bob' });
  const job_id = await submit();
  const last = () => ann.events.findLast(({ kind }) => kind === 'job')?.data;
  await eventually('queued', async () => last()?.state === 'queued');
  const { lease } = await claimed(database.pool, { lease_seconds: 600 });
  await eventually('running', async () => last()?.state === 'running');
  const beat = { lease_seconds: 600, stage: 'stage_a', processed_units: 2 } as const;
  await heartbeat(database.pool, lease, { ...beat, best: { value: 4.5, variant_index: 2 } });
  await eventually('the best', async () => JSON.stringify(last()?.best) === '{"value":4.5,"variant_index":2}');
  await snapshot(database.pool, lease, { ...beat, rows: [topRow(1)], checkpoint: null });
  await eventually('new rows', async () => ann.events.some(({ kind }) => kind === 'top'));
  const own = await follow(`/backtests/jobs/${job_id}/events`);
  await finish(database.pool, lease, { state: 'cancelled' });
  await eventually('the end', async () => last()?.state === 'cancelled');
  await eventually('its own end', async () => own.events.some(({ data }) => data.state === 'cancelled'));
  assertShape(JobSummary, last());
  assert.deepEqual(
    bob.events.map(({ kind }) => kind),
    ['ready'],
  );
  const stranger = await fetch(`${url}/backtests/jobs/${job_id}/events`, { headers: { 'x-test-user': 'bob' } });
  assert.equal(stranger.status, 403);
  for (const one of [ann, bob, own]) one.leave();
});

test('a client that lost its connection goes on after the last event, or hears that it must read anew', async () => {
  const first = await follow('/backtests/events');
  const job_id = await submit();
  await eventually('queued', async () => first.events.some(({ data }) => data.state === 'queued'));
  const id = first.events.at(-1)?.id ?? '';
  const other = await follow('/backtests/events');
  first.leave();
  await claimed(database.pool);
  await eventually('running', async () => other.events.at(-1)?.data.state === 'running');
  const again = await follow('/backtests/events', { 'last-event-id': id });
  await eventually('what it missed', async () => again.events.at(-1)?.data.state === 'running');
  assert.equal(again.events[0]?.data.job_id, job_id, 'no ready and no reset before it');
  const lost = await follow('/backtests/events', { 'last-event-id': 'other.7' });
  await eventually('reset', async () => lost.events[0]?.kind === 'reset');
  for (const one of [other, again, lost]) one.leave();
});

test('eight streams a user; a server that closes ends them', async () => {
  const headers = { 'x-test-user': 'carl' };
  const streams = [];
  for (let one = 0; one < 8; one += 1) streams.push(await follow('/backtests/events', headers));
  const refused = await fetch(`${url}/backtests/events`, { headers });
  assert.equal(refused.status, 429);
  assert.match(assertShape(ErrorReply, await refused.json()).error.message, /8 event streams of yours are open/);
  streams[0]?.leave();
  await eventually('a place is free', async () => {
    const reply = await fetch(`${url}/backtests/events`, { headers });
    void reply.body?.cancel();
    return reply.status === 200;
  });
  const startedAt = performance.now();
  await app.close(); // with the connections that fetch opens ahead of requests
  await Promise.all(streams.map(({ ended }) => ended));
  assert.ok(performance.now() - startedAt < 5000);
});
