// What a verdict tells of the variants one step away from its best, against reports of those variants found by their values.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseSpec } from '../gate/parse-spec.ts';
import { buildGrid } from '../grid/grid.ts';
import { random } from '../grid/random.ts';
import { search, type SearchResult } from '../search.ts';
import { metricNumber } from '../simulate/metrics-json.ts';
import { DAY_MS, type Spec } from '../spec.ts';
import { randomCandles } from '../testing/candles.ts';
import { roundsOf } from '../testing/rounds.ts';
import { variantReport } from '../variant-report.ts';

const START = Date.UTC(2020, 0, 1);
const CANDLES = randomCandles(6, 300, { start: START, stepMs: DAY_MS, volatility: 0.02 });

const ROUNDS = roundsOf(12);

const some = (values: readonly (number | string)[]): object => ({ mode: 'explicit', values });

async function resultOf(spec: Spec): Promise<SearchResult> {
  for await (const { result } of search(CANDLES, spec)) if (result !== null) return result;
  throw new Error('no result');
}

/** The values that a variant has on each axis, those of stops too. */
function valuesOf(spec: Spec, variant: number): Record<string, number | string> {
  const { axes, strides, risks, riskTotal } = buildGrid(spec);
  const base = Math.floor(variant / riskTotal);
  const found: Record<string, number | string> = {};
  for (const [axis, { key, values }] of axes.entries()) {
    found[key] = values[Math.floor(base / strides[axis]) % values.length];
  }
  let rest = variant % riskTotal;
  for (const [name, values] of Object.entries(risks).reverse()) {
    found[name === 'maxBars' ? 'max_bars' : name] = values[rest % values.length];
    rest = Math.floor(rest / values.length);
  }
  return found;
}

test('neighbours differ from the best on one axis, by one step, and have the scores of their reports', async () => {
  let told = 0;
  for (let seed = 0; seed < ROUNDS; seed += 1) {
    const next = random(seed);
    const mixed = (...values: readonly (number | string)[]): object => some([...values].sort(() => next() - 0.5));
    const spec = parseSpec({
      time_range: {
        start: new Date(START + 60 * DAY_MS).toISOString(),
        end: new Date(START + 300 * DAY_MS).toISOString(),
      },
      luck: 0,
      warmup_bars: 60,
      ranking: { primary_metric: next() < 0.5 ? 'total_return_pct' : 'max_drawdown_pct' },
      template: {
        instrument_id: { market_id: 1, symbol: 'TEST' },
        timeframe: '1d',
        rules: { long: 'sma(close, a) > sma(close, b)' },
        params: { a: mixed(3, 5, 9, 2), b: mixed(4, 8, 20) },
        constraints: ['a < b'],
        risk_grid: { sl: mixed('off', 1, 4, 2), max_bars: mixed('off', 5) },
      },
    });
    const { rows, verdict } = await resultOf(spec);
    const { benchmark_return_pct, neighbours = [] } = verdict;
    const { close } = CANDLES;
    assert.ok(Math.abs(benchmark_return_pct! - (close[299] / close[60] - 1) * 100) < 1e-9);
    assert.match(rows[0].report_table_md ?? '', new RegExp(`Benchmark Return.*${Math.trunc(benchmark_return_pct!)}`));
    const { rawTotal, riskTotal, axes, risks } = buildGrid(spec);
    const own = valuesOf(spec, rows[0].variant_index);
    const lists: Record<string, readonly (number | string)[]> = { sl: risks.sl, max_bars: risks.maxBars };
    for (const { key, values } of axes) lists[key] = values;
    const expected = new Map<string, number>();
    for (let variant = 0; variant < rawTotal * riskTotal; variant += 1) {
      const values = valuesOf(spec, variant);
      const changed = Object.keys(own).filter((key) => values[key] !== own[key]);
      const [key] = changed;
      if (changed.length !== 1) continue;
      const list = lists[key];
      const order =
        typeof own[key] === 'number' ? list.filter(Number.isFinite).sort((a, b) => Number(a) - Number(b)) : list;
      const [here, there] = [order.indexOf(own[key]), order.indexOf(values[key])];
      if (there < 0 || Math.abs(here - there) !== 1) continue;
      const isVariant = Number(values['a']) < Number(values['b']);
      const metrics = isVariant ? variantReport(CANDLES, spec, { variant_index: variant }).metrics : null;
      const score =
        metrics === null || metrics.num_trades === 0 ? NaN : metricNumber(metrics[spec.ranking.primary_metric]);
      expected.set(`${key} ${values[key]}`, score);
    }
    const found = new Map(neighbours.map(({ axis, value, score }) => [`${axis} ${value}`, metricNumber(score)]));
    assert.deepEqual(found, expected, `seed ${seed}`);
    told += found.size;
  }
  assert.ok(told > 2 * ROUNDS, `${told} neighbours`);
});
