// The trials that a verdict compares: variants drawn at random, base variants first and of each risk settings, without a look
// at any score. Each is traded once, as the scorer does; of its daily returns only sums by block stay.

import { openArena } from '../columns/arena.ts';
import { openTrader } from '../fast/trader.ts';
import type { Grid } from '../grid/grid.ts';
import { random } from '../grid/random.ts';
import { draw, sampleSize, selectFrom } from '../grid/sample.ts';
import { openLeftOut } from '../grid/short-history.ts';
import { canonicalJson } from '../identity/canonical.ts';
import { sha256 } from '../identity/sha256.ts';
import { targetOf, type Prepared } from '../prepare.ts';
import { dailyReturnsOf, dailySharpe, daysOf } from '../simulate/metrics.ts';
import type { Spec } from '../spec.ts';
import { momentsOf, type Moments } from './moments.ts';
import { blockSums, type BlockSums } from './overfitting.ts';

export const BLOCKS = 16;

/** Variants that are compared, at most. */
const MOST_COMPARED = 1000;

/** A variant to run. */
export interface Candidate {
  readonly base: number;
  readonly risk: number;
}

export interface Trial extends Candidate {
  /** Of one day; not finite where it has no meaning. */
  readonly sharpe: number;
  /** The same of the daily returns in excess of buy and hold. */
  readonly excess: number;
  readonly blocks: BlockSums;
  /** The primary metric. */
  readonly score: number;
}

/** What a candidate came to. */
export interface Ran {
  readonly trades: number;
  readonly returnPct: number;
  /** Null: it has no daily returns to compare. */
  readonly found: { readonly trial: Trial; readonly moments: Moments; readonly returns: Float64Array } | null;
}

export interface Trials {
  /** So many returns each trial has. */
  readonly days: number;
  /** Daily returns of buy and hold. */
  readonly holding: Float64Array;
  /** The variants that are compared, in grid order; yields `turn()` while it looks. */
  readonly choose: <T>(turn: () => T) => Generator<T, readonly Candidate[]>;
  /** Runs a candidate; its returns are valid until the next run. */
  readonly run: (candidate: Candidate) => Ran;
  /** The primary metric of a variant of the grid; NaN if it does not trade or is no variant. */
  readonly score: (base: number, risk: number) => number;
}

export function openTrials(prepared: Prepared): Trials {
  const { spec, grid } = prepared;
  const { target, context } = targetOf(prepared);
  const { primary_metric } = spec.ranking;
  const trader = openTrader(prepared, VERDICT_SHARERS, openArena());
  const { balance, measures } = trader;
  const days = daysOf(target, context);
  const holding = dailyReturnsOf(target.close, days, target.close[0]) ?? days.returns;
  const over = new Float64Array(days.lastBars.length);
  const leftOut = openLeftOut(grid, prepared.timeline);
  /** How often a variant trades; 0 too if there is no such variant, or it is not ranked for its short history. */
  const tradesOf = (base: number, risk: number): number =>
    !leftOut?.(base) && trader.trade(base, risk) ? balance.count : 0;
  return {
    days: days.lastBars.length,
    holding,
    choose: (turn) => chooseTrials(spec, grid, turn),
    run({ base, risk }) {
      const trades = tradesOf(base, risk);
      const returns = trades === 0 ? null : measures.dailyReturns();
      const returnPct = trades === 0 ? 0 : measures.value('total_return_pct');
      if (returns === null) return { trades, returnPct, found: null };
      for (let day = 0; day < over.length; day += 1) over[day] = returns[day] - holding[day];
      const moments = momentsOf(returns);
      const excess = dailySharpe(over);
      const score = measures.value(primary_metric);
      const trial = { base, risk, sharpe: moments.sharpe, excess, blocks: blockSums(returns, BLOCKS), score };
      return { trades, returnPct, found: { trial, moments, returns } };
    },
    score: (base, risk) => (tradesOf(base, risk) > 0 ? measures.value(primary_metric) : NaN),
  };
}

/** Draws base variants, and of each as many risk settings as there is room for; all variants where they are few. */
function* chooseTrials<T>(spec: Spec, grid: Grid, turn: () => T): Generator<T, readonly Candidate[]> {
  const seed = sampleSeed(spec);
  const bases =
    spec.sample === null
      ? yield* draw(grid, { n: MOST_COMPARED, seed }, turn)
      : selectFrom(yield* draw(grid, spec.sample, turn), MOST_COMPARED, seed);
  const each = settingsOfEach(grid, bases.length);
  const next = random(seed ^ 0x5f3759df);
  return Array.from(bases).flatMap((base) => {
    const risks = chooseRisks(each, grid.riskTotal, next);
    return risks.map((risk): Candidate => ({ base, risk }));
  });
}

function settingsOfEach({ riskTotal }: Pick<Grid, 'riskTotal'>, bases: number): number {
  return Math.min(riskTotal, Math.max(1, Math.floor(MOST_COMPARED / bases)));
}

/** Draws some of [0, total), each set of them as likely as any other; ascending (R. W. Floyd, CACM 30, 1987). */
function chooseRisks(some: number, total: number, next: () => number): readonly number[] {
  const chosen = new Set<number>();
  for (let last = total - some; last < total; last += 1) {
    const one = Math.floor(next() * (last + 1));
    chosen.add(chosen.has(one) ? last : one);
  }
  return [...chosen].sort((a, b) => a - b);
}

/** Variants that a verdict compares; `bases`: how many different base variants are among them. */
export function comparedVariants(spec: Spec, grid: Grid): { readonly variants: number; readonly bases: number } {
  const bases = Math.min(MOST_COMPARED, sampleSize(grid, spec.sample));
  return { variants: bases * settingsOfEach(grid, bases), bases };
}

/**
 * Seed of the draw: from market, bars and grid alone. A search that keeps more or ranks by another metric is judged by
 * the same variants, and to submit it once more draws no other ones.
 */
function sampleSeed({ template, time_range, warmup_bars }: Spec): number {
  const { instrument_id, timeframe, risk_grid } = template;
  const { sl, tp, trail, max_bars } = risk_grid;
  const signals =
    'rules' in template
      ? { rules: template.rules, params: template.params, constraints: template.constraints }
      : { indicator_grids: template.indicator_grids, signal_grids: template.signal_grids };
  const grid = { ...signals, sl, tp, trail, max_bars };
  const hash = sha256(canonicalJson({ instrument_id, timeframe, time_range, warmup_bars, grid }));
  return Number.parseInt(hash.slice(0, 8), 16);
}

/** The verdict has as much room as one of so many scorers. */
export const VERDICT_SHARERS = 4;
