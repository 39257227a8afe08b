// The trials that a verdict compares: the best kept variants and base variants drawn at random, so that winners and the
// grid they won in are both seen. Each is traded once, as the scorer does; of its daily returns only sums by block stay.

import { openArena } from '../columns/arena.ts';
import { openTrader } from '../fast/trader.ts';
import { hasRiskOff, riskOff } from '../grid/grid.ts';
import { draw, selectFrom } from '../grid/sample.ts';
import { targetOf, type Prepared } from '../prepare.ts';
import { daysOf } from '../simulate/metrics.ts';
import { requestHash } from '../spec.ts';
import { momentsOf, type Moments } from './moments.ts';
import { blockSums, type BlockSums } from './overfitting.ts';

export const BLOCKS = 16;

/** Why it is compared: one of the two at least. */
interface Chosen {
  readonly kept: boolean;
  readonly drawn: boolean;
}

export interface Trial extends Chosen {
  /** Of one day; not finite where it has no meaning. */
  readonly sharpe: number;
  readonly blocks: BlockSums;
  /** The primary metric. */
  readonly score: number;
}

/** A variant to run. */
export interface Candidate extends Chosen {
  readonly base: number;
  /** -1: without stops in a grid that has no such setting. */
  readonly risk: number;
}

export interface Trials {
  /** So many returns each trial has. */
  readonly days: number;
  /** Kept variants and drawn base variants, those that are both once, in grid order; yields `turn()` while it looks. */
  readonly choose: <T>(kept: Float64Array, turn: () => T) => Generator<T, readonly Candidate[]>;
  /** How often a candidate trades; its trial and the moments of its daily returns, null where there is nothing to compare. */
  readonly run: (candidate: Candidate) => { trades: number; found: { trial: Trial; moments: Moments } | null };
  /** The primary metric of a variant of the grid; NaN if it does not trade or is no variant. */
  readonly score: (base: number, risk: number) => number;
}

export function openTrials(prepared: Prepared): Trials {
  const { spec, grid } = prepared;
  const { target, context } = targetOf(prepared);
  const { primary_metric } = spec.ranking;
  const trader = openTrader(prepared, VERDICT_SHARERS, openArena());
  const bare = hasRiskOff(grid) ? riskOff(grid) : -1;

  /** How often a variant trades; 0 too if there is no such variant. */
  const tradesOf = (base: number, risk: number): number =>
    (risk < 0 ? trader.tradeRiskOff(base) : trader.trade(base, risk)) ? trader.balance.count : 0;

  return {
    days: daysOf(target, context).lastBars.length,
    *choose(kept, turn) {
      const seed = Number.parseInt(requestHash(spec).slice(0, 8), 16);
      const drawn =
        spec.sample === null
          ? yield* draw(grid, { n: MOST_DRAWN, seed }, turn)
          : selectFrom(yield* draw(grid, spec.sample, turn), MOST_DRAWN, seed);
      const known = new Set(kept);
      const bases = new Set(drawn);
      const candidates = Array.from(kept, (variant): Candidate => {
        const risk = variant % grid.riskTotal;
        const base = (variant - risk) / grid.riskTotal;
        return { base, risk, kept: true, drawn: risk === bare && bases.has(base) };
      });
      for (const base of drawn) {
        const again = bare >= 0 && known.has(base * grid.riskTotal + bare);
        if (!again) candidates.push({ base, risk: bare, kept: false, drawn: true });
      }
      return candidates.sort((a, b) => a.base - b.base || a.risk - b.risk);
    },
    run({ base, risk, kept, drawn }) {
      const trades = tradesOf(base, risk);
      const returns = trades === 0 ? null : trader.measures.dailyReturns();
      if (returns === null) return { trades, found: null };
      const moments = momentsOf(returns);
      const { sharpe } = moments;
      const score = trader.measures.value(primary_metric);
      const trial = { kept, drawn, sharpe, blocks: blockSums(returns, BLOCKS), score };
      return { trades, found: { trial, moments } };
    },
    score: (base, risk) => (tradesOf(base, risk) === 0 ? NaN : trader.measures.value(primary_metric)),
  };
}

/** The verdict has as much room as one of so many scorers. */
export const VERDICT_SHARERS = 4;

/** The variants it compares: kept ones, the best first, and base variants without stops. */
export const MOST_KEPT = 300;

export const MOST_DRAWN = 700;
