// The verdict: how likely the best variant of a search is luck. Finalizing makes it of the best and its neighbours, of
// variants drawn from the grid, and of what the luck test and the validation have found. Nothing of it depends on how many
// variants are kept. What cannot be told is null, with the reason beside it; nothing here throws because a result is poor.

import { riskAt } from '../grid/grid.ts';
import { shortHistory } from '../grid/short-history.ts';
import type { Permuted } from '../luck/permuted.ts';
import { skippedLuck } from '../markets/skipped.ts';
import { targetOf, type Prepared } from '../prepare.ts';
import { benchmarkReturnPct } from '../report/report.ts';
import { openRerun } from '../report/rerun.ts';
import { whyNoNear, type BestNear } from '../scoring/best-near.ts';
import type { SearchState } from '../scoring/state.ts';
import { metricJson } from '../simulate/metrics-json.ts';
import type { ValidationResult } from '../validation/validate.ts';
import { countTrials } from './count-trials.ts';
import { edgeFlag, holdingFlag, idleFlag, peakFlag, tradesFlag, type Flags } from './flags.ts';
import { compareHolding, longShare, type Holding } from './holding.ts';
import { unequalHours } from './hours.ts';
import { tellPermuted, type PermutedTold } from './measured-sharpe.ts';
import { gridEdges, neighboursOf, type Neighbour } from './neighbours.ts';
import { splits, winsEveryBlock } from './overfitting.ts';
import { deflate, tellVerdict, varianceOf, type Findings } from './tell.ts';
import { BLOCKS, openTrials, type Candidate, type Ran, type Trial, type Trials } from './trials.ts';
import type { Verdict } from './verdict.ts';

/** Judges the end of a search of `prepared`, a part of `wholeRange` or all of it: `compare`, then `verdict`. Both yield `turn()` between what they run. */
export function openVerdict(
  prepared: Prepared,
  { best: { index }, counts, near = null }: Pick<SearchState, 'best' | 'counts' | 'near'>,
  wholeRange: Prepared = prepared,
) {
  const { grid } = prepared;
  const [variant = null] = index;
  const seen: Seen = {
    prepared,
    wholeRange,
    trials: openTrials(prepared),
    variant,
    counts,
    near,
    all: [],
    best: null,
  };
  return {
    /** Runs the best and the variants that are compared. */
    *compare<T>(turn: () => T): Generator<T, void> {
      if (variant === null) return;
      const { trials, all } = seen;
      seen.best = kept(trials.run(candidateOf(variant, grid.riskTotal)));
      for (const candidate of yield* trials.choose(turn)) {
        const { found } = trials.run(candidate);
        if (found !== null) all.push(found.trial);
        yield turn();
      }
    },
    /** What was not asked for is null. */
    *verdict<T>(turn: () => T, permuted: Permuted | null, validation: ValidationResult | null): Generator<T, Verdict> {
      return tellVerdict({ ...(yield* findingsOf(seen, permuted, turn)), validation });
    },
  };
}

/** The end of a search, and what was run of it. */
interface Seen {
  readonly prepared: Prepared;
  readonly wholeRange: Prepared;
  readonly trials: Trials;
  readonly counts: SearchState['counts'];
  readonly near: BestNear | null;
  /** The best; null: nothing was ranked. */
  readonly variant: number | null;
  /** Compared. */
  readonly all: Trial[];
  best: Ran | null;
}

