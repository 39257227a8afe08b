// Carried bars have no market: what is decided there or before waits for the next real bar. In the texts below the closes
// of carried bars equal the close before.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { runGappy, lines, exitsOfText } from '../testing/simulations.ts';

// Bars 2, 3 and 4 are carried. Opens differ from closes, so that fills show where they are.
const MARKS = '--xxx---';
const OPENS = [100, 100, 102, 102, 102, 120, 121, 122];
const CLOSES = [100, 102, 102, 102, 102, 125, 126, 127];

const trades = (
  signal: string,
  ...rest: Parameters<typeof runGappy> extends [unknown, unknown, ...infer R] ? R : never
) => lines(runGappy(signal, { marks: MARKS, opens: OPENS, closes: CLOSES }, ...rest));

const NEXT = { fill: 'next_open' } as const;

describe('no fill without a market', () => {
  test('an entry decided on a carried bar fills at the next real close or open', () => {
    assert.deepEqual(trades('..LLLLL.'), ['long 2>5-7 signal_exit 125>127']);
    assert.deepEqual(trades('..LLLL..', NEXT), ['long 2>5-7 signal_exit at open 120>122']);
    assert.deepEqual(trades('.LLLLL..', NEXT), ['long 1>5-7 signal_exit at open 120>122']);
  });

  test('an exit waits as well, and jumps the gap', () => {
    assert.deepEqual(trades('LL......'), ['long 0>0-5 signal_exit 100>125']);
    assert.deepEqual(trades('L.......', NEXT), ['long 0>1-5 signal_exit at open 100>120']);
  });

  test('each decision replaces the one before: a trade within a wait does not exist', () => {
    assert.deepEqual(trades('..LL....'), []);
    assert.deepEqual(trades('..LS....', NEXT), []);
    assert.deepEqual(trades('..LSSSS.'), ['short 3>5-7 signal_exit 125>127']);
    assert.deepEqual(trades('LLSSLLL.'), ['long 0>0-7 signal_exit 100>127']);
    assert.deepEqual(trades('LLS.LLL.', NEXT), ['long 0>1-7 forced_close 100>127']);
  });

  test('a signal of one carried bar waits like any other', () => {
    assert.deepEqual(trades('....L...', NEXT), ['long 4>5-6 signal_exit at open 120>121']);
    assert.deepEqual(trades('....L...'), []); // the real close that would fill it decides against it
    assert.deepEqual(trades('..L.....', {}, exitsOfText({ long: '......x.' })), ['long 2>5-6 exit_rule 125>126']);
  });

  test('after a stop an edge in the gap enters; back to what is still held it does nothing', () => {
    const closes = [100, 90, 90, 90, 90, 125, 126, 127];
    const stopped = runGappy('LL.LLLL.', { marks: MARKS, opens: OPENS, closes }, { sl: 5 });
    assert.deepEqual(lines(stopped), ['long 0>0-1 sl 100>90', 'long 3>5-7 signal_exit 125>127']);
    const waiting = runGappy('LL.LLLL.', { marks: MARKS, opens: OPENS, closes }, { sl: 5, ...NEXT });
    assert.deepEqual(lines(waiting), ['long 0>1-7 forced_close 100>127']); // the order to stop is taken back on bar 3
    assert.deepEqual([stopped.ruled, waiting.ruled], [false, true]);
  });

  test('stops are not judged on carried bars', () => {
    const slip = { slippagePct: 1, sl: 0.5 }; // the fill alone is beyond its stop
    assert.deepEqual(trades('.LLLLLLL', { ...slip, fill: 'close' }), ['long 1>1-7 forced_close 103.02>125.73']);
    const falls = { marks: '--xx--', opens: [100, 100, 100, 100, 80, 80], closes: [100, 100, 100, 100, 85, 85] };
    const intrabar = { sl: 10, trigger: 'intrabar' } as const;
    assert.deepEqual(lines(runGappy('LLLLLL', falls, intrabar)), ['long 0>0-4 sl at open 100>80']);
  });

  test('exit rules are read only after a fill', () => {
    const exits = exitsOfText({ long: '...xxx.x' });
    assert.deepEqual(trades('..LLLLLL', {}, exits), ['long 2>5-7 exit_rule 125>127']);
    assert.deepEqual(trades('LLLLLLLL', {}, exits), ['long 0>0-5 exit_rule 100>125']);
  });

  test('max_bars counts all bars and fires on a real one', () => {
    assert.deepEqual(trades('LLLLLLLL', { maxBars: 2 }), ['long 0>0-5 max_bars 100>125']);
    assert.deepEqual(trades('LLLLLLLL', { maxBars: 2, ...NEXT }), ['long 0>1-5 max_bars at open 100>120']);
    assert.deepEqual(trades('LLLLLLLL', { maxBars: 6 }), ['long 0>0-6 max_bars 100>126']);
  });

  test('a slice that ends on a carried bar closes at the carried price, and tells', () => {
    const end = { marks: '---xx', opens: [100, 100, 110, 110, 110], closes: [100, 110, 110, 110, 110] };
    const open = runGappy('LLL..', end, NEXT);
    assert.deepEqual(lines(open), ['long 0>1-4 forced_close 100>110']);
    assert.deepEqual([open.carriedClose, open.waitedFills], [true, 0]);
    assert.deepEqual(lines(runGappy('...L.', end)), []);
    assert.equal(runGappy('L....', end, NEXT).carriedClose, false);
  });

  test('nothing is entered at the last close, however long it waited', () => {
    const end = { marks: '-xx-', opens: [100, 100, 100, 120], closes: [100, 100, 100, 120] };
    assert.deepEqual(lines(runGappy('.LLL', end)), []);
    assert.deepEqual(lines(runGappy('.LLL', end, NEXT)), ['long 1>3-3 forced_close 120>120']);
  });

  test('fills that waited are counted', () => {
    const count = (signal: string, changes = {}) =>
      runGappy(signal, { marks: MARKS, opens: OPENS, closes: CLOSES }, changes).waitedFills;
    assert.equal(count('..LLLL..'), 1);
    assert.equal(count('LL.SSS..'), 2);
    assert.equal(count('LLLLLL..'), 0);
    assert.equal(count('....L...', NEXT), 0); // the open of bar 5 is where it would have been filled anyway
  });
});
