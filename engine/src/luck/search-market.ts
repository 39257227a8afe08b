// The search of one permuted market: stages, shortlist, filters and ranking are those of the real search, by the same
// scorer; what stays of it is its best.

import { foldCount } from '../bars/folds.ts';
import { draw, selectFrom } from '../grid/sample.ts';
import { openMarkets } from '../markets/permuted-market.ts';
import type { Plan } from '../markets/plan.ts';
import { sampleSeed } from '../markets/seeds.ts';
import { heldOut, targetOf, type Prepared } from '../prepare.ts';
import { inChunks } from '../scoring/in-chunks.ts';
import { openPlateau, withPlateau } from '../scoring/plateau.ts';
import type { Pool } from '../scoring/pool.ts';
import type { Best, BestColumns } from '../scoring/rank.ts';
import { emptyBest, type Task } from '../scoring/score.ts';
import { metricJson, type MetricJson } from '../simulate/metrics-json.ts';
import { dailyReturnsOf, dailySharpe, daysOf, measureOne } from '../simulate/metrics.ts';
import type { Spec } from '../spec.ts';
import { stitchedRun } from '../validation/stitch.ts';

/** The best of a market: its index and primary metric, null where nothing was ranked, and its daily Sharpe ratio. */
export interface Found {
  /** Null of a walk, too: each fold has its own. */
  readonly variant: number | null;
  readonly best: MetricJson;
  readonly sharpe: number | null;
}

/** What is the same for all markets of a test. */
export interface MarketSearch {
  readonly whole: Prepared;
  readonly plan: Plan;
  /** Base variants that are searched; null: all of the grid. */
  readonly bases: Float64Array | null;
  readonly pool: Required<Pick<Pool, 'size' | 'score' | 'chunk'>>;
}

/**
 * Draws the base variants that are searched, without a look at any score: those that the real search has scored best were
 * chosen on the real market. Null: all of the grid. Yields `turn()` while it looks.
 */
export function* drawBases<T>(
  { spec, grid }: Pick<Prepared, 'spec' | 'grid'>,
  { variants, gridVariants }: Plan,
  turn: () => T,
): Generator<T, Float64Array | null> {
  if (spec.sample !== null) return selectFrom(yield* draw(grid, spec.sample, turn), variants, sampleSeed(spec));
  return variants === gridVariants ? null : yield* draw(grid, { n: variants, seed: sampleSeed(spec) }, turn);
}

/** Searches the market of a number; yields how many variants were scored since. */
export async function* searchMarket(search: MarketSearch, permutation: number): AsyncGenerator<number, Found> {
  const { whole, plan } = search;
  const folds = foldCount(whole.spec);
  const chosen: (number | null)[] = [];
  let found = NOTHING;
  for (let fold = plan.walk ? 0 : folds - 1; fold < folds; fold += 1) {
    const { best, sharpe } = yield* searchFold(search, { fold, permutation });
    const { index, primary, ruined } = best.ranked();
    const ranked = index.length > 0 && ruined[0] === 0; // who went bust is nobody to be compared with
    chosen.push(ranked ? index[0] : null);
    found = ranked ? foundOf(index[0], primary[0], sharpe) : NOTHING;
  }
  return plan.walk ? yield* tradeWalk(whole, permutation, chosen) : found;
}

const NOTHING: Found = { variant: null, best: null, sharpe: null };

function foundOf(variant: number | null, primary: number, sharpe: number): Found {
  return { variant, best: metricJson(primary), sharpe: Number.isFinite(sharpe) ? sharpe : null };
}

interface Scored {
  readonly best: Best;
  /** Of the best, where the stage has it. */
  readonly sharpe: number;
}

async function* searchFold(
  search: MarketSearch,
  at: { readonly fold: number; readonly permutation: number },
): AsyncGenerator<number, Scored> {
  const { whole, plan, bases, pool } = search;
  const { rawTotal, riskTotal } = whole.grid;
  const spec: Spec = { ...whole.spec, preselect: plan.shortlist };
  const plateau = spec.ranking.plateau === undefined ? null : openPlateau(whole.grid, spec);
  const shortlisted = emptyBest(spec, 'stage_a');
  yield* scoreStage(search, shortlisted, {
    end: bases?.length ?? rawTotal,
    task: (from, to) => ({ ...at, stage: 'stage_a', from, to, bases }),
    ...(plateau && { take: (first, surface) => plateau.take(first, surface) }),
  });
  const found = plateau && (yield* plateau.shortlist(() => 0));
  const shortlist = (found?.shortlist ?? shortlisted.columns().index).slice().sort(); // neighbours in the grid share their columns
  const stage = yield* scoreStage(search, emptyBest({ ...spec, top_k: 1 }, 'stage_b'), {
    end: shortlist.length * riskTotal,
    task: (from, to) => ({ ...at, stage: 'stage_b', from, to, bases: shortlist }),
    ...(found && { rows: withPlateau(whole.grid, found) }),
  });
  const [variant] = stage.best.columns().index;
  if (plateau === null || variant === undefined) return stage;
  // By plateaus a chunk does not know its best: it is run again.
  const risk = variant % riskTotal;
  const again = Float64Array.of((variant - risk) / riskTotal);
  const { sharpe = NaN } = await pool.score({ ...at, stage: 'stage_b', from: risk, to: risk + 1, bases: again });
  return { best: stage.best, sharpe };
}

interface Scoring {
  readonly end: number;
  readonly task: (from: number, to: number) => Task;
  /** Takes the surface of each chunk. */
  readonly take?: (from: number, surface: ArrayLike<number>) => void;
  /** Completes the best rows of each chunk. */
  readonly rows?: (best: BestColumns) => BestColumns;
}

async function* scoreStage(
  { pool }: MarketSearch,
  best: Best,
  { end, task, take, rows = (all) => all }: Scoring,
): AsyncGenerator<number, Scored> {
  let sharpe = NaN;
  for await (const { chunk, scores } of inChunks(pool, { paced: task(0, 0), from: 0, end, task, alone: true })) {
    best.merge(rows(scores.best));
    if (scores.surface !== null) take?.(chunk.from, scores.surface);
    const [found = -1] = scores.best.index;
    if (scores.sharpe !== undefined && best.columns().index[0] === found) sharpe = scores.sharpe;
    yield scores.counts.scored;
  }
  return { best, sharpe };
}

/** What trading the best of each fold comes to on the bars behind it. */
async function* tradeWalk(
  whole: Prepared,
  permutation: number,
  chosen: readonly (number | null)[],
): AsyncGenerator<number, Found> {
  const market = openMarkets(whole)(permutation);
  const simulation = yield* stitchedRun(market, chosen, 'simulation', () => 0);
  if (simulation.trades.count === 0 || simulation.bust) return NOTHING;
  const { target, context } = targetOf(heldOut(market));
  const days = daysOf(target, context);
  const primary = measureOne(whole.spec.ranking.primary_metric, simulation, { target, context, days });
  return foundOf(null, primary, dailySharpe(dailyReturnsOf(simulation.equity, days, context.initCash)));
}
