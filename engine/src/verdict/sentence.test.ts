// What decided stands in the sentence, in the order in which a trader asks, and every check has a mark of its own.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { ValidationResult } from '../validation/validate.ts';
import { checksOf } from './checks.ts';
import { edgeFlag, holdingFlag, idleFlag, tradesFlag } from './flags.ts';
import { levelOf } from './level.ts';
import type { PermutedTold } from './measured-sharpe.ts';
import { sentenceOf } from './sentence.ts';
import { usableP, wasCut } from './texts.ts';
import type { Judged } from './verdict.ts';

const HOLDING = {
  return_pct: 80,
  excess_return_pct: 40,
  sharpe_annual: 0.5,
  excess_sharpe_annual: 0.6,
  error_annual: 0.2,
  deflated_sharpe: 0.9,
  long_share: 1,
};

function permuted(as_good: number, changes: Partial<PermutedTold> = {}): PermutedTold {
  return {
    done: 99,
    asked: 99,
    variants: 400,
    grid_variants: 400,
    blocks: null,
    walk: false,
    p: (1 + as_good) / 100,
    as_good,
    best: 120,
    best_sharpe_daily: 0.06,
    best_variant: 0,
    bests: [],
    sharpes: [],
    reason: null,
    typical: 60,
    lucky_sharpe_annual: 0.4,
    deflated_sharpe: 0.98,
    sharpe_reason: null,
    ...changes,
  };
}

const UNEQUAL = { raised: true, clock: 'hour', ratio: 3, chance: 0 } as const;
const SHORT = {
  raised: true,
  indicator: 'sma(close, 400)',
  needed_bars: 399,
  asked_bars: 200,
  warmup_bars: 200,
  target_bars: 1000,
  missing_bars: 199,
};

/** A verdict in which all is well; the level follows from the changes. */
function judged(
  changes: Partial<Omit<Judged, 'luck' | 'flags'>> & { flags?: Partial<Judged['flags']> } = {},
  wins = false,
): Judged {
  const { flags: changed = {}, ...numbers } = changes;
  const verdict = {
    trials: 970_808,
    days: 5031,
    years: 19.96,
    periods_per_year: 252,
    total_return_pct: 120,
    compared: { drawn: 1000, with_best: true },
    sharpe_daily: 0.0448,
    sharpe_annual: 0.711,
    skewness: 0,
    kurtosis: 3,
    probabilistic_sharpe: 0.999,
    sharpe_variance_daily: 0.0003,
    lucky_sharpe_annual: 1.3449,
    deflated_sharpe: 0.01,
    minimum_backtest_years: 15.2,
    loss_probability: 0.01,
    overfitting_probability: 0.3,
    permuted: permuted(0),
    holding: HOLDING,
    reasons: {},
    ...numbers,
  };
  const flags = {
    edge_of_grid: edgeFlag([]),
    few_trades: tradesFlag(120),
    isolated_peak: null,
    zero_trades_share: idleFlag(0, 10),
    worse_than_holding: holdingFlag(verdict.holding),
    ...changed,
  };
  const luck = levelOf({
    ranked: flags.few_trades !== null,
    p: usableP(verdict),
    complete: !wasCut(verdict.permuted),
    deflated: verdict.deflated_sharpe,
    loss: verdict.loss_probability,
    amongCompared: verdict.compared.with_best ?? false,
    winsEveryBlock: wins,
    doubted: [flags.few_trades, flags.short_history, flags.worse_than_holding, flags.unequal_hours].some(
      (one) => one?.raised,
    ),
  });
  return { luck, ...verdict, flags };
}

function validation(returns: readonly number[], mode: ValidationResult['mode'] = 'walk_forward'): ValidationResult {
  const folds = returns.map((total_return_pct) => ({ best: { out_of_sample: { total_return_pct } } }));
  const metrics = { total_return_pct: 12.34, sharpe: 0.412, num_trades: 1084 };
  return { mode, folds, out_of_sample: { metrics } } as unknown as ValidationResult;
}

const OF_99 = 'f 99 markets with the same moves in random order, this search found something as good in';

