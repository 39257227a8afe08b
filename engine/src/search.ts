// The whole search in one screen, once or for each fold of a validation: stage_a scores every base variant with risk off
// and keeps a shortlist, stage_b scores the shortlist under every risk setting, finalizing re-runs the kept variants in
// full. Every chunk yields one value that is at once the progress, the snapshot and the resume point; to cancel, the caller
// stops asking for the next.

import type { Candles } from './bars/candles.ts';
import type { Ledger } from './bars/ledger.ts';
import { unitsOf } from './estimate/cost.ts';
import { riskOff } from './grid/grid.ts';
import { draw } from './grid/sample.ts';
import { NO_MARKETS, permutedOf, searchMarkets } from './luck/search-markets.ts';
import { luckPlan } from './markets/plan.ts';
import { inSample, outOfSample, prepare, type Prepared } from './prepare.ts';
import { openBestNear } from './scoring/best-near.ts';
import { keptVariant, VariantError } from './scoring/failing-variant.ts';
import { openFinalizer, placedRow, type Finalizer, type VariantRow } from './scoring/finalize.ts';
import { inChunks, answersInOrder } from './scoring/in-chunks.ts';
import { openPlateau, withPlateau } from './scoring/plateau.ts';
import { chunkOf, inPlace, type Pool } from './scoring/pool.ts';
import { bareRanking, bestRow, type Best, type BestColumns } from './scoring/rank.ts';
import { addCounts, emptyBest, noCounts, type Task } from './scoring/score.ts';
import type { SearchState, Stage } from './scoring/state.ts';
import type { Spec } from './spec.ts';
import { validate, type ValidationResult } from './validation/validate.ts';
import { openVerdict } from './verdict/judge.ts';
import type { Verdict } from './verdict/verdict.ts';

export interface SearchStep extends SearchState {
  /** Units done and in all, over all folds and stages. */
  readonly processed: number;
  readonly total: number;
  /** Variants scored in this step. */
  readonly scored: number;
  readonly surface_chunk: { readonly first_index: number; readonly scores: Float32Array } | null;
  /** The best so far, each re-run in full when it is asked for; without reports and trades until the search has finished. */
  rows(limit: number): Iterable<VariantRow>;
  /** Present in the last step only. */
  readonly result: SearchResult | null;
}

export interface SearchResult {
  readonly rows: readonly VariantRow[];
  readonly ledger: Ledger;
  /** Of the search that has ranked the rows: of the last fold. */
  readonly counts: SearchState['counts'];
  /** Only where the spec asks for it: what the search came to on the bars it has not seen. */
  readonly validation?: ValidationResult;
  /** How likely the best of the rows is luck. */
  readonly verdict: Verdict;
}

/**
 * Finds the best variants of a spec. `candles` are base bars, warm-up included; `from` is a state an earlier search of
 * the same spec, candles and engine has yielded. The last step has the result; its bytes depend on neither `from` nor
 * `pool`.
 * @throws {SpecError} when there are no candles in range or they are broken.
 */
export async function* search(
  candles: Candles,
  spec: Spec,
  from?: SearchState,
  pool?: Pool,
): AsyncGenerator<SearchStep> {
  const fullRange = pool?.prepared ?? prepare(candles, spec);
  const given = pool ?? inPlace(fullRange);
  let state = from ?? startOf(spec);
  for (;;) {
    const run = openRun(fullRange, state.past.length, given);
    if (state.stage === 'stage_a') state = yield* stageA(run, state);
    if (state.stage === 'stage_b') state = yield* stageB(run, state);
    if (run.last) return yield* finalizing(run, state);
    const [best = null] = state.best.index;
    state = { ...startOf(spec), past: [...state.past, { best, counts: state.counts }] };
  }
}

/** What stays the same during the search of a fold. */
interface Run {
  readonly fold: number;
  readonly last: boolean;
  readonly fullRange: Prepared;
  /** What the search may see of it. */
  readonly prepared: Prepared;
  readonly pool: Required<Omit<Pool, 'take' | 'markets'>> & Pick<Pool, 'take' | 'markets'>;
  readonly finalizer: Finalizer;
  readonly units: ReturnType<typeof unitsOf>;
}

function openRun(fullRange: Prepared, fold: number, given: Pool): Run {
  const prepared = inSample(fullRange, fold);
  const units = unitsOf(prepared.spec, prepared.grid);
  const finalizer = openFinalizer(prepared, outOfSample(fullRange, fold));
  const pool = {
    async row(index: number, rank: number) {
      try {
        return finalizer.full(index, rank);
      } catch (error) {
        throw new VariantError(prepared, keptVariant(index, prepared.grid), error);
      }
    },
    chunk: () => chunkOf(prepared),
    ...given,
    prepared,
  };
  return { fold, last: fold + 1 === units.folds, fullRange, prepared, pool, finalizer, units };
}

