import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { test, type TestContext } from 'node:test';
import { uuid7 } from '../queue/uuid7.ts';
import type { ImportRecord } from './record.ts';
import { Staging } from './staging.ts';

const LIMITS = { max_file_bytes: 2000, max_bytes_per_user: 1000, max_bytes_total: 1500, keep_hours: 24 };
const NOW = Date.UTC(2026, 0, 1);
const WAITING = new AbortController().signal;
const given = () =>
  ({
    import_id: uuid7(),
    wish: { market_id: 1, symbol: 'A' },
    report: {},
    changed: [],
    committed: null,
  }) as unknown as ImportRecord;

async function opened(t: TestContext) {
  const store = await mkdtemp(join(tmpdir(), 'staging-'));
  const clock = { now: NOW };
  const staging = new Staging(store, LIMITS, () => clock.now);
  t.after(async () => {
    staging[Symbol.dispose]();
    await rm(store, { recursive: true });
  });
  const root = join(store, '.staged');
  const names = () => readdir(root);
  const send = (user: string, size: number, name = 'x.csv') =>
    staging.receive(user, name, Readable.from([Buffer.alloc(size / 2, 'a'), Buffer.alloc(size / 2, 'b')]), WAITING);
  return { staging, clock, root, names, send };
}

test('a file is kept under its name until it is committed, deleted or over', async (t) => {
  const { staging, clock, names, send, root } = await opened(t);
  const received = await send('u', 100, '../BTC-1m-2024-01 \u0000*.zip');
  assert.deepEqual([received.bytes, received.name], [100, '_BTC-1m-2024-01 __.zip']);
  const one = await staging.keep(received, given());
  assert.deepEqual(await names(), [one.import_id]);
  assert.equal((await readFile(join(staging.fileFolder(one.import_id), received.name))).length, 100);
  assert.deepEqual(await staging.get(one.import_id), one);
  const two = await staging.keep(await send('u', 100), given());
  await staging.committed({ ...two, committed: { at: new Date(NOW).toISOString(), jobs: { items: [], more: false } } });
  assert.ok(!existsSync(staging.fileFolder(two.import_id)));
  const three = await staging.keep(await send('u', 100), given());
  await staging.remove(three.import_id);
  assert.equal(await staging.get(three.import_id), null);
  clock.now += 24 * 3_600_000;
  assert.equal(await staging.get(one.import_id), null);
  {
    using held = staging.lock(one.import_id);
    assert.ok(held);
    assert.equal(staging.lock(one.import_id), null);
    await staging.sweep();
    assert.deepEqual(await names(), [one.import_id], 'who works on it is not disturbed');
  }
  await staging.sweep();
  assert.deepEqual(await readdir(root), []);
  assert.equal(staging.lock(one.import_id), null);
});

test('bytes are bounded for a user and for all, those that are on their way too', async (t) => {
  const { staging, names, send } = await opened(t);
  const kept = await staging.keep(await send('u', 600), given());
  const full = await send('u', 500).catch((error: unknown) => error);
  assert.ok(full instanceof Error && 'details' in full);
  assert.equal(full.name, 'StagingFull');
  assert.match(
    full.message,
    /more than 1000 bytes of yours would be staged .*max_bytes_per_user.*: commit or delete one first/,
  );
  assert.deepEqual(full.details, {
    bytes: 1100,
    limit: 1000,
    setting: 'max_bytes_per_user',
    import_ids: [kept.import_id],
  });
  assert.deepEqual(await names(), [kept.import_id], 'nothing of it stays');
  const arrived = await send('v', 800); // it is being judged
  await assert.rejects(send('u', 200), {
    name: 'StagingFull',
    message: /more than 1500 bytes would be staged .*max_bytes_total/,
  });
  await staging.discard(arrived);
  await staging.discard(await send('u', 200));
  await staging.committed({ ...kept, committed: { at: '', jobs: { items: [], more: false } } });
  await staging.keep(await send('u', 1000), given());
});

test('two uploads at once cannot pass the bound together', async (t) => {
  const { send } = await opened(t);
  const results = await Promise.allSettled([send('u', 600), send('u', 600)]);
  assert.ok(results.some(({ status }) => status === 'rejected'));
});

test('who leaves in the middle leaves nothing, and what a killed process left goes after an hour', async (t) => {
  const { staging, clock, names, root } = await opened(t);
  const left = new AbortController();
  const stream = new Readable({ read() {} });
  stream.push('half');
  const sent = staging.receive('u', 'x', stream, left.signal);
  setTimeout(() => left.abort(new Error('the client has left')), 50);
  await assert.rejects(sent);
  assert.deepEqual(await names(), []);
  const unfinished = join(root, 'abc.part');
  await mkdir(join(unfinished, 'file'), { recursive: true });
  await writeFile(join(unfinished, 'file', 'x'), 'half');
  const at = new Date(NOW);
  await utimes(unfinished, at, at);
  await staging.sweep();
  assert.deepEqual(await names(), ['abc.part']);
  clock.now += 3_600_001;
  await staging.sweep();
  assert.deepEqual(await names(), []);
});
