import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { MOST_WATCHED, type Watch, type WatchedJob } from '../queue/reads/watched.ts';
import { openFeed, type JobChange } from './feed.ts';
import { openStream } from './stream.ts';

const ANN = 'ann';
const BOB = 'bob';

/** A database of jobs in memory, that counts how often it is asked. */
function jobsOf() {
  const jobs = new Map<string, WatchedJob>();
  const asked: Watch[] = [];
  return {
    asked,
    put: (job_id: string, changes: object): void => {
      const before = jobs.get(job_id) ?? { job_id, user_id: ANN, state: 'queued', top_at: null, processed_units: 0 };
      jobs.set(job_id, { ...before, ...changes } as WatchedJob);
    },
    drop: (job_id: string) => jobs.delete(job_id),
    read: async (watch: Watch): Promise<readonly WatchedJob[]> => {
      asked.push(watch);
      return [...jobs.values()].filter(
        ({ job_id, user_id, state }) =>
          watch.user_ids.includes(user_id) &&
          (state === 'queued' || state === 'running' || watch.job_ids.includes(job_id)),
      );
    },
  };
}

const PACE = { everyMs: 10, leastMs: 5 };
const onTrouble = () => {};
const statusOf = ({ job_id, state, processed_units }: WatchedJob) => JSON.stringify({ job_id, state, processed_units });

/** Waits until something holds, and fails when it does not come. */
async function until(what: string, holds: () => boolean): Promise<void> {
  for (let tries = 0; tries < 500; tries += 1) {
    if (holds()) return;
    await delay(5);
  }
  assert.fail(`never: ${what}`);
}

test('changes come once, each to those whom they concern: status, rows, end, deletion', async () => {
  const database = jobsOf();
  await using feed = openFeed({ read: database.read, statusOf, onTrouble, ...PACE });
  const ann: JobChange[] = [];
  const bob: JobChange[] = [];
  database.put('a', {});
  database.put('b', { user_id: BOB });
  feed.subscribe({ user_id: ANN, job_id: null }, (changes) => ann.push(...changes));
  feed.subscribe({ user_id: BOB, job_id: 'b' }, (changes) => bob.push(...changes));
  await until('both', () => ann.length === 1 && bob.length === 1);
  database.put('a', { state: 'running', processed_units: 5, updated_at: 'x' });
  await until('running', () => ann.length === 2);
  const { length } = database.asked;
  database.put('a', { updated_at: 'y' }); // a heartbeat without progress
  await until('some looks', () => database.asked.length > length + 3);
  assert.equal(ann.length, 2);
  database.put('a', { top_at: '1' });
  await until('rows', () => ann.length === 3);
  database.put('a', { state: 'succeeded', top_at: '2' });
  await until('end', () => ann.length === 5);
  database.put('c', {});
  await until('another', () => ann.length === 6);
  database.drop('c');
  await until('deleted', () => ann.length === 7);
  assert.deepEqual(
    ann.map(({ kind, job_id }) => `${kind} ${job_id}`),
    ['job a', 'job a', 'top a', 'job a', 'top a', 'job c', 'gone c'],
  );
  assert.deepEqual(
    bob.map(({ job_id }) => job_id),
    ['b'],
  );
});

test('a client goes on where it was; a place that is too old or of another process is none', async () => {
  const database = jobsOf();
  await using feed = openFeed({ read: database.read, statusOf, onTrouble, ...PACE });
  const all: JobChange[] = [];
  const interest = { user_id: ANN, job_id: null };
  feed.subscribe(interest, (changes) => all.push(...changes));
  database.put('a', {});
  await until('the first', () => all.length === 1);
  const place = feed.id();
  assert.deepEqual(feed.since(place, interest), []);
  for (let units = 1; units <= 3; units += 1) {
    database.put('a', { processed_units: units });
    await until('progress', () => all.length === 1 + units);
  }
  const missed = feed.since(place, interest);
  assert.deepEqual(
    missed?.map(({ data }) => data),
    [all.at(-1)?.data],
    'of each job the latest',
  );
  assert.equal(feed.since(place, { user_id: BOB, job_id: null }), null, 'nobody looked for Bob since then');
  const [epoch] = place.split('.');
  for (const bad of [`${epoch}.9999`, 'other.1', '', `${epoch}.x`, `${epoch}.-1`])
    assert.equal(feed.since(bad, interest), null, bad);
});

test('whoever was away while others watched reads anew: how a job ended meanwhile was not seen', async () => {
  const database = jobsOf();
  await using feed = openFeed({ read: database.read, statusOf, onTrouble, ...PACE });
  const interest = { user_id: ANN, job_id: null };
  const all: JobChange[] = [];
  feed.subscribe({ user_id: BOB, job_id: null }, () => {});
  const leave = feed.subscribe(interest, (changes) => all.push(...changes));
  database.put('a', {});
  await until('the first', () => all.length === 1);
  const place = feed.id();
  assert.deepEqual(feed.since(place, interest), []);
  leave();
  const { length } = database.asked;
  await until('looks for Bob alone', () => database.asked.length > length + 2);
  database.put('a', { state: 'succeeded' });
  assert.equal(feed.since(place, interest), null);
});

