import assert from 'node:assert/strict';
import { test } from 'node:test';
import { random } from '../grid/random.ts';
import { binHalves } from './halves.ts';
import { overfitting } from './overfitting.ts';

test('all halves are in the bins, and those left of the middle are the probability of overfitting', () => {
  for (let seed = 0; seed < 40; seed += 1) {
    const next = random(seed);
    const trials = Array.from({ length: 2 + Math.floor(next() * 30) }, () =>
      Float64Array.from({ length: 64 }, () => Math.round(20 * (next() - 0.5)) / 100),
    );
    const blocks = 2 * (1 + Math.floor(next() * 6));
    const { logits, probability } = overfitting(trials, { blocks });
    const { from, to, counts } = binHalves(logits);
    const sum = (some: readonly number[]): number => some.reduce((all, one) => all + one, 0);
    assert.deepEqual([from, to, counts.length, sum(counts)], [-6, 6, 48, logits.length]);
    assert.equal(sum(counts.slice(0, 24)) / logits.length, probability, `seed ${seed}`);
    const naive = counts.map((_, bin) => {
      const [low, high] = [-6 + bin / 4, -6 + (bin + 1) / 4];
      const inside = [...logits].filter((logit) => logit !== 0 && logit >= low && logit < high).length;
      return inside + ([23, 24].includes(bin) ? [...logits].filter((logit) => logit === 0).length / 2 : 0);
    });
    assert.deepEqual(counts, naive);
  }
});

test('what lies beyond the ends is in the last bins', () => {
  const { counts } = binHalves(Float64Array.of(-6.9, -6, -1e-9, 0, 1e-9, 5.99, 6, 6.9));
  const filled = counts.flatMap((count, bin) => (count === 0 ? [] : [[bin, count]]));
  assert.deepEqual(filled, [
    [0, 2],
    [23, 1.5],
    [24, 1.5],
    [47, 3],
  ]);
});
