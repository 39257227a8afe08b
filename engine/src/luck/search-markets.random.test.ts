// The luck test is the same search on other candles: what it finds in a market is what a search of a spec without the test
// finds there, and it is the same bytes by any pool, from any state.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { COLUMNS, type Candles } from '../bars/candles.ts';
import { random } from '../grid/random.ts';
import { openMarkets } from '../markets/permuted-market.ts';
import { luckPlan } from '../markets/plan.ts';
import { prepare, type Prepared } from '../prepare.ts';
import { decodeState, encodeState } from '../scoring/checkpoint.ts';
import { foldScorer } from '../scoring/fold-scorer.ts';
import type { Pool } from '../scoring/pool.ts';
import { referenceScorer, type Task } from '../scoring/score.ts';
import { search, unitsDone, type SearchStep } from '../search.ts';
import { metricJson, metricNumber } from '../simulate/metrics-json.ts';
import type { Luck, Spec } from '../spec.ts';
import { randomSpec } from '../testing/random-specs.ts';
import { roundsOf } from '../testing/rounds.ts';
import { at, CANDLES } from '../testing/validated.ts';
import type { Permuted } from './permuted.ts';
import { drawBases } from './search-market.ts';

const BARS = 460;

/** The same bars, of which some have no candle. */
const GAPPY = Object.fromEntries(
  COLUMNS.map((name) => [name, CANDLES[name].filter((_, bar) => bar < 70 || bar % 5 < 3 || bar % 7 === 0)]),
) as unknown as Candles;

const VALIDATIONS = [
  null,
  null,
  { mode: 'holdout', fraction: 0.3 },
  { mode: 'walk_forward', folds: 2, train_fraction: 0.6 },
] as const;

/** A random spec with a test of three markets, which the gate would not take for too few. */
function testedSpec(next: () => number, permutations = 3): Spec {
  const spec = { ...randomSpec(next, BARS), validation: VALIDATIONS[Math.floor(4 * next())] };
  const luck: Luck = {
    permutations,
    variants: next() < 0.5 ? 5 : 1000,
    ...(next() < 0.3 && { blocks: 3 }),
    ...(spec.validation?.mode === 'walk_forward' && next() < 0.6 && { walk: true }),
  };
  return { ...spec, luck };
}

async function steps(spec: Spec, more: { pool?: Pool; from?: SearchStep; candles?: Candles } = {}) {
  const from = more.from && (decodeState(encodeState(more.from)) ?? assert.fail('the state is damaged'));
  const all: SearchStep[] = [];
  for await (const step of search(more.candles ?? CANDLES, spec, from, more.pool)) all.push(step);
  return all;
}

function resultOf(all: readonly SearchStep[]) {
  return all.at(-1)?.result ?? assert.fail('no result');
}

function permutedOf(all: readonly SearchStep[]): Permuted {
  return resultOf(all).verdict.permuted ?? assert.fail('the search was not tested');
}

/** Answers late and in any order, several markets at once. */
function oddPool(spec: Spec, markets: number, seed: number): Pool {
  const next = random(seed);
  const prepared = prepare(CANDLES, spec);
  const scorers = Array.from({ length: markets }, () => foldScorer(prepared, markets));
  const ofMarket = new Map<number, (task: Task) => ReturnType<(typeof scorers)[number]>>();
  return {
    size: 2 * markets,
    markets,
    prepared,
    chunk: () => 1 + Math.floor(30 * next()),
    async score(task) {
      const { permutation = 0 } = task;
      const score = ofMarket.get(permutation) ?? scorers[Math.floor(markets * next())];
      ofMarket.set(permutation, score);
      for (let turns = Math.floor(6 * next()); turns > 0; turns -= 1) await Promise.resolve();
      return score(task);
    },
  };
}

/** The best of the search of a market by the reference scorer, which trades bar by bar. */
function bestOf(market: Prepared, bases: Float64Array | null): Permuted['best'] {
  const score = referenceScorer(market);
  const stageA = score({ stage: 'stage_a', from: 0, to: bases?.length ?? market.grid.rawTotal, bases });
  const shortlist = stageA.best.index.toSorted();
  const { best } = score({ stage: 'stage_b', from: 0, to: shortlist.length * market.grid.riskTotal, bases: shortlist });
  return best.index.length === 0 || best.ruined[0] === 1 ? null : metricJson(best.primary[0]);
}

test('what is found in each market is what the definition of a trade finds there', async () => {
  let found = 0;
  let drawn = 0;
  for (let seed = 0; seed < roundsOf(18); seed += 1) {
    const spec = testedSpec(random(seed));
    if (spec.luck?.walk) continue;
    const candles = seed % 2 === 0 ? CANDLES : GAPPY;
    const prepared = prepare(candles, spec);
    const { best, bests } = permutedOf(await steps(spec, { candles }));
    const markets = openMarkets(prepared);
    const plan = luckPlan(spec, prepared.grid) ?? assert.fail('there is no plan');
    const bases = allOf(drawBases(prepared, plan, () => 0));
    assert.equal(bases?.length ?? prepared.grid.baseTotal, plan.variants);
    drawn += bases === null ? 0 : 1;
    const expected = [0, 1, 2, 3].map((permutation) => bestOf(markets(permutation), bases));
    assert.deepEqual([best, ...bests], expected, `seed ${seed}`);
    found += expected.filter((one) => one !== null).length;
  }
  assert.ok(found > roundsOf(18) && drawn > 1, `${found} found, ${drawn} drawn`);
});

