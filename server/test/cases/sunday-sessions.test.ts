// A market that opens on Sunday evening: its day begins at 22:00 UTC, so a week has five of them, in hours and in days.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { after } from 'node:test';
import { parseSpec, prepare, search, type SearchResult } from '@backtest-jobs/engine';
import { parse } from 'yaml';
import { readCandleFile } from '../../src/candles/files/candle-file.ts';
import { memorySource } from '../../src/candles/memory.ts';
import { wantedOf } from '../../src/candles/source.ts';
import { defaultsOf, parseConfig } from '../../src/config/config.ts';

const HERE = join(import.meta.dirname, 'sunday-sessions');
const root = mkdtempSync(join(tmpdir(), 'backtest-sunday-'));
after(() => rmSync(root, { recursive: true }));
const ENTRY = join(import.meta.dirname, '../../backtest.mjs');

const configWith = (day: string): string =>
  `version: 1
backtest:
  markets:
    5: { name: currencies, calendar: session, periods_per_year: 252, ${day} }
  execution: { fee_pct_default_by_market_id: { 5: 0 } }
`;

async function resultOf(spec: string, day: string): Promise<SearchResult> {
  const input: unknown = parse(readFileSync(join(HERE, spec), 'utf8'));
  const accepted = parseSpec(input, defaultsOf(parseConfig(configWith(day))));
  const { candles } = await readCandleFile(join(HERE, 'f.csv'));
  for await (const { result } of search(candles, accepted)) if (result !== null) return result;
  return assert.fail('no result');
}

const near = (found: unknown, wanted: number): void =>
  assert.ok(Math.abs(Number(found) - wanted) < 5e-5, `${String(found)}, ${wanted}`);

test('twenty days in four weeks: mean 0.004, deviation 0.0075394, of 252 a year', async () => {
  for (const day of ['day_begins: "22:00"', 'day_begins: "17:00", zone: America/New_York']) {
    const hours = await resultOf('s.yaml', day);
    near(hours.rows[0]?.metrics.sharpe, 8.4222);
    assert.equal(hours.verdict.days, 20);
    near(hours.verdict.years, 0.0794);
    const days = await resultOf('s1d.yaml', day);
    assert.equal(days.ledger.target_bars, 20);
    assert.equal(days.ledger.first_target, '2024-01-07T22:00:00.000Z');
    assert.equal(days.verdict.days, 20);
  }
});

test('without a day of its own the market has that of UTC, and Sunday evenings are days', async () => {
  const hours = await resultOf('s.yaml', 'zone: UTC');
  near(hours.rows[0]?.metrics.sharpe, 7.5381);
  assert.equal(hours.verdict.days, 24);
  assert.equal((await resultOf('s1d.yaml', 'zone: UTC')).ledger.target_bars, 24);
});

test('the command follows the configuration', () => {
  const config = join(root, 'backtest.yaml');
  writeFileSync(config, configWith('day_begins: "17:00", zone: America/New_York'));
  const args = [
    'run',
    join(HERE, 's.yaml'),
    '--candles',
    join(HERE, 'f.csv'),
    '--config',
    config,
    '--json',
    '--threads',
    '1',
  ];
  const env = { PATH: process.env['PATH'], BACKTEST_HOME: root };
  const { variants } = JSON.parse(execFileSync(process.execPath, [ENTRY, ...args], { env, encoding: 'utf8' })) as {
    variants: { metrics: { sharpe: number } }[];
  };
  near(variants[0]?.metrics.sharpe, 8.4222);
});

test('candles that close after a bar of the market give way to shorter ones, and are refused alone', async () => {
  const day = 'day_begins: "09:30", zone: America/New_York';
  const input: unknown = parse(readFileSync(join(HERE, 's.yaml'), 'utf8'));
  const spec = parseSpec(input, defaultsOf(parseConfig(configWith(day))));
  const { candles: hours } = await readCandleFile(join(HERE, 'f.csv'));
  const halves = (column: Float64Array, add = 0): Float64Array =>
    Float64Array.from({ length: 2 * column.length }, (_, at) => (column[at >> 1] ?? 0) + (at % 2) * add);
  const { time, open, high, low, close, volume } = hours;
  const half = {
    open: halves(open),
    high: halves(high),
    low: halves(low),
    close: halves(close),
    volume: halves(volume),
  };
  const instrument = { market_id: 5, symbol: 'TEST' };
  const ofHours = { ...instrument, interval: '1h', candles: hours } as const;
  const ofHalves = { ...instrument, interval: '30m', candles: { time: halves(time, 1_800_000), ...half } } as const;
  await using both = memorySource([ofHours, ofHalves]);
  const read = await both.read(instrument, wantedOf(spec));
  assert.equal(read.baseMs, 1_800_000);
  // A week of 119 hours reaches into 120 bars that begin at half past.
  assert.deepEqual(
    read.counted?.map(({ bars }) => bars),
    [4 * 120, 4 * 119],
  );
  prepare(read.candles, spec, read.baseMs);
  await using alone = memorySource([ofHours]);
  const { candles, baseMs } = await alone.read(instrument, wantedOf(spec));
  assert.throws(() => prepare(candles, spec, baseMs), /opens at .*T22:00:00.000Z closes after the bar from .*T21:30/);
});
