// The README of this folder follows eight bars from bits to money. Here the functions of the folder compute the same
// bars, `simulate` trades them too, and every number in the README must be the number computed.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { HEAP, openArena } from '../columns/arena.ts';
import { signalOf } from '../columns/bits.ts';
import { parseSpec } from '../gate/parse-spec.ts';
import { digitsAt } from '../grid/grid.ts';
import { prepare, targetOf } from '../prepare.ts';
import { openFactors, type Factors } from '../signals/factors.ts';
import { NO_RISK, settingOf, type Simulation } from '../simulate/setting.ts';
import { simulate } from '../simulate/simulate.ts';
import { HOUR_MS } from '../spec.ts';
import { candlesOfCloses } from '../testing/candles.ts';
import { openBalance, settle, writeReturns } from './balance.ts';
import { levelsOf, openEnds } from './ends.ts';
import { LONG, openFills, SHORT } from './fills.ts';
import { findEdges, findRuns, openEdges, openRuns, type Signal } from './runs.ts';
import { openScan, scanBoth, type BitPair } from './scan.ts';
import { openStopPrices } from './stop-prices.ts';
import { exitBarOf, findStop, NEVER, type Position } from './stops.ts';
import { openTrader } from './trader.ts';

const BARS = 8;
const CLOSES = [98, 104, 102, 108, 106, 96, 102, 110];
const VOLUMES = [50, 60, 45, 30, 10, 25, 50, 60];
const START = Date.UTC(2024, 0, 1);

const SPEC = parseSpec({
  time_range: { start: new Date(START).toISOString(), end: new Date(START + BARS * HOUR_MS).toISOString() },
  luck: 0,
  warmup_bars: 0,
  template: {
    instrument_id: { market_id: 1, symbol: 'TEST' },
    timeframe: '1h',
    rules: { long: 'volume > 20 and close > level', short: 'volume < 40 and close < ceiling' },
    params: { level: { mode: 'explicit', values: [100, 105] }, ceiling: { mode: 'explicit', values: [110, 115] } },
    direction_mode: 'long-short',
    sizing_mode: 'all_in',
    execution: { init_cash_quote: 1000, fee_pct: 0.1, slippage_pct: 0.5, fill: 'close' },
    risk_grid: {
      sl: { mode: 'explicit', values: ['off', 2] },
      tp: { mode: 'explicit', values: ['off', 8] },
      trigger: 'close',
    },
  },
});

/** The variant of the README: level 100, ceiling 110, first with risk off, then with both stops. */
const BASE = 0;
const RISK_OFF = 0;
const BOTH_STOPS = 3;
const STOPS = { sl: 2, tp: 8 };

const PREPARED = prepare({ ...candlesOfCloses(CLOSES, START, HOUR_MS), volume: Float64Array.from(VOLUMES) }, SPEC);
const { target } = targetOf(PREPARED);
const SETTING = settingOf(SPEC.template, NO_RISK);

type Row = readonly string[];
type Block = readonly Row[];

/** The number of places that the README prints, by kind of number. */
const price = (value: number): string => value.toFixed(2);
const level = (value: number): string => value.toFixed(4);
const fraction = (value: number): string => value.toFixed(6);
const money = (value: number): string => value.toFixed(4);
const hex = (word: number): string => `0x${(word >>> 0).toString(16)}`;
const sideName = (side: number): string => (side === LONG ? 'long' : 'short');

function row<T>(label: string, values: Iterable<T>, format: (value: T) => string = String): Row {
  return [label, ...Array.from(values, format)];
}

/** Returns the row of a word: a bit for each bar, then the word. */
function bitsRow(label: string, word: number, bars = BARS): Row {
  return [label, ...Array.from({ length: bars }, (_, bar) => String((word >>> bar) & 1)), hex(word)];
}

const countTo = (length: number): number[] => Array.from({ length }, (_, at) => at);

