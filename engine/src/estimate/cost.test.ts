// The guard trusts this estimate: what a search keeps is measured in a process of its own and must be below it.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { test } from 'node:test';
import { parseSpec } from '../gate/parse-spec.ts';
import { buildGrid } from '../grid/grid.ts';
import { specInput } from '../testing/specs.ts';
import { estimate } from './cost.ts';

const RISKS = 3000;

/** One base variant under `RISKS` x `RISKS` risk settings, on 30 days of minutes. */
function manyRisks(): object {
  const axis = { mode: 'range', start: 0.01, stop_incl: RISKS / 100, step: 0.01 };
  const indicator_grids = [{ indicator_id: 'ma.sma', params: { window: 20 } }];
  return specInput({ top_k: 10 }, { timeframe: '1h', indicator_grids, risk_grid: { sl: axis, tp: axis } });
}

/** Bytes that scorers of as many threads hold on to, after they have scored the ends and the middle of stage_b. */
const MEASURE = `
const [, url, input, threads] = process.argv;
const load = (name) => import(new URL(name, url));
const { parseSpec } = await load('../gate/parse-spec.ts');
const { prepare } = await load('../prepare.ts');
const { fastScorer } = await load('../scoring/fast-scorer.ts');
const { randomCandles } = await load('../testing/candles.ts');
const candles = randomCandles(1, 31 * 1440, { start: Date.UTC(2024, 0, 1) });
const used = () => {
  gc();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
};
const spec = parseSpec(JSON.parse(input));
const score = (one, from, to) => one({ stage: 'stage_b', from, to, bases: Float64Array.of(0) });
score(fastScorer(prepare(candles, spec)), 0, 100); // what the code itself takes is not the question
const before = used();
const scorers = Array.from({ length: Number(threads) }, () => fastScorer(prepare(candles, spec), Number(threads)));
const { riskTotal } = prepare(candles, spec).grid;
const kept = scorers.flatMap((one) => [0, riskTotal / 2, riskTotal - 2000].map((from) => score(one, from, from + 2000)));
console.log(JSON.stringify({ riskTotal, kept: kept.length, bytes: used() - before, peak: process.resourceUsage().maxRSS * 1024 }));
`;

test('nothing is kept for each risk setting: nine million of them need no more than the guard was told', () => {
  const input = manyRisks();
  const threads = 4;
  const spec = parseSpec(input);
  const { bytes: promised } = estimate(spec, buildGrid(spec), threads);
  const flags = ['--expose-gc', '--max-old-space-size=256', '--input-type=module', '--eval', MEASURE];
  const args = [...flags, import.meta.url, JSON.stringify(input), String(threads)];
  const { riskTotal, bytes, peak } = JSON.parse(execFileSync(process.execPath, args, { encoding: 'utf8' }));
  assert.equal(riskTotal, RISKS * RISKS);
  assert.ok(promised < 64 * 2 ** 20, `a promise of ${promised} bytes would not tell a setting for each risk from none`);
  assert.ok(bytes < promised, `${threads} threads keep ${bytes} bytes, promised were ${promised}`);
  assert.ok(peak < 512 * 2 ** 20, `the process took ${peak} bytes`);
});
