import assert from 'node:assert/strict';
import { test } from 'node:test';
import { explore, type Step, type System } from './explore.ts';

/** A counter that may go on by one or by three up to `top`; the world may throw it into a pit. */
function counter(rule: (next: number) => string | null, top = 9): System<number> {
  return {
    start: 0,
    steps(at) {
      const on = [1, 3]
        .map((by) => ({ label: `+${by}`, next: at + by, fault: false }))
        .filter(({ next }) => next <= top);
      return at < 0 ? [] : on;
    },
    broken: (_before, { next }) => rule(next),
    key: String,
    done: (at) => at === top,
    completes: 'completes',
  };
}

test('a system that keeps its rules is explored to the last state', () => {
  assert.deepEqual(explore(counter(() => null)), { states: 10, broken: null });
});

test('the trace to a broken rule is one of the shortest', () => {
  const { broken } = explore(counter((at) => (at === 7 ? 'no seven' : null)));
  assert.equal(broken?.rule, 'no seven');
  assert.equal(broken.trace.length, 1 + 3, 'start, then +1 and twice +3 in some order');
  assert.deepEqual([broken.trace[0], broken.trace.at(-1)?.state], [{ label: '', state: 0 }, 7]);
  const sum = broken.trace.slice(1).reduce((at, { label }) => at + Number(label), 0);
  assert.equal(sum, 7);
});

test('a state from which nothing completes is found, with the way to it', () => {
  const system = counter(() => null);
  const pit: Step<number> = { label: 'falls', next: -1, fault: true };
  const { broken } = explore({ ...system, steps: (at) => (at === 3 ? [...system.steps(at), pit] : system.steps(at)) });
  assert.equal(broken?.rule, 'completes');
  assert.deepEqual(
    broken.trace.map(({ label }) => label),
    ['', '+3', 'falls'],
  );
});

test('what only a fault completes does not complete', () => {
  const system = counter(() => null);
  const faults = (at: number): Step<number>[] =>
    system.steps(at).map(({ label, next }) => ({ label, next, fault: true }));
  assert.deepEqual(explore({ ...system, steps: faults }).broken, {
    rule: 'completes',
    trace: [{ label: '', state: 0 }],
  });
});

test('a circle is walked once', () => {
  const circle = (at: number): Step<number>[] => [{ label: 'on', next: (at + 1) % 5, fault: false }];
  assert.deepEqual(explore({ ...counter(() => null), steps: circle, done: (at) => at === 4 }), {
    states: 5,
    broken: null,
  });
});

test('a system without bounds is refused', () => {
  const system = counter(() => null, Infinity);
  assert.throws(() => explore(system, 1000), /more than 1000 states/);
});
