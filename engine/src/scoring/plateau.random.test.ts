// Plateau scores against a count of every box point by point, and searches that rank by them against every variant scored
// alone, on random specs over everything a spec can ask for.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseSpec } from '../gate/parse-spec.ts';
import { buildGrid, valuesAt, type Grid } from '../grid/grid.ts';
import { random } from '../grid/random.ts';
import { prepare } from '../prepare.ts';
import { search, type SearchStep } from '../search.ts';
import { metricNumber } from '../simulate/metrics-json.ts';
import { METRICS, type Spec } from '../spec.ts';
import { randomCandles } from '../testing/candles.ts';
import { randomSpec } from '../testing/random-specs.ts';
import { roundsOf } from '../testing/rounds.ts';
import { specInput } from '../testing/specs.ts';
import { decodeState, encodeState } from './checkpoint.ts';
import { fastScorer } from './fast-scorer.ts';
import { plateauScores } from './plateau.ts';
import type { Pool } from './pool.ts';
import { referenceScorer } from './score.ts';
import { STAGES } from './state.ts';

const BARS = 300;
const CANDLES = randomCandles(8, BARS, { stepMs: 3_600_000, volatility: 0.012 });

type Better = 'asc' | 'desc';

/** Where a point stands on each axis: the place of a number among the numbers, or the word. */
function placesOf({ axes }: Grid, values: Readonly<Record<string, unknown>>): readonly (number | string)[] {
  return axes.map((axis) => {
    const value = values[axis.key];
    if (typeof value !== 'number') return String(value);
    return axis.values.filter((other) => typeof other === 'number' && other < value).length;
  });
}

/** The same by its definition: every other point is asked whether it is in the box. */
function naiveScores(grid: Grid, scores: ArrayLike<number>, steps: number, better: Better): number[] {
  const places = Array.from(scores, (_, index) => {
    const values = valuesAt(grid, index);
    return values && placesOf(grid, values);
  });
  const isNear = (a: number | string, b: number | string): boolean =>
    typeof a === 'number' && typeof b === 'number' ? Math.abs(a - b) <= steps : a === b;
  return places.map((own) => {
    if (own === null) return NaN;
    const box = [...places.keys()].filter((other) => places[other]?.every((place, axis) => isNear(place, own[axis])));
    const finite = box.map((other) => scores[other]).filter(Number.isFinite);
    if (finite.length === 0) return NaN;
    const worst = better === 'desc' ? Math.min(...finite) : Math.max(...finite);
    return box.reduce((sum, other) => sum + (Number.isFinite(scores[other]) ? scores[other] : worst), 0) / box.length;
  });
}

function endOf<T>(steps: Generator<unknown, T>): T {
  for (;;) {
    const { done, value } = steps.next();
    if (done) return value;
  }
}

/** Axes of numbers in any order, words, a constraint over two axes. */
function randomGrid(next: () => number): Grid {
  const some = (most: number): object => {
    const all = Array.from({ length: 12 }, (_, at) => at + 2).sort(() => next() - 0.5);
    return { mode: 'explicit', values: all.slice(0, 1 + Math.floor(next() * most)) };
  };
  const rules = {
    indicator_grids: undefined,
    rules: { long: 'close > sma(close, a) and close > sma(close, b) and close < sma(close, c)' },
    params: { a: some(6), b: some(6), c: some(3) },
    constraints: next() < 0.5 ? ['a != b'] : [],
  };
  const words = {
    indicator_grids: [
      { indicator_id: 'ma.sma', source: { mode: 'explicit', values: ['hl2', 'close'] }, params: { window: some(9) } },
      { indicator_id: 'momentum.macd', params: { fast_window: some(4), slow_window: some(4), signal_window: 5 } },
    ],
    signal_grids: { 'momentum.macd': { rule: { mode: 'explicit', values: ['sign', 'macd_vs_signal'] } } },
  };
  try {
    return buildGrid(parseSpec(specInput({}, next() < 0.5 ? rules : words)));
  } catch {
    return randomGrid(next); // no combination makes sense
  }
}