function allOf<R>(generator: Generator<unknown, R>): R {
  let step = generator.next();
  while (!step.done) step = generator.next();
  return step.value;
}

test('the whole search without validation finds on the real market what it finds in number 0', async () => {
  let compared = 0;
  for (let seed = 100; seed < 100 + roundsOf(18); seed += 1) {
    const next = random(seed);
    const spec: Spec = { ...randomSpec(next, BARS), luck: { permutations: 1, variants: 1000 } };
    const all = await steps(spec);
    const [row] = resultOf(all).rows;
    const { best } = permutedOf(all);
    if (row === undefined || row.metrics.bust === 1) continue;
    const [real, rebuilt] = [row.metrics[spec.ranking.primary_metric], best].map(metricNumber);
    assert.ok(
      Object.is(real, rebuilt) || Math.abs(real - rebuilt) <= 1e-7 * Math.max(1, Math.abs(real)),
      `seed ${seed}`,
    );
    compared += 1;
  }
  assert.ok(compared > roundsOf(18) / 2, String(compared));
});

test('one result, by however many threads, in chunks of whatever length, from whatever state', async () => {
  let inside = 0;
  for (let seed = 0; seed < roundsOf(15); seed += 1) {
    const next = random(1000 + seed);
    const spec = testedSpec(next);
    const whole = await steps(spec, { pool: oddPool(spec, 1 + (seed % 4), seed) });
    const expected = JSON.stringify(resultOf(whole));
    assert.equal(JSON.stringify(resultOf(await steps(spec))), expected, `seed ${seed}`);
    for (let at = 1; at < whole.length; at += 1)
      assert.ok(whole[at].processed >= whole[at - 1].processed, `seed ${seed}`);
    assert.ok(whole.every(({ processed, total }) => processed <= total && total === whole[0].total));
    assert.equal(whole.at(-1)?.processed, whole[0].total);
    const tested = whole.filter(({ luck, result }) => luck !== null && result === null);
    for (const from of new Set([0, 0.5, 0.99].map((share) => tested[Math.floor(share * tested.length)]))) {
      const state = decodeState(encodeState(from)) ?? assert.fail('the state is damaged');
      assert.ok(unitsDone(prepare(CANDLES, spec), state) <= from.processed);
      const rest = await steps(spec, { from, pool: oddPool(spec, 1 + (seed % 3), seed + 1) });
      assert.equal(JSON.stringify(resultOf(rest)), expected, `seed ${seed}`);
      inside += 1;
    }
  }
  assert.ok(inside > roundsOf(15), String(inside));
});

test('the rows of a search do not depend on its being tested, and are there while it is', async () => {
  for (let seed = 0; seed < roundsOf(12); seed += 1) {
    const spec = testedSpec(random(2000 + seed));
    const { luck: _luck, ...untested } = spec;
    const all = await steps(spec);
    const plain = resultOf(await steps(untested));
    const { rows, counts } = resultOf(all);
    assert.deepEqual([rows, counts], [plain.rows, plain.counts]);
    const first = all.find(({ luck }) => luck !== null) ?? assert.fail('it was not tested');
    const told = [...first.rows(5)];
    assert.deepEqual(
      told.map(({ metrics, payload, rank }) => ({ metrics, payload, rank })),
      rows.slice(0, 5).map(({ metrics, payload, rank }) => ({ metrics, payload, rank })),
    );
    assert.ok(told.every(({ report_table_md, trades }) => report_table_md === null && trades === null));
    assert.ok(
      all.every(({ luck, scored }) => luck === null || scored === 0),
      'simulations are of the real market',
    );
  }
});

test('more markets continue fewer, and what is kept changes nothing', async () => {
  for (let seed = 0; seed < roundsOf(9); seed += 1) {
    const few = testedSpec(random(3000 + seed), 2);
    const more: Spec = { ...few, top_k: few.top_k + 1, luck: { ...(few.luck as Luck), permutations: 5 } };
    const [a, b] = [permutedOf(await steps(few)), permutedOf(await steps(more))];
    assert.deepEqual([a.best, a.bests, a.sharpes], [b.best, b.bests.slice(0, 2), b.sharpes.slice(0, 2)]);
    assert.deepEqual([b.done, b.asked, b.bests.length, b.sharpes.length], [5, 5, 5, 5]);
  }
});

