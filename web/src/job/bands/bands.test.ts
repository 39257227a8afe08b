import assert from 'node:assert/strict';
import { test } from 'node:test';
import { adviceFor } from './advice.ts';
import { announcement } from './announce.ts';
import { stagesOf } from './stages.ts';
import { addStep, valueEnds, type StepPoint } from './steps.ts';

type Job = Parameters<typeof stagesOf>[0];

const job = (more: object = {}): Job =>
  ({
    state: 'running',
    stage: 'stage_b',
    stage_units: { stage_a: 1000, stage_b: 400, finalizing: 200 },
    processed_units: 1100,
    total_units: 1600,
    validation_mode: null,
    permuted: null,
    eta_seconds: 16.4,
    ...more,
  }) as unknown as Job;

test('stages have the words of a trader and their own counts', () => {
  assert.deepEqual(
    stagesOf(job(), { preselect: 2000, top_k: 100 }).map(({ words, done, isNow }) => [words, done, isNow]),
    [
      ['Every variant, without stops', '1,000 of 1,000', false],
      ['The best 2,000 with stops', '100 of 400', true],
      ['The best 100 in full', '0%', false],
    ],
  );
  const last = stagesOf(
    job({ stage: 'finalizing', processed_units: 1450, permuted: { done: 12, asked: 99 } }),
    undefined,
  );
  assert.deepEqual(last.at(-1), {
    id: 'finalizing',
    words: 'The best in full, then luck',
    done: 'market 12 of 99',
    isNow: true,
  });
  assert.deepEqual(
    stagesOf(job({ validation_mode: 'walk_forward' }), {}).map(({ done }) => done),
    ['1,100 of 1,400', '0%'],
  );
  assert.deepEqual(
    stagesOf(job({ stage_units: null }), {}).map(({ done }) => done),
    ['1,100 of 1,600'],
  );
});

test('only what changes the best is kept of what was seen', () => {
  const points = [
    { done: 10, value: 1 },
    { done: 20, value: 1 },
    { done: 30, value: 1 },
    { done: 30, value: 2 },
    { done: 25, value: 9 },
    { done: 40, value: NaN },
    { done: 50, value: 2 },
    { done: 60, value: 2 },
  ].reduce<readonly StepPoint[]>(addStep, []);
  assert.deepEqual(points, [
    { done: 10, value: 1 },
    { done: 30, value: 2 },
    { done: 60, value: 2 },
  ]);
  assert.deepEqual(valueEnds([]), [0, 1]);
  assert.deepEqual(
    valueEnds([
      { done: 1, value: Infinity },
      { done: 1, value: -2 },
    ]),
    [-2, 0.24],
  );
});

test('progress is said at most every 10 s, and the end once', () => {
  const first = announcement(null, job(), 0);
  assert.equal(first.words, '');
  assert.equal(announcement(first, job(), 9000).words, '');
  const later = announcement(first, job(), 10_001);
  assert.equal(later.words, '68% done, 16 s left');
  assert.equal(announcement(later, job({ processed_units: 1300 }), 12_000), later);
  assert.equal(announcement(later, job({ state: 'succeeded', verdict: null }), 12_400), later);
  const done = job({ state: 'succeeded', verdict: { luck: 'likely', sentence: 'It is so.' } });
  const end = announcement(later, done, 12_500);
  assert.equal(end.words, 'Finished. Likely luck. It is so.');
  assert.equal(announcement(end, done, 99_000), end);
  assert.equal(announcement(null, done, 0).words, '');
});

test('each failure has a way out', () => {
  for (const code of ['out_of_memory', 'candles_unreachable', 'compute_failed', 'worker_lost', 'anything']) {
    assert.match(adviceFor(code), /\.$/);
  }
});
