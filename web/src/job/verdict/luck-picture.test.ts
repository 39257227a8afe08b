import assert from 'node:assert/strict';
import { test } from 'node:test';
import { layOut } from './luck-layout.ts';
import { intervalOf, pictureOf } from './luck-picture.ts';
import { decimalsOf, roundTicks } from './ticks.ts';

type Verdict = Parameters<typeof pictureOf>[0];

const PLAIN = {
  trials: 968_808,
  days: 5031,
  periods_per_year: 252,
  sharpe_daily: 0.0497,
  sharpe_annual: 0.79,
  skewness: -0.34,
  kurtosis: 9,
  sharpe_variance_daily: 0.00024,
  lucky_sharpe_annual: 1.2,
} as unknown as Verdict;

const bests = Array.from({ length: 99 }, (_, at) => 100 + at);
const permuted = (more: object): Verdict =>
  ({
    ...PLAIN,
    permuted: { done: 99, p: 0.5, as_good: 49, best: 150, bests, typical: 149, variants: 9, grid_variants: 9, ...more },
  }) as unknown as Verdict;

test('what was measured is a histogram of every market, and the best of this one', () => {
  const picture = pictureOf(permuted({}), 'total_return_pct');
  assert.ok(picture?.bars);
  assert.equal(
    picture.bars.reduce((sum, bar) => sum + bar.count, 0),
    99,
  );
  assert.equal(picture.answer, 'as good in 49 of 99');
  assert.equal(picture.own.words, 'this one +150.0%');
  assert.equal(picture.luck?.words, 'luck alone +149.0%');
  assert.ok(picture.from <= 0 && picture.to > 198);
});

test('a part of a grid is told as such, and far or endless values stay countable', () => {
  const picture = pictureOf(
    permuted({ variants: 5, bests: [...bests.slice(3), 'inf', 1e9, null], best: 'inf' }),
    'return_over_max_drawdown',
  );
  assert.ok(picture?.bars);
  assert.equal(
    picture.bars.reduce((sum, bar) => sum + bar.count, 0),
    98,
  );
  assert.match(picture.own.words, /^this search ∞/);
  assert.ok(picture.to < 1000);
  assert.ok(layOut(picture, 300).own.x <= 300);
});

test('the formula stands in where nothing was tested, dotted by its curve and never as bars', () => {
  for (const verdict of [PLAIN, permuted({ p: null }), permuted({ done: 3 })]) {
    const picture = pictureOf(verdict, 'total_return_pct');
    assert.equal(picture?.bars, null);
    assert.equal(picture.answer, 'not tested on permuted markets');
    const top = picture.curve?.reduce((best, one) => (one[1] > best[1] ? one : best));
    assert.ok(top && Math.abs(top[0] - 1.17) < 0.05, String(top));
  }
  assert.equal(pictureOf({ ...PLAIN, sharpe_annual: null }, 'sharpe'), null);
  assert.equal(pictureOf({ ...PLAIN, trials: 1, lucky_sharpe_annual: null }, 'sharpe')?.curve, null);
});

test('the interval follows the moments of daily returns', () => {
  const [low, high] = intervalOf(PLAIN) ?? [];
  assert.ok(low !== undefined && high !== undefined);
  assert.ok(
    Math.abs((high - low) / 2 - 1.96 * Math.sqrt((1 + 0.34 * 0.0497 + 2 * 0.0497 ** 2) / 5030) * Math.sqrt(252)) < 1e-9,
  );
  assert.equal(intervalOf({ ...PLAIN, kurtosis: null }), null);
});

test('no label leaves the drawing or lies on another in its row', () => {
  for (const width of [120, 260, 358]) {
    for (const best of [-50, 0, 100, 148, 197, 400]) {
      const picture = pictureOf(permuted({ best }), 'total_return_pct');
      assert.ok(picture);
      const { own, luck, isTight, ticks } = layOut(picture, width);
      for (const label of [own, luck, ...ticks]) {
        if (label === null || label.words.length * 6.3 > width) continue;
        const half = (label.words.length * 6.3) / 2;
        assert.ok(label.x - half > -0.01 && label.x + half < width + 0.01, `${width} ${best} ${label.words}`);
      }
      assert.equal(
        isTight,
        luck !== null && Math.abs(own.x - luck.x) < ((own.words.length + luck.words.length) * 6.3) / 2 + 10,
      );
      for (const [at, tick] of ticks.entries()) {
        const next = ticks[at + 1];
        if (next) assert.ok(next.x - tick.x >= ((next.words.length + tick.words.length) / 2) * 6.3);
      }
    }
  }
});

test('ticks are round', () => {
  assert.deepEqual(roundTicks(-0.12, 1.31, 5), [0, 0.5, 1]);
  assert.deepEqual(roundTicks(0, 100, 4), [0, 25, 50, 75, 100]);
  assert.deepEqual([0.5, 25, 0.25, 1e-7].map(decimalsOf), [1, 0, 2, 0]);
});
