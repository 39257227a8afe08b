import assert from 'node:assert/strict';
import { test } from 'node:test';
import { progressWords, segmentsOf, stateWords, type Job } from './job-words.ts';

const JOB = {
  state: 'running',
  attempt: 1,
  waiting_for_worker_seconds: null,
  waiting_for: null,
  waiting_text: null,
  cancel_requested_at: null,
  stage_units: { stage_a: 800, stage_b: 150, finalizing: 50 },
  processed_units: 875,
  total_units: 1000,
  variants_per_second: 3700,
  eta_seconds: 258,
  started_at: '2026-01-01T00:00:00Z',
  finished_at: null,
  last_error: null,
  last_error_json: null,
} as unknown as Job;

test('a job whose worker is gone waits and never looks busy', () => {
  const waiting = { ...JOB, waiting_for_worker_seconds: 40 };
  assert.deepEqual(stateWords(waiting), { shape: 'dotted', words: 'Waiting for a worker', tone: 'caution' });
  assert.equal(progressWords(waiting), 'since 40 s, nothing lost');
  const held = { ...JOB, waiting_for: 'candles_unreachable', waiting_text: 'its candles cannot be read' } as const;
  assert.equal(stateWords(held).words, 'Waiting for candles');
  assert.equal(progressWords(held), 'its candles cannot be read');
  assert.equal(stateWords(JOB).shape, 'arc');
  assert.equal(stateWords({ ...JOB, cancel_requested_at: '2026-01-01T00:00:00Z' }).words, 'Stopping');
});

test('each stage is as wide as its work', () => {
  assert.deepEqual(segmentsOf(JOB), [
    { stage: 'stage_a', width: 0.8, done: 1 },
    { stage: 'stage_b', width: 0.15, done: 0.5 },
    { stage: 'finalizing', width: 0.05, done: 0 },
  ]);
  assert.deepEqual(segmentsOf({ ...JOB, stage_units: null }), [{ stage: 'stage_a', width: 1, done: 0.875 }]);
  assert.equal(progressWords(JOB), '87%, 3.7k/s, 4 min 18 s left');
});

test('what has ended says how', () => {
  assert.equal(progressWords({ ...JOB, state: 'succeeded', finished_at: '2026-01-01T00:00:28Z' }), 'took 28 s');
  assert.equal(progressWords({ ...JOB, state: 'cancelled', processed_units: 440 }), 'stopped at 44%');
  assert.equal(progressWords({ ...JOB, state: 'failed', last_error: 'crashed 3 times' }), 'crashed 3 times');
});