test('a thousand who watch cost the database as many looks as one, and nobody none', async () => {
  const database = jobsOf();
  await using feed = openFeed({ read: database.read, statusOf, onTrouble, everyMs: 40, leastMs: 40 });
  database.put('a', {});
  await delay(100);
  assert.equal(database.asked.length, 0);
  let heard = 0;
  const leave = Array.from({ length: 1000 }, (_, one) =>
    feed.subscribe({ user_id: one < 500 ? ANN : `user-${one}`, job_id: null }, () => (heard += 1)),
  );
  const startedAt = performance.now();
  for (let round = 0; round < 20; round += 1) {
    feed.hurry();
    await delay(10);
  }
  await until('all have heard', () => heard >= 500);
  const most = (performance.now() - startedAt) / 40 + 2;
  assert.ok(database.asked.length <= most, `${database.asked.length} looks, at most ${most}`);
  assert.equal(database.asked.at(-1)?.user_ids.length, 501);
  for (const one of leave) one();
  await delay(60);
  const { length } = database.asked;
  await delay(120);
  assert.equal(database.asked.length, length);
});

test('a job that more jobs than are looked at have crowded out is not told as deleted', async () => {
  const database = jobsOf();
  const read = async (watch: Watch) => (await database.read(watch)).toReversed().slice(0, MOST_WATCHED);
  await using feed = openFeed({ read, statusOf, onTrouble, ...PACE });
  const kinds = new Map<string, string>();
  feed.subscribe({ user_id: ANN, job_id: null }, (changes) => {
    for (const { job_id, kind } of changes) kinds.set(job_id, kind);
  });
  database.put('first', {});
  await until('the first', () => kinds.has('first'));
  for (let one = 0; one < MOST_WATCHED; one += 1) database.put(`job-${one}`, {});
  await until('the last', () => kinds.has(`job-${MOST_WATCHED - 1}`));
  assert.equal(kinds.get('first'), 'job');
  for (let one = 0; one < MOST_WATCHED; one += 2) database.drop(`job-${one}`);
  database.drop('first');
  await until('what was deleted', () => kinds.get('first') === 'gone');
});

test('trouble of the database loses nothing', async () => {
  const database = jobsOf();
  let trouble = false;
  const read = (watch: Watch) => (trouble ? Promise.reject(new Error('away')) : database.read(watch));
  await using feed = openFeed({ read, statusOf, onTrouble, ...PACE });
  const all: JobChange[] = [];
  feed.subscribe({ user_id: ANN, job_id: null }, (changes) => all.push(...changes));
  database.put('a', {});
  await until('the first', () => all.length === 1);
  trouble = true;
  database.put('a', { state: 'running' });
  await delay(50);
  trouble = false;
  await until('what happened meanwhile', () => all.length === 2);
});

test('a stream that is not read holds the latest change of each job, and no more', async (t) => {
  const database = jobsOf();
  await using feed = openFeed({ read: database.read, statusOf, onTrouble, ...PACE });
  const stream = openStream(feed, { user_id: ANN, job_id: null }, null);
  t.after(stream.end);
  const long = 'x'.repeat(5000);
  let seen = 0;
  feed.subscribe({ user_id: ANN, job_id: null }, (changes) => (seen += changes.length));
  for (let units = 1; units <= 40; units += 1) {
    database.put('a', { processed_units: `${long}${units}` });
    await until('a look', () => seen >= units);
  }
  assert.ok(stream.readable.readableLength < 60_000, String(stream.readable.readableLength));
  let text = '';
  stream.readable.on('data', (bytes: Buffer) => (text += bytes.toString()));
  await until('the last', () => text.includes(`${long}40`));
  assert.match(text, /^retry: \d+\n\nid: \w+\.\d+\nevent: ready\ndata: \{\}\n\nid: \w+\.\d+\nevent: job\ndata: \{/);
  assert.ok(text.split('event: job').length < 20);
  stream.end();
  await until('its end', () => stream.readable.destroyed || stream.readable.readableEnded);
});

test('a client that does not read holds a bounded number of changes, and must read anew when it comes back', async (t) => {
  const database = jobsOf();
  await using feed = openFeed({ read: database.read, statusOf, onTrouble, ...PACE });
  const interest = { user_id: ANN, job_id: null };
  const stream = openStream(feed, interest, null);
  t.after(stream.end);
  let seen = 0;
  feed.subscribe(interest, (changes) => (seen += changes.length));
  const jobs = 1500;
  for (let one = 0; one < jobs; one += 1) database.put(`job-${one}`, { processed_units: `${one}${'x'.repeat(100)}` });
  await until('all of them', () => seen >= jobs);
  database.put('job-7', { state: 'succeeded' });
  await until('one more', () => seen > jobs);
  let text = '';
  stream.readable.on('data', (bytes: Buffer) => (text += bytes.toString()));
  await until('that it must read anew', () => text.includes('event: reset'));
  assert.ok(text.split('event: job').length < 500, 'what waits is bounded');
  assert.doesNotMatch(text, /succeeded/);
  const place = /id: (\S+)\nevent: reset/.exec(text)?.[1] ?? '';
  assert.deepEqual(feed.since(place, interest), [], 'it goes on from there');
  database.put('job-9', { state: 'cancelled' });
  await until('what comes after', () => /event: job\ndata: [^\n]*job-9"[^\n]*cancelled/.test(text));
});

test('a stream ends after its time, so that whoever has signed out meanwhile hears no more', async () => {
  const database = jobsOf();
  await using feed = openFeed({ read: database.read, statusOf, onTrouble, ...PACE });
  const stream = openStream(feed, { user_id: ANN, job_id: null }, null, 50);
  let text = '';
  stream.readable.on('data', (bytes: Buffer) => (text += bytes.toString()));
  await until('its end', () => stream.readable.readableEnded);
  const { length } = text;
  database.put('a', {});
  await delay(60);
  assert.equal(text.length, length);
});