describe('the sentence', () => {
  const says = (verdict: Judged, expected: string, held: ValidationResult | null = null): void =>
    assert.equal(sentenceOf(verdict, held), expected);

  test('of luck and of more than luck is that of the permuted markets', () => {
    says(judged({ permuted: permuted(41) }), `O${OF_99} 41: likely luck.`);
    says(judged(), `O${OF_99} none: hard to explain by luck (p 0.01).`);
    says(judged({ permuted: permuted(3) }), `O${OF_99} 3: hard to explain by luck (p 0.04).`);
    says(judged({ permuted: permuted(9) }), `O${OF_99} 9 (p 0.1): possibly luck.`);
  });

  test('names a part of the grid, runs of bars, a walk, a test that was cancelled', () => {
    const told = (changes: Partial<PermutedTold>): string => sentenceOf(judged({ permuted: permuted(50, changes) }));
    assert.match(
      told({ variants: 2000, grid_variants: 968_808 }),
      /this search among 2,000 of 968,808 base variants found/,
    );
    assert.match(told({ blocks: 24 }), /with the same runs of 24 bars in random order/);
    assert.match(told({ walk: true }), /, this walk found/);
    assert.match(told({ done: 40 }), /^Of 40 markets \(of 99 asked for\) with/);
    says(
      judged({ permuted: permuted(0, { done: 60 }) }),
      'Of 60 markets (of 99 asked for) with the same moves in random order, this search found something as good in none (p 0.01), ' +
        'but the luck test was cancelled: possibly luck.',
    );
  });

  test('names what decided, in order: no money, p, the loss unseen', () => {
    says(
      judged({ permuted: permuted(41), total_return_pct: -3.21, loss_probability: 0.9 }),
      `Even the best of 970,808 variants made no money (-3.2%), and o${OF_99} 41: likely luck.`,
    );
    says(judged({ permuted: permuted(41), loss_probability: 0.9 }), `O${OF_99} 41: likely luck.`);
    says(
      judged({ permuted: permuted(9), loss_probability: 0.618 }),
      `O${OF_99} 9 (p 0.1), and what wins in one half of the history loses money in the other 61.8% of the time: likely luck.`,
    );
  });

  test('names every reason for doubt where none decided, holding first', () => {
    const worse = { ...HOLDING, excess_sharpe_annual: -0.2 };
    says(
      judged({ holding: worse, flags: { few_trades: tradesFlag(12), short_history: SHORT, unequal_hours: UNEQUAL } }),
      `O${OF_99} none (p 0.01), but buying and holding has the better Sharpe ratio (0.5 a year, this 0.3), it made only 12 trades, ` +
        'sma(close, 400) has no value on the first 199 of 1000 bars, its rules read the hour, by which moves are unequal: possibly luck.',
    );
    says(
      judged({ permuted: permuted(9), loss_probability: 0.2 }),
      `O${OF_99} 9 (p 0.1); what wins in one half of the history loses money in the other 20% of the time: possibly luck.`,
    );
    says(
      judged({
        loss_probability: null,
        reasons: { loss_probability: '16 blocks need 32 daily returns, there are 31' },
      }),
      `O${OF_99} none (p 0.01), but whether it earns unseen cannot be told: 16 blocks need 32 daily returns, there are 31: possibly luck.`,
    );
  });

  test('spares who wins every block', () => {
    says(
      judged({ permuted: permuted(41) }, true),
      `O${OF_99} 41; yet no variant that was compared does better in any block of the history: possibly luck.`,
    );
  });

  test('says by formula where there is no p, or one of too few permutations', () => {
    const formula =
      'y formula the best of 970,808 variants without any skill would have a Sharpe ratio of about 1.34 a year, and this one has 0.71';
    says(judged({ permuted: null }), `B${formula}: likely luck.`);
    says(judged({ permuted: permuted(0, { done: 18, asked: 18, p: 1 / 19 }) }), `B${formula}: likely luck.`);
    says(judged({ permuted: permuted(0, { p: null, reason: 'too few bars' }) }), `B${formula}: likely luck.`);
    says(judged({ permuted: null, deflated_sharpe: 0.97 }), `B${formula}: probably more than luck.`);
    const impossible = permuted(0, { done: 0, p: null, reason: 'fewer than 100 bars can move' }); // and not cancelled
    says(judged({ permuted: impossible, deflated_sharpe: 0.97 }), `B${formula}: probably more than luck.`);
    says(
      judged({ permuted: null, trials: 1, lucky_sharpe_annual: 0, deflated_sharpe: 0.97 }),
      'By formula its Sharpe ratio of 0.71 a year is above 0 with a probability of 97%: probably more than luck.',
    );
    says(
      judged({ permuted: null, total_return_pct: -1 }),
      'Even the best of 970,808 variants made no money (-1%): likely luck.',
    );
  });

  test('says why it cannot be told, and what else to beware of', () => {
    const reasons = { sharpe_annual: 'its daily returns have no Sharpe ratio' };
    const none = permuted(0, { p: null, reason: 'fewer than 100 bars can move' });
    says(
      judged({ permuted: none, deflated_sharpe: null, sharpe_annual: null, reasons }),
      'Luck or not cannot be told: its daily returns have no Sharpe ratio; fewer than 100 bars can move.',
    );
    says(
      judged({ permuted: null, flags: { few_trades: null } }),
      'No variant was ranked, so there is nothing to believe or to doubt.',
    );
    const flags = {
      edge_of_grid: edgeFlag([{ axis: 'n', value: 200, end: 'highest' }]),
      few_trades: tradesFlag(1),
      zero_trades_share: idleFlag(7, 10),
    };
    says(
      judged({ permuted: permuted(41), flags }),
      `O${OF_99} 41: likely luck. Beware: it made only 1 trade, it lies at the edge of the grid (n 200 is the highest), ` +
        '70% of the grid never trades.',
    );
  });

  test('begins with what came of bars that the search has not seen', () => {
    says(
      judged(),
      `Over 5 periods that came after a search, the best of each search made +12.3% (Sharpe ratio 0.41 a year, 1,084 trades) in all. O${OF_99.replace('this search', 'the search of the last fold')} none: hard to explain by luck (p 0.01).`,
      validation([1, 2, 3, -1, 2]),
    );
    says(
      judged(),
      `On the bars held out, which the search has not seen, the best made +12.3% (Sharpe ratio 0.41 a year, 1,084 trades). O${OF_99} none: hard to explain by luck (p 0.01).`,
      validation([12.3], 'holdout'),
    );
    assert.match(
      sentenceOf(judged({ permuted: permuted(0, { walk: true }) }), validation([1, 2])),
      / order, this walk found/,
    );
  });
});

