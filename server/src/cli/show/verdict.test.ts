import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Verdict } from '@backtest-jobs/engine';
import { verdictLines } from './verdict.ts';

/** As a version before 0.5.0 has stored it. */
const OLDER: Verdict = {
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

test('of an older verdict the sentence, then all numbers, in 80 columns', () => {
  const lines = verdictLines(OLDER);
  assert.ok(
    lines.every((line) => line.length <= 80),
    lines.join('\n'),
  );
  const first = lines.findIndex((line) => line.startsWith('  '));
  assert.equal(lines.slice(0, first).join(' '), OLDER.sentence);
  assert.deepEqual(lines.slice(first), [
    '  trials                970,808 variants scored; 100 of the best and 594 others',
    '                        compared',
    '  Sharpe                0.79 a year (5,031 daily returns, 252 a year)',
    '  Sharpe by luck        1.44 a year by formula: the best of so many without',
    '                        skill',
    '  probabilistic Sharpe  >99.9% likely to be above 0 in truth',
    '  deflated Sharpe       <0.1% likely to be above that of luck by formula',
    '  overfitting           42.7% likely: best in one half of the history, below the',
    '                        middle in the other',
    '  history               23.6 years needed for a Sharpe of 1 not to be luck;',
    '                        there are 20.0',
    '  flags                 82 trades; at the edge of the grid (momentum.rsi.window',
    '                        30 is the highest); 21.0% of its advantage left one step',
    '                        away (isolated): neighbours have 60 in the middle, the',
    '                        worst -3.5, the best 250; 15.4% of the grid never trades',
  ]);
});

const PERMUTED = {
  done: 99,
  asked: 99,
  variants: 2000,
  grid_variants: 968_808,
  blocks: null,
  walk: false,
  p: 0.42,
  as_good: 41,
  best: 84.2,
  best_sharpe_daily: 0.04,
  best_variant: 0,
  bests: [],
  sharpes: [],
  reason: null,
  typical: 79.31,
  lucky_sharpe_annual: 0.61,
  deflated_sharpe: 0.7,
  sharpe_reason: null,
} as const;

test('level, sentence, and a line a check: question, mark and words, then the numbers', () => {
  const verdict: Verdict = {
    ...OLDER,
    sentence:
      'Of 99 markets with the same moves in random order, this search found something as good in 41: likely luck.',
    checks: [
      { id: 'luck', mark: 'bad', value: 0.42, reason: 'of 99 markets, this search found something as good in 41' },
      { id: 'halves', mark: null, value: 0.2, reason: 'of 1,000 variants drawn, without the best' },
      { id: 'family', mark: 'caution', value: 0.4, reason: `words ${'that go on '.repeat(9)}and end` },
      { id: 'trades', mark: 'good', value: 82, reason: '82 trades; 30 or more say something' },
    ],
    compared: { drawn: 1000, with_best: false },
    permuted: PERMUTED,
  };
  const lines = verdictLines(verdict);
  assert.ok(
    lines.every((line) => line.length <= 80),
    lines.join('\n'),
  );
  assert.deepEqual(lines, [
    'Likely luck',
    'Of 99 markets with the same moves in random order, this search found something',
    'as good in 41: likely luck.',
    '  More than luck?          bad      of 99 markets, this search found something',
    '                                    as good in 41',
    '  Does it earn unseen?     -        of 1,000 variants drawn, without the best',
    '  One choice or a family?  caution  words that go on that go on that go on that',
    '                                    go on that go on that go on that go on that',
    '                                    go on that go on and end',
    '  Enough trades?           good     82 trades; 30 or more say something',
    '  trials                970,808 variants scored; 1,000 drawn from the grid and',
    '                        compared, without the best',
    '  Sharpe                0.79 a year (5,031 daily returns, 252 a year)',
    '  Sharpe by luck        1.44 a year by formula: the best of so many without',
    '                        skill',
    '  probabilistic Sharpe  >99.9% likely to be above 0 in truth',
    '  deflated Sharpe       <0.1% likely to be above that of luck by formula',
    '  luck finds            79.31 in the middle, by the ranking metric; the real',
    '                        best has 84.2; luck has a Sharpe of 0.61 a year on',
    '                        average',
    '  deflated, measured    70.0% likely to be above that of luck as measured, of',
    "                        the sample's best",
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
    verdictLines({ ...OLDER, flags: { ...OLDER.flags, short_history: { ...short_history, ...changes } } })
      .join(' ')
      .replaceAll(/ +/g, ' ');
  const lack = 'ema(hl2, 300) has no value on the first 249 of 1000 bars; ';
  assert.ok(text({}).endsWith(`${lack}give warmup_bars of at least 299, or leave it out`));
  const stored = `${lack}add candles from before the time range, or begin the range 249 bars later`;
  assert.ok(text({ asked_bars: 400 }).endsWith(stored));
  assert.ok(text({ raised: false }).endsWith('never trades'));
  const out = 'of 1000 bars, and 1 base variant without a value on more than half of them not ranked; give warmup_bars';
  assert.ok(text({ not_ranked: 1 }).includes(out));
});

test('what cannot be told says why', () => {
  const lines = verdictLines({
    ...OLDER,
    deflated_sharpe: null,
    flags: { edge_of_grid: null, few_trades: null, isolated_peak: null, zero_trades_share: null },
    reasons: { deflated_sharpe: 'only one variant was scored', isolated_peak: 'no variant was ranked' },
  });
  assert.ok(lines.includes('  deflated Sharpe       cannot be told: only one variant was scored'));
  assert.equal(lines.at(-1), '  flags                 peak cannot be judged: no variant was ranked');
});
