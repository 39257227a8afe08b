import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { sliceCandles } from '../bars/candles.ts';
import { sliceCarried, type TargetBars } from '../bars/carried.ts';
import { random } from '../grid/random.ts';
import { HOUR_MS } from '../spec.ts';
import { candlesOfCloses, randomCandles, withGaps } from '../testing/candles.ts';
import { randomExits, randomSetting, randomSignal, settingWith } from '../testing/settings.ts';
import { lines, rows, run, runBars, type Bar } from '../testing/simulations.ts';
import { openBuffers, settingOf, type Setting, type Simulation } from './setting.ts';
import { simulate } from './simulate.ts';

function near(actual: number, expected: number, relative = 1e-12): void {
  assert.ok(Math.abs(actual - expected) <= relative * Math.abs(expected), `${actual} is not ${expected}`);
}

test('worked example: a long and a short with costs', () => {
  const simulation = run('LLSS', [100, 101, 102, 102], { feePct: 0.1, slippagePct: 0.01 });
  const { trades, finalEquity, equity } = simulation;
  assert.deepEqual(
    lines(simulation).map((line) => line.split(' ').slice(0, 3).join(' ')),
    ['long 0>0-2 signal_exit', 'short 2>2-3 forced_close'],
  );
  assert.equal(trades.net[0].toFixed(4), '17.7762');
  assert.equal(trades.net[1].toFixed(4), '-2.2393');
  near(finalEquity, 1015.5368927507691);
  assert.equal(equity[3], finalEquity);
});

test('equity while open borrows the entry fee and marks the position at the close', () => {
  const long = run('LLL', [100, 110, 110], { feePct: 1, slippagePct: 1 });
  near(long.equity[0], 1000 - 1000 - 10 + (1000 / 101) * 100);
  near(long.equity[1], 1000 - 1000 - 10 + (1000 / 101) * 110);
  const short = run('SSS', [100, 110, 110], { feePct: 1, slippagePct: 1, sizing: 'fixed_quote', fixedQuote: 400 });
  near(short.equity[1], 1000 - 400 - 4 + 400 + (400 - (400 / 99) * 110));
});

describe('the position follows the signal', () => {
  test('neutral exits, and exit and reversal share a bar', () => {
    assert.deepEqual(lines(run('.LL.SSLL', [1, 2, 3, 4, 5, 6, 7, 8])), [
      'long 1>1-3 signal_exit 2>4',
      'short 4>4-6 signal_exit 5>7',
      'long 6>6-7 forced_close 7>8',
    ]);
  });

  test('the first target bar enters: before it the signal is neutral', () => {
    assert.deepEqual(lines(run('L.', [1, 2])), ['long 0>0-1 signal_exit 1>2']);
  });

  test('a forbidden side only exits', () => {
    assert.deepEqual(lines(run('LLSSLL', [1, 2, 3, 4, 5, 6], { direction: 'long-only' })), [
      'long 0>0-2 signal_exit 1>3',
      'long 4>4-5 forced_close 5>6',
    ]);
    assert.deepEqual(lines(run('LLSSLL', [1, 2, 3, 4, 5, 6], { direction: 'short-only' })), [
      'short 2>2-4 signal_exit 3>5',
    ]);
  });

  test('the last bar decides no entry, and its signal exit is one', () => {
    assert.deepEqual(lines(run('..L', [1, 2, 3])), []);
    assert.deepEqual(lines(run('LLS', [1, 2, 3])), ['long 0>0-2 signal_exit 1>3']);
    assert.deepEqual(lines(run('L', [1])), []);
  });
});

/** Bar n opens at 10n + 5 and closes at 10n + 8. */
function nextOpen(signal: string, changes: Partial<Setting> = {}): string[] {
  const bars = Array.from(signal, (_, bar): Bar => [10 * bar + 5, 10 * bar + 9, 10 * bar + 1, 10 * bar + 8]);
  return lines(runBars(signal, bars, { fill: 'next_open', ...changes }));
}

