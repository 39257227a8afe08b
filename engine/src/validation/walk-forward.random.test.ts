// Each fold of a walk is a search of its own bars, bit for bit, and its best is judged on the bars right behind; what is
// stitched together is what trading the folds one after the other comes to.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DEFAULTS } from '../defaults.ts';
import { estimate } from '../estimate/cost.ts';
import { parseSpec } from '../gate/parse-spec.ts';
import { buildGrid } from '../grid/grid.ts';
import { prepare } from '../prepare.ts';
import { decodeState, encodeState } from '../scoring/checkpoint.ts';
import { foldScorer } from '../scoring/fold-scorer.ts';
import type { Pool } from '../scoring/pool.ts';
import { unitsDone } from '../search.ts';
import { requestJson, type Spec } from '../spec.ts';
import { at, CANDLES, on, otherFrom, resultOf, specs, steps, surfaceOf, withoutHeld } from '../testing/validated.ts';
import { variantReport } from '../variant-report.ts';

/** 400 bars in windows of 160, moved on by 60, of which 100 are searched on. */
const TRAIN = 100;
const TEST = 60;
const FOLDS = 5;
const BARS = TRAIN + FOLDS * TEST;
const PLACES = Array.from({ length: FOLDS }, (_, fold) => fold * TEST);

const walking = (spec: Spec): Spec => ({
  ...spec,
  validation: { mode: 'walk_forward', folds: FOLDS, train_fraction: TRAIN / (TRAIN + TEST) },
});

test('each fold is a search of its own bars, and the last one gives the rows', async () => {
  for (const spec of specs(8)) {
    const all = await steps(walking(spec));
    const { rows, counts, validation } = resultOf(all);
    const alone = [];
    for (const from of PLACES) alone.push(await steps(on(spec, from, from + TRAIN)));
    assert.deepEqual(
      validation?.folds.map(({ in_sample, out_of_sample, counts: scored, best }) => [
        in_sample,
        out_of_sample,
        scored,
        best?.variant_index,
        best?.in_sample,
      ]),
      alone.map((own, fold) => [
        { start: at(PLACES[fold]), end: at(PLACES[fold] + TRAIN), bars: TRAIN },
        { start: at(PLACES[fold] + TRAIN), end: at(PLACES[fold] + TRAIN + TEST), bars: TEST },
        resultOf(own).counts,
        resultOf(own).rows.at(0)?.variant_index,
        resultOf(own).rows.at(0)?.metrics,
      ]),
    );
    const last = alone[FOLDS - 1];
    assert.deepEqual([rows.map(withoutHeld), counts], [resultOf(last).rows, resultOf(last).counts]);
    assert.deepEqual(surfaceOf(all), surfaceOf(last));
  }
});

test('the best of a fold out of sample, and the equity of trading one fold after the other', async () => {
  let traded = 0;
  for (const spec of specs(8)) {
    const { rows, validation } = resultOf(await steps(walking(spec)));
    assert.ok(validation);
    const equity: number[] = [];
    let cash = spec.template.execution.init_cash_quote;
    let trades = 0;
    for (const [fold, { best }] of validation.folds.entries()) {
      const part = on(spec, PLACES[fold] + TRAIN, PLACES[fold] + TRAIN + TEST);
      if (best === null) {
        for (let bar = 0; bar < TEST; bar += 1) equity.push(cash);
        continue;
      }
      const which = { variant_index: best.variant_index };
      assert.deepEqual(best.out_of_sample, variantReport(CANDLES, part, which).metrics);
      const execution = { ...part.template.execution, init_cash_quote: cash };
      const { series, trades: found } = variantReport(
        CANDLES,
        { ...part, template: { ...part.template, execution } },
        which,
      );
      equity.push(...series.equity);
      cash = equity[equity.length - 1];
      trades += found.length;
    }
    traded += trades;
    const { series, metrics, report_table_md } = validation.out_of_sample;
    assert.deepEqual(series.equity, equity);
    assert.equal(metrics.num_trades, trades);
    const start = spec.template.execution.init_cash_quote;
    assert.equal(metrics.total_return_pct, ((cash - start) / start) * 100);
    assert.ok(report_table_md.includes(`|Start|${at(TRAIN)}|\n|End|${at(BARS)}|`));
    for (const { variant_index, out_of_sample } of rows) {
      const { metrics: own, table_md } = variantReport(CANDLES, on(spec, BARS - TEST, BARS), { variant_index });
      assert.deepEqual(out_of_sample, { metrics: own, report_table_md: table_md });
    }
  }
  assert.ok(traded > 10, String(traded));
});