/** Units that lie before a stage of a fold. */
function unitsBefore({ stage_a, stage_b }: Run['units'], fold: number, stage: Stage): number {
  const inFold = { stage_a: 0, stage_b: stage_a, finalizing: stage_a + stage_b };
  return fold * (stage_a + stage_b) + inFold[stage];
}

/**
 * Units that a search continued from `state` has behind it, over all folds and stages; finalizing starts over, but for
 * the markets of the luck test.
 */
export function unitsDone(
  { spec, grid }: Prepared,
  { stage, counts, past, luck }: Pick<SearchState, 'stage' | 'counts' | 'past' | 'luck'>,
): number {
  const units = unitsOf(spec, grid);
  const tested = luck === null ? 0 : units.finalizing + luck.next * units.market;
  return unitsBefore(units, past.length, stage) + (stage === 'finalizing' ? tested : counts[stage].scored);
}

/** Returns the best variant that a search has scored so far, in its present fold; null: none is ranked yet. */
export function leaderOf({ spec, grid }: Prepared, { stage, best }: Pick<SearchState, 'stage' | 'best'>) {
  const row = bestRow(stage === 'stage_a' ? bareRanking(spec.ranking) : spec.ranking, best);
  if (row === null) return null;
  const index = best.index[row];
  const variant_index = stage === 'stage_a' ? index * grid.riskTotal + riskOff(grid) : index;
  return { value: best.primary[row], variant_index };
}

function startOf(spec: Spec): SearchState {
  const counts = { stage_a: noCounts(), stage_b: noCounts() };
  return {
    stage: 'stage_a',
    next: 0,
    best: emptyBest(spec, 'stage_a').columns(),
    counts,
    shortlist: null,
    past: [],
    luck: null,
  };
}

async function* stageA(run: Run, from: SearchState): AsyncGenerator<SearchStep, SearchState> {
  const { spec, grid } = run.prepared;
  const waiting = (): SearchStep => stepOf(run, from, from.counts.stage_a.scored);
  const bases = spec.sample === null ? null : yield* draw(grid, spec.sample, waiting);
  const plateau = spec.ranking.plateau === undefined ? null : openPlateau(grid, spec);
  const near = run.last ? openBestNear(grid, spec, from.surface) : null;
  const work: Scoring = {
    stage: 'stage_a',
    end: bases?.length ?? grid.rawTotal,
    task: (a, b) => ({ stage: 'stage_a', from: a, to: b, bases, fold: run.fold }),
    take(first, surface) {
      plateau?.take(first, surface);
      near?.take(first, surface);
      return near && { surface: near.upTo(first + surface.length) };
    },
  };
  // The scores behind a resume point are made again: as a column of the whole grid they are too many to be kept safe.
  const again = plateau === null ? [] : scoring(run, startOf(spec), { ...work, end: from.next });
  for await (const _ of again) yield waiting();
  const { state, best } = yield* scoring(run, from, work);
  const scored = (): SearchStep => stepOf(run, state, state.counts.stage_a.scored);
  const shortlisted = plateau === null ? { shortlist: best.ranked().index } : yield* plateau.shortlist(scored);
  const found = near === null ? {} : { near: yield* near.find(scored) };
  const { surface: _over, ...over } = state;
  return { ...over, stage: 'stage_b', next: 0, best: emptyBest(spec, 'stage_b').columns(), ...shortlisted, ...found };
}

async function* stageB(run: Run, from: SearchState): AsyncGenerator<SearchStep, SearchState> {
  const { grid } = run.prepared;
  const { plateau, shortlist } = from;
  const bases = Float64Array.from(shortlist ?? []).sort(); // neighbours in the grid share their columns
  const { state, best } = yield* scoring(run, from, {
    stage: 'stage_b',
    end: bases.length * grid.riskTotal,
    task: (a, b) => ({ stage: 'stage_b', from: a, to: b, bases, fold: run.fold }),
    ...(plateau && shortlist && { rows: withPlateau(grid, { shortlist, plateau }) }),
  });
  const { plateau: _over, ...over } = state;
  return { ...over, stage: 'finalizing', next: 0, best: best.ranked() };
}

