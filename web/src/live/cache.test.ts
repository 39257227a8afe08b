import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { JobEvent } from '@backtest-jobs/client';
import { QueryClient } from '@tanstack/react-query';
import { askJobsAgain, KEYS, takeEvent, withJob } from './cache.ts';

const job = (job_id: string, more: object = {}) => ({ job_id, state: 'running', processed_units: 0, ...more });
const event = (one: object) => ({ kind: 'job', job: one }) as unknown as Extract<JobEvent, { kind: 'job' }>;
const listed = (...ids: readonly string[]) =>
  ({ pages: [{ items: ids.map((id) => job(id)), next_cursor: null }], pageParams: [null] }) as never;

test('a job that changed is changed in every list that has it, and other lists stay the same object', () => {
  const cache = new QueryClient();
  cache.setQueryData([...KEYS.jobs, 'all', ''], listed('a', 'b'));
  const other = listed('c');
  cache.setQueryData([...KEYS.jobs, 'failed', ''], other);
  takeEvent(cache, event(job('b', { processed_units: 7 })));
  const { pages } = cache.getQueryData<{ pages: { items: { processed_units: number }[] }[] }>([
    ...KEYS.jobs,
    'all',
    '',
  ])!;
  assert.deepEqual(
    pages[0]?.items.map(({ processed_units }) => processed_units),
    [0, 7],
  );
  assert.equal(cache.getQueryData([...KEYS.jobs, 'failed', '']), other);
  assert.equal(cache.getQueryState([...KEYS.jobs, 'all', ''])?.isInvalidated, false);
  assert.equal(withJob(other, job('x') as never), other);
});

test('a job that no list has makes the lists be read anew: it is new, or a filter left it out', () => {
  const cache = new QueryClient();
  cache.setQueryData([...KEYS.jobs, 'all', ''], listed('a'));
  takeEvent(cache, event(job('new')));
  assert.equal(cache.getQueryState([...KEYS.jobs, 'all', ''])?.isInvalidated, true);
});

test('the page of a job keeps what a list has not, and reads all anew when the job ends', () => {
  const cache = new QueryClient();
  cache.setQueryData(KEYS.status('a'), job('a', { ledger: 'kept' }));
  cache.setQueryData(KEYS.top('a'), []);
  takeEvent(cache, event(job('a', { processed_units: 9 })));
  assert.deepEqual(cache.getQueryData(KEYS.status('a')), job('a', { ledger: 'kept', processed_units: 9 }));
  assert.equal(cache.getQueryState(KEYS.top('a'))?.isInvalidated, false);
  takeEvent(cache, event(job('a', { state: 'succeeded' })));
  assert.equal(cache.getQueryState(KEYS.top('a'))?.isInvalidated, true);
});

test('a stream that begins makes lists and jobs that went on be read anew: they may have ended before it', () => {
  const cache = new QueryClient();
  cache.setQueryData([...KEYS.jobs, 'all', ''], listed('a'));
  cache.setQueryData(KEYS.status('a'), job('a'));
  cache.setQueryData(KEYS.status('b'), job('b', { state: 'succeeded' }));
  cache.setQueryData(KEYS.me, {});
  takeEvent(cache, { kind: 'ready' });
  const isOld = (key: readonly string[]) => cache.getQueryState(key)?.isInvalidated;
  assert.deepEqual([[...KEYS.jobs, 'all', ''], KEYS.status('a'), KEYS.status('b'), KEYS.me].map(isOld), [
    true,
    true,
    false,
    false,
  ]);
});

test('too much was missed: all is read anew', () => {
  const cache = new QueryClient();
  cache.setQueryData(KEYS.me, {});
  takeEvent(cache, { kind: 'reset' });
  assert.equal(cache.getQueryState(KEYS.me)?.isInvalidated, true);
});

test('a job whose state changed may belong to another list: all lists are read anew', () => {
  const cache = new QueryClient();
  cache.setQueryData([...KEYS.jobs, 'running', ''], listed('a', 'b'));
  takeEvent(cache, event(job('a', { processed_units: 9 })));
  assert.equal(cache.getQueryState([...KEYS.jobs, 'running', ''])?.isInvalidated, false);
  takeEvent(cache, event(job('a', { state: 'succeeded' })));
  assert.equal(cache.getQueryState([...KEYS.jobs, 'running', ''])?.isInvalidated, true);
});

test('a stream that begins asks for what may have ended before it, one that is lost also for the best', () => {
  const cache = new QueryClient();
  const keys = [[...KEYS.jobs, 'all', ''], KEYS.status('a'), KEYS.top('a'), KEYS.report('a', 1), KEYS.me];
  const asked = () => keys.map((queryKey) => cache.getQueryState(queryKey)?.isInvalidated);
  for (const key of keys) cache.setQueryData(key, { state: 'running' });
  takeEvent(cache, { kind: 'ready' } as never);
  assert.deepEqual(asked(), [true, true, false, false, false]);
  askJobsAgain(cache, ['status', 'top']);
  assert.deepEqual(asked(), [true, true, true, false, false]);
});
