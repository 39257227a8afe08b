// Trailing stops, time exits and exit rules by hand: every expected number stands beside the arithmetic that gives it.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { exitsOfText, lines, run, runBars, type Bar } from '../testing/simulations.ts';
import type { Setting } from './setting.ts';

const calm: Bar = [100, 101, 99, 100];
const flat = (price: number): Bar => [price, price, price, price];

describe('a trailing stop triggered by the close', () => {
  test('follows the highest close since the entry fill, and stops at or below its level, at the close', () => {
    // peak 112 at bar 1: level 112 * 0.875 = 98; 99 is above it, 98 is not
    assert.deepEqual(lines(run('LLLLL', [100, 112, 99, 98, 120], { trail: 12.5 })), ['long 0>0-3 trail 100>98']);
    // a higher high moves the level and is no exit itself: 100, 120, 144 each above the level of the one before
    assert.deepEqual(lines(run('LLLL', [100, 120, 144, 144], { trail: 1 })), ['long 0>0-3 forced_close 100>144']);
    // before any new high the entry fill is the peak: 100 * 0.875 = 87.5
    assert.deepEqual(lines(run('LLLL', [100, 87.5, 90, 90], { trail: 12.5 })), ['long 0>0-1 trail 100>87.5']);
    // slippage is part of the fill: 101 * 0.875 = 88.375, sold at 88.375 * 0.99
    const [slipped] = lines(run('LLL', [100, 88.375, 90], { trail: 12.5, slippagePct: 1 }));
    assert.equal(slipped, `long 0>0-1 trail 101>${88.375 * 0.99}`);
  });

  test('a short is mirrored: the lowest close, and a level above it', () => {
    // trough 80 at bar 1: level 80 * 1.125 = 90
    assert.deepEqual(lines(run('SSSSS', [100, 80, 89, 90, 50], { trail: 12.5 })), ['short 0>0-3 trail 100>90']);
  });

  test('the close that the entry fills at does not count, with next_open the close of the entry bar does', () => {
    // filled at the open of bar 1, 100; its close 112 is the peak: 98 at the close of bar 2, sold at the open of bar 3
    const bars: Bar[] = [flat(150), [100, 112, 100, 112], [112, 112, 98, 98], flat(97), flat(97)];
    assert.deepEqual(lines(runBars('LLLLL', bars, { trail: 12.5, fill: 'next_open' })), [
      'long 0>1-3 trail at open 100>97',
    ]);
  });

  test('highs do not matter to it', () => {
    const bars: Bar[] = [flat(100), [100, 200, 100, 100], flat(88), flat(88)]; // peak 100: level 87.5
    assert.deepEqual(lines(runBars('LLLL', bars, { trail: 12.5 })), ['long 0>0-3 forced_close 100>88']);
  });
});

