// The lines about `backtest run` of each spec in examples/, on the daily candles that npm has.

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { variantReport, type Candles, type VariantRow } from '@backtest-jobs/engine';
import { readCandleFile } from '../server/src/candles/files/candle-file.ts';
import { PROJECT } from '../server/src/config/paths.ts';
import { SAMPLE_FILE } from '../server/src/stack/sample.ts';
import type { Line } from './line.ts';
import { processOutput } from './processes.ts';
import { spread, type Check } from './reference.ts';
import { median, rounds, wall } from './timing.ts';
import { readSpec } from './workloads.ts';

const NAMES = ['sma-rsi-stops', 'ema-cross', 'macd-bollinger'] as const;
/** Of each example; where it has stops, without them and with them. */
const VARIANTS = 1000;
const SAMPLE = 40;

export async function examples(): Promise<readonly Line[]> {
  const said = new Map<string, string>();
  const folder = mkdtempSync(join(tmpdir(), 'bench-examples-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  const runs = NAMES.map((name) => async (): Promise<number> => {
    const args = ['run', withoutLuck(folder, name), '--candles', SAMPLE_FILE, '--json'];
    return wall(async () => void said.set(name, await processOutput('whole-command.ts', args)));
  });
  const taken = await rounds(...runs);
  const { candles } = await readCandleFile(SAMPLE_FILE);
  return NAMES.map((name, at) => lineOf(name, candles, { said: said.get(name) ?? '', seconds: median(taken[at]) }));
}

function lineOf(name: string, candles: Candles, run: { readonly said: string; readonly seconds: number }): Line {
  const [json, rss] = run.said.trimEnd().split('\n');
  const result = JSON.parse(json) as Result;
  return {
    what: `backtest run examples/${name}.yaml without the luck test, process start to exit`,
    variants: VARIANTS,
    bars: result.ledger.target_bars,
    cores: 1,
    seconds: run.seconds,
    clock: 'wall',
    peakRss: Number(rss),
    check: checkReports(name, candles, result),
    result: { value: run.seconds, says: 's', target: '< 1' },
  };
}

/** What `run --json` prints, as far as it is read here. */
interface Result {
  readonly ledger: { readonly target_bars: number };
  readonly variants: readonly Pick<VariantRow, 'variant_key' | 'payload' | 'metrics'>[];
  readonly reports: readonly { readonly table_md: string }[];
}

/** Numbers and report of kept variants, made again from their payloads. */
function checkReports(name: string, candles: Candles, { variants, reports }: Result): Check {
  const spec = readSpec(exampleFile(name));
  const rows = spread([...variants.keys()], SAMPLE);
  for (const row of rows) {
    const { payload, metrics, variant_key } = variants[row];
    const again = variantReport(candles, spec, { payload });
    const same = again.table_md === reports[row].table_md && isDeepStrictEqual(again.metrics, metrics);
    if (!same) throw new Error(`${name}: the payload of variant ${variant_key} gives another report`);
  }
  return { checked: rows.length, difference: 0 };
}

/** Writes the example without its luck test, which has a line of its own. */
function withoutLuck(folder: string, name: string): string {
  const file = join(folder, `${name}.yaml`);
  writeFileSync(file, `${readFileSync(exampleFile(name), 'utf8')}\nluck: 0\n`);
  return file;
}

function exampleFile(name: string): string {
  return join(PROJECT, 'examples', `${name}.yaml`);
}
