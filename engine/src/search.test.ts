import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { sliceCandles, type Candles } from './bars/candles.ts';
import { estimate } from './estimate/cost.ts';
import { parseSpec } from './gate/parse-spec.ts';
import { buildGrid } from './grid/grid.ts';
import { random } from './grid/random.ts';
import { specFromPayload } from './grid/variant.ts';
import { prepare, targetOf } from './prepare.ts';
import { decodeState, encodeState } from './scoring/checkpoint.ts';
import { fastScorer } from './scoring/fast-scorer.ts';
import type { VariantRow } from './scoring/finalize.ts';
import type { Pool } from './scoring/pool.ts';
import { compareScores, orderOf } from './scoring/rank.ts';
import type { SearchState } from './scoring/state.ts';
import { leaderOf, search, unitsDone, type SearchStep } from './search.ts';
import { openSignals } from './signals/signals.ts';
import { metricNumber } from './simulate/metrics-json.ts';
import { NO_RISK, settingOf } from './simulate/setting.ts';
import { simulate } from './simulate/simulate.ts';
import { HOUR_MS, METRICS, type Spec } from './spec.ts';
import { candlesOfCloses, randomCandles } from './testing/candles.ts';

const START = Date.UTC(2024, 0, 1);
const CANDLES = randomCandles(11, 700, { start: START, stepMs: HOUR_MS, volatility: 0.01 });

interface Wishes {
  readonly template?: object;
  readonly [field: string]: unknown;
}

/** A grid with every axis kind, and macd combinations that make no sense in it. */
function specOf({ template, ...wishes }: Wishes = {}): Spec {
  return parseSpec({
    time_range: {
      start: new Date(START + 100 * HOUR_MS).toISOString(),
      end: new Date(START + 700 * HOUR_MS).toISOString(),
    },
    luck: 0,
    warmup_bars: 60,
    preselect: 25,
    top_k: 12,
    ...wishes,
    template: {
      instrument_id: { market_id: 1, symbol: 'TEST' },
      timeframe: '1h',
      indicator_grids: [
        {
          indicator_id: 'momentum.macd',
          params: {
            fast_window: { mode: 'explicit', values: [5, 12, 20] },
            slow_window: { mode: 'explicit', values: [10, 26] },
          },
        },
        {
          indicator_id: 'ma.ema',
          source: { mode: 'explicit', values: ['close', 'hl2'] },
          params: { window: { mode: 'range', start: 4, stop_incl: 12, step: 4 } },
        },
      ],
      signal_grids: { 'momentum.macd': { rule: { mode: 'explicit', values: ['sign', 'macd_vs_signal'] } } },
      risk_grid: { sl: { mode: 'explicit', values: ['off', 0.8, 2] }, tp: { mode: 'explicit', values: [1.5, 'off'] } },
      ...template,
    },
  });
}

async function steps(
  spec: Spec,
  { candles = CANDLES, from, pool }: { candles?: Candles; from?: SearchState; pool?: Pool } = {},
) {
  const all: SearchStep[] = [];
  for await (const step of search(candles, spec, from, pool)) all.push(step);
  return all;
}

function bytesOf(all: readonly SearchStep[]): string {
  const result = all.at(-1)?.result;
  assert.ok(result);
  return JSON.stringify(result);
}

/** The surface as one column, from the chunks of all steps. */
function surfaceOf(all: readonly SearchStep[]): Float32Array {
  const chunks = all.flatMap(({ surface_chunk }) => (surface_chunk === null ? [] : [surface_chunk]));
  const last = chunks.at(-1);
  const surface = new Float32Array(last === undefined ? 0 : last.first_index + last.scores.length);
  for (const { first_index, scores } of chunks) surface.set(scores, first_index);
  return surface;
}

/** A pool that does several chunks of an odd size at once and answers in another order than it was asked. */
function oddPool(spec: Spec, chunk: number, size: number, seed: number): Pool {
  const prepared = prepare(CANDLES, spec);
  const scorers = Array.from({ length: size }, () => fastScorer(prepared, size));
  const next = random(seed);
  return {
    size,
    chunk: () => chunk,
    prepared,
    async score(task) {
      for (let turns = Math.floor(next() * 5); turns > 0; turns -= 1) await Promise.resolve();
      return scorers[Math.floor(next() * size)](task);
    },
  };
}