test('other candles after a fold change nothing in it', async () => {
  const cut = PLACES[2] + TRAIN + TEST; // the end of the third
  for (const spec of specs(8)) {
    const [a, b] = [await steps(walking(spec)), await steps(walking(spec), { candles: otherFrom(cut) })].map(resultOf);
    assert.deepEqual(a.validation?.folds.slice(0, 3), b.validation?.folds.slice(0, 3));
    const until = cut - TRAIN;
    const [one, other] = [a, b].map(({ validation }) => validation?.out_of_sample.series.equity.slice(0, until));
    assert.deepEqual(one, other);
  }
});

test('the result depends on no pool, chunk or interruption, and every unit is counted once', async () => {
  for (const [nth, spec] of specs(5).map(walking).entries()) {
    const expected = JSON.stringify(resultOf(await steps(spec)));
    const prepared = prepare(CANDLES, spec);
    const scorers = [foldScorer(prepared, 2), foldScorer(prepared, 2)];
    let turn = 0;
    const pool: Pool = {
      size: 2,
      chunk: () => 7 + nth,
      prepared,
      score: async (task) => {
        turn += 1;
        return scorers[turn % 2](task);
      },
    };
    const all = await steps(spec, { pool });
    assert.equal(JSON.stringify(resultOf(all)), expected);
    const { total_units } = estimate(spec, buildGrid(spec));
    for (const [place, { processed, total }] of all.entries()) {
      assert.ok(place === 0 || processed >= all[place - 1].processed);
      assert.equal(total, total_units);
    }
    assert.equal(all.at(-1)?.processed, total_units);
    for (const step of all.filter((_, place) => place % 11 === 0)) {
      const from = decodeState(encodeState(step)) ?? assert.fail('the state is damaged');
      if (step.stage !== 'finalizing') assert.equal(unitsDone(prepared, from), step.processed);
      assert.equal(JSON.stringify(resultOf(await steps(spec, { from }))), expected);
    }
  }
});

test('a variant report is of the last fold, as the rows are', async () => {
  const spec = walking(specs(1)[0]);
  const { rows } = resultOf(await steps(spec));
  assert.ok(rows.length > 0);
  for (const { variant_index, metrics, out_of_sample } of rows) {
    const report = variantReport(CANDLES, spec, { variant_index });
    assert.deepEqual([report.metrics, report.out_of_sample?.metrics], [metrics, out_of_sample?.metrics]);
  }
});

test('variants of all folds count towards the limits', () => {
  const spec = walking(specs(1)[0]);
  const grid = buildGrid(spec);
  const [all, one] = [spec, { ...spec, validation: null }].map((each) => estimate(each, grid));
  assert.deepEqual(
    [all.stage_a_variants, all.stage_b_variants],
    [FOLDS * one.stage_a_variants, FOLDS * one.stage_b_variants],
  );
  const { runtime: _runtime, ...request } = requestJson(spec);
  const guards = { ...DEFAULTS.guards, max_variants_per_compute: FOLDS * one.stage_a_variants - 1 };
  assert.throws(() => parseSpec(request, { ...DEFAULTS, guards }), / variants in 5 folds; the limit/);
});
