// `simulate` against a second simulator that shares no line with it, on random input of every kind, to the last bit.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Candles } from '../bars/candles.ts';
import type { TargetBars } from '../bars/carried.ts';
import { random } from '../grid/random.ts';
import { HOUR_MS } from '../spec.ts';
import { randomCandles, withGaps } from '../testing/candles.ts';
import { randomExits, randomSetting, randomSignal } from '../testing/settings.ts';
import { rows } from '../testing/simulations.ts';
import { slowSimulate } from '../testing/slow-simulate.ts';
import type { Exits, Setting, Simulation } from './setting.ts';
import { simulate } from './simulate.ts';
import { EXIT_REASONS } from './trades.ts';

interface Case {
  readonly target: TargetBars;
  readonly signal: Int8Array;
  readonly setting: Setting;
  readonly exits: Exits;
}

/** Few bars and many, calm and wild, some with prices so round that levels are hit exactly. */
function caseOf(seed: number): Case {
  const next = random(seed);
  const bars = 1 + Math.floor(next() * 120);
  const wild = next() < 0.35;
  const walk = randomCandles(seed, bars, { stepMs: HOUR_MS, volatility: wild ? 0.45 : 0.001 + 0.1 * next() });
  const complete = next() < 0.25 ? rounded(walk) : walk;
  const target = seed % 3 === 0 ? withGaps(complete, random(~seed)) : complete;
  const signal = randomSignal(next, bars, 1 + 15 * next());
  const setting = randomSetting(next);
  const exits = next() < 0.3 ? { long: null, short: null } : randomExits(next, bars, 1 + 20 * next());
  const round = { sl: 6.25, tp: 12.5, trail: 6.25, slippagePct: 0 };
  const tight = { sl: 0.5, tp: 0.5 };
  const bare = { sl: null, tp: null, trail: null, maxBars: null }; // the ruin of a short takes time
  const change = wild ? bare : [round, tight][Math.floor(12 * next())];
  return { target, signal, setting: { ...setting, ...change }, exits };
}

function rounded({ time, open, high, low, close, volume }: Candles): Candles {
  const whole = (column: Float64Array): Float64Array => column.map((price) => Math.max(1, Math.round(price / 4) * 4));
  return { time, open: whole(open), high: whole(high), low: whole(low), close: whole(close), volume };
}

const LETTERS = { long: 1, short: -1 } as const;

function slowRows(trades: ReturnType<typeof slowSimulate>['trades']): number[][] {
  return trades.map((trade) => [
    LETTERS[trade.side],
    trade.decidedAt,
    trade.entryBar,
    trade.exitBar,
    Number(trade.exitAtOpen),
    trade.entryFill,
    trade.exitFill,
    trade.amount,
    trade.net,
    trade.ret,
    trade.locked,
    EXIT_REASONS.findIndex((reason) => reason === trade.reason),
  ]);
}

function told({
  bust,
  writtenOff,
  ambiguousBars,
  possibleTrails,
  waitedFills,
  carriedClose,
}: Told): readonly unknown[] {
  return [bust, writtenOff, ambiguousBars, possibleTrails, waitedFills, carriedClose];
}

type Told = Pick<
  Simulation,
  'bust' | 'writtenOff' | 'ambiguousBars' | 'possibleTrails' | 'waitedFills' | 'carriedClose'
>;

