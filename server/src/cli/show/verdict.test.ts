import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Verdict } from '@backtest-jobs/engine';
import { verdictLines } from './verdict.ts';

const VERDICT: Verdict = {
  sentence: `Likely luck: ${'the best of so many variants is not to be believed, '.repeat(3)}so do not.`,
  luck: 'likely',
  trials: 970_808,
  compared: { kept: 100, drawn: 594 },
  days: 5031,
  years: 5031 / 252,
  periods_per_year: 252,
  sharpe_daily: 0.0497,
  sharpe_annual: 0.7896,
  skewness: -0.3,
  kurtosis: 11,
  probabilistic_sharpe: 0.99987,
  sharpe_variance_daily: 0.00035,
  lucky_sharpe_annual: 1.4412,
  deflated_sharpe: 0.0002,
  minimum_backtest_years: 23.64,
  overfitting_probability: 0.4271,
  flags: {
    edge_of_grid: { raised: true, axes: [{ axis: 'momentum.rsi.window', value: 30, end: 'highest' }] },
    few_trades: { raised: false, trades: 82, least: 30 },
    isolated_peak: {
      raised: true,
      score: 250,
      neighbours: 5,
      neighbour_median: 60,
      neighbour_worst: -3.5,
      typical: 10,
      left_share: 0.21,
    },
    zero_trades_share: { raised: false, share: 0.154 },
  },
  reasons: {},
};

test('the sentence, then the numbers in aligned lines no wider than the tables', () => {
  const lines = verdictLines(VERDICT);
  assert.ok(
    lines.every((line) => line.length <= 100),
    lines.join('\n'),
  );
  const first = lines.findIndex((line) => line.startsWith('  '));
  assert.equal(lines.slice(0, first).join(' '), VERDICT.sentence);
  assert.deepEqual(lines.slice(first), [
    '  trials                970,808 variants scored; 100 of the best and 594 others compared',
    '  Sharpe                0.79 a year (5,031 daily returns, 252 a year)',
    '  Sharpe by luck        1.44 a year expected of the best of so many without skill',
    '  probabilistic Sharpe  >99.9% likely to be above 0 in truth',
    '  deflated Sharpe       <0.1% likely to be above that of luck',
    '  overfitting           42.7% likely: best in one half of the history, below the middle in the other',
    '  history               23.6 years needed for a Sharpe of 1 not to be luck; there are 20.0',
    '  flags                 82 trades; at the edge of the grid (momentum.rsi.window 30 is the highest);',
    '                        21.0% of its advantage left one step away (isolated): neighbours have 60 in',
    '                        the middle, the worst -3.5, the best 250; 15.4% of the grid never trades',
  ]);
});

test('a history too short for a variant is a flag with the way out', () => {
  const short_history = {
    raised: true,
    indicator: 'ema(hl2, 300)',
    needed_bars: 299,
    asked_bars: 50,
    warmup_bars: 50,
    target_bars: 1000,
    missing_bars: 249,
  };
  const text = (changes: object): string =>
    verdictLines({ ...VERDICT, flags: { ...VERDICT.flags, short_history: { ...short_history, ...changes } } })
      .join(' ')
      .replaceAll(/ +/g, ' ');
  const lack = 'ema(hl2, 300) has no value on the first 249 of 1000 bars; ';
  assert.ok(text({}).endsWith(`${lack}give warmup_bars of at least 299, or leave it out`));
  const stored = `${lack}add candles from before the time range, or begin the range 249 bars later`;
  assert.ok(text({ asked_bars: 400 }).endsWith(stored));
  assert.ok(text({ raised: false }).endsWith('never trades'));
});

test('what cannot be told says why', () => {
  const lines = verdictLines({
    ...VERDICT,
    deflated_sharpe: null,
    flags: { edge_of_grid: null, few_trades: null, isolated_peak: null, zero_trades_share: null },
    reasons: { deflated_sharpe: 'only one variant was scored', isolated_peak: 'no variant was ranked' },
  });
  assert.ok(lines.includes('  deflated Sharpe       cannot be told: only one variant was scored'));
  assert.equal(lines.at(-1), '  flags                 peak cannot be judged: no variant was ranked');
});