/** Computes what the README shows, block by block, with the functions of this folder. */
function computedBlocks(): readonly Block[] {
  const { rules } = PREPARED.grid.strategy;
  const digits = new Int32Array(PREPARED.grid.axes.length);
  assert.ok(digitsAt(PREPARED.grid, BASE, digits));
  const factors = openFactors(rules, PREPARED.grid.axes, PREPARED.timeline, { bytes: 0, arena: HEAP, callerBytes: 0 });
  const [long, short] = [pairAt(factors.long, digits), pairAt(factors.short, digits)];
  const [longBits, shortBits] = [long.outer[0] & long.inner[0], short.outer[0] & short.inner[0]];
  const signal: Signal = { long, short, direction: 'long-short', hasShortRule: true, bars: BARS };

  const scan = openScan(1);
  scanBoth(long, short, scan);
  const words = { edges: scan.edges[0], long: scan.long[0], short: scan.short[0] };
  const edges = openEdges(BARS);
  findEdges(signal, scan, edges);
  const runs = openRuns(BARS, HEAP);
  findRuns(signal, scan, runs);
  const [entry, exit] = [runs.entry.subarray(0, runs.count), runs.exit.subarray(0, runs.count)];

  const fills = openFills(target, SETTING, HEAP);
  const entryFill = Array.from(entry, (place) => fills.prices[place]);
  const exitFill = Array.from(exit, (bar, run) => fills.prices[2 * bar + 1 - (entry[run] & 1)]);
  const ret = new Float64Array(BARS + 2);
  writeReturns(runs, fills, ret);

  const market = { fills, stopPrices: openStopPrices(target, SETTING) };
  const ends = openEnds(market, levelsOf(PREPARED.grid), 2 ** 20);
  ends.startBase(runs);
  const signalKeys = [...ends.endsAt(Int32Array.of(0, 0, 0, 0)).key.subarray(0, runs.count)];
  const { key, ret: stoppedRet } = ends.endsAt(Int32Array.of(1, 1, 0, 0));
  const keys = [...key.subarray(0, runs.count)];
  const stopRows = (kind: 'sl' | 'tp', direction: 1 | -1): Block => [
    row(
      `level of ${kind}`,
      Array.from(entry, (place, run) => {
        const towards = (place & 1) === LONG ? direction : -direction;
        return entryFill[run] * (1 + (towards * STOPS[kind]) / 100);
      }),
      level,
    ),
    row(
      `key of ${kind}`,
      Array.from(entry, (place, run) => {
        const position: Position = { entry: place >>> 1, side: place & 1, exit: exit[run] };
        const end = { key: 0, ret: 0 };
        findStop(market, { kind, amount: STOPS[kind] }, position, end);
        return end.key === NEVER ? 'never' : String(end.key);
      }),
    ),
  ];
  const runNumbers = countTo(runs.count);

  return [
    [row('bar', countTo(BARS)), row('close', target.close), row('volume', target.volume)],
    [
      ...PREPARED.grid.axes.map(({ key, values }, axis) => row(key, [values[digits[axis]]])),
      row('initial cash', [SETTING.initCash]),
      row('fee, percent', [SETTING.feePct]),
      row('slippage, percent', [SETTING.slippagePct]),
      row('stop-loss, percent', [STOPS.sl]),
      row('take-profit, percent', [STOPS.tp]),
    ],
    [
      row('bar', [...countTo(BARS), 'word']),
      bitsRow('volume > 20', long.outer[0]),
      bitsRow('close > level', long.inner[0]),
      bitsRow('long', longBits),
      bitsRow('volume < 40', short.outer[0]),
      bitsRow('close < ceiling', short.inner[0]),
      bitsRow('short', shortBits),
    ],
    [
      row('BitPair', ['long', 'short']),
      row('outer', [long.outer[0], short.outer[0]], hex),
      row('inner', [long.inner[0], short.inner[0]], hex),
      row('outerSummary', [long.outerSummary[0], short.outerSummary[0]], hex),
      row('innerSummary', [long.innerSummary[0], short.innerSummary[0]], hex),
    ],
    [
      row('bar', [...countTo(BARS + 1), 'word']),
      bitsRow('long, not short', words.long, BARS + 1),
      bitsRow('short, not long', words.short, BARS + 1),
      bitsRow('edges', words.edges, BARS + 1),
    ],
    [
      row('Scan.count', [scan.count]),
      row('Scan.visits', [scan.visits[0]]),
      row('Scan.word', [scan.word[0]]),
      row('Scan.edges', [words.edges], hex),
      row('Scan.long', [words.long], hex),
      row('Scan.short', [words.short], hex),
    ],
    [
      row('Edges.count', [edges.count]),
      row('Edges.bar', edges.bar.subarray(0, edges.count)),
      row('Edges.state', edges.state.subarray(0, edges.count)),
    ],
    [row('Runs.count', [runs.count]), row('Runs.entry', runs.entry), row('Runs.exit', runs.exit)],
    [
      row('run', runNumbers),
      row('side', entry, (place) => sideName(place & 1)),
      row('bar that decides the entry', entry, (place) => String(place >>> 1)),
      row('bar that decides the exit', exit),
    ],
    [0, 6, 12].map((at) => row(`Fills.prices[${at}..${at + 5}]`, fills.prices.subarray(at, at + 6), price)),
    [
      row('side', [LONG, SHORT], sideName),
      row('Fills.factor', fills.factor, (value) => value.toFixed(3)),
      row('Fills.base', fills.base, (value) => value.toFixed(3)),
      row('Fills.extra', fills.extra, (value) => value.toFixed(3)),
    ],
    [
      row('run', runNumbers),
      row('entry fill', entryFill, price),
      row('exit fill', exitFill, price),
      row('ratio', runNumbers, (run) => fraction(exitFill[run] / entryFill[run])),
      row('ret', ret.subarray(0, runs.count), fraction),
    ],
    balanceRows(ret, runs.count),
    [
      row('run', runNumbers),
      ...stopRows('sl', -1),
      ...stopRows('tp', 1),
      row('key of the signal', signalKeys),
      row('Ends.key', keys),
      row('exit bar', keys, (end) => String(exitBarOf(end, fills))),
      row('Ends.ret', stoppedRet.subarray(0, runs.count), fraction),
    ],
    balanceRows(stoppedRet, runs.count),
  ];
}