describe('an intrabar trailing stop', () => {
  const trail = { trail: 12.5, trigger: 'intrabar' } as const;
  const rise: Bar = [100, 112, 99, 105]; // peak 112 from the next bar on: level 112 * 0.875 = 98

  test('follows the highs of the bars before, and fills at its level', () => {
    // bar 2 rises to 120, whose level 105 would be above its low: a bar does not raise the level it is judged by
    assert.deepEqual(lines(runBars('LLLL', [calm, rise, [105, 120, 98, 110], calm], trail)), [
      'long 0>0-2 trail 100>98',
    ]);
    assert.deepEqual(lines(runBars('LLLL', [calm, rise, [105, 120, 98.5, 110], [110, 111, 105, 106]], trail)), [
      'long 0>0-3 trail 100>105', // 120 * 0.875
    ]);
  });

  test('an open beyond its level fills at that open', () => {
    assert.deepEqual(lines(runBars('LLLL', [calm, rise, [97, 99, 95, 96], calm], trail)), [
      'long 0>0-2 trail at open 100>97',
    ]);
  });

  test('a short is mirrored', () => {
    const fall: Bar = [100, 101, 80, 85]; // trough 80: level 80 * 1.125 = 90
    assert.deepEqual(lines(runBars('SSSS', [calm, fall, [85, 90, 84, 88], calm], trail)), ['short 0>0-2 trail 100>90']);
    assert.deepEqual(lines(runBars('SSSS', [calm, fall, [91, 95, 84, 88], calm], trail)), [
      'short 0>0-2 trail at open 100>91',
    ]);
  });

  test('the high of the entry bar counts with next_open, once the bar is over, and not with close', () => {
    const after: Bar = [105, 106, 98, 100];
    assert.deepEqual(lines(runBars('LLLL', [calm, rise, after, calm], { ...trail, fill: 'next_open' })), [
      'long 0>1-2 trail 100>98',
    ]);
    // filled at the close of bar 1, 105: level 105 * 0.875 = 91.875
    assert.deepEqual(lines(runBars('.LLL', [calm, rise, after, calm], trail)), ['long 1>1-3 forced_close 105>100']);
  });

  test('with a stop-loss the nearer level counts and gives the reason, the stop-loss when they are equal', () => {
    const both = { ...trail, sl: 5 }; // 95 against 87.5, then 95 against 98
    assert.deepEqual(lines(runBars('LLL', [calm, [100, 101, 87, 90], calm], both)), ['long 0>0-1 sl 100>95']);
    assert.deepEqual(lines(runBars('LLLL', [calm, rise, [105, 106, 90, 100], calm], both)), [
      'long 0>0-2 trail 100>98',
    ]);
    assert.deepEqual(lines(runBars('LLL', [calm, [100, 101, 80, 90], calm], { ...trail, sl: 12.5 })), [
      'long 0>0-1 sl 100>87.5',
    ]);
  });

  test('a bar that reaches it and the take-profit is ambiguous, with a bound on either side', () => {
    const bars: Bar[] = [calm, rise, [105, 126, 97, 110], calm]; // stop 98, take-profit 100 * 1.25 = 125
    const low = runBars('LLLL', bars, { ...trail, tp: 25 });
    const high = runBars('LLLL', bars, { ...trail, tp: 25, ambiguous: 'tp_first' });
    assert.deepEqual([lines(low), low.ambiguousBars], [['long 0>0-2 trail 100>98'], 1]);
    assert.deepEqual([lines(high), high.ambiguousBars], [['long 0>0-2 tp 100>125'], 1]);
    assert.deepEqual([low.finalEquity, high.finalEquity], [980, 1250]);
  });

  test('what it locked in moves to safety before the reversal of the same bar', () => {
    // trail level 160 * 0.875 = 140: +40 % of 1000 is 400, of which 30 % are locked; the short commits the rest
    const { trades, equity } = run('LLSS', [100, 160, 140, 140], {
      trail: 12.5,
      sizing: 'strategy_compound_profit_lock',
    });
    assert.ok(Math.abs(trades.locked[0] - 120) < 1e-9);
    assert.ok(Math.abs(trades.amount[1] - 1280) < 1e-9);
    assert.ok(Math.abs(equity[3] - 1400) < 1e-9);
  });
});

/** A tenth of the cash in each trade: a short of a stair that rises is not ruined. */
const small = { sizing: 'percent_of_equity', equityPercent: 10 } as const;

/** Bar n opens at 10n + 5 and closes at 10n + 8. */
function stairs(
  signal: string,
  changes: Partial<Setting> = {},
  rules: Parameters<typeof exitsOfText>[0] = {},
): string[] {
  const bars = Array.from(signal, (_, bar): Bar => [10 * bar + 5, 10 * bar + 9, 10 * bar + 1, 10 * bar + 8]);
  return lines(runBars(signal, bars, changes, exitsOfText(rules)));
}

