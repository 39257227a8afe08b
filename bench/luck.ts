// The lines about the luck test: what a permuted market costs against the same search of the real one, and what two threads
// gain. Both search a sample of 2,000 of the million variants of W4, as a job does by default.

import { prepare, search, type Prepared, type SearchStep, type Spec } from '@backtest-jobs/engine';
import {
  drawBases,
  foldScorer,
  luckPlan,
  openMarkets,
  type Plan,
  type Scores,
  type Task,
} from '@backtest-jobs/engine/internal';
import { startThreads, type ReadyPool } from '../server/src/worker/threads.ts';
import { candlesFor } from './candles.ts';
import { peakRss, type Line } from './line.ts';
import { check } from './reference.ts';
import { barsOf } from './scoring.ts';
import { cpu, median, medianRatio, rounds, wall } from './timing.ts';
import { readWorkload } from './workloads.ts';

const SAMPLE = 2000;
/** Markets of a round: enough that one that begins cold is one of many. */
const MARKETS = 5;
const THREADS = 2;
/** Permuted markets of the line about threads. */
const PERMUTATIONS = 99;

function tested(permutations: number): Spec {
  return { ...readWorkload('w4'), top_k: 1, luck: { permutations, variants: SAMPLE } };
}

export async function luck(): Promise<readonly Line[]> {
  return [await markets(), await threads()];
}

/** Permuted markets, one after the other, against the same search of the real market as often. */
async function markets(): Promise<Line> {
  const prepared = prepare(candlesFor(tested(MARKETS)), tested(MARKETS));
  const plan = luckPlan(prepared.spec, prepared.grid);
  if (plan === null) throw new Error('the spec asks for no test');
  const bases = basesOf(prepared, plan);
  let last: Scores | null = null;
  const permuted = (): number =>
    cpu(() => {
      const score = foldScorer(prepared);
      for (let permutation = 1; permutation <= MARKETS; permutation += 1)
        last = searchOnce(score, { bases, plan, permutation });
    });
  const reduced = { ...prepared, spec: { ...prepared.spec, preselect: plan.shortlist } };
  const real = (): number =>
    cpu(() => {
      for (let once = 0; once < MARKETS; once += 1) searchOnce(foldScorer(reduced), { bases, plan });
    });
  const [ofPermuted, ofReal] = await rounds(permuted, real);
  if (last === null) throw new Error('nothing was searched');
  const rss = peakRss();
  return {
    what: `luck: a permuted market, ${SAMPLE} of the variants of W4`,
    variants: MARKETS * SAMPLE,
    bars: barsOf(prepared),
    cores: 1,
    seconds: median(ofPermuted),
    clock: 'cpu',
    peakRss: rss,
    check: check(openMarkets(prepared)(MARKETS), 'stage_a', last),
    result: { value: medianRatio(ofPermuted, ofReal), says: 'x the same search of the real market', target: '<= 1.1' },
  };
}

/** All markets of a test, by threads and in place, with equal bests. */
async function threads(): Promise<Line> {
  const spec = tested(PERMUTATIONS);
  const candles = candlesFor(spec);
  await using oneThread = startThreads(spec, 1);
  await using twoThreads = startThreads(spec, THREADS);
  const [one, two] = [oneThread.pool(candles), twoThreads.pool(candles)];
  const from = await stepWhere(search(candles, spec, undefined, two), ({ luck: state }) => state !== null);
  const bests = new Map<ReadyPool, string>();
  const test = (pool: ReadyPool) => (): Promise<number> =>
    wall(async () => {
      const last = await stepWhere(search(candles, spec, from, pool), (step) => step.luck?.next === 1 + PERMUTATIONS);
      bests.set(pool, JSON.stringify(last.luck));
    });
  const [alone, together] = await rounds(test(one), test(two));
  if (bests.get(one) !== bests.get(two)) throw new Error('threads find other bests than one does');
  return {
    what: `luck: ${PERMUTATIONS} permuted markets on ${THREADS} threads`,
    variants: (1 + PERMUTATIONS) * SAMPLE,
    bars: barsOf(two.prepared),
    cores: THREADS,
    seconds: median(together),
    clock: 'wall',
    peakRss: peakRss(),
    check: { checked: 1 + PERMUTATIONS, difference: 0 },
    result: { value: medianRatio(alone, together), says: 'x as fast as 1 thread', target: '>= 1.8' },
  };
}

async function stepWhere(steps: AsyncIterable<SearchStep>, holds: (step: SearchStep) => boolean): Promise<SearchStep> {
  for await (const step of steps) if (holds(step)) return step;
  throw new Error('the search has no such step');
}

function basesOf(prepared: Prepared, plan: Plan): Float64Array {
  const drawing = drawBases(prepared, plan, () => null);
  for (;;) {
    const { done, value } = drawing.next();
    if (done && value !== null) return value;
    if (done) throw new Error('the sample is all of the grid');
  }
}

/** Stage_a, whose scores are returned, and stage_b. */
function searchOnce(
  score: (task: Task) => Scores,
  { bases, plan, permutation }: { bases: Float64Array; plan: Plan; permutation?: number },
): Scores {
  const which = permutation === undefined ? {} : { permutation };
  const stageA = score({ stage: 'stage_a', from: 0, to: bases.length, bases, ...which });
  const shortlist = stageA.best.index.toSorted().subarray(0, plan.shortlist);
  score({ stage: 'stage_b', from: 0, to: shortlist.length, bases: shortlist, ...which });
  return stageA;
}
