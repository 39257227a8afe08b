import assert from 'node:assert/strict';
import { test } from 'node:test';
import { lineOf, type LineContext } from './lines.ts';
import { nextSteps } from './next.ts';
import { checkWords, decidedSentence, plain, type Check } from './words.ts';

const nameOf = (axis: string): string => (axis === 'momentum.rsi.window' ? 'RSI window' : axis);

function context(more: object = {}, validation: unknown = null): LineContext {
  const verdict = {
    luck: 'likely',
    trials: 968_808,
    years: 20,
    minimum_backtest_years: 23.6,
    deflated_sharpe: 0.033,
    sharpe_annual: 0.79,
    lucky_sharpe_annual: 1.2,
    permuted: null,
    holding: { excess_return_pct: 135.8, excess_sharpe_annual: 0.483, error_annual: 0.23 },
    flags: {
      edge_of_grid: { raised: true, axes: [{ axis: 'momentum.rsi.window', value: 30, end: 'highest' }] },
      few_trades: { raised: false, trades: 82, least: 30 },
    },
    ...more,
  };
  return { verdict, validation, nameOf, picture: null } as unknown as LineContext;
}

const check = (
  id: Check['id'],
  value: number | null,
  mark: Check['mark'] = 'good',
  reason = 'no variant was ranked',
): Check => ({
  id,
  value,
  mark,
  reason,
});

const say = (one: Check, where = context()): string => plain(checkWords(one, where));

test('each check has its numbers in words', () => {
  assert.equal(
    say(check('halves', 0.229)),
    '23% of the time the winner of one half loses money in the other. 5% is good.',
  );
  assert.match(say(check('halves', 0.229, null)), /Of variants drawn\.$/);
  assert.equal(say(check('holding', 0.483)), '+135.8% over buy and hold, Sharpe +0.48. Its error is 0.23.');
  assert.equal(
    say(check('years', 20, 'caution')),
    '20.0 years searched; so many variants need 23.6 to be more than chance.',
  );
  assert.equal(say(check('edge', 1, 'caution')), 'At the end of what was searched: RSI window 30, the highest.');
  assert.equal(say(check('trades', 82)), '82 trades. 30 or more say something.');
  assert.equal(say(check('room', -0.4, 'caution')), '0% of its lead is left one step away. Below 50% it stands alone.');
  assert.match(say(check('luck', 0.033, 'bad')), /^3\.3% likely, by formula, to beat the best of 968,808/);
  const permuted = { p: 0.5, done: 99, as_good: 49 };
  assert.match(say(check('luck', 0.5, 'bad'), context({ permuted })), /^49 of 99 markets in random order/);
});

test('what is not known is told by its reason, and drawn as a dotted line', () => {
  for (const id of ['luck', 'halves', 'holding', 'family', 'years', 'room', 'edge', 'trades'] as const) {
    assert.equal(say(check(id, null, null)), 'No variant was ranked.');
    assert.equal(lineOf(check(id, null, null), context()), null);
  }
  assert.equal(say(check('oos', null, null)), 'Not tested: nothing was held out.');
  assert.equal(say(check('holding', 1), context({ holding: null })), 'No variant was ranked.');
});

test('a short history names what has no value', () => {
  const flags = { short_history: { raised: true, indicator: 'sma(close, 200)', missing_bars: 199 } };
  assert.equal(
    say(check('years', 3, 'caution'), context({ flags, minimum_backtest_years: 2 })),
    '3.0 years searched; so many variants need 2.0; sma(close, 200) has no value on the first 199 bars.',
  );
});

