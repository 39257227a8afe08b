import assert from 'node:assert/strict';
import { test } from 'node:test';
import { check, CONFIGURATIONS } from './configurations.ts';
import { brokenBy, INVARIANTS } from './invariants.ts';
import type { Rules } from './job.ts';
import { keyOf } from './key.ts';
import { START, stepsOf, type State } from './lease.ts';

for (const configuration of CONFIGURATIONS) {
  const { name, rules, breaks } = configuration;
  test(`${name}: ${breaks === null ? 'every invariant holds' : `${breaks} breaks`}`, () => {
    const { states, broken } = check(configuration);
    const trace = broken?.trace.map(({ label }) => label).join('\n');
    assert.equal(broken?.rule ?? null, breaks, trace);
    if (broken === null) assert.ok(states > 10_000, `${states} states are not the whole protocol`);
    else assertHappens(rules, broken.trace);
  });
}

/** What a trace tells can happen, step by step. */
function assertHappens(rules: Rules, trace: readonly { readonly label: string; readonly state: State }[]): void {
  for (const [at, { label, state }] of trace.slice(1).entries()) {
    const possible = stepsOf(trace[at]!.state, rules).filter((step) => step.label === label);
    assert.ok(
      possible.some(({ next }) => JSON.stringify(next) === JSON.stringify(state)),
      label,
    );
  }
}

test('every invariant is broken by some configuration, so none of them is empty', () => {
  const broken = new Set(CONFIGURATIONS.flatMap(({ breaks }) => breaks ?? []));
  assert.deepEqual(broken, new Set(Object.keys(INVARIANTS)));
});

test('every guard is taken away by some configuration', () => {
  const [protocol, ...others] = CONFIGURATIONS.map(({ rules }) => rules.guards);
  for (const guard of Object.keys(protocol!) as (keyof typeof protocol)[]) {
    assert.ok(
      others.some((guards) => guards[guard] !== protocol![guard]),
      guard,
    );
  }
});

test('states with one key have one future, attempts and names of workers left aside', () => {
  const { rules } = CONFIGURATIONS[0]!;
  const first = new Map<string, State>([[keyOf(START, rules), START]]);
  const futures = (state: State): string[] => {
    const all = stepsOf(state, rules).map((step) => {
      return [keyOf(step.next, rules), step.fault, brokenBy(state, step)].join(' ');
    });
    return all.sort();
  };
  let compared = 0;
  for (const state of first.values()) {
    for (const { next } of stepsOf(state, rules)) {
      const key = keyOf(next, rules);
      const known = first.get(key);
      if (known === undefined) {
        if (first.size < 4000) first.set(key, next);
      } else if (JSON.stringify(known) !== JSON.stringify(next)) {
        assert.deepEqual(futures(next), futures(known), key);
        compared += 1;
      }
    }
  }
  assert.ok(compared > 3000, `${compared} compared`);
});

test('the clocks of the workers do not matter: another one, the same states', () => {
  const [protocol] = CONFIGURATIONS;
  const { states } = check(protocol!);
  for (const ahead of [
    [0, 0],
    [-7, 7],
  ] as const) {
    assert.deepEqual(check({ ...protocol!, rules: { ...protocol!.rules, ahead } }), { states, broken: null });
  }
});
