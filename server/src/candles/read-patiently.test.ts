import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readPatiently } from './read-patiently.ts';
import { CandlesUnreachable } from './source.ts';

const away = async (): Promise<never> => {
  throw new CandlesUnreachable('nobody there');
};

test('candles that come back within the patience are read, and each pause is told', async () => {
  const told: string[] = [];
  const answers = [away, away, async () => 'candles'];
  const wait = { patienceMs: 60_000, signal: new AbortController().signal, onAway: (text: string) => told.push(text) };
  assert.equal(await readPatiently(() => answers.shift()!(), wait), 'candles');
  assert.deepEqual(told, ['nobody there', 'nobody there']);
});

test('a store that never comes back is given up when the patience is over', async () => {
  let asked = 0;
  const wait = { patienceMs: 1000, signal: new AbortController().signal, onAway: () => {} };
  const reading = readPatiently(() => ((asked += 1), away()), wait);
  await assert.rejects(reading, { name: 'CandlesUnreachable', message: 'nobody there' });
  assert.equal(asked, 2, 'a pause of half a second, and none of a whole one after it');
});

test('any other trouble is none that waiting mends', async () => {
  const wait = { patienceMs: 60_000, signal: new AbortController().signal, onAway: () => assert.fail('waited') };
  await assert.rejects(
    readPatiently(() => Promise.reject(new Error('broken')), wait),
    /broken/,
  );
});

test('a job that is told to stop waits no longer', async () => {
  const stop = new AbortController();
  const wait = { patienceMs: 3_600_000, signal: stop.signal, onAway: () => stop.abort() };
  await assert.rejects(readPatiently(away, wait), { name: 'AbortError' });
});
