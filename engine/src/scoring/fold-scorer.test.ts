// A scorer that goes from market to market keeps one memory, and what it scores depends on the task alone.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { random } from '../grid/random.ts';
import { prepare } from '../prepare.ts';
import type { Spec } from '../spec.ts';
import { randomSpec } from '../testing/random-specs.ts';
import { CANDLES } from '../testing/validated.ts';
import { foldScorer } from './fold-scorer.ts';
import type { Task } from './score.ts';

const SPEC: Spec = { ...randomSpec(random(21), 460), sample: null, luck: { permutations: 99, variants: 1000 } };

test('a hundred markets take one memory', () => {
  const { WebAssembly: api } = globalThis as unknown as { WebAssembly: { Memory: new (size: object) => object } };
  const { Memory } = api;
  let made = 0;
  api.Memory = class extends Memory {
    constructor(size: object) {
      super(size);
      made += 1;
    }
  };
  try {
    const prepared = prepare(CANDLES, SPEC);
    const score = foldScorer(prepared);
    const all: Task = { stage: 'stage_a', from: 0, to: prepared.grid.rawTotal, bases: null };
    score(all);
    for (let permutation = 0; permutation < 100; permutation += 1) score({ ...all, permutation });
  } finally {
    api.Memory = Memory;
  }
  assert.equal(made, 1);
});

test('a market has the same scores whatever was scored before', () => {
  const prepared = prepare(CANDLES, SPEC);
  const task = (permutation: number): Task => ({
    stage: 'stage_a',
    from: 0,
    to: prepared.grid.rawTotal,
    bases: null,
    permutation,
  });
  const score = foldScorer(prepared);
  const expected = [0, 1, 2].map((permutation) => foldScorer(prepared)(task(permutation)).surface);
  for (const permutation of [2, 0, 1, 1, 2]) assert.deepEqual(score(task(permutation)).surface, expected[permutation]);
  assert.notDeepEqual(expected[1], expected[2]);
});