describe('the checks', () => {
  const check = (id: string, verdict: Judged, held: ValidationResult | null = null) =>
    checksOf(verdict, held).find((one) => one.id === id);
  const mark = (id: string, verdict: Judged, held: ValidationResult | null = null) => check(id, verdict, held)?.mark;

  test('stand in one order, and a tenth only where most of the grid never trades', () => {
    const nine = ['luck', 'halves', 'oos', 'holding', 'family', 'years', 'room', 'edge', 'trades'];
    const ids = (verdict: Judged): readonly string[] => checksOf(verdict, null).map(({ id }) => id);
    assert.deepEqual(ids(judged()), nine);
    assert.deepEqual(ids(judged({ flags: { zero_trades_share: idleFlag(7, 10) } })), [...nine, 'idle']);
    assert.deepEqual(ids(judged({ permuted: null, flags: { few_trades: null } })), nine);
  });

  test('have the marks of their limits', () => {
    const by = (id: string, changes: Parameters<typeof judged>[0]): unknown => mark(id, judged(changes));
    assert.deepEqual(
      [4, 5, 19, 20].map((as_good) => by('luck', { permuted: permuted(as_good) })),
      ['good', 'caution', 'caution', 'bad'],
    );
    assert.deepEqual(
      [0.95, 0.94, 0.5, 0.49].map((deflated_sharpe) => by('luck', { permuted: null, deflated_sharpe })),
      ['good', 'caution', 'caution', 'bad'],
    );
    assert.deepEqual(
      [0.05, 0.06, 0.5, 0.51, null].map((loss_probability) => by('halves', { loss_probability })),
      ['good', 'caution', 'caution', 'bad', null],
    );
    assert.deepEqual(
      [0.05, 0.06, 0.9, null].map((overfitting_probability) => by('family', { overfitting_probability })),
      ['good', 'caution', 'caution', null],
    );
    assert.deepEqual(
      [0.21, 0.2, 0, -0.01].map((excess_sharpe_annual) =>
        by('holding', { holding: { ...HOLDING, excess_sharpe_annual } }),
      ),
      ['good', 'caution', 'caution', 'bad'],
    );
    assert.deepEqual(
      [15.2, 20].map((minimum_backtest_years) => by('years', { minimum_backtest_years })),
      ['good', 'caution'],
    );
    assert.equal(by('years', { flags: { short_history: SHORT } }), 'caution');
    assert.deepEqual(
      [30, 29].map((trades) => by('trades', { flags: { few_trades: tradesFlag(trades) } })),
      ['good', 'caution'],
    );
    const edge = edgeFlag([{ axis: 'n', value: 2, end: 'lowest' }]);
    assert.deepEqual([by('edge', {}), by('edge', { flags: { edge_of_grid: edge } })], ['good', 'caution']);
    const peak = {
      score: 258,
      neighbours: 5,
      neighbour_median: 200,
      neighbour_worst: -4,
      typical: 5,
      left_share: 0.77,
    };
    for (const raised of [true, false]) {
      const room = check('room', judged({ flags: { isolated_peak: { raised, ...peak } } }));
      assert.equal(room?.mark, raised ? 'caution' : 'good');
      assert.match(room?.reason ?? '', /^77% of its lead is left: .* 200 in the middle, the worst -4$/);
    }
  });

  test('of unseen data count the parts that made money', () => {
    for (const [returns, expected] of [
      [[1, 2, 3], 'good'],
      [[1, 2, -3], 'caution'],
      [[1, -2, 0, 3], 'bad'],
      [[-1, -2], 'bad'],
    ] as const) {
      assert.equal(mark('oos', judged(), validation(returns)), expected);
    }
    assert.deepEqual(check('oos', judged()), { id: 'oos', mark: null, value: null, reason: 'nothing was held out' });
    assert.match(
      check('oos', judged(), validation([1, 2, -3]))?.reason ?? '',
      /^2 of 3 periods .* together \+12\.3% \(/,
    );
  });

  test('what keeps from the highest level and has no check of its own is a caution about luck', () => {
    const hours = check('luck', judged({ flags: { unequal_hours: UNEQUAL } }));
    assert.equal(hours?.mark, 'caution');
    assert.match(
      hours?.reason ?? '',
      /its rules read the hour, and moves are 3 times as large at some as at others: in shuffled markets all are alike/,
    );
    assert.equal(mark('luck', judged({ permuted: permuted(0, { done: 60 }) })), 'caution');
  });

  test('by formula say why there is no p', () => {
    const why = (changes: Parameters<typeof judged>[0]): string => check('luck', judged(changes))?.reason ?? '';
    assert.match(
      why({ permuted: null, reasons: { permuted: 'not asked for' } }),
      /^by formula .* has 0\.71; not asked for$/,
    );
    const few = permuted(0, { done: 18, asked: 18, p: 1 / 19 });
    assert.match(why({ permuted: few }), /^by formula .*; 18 permuted markets are too few$/);
    assert.match(why({ permuted: permuted(0, { p: null, reason: 'too few bars' }) }), /^by formula .*; too few bars$/);
    assert.doesNotMatch(why({}), /formula/);
  });

  test('of variants that the best is not among describe the grid', () => {
    const grid = judged({ compared: { drawn: 1000, with_best: false }, loss_probability: 0.9 });
    const halves = check('halves', grid);
    assert.deepEqual([halves?.mark, halves?.value], [null, 0.9]);
    assert.match(halves?.reason ?? '', /^of 1,000 variants drawn, without the best, /);
    assert.match(check('family', grid)?.reason ?? '', /^of 1,000 variants drawn, without the best, /);
    assert.equal(grid.luck, 'unlikely');
  });
});
