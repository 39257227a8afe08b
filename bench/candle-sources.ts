// What it costs to have a year of minutes: import from CSV, read from Parquet and from ClickHouse, roll up to hours. Each
// reading is a process of its own, so that its peak of memory is its own too. `npm run bench:candles`

import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseSpec } from '@backtest-jobs/engine';
import { rollUp, timeline } from '@backtest-jobs/engine/internal';
import { importCandles } from '../server/src/candles/import.ts';
import { openSource } from '../server/src/candles/open.ts';
import type { SourceSettings } from '../server/src/config/settings.ts';
import { csvOf, walk } from '../server/test/candles.ts';
import { findClickHouse, startClickHouse } from '../server/test/clickhouse.ts';

const START = Date.UTC(2023, 0, 1);
const MINUTES = 525_600;
const BTC = { market_id: 1, symbol: 'BTCUSDT' };
const YEAR = { start: START, end: START + MINUTES * 60_000, timeframe: '1m' } as const;
const ROUNDS = 5;

interface Measured {
  readonly rows: number;
  readonly firstMs: number;
  readonly bestMs: number;
  readonly peakMiB: number;
}

async function measure(settings: SourceSettings): Promise<Measured> {
  await using source = await openSource(settings);
  const times: number[] = [];
  let rows = 0;
  for (let round = 0; round < ROUNDS; round += 1) {
    const startedAt = performance.now();
    rows = (await source.read(BTC, YEAR)).candles.time.length;
    times.push(performance.now() - startedAt);
  }
  return { rows, firstMs: times[0] ?? 0, bestMs: Math.min(...times), peakMiB: process.resourceUsage().maxRSS / 1024 };
}

function inOwnProcess(settings: SourceSettings): Measured {
  const answer = execFileSync(process.execPath, [import.meta.filename, JSON.stringify(settings)], { encoding: 'utf8' });
  return JSON.parse(answer) as Measured;
}

function line(what: string, { rows, firstMs, bestMs, peakMiB }: Measured): string {
  const [first, best] = [firstMs, bestMs].map((ms) => `${ms.toFixed(0)} ms`.padStart(8));
  return `${what.padEnd(22)} ${rows} rows  first ${first}  best of ${ROUNDS} ${best}  peak ${peakMiB.toFixed(0)} MiB`;
}

function rounds(what: string, work: () => unknown): string {
  const times = Array.from({ length: ROUNDS }, () => {
    const startedAt = performance.now();
    work();
    return performance.now() - startedAt;
  });
  const [first, best] = [times[0] ?? 0, Math.min(...times)].map((ms) => `${ms.toFixed(0)} ms`.padStart(8));
  return `${what.padEnd(22)} ${MINUTES} rows  first ${first}  best of ${ROUNDS} ${best}`;
}

async function bench(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'backtest-bench-'));
  const candles = walk(START, MINUTES);
  const csv = join(folder, 'year.csv');
  writeFileSync(csv, csvOf(candles));
  const store = join(folder, 'store');
  const importedAt = performance.now();
  await importCandles({ ...BTC, file: csv, folder: store });
  const megabytes = (statSync(csv).size / 1e6).toFixed(0);
  console.log(`import of ${megabytes} MB of CSV    ${((performance.now() - importedAt) / 1000).toFixed(1)} s`);
  console.log(line('read from Parquet', inOwnProcess({ kind: 'parquet', folder: store })));
  const found = findClickHouse();
  if ('path' in found) {
    await using server = await startClickHouse(found.path);
    await server.insert(BTC, candles, 1_700_000_000);
    console.log(line('read from ClickHouse', inOwnProcess(server.settings)));
  } else console.log(`read from ClickHouse   skipped: ${found.skip}`);
  const spec = parseSpec({
    time_range: { start: new Date(YEAR.start).toISOString(), end: new Date(YEAR.end).toISOString() },
    luck: 0,
    template: { instrument_id: BTC, timeframe: '1h', indicator_grids: [{ indicator_id: 'ma.sma' }] },
    warmup_bars: 0,
  });
  console.log(rounds('roll-up to 1h', () => rollUp(candles, { timeframeMs: 3_600_000 }, true)));
  console.log(rounds('with checks and digest', () => timeline(candles, spec, 60_000)));
  rmSync(folder, { recursive: true });
}

const [, , settings] = process.argv;
if (settings === undefined) await bench();
else console.log(JSON.stringify(await measure(JSON.parse(settings) as SourceSettings)));
