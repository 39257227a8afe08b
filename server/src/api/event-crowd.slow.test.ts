// A thousand clients of one API process, over real sockets: all hear of a change soon, the database is asked as often as for one
// of them, memory is bounded, also for who does not read, and a shutdown ends them all. It prints what it measured.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { get, type IncomingMessage } from 'node:http';
import { connect, type Socket } from 'node:net';
import { after, before, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { testDatabase, type TestDatabase } from '../../test/database.ts';
import { eventually, startWorker, type TestWorker } from '../../test/fleet.ts';
import { openFollow } from '../../test/follow.ts';
import { queued } from '../../test/queue.ts';
import { addAccount } from '../accounts/add.ts';
import { createToken } from '../accounts/create-token.ts';
import { hashPassword } from '../accounts/password.ts';
import { table } from '../cli/show/table.ts';

const CLIENTS = 1000;
const OF_USER = 8;
const ROUNDS = 5;
/** Jobs of the user whose clients do not read, and how often they change: twice as long as a client has to read something. */
const JOBS = 500;
const CHURN_ROUNDS = 60;
/** How long questions are counted at a time. */
const WINDOW_MS = 10_000;
const PROJECT = fileURLToPath(new URL('../../..', import.meta.url));

interface Member {
  readonly user_id: string;
  readonly authorization: string;
}

let db: TestDatabase;
let server: TestWorker;
let url: string;
const members: Member[] = [];

before(async () => {
  db = await testDatabase();
  const hash = await hashPassword('correct horse');
  for (let one = 0; one <= CLIENTS / OF_USER; one += 1) {
    const added = await addAccount(db.pool, { name: `member${one}`, role: 'user', password_hash: hash });
    assert.ok(added.outcome === 'added');
    const { user_id } = added.account;
    const made = await createToken(db.pool, { user_id, name: 'ci', scopes: ['read'], days: 1 });
    assert.ok(made.outcome === 'created');
    members.push({ user_id, authorization: `Bearer ${made.token}` });
  }
  const command = [process.execPath, 'server/backtest.mjs', 'api', '--config', 'configs/test/backtest.yaml', '--json'];
  const env = { STRATEGY_PG_DSN: db.dsn, CANDLE_SOURCE: 'parquet:/nonexistent' };
  server = startWorker(env, [command[0] ?? '', `${PROJECT}${command[1]}`, ...command.slice(2)]);
  await server.said('"url"');
  url = /"url":"([^"]+)"/.exec(server.log())?.[1] ?? '';
});

after(async () => {
  server.kill('SIGKILL');
  await server.ended;
  await db[Symbol.asyncDispose]();
});

interface Client {
  readonly user_id: string;
  readonly ended: Promise<void>;
  /** When a job was told first, by its id. */
  readonly told: ReadonlyMap<string, number>;
  readonly leave: () => void;
}

/** Opens a stream, on a socket of its own, and waits for its first event. */
async function watch({ user_id, authorization }: Member): Promise<Client> {
  const options = { headers: { authorization }, agent: false };
  const reply = await new Promise<IncomingMessage>((resolve, reject) => {
    get(`${url}/backtests/events`, options, resolve).once('error', reject);
  });
  assert.equal(reply.statusCode, 200);
  const told = new Map<string, number>();
  const ended = new Promise<void>((resolve) => {
    reply.once('close', resolve).on('error', () => {});
  });
  let text = '';
  await new Promise<void>((resolve) => {
    reply.on('data', (bytes: Buffer) => {
      resolve();
      const at = performance.now();
      const events = (text + bytes.toString()).split('\n\n');
      text = events.pop() ?? '';
      for (const one of events) {
        const [, job_id = ''] = /event: job\ndata: [^\n]*"job_id":"([^"]+)"/.exec(one) ?? [];
        if (!told.has(job_id)) told.set(job_id, at);
      }
    });
  });
  return { user_id, ended, told, leave: () => reply.destroy() };
}

/** Resident memory of the server, in MB. */
async function memory(): Promise<number> {
  const status = await readFile(`/proc/${server.pid}/status`, 'utf8');
  return Number(/^VmRSS:\s+(\d+)/m.exec(status)?.[1]) / 1000;
}

/** Transactions on the database in a second, while nothing happens: it tells its counters late, so until they are steady. */
async function load(): Promise<number> {
  let last = await loadNow();
  for (let window = 0; window < 20; window += 1) {
    const next = await loadNow();
    if (Math.abs(next - last) <= 0.1 * last) return next;
    last = next;
  }
  throw new Error('the load of the database does not become steady');
}

async function loadNow(): Promise<number> {
  const count = async (): Promise<number> => {
    const { rows } = await db.admin.query<{ xact_commit: string }>(
      'select xact_commit from pg_stat_database where datname = current_database()',
    );
    return Number(rows[0]?.xact_commit);
  };
  const [from, startedAt] = [await count(), performance.now()];
  await delay(WINDOW_MS);
  return (1000 * ((await count()) - from)) / (performance.now() - startedAt);
}

/** Submits a job for each user who is there, and returns how long each client took to hear of it. */
async function delaysOf(clients: readonly Client[]): Promise<number[]> {
  const jobs = new Map<string, { job_id: string; at: number }>();
  for (const user_id of new Set(clients.map((client) => client.user_id))) {
    const { job_id } = await queued(db.pool, { user_id });
    jobs.set(user_id, { job_id, at: performance.now() });
  }
  const of = ({ user_id, told }: Client): number => {
    const { job_id, at } = jobs.get(user_id) ?? { job_id: '', at: 0 };
    return Math.max(0, (told.get(job_id) ?? Infinity) - at);
  };
  await eventually('all have heard', async () => clients.every((client) => of(client) < Infinity), {
    seconds: 120,
    told: () => server.log(),
  });
  return clients.map(of);
}

