// The processes that work for the API: a question that fails, is given up or is late touches no other.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DEFAULTS, SpecError } from '@backtest-jobs/engine';
import { specBody } from '../../test/api.ts';
import { childrenOf, eventually } from '../../test/fleet.ts';
import { openJudges, type JudgeAnswer, type JudgeQuestion } from './judges.ts';
import { openProcessPool, OutOfTime } from './process-pool.ts';

const WAITING = new AbortController().signal;
const ASKER = { user_id: 'tester', signal: WAITING };
const open = (changes: { processes?: number; deadlineMs?: number; idleMs?: number } = {}) =>
  openProcessPool<JudgeQuestion, JudgeAnswer>({
    module: './judge-child.ts',
    processes: 1,
    deadlineMs: 60_000,
    ...changes,
  });

const range = (stop_incl: number) => ({ mode: 'range', start: 1, stop_incl, step: 1 });
const question = (input: unknown): JudgeQuestion => ({
  kind: 'spec',
  input,
  defaults: DEFAULTS,
  strategy: null,
  threads: 1,
});
const QUICK = question(specBody());
/** Takes minutes. */
const SLOW_SPEC = specBody(
  {},
  {
    indicator_grids: undefined,
    rules: { long: 'close > a + b + c' },
    params: { a: range(2000), b: range(200), c: range(100) },
    constraints: Array.from({ length: 100 }, (_, at) => `a + b + c > ${at}`),
  },
);
const SLOW = question(SLOW_SPEC);

function nested(depth: number): unknown {
  let value: unknown = 0;
  for (let level = 0; level < depth; level += 1) value = [value];
  return value;
}

test('a question that cannot be written fails alone, and leaves no listener', async () => {
  await using pool = open();
  const caller = new AbortController();
  const outcomes = await Promise.all(
    [nested(200_000), specBody(), nested(200_000), specBody()].map((input) =>
      pool.ask(question(input), caller.signal).then(
        (answer) => 'spec' in answer,
        () => false,
      ),
    ),
  );
  assert.deepEqual(outcomes, [false, true, false, true]);
});

test('a question that is late ends at its deadline, and the next is answered', async () => {
  await using pool = open({ deadlineMs: 6000 });
  await pool.ask(QUICK, WAITING);
  const late = assert.rejects(pool.ask(SLOW, WAITING), OutOfTime);
  const next = pool.ask(QUICK, WAITING);
  await late;
  assert.ok('spec' in (await next));
});

test('who leaves is not waited for, whether asked or waiting', async () => {
  await using pool = open();
  const [first, second] = [new AbortController(), new AbortController()];
  const asked = assert.rejects(pool.ask(SLOW, first.signal), /has left/);
  const waiting = assert.rejects(pool.ask(SLOW, second.signal), /has left/);
  const next = pool.ask(QUICK, WAITING);
  second.abort(new Error('has left'));
  await waiting;
  first.abort(new Error('has left'));
  await asked;
  assert.ok('spec' in (await next));
  await assert.rejects(pool.ask(QUICK, first.signal), /has left/);
});

test('several processes work side by side', async () => {
  await using pool = open({ processes: 2 });
  const caller = new AbortController();
  const slow = assert.rejects(pool.ask(SLOW, caller.signal), /has left/);
  assert.ok('spec' in (await pool.ask(QUICK, WAITING)));
  caller.abort(new Error('has left'));
  await slow;
});

test('a pool that closes rejects what it has not answered', async () => {
  const pool = open();
  const rejected = [SLOW, QUICK].map((one) => assert.rejects(pool.ask(one, WAITING), /is closing/));
  await pool[Symbol.asyncDispose]();
  await Promise.all(rejected);
});

test('judges report every problem, and one when they have no time', async () => {
  await using judges = openJudges(1500);
  await assert.rejects(judges.judge(question(specBody({ top_k: 0, preselect: 0 })), ASKER), SpecError);
  await assert.rejects(judges.judge(SLOW, ASKER), (error: unknown) => {
    assert.ok(error instanceof SpecError);
    assert.deepEqual(
      error.problems.map(({ path, code, message }) => [path, code, message.includes('fewer values')]),
      [['template', 'too_slow_to_judge', true]],
    );
    return true;
  });
});

test('a process without a question ends after a while, one with a question does not, and the next one starts anew', async () => {
  const others = new Set(await childrenOf(process.pid));
  const own = async () => (await childrenOf(process.pid)).filter((pid) => !others.has(pid));
  await using pool = open({ idleMs: 300 });
  assert.ok('spec' in (await pool.ask(QUICK, WAITING)));
  const [first] = await own();
  assert.ok('spec' in (await pool.ask(QUICK, WAITING)));
  assert.deepEqual(await own(), [first]);
  await eventually('its end', async () => (await own()).length === 0, { seconds: 20 });
  const left = new AbortController();
  const slow = pool.ask(SLOW, left.signal);
  setTimeout(() => left.abort(new Error('the client has left')), 600);
  await assert.rejects(slow, /the client has left/);
});
