import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Verdict } from '@backtest-jobs/engine';
import { histogram } from './histogram.ts';
import { plantedCsv } from './planted.ts';

const PERMUTED = {
  done: 19,
  asked: 19,
  variants: 9,
  grid_variants: 9,
  blocks: null,
  walk: false,
  p: 0.05,
  as_good: 0,
  bests: Array.from({ length: 19 }, (_, at) => 10 + 5 * (at % 7)),
  best: 40,
  best_sharpe_daily: 0.1,
  best_variant: 0,
  sharpes: [],
  reason: null,
  typical: 25,
  lucky_sharpe_annual: null,
  deflated_sharpe: null,
  sharpe_reason: null,
} as const;

function verdictWith(changes: object): Verdict {
  return { luck: 'unlikely', permuted: { ...PERMUTED, ...changes } } as unknown as Verdict;
}

const heights = (svg: string): readonly number[] =>
  [...svg.matchAll(/height="([\d.]+)" fill="#c3cad2"/g)].map(([, tall]) => Number(tall));

test('bars stand for the bests of permuted markets, one line for the real best, one for the middle', () => {
  const svg = histogram(verdictWith({}), 'return in percent');
  const tall = heights(svg);
  assert.equal(tall.length, 7);
  const unit = Math.max(...tall) / 3; // 19 of 7 values: three of some, two of others
  assert.ok(Math.abs(tall.reduce((sum, one) => sum + one, 0) / unit - 19) < 0.01);
  assert.match(svg, />this one 40</);
  assert.match(svg, />luck, in the middle 25</);
  assert.match(
    svg,
    /<title>0 of 19 permuted markets have a best at least as good as the real one \(p 0\.050\)<\/title>/,
  );
  assert.match(svg, />best return in percent of each of 19 permuted markets</);
  assert.equal(histogram(verdictWith({}), 'return in percent'), svg);
});

test('what is no number is counted in words, and what cannot be drawn is refused', () => {
  const bests = [...PERMUTED.bests.slice(0, 16), 'inf', null, 'inf'];
  const svg = histogram(verdictWith({ bests, best: 'inf', typical: 'inf' }), 'sqn');
  assert.match(svg, /; 3 have none that is a number</);
  assert.doesNotMatch(svg, /this one|in the middle/);
  assert.throws(() => histogram(verdictWith({ bests: [null, 'inf'] }), 'sqn'), /no permuted market has a best/);
  assert.throws(() => histogram({ permuted: null } as Verdict, 'sqn'), /luck\.permutations of at least 19/);
  assert.equal(heights(histogram(verdictWith({ bests: [5], best: 5 }), 'sqn')).length, 1);
});

test('the planted candles are the same everywhere, and candles', () => {
  const [head, ...lines] = plantedCsv().trimEnd().split('\n');
  assert.equal(head, 'time,open,high,low,close,volume');
  assert.equal(lines.length, 3650);
  assert.equal(plantedCsv(), plantedCsv());
  for (const line of lines) {
    const [open = 0, high = 0, low = 0, close = 0] = line.split(',').slice(1, 5).map(Number);
    assert.ok(low <= Math.min(open, close) && high >= Math.max(open, close) && low > 0, line);
  }
});