describe('max_bars', () => {
  test('ends a position at the close of the N-th bar after a fill at a close', () => {
    assert.deepEqual(stairs('LLLLL', { maxBars: 1 }), ['long 0>0-1 max_bars 8>18']);
    assert.deepEqual(stairs('LLLLL', { maxBars: 3 }), ['long 0>0-3 max_bars 8>38']);
  });

  test('with next_open the entry bar is the first: decided at its N-th close, filled at the open after', () => {
    assert.deepEqual(stairs('LLLLL', { maxBars: 1, fill: 'next_open' }), ['long 0>1-2 max_bars at open 15>25']);
    assert.deepEqual(stairs('LLLLL', { maxBars: 3, fill: 'next_open' }), ['long 0>1-4 max_bars at open 15>45']);
  });

  test('on the last bar it is a reason with close, and comes too late with next_open', () => {
    assert.deepEqual(stairs('LLL', { maxBars: 2 }), ['long 0>0-2 max_bars 8>28']);
    assert.deepEqual(stairs('LLL', { maxBars: 2, fill: 'next_open' }), ['long 0>1-2 forced_close 15>28']);
  });

  test('comes after a stop and before the signal, and leaves room for a reversal; only an edge enters again', () => {
    assert.deepEqual(lines(run('LLL', [100, 100, 90], { maxBars: 2, sl: 5 })), ['long 0>0-2 sl 100>90']);
    assert.deepEqual(stairs('LL..', { maxBars: 2 }), ['long 0>0-2 max_bars 8>28']);
    assert.deepEqual(stairs('LLSSS', { maxBars: 2 }), ['long 0>0-2 max_bars 8>28', 'short 2>2-4 max_bars 28>48']);
    assert.deepEqual(stairs('LLLL.L.', { maxBars: 1 }), ['long 0>0-1 max_bars 8>18', 'long 5>5-6 max_bars 58>68']);
  });

  test('is checked at the close only: an intrabar stop of the same bar comes first', () => {
    const bars: Bar[] = [calm, calm, [100, 101, 94, 100], calm];
    assert.deepEqual(lines(runBars('LLLL', bars, { maxBars: 2, sl: 5, trigger: 'intrabar' })), [
      'long 0>0-2 sl 100>95',
    ]);
  });
});

