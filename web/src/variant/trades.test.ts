import assert from 'node:assert/strict';
import { test } from 'node:test';
import { allTrades, barsOf, chosenTrades, jumpTo, levelsOf, stepTrade, type Trade } from './trades.ts';

const DAY = 86_400_000;
const at = (day: number): string => new Date(day * DAY).toISOString();

function trade(entry: number, exit: number, rest: Partial<Trade> = {}): Trade {
  return {
    n: 1,
    heldOut: false,
    direction: 'long',
    entry_time: at(entry),
    exit_time: at(exit),
    entry_bar: entry,
    exit_bar: exit,
    entry_fill: 100,
    exit_fill: 110,
    return_pct: 10,
    net: 1,
    mae_pct: 0,
    mfe_pct: 0,
    exit_reason: 'signal_exit',
    ...rest,
  };
}

const three = allTrades(
  [trade(1, 2), trade(3, 4, { net: -1, exit_reason: 'sl' })],
  [trade(5, 6, { net: 0, exit_reason: 'trail' })],
);

test('trades held out go on with the numbers, and filters keep the newest first', () => {
  assert.deepEqual(
    three.map(({ n, heldOut }) => [n, heldOut]),
    [
      [1, false],
      [2, false],
      [3, true],
    ],
  );
  const numbers = (which: Parameters<typeof chosenTrades>[1]): number[] => chosenTrades(three, which).map(({ n }) => n);
  assert.deepEqual(numbers('all'), [3, 2, 1]);
  assert.deepEqual(numbers('won'), [1]);
  assert.deepEqual(numbers('lost'), [3, 2]);
  assert.deepEqual(numbers('stopped'), [3, 2]);
});

test('steps stay among the trades of the filter and end at its ends', () => {
  const lost = chosenTrades(three, 'lost');
  assert.equal(stepTrade(lost, null, 1), 3);
  assert.equal(stepTrade(lost, 1, 1), 2);
  assert.equal(stepTrade(lost, 3, -1), 2);
  assert.equal(stepTrade(lost, 3, 1), null);
  assert.equal(stepTrade([], null, 1), null);
});

test('levels lie on the side of the position', () => {
  assert.deepEqual(levelsOf(trade(1, 2), { sl_pct: 2, tp_pct: 5 }), { stop: 98, target: 105 });
  assert.deepEqual(levelsOf(trade(1, 2, { direction: 'short' }), { sl_pct: 2, tp_pct: null }), {
    stop: 102,
    target: null,
  });
});

test('a trade is found on its bars, by the kind of its fills', () => {
  const opens = [0, 1, 2, 3, 6, 7].map((day) => day * DAY); // a weekend between 3 and 6
  assert.deepEqual(barsOf(opens, trade(1, 3), 'next_open'), { from: 1, to: 3 });
  // Filled at closes: the time is the end of the bar before.
  assert.deepEqual(barsOf(opens, trade(2, 4, { entry_bar: 1, exit_bar: 3 }), 'close'), { from: 1, to: 3 });
  // A stop at the open of a bar, while entries fill at closes.
  assert.deepEqual(barsOf(opens, trade(2, 6, { entry_bar: 1, exit_bar: 4 }), 'close'), { from: 1, to: 4 });
  // A stop within the bar on which it was entered.
  assert.deepEqual(barsOf(opens, trade(2, 3, { entry_bar: 2, exit_bar: 2 }), 'next_open'), { from: 2, to: 2 });
  assert.equal(barsOf(opens, trade(-3, 1), 'next_open'), null);
  assert.equal(barsOf(opens, trade(90, 99), 'next_open'), null);
});

test('a jump leaves what is in sight alone, keeps the zoom where the trade fits, and else makes room', () => {
  const shown = { from: 100, to: 200 };
  assert.equal(jumpTo({ from: 120, to: 130 }, shown), shown);
  assert.deepEqual(jumpTo({ from: 300, to: 320 }, shown), { from: 260, to: 360 });
  const wide = jumpTo({ from: 300, to: 700 }, shown);
  assert.ok(wide.from < 300 && wide.to > 700);
});