function pairAt(side: Factors['long'], digits: Int32Array): BitPair {
  return {
    outer: side.outer.at(digits),
    inner: side.inner.at(digits),
    outerSummary: side.outerSummary.at(digits),
    innerSummary: side.innerSummary.at(digits),
  };
}

/** Returns the balance after each trade: it settles one trade, then two, then all. */
function balanceRows(ret: Float64Array, count: number): Block {
  const balance = openBalance(BARS, false, HEAP);
  const available = [SETTING.initCash];
  for (let trades = 1; trades <= count; trades += 1) {
    settle(SETTING, ret, trades, balance);
    available.push(balance.available);
  }
  return [
    row('trade', countTo(count)),
    row('available before', available.slice(0, count), money),
    row('Balance.net', balance.net.subarray(0, count), money),
    row('available after', available.slice(1), money),
  ];
}

/** Reads the blocks of the README: rows of a label and its cells, with two spaces between them at least. */
function printedBlocks(): readonly Block[] {
  const readme = readFileSync(join(import.meta.dirname, 'README.md'), 'utf8');
  return [...readme.matchAll(/^```\n(.*?)^```$/gms)].map(([, text = '']) =>
    text
      .trimEnd()
      .split('\n')
      .map((line) => line.split(/ {2,}/)),
  );
}

/** Finds a row of the README by its label; `nth` counts rows that have the same one. */
function printedRow(label: string, nth = 0): Row {
  return (
    printedBlocks()
      .flat()
      .filter(([first]) => first === label)[nth] ?? assert.fail(`the README has no ${label}`)
  );
}

test('the README prints the numbers that the functions of this folder compute', () => {
  const [printed, computed] = [printedBlocks(), computedBlocks()];
  for (const [at, block] of computed.entries()) assert.deepEqual(printed[at], block, `block ${at + 1}`);
  assert.equal(printed.length, computed.length);
});

/** Simulates the example under some stops. */
function simulated(stops: { readonly sl?: number; readonly tp?: number }): Simulation {
  const signal = new Int8Array(BARS);
  const [long, short] = ['long', 'short'].map((side) => Uint32Array.of(Number(printedRow(side).at(-1))));
  signalOf(long, short, signal);
  assert.deepEqual([...signal], [0, 1, 1, 0, -1, -1, 1, 1]);
  return simulate(target, signal, { ...SETTING, ...stops });
}

for (const [name, arena] of [
  ['on the heap', () => HEAP],
  ['with the kernels', openArena],
] as const) {
  test(`the trader ${name} ends with the numbers of the README and of simulate`, () => {
    const trader = openTrader(PREPARED, 1, arena());
    const check = (stops: Parameters<typeof simulated>[0], nth: number): void => {
      const { finalEquity, trades } = simulated(stops);
      const { available, safe, count, bust, net } = trader.balance;
      assert.deepEqual({ available, safe, count, bust }, { available: finalEquity, safe: 0, count: 3, bust: false });
      assert.deepEqual(net.slice(0, count), trades.net.slice(0, count));
      assert.equal(trader.measures.value('total_return_pct'), ((finalEquity - 1000) / 1000) * 100);
      assert.deepEqual(row('Balance.net', net.subarray(0, count), money), printedRow('Balance.net', nth));
      assert.equal(money(available), printedRow('available after', nth).at(-1));
    };
    assert.ok(trader.tradeRiskOff(BASE));
    check({}, 0);
    assert.ok(trader.trade(BASE, BOTH_STOPS));
    check(STOPS, 1);
    assert.ok(trader.trade(BASE, RISK_OFF));
    check({}, 0);
  });
}

test('simulate makes the trades of the README', () => {
  const { trades } = simulated({});
  const first = <T>(column: { readonly subarray: (from: number, to: number) => T }): T => column.subarray(0, 3);
  assert.equal(trades.count, 3);
  assert.deepEqual([...first(trades.side)], [1, -1, 1]);
  assert.deepEqual([...first(trades.exitBar)], [3, 6, 7]); // the last one is closed by force on the last bar
  assert.deepEqual(
    row('bar that decides the entry', first(trades.signalBar)),
    printedRow('bar that decides the entry'),
  );
  assert.deepEqual(row('entry fill', first(trades.entryFill), price), printedRow('entry fill'));
  assert.deepEqual(row('exit fill', first(trades.exitFill), price), printedRow('exit fill'));
  assert.deepEqual(row('ret', first(trades.ret), fraction), printedRow('ret'));

  const stopped = simulated(STOPS).trades;
  assert.equal(stopped.count, 3);
  assert.deepEqual(row('exit bar', first(stopped.exitBar)), printedRow('exit bar'));
  assert.deepEqual(row('Ends.ret', first(stopped.ret), fraction), printedRow('Ends.ret'));
});