function* findingsOf<T>(
  seen: Seen,
  permuted: Permuted | null,
  turn: () => T,
): Generator<T, Omit<Findings, 'validation'>> {
  const { prepared, trials, variant, counts, all, best } = seen;
  const { grid, spec } = prepared;
  const around: number[] = [];
  const neighbours: Neighbour[] = [];
  for (const { axis, value, byNumber, point } of variant === null ? [] : neighboursOf(grid, variant)) {
    const score = trials.score(point.base, point.risk);
    neighbours.push({ axis, value, score: metricJson(score) });
    if (byNumber) around.push(score);
    yield turn();
  }
  const place = best?.found ? placeOf(best.found.trial, all) : -1;
  const { days } = trials;
  const split = all.length > 0 && days >= 2 * BLOCKS ? yield* splits(blocksOf(all), days, 'sharpe', turn) : null;
  const peak = variant === null ? null : peakFlag(spec.ranking, scoreOf(variant, seen), around, all);
  const count = countTrials({ stage_a: counts.stage_a.scored, stage_b: counts.stage_b.scored }, grid);
  const holding = holdingOf(seen, count);
  yield turn();
  return {
    best,
    days,
    periodsPerYear: spec.runtime.periods_per_year,
    trials: count,
    all,
    split,
    place,
    winsEveryBlock: split !== null && winsAll(best, place, all, days),
    permuted: permuted && toldOf(permuted, seen),
    untested: skippedLuck(spec) ?? 'the search was not repeated on permuted markets',
    holding,
    neighbours,
    near: seen.near,
    noNear: whyNoNear(grid, spec),
    benchmark: benchmarkReturnPct(targetOf(prepared).target),
    peak: typeof peak === 'string' ? peak : null,
    flags: {
      edge_of_grid: variant === null ? null : edgeFlag(gridEdges(grid, variant)),
      few_trades: best === null ? null : tradesFlag(best.trades),
      isolated_peak: typeof peak === 'string' ? null : peak,
      zero_trades_share: idleFlag(counts.stage_a.zero_trades, counts.stage_a.scored),
      ...candleFlags(seen.wholeRange, counts.stage_a.short_history),
      worse_than_holding: typeof holding === 'string' ? null : holdingFlag(holding),
      unequal_hours: unequalHours(grid.strategy.rules, targetOf(prepared).target),
    },
  };
}

function candidateOf(variant: number, riskTotal: number): Candidate {
  const risk = variant % riskTotal;
  return { base: (variant - risk) / riskTotal, risk };
}

/** The primary metric, whatever the search has ordered by. */
function scoreOf(variant: number, { trials, prepared }: Seen): number {
  const { base, risk } = candidateOf(variant, prepared.grid.riskTotal);
  return trials.score(base, risk);
}

/** With returns that the next run does not overwrite. */
function kept(ran: Ran): Ran {
  return { ...ran, found: ran.found && { ...ran.found, returns: ran.found.returns.slice() } };
}

function placeOf({ base, risk }: Candidate, all: readonly Trial[]): number {
  return all.findIndex((trial) => trial.base === base && trial.risk === risk);
}

function blocksOf(all: readonly Trial[]) {
  return all.map(({ blocks }) => blocks);
}

/** Tests whether no other variant that was compared does better than the best in any block. */
function winsAll(best: Ran | null, place: number, all: readonly Trial[], days: number): boolean {
  if (!best?.found) return false;
  const blocks = blocksOf(place < 0 ? [...all, best.found.trial] : all);
  return blocks.length >= 2 && winsEveryBlock(blocks, days, place < 0 ? all.length : place);
}

/** The first bars of the whole range are the ones that lack history, whatever part of it a search has seen; so with jumps. */
function candleFlags(
  { spec, grid, timeline }: Prepared,
  not_ranked: number,
): Pick<Flags, 'short_history' | 'split_jumps'> {
  const { first, end, ledger } = timeline;
  const bars = { asked_bars: spec.warmup_bars, warmup_bars: first, target_bars: end - first };
  const { split_jumps } = ledger;
  return {
    short_history: { ...shortHistory(grid, bars), ...(not_ranked > 0 && { not_ranked }) },
    ...(split_jumps && { split_jumps: { raised: true, ...split_jumps } }),
  };
}

/** A text says why the best is not compared with holding; null: there is no best. */
function holdingOf({ prepared, trials, best, variant, all }: Seen, count: number): Holding | string | null {
  if (best === null || variant === null) return null;
  if (best.found === null) return 'the best has no daily returns to compare';
  const { base, risk } = candidateOf(variant, prepared.grid.riskTotal);
  const { simulation } = openRerun(prepared)(base, riskAt(prepared.grid, risk));
  return compareHolding({
    returns: best.found.returns,
    moments: best.found.moments,
    returnPct: best.returnPct,
    longShare: longShare(simulation.trades),
    holding: trials.holding,
    periodsPerYear: prepared.spec.runtime.periods_per_year,
    deflate: (excess) => deflate(excess, count, varianceOf(all.map((trial) => trial.excess))),
  });
}

/** The best of the luck test's own search is the best variant, or another one, which is run once more. */
function toldOf(permuted: Permuted, { prepared, trials, best, variant }: Seen): PermutedTold {
  const { ranking, runtime } = prepared.spec;
  const { best_variant: tested } = permuted;
  const ran = tested === null || tested === variant ? best : trials.run(candidateOf(tested, prepared.grid.riskTotal));
  const moments = tested === null ? null : (ran?.found?.moments ?? null);
  return tellPermuted(permuted, moments, { ranking, periodsPerYear: runtime.periods_per_year });
}
