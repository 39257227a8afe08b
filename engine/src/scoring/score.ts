// What scoring a range of the grid means: the part of a search that is done in chunks, anywhere, in any order. A scorer
// keeps only the best of a chunk, so a chunk's answer is small and merging needs no order. The reference below runs
// `simulate` for every variant; searches use the one in fast/, which tests compare with it bit for bit.

import { MEMO_BYTES } from '../columns/memo.ts';
import { riskAt, riskTotalOf, type Grid } from '../grid/grid.ts';
import { openLeftOut } from '../grid/short-history.ts';
import { targetOf, type Prepared } from '../prepare.ts';
import { openSignals, type Signals } from '../signals/signals.ts';
import { daysOf, measureOne } from '../simulate/metrics.ts';
import { NO_RISK, openBuffers, settingOf, type Setting, type Simulation } from '../simulate/setting.ts';
import { simulate } from '../simulate/simulate.ts';
import type { Metric, Spec } from '../spec.ts';
import { bareRanking, Best, type BestColumns } from './rank.ts';

/**
 * A range of units of one stage. In stage_a unit `u` is index `u` of the grid or, of a sample, base `bases[u]`. In stage_b
 * it is base `bases[floor(u / riskTotal)]` under risk `u % riskTotal`.
 */
export type Task = {
  readonly from: number;
  readonly to: number;
  /** The fold of a search that walks forward; 0 by default. `fold-scorer.ts` scores the part of the bars that it may see. */
  readonly fold?: number;
  /** Number of the permuted market; left out: the real one. */
  readonly permutation?: number;
} & (
  | { readonly stage: 'stage_a'; readonly bases: Float64Array | null }
  | { readonly stage: 'stage_b'; readonly bases: Float64Array }
);

/** The same task with no bases but its own, for the way to a thread: all of a sample would be megabytes a chunk. */
export function ownBases(task: Task, { riskTotal }: Grid): Task {
  const { from, to, bases } = task;
  if (bases === null) return task;
  const units = task.stage === 'stage_a' ? 1 : riskTotal; // of a base
  const first = Math.floor(from / units);
  return {
    ...task,
    from: from - first * units,
    to: to - first * units,
    bases: bases.slice(first, Math.ceil(to / units)),
  };
}

/** How many variants were scored, and how many of them were left out of the ranking, each for its first reason. */
export interface Counts {
  readonly scored: number;
  /** Without a value on more than half of the target bars, see `short-history.ts`. */
  readonly short_history: number;
  readonly zero_trades: number;
  readonly min_trades: number;
  readonly max_drawdown: number;
}

export interface Scores {
  /**
   * stage_a: base indexes, at most `preselect`. stage_b: variant indexes, at most `top_k`; in a ranking by plateaus the best
   * of each base, whose plateau score the search adds.
   */
  readonly best: BestColumns;
  readonly counts: Counts;
  /**
   * stage_a: the primary metric of every unit of the range, NaN where there is no variant or it is not ranked. In float64
   * where the ranking makes means of them.
   */
  readonly surface: Float32Array | Float64Array | null;
  /** stage_b of a permuted market: the daily Sharpe ratio of the best; NaN where it has none. */
  readonly sharpe?: number;
}

/** The surface of so many units, empty. */
export function emptySurface({ ranking }: Pick<Spec, 'ranking'>, units: number): Float32Array | Float64Array {
  return (ranking.plateau === undefined ? new Float32Array(units) : new Float64Array(units)).fill(NaN);
}

export function noCounts(): Counts {
  return { scored: 0, short_history: 0, zero_trades: 0, min_trades: 0, max_drawdown: 0 };
}

export function addCounts(a: Counts, b: Counts): Counts {
  return {
    scored: a.scored + b.scored,
    short_history: a.short_history + b.short_history,
    zero_trades: a.zero_trades + b.zero_trades,
    min_trades: a.min_trades + b.min_trades,
    max_drawdown: a.max_drawdown + b.max_drawdown,
  };
}

/** The best of a stage, empty. */
export function emptyBest({ ranking, preselect, top_k, template }: Spec, stage: Task['stage']): Best {
  return stage === 'stage_a'
    ? new Best(bareRanking(ranking), preselect)
    : new Best(ranking, top_k, riskTotalOf(template));
}

/** The best of a part of a stage, empty: bases cannot be compared before they have their plateau scores. */
function emptyPart(spec: Spec, stage: Task['stage']): Best {
  const { ranking, template } = spec;
  const allBases = stage === 'stage_b' && ranking.plateau !== undefined;
  return allBases ? new Best(ranking, Infinity, riskTotalOf(template)) : emptyBest(spec, stage);
}