const shareOf = (values: readonly number[], share: number): number =>
  values.toSorted((a, b) => a - b)[Math.ceil(share * values.length) - 1] ?? NaN;

interface Measured {
  readonly clients: number;
  readonly questions: number;
  readonly megabytes: number;
  readonly delays: readonly number[];
}

async function measured(clients: readonly Client[]): Promise<Measured> {
  const questions = await load();
  const delays: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) delays.push(...(await delaysOf(clients)));
  return { clients: clients.length, questions, megabytes: await memory(), delays };
}

test('a thousand clients: soon told, no more questions, bounded memory, ended by a shutdown', async (t) => {
  const one = await watch(members[0]!);
  await delaysOf([one]); // what is loaded at the first question
  const alone = await measured([one]);
  const others = members
    .slice(0, -1)
    .flatMap((member, at) => Array<Member>(at === 0 ? OF_USER - 1 : OF_USER).fill(member));
  const clients = [one];
  for (const member of others) clients.push(await watch(member));
  assert.equal(clients.length, CLIENTS);
  const crowd = await measured(clients);
  const rows = [alone, crowd].map(({ clients: count, questions, megabytes, delays }) => [
    String(count),
    questions.toFixed(1),
    megabytes.toFixed(0),
    [0.5, 0.95, 1].map((share) => shareOf(delays, share).toFixed(0)).join(' / '),
  ]);
  const titles = ['clients', 'transactions/s', 'MB', 'ms to event (p50 / p95 / most)'].map((title) => ({ title }));
  for (const line of table(titles, rows)) t.diagnostic(line);
  assert.ok(crowd.questions <= 1.1 * alone.questions + 0.5, `${crowd.questions} and ${alone.questions} transactions/s`);
  assert.ok(crowd.megabytes - alone.megabytes <= 0.2 * CLIENTS, `${crowd.megabytes - alone.megabytes} MB for all`);
  assert.ok(shareOf(crowd.delays, 1) <= 20_000, `${shareOf(crowd.delays, 1)} ms`);

  await requireBoundedSilence(members.at(-1)!, t);

  const stopping = performance.now();
  server.kill('SIGTERM');
  await Promise.all(clients.map(({ ended }) => ended));
  assert.equal(await server.ended, 0);
  const ms = performance.now() - stopping;
  t.diagnostic(`shutdown: ${ms.toFixed(0)} ms`);
  assert.ok(ms <= 30_000, `${ms} ms`);
});

/** Requires that clients that read nothing of many megabytes cost little more than those that do, are ended, and read anew. */
async function requireBoundedSilence(member: Member, t: { diagnostic(text: string): void }): Promise<void> {
  const { user_id, authorization } = member;
  for (let job = 0; job < JOBS; job += 1) await queued(db.pool, { user_id });
  const readers: Client[] = [];
  for (let one = 0; one < OF_USER; one += 1) readers.push(await watch(member));
  const read = await mostMemory(user_id, CHURN_ROUNDS);
  for (const { leave } of readers) leave();
  await Promise.all(readers.map(({ ended }) => ended));

  const first = await openFollow(url)('/backtests/events', { authorization });
  await eventually('the place to go on from', async () => first.events.length > 0);
  const place = first.events[0]?.id ?? '';
  first.leave();
  await first.ended;
  const silent = Array.from({ length: OF_USER - 1 }, () => unread(authorization));
  const unheard = await mostMemory(user_id, 2 * CHURN_ROUNDS);
  t.diagnostic(
    `${JOBS} jobs that change twice a second: ${read.toFixed(0)} MB with ${OF_USER} who read, ${unheard.toFixed(0)} MB with ${silent.length} who do not`,
  );
  // Changes that nobody reads would be some 700 MB; garbage that waits for its collector is some.
  assert.ok(unheard - read <= 200, `${unheard - read} MB`);
  for (const { socket } of silent) socket.resume();
  await Promise.all(silent.map(({ ended }) => ended));
  const back = await openFollow(url)('/backtests/events', { authorization, 'last-event-id': place });
  await eventually('that it must read anew', async () => back.events[0]?.kind === 'reset');
  back.leave();
}

/** Asks for a stream and reads nothing. */
function unread(authorization: string): { readonly socket: Socket; readonly ended: Promise<void> } {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  const ended = new Promise<void>((resolve) => {
    socket.once('close', () => resolve()).on('error', () => {});
  });
  socket.pause();
  socket.write(`GET /backtests/events HTTP/1.1\r\nHost: ${hostname}\r\nAuthorization: ${authorization}\r\n\r\n`);
  return { socket, ended };
}

/** Changes all jobs of a user again and again, and returns the most memory of the server meanwhile. */
async function mostMemory(user_id: string, rounds: number): Promise<number> {
  let most = 0;
  for (let round = 0; round < rounds; round += 1) {
    const name = `${round} ${'n'.repeat(90)}`;
    await db.admin.query('update backtest_jobs set name = $2 where user_id = $1', [user_id, name]);
    await delay(500);
    most = Math.max(most, await memory());
  }
  return most;
}