for (const [by, wishes] of Object.entries({
  'two metrics': { ranking: { primary_metric: 'profit_factor', secondary_metric: 'sharpe' } },
  'plateaus, before and in a luck test': {
    ranking: { primary_metric: 'profit_factor', secondary_metric: null, plateau: 1 },
    luck: { permutations: 19, variants: 48 },
  },
})) {
  test(`the leader of every step is the first of its rows, with its primary metric: by ${by}`, async () => {
    const spec = specOf(wishes);
    const prepared = prepare(CANDLES, spec);
    const stages = new Set<string>();
    let ranked = 0;
    for (const step of await steps(spec, { pool: oddPool(spec, 5, 2, 3) })) {
      const [row] = step.rows(1);
      const leader = leaderOf(prepared, step);
      assert.equal(leader === null, row === undefined);
      if (leader === null) continue;
      const value = metricNumber(row.metrics.profit_factor ?? null);
      assert.deepEqual(leader, { value, variant_index: row.variant_index });
      stages.add(step.luck === null ? step.stage : 'luck');
      ranked += 1;
    }
    assert.equal(stages.size, 'luck' in wishes ? 4 : 3);
    assert.ok(ranked > 10);
  });
}

test('drawing a sample from millions gives turns before the first variant is scored', async () => {
  const range = (stop_incl: number) => ({ mode: 'range', start: 2, stop_incl, step: 1 });
  const template = {
    indicator_grids: undefined,
    signal_grids: undefined,
    rules: { long: 'sma(close, a) > sma(close, b) and rsi(close, c) < 50' },
    params: { a: range(60), b: range(60), c: range(1000) },
  };
  const all = await steps(specOf({ template, sample: { n: 9, seed: 4 } }));
  const drawing = all.filter(({ stage, processed, scored }) => stage === 'stage_a' && processed === 0 && scored === 0);
  assert.ok(drawing.length >= 3, `${drawing.length} turns`);
  assert.equal(all.at(-1)?.counts.stage_a.scored, 9);
});