describe('fill next_open', () => {
  test('everything decided at a close fills at the next open', () => {
    assert.deepEqual(nextOpen('.LLS..'), [
      'long 1>2-4 signal_exit at open 25>45',
      'short 3>4-5 signal_exit at open 45>55',
    ]);
  });

  test('an entry decided one bar before the last fills at the last open and closes at the last close', () => {
    assert.deepEqual(nextOpen('..L.'), ['long 2>3-3 forced_close 35>38']);
    assert.deepEqual(nextOpen('...L'), []);
  });

  test('what is decided on the last bar cannot fill: the position is forced closed at the close', () => {
    assert.deepEqual(nextOpen('LLLS'), ['long 0>1-3 forced_close 15>38']);
    assert.deepEqual(nextOpen('LLLL', { tp: 120 }), ['long 0>1-3 forced_close 15>38']);
  });

  test('a signal of one bar is a trade from the next open to the one after', () => {
    assert.deepEqual(nextOpen('.L...'), ['long 1>2-3 signal_exit at open 25>35']);
  });

  test('a stop triggered by a close fills at the next open, together with a reversal decided there', () => {
    assert.deepEqual(nextOpen('SSSSS', { sl: 50 }), ['short 0>1-3 sl at open 15>35']);
    assert.deepEqual(nextOpen('SSLLL', { sl: 50, sizing: 'fixed_quote' }), [
      'short 0>1-3 sl at open 15>35',
      'long 2>3-4 forced_close 35>48',
    ]);
  });
});

describe('stops triggered by the close', () => {
  test('a long stops at or beyond its level, at the close, and does not enter again', () => {
    assert.deepEqual(lines(run('LLLLL', [100, 95.01, 95, 100, 105], { sl: 5 })), ['long 0>0-2 sl 100>95']);
    assert.deepEqual(lines(run('LLLLL', [100, 112.49, 112.5, 100, 105], { tp: 12.5 })), ['long 0>0-2 tp 100>112.5']);
  });

  test('a short is mirrored', () => {
    assert.deepEqual(lines(run('SSSS', [100, 104.99, 106, 100], { sl: 5 })), ['short 0>0-2 sl 100>106']);
    assert.deepEqual(lines(run('SSSS', [100, 91, 89, 100], { tp: 10 })), ['short 0>0-2 tp 100>89']);
  });

  test('levels are measured from the entry fill, slippage included', () => {
    const [line] = lines(run('LLLL', [100, 95.5, 95.9, 100], { sl: 5, slippagePct: 1 })); // level 95.95
    assert.match(line, /^long 0>0-1 sl/);
  });

  test('a stop comes before the signal exit of the same bar and leaves room for its reversal', () => {
    assert.deepEqual(lines(run('LLSS', [100, 101, 90, 90], { sl: 5 })), [
      'long 0>0-2 sl 100>90',
      'short 2>2-3 forced_close 90>90',
    ]);
  });

  test('a stop on the last bar is a stop', () => {
    assert.deepEqual(lines(run('LLL', [100, 101, 90], { sl: 5 })), ['long 0>0-2 sl 100>90']);
  });

  test('after a stop the next edge enters', () => {
    assert.deepEqual(lines(run('LLL.LL', [100, 90, 91, 92, 93, 94], { sl: 5 })), [
      'long 0>0-1 sl 100>90',
      'long 4>4-5 forced_close 93>94',
    ]);
  });

  test('lows and highs do not matter', () => {
    const bars: Bar[] = [
      [100, 100, 100, 100],
      [100, 200, 1, 100],
      [100, 100, 100, 100],
    ];
    assert.deepEqual(lines(runBars('LLL', bars, { sl: 5, tp: 5 })), ['long 0>0-2 forced_close 100>100']);
  });
});