test('dots lie on their lines, and amounts beside what they are held against', () => {
  const line = lineOf(check('years', 20), context());
  assert.ok(line && 'at' in line);
  assert.ok(line.at < (line.ticks[0] ?? 0) && line.isFilled);
  const holding = lineOf(check('holding', -3), context());
  assert.ok(holding && 'at' in holding && holding.at < (holding.ticks[0] ?? 0));
  assert.deepEqual(lineOf(check('edge', 1), context()), { at: 1, ticks: [0, 1], isFilled: false });
  for (const value of [-1e9, -1, 0, 0.3, 1, 1e9]) {
    for (const id of ['halves', 'holding', 'family', 'years', 'room', 'trades', 'idle'] as const) {
      const one = lineOf(check(id, id === 'trades' ? Math.abs(value) : value), context());
      assert.ok(one && 'at' in one && one.at >= 0 && one.at <= 1, `${id} ${value}`);
    }
  }
});

test('unseen data is a dot beside what was searched, or a bar for each fold', () => {
  const fold = (unseen: number | null) => ({
    best: { in_sample: { sharpe: 0.9 }, out_of_sample: { total_return_pct: unseen } },
  });
  const metrics = { total_return_pct: 12.3, sharpe: 0.5 };
  const held = context({}, { mode: 'holdout', folds: [fold(12.3)], out_of_sample: { metrics } });
  assert.equal(say(check('oos', 1), held), '+12.3% on the bars held out, Sharpe 0.50. 0.90 on those searched.');
  const dot = lineOf(check('oos', 1), held);
  assert.ok(dot && 'at' in dot && dot.at < (dot.ticks[0] ?? 0));
  const walk = context(
    {},
    { mode: 'walk_forward', folds: [fold(10), fold(-5), { best: null }], out_of_sample: { metrics } },
  );
  assert.equal(say(check('oos', 1 / 3, 'bad'), walk), '1 of 3 periods after a search made money; together +12.3%.');
  assert.deepEqual(lineOf(check('oos', 1 / 3), walk), { folds: [1, -0.5, 0] });
});

test('the sentence is cut to what decided', () => {
  const cut = (text: string): string => decidedSentence(text);
  assert.equal(
    cut(
      'Of 99 markets with the same moves in random order, this search among 2,000 of 920,808 base variants found something as good in 49: likely luck. Beware: it lies at the edge of the grid (a.b 30 is the highest).',
    ),
    'Of 99 markets with the same moves in random order, this search found something as good in 49.',
  );
  assert.equal(
    cut(
      'On the bars held out, which the search has not seen, the best made -12.7% (Sharpe ratio -0.26 a year, 125 trades). Of 99 markets, none: possibly luck.',
    ),
    'Of 99 markets, none.',
  );
  assert.equal(
    cut(
      'Over 4 periods that came after a search, the best of each search made +3% (no Sharpe ratio, 1 trade) in all. By formula it is 0.5: likely luck.',
    ),
    'By formula it is 0.5.',
  );
  assert.equal(cut('Luck or not cannot be told: there is no Sharpe ratio.'), 'There is no Sharpe ratio.');
  assert.equal(
    cut('Of 99 markets, none: hard to explain by luck (p 0.01).'),
    'Of 99 markets, none: hard to explain by luck (p 0.01).',
  );
});

test('next steps follow from what is wrong', () => {
  const ask = (more: object, isHeldOut = false, hasWinner = true) =>
    nextSteps({ job_id: 'j', verdict: context(more).verdict, isHeldOut, hasWinner, nameOf });
  assert.deepEqual(
    ask({}).map(({ href }) => href),
    [
      '/jobs/new?from=j&refine=plateau',
      '/jobs/new?from=j&validate=holdout',
      '/jobs/new?from=j&widen=momentum.rsi.window',
    ],
  );
  assert.deepEqual(
    ask({ luck: 'unlikely' }).map(({ id }) => id),
    ['walk', 'save'],
  );
  assert.deepEqual(
    ask({ minimum_backtest_years: 2, flags: {} }, true).map(({ id }) => id),
    [],
  );
  assert.deepEqual(
    ask({ minimum_backtest_years: 2, flags: {}, checks: [check('luck', 0.5, 'bad')] }, true).map(({ id }) => id),
    ['plateau'],
  );
  assert.deepEqual(
    ask({ luck: 'unknown' }, false, false).map(({ id }) => id),
    ['change'],
  );
});
