// The fast scorer is held to the reference: whatever a spec asks for, on tame and wild prices, on two bars and on many,
// both give the same bytes.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sliceCandles, type Candles } from '../bars/candles.ts';
import { sliceCarried } from '../bars/carried.ts';
import { HEAP, openArena } from '../columns/arena.ts';
import { random } from '../grid/random.ts';
import { prepare, type Prepared } from '../prepare.ts';
import { HOUR_MS } from '../spec.ts';
import { randomCandles } from '../testing/candles.ts';
import { randomSpec } from '../testing/random-specs.ts';
import { roundsOf } from '../testing/rounds.ts';
import { fastScorer } from './fast-scorer.ts';
import { referenceScorer, type Counts, type Scores, type Task } from './score.ts';

type Score = (task: Task) => Scores;

const WARMUP = 60;

/** Prices that barely move, that halve and double, that jump over levels and beyond their own bar. */
function randomMarket(next: () => number, seed: number, bars: number): Candles {
  const volatility = [0.0005, 0.012, 0.012, 0.1, 0.49][Math.floor(next() * 5)];
  const candles = randomCandles(seed, bars, { stepMs: HOUR_MS, volatility });
  if (next() < 0.5) return candles;
  const open = candles.open.map((price) => (next() < 0.2 ? price * (0.7 + 0.6 * next()) : price));
  const round = next() < 0.3; // then a level is often met exactly
  return round ? roundPrices({ ...candles, open }) : { ...candles, open };
}

function roundPrices(candles: Candles): Candles {
  const whole = (column: Float64Array): Float64Array => column.map((price) => Math.max(1, Math.round(price)));
  const [open, high, low, close] = [candles.open, candles.high, candles.low, candles.close].map(whole);
  return { ...candles, open, high, low, close };
}

/** Prices that double every 70 bars, which is the ruin of shorts. */
function rising(candles: Candles): Candles {
  const raised = (column: Float64Array): Float64Array => column.map((price, bar) => price * 1.01 ** bar);
  const [open, high, low, close] = [candles.open, candles.high, candles.low, candles.close].map(raised);
  return { ...candles, open, high, low, close };
}

/** The same candles without some, in stretches, fewer than half; the last may be missing too. */
function withHoles(candles: Candles, next: () => number, rare: number): Candles {
  let missing = false;
  let holes = 0;
  const kept = Array.from(candles.time, (_, bar) => {
    missing = bar > WARMUP && next() < (missing ? 0.6 : 1 / rare) && holes < (bar - WARMUP) * 0.45;
    holes += Number(missing);
    return !missing;
  });
  const column = (values: Float64Array): Float64Array => values.filter((_, bar) => kept[bar]);
  const { time, open, high, low, close, volume } = candles;
  return {
    time: column(time),
    open: column(open),
    high: column(high),
    low: column(low),
    close: column(close),
    volume: column(volume),
  };
}

/** The same without some of its last bars, as a part of a validation is: it may end on a bar without a market. */
function cut(whole: Prepared, share: number): Prepared {
  const { timeline } = whole;
  const bars = timeline.end - timeline.first;
  const kept = bars - Math.floor(share * (bars - 1) * 0.5);
  const candles = sliceCandles(timeline.candles, 0, timeline.first + kept);
  const carried = sliceCarried(timeline.carried, 0, kept);
  return { ...whole, timeline: { ...timeline, candles, end: timeline.first + kept, carried } };
}

/** From a hole in every third bar to one in two hundred. */
function pickRare(seed: number): number {
  return [3, 12, 200][Math.floor(seed / 3) % 3];
}

interface Case {
  readonly seed: number;
  readonly prepared: Prepared;
  readonly bases: Float64Array;
}