describe('intrabar stops', () => {
  const intrabar = { trigger: 'intrabar', sl: 5, tp: 10 } as const;
  const calm: Bar = [100, 101, 99, 100];

  test('low or high reaching a level fills at the level, and slips', () => {
    assert.deepEqual(lines(runBars('LLL', [calm, [100, 101, 94, 96], calm], intrabar)), ['long 0>0-1 sl 100>95']);
    assert.deepEqual(lines(runBars('SSS', [calm, [100, 105, 99, 100], calm], intrabar)), ['short 0>0-1 sl 100>105']);
    assert.deepEqual(lines(runBars('SSS', [calm, [100, 101, 90, 100], calm], intrabar)), ['short 0>0-1 tp 100>90']);
    const { trades } = runBars('LLL', [calm, [100, 112, 99, 100], calm], { ...intrabar, slippagePct: 1 });
    near(trades.exitFill[0], 101 * 1.1 * 0.99);
  });

  test('an open beyond a level fills at that open', () => {
    assert.deepEqual(lines(runBars('LLL', [calm, [90, 120, 85, 100], calm], intrabar)), [
      'long 0>0-1 sl at open 100>90',
    ]);
    assert.deepEqual(lines(runBars('SSS', [calm, [80, 120, 75, 100], calm], intrabar)), [
      'short 0>0-1 tp at open 100>80',
    ]);
  });

  test('a gap counts even where the open lies outside low and high', () => {
    assert.deepEqual(lines(runBars('LLL', [calm, [90, 101, 99, 100], calm], intrabar)), [
      'long 0>0-1 sl at open 100>90',
    ]);
  });

  test('a bar that reaches both levels is ambiguous: SL by default, TP as the other bound', () => {
    const bars: Bar[] = [calm, [100, 111, 94, 100], calm];
    const first = runBars('LLL', bars, intrabar);
    assert.deepEqual([lines(first), first.ambiguousBars], [['long 0>0-1 sl 100>95'], 1]);
    const other = runBars('LLL', bars, { ...intrabar, ambiguous: 'tp_first' });
    assert.deepEqual([lines(other)[0].slice(0, 11), other.ambiguousBars], ['long 0>0-1 ', 1]);
    assert.equal(other.trades.exitFill[0], 100 * 1.1);
    const gap = runBars('LLL', [calm, [94, 111, 94, 100], calm], intrabar);
    assert.equal(gap.ambiguousBars, 0);
  });

  test('the entry bar counts with next_open and not with close', () => {
    const bars: Bar[] = [calm, [100, 101, 94, 100], calm];
    assert.deepEqual(lines(runBars('.LL', bars, intrabar)), ['long 1>1-2 forced_close 100>100']);
    assert.deepEqual(lines(runBars('LLL', bars, { ...intrabar, fill: 'next_open' })), ['long 0>1-1 sl 100>95']);
  });

  test('it comes before what the close of its bar decides, and an order of the last close before it', () => {
    const fall: Bar = [100, 101, 90, 91];
    assert.deepEqual(lines(runBars('LLSS', [calm, calm, fall, [91, 91, 91, 91]], intrabar)), [
      'long 0>0-2 sl 100>95',
      'short 2>2-3 forced_close 91>91',
    ]);
    const atOpen = { ...intrabar, fill: 'next_open' } as const;
    assert.deepEqual(lines(runBars('LL.....', [calm, calm, calm, fall, calm, calm, calm], atOpen)), [
      'long 0>1-3 signal_exit at open 100>100',
    ]);
  });

  test('the last bar is watched too', () => {
    assert.deepEqual(lines(runBars('LL', [calm, [100, 101, 90, 91]], intrabar)), ['long 0>0-1 sl 100>95']);
  });
});

/** Two wins of 10 % and a trade that moves nothing. */
function twoWins(changes: Partial<Setting>): Simulation {
  return run('L.L.L.', [100, 110, 100, 110, 100, 100], changes);
}

describe('sizing', () => {
  test('all_in and strategy_compound commit everything available', () => {
    for (const sizing of ['all_in', 'strategy_compound'] as const) {
      const { trades } = twoWins({ sizing });
      assert.equal(trades.amount[0], 1000);
      near(trades.amount[1], 1100);
      near(trades.amount[2], 1210);
    }
  });

  test('fixed_quote commits its amount while there is that much', () => {
    const { trades } = run('L.L.L.', [100, 50, 100, 50, 100, 100], { sizing: 'fixed_quote', fixedQuote: 800 });
    assert.deepEqual([...trades.amount.subarray(0, 3)], [800, 600, 300]);
  });

  test('percent_of_equity commits a share of what is available', () => {
    const { trades } = twoWins({ sizing: 'percent_of_equity', equityPercent: 50 });
    assert.equal(trades.amount[0], 500);
    near(trades.amount[1], 525);
  });

  test('profit lock moves a share of a win to safety before the next entry', () => {
    const { trades, equity, finalEquity } = twoWins({
      sizing: 'strategy_compound_profit_lock',
      safeProfitPercent: 30,
    });
    near(trades.locked[0], 30);
    near(trades.amount[1], 1070);
    near(equity[1], 1100);
    near(trades.locked[1], 0.3 * 107);
    near(finalEquity, 1100 + 107);
    assert.equal(trades.locked[2], 0);
    const reversal = run('LSSS', [100, 110, 110, 110], { sizing: 'strategy_compound_profit_lock' });
    near(reversal.trades.amount[1], 1070);
  });
});

