// The best neighbourhood, against a mean over a box that is counted point by point, and in a search that is cut.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseSpec } from '../gate/parse-spec.ts';
import { buildGrid, riskOff } from '../grid/grid.ts';
import { random } from '../grid/random.ts';
import { prepare } from '../prepare.ts';
import { search, type SearchStep } from '../search.ts';
import { randomCandles } from '../testing/candles.ts';
import { roundsOf } from '../testing/rounds.ts';
import { specInput } from '../testing/specs.ts';
import { openBestNear } from './best-near.ts';
import { decodeState, encodeState } from './checkpoint.ts';
import { fastScorer } from './fast-scorer.ts';
import type { Pool } from './pool.ts';

const ROUNDS = roundsOf(60);

const some = (values: readonly (number | string)[]): object => ({ mode: 'explicit', values });

function drain<T>(working: Generator<unknown, T>): T {
  for (;;) {
    const { done, value } = working.next();
    if (done === true) return value;
  }
}

/** Steps that 2 % of an axis are, at least one. */
const reach = (length: number): number => Math.max(1, Math.round(0.02 * length));

/** Places of the digits of an index on each axis, by value. */
function placesOf(grid: ReturnType<typeof buildGrid>, index: number): number[] {
  return grid.axes.map(({ values }, axis) => {
    const order = [...values].sort((a, b) => Number(a) - Number(b));
    return order.indexOf(values[Math.floor(index / grid.strides[axis]) % values.length]);
  });
}

function naive(grid: ReturnType<typeof buildGrid>, scores: Float32Array, sign: number) {
  const places = Array.from(scores, (_, index) => placesOf(grid, index));
  let best: { index: number; near: number } | null = null;
  for (const [index, score] of scores.entries()) {
    if (Number.isNaN(score)) continue;
    const inBox = scores.filter(
      (other, at) =>
        Number.isFinite(other) &&
        places[at].every((place, axis) => {
          return Math.abs(place - places[index][axis]) <= reach(grid.axes[axis].values.length);
        }),
    );
    if (inBox.length === 0) continue;
    const near = inBox.reduce((sum, one) => sum + one, 0) / inBox.length;
    if (best === null || sign * (near - best.near) > 1e-6) best = { index, near };
  }
  return best;
}

test('is the first of the best means over boxes, on grids with holes and infinite scores', () => {
  for (let seed = 0; seed < ROUNDS; seed += 1) {
    const next = random(seed);
    const one = (most: number): number => Math.floor(next() * most);
    const values = (length: number): number[] => {
      const list = Array.from({ length }, (_, at) => 2 + at);
      return next() < 0.5 ? list : list.sort(() => next() - 0.5);
    };
    const primary_metric = next() < 0.7 ? 'total_return_pct' : 'max_drawdown_pct';
    const input = specInput(
      { ranking: { primary_metric } },
      {
        rules: { long: 'close > sma(close, a) and close > close[b] and close > close[c]' },
        params: { a: some(values(2 + one(70))), b: some(values(1 + one(6))), c: some(values(1 + one(3))) },
        risk_grid: { sl: some([1, 'off', 2]) },
      },
    );
    const { indicator_grids: _grids, ...template } = (input as { template: Record<string, unknown> }).template;
    const spec = parseSpec({ ...input, template });
    const grid = buildGrid(spec);
    const scores = Float32Array.from({ length: grid.rawTotal }, () => {
      const draw = next();
      return draw < 0.2 ? NaN : draw < 0.22 ? Infinity : one(40) - 20;
    });
    const near = openBestNear(grid, spec, scores.subarray(0, 3)) ?? assert.fail('it has neighbourhoods');
    near.take(3, scores.subarray(3));
    const found = drain(near.find(() => null));
    const expected = naive(grid, scores, primary_metric === 'max_drawdown_pct' ? -1 : 1);
    if (found === null || expected === null) assert.equal(found, expected);
    else {
      assert.equal(found.variant_index, expected.index * grid.riskTotal + riskOff(grid), `seed ${seed}`);
      assert.ok(Math.abs(found.near - expected.near) < 1e-5);
    }
  }
});

test('a search finds it in its surface, and the same wherever it is cut', async () => {
  const candles = randomCandles(3, 900, { stepMs: 3_600_000, volatility: 0.01 });
  const spec = parseSpec({
    time_range: { start: new Date(candles.time[200]).toISOString(), end: new Date(candles.time[899]).toISOString() },
    warmup_bars: 100,
    luck: 0,
    top_k: 3,
    preselect: 10,
    template: {
      instrument_id: { market_id: 1, symbol: 'TEST' },
      timeframe: '1h',
      rules: { long: 'sma(close, a) > sma(close, b)' },
      params: {
        a: { mode: 'range', start: 2, stop_incl: 12, step: 1 },
        b: { mode: 'range', start: 8, stop_incl: 30, step: 2 },
      },
      constraints: ['a < b'],
      risk_grid: { sl: some(['off', 1, 2]) },
    },
  });
  const prepared = prepare(candles, spec);
  const steps = async (chunk: number, from?: SearchStep): Promise<SearchStep[]> => {
    const state = from && (decodeState(encodeState(from)) ?? assert.fail('the state is damaged'));
    const all: SearchStep[] = [];
    const score = fastScorer(prepared);
    const pool: Pool = { size: 1, chunk: () => chunk, prepared, score: async (task) => score(task) };
    for await (const step of search(candles, spec, state, pool)) all.push(step);
    return all;
  };
  const whole = await steps(13);
  const scores = new Float32Array(prepared.grid.rawTotal).fill(NaN);
  for (const { surface_chunk: chunk } of whole) if (chunk !== null) scores.set(chunk.scores, chunk.first_index);
  const plateau = whole.at(-1)?.result?.verdict.plateau ?? assert.fail('no plateau');
  const expected = naive(prepared.grid, scores, 1) ?? assert.fail('nothing is ranked');
  assert.equal(plateau.variant_index, expected.index * 3);
  assert.ok(Math.abs(plateau.near - expected.near) < 1e-5);
  for (const [at, step] of whole.slice(0, -1).entries()) {
    if (at % (step.stage === 'stage_a' ? 3 : 20) !== 0) continue;
    const rest = await steps(1 + (at % 40), step);
    assert.equal(JSON.stringify(rest.at(-1)?.result), JSON.stringify(whole.at(-1)?.result), `cut at step ${at}`);
  }
  const inStageB = whole.find(({ stage }) => stage === 'stage_b') ?? assert.fail('no stage_b');
  assert.ok(!('surface' in inStageB), 'no scores are kept once stage_a is over');
});
