// What must hold for every search, on random specs over everything a spec can ask for.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { random } from './grid/random.ts';
import { specFromPayload } from './grid/variant.ts';
import { prepare } from './prepare.ts';
import { decodeState, encodeState } from './scoring/checkpoint.ts';
import { fastScorer } from './scoring/fast-scorer.ts';
import type { Pool } from './scoring/pool.ts';
import { compareScores, orderOf } from './scoring/rank.ts';
import { search, type SearchStep } from './search.ts';
import { metricNumber } from './simulate/metrics-json.ts';
import type { Spec } from './spec.ts';
import { randomCandles } from './testing/candles.ts';
import { randomSpec } from './testing/random-specs.ts';
import { roundsOf } from './testing/rounds.ts';

const BARS = 400;
const CANDLES = randomCandles(8, BARS, { stepMs: 3_600_000, volatility: 0.012 });
const ROUNDS = roundsOf(120);

async function steps(spec: Spec, chunk: number, from?: SearchStep): Promise<SearchStep[]> {
  const state =
    from === undefined ? undefined : (decodeState(encodeState(from)) ?? assert.fail('the state is damaged'));
  const all: SearchStep[] = [];
  const prepared = prepare(CANDLES, spec);
  const score = fastScorer(prepared);
  const pool: Pool = { size: 1, chunk: () => chunk, prepared, score: async (task) => score(task) };
  for await (const step of search(CANDLES, spec, state, pool)) all.push(step);
  return all;
}

test('the score of every kept variant is the number of its report, bit for bit, and ranks it', async () => {
  let rows = 0;
  for (let seed = 0; seed < ROUNDS; seed += 1) {
    const spec = randomSpec(random(seed), BARS);
    const { best, result } = (await steps(spec, 1000)).at(-1) ?? assert.fail('no step');
    const { primary_metric, secondary_metric } = spec.ranking;
    const order = orderOf(spec.ranking);
    const scores = (result?.rows ?? []).map(({ metrics, variant_index }, at) => {
      assert.equal(variant_index, best.index[at]);
      assert.ok(Object.is(metricNumber(metrics[primary_metric]), best.primary[at]), `seed ${seed}, ${primary_metric}`);
      if (secondary_metric !== null) assert.ok(Object.is(metricNumber(metrics[secondary_metric]), best.secondary[at]));
      assert.equal(best.ruined[at], metrics.bust);
      const [primary, secondary, ruined] = [best.primary[at], best.secondary[at], best.ruined[at]];
      return { index: variant_index, primary, secondary, ruined };
    });
    for (let at = 1; at < scores.length; at += 1) assert.ok(compareScores(order, scores[at - 1], scores[at]) < 0);
    rows += scores.length;
  }
  assert.ok(rows > 5 * ROUNDS, `${rows} rows`);
});

test('cut anywhere and continued, in chunks of any size, a search ends with the same bytes', async () => {
  for (let seed = 0; seed < ROUNDS; seed += 1) {
    const next = random(seed);
    const spec = randomSpec(next, BARS);
    const whole = await steps(spec, 7);
    const cut = whole[Math.floor(next() * (whole.length - 1))];
    const rest = await steps(spec, 1 + Math.floor(next() * 50), cut);
    assert.equal(JSON.stringify(rest.at(-1)?.result), JSON.stringify(whole.at(-1)?.result), `seed ${seed}`);
  }
});

test('a kept variant is run again from its payload', async () => {
  for (let seed = 0; seed < ROUNDS; seed += 1) {
    const spec = randomSpec(random(seed), BARS);
    const rows = (await steps(spec, 1000)).at(-1)?.result?.rows ?? [];
    for (const row of rows.slice(0, 3)) {
      const alone = specFromPayload({ ...spec, filters: { min_trades: null, max_drawdown_pct: null } }, row.payload);
      const [again] = (await steps(alone, 1)).at(-1)?.result?.rows ?? [];
      assert.deepEqual(
        { ...again, rank: row.rank, variant_index: row.variant_index, trades: row.trades },
        row,
        `seed ${seed}`,
      );
    }
  }
});

test('a sample is scored as the grid scores it', async () => {
  for (let seed = 0; seed < ROUNDS; seed += 1) {
    const spec = randomSpec(random(seed), BARS);
    if (spec.sample === null) continue;
    const all = await steps({ ...spec, sample: null, preselect: 1e6, top_k: 1e5 }, 1000);
    const rows = new Map((all.at(-1)?.result?.rows ?? []).map((row) => [row.variant_index, row.metrics]));
    const sampled = (await steps(spec, 1000)).at(-1);
    assert.ok((sampled?.counts.stage_a.scored ?? 0) <= spec.sample.n);
    for (const row of sampled?.result?.rows ?? []) assert.deepEqual(rows.get(row.variant_index), row.metrics);
  }
});