describe('bust', () => {
  test('an exit that leaves nothing ends the trading and writes the debt off', () => {
    const simulation = run('SS.L.S.', [100, 300, 300, 300, 330, 330, 330]);
    assert.deepEqual(lines(simulation), ['short 0>0-1 ruin 100>300']);
    assert.deepEqual([simulation.bust, simulation.writtenOff, simulation.finalEquity], [true, 1000, 0]);
    assert.deepEqual([...simulation.equity], [1000, 0, 0, 0, 0, 0, 0]);
  });

  test('a position whose equity touches zero at a close is closed there, and does not come back', () => {
    const simulation = run('SSSL.', [100, 200, 90, 90, 180]);
    assert.deepEqual(lines(simulation), ['short 0>0-1 ruin 100>200']);
    assert.deepEqual([simulation.bust, simulation.writtenOff, simulation.finalEquity], [true, 0, 0]);
    assert.equal(run('SSS', [100, 199.99, 90]).bust, false);
  });

  test('within the bar it counts at the extreme of the bar, after a stop and before the take-profit', () => {
    const bars: Bar[] = [
      [100, 100, 100, 100],
      [100, 210, 50, 90],
      [90, 90, 90, 90],
    ];
    const intrabar = { trigger: 'intrabar' } as const;
    const plain = runBars('SSS', bars, intrabar);
    assert.deepEqual(lines(plain), ['short 0>0-1 ruin 100>210']);
    assert.deepEqual([plain.bust, plain.writtenOff, plain.finalEquity], [true, 100, 0]);
    assert.deepEqual(lines(runBars('SSS', bars, { ...intrabar, sl: 5 })), ['short 0>0-1 sl 100>105']);
    const both = runBars('SSS', bars, { ...intrabar, tp: 50 });
    assert.deepEqual([...lines(both), both.ambiguousBars], ['short 0>0-1 ruin 100>210', 1]);
    const other = runBars('SSS', bars, { ...intrabar, tp: 50, ambiguous: 'tp_first' });
    assert.deepEqual([...lines(other), other.ambiguousBars], ['short 0>0-1 tp 100>50', 1]);
    assert.equal(runBars('SSS', bars).bust, false); // closes alone do not touch zero
  });

  test('a long is ruined where the price no longer pays its fee', () => {
    assert.deepEqual(lines(run('LLL', [100, 5, 100], { feePct: 5 })), ['long 0>0-1 ruin 100>5']);
    assert.equal(run('LLL', [100, 5.01, 100], { feePct: 5 }).bust, false);
  });

  test('what is locked stays', () => {
    const simulation = run('L.SS.', [100, 200, 100, 300, 300], {
      sizing: 'strategy_compound_profit_lock',
      safeProfitPercent: 50,
    });
    assert.deepEqual([simulation.bust, simulation.writtenOff, simulation.finalEquity], [true, 1500, 500]);
  });

  test('an order already given does not enter', () => {
    const bars = [100, 100, 300, 300, 300].map((price): Bar => [price, price, price, price]);
    assert.deepEqual(lines(runBars('SLLLL', bars, { fill: 'next_open', trigger: 'close' })), [
      'short 0>1-2 signal_exit at open 100>300',
    ]);
  });
});

test('a setting is the template under a risk point', () => {
  const execution = {
    init_cash_quote: 1,
    fee_pct: 2,
    slippage_pct: 3,
    fixed_quote: 4,
    equity_percent: 5,
    safe_profit_percent: 6,
    fill: 'next_open',
  } as const;
  const off = { mode: 'explicit', values: ['off'] } as const;
  const setting = settingOf(
    {
      instrument_id: { market_id: 1, symbol: 'X' },
      timeframe: '1h',
      indicator_grids: [],
      signal_grids: {},
      direction_mode: 'long-only',
      sizing_mode: 'fixed_quote',
      execution,
      risk_grid: { sl: off, tp: off, trail: off, max_bars: off, trigger: 'intrabar' },
    },
    { sl: 7, tp: null, trail: 8, maxBars: 9 },
  );
  assert.deepEqual(setting, {
    direction: 'long-only',
    sizing: 'fixed_quote',
    initCash: 1,
    feePct: 2,
    slippagePct: 3,
    fixedQuote: 4,
    equityPercent: 5,
    safeProfitPercent: 6,
    fill: 'next_open',
    trigger: 'intrabar',
    sl: 7,
    tp: null,
    trail: 8,
    maxBars: 9,
  });
});

