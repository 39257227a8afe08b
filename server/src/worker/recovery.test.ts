import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openRecovery } from './recovery.ts';

function setup(fails: number) {
  const lines: string[] = [];
  let tried = 0;
  const recovery = openRecovery({
    canary: async () => {
      tried += 1;
      if (tried <= fails) throw new Error(`no handles left, ${tried}`);
      return tried;
    },
    report: (text) => lines.push(text),
    firstPauseMs: 1,
  });
  const pauses = (): number[] => lines.map((line) => Math.round(Number(/for ([\d.]+) s/.exec(line)?.[1]) * 1000));
  return { recovery, lines, pauses };
}

const live = new AbortController().signal;

test('without trouble nothing is waited for and no canary is tried', async () => {
  const { recovery, lines } = setup(0);
  assert.deepEqual([recovery.reason, await recovery.recover(live), lines], [null, null, []]);
});

test('pauses grow until a canary passes, and the reason is the last one', async () => {
  const { recovery, lines, pauses } = setup(4);
  recovery.trip('worker_no_files', 'too many open files');
  assert.equal(recovery.reason, 'worker_no_files: too many open files');
  assert.equal(await recovery.recover(live), 5);
  assert.deepEqual(pauses(), [1, 2, 4, 8, 16]);
  assert.match(lines.at(-1)!, /own trouble.*worker_no_files: no handles left, 4/);
  assert.equal(recovery.reason, null);
});

test('trouble that comes back after a canary has passed begins where the pauses were; a job that got on ends that', async () => {
  const { recovery, pauses } = setup(0);
  for (let time = 0; time < 3; time += 1) {
    recovery.trip('worker_no_access', 'candles');
    recovery.gotOn();
    await recovery.recover(live);
  }
  recovery.gotOn();
  recovery.trip('worker_no_access', 'candles');
  await recovery.recover(live);
  assert.deepEqual(pauses(), [1, 2, 4, 1]);
});

test('a drain ends the pause, and no canary follows', { timeout: 10_000 }, async () => {
  const drain = new AbortController();
  const recovery = openRecovery({
    canary: () => assert.fail('tried'),
    report: () => drain.abort(),
    firstPauseMs: 60_000,
  });
  recovery.trip('worker_no_child', 'ENOENT');
  assert.equal(await recovery.recover(drain.signal), null);
});