test('the mean of each box is that of its points, counted one by one', () => {
  let compared = 0;
  for (let seed = 0; seed < roundsOf(90); seed += 1) {
    const next = random(seed);
    const grid = randomGrid(next);
    const whole = next() < 0.3; // sums of whole numbers are exact in any order
    const missing = [0, 0.1, 0.5, 0.95][seed % 4];
    const scores = Float64Array.from({ length: grid.rawTotal }, () => {
      if (next() < missing) return [NaN, Infinity, -Infinity][Math.floor(next() * 3)];
      return whole ? Math.round(next() * 100) : (next() - 0.5) * 10 ** Math.floor(next() * 6);
    });
    const steps = 1 + Math.floor(next() * 4);
    const better: Better = next() < 0.5 ? 'asc' : 'desc';
    const found = endOf(plateauScores(grid, scores, { steps, better }, () => null));
    for (const [index, expected] of naiveScores(grid, scores, steps, better).entries()) {
      const at = `seed ${seed}, index ${index}: ${found[index]}, not ${expected}`;
      if (whole || Number.isNaN(expected)) assert.ok(Object.is(found[index], expected), at);
      else assert.ok(Math.abs(found[index] - expected) <= 1e-9, at);
      compared += Number(!Number.isNaN(expected));
    }
  }
  assert.ok(compared > 1000, `${compared} boxes`);
});

test('a number that has left the window takes no digits with it', () => {
  const window = { mode: 'range', start: 2, stop_incl: 11, step: 1 };
  const grid = buildGrid(
    parseSpec(specInput({}, { indicator_grids: [{ indicator_id: 'ma.sma', params: { window } }] })),
  );
  const scores = Float64Array.of(1e300, 1, 2, 3, 4, 5, 6, 7, 8, 0.1);
  const found = endOf(plateauScores(grid, scores, { steps: 1, better: 'desc' }, () => null));
  assert.deepEqual([...found.subarray(2)], [2, 3, 4, 5, 6, 7, 15.1 / 3, 8.1 / 2]);
});

/** A random spec that ranks by plateaus. */
function plateauSpec(seed: number): Spec {
  const next = random(seed);
  const spec = randomSpec(next, BARS);
  const { primary_metric } = spec.ranking;
  const plateau = 1 + Number(next() < 0.2);
  const sizes = { preselect: [4, 15, 1000][seed % 3], top_k: [6, 40][seed % 2] };
  const axis = (...values: readonly number[]) => ({ mode: 'explicit', values }) as const;
  const params = { fast: axis(3, 9, 5, 4, 7), slow: axis(8, 21, 30, 13), level: axis(45, 52, 60) };
  const template = 'rules' in spec.template ? { ...spec.template, params } : spec.template;
  return { ...spec, ...sizes, template, sample: null, ranking: { primary_metric, secondary_metric: null, plateau } };
}

interface Way {
  readonly chunk: number;
  readonly size?: number;
  readonly from?: SearchStep;
}

/** Steps of a search whose chunks are answered in another order than they were asked. */
async function steps(spec: Spec, { chunk, size = 1, from }: Way): Promise<SearchStep[]> {
  const state = from && (decodeState(encodeState(from)) ?? assert.fail('the state is damaged'));
  const prepared = prepare(CANDLES, spec);
  const score = fastScorer(prepared);
  const turns = random(chunk);
  const pool: Pool = {
    size,
    chunk: () => chunk,
    prepared,
    async score(task) {
      for (let turn = Math.floor(turns() * 4); turn > 0; turn -= 1) await Promise.resolve();
      return score(task);
    },
  };
  const all: SearchStep[] = [];
  for await (const step of search(CANDLES, spec, state, pool)) all.push(step);
  return all;
}

interface Expected {
  /** Of each base that may be on a shortlist. */
  readonly all: ReadonlyMap<number, number>;
  readonly ranked: readonly { readonly index: number; readonly plateau: number }[];
}