function randomCase(seed: number): Case {
  const next = random(seed);
  const bars = WARMUP + [2, 3, 31, 32, 33, 64, 100, 300, 700][Math.floor(next() * 9)];
  const market = seed % 5 === 2 ? rising(randomMarket(next, seed, bars)) : randomMarket(next, seed, bars);
  const candles = seed % 3 === 1 ? withHoles(market, random(~seed), pickRare(seed)) : market;
  const whole = prepare(candles, randomSpec(next, bars));
  const prepared = seed % 6 === 1 ? cut(whole, random(seed + 1)()) : whole;
  const { rawTotal } = prepared.grid;
  const bases = Float64Array.from({ length: rawTotal }, (_, index) => index).filter(() => next() < 6 / rawTotal);
  return { seed, prepared, bases };
}

function stageA(score: Score, { prepared: { grid } }: Case, chunk: number): readonly Scores[] {
  return chunksOf(grid.rawTotal, chunk).map(([from, to]) => score({ stage: 'stage_a', from, to, bases: null }));
}

function stageB(score: Score, { prepared: { grid }, bases }: Case, chunk: number): readonly Scores[] {
  const variants = bases.filter((base) => grid.baseTotal === grid.rawTotal || isVariant(score, base));
  return chunksOf(variants.length * grid.riskTotal, chunk).map(([from, to]) =>
    score({ stage: 'stage_b', from, to, bases: variants }),
  );
}

function isVariant(score: Score, base: number): boolean {
  return score({ stage: 'stage_a', from: base, to: base + 1, bases: null }).counts.scored === 1;
}

function chunksOf(end: number, chunk: number): readonly (readonly [number, number])[] {
  return Array.from({ length: Math.ceil(end / chunk) }, (_, at) => [at * chunk, Math.min(end, (at + 1) * chunk)]);
}

function sum(scores: readonly Scores[], name: keyof Counts): number {
  return scores.reduce((total, { counts }) => total + counts[name], 0);
}

test('on random specs the fast scorer and the reference give the same bytes', () => {
  let gappy = 0;
  const seen = { scored: 0, zero_trades: 0, min_trades: 0, max_drawdown: 0, kept: 0, ruined: 0 };
  for (let seed = 0; seed < roundsOf(1500); seed += 1) {
    const one = randomCase(seed);
    gappy += Number(one.prepared.timeline.carried !== null);
    const next = random(~seed);
    const arena = seed % 3 === 0 ? HEAP : openArena(); // the kernels of WebAssembly, and what stands in for them
    const [fast, slow] = [fastScorer(one.prepared, 1, arena), referenceScorer(one.prepared)];
    for (const stage of [stageA, stageB]) {
      const chunk = 1 + Math.floor(next() ** 3 * 3000);
      const found = stage(fast, one, chunk);
      assert.deepEqual(found, stage(slow, one, chunk), `seed ${seed}, ${stage.name}, chunks of ${chunk}`);
      for (const name of ['scored', 'zero_trades', 'min_trades', 'max_drawdown'] as const)
        seen[name] += sum(found, name);
      seen.ruined += found.reduce((total, { best }) => total + best.ruined.reduce((ruins, flag) => ruins + flag, 0), 0);
      seen.kept += found.reduce((total, { best }) => total + best.index.length, 0);
    }
  }
  assert.ok(gappy > roundsOf(1500) / 8, `${gappy} with carried bars`);
  for (const [name, times] of Object.entries(seen))
    assert.ok(times > (name === 'ruined' ? roundsOf(1500) / 10 : 300), `${name}: ${times}`);
});

test('what was scored before, and in which order, changes nothing', () => {
  for (let seed = 0; seed < roundsOf(200); seed += 1) {
    const one = randomCase(seed);
    const next = random(~seed);
    const { rawTotal } = one.prepared.grid;
    const used = fastScorer(one.prepared);
    for (let round = 0; round < 5; round += 1) {
      const from = Math.floor(next() * rawTotal);
      const task: Task = { stage: 'stage_a', from, to: Math.min(rawTotal, from + 3), bases: null };
      assert.deepEqual(used(task), fastScorer(one.prepared)(task), `seed ${seed}`);
      const risks = stageB(used, one, 1 + Math.floor(next() * 20));
      if (round === 0) assert.equal(sum(risks, 'scored'), sum(stageB(fastScorer(one.prepared), one, 1e6), 'scored'));
    }
  }
});