describe('exit rules', () => {
  test('a side that has one is held through neutral until it holds, and entered again on an edge', () => {
    assert.deepEqual(stairs('L...LL.', {}, { long: '...x...' }), [
      'long 0>0-3 exit_rule 8>38',
      'long 4>4-6 forced_close 48>68',
    ]);
    assert.deepEqual(stairs('S....', small, { short: '..x..' }), ['short 0>0-2 exit_rule 8>28']);
  });

  test('a rule is read from the bar after that of the entry fill', () => {
    assert.deepEqual(stairs('L..', {}, { long: 'x..' }), ['long 0>0-2 forced_close 8>28']);
    assert.deepEqual(stairs('L..', {}, { long: 'xx.' }), ['long 0>0-1 exit_rule 8>18']);
    const atOpen = { fill: 'next_open' } as const; // filled at the open of bar 1, so bar 2 is the first
    assert.deepEqual(stairs('L....', atOpen, { long: 'xx...' }), ['long 0>1-4 forced_close 15>48']);
    assert.deepEqual(stairs('L....', atOpen, { long: 'xxx..' }), ['long 0>1-3 exit_rule at open 15>35']);
  });

  test('an edge to the side that is held does nothing', () => {
    assert.deepEqual(stairs('L.L.L', {}, { long: '.....' }), ['long 0>0-4 forced_close 8>48']);
  });

  test('an opposite edge exits and reverses; a side without a rule follows the signal', () => {
    assert.deepEqual(stairs('L.S..', {}, { long: '.....' }), [
      'long 0>0-2 signal_exit 8>28',
      'short 2>2-3 signal_exit 28>38',
    ]);
    assert.deepEqual(stairs('L.S.L.', {}, { long: '......', short: '......' }), [
      'long 0>0-2 signal_exit 8>28',
      'short 2>2-4 signal_exit 28>48',
      'long 4>4-5 forced_close 48>58',
    ]);
    // with next_open also on the bar of the entry fill
    assert.deepEqual(stairs('LS....', { fill: 'next_open' }, { long: '......', short: '...x..' }), [
      'long 0>1-2 signal_exit at open 15>25',
      'short 1>2-4 exit_rule at open 25>45',
    ]);
  });

  test('the edge of a forbidden side only exits', () => {
    assert.deepEqual(stairs('L.S.L.', { direction: 'long-only' }, { long: '......' }), [
      'long 0>0-2 signal_exit 8>28',
      'long 4>4-5 forced_close 48>58',
    ]);
    assert.deepEqual(stairs('S.L..', { ...small, direction: 'short-only' }, { short: '.....' }), [
      'short 0>0-2 signal_exit 8>28',
    ]);
  });

  test('an edge to the same side on the bar at whose close the position ends enters again', () => {
    assert.deepEqual(stairs('L.L.', {}, { long: '..x.' }), [
      'long 0>0-2 exit_rule 8>28',
      'long 2>2-3 forced_close 28>38',
    ]);
    assert.deepEqual(stairs('L..L..', { fill: 'next_open' }, { long: '...x..' }), [
      'long 0>1-4 exit_rule at open 15>45',
      'long 3>4-5 forced_close 45>58',
    ]);
    const long = exitsOfText({ long: '....' });
    assert.deepEqual(lines(run('L.L.', [100, 100, 95, 97], { sl: 5 }, long)), [
      'long 0>0-2 sl 100>95',
      'long 2>2-3 forced_close 95>97',
    ]);
    const dip: Bar = [100, 101, 94, 98];
    assert.deepEqual(lines(runBars('L.L.', [calm, calm, dip, calm], { sl: 5, trigger: 'intrabar' }, long)), [
      'long 0>0-2 sl 100>95',
      'long 2>2-3 forced_close 98>100',
    ]);
    assert.deepEqual(stairs('L.L.', { maxBars: 2 }, { long: '....' }), [
      'long 0>0-2 max_bars 8>28',
      'long 2>2-3 forced_close 28>38',
    ]);
  });

  test('at a close a stop comes before the rule, the rule before an opposite edge', () => {
    const long = exitsOfText({ long: '..xx' });
    assert.deepEqual(lines(run('L...', [100, 100, 90, 90], { sl: 5 }, long)), ['long 0>0-2 sl 100>90']);
    assert.deepEqual(stairs('L.S..', {}, { long: '..x..' }), [
      'long 0>0-2 exit_rule 8>28',
      'short 2>2-3 signal_exit 28>38',
    ]);
  });

  test('a stop changes how often it trades: a later edge enters that would have met the position', () => {
    const closes = [100, 95, 100, 100, 100, 100];
    const long = exitsOfText({ long: '......' });
    assert.equal(run('L..L..', closes, {}, long).trades.count, 1);
    const stopped = run('L..L..', closes, { sl: 5 }, long);
    assert.deepEqual(lines(stopped), ['long 0>0-1 sl 100>95', 'long 3>3-5 forced_close 100>100']);
    assert.equal(stopped.ruled, true);
  });

  test('a simulation knows whether a rule had a say', () => {
    const ruled = (direction: Setting['direction'], rules: Parameters<typeof exitsOfText>[0]): boolean =>
      run('L..', [1, 2, 3], { direction }, exitsOfText(rules)).ruled;
    assert.equal(run('L..', [1, 2, 3]).ruled, false);
    assert.equal(ruled('long-short', {}), false);
    assert.equal(ruled('long-short', { short: '...' }), true);
    assert.equal(ruled('long-only', { short: '...' }), false);
    assert.equal(ruled('short-only', { long: '...' }), false);
    assert.equal(ruled('long-only', { long: '...' }), true);
  });

  test('nothing is entered on the last bar, and a rule on it is a reason', () => {
    assert.deepEqual(stairs('L.L', {}, { long: '..x' }), ['long 0>0-2 exit_rule 8>28']);
    assert.deepEqual(stairs('L.L', { fill: 'next_open' }, { long: '..x' }), ['long 0>1-2 forced_close 15>28']);
  });

  test('percent_of_equity commits a share of what the trades before left', () => {
    // 50 % of 1000 is 500, +10 % is 50; 50 % of 1050 is 525
    const { trades, finalEquity } = run(
      'L.L..',
      [100, 110, 100, 110, 110],
      { sizing: 'percent_of_equity', equityPercent: 50 },
      exitsOfText({ long: '.x.x.' }),
    );
    assert.deepEqual([trades.count, trades.amount[0]], [2, 500]);
    assert.ok(Math.abs(trades.amount[1] - 525) < 1e-9);
    assert.ok(Math.abs(finalEquity - 1102.5) < 1e-9);
  });

  test('an exit by rule that leaves nothing is the end: bust, the debt written off, no entry ever again', () => {
    // a short from 100 to 199.5 loses 99.5 % of 1000, and pays 0.3 % of 1000 and of 1995 in fees
    const simulation = run(
      'S.....L.',
      [100, 150, 180, 199.5, 300, 300, 300, 300],
      { feePct: 0.3 },
      exitsOfText({ short: '...x....' }),
    );
    assert.deepEqual(lines(simulation), ['short 0>0-3 exit_rule 100>199.5']);
    const { bust, writtenOff, finalEquity } = simulation;
    assert.deepEqual([bust, writtenOff.toFixed(3), finalEquity], [true, '3.985', 0]);
  });
});