test('without a test every byte is that of before', async () => {
  const spec = randomSpec(random(5), BARS);
  const plain = JSON.stringify(resultOf(await steps(spec)));
  const none = await steps({ ...spec, luck: { permutations: 0, variants: 100 } });
  assert.equal(JSON.stringify(resultOf(none)), plain);
  assert.equal(JSON.parse(plain).verdict.permuted, null);
  assert.ok(none.every(({ luck }) => luck === null));
});

test('a walk is traded out of sample in every market, as a walk on its candles is', async () => {
  let walks = 0;
  for (let seed = 0; seed < roundsOf(18); seed += 1) {
    const base = testedSpec(random(4000 + seed));
    const validation = { mode: 'walk_forward', folds: 2, train_fraction: 0.6 } as const;
    const spec: Spec = { ...base, sample: null, validation, luck: { permutations: 2, variants: 1000, walk: true } };
    const prepared = prepare(CANDLES, spec);
    const { best, bests, sharpes } = permutedOf(await steps(spec));
    const markets = openMarkets(prepared);
    for (const [permutation, found] of [best, ...bests].entries()) {
      const { luck: _luck, ...untested } = spec;
      const { candles } = markets(permutation).timeline;
      const { validation: told } = resultOf(await steps(untested, { candles }));
      const { metrics } = told?.out_of_sample ?? assert.fail('nothing was held out');
      if (found === null) {
        assert.ok(metrics.num_trades === 0 || metrics.bust === 1);
        continue;
      }
      assert.equal(found, metrics[spec.ranking.primary_metric]);
      if (permutation > 0 && metrics.sharpe !== null) {
        const annual = (sharpes[permutation - 1] ?? NaN) * Math.sqrt(spec.runtime.periods_per_year);
        assert.ok(typeof metrics.sharpe !== 'number' || Math.abs(annual - metrics.sharpe) < 1e-9);
      }
      walks += 1;
    }
  }
  assert.ok(walks > roundsOf(18), String(walks));
});

test('the daily Sharpe ratio kept is that of the best', async () => {
  const spec: Spec = {
    ...randomSpec(random(11), BARS),
    ranking: { primary_metric: 'sharpe', secondary_metric: null },
    sample: null,
    luck: { permutations: 4, variants: 1000 },
  };
  const { best, best_sharpe_daily, bests, sharpes } = permutedOf(await steps(spec));
  const year = Math.sqrt(spec.runtime.periods_per_year);
  assert.ok(typeof best === 'number');
  for (const [at, metric] of [best, ...bests].entries()) {
    const sharpe = [best_sharpe_daily, ...sharpes][at];
    assert.equal(sharpe === null ? null : sharpe * year, metric);
  }
});

test('by plateaus a permuted market is searched as a job on its candles is', async () => {
  let found = 0;
  for (let seed = 0; seed < roundsOf(12); seed += 1) {
    const base = testedSpec(random(7000 + seed));
    const ranking = { primary_metric: base.ranking.primary_metric, secondary_metric: null, plateau: 1 + (seed % 2) };
    const spec: Spec = { ...base, ranking, sample: null, validation: null, luck: { permutations: 2, variants: 1000 } };
    const pool = seed % 3 === 0 ? { pool: oddPool(spec, 2, seed) } : {};
    const { best, best_variant, bests, sharpes } = permutedOf(await steps(spec, pool));
    const markets = openMarkets(prepare(CANDLES, spec));
    for (const [permutation, value] of [best, ...bests].entries()) {
      const { luck: _luck, ...untested } = spec;
      const [row] = resultOf(await steps(untested, { candles: markets(permutation).timeline.candles })).rows;
      const ranked = row !== undefined && row.metrics.bust !== 1;
      assert.equal(value, ranked ? row.metrics[ranking.primary_metric] : null, `seed ${seed}`);
      if (permutation === 0) assert.equal(best_variant, ranked ? row.variant_index : null);
      const annual = (sharpes[permutation - 1] ?? NaN) * Math.sqrt(spec.runtime.periods_per_year);
      const told = ranked && permutation > 0 && typeof row.metrics.sharpe === 'number';
      if (told) assert.ok(Math.abs(annual - metricNumber(row.metrics.sharpe)) < 1e-9, `seed ${seed}`);
      found += Number(ranked);
    }
  }
  assert.ok(found > roundsOf(12), String(found));
});

test('what cannot be tested has a reason, and all its units', async () => {
  const spec: Spec = { ...randomSpec(random(3), BARS), luck: { permutations: 19, variants: 100 } };
  const short = await steps({ ...spec, time_range: { start: at(0), end: at(90) } });
  const { p, reason, done, bests } = permutedOf(short);
  assert.deepEqual([p, done, bests], [null, 0, []]);
  assert.match(reason ?? '', /bars can be permuted, the test needs 100/);
  assert.equal(short.at(-1)?.processed, short.at(-1)?.total);
  const strict = await steps({ ...spec, filters: { min_trades: 10_000, max_drawdown_pct: null } });
  assert.deepEqual([permutedOf(strict).p, permutedOf(strict).best], [null, null]);
  assert.equal(permutedOf(strict).reason, 'the search ranked no variant on the real market');
});