test('lengths that differ are an error with the numbers', () => {
  assert.throws(() => simulate(candlesOfCloses([1, 2]), new Int8Array(3), settingWith()), /2 target bars .* of 3/);
  assert.throws(
    () => simulate(candlesOfCloses([1]), new Int8Array(1), settingWith(), null, openBuffers(9)),
    /1 target bars .* of 9/,
  );
  for (const exits of [
    { long: new Uint8Array(2), short: null },
    { long: null, short: new Uint8Array(2) },
  ]) {
    assert.throws(
      () => simulate(candlesOfCloses([1]), new Int8Array(1), settingWith(), exits),
      /1 target bars .* of 2/,
    );
  }
});

describe('on random input', () => {
  const cases = Array.from({ length: 400 }, (_, seed) => {
    const next = random(seed);
    const bars = 2 + Math.floor(next() * 300);
    const target: TargetBars = randomCandles(seed, bars, { stepMs: HOUR_MS, volatility: 0.001 + 0.1 * next() });
    const signal = randomSignal(next, bars, 1 + 20 * next());
    return { target, bars, signal, setting: randomSetting(next), exits: randomExits(next, bars), next };
  });

  const gappy = cases.map((one, seed) => ({ ...one, target: withGaps(one.target, random(~seed), 2 + (seed % 20)) }));

  for (const ruled of [false, true]) {
    const name = ruled ? ' (with exit rules)' : '';

    test(`sum of nets + written off = final - initial equity${name}`, () => {
      for (const { target, signal, setting, exits } of [...cases, ...gappy]) {
        const { trades, writtenOff, finalEquity, equity } = simulate(target, signal, setting, ruled ? exits : null);
        const nets = trades.net.subarray(0, trades.count).reduce((total, net) => total + net, 0);
        const change = finalEquity - setting.initCash;
        assert.ok(
          Math.abs(nets + writtenOff - change) <= 1e-9 * setting.initCash,
          `${nets} + ${writtenOff}: ${change}`,
        );
        assert.equal(equity.at(-1), finalEquity);
      }
    });

    test(`cutting the series changes no trade and no equity before its last bar${name}`, () => {
      for (const { target, signal, setting, exits, bars, next } of [...cases, ...gappy]) {
        const cut = 1 + Math.floor(next() * bars);
        const before = (rule: Uint8Array | null): Uint8Array | null => rule && rule.subarray(0, cut);
        const full = simulate(target, signal, setting, ruled ? exits : null);
        const part = simulate(
          { ...sliceCandles(target, 0, cut), carried: sliceCarried(target.carried ?? null, 0, cut) },
          signal.subarray(0, cut),
          setting,
          ruled ? { long: before(exits.long), short: before(exits.short) } : null,
        );
        assert.deepEqual(part.equity.subarray(0, cut - 1), full.equity.subarray(0, cut - 1));
        const ended = (simulation: Simulation): number[][] => rows(simulation).filter((row) => row[3] < cut - 1);
        assert.deepEqual(ended(part), ended(full));
        const entries = (simulation: Simulation): number[][] =>
          rows(simulation)
            .filter((row) => row[2] < cut - 1)
            .map(([side, signalBar, entryBar]) => [side, signalBar, entryBar]);
        assert.deepEqual(entries(part), entries(full));
      }
    });
  }

  test('trades are in order, one at a time, entered on an edge, and held while the signal lasts', () => {
    for (const { target, signal, setting, bars } of cases) {
      const { trades } = simulate(target, signal, setting);
      const delay = setting.fill === 'next_open' ? 1 : 0;
      for (let i = 0; i < trades.count; i += 1) {
        const decided = trades.signalBar[i];
        assert.equal(signal[decided], trades.side[i]);
        assert.notEqual(decided === 0 ? 0 : signal[decided - 1], trades.side[i]);
        assert.equal(trades.entryBar[i], decided + delay);
        assert.ok(decided < bars - 1 && trades.entryBar[i] <= trades.exitBar[i]);
        if (i > 0) assert.ok(trades.exitBar[i - 1] <= trades.entryBar[i]);
        for (let bar = decided; bar < trades.exitBar[i] - delay; bar += 1) assert.equal(signal[bar], trades.side[i]);
      }
    }
  });

  test('the two sides do not know of each other: long-short is long-only and short-only in one account', () => {
    for (const { target, signal, setting } of cases) {
      const both = simulate(target, signal, {
        ...setting,
        direction: 'long-short',
        sizing: 'fixed_quote',
        fixedQuote: 1,
      });
      if (both.bust) continue;
      const one = (direction: Setting['direction']): Simulation =>
        simulate(target, signal, { ...setting, direction, sizing: 'fixed_quote', fixedQuote: 1 });
      const together = [...rows(one('long-only')), ...rows(one('short-only'))].sort((a, b) => a[1] - b[1]);
      assert.deepEqual(rows(both), together);
    }
  });

  test('a short on the mirrored prices is the long, to the last bit where the numbers are exact', () => {
    for (let seed = 0; seed < 300; seed += 1) {
      const next = random(seed);
      const step = (): number => (Math.floor(next() * 41) - 20) / 4;
      const bars = Array.from({ length: 12 }, (): Bar => {
        const [open, close, up, down] = [64 + step(), 64 + step(), Math.abs(step()), Math.abs(step())];
        return [open, Math.max(open, close) + up, Math.min(open, close) - down, close];
      });
      bars[0] = [64, 64, 64, 64];
      bars[1] = [64, bars[1][1], bars[1][2], bars[1][3]];
      const mirrored = bars.map(([open, high, low, close]): Bar => [128 - open, 128 - low, 128 - high, 128 - close]);
      const { fill, trigger, ambiguous } = randomSetting(next);
      const changes: Partial<Setting> = {
        fill,
        trigger,
        sl: 6.25,
        tp: 12.5,
        maxBars: 9,
        ...(ambiguous && { ambiguous }),
      };
      const long = runBars('LLLLLLLLLLLL', bars, changes);
      const short = runBars('SSSSSSSSSSSS', mirrored, changes);
      assert.deepEqual(short.equity, long.equity);
      assert.deepEqual(
        [short.trades.reason[0], short.trades.exitBar[0]],
        [long.trades.reason[0], long.trades.exitBar[0]],
      );
      assert.deepEqual([short.trades.net[0], short.ambiguousBars], [long.trades.net[0], long.ambiguousBars]);
    }
  });

  test('when SL and TP are the only difference, TP first is never worse on an ambiguous bar', () => {
    let seen = 0;
    for (const { target, signal, setting } of cases) {
      const risky: Setting = { ...setting, trigger: 'intrabar', sl: 1, tp: 1, ambiguous: 'sl_first' };
      const low = simulate(target, signal, risky);
      const high = simulate(target, signal, { ...risky, ambiguous: 'tp_first' });
      assert.equal(low.ambiguousBars, high.ambiguousBars);
      if (low.bust || high.bust) continue;
      assert.equal(low.trades.count, high.trades.count);
      for (let i = 0; i < low.trades.count; i += 1) assert.ok(high.trades.ret[i] >= low.trades.ret[i]);
      seen += low.ambiguousBars;
    }
    assert.ok(seen > 100);
  });

  test('a room used before gives the same numbers', () => {
    const room = openBuffers(200);
    for (const { signal, setting, next } of cases.filter(({ bars }) => bars >= 200)) {
      const target = randomCandles(Math.floor(next() * 1000), 200);
      const used = simulate(target, signal.subarray(0, 200), setting, null, room);
      const fresh = simulate(target, signal.subarray(0, 200), setting);
      assert.deepEqual(used.equity, fresh.equity);
      assert.deepEqual(rows(used), rows(fresh));
    }
  });

  test('more trades than a new room has rows for', () => {
    const closes = Array.from({ length: 1001 }, (_, bar) => 100 + (bar % 7));
    const simulation = run('LS'.repeat(500).concat('.'), closes);
    assert.equal(simulation.trades.count, 1000);
    assert.deepEqual(
      rows(simulation).map((row) => row[1]),
      Array.from({ length: 1000 }, (_, bar) => bar),
    );
  });
});