describe('search', () => {
  test('goes through three stages and counts every unit once', async () => {
    const spec = specOf();
    const all = await steps(spec, { pool: oddPool(spec, 7, 1, 1) });
    assert.deepEqual([...new Set(all.map(({ stage }) => stage))], ['stage_a', 'stage_b', 'finalizing']);
    for (let at = 1; at < all.length; at += 1) assert.ok(all[at].processed >= all[at - 1].processed);
    const last = all[all.length - 1];
    // macd: 3 x 2 windows without 12/10 and 20/10, 2 rules; ema: 2 sources x 3 windows; 3 x 2 risks
    assert.equal(last.counts.stage_a.scored, 4 * 2 * 6);
    assert.equal(last.counts.stage_b.scored, 25 * 6);
    assert.equal(last.total, 48 + 25 * 6 + 12);
    assert.equal(last.processed, last.total);
    assert.equal(last.result?.rows.length, 12);
  });

  test('a grid with fewer variants than top_k asks for ends at their number', async () => {
    const spec = specOf({ top_k: 5000, template: { risk_grid: { sl_pct: 2 } } });
    const all = await steps(spec);
    const last = all[all.length - 1];
    assert.equal(last.total, 48 + 25 + 25); // base variants, their shortlist under one risk setting, all of it kept
    assert.equal(last.processed, last.total);
    assert.ok(all.every(({ processed, total }) => processed <= total && total === last.total));
    assert.equal(estimate(spec, buildGrid(spec)).total_units, last.total);
  });

  test('has one result, whatever the size of chunks, the number of scorers and their order', async () => {
    const spec = specOf();
    const plain = await steps(spec);
    for (const [chunk, size] of [
      [1, 1],
      [5, 3],
      [1000, 2],
      [13, 4],
    ] as const) {
      const other = await steps(spec, { pool: oddPool(spec, chunk, size, chunk) });
      assert.equal(bytesOf(other), bytesOf(plain));
      assert.deepEqual(surfaceOf(other), surfaceOf(plain));
    }
  });

  test('continued from any of its steps ends with the same bytes', async () => {
    const spec = specOf();
    const pool = oddPool(spec, 9, 1, 5);
    const all = await steps(spec, { pool });
    for (const cut of all) {
      const state = decodeState(encodeState(cut));
      assert.ok(state);
      if (cut.stage !== 'finalizing') assert.equal(unitsDone(pool.prepared!, state), cut.processed);
      const rest = await steps(spec, { from: state, pool: oddPool(spec, 4, 2, cut.next + 1) });
      assert.equal(bytesOf(rest), bytesOf(all));
    }
  });

  test('takes no damaged state', () => {
    const bytes = encodeState({
      stage: 'stage_a',
      next: 3,
      best: {
        index: Float64Array.of(1),
        primary: Float64Array.of(NaN),
        secondary: Float64Array.of(0),
        ruined: Float64Array.of(0),
      },
      counts: {
        stage_a: { scored: 3, short_history: 0, zero_trades: 0, min_trades: 0, max_drawdown: 0 },
        stage_b: { scored: 0, short_history: 0, zero_trades: 0, min_trades: 0, max_drawdown: 0 },
      },
      shortlist: null,
      past: [],
      luck: null,
    });
    assert.ok(decodeState(bytes));
    for (const at of [0, 64, 70, bytes.length - 1]) {
      const damaged = bytes.slice();
      damaged[at] ^= 1;
      assert.equal(decodeState(damaged), null);
    }
    assert.equal(decodeState(bytes.subarray(0, bytes.length - 8)), null);
    assert.equal(decodeState(new Uint8Array(10)), null);
  });

  for (const { name } of METRICS) {
    test(`ranks by ${name}, and the score is the number of the report, bit for bit`, async () => {
      const secondary = name === 'sqn' ? 'win_rate_pct' : 'sqn';
      const spec = specOf({ ranking: { primary_metric: name, secondary_metric: secondary } });
      const all = await steps(spec);
      const { best, result } = all[all.length - 1];
      assert.ok(result && result.rows.length === 12);
      const scores = result.rows.map(({ variant_index, metrics }, at) => {
        assert.equal(variant_index, best.index[at]);
        assert.deepEqual(
          [best.primary[at], best.secondary[at]],
          [metricNumber(metrics[name]), metricNumber(metrics[secondary])],
        );
        const ruined = best.ruined[at];
        return { index: variant_index, primary: best.primary[at], secondary: best.secondary[at], ruined };
      });
      const order = orderOf({ primary_metric: name, secondary_metric: secondary });
      for (let at = 1; at < scores.length; at += 1) assert.ok(compareScores(order, scores[at - 1], scores[at]) < 0);
    });
  }

  test('finds what trying everything finds', async () => {
    const spec = specOf({ preselect: 1000, top_k: 1000 });
    const { result } = (await steps(spec)).at(-1)!;
    assert.ok(result);
    const keys = new Set(result.rows.map(({ variant_key }) => variant_key));
    assert.equal(keys.size, result.rows.length);
    const ranked = result.counts.stage_b.scored - result.counts.stage_b.zero_trades;
    assert.equal(result.rows.length, ranked);
    assert.ok(ranked > 100);
  });

  const fourAxes = {
    sl: { mode: 'explicit', values: ['off', 0.5] },
    tp: 3,
    trail: { mode: 'explicit', values: [0.6, 'off'] },
    max_bars: { mode: 'explicit', values: ['off', 5, 12] },
    trigger: 'intrabar',
  };

  test('scores every setting of four risk axes, and each is a strategy of its own', async () => {
    const spec = specOf({ preselect: 3, top_k: 100, top_trades_n: 100, template: { risk_grid: fourAxes } });
    const last = (await steps(spec)).at(-1)!;
    assert.equal(last.counts.stage_b.scored, 3 * 2 * 2 * 3);
    const rows = last.result?.rows ?? [];
    assert.equal(new Set(rows.map(({ variant_key }) => variant_key)).size, 36);
    const reasons = new Set(rows.flatMap(({ trades }) => (trades ?? []).map(({ exit_reason }) => exit_reason)));
    for (const reason of ['trail', 'max_bars', 'sl', 'tp', 'signal_exit'] as const)
      assert.ok(reasons.has(reason), reason);
    for (const { payload, trades, variant_index } of rows) {
      const { trail_enabled, trail_pct, max_bars_enabled, max_bars } = payload.risk_params;
      assert.deepEqual([trail_enabled, trail_pct], variant_index % 6 < 3 ? [true, 0.6] : [false, null]);
      assert.deepEqual([max_bars_enabled, max_bars], [variant_index % 3 > 0, [null, 5, 12][variant_index % 3]]);
      for (const { exit_reason, entry_bar, exit_bar } of trades ?? []) {
        if (exit_reason === 'max_bars') assert.equal(exit_bar - entry_bar, max_bars);
        if (exit_reason === 'trail') assert.ok(trail_enabled);
        assert.ok(exit_bar - entry_bar <= (max_bars ?? Infinity));
      }
    }
  });

  test('reproduces a variant from its payload', async () => {
    const spec = specOf({ top_trades_n: 12, template: { risk_grid: fourAxes } });
    const { result } = (await steps(spec)).at(-1)!;
    assert.equal(result?.rows.length, 12);
    for (const row of result?.rows ?? []) {
      const alone = specFromPayload(spec, row.payload);
      const again = (await steps(alone)).at(-1)!.result?.rows[0];
      const { monte_carlo } = again ?? {};
      assert.equal('monte_carlo' in row, row.rank <= 10); // alone it is the first
      assert.deepEqual({ ...again, rank: row.rank, variant_index: row.variant_index }, { ...row, monte_carlo });
      if (row.rank <= 10) assert.deepEqual(row.monte_carlo, monte_carlo);
    }
  });

  test('says of every variant what its return hides: the other bound of ambiguous bars, bust and the debt', async () => {
    const risky = { risk_grid: { sl_pct: 0.4, tp_pct: 0.4, trigger: 'intrabar' } };
    const spec = specOf({ template: risky });
    const { target } = targetOf(prepare(CANDLES, spec));
    let ambiguous = 0;
    for (const { metrics, payload, variant_index } of (await steps(spec)).at(-1)!.result?.rows ?? []) {
      const signal =
        openSignals(prepare(CANDLES, spec), { bytes: 0 })(variant_index)?.signal ?? assert.fail('no variant');
      const { sl_pct: sl, tp_pct: tp } = payload.risk_params;
      const [first, other] = (['sl_first', 'tp_first'] as const).map((convention) =>
        simulate(target, signal, { ...settingOf(spec.template, { ...NO_RISK, sl, tp }), ambiguous: convention }),
      );
      const { init_cash_quote: init } = payload.execution_params;
      assert.equal(metrics.ambiguous_bars, first.ambiguousBars);
      assert.equal(metrics.total_return_pct, ((first.finalEquity - init) / init) * 100);
      assert.equal(metrics.total_return_pct_tp_first, ((other.finalEquity - init) / init) * 100);
      assert.deepEqual([metrics.bust, metrics.written_off], [0, 0]);
      ambiguous += first.ambiguousBars;
    }
    assert.ok(ambiguous > 0);
    const calm = (await steps(specOf())).at(-1)!.result?.rows ?? [];
    for (const { metrics } of calm) {
      assert.deepEqual([metrics.ambiguous_bars, metrics.total_return_pct_tp_first], [0, metrics.total_return_pct]);
    }
    const closes = Array.from({ length: 700 }, (_, bar) =>
      bar < 400 ? 100 - (bar % 7) / 10 : 100 * 1.03 ** (bar - 400),
    );
    const ruinous = specOf({
      template: {
        indicator_grids: [{ indicator_id: 'ma.ema', params: { window: 100 } }],
        signal_grids: { 'ma.ema': { inverted: 1 } },
        direction_mode: 'short-only',
        risk_grid: {},
      },
    });
    const ruin = (await steps(ruinous, { candles: candlesOfCloses(closes, START, HOUR_MS) })).at(-1)!.result?.rows[0];
    assert.equal(ruin?.metrics.bust, 1);
    assert.ok(ruin.metrics.written_off > 0);
  });

  test('filters by number of trades in both stages and by drawdown in stage_b only', async () => {
    const open = (await steps(specOf({ preselect: 1000 }))).at(-1)!;
    const few = (await steps(specOf({ preselect: 1000, filters: { min_trades: 60 } }))).at(-1)!;
    assert.ok(few.counts.stage_a.min_trades > 0);
    assert.ok(few.result?.rows.every(({ metrics }) => Number(metrics.num_trades) >= 60));
    const limit = Number(open.result?.rows[3].metrics.max_drawdown_pct);
    const safe = (await steps(specOf({ preselect: 1000, filters: { max_drawdown_pct: limit } }))).at(-1)!;
    assert.deepEqual(safe.counts.stage_a, open.counts.stage_a);
    assert.ok(safe.counts.stage_b.max_drawdown > 0);
    assert.ok(safe.result?.rows.every(({ metrics }) => Number(metrics.max_drawdown_pct) <= limit));
  });

  test('shows the best so far while it runs, without reports', async () => {
    const spec = specOf();
    for (const step of await steps(spec, { pool: oddPool(spec, 11, 1, 3) })) {
      if (step.result !== null) continue;
      const rows = [...step.rows(5)];
      assert.equal(rows.length, Math.min(5, step.best.index.length));
      assert.deepEqual(
        rows.map(({ rank }) => rank),
        rows.map((_, at) => at + 1),
      );
      assert.equal(new Set(rows.map(({ variant_key }) => variant_key)).size, rows.length);
      for (const { report_table_md, trades, payload } of rows) {
        assert.deepEqual([report_table_md, trades], [null, null]);
        if (step.stage === 'stage_a')
          assert.deepEqual([payload.risk_params.sl_pct, payload.risk_params.tp_pct], [null, null]);
      }
    }
  });

  test('runs the best so far one by one, and not again what it has run for the step before', async () => {
    const spec = specOf();
    const others = await steps(spec, { pool: oddPool(spec, 11, 1, 3) });
    const seen = new Map<string, VariantRow['metrics']>();
    let again = 0;
    for (const step of (await steps(spec, { pool: oddPool(spec, 11, 1, 3) })).filter(({ result }) => result === null)) {
      const [first] = step.rows(12); // and no more
      const rows = [...step.rows(12)];
      assert.deepEqual(rows[0], first);
      for (const { payload, metrics } of rows) {
        const known = seen.get(JSON.stringify([step.stage, payload]));
        if (known === metrics) again += 1;
        seen.set(JSON.stringify([step.stage, payload]), metrics);
      }
      const fresh = others.find(({ stage, next }) => stage === step.stage && next === step.next);
      assert.deepEqual(rows, [...fresh!.rows(12)]);
    }
    assert.ok(again > 20, `${again} rows were kept`);
  });

  test('gives a turn after each variant it re-runs, and often when there are few bars and many variants', async () => {
    const all = (await steps(specOf())).filter(({ stage }) => stage === 'finalizing');
    const { drawn } = all.at(-1)!.result!.verdict.compared;
    assert.deepEqual([...new Set(all.map(({ next }) => next))], [...Array(13).keys()]);
    assert.ok(drawn > 20 && all.length >= 1 + drawn + 12 + 1, `${drawn} drawn, ${all.length} steps`);
    const window = { mode: 'range', start: 2, stop_incl: 40, step: 1 };
    const threshold = { mode: 'range', start: 10, stop_incl: 60, step: 2 };
    const short = parseSpec({
      time_range: { start: new Date(START).toISOString(), end: new Date(START + 20 * HOUR_MS).toISOString() },
      luck: 0,
      warmup_bars: 0,
      top_k: 1,
      preselect: 1,
      template: {
        instrument_id: { market_id: 1, symbol: 'TEST' },
        timeframe: '1h',
        indicator_grids: [{ indicator_id: 'momentum.rsi', params: { window } }],
        signal_grids: { 'momentum.rsi': { long_threshold: threshold, short_threshold: threshold } },
      },
    });
    const largest = Math.max(...(await steps(short)).map(({ scored }) => scored));
    assert.ok(largest > 0 && largest * (250 + 20) <= 8_000_000, `${largest} in one step`);
  });

  test('looks at no later bar: cut at bar t, signals before t and trades and equity before t - 1 stay', () => {
    const full = prepare(CANDLES, specOf());
    const { target } = targetOf(full);
    const bars = target.time.length;
    for (const fill of ['close', 'next_open'] as const) {
      for (const cut of [1, 2, 57, 333, bars - 1]) {
        const spec = specOf({ template: { execution: { fill } } });
        const short = prepare(
          sliceCandles(CANDLES, 0, full.timeline.first + cut + 40),
          specOf({ time_range: { start: spec.time_range.start, end: new Date(target.time[cut]).toISOString() } }),
        );
        assert.equal(targetOf(short).target.time.length, cut);
        for (const index of [0, 6, 19, 71]) {
          const [long, cutOff] = [full, short].map((prepared) => {
            const signal = openSignals(prepared, { bytes: 1e6 })(index)?.signal ?? assert.fail('no variant');
            return {
              signal,
              run: simulate(targetOf(prepared).target, signal, settingOf(spec.template, { ...NO_RISK, sl: 1 })),
            };
          });
          assert.deepEqual(cutOff.signal, long.signal.subarray(0, cut));
          assert.deepEqual(cutOff.run.equity.subarray(0, cut - 1), long.run.equity.subarray(0, cut - 1));
          const closed = (run: typeof long.run) =>
            Array.from({ length: run.trades.count }, (_, row) => [
              run.trades.entryBar[row],
              run.trades.exitBar[row],
              run.trades.net[row],
            ]).filter(([, exit]) => exit < cut - 1);
          assert.deepEqual(closed(cutOff.run), closed(long.run));
        }
      }
    }
  });

  test('says what there is when there are no candles in range', async () => {
    const spec = specOf({ time_range: { start: '2030-01-01T00:00:00Z', end: '2030-02-01T00:00:00Z' } });
    await assert.rejects(steps(spec), /no market data for requested range.*2024-01-01/);
  });
});