describe('on random input', () => {
  test('equals the slow simulator to the last bit: trades, equity, bust, debt, ambiguous bars', () => {
    const reasons = new Map<string, number>();
    const kinds = new Map<string, number>();
    let busts = 0;
    let ambiguous = 0;
    let waits = 0;
    let possible = 0;
    for (let seed = 0; seed < 8000; seed += 1) {
      const { target, signal, setting, exits } = caseOf(seed);
      const fast = simulate(target, signal, setting, exits);
      const slow = slowSimulate(target, signal, setting, exits);
      const about = `seed ${seed}, ${JSON.stringify(setting)}`;
      assert.deepEqual(rows(fast), slowRows(slow.trades), about);
      assert.deepEqual([...fast.equity], slow.equity, about);
      assert.equal(fast.finalEquity, slow.equity.at(-1), about);
      assert.deepEqual(told(fast), told(slow), about);
      const { bust, ambiguousBars } = slow;
      waits += slow.waitedFills;
      possible += slow.possibleTrails;
      for (const { reason } of slow.trades) reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
      if (slow.trades.length > 0) {
        const rules = `${exits.long === null ? 'follows' : 'ruled'} ${exits.short === null ? 'follows' : 'ruled'}`;
        const kind = [setting.fill, setting.trigger, setting.direction, setting.sizing, rules].join(' ');
        kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
      }
      busts += Number(bust);
      ambiguous += ambiguousBars;
    }
    for (const reason of EXIT_REASONS) assert.ok((reasons.get(reason) ?? 0) > 200, `${reason}: ${reasons.get(reason)}`);
    assert.equal(kinds.size, 2 * 2 * 3 * 5 * 4);
    assert.ok(possible > 200, `${possible} trails possible`);
    assert.ok(waits > 1000, `${waits} fills waited`);
    assert.ok(busts > 50 && ambiguous > 200, `${busts} busts, ${ambiguous} ambiguous bars`);
  });

  const cases = Array.from({ length: 1500 }, (_, seed) => caseOf(seed));

  test('prices in another unit of money give the same trades and equity, exactly where the unit is a power of two', () => {
    for (const { target, signal, setting, exits } of cases) {
      const { open, high, low, close } = target;
      const scaled = (column: Float64Array): Float64Array => column.map((price) => price * 8);
      const other = { ...target, open: scaled(open), high: scaled(high), low: scaled(low), close: scaled(close) };
      const before = simulate(target, signal, setting, exits);
      const after = simulate(other, signal, setting, exits);
      assert.deepEqual(after.equity, before.equity);
      const inOldUnit = rows(after).map((row) => row.map((value, at) => (at === 5 || at === 6 ? value / 8 : value)));
      assert.deepEqual(inOldUnit, rows(before));
    }
  });

  test('risk exits that nothing reaches and rules that never hold on a signal that never pauses change nothing', () => {
    for (const { target, signal, setting, exits } of cases) {
      const plain = { ...setting, sl: null, tp: null, trail: null, maxBars: null };
      const far = { ...plain, tp: 1e9, maxBars: signal.length + 1 };
      const stops = { sl: 99.9999, trail: 99.9999 }; // which a price that doubles reaches from the other side
      const { trades, equity } = simulate(target, signal, plain, exits);
      for (const wide of [far, ...(setting.direction === 'long-only' ? [{ ...far, ...stops }] : [])]) {
        const other = simulate(target, signal, wide, exits);
        assert.deepEqual([other.trades.count, other.equity], [trades.count, equity]);
      }
      const restless = signal.map((one) => (one === 0 ? 1 : one));
      const never = new Uint8Array(signal.length);
      const held = simulate(target, restless, { ...plain, direction: 'long-short' }, { long: never, short: never });
      const followed = simulate(target, restless, { ...plain, direction: 'long-short' });
      assert.deepEqual(rows(held), rows(followed));
    }
  });

  test('with fill close, a rule that holds where the signal is another one is the signal: only the reason differs', () => {
    for (const { target, signal, setting } of cases) {
      if (target.carried) continue; // an exit rule is not read before the fill that it would end
      const closing: Setting = { ...setting, fill: 'close' };
      const away = (side: number): Uint8Array => Uint8Array.from(signal, (one) => Number(one !== side));
      const ruled = simulate(target, signal, closing, { long: away(1), short: away(-1) });
      const followed = simulate(target, signal, closing);
      const withoutReason = (simulation: Simulation): number[][] => rows(simulation).map((row) => row.slice(0, -1));
      assert.deepEqual(withoutReason(ruled), withoutReason(followed));
      assert.deepEqual(ruled.equity, followed.equity);
    }
  });

  test('without exit rules, risk exits change no number of trades, which is why stage_a may count them', () => {
    let differ = 0;
    for (const { target, signal, setting, exits } of cases) {
      const plain = { ...setting, sl: null, tp: null, trail: null, maxBars: null };
      const [bare, stopped] = [plain, setting].map((one) => simulate(target, signal, one));
      if (bare.bust || stopped.bust) continue;
      if (bare.ruled || stopped.ruled) continue; // an order was taken back in a gap
      assert.equal(stopped.trades.count, bare.trades.count);
      const [bareRuled, stoppedRuled] = [plain, setting].map((one) => simulate(target, signal, one, exits));
      differ += Number(stoppedRuled.trades.count !== bareRuled.trades.count && bareRuled.ruled);
      if (!bareRuled.ruled) assert.equal(stoppedRuled.trades.count, bareRuled.trades.count);
    }
    assert.ok(differ > 20, `only ${differ} of them show that exit rules make a difference`);
  });
});