/** What a search must rank: each variant scored alone by the reference, boxes counted one by one. */
function expectedRows(spec: Spec): Expected {
  const { grid, ...rest } = prepare(CANDLES, spec);
  const score = referenceScorer({ grid, ...rest });
  const { surface } = score({ stage: 'stage_a', from: 0, to: grid.rawTotal, bases: null });
  const scores = Float64Array.from(surface ?? []);
  const better = METRICS.find(({ name }) => name === spec.ranking.primary_metric)?.better ?? 'desc';
  const sign = better === 'desc' ? -1 : 1;
  const { plateau: radius = 0 } = spec.ranking;
  const means = naiveScores(grid, scores, radius, better);
  const shortlist = [...means.keys()]
    .filter((base) => !Number.isNaN(scores[base]) && !Number.isNaN(means[base]))
    .sort((a, b) => (means[a] === means[b] ? a - b : sign * (means[a] - means[b])));
  const rows = shortlist.flatMap((base) => {
    const { best } = score({ stage: 'stage_b', from: 0, to: grid.riskTotal, bases: Float64Array.of(base) });
    const ordered = [...best.index.keys()].sort(
      (a, b) =>
        best.ruined[a] - best.ruined[b] ||
        compareBy(sign, best.primary[a], best.primary[b]) ||
        best.index[a] - best.index[b],
    );
    return ordered.slice(0, 1).map((at) => ({ index: best.index[at], ruined: best.ruined[at], plateau: means[base] }));
  });
  const kept = new Set(shortlist.slice(0, spec.preselect));
  const ranked = rows
    .filter(({ index }) => kept.has(Math.floor(index / grid.riskTotal)))
    .sort((a, b) => a.ruined - b.ruined || compareBy(sign, a.plateau, b.plateau) || a.index - b.index)
    .slice(0, spec.top_k);
  return { all: new Map(rows.map(({ index, plateau }) => [index, plateau])), ranked };
}

function compareBy(sign: number, a: number, b: number): number {
  if (a === b) return 0;
  if (Number.isNaN(a) || Number.isNaN(b)) return Number(Number.isNaN(a)) - Number(Number.isNaN(b));
  return sign * (a - b);
}

test('a search by plateaus ranks one variant of each base, as counted one by one', async () => {
  let rows = 0;
  let several = 0;
  for (let seed = 0; seed < roundsOf(30); seed += 1) {
    const spec = plateauSpec(seed);
    const all = await steps(spec, { chunk: 5 });
    const { result, best } = all.at(-1) ?? assert.fail('no step');
    const { all: bases, ranked } = expectedRows(spec);
    const found = result?.rows ?? [];
    assert.equal(found.length, ranked.length, `seed ${seed}`);
    for (const [at, { metrics, variant_index }] of found.entries()) {
      const name = `seed ${seed}, rank ${at + 1}`;
      const plateau = metrics.plateau_score ?? assert.fail(name);
      const isNear = (other = NaN): boolean => Math.abs(other - plateau) <= 1e-9 * Math.max(1, Math.abs(plateau));
      assert.ok(isNear(ranked[at].plateau) && isNear(bases.get(variant_index)), `${name}: variant ${variant_index}`);
      assert.ok(Object.is(metricNumber(metrics[spec.ranking.primary_metric]), best.primary[at]), name);
      // Means that are equal but for their last digits stand in either order.
      const tied = [...bases.values()].filter(isNear).length > 1;
      if (!tied) assert.equal(variant_index, ranked[at].index, name);
      several += Number(tied);
    }
    rows += found.length;
    // Snapshots of stage_b tell it too, those of stage_a know no surroundings yet.
    for (const step of all.filter(({ stage }) => stage !== 'finalizing')) {
      const told = [...step.rows(3)].every(
        (row) => (row.metrics.plateau_score !== undefined) === (step.stage === 'stage_b'),
      );
      assert.ok(told, `seed ${seed}, ${step.stage}`);
    }
  }
  assert.ok(rows > 60 && several < rows / 2, `${rows} rows, ${several} of them tied`);
});

test('cut anywhere and continued, in chunks of any size and order, it ends with the same bytes', async () => {
  const cuts = new Set<string>();
  for (let seed = 0; seed < roundsOf(45); seed += 1) {
    const next = random(seed);
    const folds = { mode: 'walk_forward', folds: 2, train_fraction: 0.6 } as const;
    const spec = { ...plateauSpec(seed), validation: seed % 3 === 1 ? folds : null };
    const whole = await steps(spec, { chunk: 7 });
    const inStage = whole.slice(0, -1).filter(({ stage }) => stage === STAGES[seed % STAGES.length]);
    const cut = inStage[Math.floor(next() * inStage.length)];
    cuts.add(`${cut.stage} ${cut.next > 0}`);
    const rest = await steps(spec, { chunk: 1 + Math.floor(next() * 50), size: 1 + Math.floor(next() * 4), from: cut });
    assert.equal(JSON.stringify(rest.at(-1)?.result), JSON.stringify(whole.at(-1)?.result), `seed ${seed}`);
    // What is made again counts nothing a second time.
    assert.deepEqual(rest.at(-1)?.counts, whole.at(-1)?.counts);
    assert.ok(rest[0].processed <= cut.processed + 50);
  }
  assert.ok(cuts.has('stage_a true') && cuts.has('stage_b true'), [...cuts].join());
});