interface Scoring {
  readonly stage: Task['stage'];
  /** One past the last unit. */
  readonly end: number;
  readonly task: (from: number, to: number) => Task;
  /** Takes the surface of each chunk, and returns what the state keeps of all so far. */
  readonly take?: (from: number, surface: ArrayLike<number>) => Pick<SearchState, 'surface'> | null;
  /** Completes the best rows of each chunk. */
  readonly rows?: (best: BestColumns) => BestColumns;
}

/** Scores what is left of a stage, a step for each chunk in grid order. */
async function* scoring(
  { prepared, pool, ...run }: Run,
  from: SearchState,
  { stage, end, task, take, rows = (best) => best }: Scoring,
): AsyncGenerator<SearchStep, { state: SearchState; best: Best }> {
  const best = emptyBest(prepared.spec, stage);
  best.merge(from.best);
  let state = from;
  for await (const { chunk, scores } of inChunks(pool, { paced: { stage }, from: state.next, end, task })) {
    const { counts, surface } = scores;
    best.merge(rows(scores.best));
    const kept = surface && take?.(chunk.from, surface);
    const sum = addCounts(state.counts[stage], counts);
    state = { ...from, ...kept, next: chunk.to, best: best.columns(), counts: { ...from.counts, [stage]: sum } };
    // Kept is the surface that belongs to the rows: that of the last fold.
    const surface_chunk = surface && run.last ? { first_index: chunk.from, scores: new Float32Array(surface) } : null;
    yield stepOf(run, state, sum.scored, { scored: counts.scored, surface_chunk });
  }
  return { state, best };
}

/**
 * Starts over when resumed: what it re-runs takes less time than keeping it safe would. A unit is a kept variant; what the
 * verdict runs beside them comes first and counts none, so that the last unit is done last. The luck test comes after the
 * rows, so that they can be seen meanwhile, and goes on where it was: resumed inside it, the rows are made again once, at
 * the end.
 */
async function* finalizing(run: Run, from: SearchState): AsyncGenerator<SearchStep> {
  const { pool, prepared, fullRange } = run;
  const { index } = from.best;
  const isTested = luckPlan(fullRange.spec, fullRange.grid) !== null;
  let state = from.luck === null ? from : yield* testLuck(run, from);
  const rows: VariantRow[] = [];
  let made = 0;
  const step = (): SearchStep =>
    state.luck === null
      ? stepOf(run, { ...state, next: made }, made)
      : stepOf(run, state, run.units.finalizing + run.units.luck);
  yield step();
  const judge = openVerdict(prepared, state, fullRange);
  yield* judge.compare(step);
  const kept = [...index.keys()].sort((a, b) => index[a] - index[b]); // neighbours in the grid share their columns
  const questions = kept.map((at) => () => pool.row(index[at], at + 1));
  for await (const answer of answersInOrder(questions, pool.size)) {
    const row = placedRow(prepared.spec, state.best, answer);
    if (pool.take) pool.take(row);
    else rows[row.rank - 1] = row;
    if (isTested) run.finalizer.keep(row);
    made += 1;
    yield step();
  }
  if (isTested && state.luck === null) state = yield* testLuck(run, { ...state, next: made, luck: NO_MARKETS });
  const permuted = permutedOf(fullRange, state.luck);
  const validation = yield* validate(fullRange, state, step);
  const verdict = yield* judge.verdict(step, permuted, validation);
  const { ledger } = fullRange.timeline;
  const result = { rows, ledger, counts: state.counts, verdict, ...(validation && { validation }) };
  yield stepOf(run, { ...state, next: made }, run.units.finalizing + run.units.luck, { result });
}

/** Tests how good the search is by luck. The units of variants that a market has not are done when it ends. */
async function* testLuck(run: Run, from: SearchState): AsyncGenerator<SearchStep, SearchState> {
  const { fullRange, pool, units } = run;
  const plan = luckPlan(fullRange.spec, fullRange.grid);
  if (plan === null || from.luck === null) return from;
  let state = from;
  yield stepOf(run, state, units.finalizing + from.luck.next * units.market);
  for await (const { luck, units: done } of searchMarkets(fullRange, plan, pool, from.luck)) {
    state = { ...from, luck };
    yield stepOf(run, state, units.finalizing + done);
  }
  return state;
}

function stepOf(
  run: Pick<Run, 'fold' | 'finalizer' | 'units'>,
  state: SearchState,
  done: number,
  more: Partial<SearchStep> = {},
): SearchStep {
  const { finalizer, fold, units } = run;
  return {
    ...state,
    processed: unitsBefore(units, fold, state.stage) + done,
    total: units.total,
    scored: 0,
    surface_chunk: null,
    rows: (limit) => finalizer.rows(state, limit),
    result: null,
    ...more,
  };
}
