// The trials that a verdict compares: the best kept variants and base variants drawn at random, so that winners and the
// grid they won in are both seen. Each is simulated once; of its daily returns only sums by block stay.

import { VERDICT_BYTES } from '../estimate.ts';
import { riskAt, riskOff, NO_RISK } from '../grid.ts';
import { daysOf, measureOutcome, outcomeOf, type Outcome } from '../metrics.ts';
import { targetOf, type Prepared } from '../prepare.ts';
import { draw, selectFrom } from '../sample.ts';
import { openSignals } from '../signals.ts';
import { openRoom, settingOf, simulate } from '../simulate.ts';
import { requestHash } from '../spec.ts';
import { momentsOf, type Moments } from './moments.ts';
import { blockSums, type BlockSums } from './overfitting.ts';

/** Kept variants, the best first, and base variants without stops. */
export const MOST_KEPT = 300;
const MOST_DRAWN = 700;
export const BLOCKS = 16;
export interface Trial {
  readonly drawn: boolean;
  /** Of one day; not finite where it has no meaning. */
  readonly sharpe: number;
  readonly blocks: BlockSums;
  /** The primary metric. */
  readonly score: number;
}

/** A variant to run. */
export interface Candidate {
  readonly base: number;
  /** -1: without stops in a grid that has no such setting. */
  readonly risk: number;
  readonly drawn: boolean;
}

export interface Trials {
  /** So many returns each trial has. */
  readonly days: number;
  /** Kept variants and drawn base variants that are not among them, in grid order; yields `turn()` while it looks. */
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
  const days = daysOf(target, context.timeframeMs);
  const signals = openSignals(prepared, VERDICT_BYTES);
  const room = openRoom(target.time.length);
  const off = riskOff(grid);
  const bare = Object.values(riskAt(grid, off)).every((value) => value === null) ? off : -1;

  /** Null: it does not trade, or is no variant. */
  const simulated = (base: number, risk: number): Outcome | null => {
    const found = signals(base);
    if (found === null) return null;
    const setting = settingOf(spec.template, risk < 0 ? NO_RISK : riskAt(grid, risk));
    const simulation = simulate(target, found.signal, setting, found.exits, room);
    return simulation.trades.count === 0 ? null : outcomeOf(simulation, context, () => days);
  };
  const scoreOf = (outcome: Outcome): number => measureOutcome(primary_metric, outcome, context);

  return {
    days: days.returns.length,
    *choose(kept, turn) {
      const seed = Number.parseInt(requestHash(spec).slice(0, 8), 16);
      const drawn =
        spec.sample === null
          ? yield* draw(grid, { n: MOST_DRAWN, seed }, turn)
          : selectFrom(yield* draw(grid, spec.sample, turn), MOST_DRAWN, seed);
      const known = new Set(kept);
      const candidates = Array.from(kept, (variant): Candidate => {
        const risk = variant % grid.riskTotal;
        return { base: (variant - risk) / grid.riskTotal, risk, drawn: false };
      });
      for (const base of drawn) {
        if (bare < 0 || !known.has(base * grid.riskTotal + bare)) candidates.push({ base, risk: bare, drawn: true });
      }
      return candidates.sort((a, b) => a.base - b.base || a.risk - b.risk);
    },
    run({ base, risk, drawn }) {
      const outcome = simulated(base, risk);
      if (outcome === null) return { trades: 0, found: null };
      const trades = outcome.trades.count;
      const returns = outcome.dailyReturns();
      if (returns === null) return { trades, found: null };
      const moments = momentsOf(returns);
      const trial = { drawn, sharpe: moments.sharpe, blocks: blockSums(returns, BLOCKS), score: scoreOf(outcome) };
      return { trades, found: { trial, moments } };
    },
    score(base, risk) {
      const outcome = simulated(base, risk);
      return outcome === null ? NaN : scoreOf(outcome);
    },
  };
}