/** Scores as the definition of a trade says, bar by bar. What it returns depends on the task alone. */
export function referenceScorer(prepared: Prepared): (task: Task) => Scores {
  const { grid, spec } = prepared;
  const { target, context } = targetOf(prepared);
  const days = daysOf(target, context);
  const signals = openSignals(prepared, { bytes: MEMO_BYTES });
  const buffers = openBuffers(target.time.length);
  const bare = settingOf(spec.template, NO_RISK);
  const rules = rulesOf(prepared);

  const openChunk = (stage: Task['stage']) => {
    let simulation: Simulation | null = null;
    const judge = openJudge(rules, stage, (metric) =>
      simulation === null ? NaN : measureOne(metric, simulation, { target, context, days }),
    );
    return {
      take(index: number, { signal, exits }: Signals, setting: Setting): number {
        simulation = simulate(target, signal, setting, exits, buffers);
        return judge.take(index, { ...simulation, count: simulation.trades.count });
      },
      scores: judge.scores,
    };
  };

  const scoreBases = ({ from, to, bases }: Task): Scores => {
    const surface = emptySurface(spec, to - from);
    const chunk = openChunk('stage_a');
    for (let unit = from; unit < to; unit += 1) {
      const index = bases === null ? unit : bases[unit];
      const found = signals(index);
      if (found === null) continue;
      surface[unit - from] = chunk.take(index, found, bare);
    }
    return { ...chunk.scores(), surface };
  };

  const scoreRisks = ({ from, to }: Task, bases: Float64Array): Scores => {
    const chunk = openChunk('stage_b');
    let ready = -1; // the base whose signals are at hand
    let found: Signals | null = null;
    for (let unit = from; unit < to; unit += 1) {
      const base = bases[Math.floor(unit / grid.riskTotal)];
      const risk = unit % grid.riskTotal;
      if (base !== ready) found = signals(base);
      ready = base;
      if (found === null) throw new RangeError(`index ${base} is not a variant of the grid`);
      const setting = { ...bare, ...riskAt(grid, risk) };
      chunk.take(base * grid.riskTotal + risk, found, setting);
    }
    return { ...chunk.scores(), surface: null };
  };

  return (task) => (task.stage === 'stage_a' ? scoreBases(task) : scoreRisks(task, task.bases));
}

/** What decides whether a variant is ranked at all; compare `Simulation`. */
interface Made {
  readonly count: number;
  readonly bust: boolean;
  readonly ruled: boolean;
}

/** What a scorer judges variants by: the spec, and which bases have too short a history; null: none has. */
export interface RankingRules {
  readonly spec: Spec;
  readonly leftOut: ((base: number) => boolean) | null;
}

export function rulesOf({ spec, grid, timeline }: Prepared): RankingRules {
  return { spec, leftOut: openLeftOut(grid, timeline) };
}

/**
 * Judges variants one by one: counts them, keeps the best, and answers the primary metric, NaN if it is not ranked. `of`
 * measures the variant that is being judged.
 */
export function openJudge({ spec, leftOut }: RankingRules, stage: Task['stage'], measure: (metric: Metric) => number) {
  const { ranking, filters } = spec;
  const best = emptyPart(spec, stage);
  const counts: { -readonly [name in keyof Counts]: number } = noCounts();
  const minTrades = filters.min_trades ?? 0;
  // Stops may save a variant: stage_a judges no drawdown, and not the number of trades of one that went bust or has an
  // exit rule. Of the others no stop changes how often they trade, because entries wait for an edge of the signal.
  const maxDrawdown = stage === 'stage_b' ? filters.max_drawdown_pct : null;
  // The shortlist has none that is left out.
  const isLeftOut = stage === 'stage_a' ? leftOut : null;
  return {
    take(index: number, { count, bust, ruled }: Made): number {
      counts.scored += 1;
      if (isLeftOut?.(index)) counts.short_history += 1;
      else if (count === 0) counts.zero_trades += 1;
      else if (count < minTrades && !(stage === 'stage_a' && (bust || ruled))) counts.min_trades += 1;
      else if (maxDrawdown !== null && measure('max_drawdown_pct') > maxDrawdown) counts.max_drawdown += 1;
      else {
        const primary = measure(ranking.primary_metric);
        const secondary = ranking.secondary_metric === null ? 0 : measure(ranking.secondary_metric);
        best.push(index, primary, secondary, Number(bust));
        return primary;
      }
      return NaN;
    },
    scores: () => ({ best: best.columns(), counts }),
  };
}
