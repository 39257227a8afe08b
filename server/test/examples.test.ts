// The specs in examples/ on the candles that npm has: 1,000 variants each, and the best one again from its payload.

import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { parseSpec, search, variantReport, type SearchResult, type Spec } from '@backtest-jobs/engine';
import { parse } from 'yaml';
import { readCandleFile } from '../src/candles/files/candle-file.ts';
import { PROJECT } from '../src/config/paths.ts';
import { SAMPLE_FILE } from '../src/stack/sample.ts';

const FOLDER = join(PROJECT, 'examples');
/** Tried where exports are: it needs one. */
const SCRIPT = 'read-export.py';
const NAMES = ['ema-cross.yaml', 'macd-bollinger.yaml', 'sma-rsi-stops.yaml'];

test('every example is tried here, and the README tells of each', async () => {
  assert.deepEqual((await readdir(FOLDER)).sort(), [...NAMES, SCRIPT].sort());
  const readme = await readFile(join(PROJECT, 'README.md'), 'utf8');
  for (const name of [...NAMES, SCRIPT]) assert.ok(readme.includes(`](examples/${name})`), name);
});

for (const name of NAMES) {
  test(`${name}: 1,000 variants, and the report of the best again from its payload`, async () => {
    const spec = parseSpec(parse(await readFile(join(FOLDER, name), 'utf8')));
    const { candles } = await readCandleFile(SAMPLE_FILE);
    const { rows, counts } = await resultOf(candles, spec);
    assert.equal(Math.max(counts.stage_a.scored, counts.stage_b.scored), 1000);
    const [best] = rows;
    assert.ok(best !== undefined && Number(best.metrics.num_trades) >= 5);
    const stored = JSON.parse(JSON.stringify(best.payload)) as unknown;
    const { table_md, trades, metrics } = variantReport(candles, spec, { payload: stored });
    assert.deepEqual([table_md, trades, metrics], [best.report_table_md, best.trades, best.metrics]);
  });
}

test('the variant that the README reports is one of its spec', async () => {
  const readme = await readFile(join(PROJECT, 'README.md'), 'utf8');
  const [, yaml = ''] = /```yaml\n(# my\.yaml\n[^`]+)```/.exec(readme) ?? [];
  const spec = parseSpec(parse(yaml));
  const indexes = [...readme.matchAll(/run my\.yaml --variant (\d+)/g)].map(([, index]) => Number(index));
  assert.ok(indexes.length > 0);
  const { candles } = await readCandleFile(SAMPLE_FILE);
  for (const variant_index of indexes) {
    const report = variantReport(candles, spec, { variant_index });
    assert.ok(report.trades.length > 0 && report.variant_index === variant_index);
  }
});

async function resultOf(candles: Parameters<typeof search>[0], spec: Spec): Promise<SearchResult> {
  for await (const { result } of search(candles, spec)) if (result !== null) return result;
  return assert.fail('no result');
}
