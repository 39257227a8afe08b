import assert from 'node:assert/strict';
import { test } from 'node:test';
import { random } from '../grid/random.ts';
import { momentsOf } from './moments.ts';
import { blockSums, overfitting, splits, winsEveryBlock } from './overfitting.ts';

/** Of a matrix by rows. */
function columnsOf(rows: readonly (readonly number[])[]): Float64Array[] {
  return rows[0].map((_, column) => Float64Array.from(rows, (row) => row[column]));
}

const PUBLISHED = columnsOf([
  [3, 0, 4],
  [3, 2, 1],
  [3, 4, 6],
  [3, 1, 5],
  [4, 4, 0],
  [2, 5, 5],
  [3, 5, 5],
  [2, 6, 2],
]);

test('published numbers', () => {
  const { logits, probability } = overfitting(PUBLISHED, { blocks: 4, metric: 'mean' });
  const low = -1.0986122886681098;
  assert.equal(logits.length, 6);
  for (const [at, expected] of [0, low, 0, 0, low, low].entries()) {
    assert.ok(Math.abs(logits[at] - expected) <= 1e-6 * Math.abs(expected), `logit ${at}: ${logits[at]}`);
  }
  assert.equal(probability, 0.75);
});

test('halves that are equal but for the order of their sums are ties', () => {
  // Each trial has the returns of the first in another order within each block: every half is worth the same.
  const next = random(17);
  const first = Float64Array.from({ length: 320 }, () => 0.01 * (next() - 0.48));
  const trials = Array.from({ length: 9 }, () => {
    const trial = first.slice();
    for (let block = 0; block < 16; block += 1) {
      for (let at = 19; at > 0; at -= 1) {
        const [a, b] = [20 * block + at, 20 * block + Math.floor(next() * (at + 1))];
        [trial[a], trial[b]] = [trial[b], trial[a]];
      }
    }
    return trial;
  });
  for (const metric of ['sharpe', 'mean'] as const) {
    const { logits, probability } = overfitting([first, ...trials], { metric });
    assert.ok(logits.every((logit) => logit === 0));
    assert.equal(probability, 0.5);
  }
});

test('a trial wins every block or it does not; equal ones win together', () => {
  const next = random(18);
  const base = Float64Array.from({ length: 160 }, () => 0.01 * (next() - 0.5));
  const better = base.map((value) => value + 0.002);
  const once = better.map((value, at) => (at < 10 ? value - 0.003 : value));
  const sums = [base, better, once, better].map((trial) => blockSums(trial, 16));
  assert.deepEqual(
    [0, 1, 2, 3].map((winner) => winsEveryBlock(sums, 160, winner)),
    [false, true, false, true],
  );
});

/** The definition, with every half put together from its returns. */
function naive(trials: readonly Float64Array[], blocks: number): { logit: number; loss: number }[] {
  const length = trials[0].length;
  const halves = Array.from({ length: 2 ** blocks }, (_, mask) =>
    Array.from({ length: blocks }, (_, block) => block).filter((block) => (mask >> (blocks - 1 - block)) & 1),
  ).filter((half) => half.length === blocks / 2);
  halves.sort(compare);
  const measure = (half: readonly number[]) =>
    trials.map((trial) => {
      const returns = trial.filter((_, at) =>
        half.some((b) => at >= Math.floor((b * length) / blocks) && at < Math.floor(((b + 1) * length) / blocks)),
      );
      return returns.every((value) => value === 0) ? 0 : momentsOf(returns).sharpe;
    });
  return halves.map((half) => {
    const chosen = measure(half);
    const judged = measure(Array.from({ length: blocks }, (_, b) => b).filter((block) => !half.includes(block)));
    const best = chosen.indexOf(Math.max(...chosen));
    const value = judged[best];
    const ranks = [...judged].sort((a, b) => a - b).flatMap((one, at) => (one === value ? [at + 1] : []));
    const rank = ranks.reduce((a, b) => a + b, 0) / ranks.length;
    return { logit: Math.log(rank / (trials.length + 1 - rank)), loss: value < 0 ? 1 : Number(value === 0) / 2 };
  });
}

function compare(a: readonly number[], b: readonly number[]): number {
  const at = a.findIndex((block, i) => block !== b[i]);
  return a[at] - b[at];
}

test('sums of blocks say what the returns say, with ties, idle halves and blocks of unequal length', () => {
  for (let seed = 0; seed < 40; seed += 1) {
    const next = random(seed);
    const length = 16 + Math.floor(20 * next());
    const trials = Array.from({ length: 2 + Math.floor(7 * next()) }, () => {
      const idle = next() < 0.3 ? Math.floor(next() * length) : 0;
      return Float64Array.from({ length }, (_, at) => (at < idle ? 0 : next() - 0.48));
    });
    if (seed % 3 === 0) trials.push(trials[0].slice()); // one that is always equal to another
    const blocks = [2, 4, 8][seed % 3];
    const { logits, probability, loss } = overfitting(trials, { blocks });
    const halves = naive(trials, blocks);
    const expected = halves.map(({ logit }) => logit);
    assert.ok(
      Math.abs(loss - halves.reduce((sum, half) => sum + half.loss, 0) / halves.length) < 1e-12,
      `seed ${seed}`,
    );
    assert.equal(logits.length, expected.length);
    for (const [at, value] of expected.entries()) {
      assert.ok(Math.abs(logits[at] - value) < 1e-12, `seed ${seed}, split ${at}: ${logits[at]}, expected ${value}`);
    }
    const below = expected.filter((value) => value < -1e-12).length;
    const middle = expected.filter((value) => Math.abs(value) <= 1e-12).length;
    assert.ok(Math.abs(probability - (below + middle / 2) / expected.length) < 1e-12);
  }
});

test('a trial that is always better is no overfitting, equal trials are a toss, noise is about a half', () => {
  const next = random(1);
  const noise = Array.from({ length: 30 }, () => Float64Array.from({ length: 160 }, () => next() - 0.5));
  const skilled = noise.map((trial, at) => trial.map((value) => value + (at === 7 ? 1 : 0)));
  assert.equal(overfitting(skilled).probability, 0);
  assert.equal(overfitting(skilled).logits.length, 12_870);
  const equal = overfitting([noise[0], noise[0], noise[0]]);
  assert.deepEqual([equal.probability, Math.max(...equal.logits), Math.min(...equal.logits)], [0.5, 0, 0]);
  assert.equal(overfitting([new Float64Array(64), new Float64Array(64)]).probability, 0.5);
  const rounds = Array.from({ length: 12 }, () =>
    overfitting(
      Array.from({ length: 10 }, () => Float64Array.from({ length: 64 }, () => next() - 0.5)),
      { blocks: 8 },
    ),
  );
  const mean = rounds.reduce((sum, { probability }) => sum + probability, 0) / rounds.length;
  assert.ok(Math.abs(mean - 0.5) < 0.2, `${mean}`);
});

test('the best of a half that earns in the other is no loss, one that loses is, one that breaks even is half of one', () => {
  const next = random(7);
  const noise = Float64Array.from({ length: 160 }, () => 0.01 * (next() - 0.5));
  const shifted = (by: number): Float64Array => noise.map((value) => value + by);
  const { loss, probability } = overfitting([shifted(0.02), shifted(0.021), shifted(0.0195)]);
  assert.deepEqual([loss, probability], [0, 0]);
  assert.equal(overfitting([shifted(-0.02), shifted(-0.021)]).loss, 1); // the same one wins everywhere, and loses everywhere
  const even = Float64Array.from({ length: 160 }, (_, at) => (at % 2 === 0 ? 0.1 : -0.1) + 1e-12);
  const below = even.map((value) => value - 0.001);
  assert.deepEqual([overfitting([even, below]).loss, overfitting([even, even]).loss], [0.5, 0.5]);
  for (const sign of [1, -1]) {
    const column = noise.map((value) => sign * Math.abs(value));
    const working = splits([blockSums(column, 16)], 160, 'sharpe', () => null); // of one trial there is no choice, but a loss
    for (let step = working.next(); ; step = working.next()) {
      if (step.done !== true) continue;
      assert.equal(step.value.loss, sign > 0 ? 0 : 1);
      break;
    }
  }
});

test('says what it cannot split, and gives turns', () => {
  const trial = new Float64Array(64).map((_, at) => at % 3);
  assert.throws(() => overfitting([trial]), /needs two trials to choose from, got 1/);
  assert.throws(() => overfitting([]), /got 0/);
  assert.throws(() => overfitting([trial, trial], { blocks: 5 }), /blocks must be an even number, got 5/);
  assert.throws(() => overfitting([trial, trial.subarray(0, 63)]), /trials of 64 and 63 returns/);
  assert.throws(() => overfitting([trial.subarray(0, 31), trial.subarray(0, 31)]), /16 blocks need 32 returns, got 31/);
  const many = Array.from({ length: 1000 }, (_, at) =>
    blockSums(
      trial.map((value) => value - at),
      16,
    ),
  );
  let turns = 0;
  const working = splits(many, 64, 'sharpe', () => (turns += 1));
  while (working.next().done !== true);
  assert.ok(turns >= 5, `${turns} turns`);
});
