import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { after } from 'node:test';
import { loadRange, parseSpec, type Candles, type Spec, type SpecError } from '@backtest-jobs/engine';
import { COLUMNS, timeline } from '@backtest-jobs/engine/internal';
import { openDuck, writeParquet } from './duckdb.ts';
import { readCandleFile } from './files/candle-file.ts';
import { importCandles, importSeries, writeParts } from './import.ts';
import { memorySource } from './memory.ts';
import { openSource } from './open.ts';
import { readManifest, seriesFolder, sweep } from './store.ts';

const root = mkdtempSync(join(tmpdir(), 'backtest-[candles] it?s*'));
after(() => rmSync(root, { recursive: true }));
const MINUTE = 60_000;
const START = Date.UTC(2024, 0, 31, 23);
const ALL = { start: Number.MIN_SAFE_INTEGER / 10, end: 8e15 };
const BTC = { market_id: 1, symbol: 'BTC/USDT' };
let folders = 0;

function emptyStore(): string {
  const folder = join(root, `store ${(folders += 1)}`);
  mkdirSync(folder);
  return folder;
}

/** Minutes from START that cross the end of January; `price` tells one import from another. */
function csv(minutes: readonly number[], price = 100): string {
  const rows = minutes.map(
    (minute) => `${START + minute * MINUTE},${price},${price + 1},${price - 1},${price},${Math.abs(minute)}`,
  );
  const file = join(root, `file-${(folders += 1)}.csv`);
  writeFileSync(file, ['time,open,high,low,close,volume', ...rows].join('\n'));
  return file;
}

const count = (from: number, to: number): number[] => Array.from({ length: to - from }, (_, i) => from + i);

async function closesOf(folder: string): Promise<number[]> {
  await using source = await openSource({ kind: 'parquet', folder });
  const { candles } = await source.read(BTC, { ...ALL, timeframe: '1m' });
  return [...candles.close];
}

test('an import is read back bit for bit, into shared memory, and only the range that was asked for', async () => {
  const folder = emptyStore();
  const values = [0.1 + 0.2, 1 / 3, 5e-324, 1.7976931348623157e308, 12345.678901234567];
  const column = (): Float64Array => Float64Array.from(values);
  const candles: Candles = {
    time: column().map((_, i) => START + i * MINUTE),
    open: column(),
    high: column(),
    low: column(),
    close: column(),
    volume: column(),
  };
  await importSeries({ folder, ...BTC, interval: '1m', candles });
  await using source = await openSource({ kind: 'parquet', folder });
  const whole = await source.read(BTC, { ...ALL, timeframe: '15m' });
  assert.equal(whole.baseMs, MINUTE);
  for (const name of COLUMNS) {
    const read = whole.candles[name];
    assert.deepEqual([...read], [...candles[name]]);
    assert.ok(read.buffer instanceof SharedArrayBuffer);
  }
  const part = await source.read(BTC, { start: START + MINUTE, end: START + 3 * MINUTE, timeframe: '1m' });
  assert.deepEqual([...part.candles.time], [START + MINUTE, START + 2 * MINUTE]);
});

test('the report counts rows, duplicates, gaps and what changed', async () => {
  const folder = emptyStore();
  const file = csv([0, 1, 2, 2, 5, 7, ...count(60, 130)]);
  const report = await importCandles({ ...BTC, file, folder });
  assert.deepEqual(report, {
    ...BTC,
    interval: '1m',
    rows: 76,
    duplicates: 1,
    revised: 0,
    moved: { count: 0, shown: [] },
    bad: { count: 0, shown: [] },
    time_units: ['ms'],
    files_read: 1,
    days: 0,
    left_out: [],
    other_rows: 0,
    unused_columns: [],
    gaps: 3,
    missing: 2 + 1 + 52,
    first: '2024-01-31T23:00:00.000Z',
    last: '2024-02-01T01:09:00.000Z',
    added: 75,
    replaced: 0,
    stored: 75,
  });
  const session = await importCandles({ ...BTC, file, folder: emptyStore(), calendar: 'session' });
  assert.deepEqual([session.gaps, session.missing], [null, null]);
});

test('the same file again changes nothing, not even a file', async () => {
  const folder = emptyStore();
  const file = csv(count(0, 120));
  await importCandles({ ...BTC, file, folder });
  const series = await seriesFolder(folder, BTC, '1m');
  const before = readdirSync(series).sort();
  assert.equal(before.filter((name) => name.endsWith('.parquet')).length, 2);
  const again = await importCandles({ ...BTC, file, folder });
  assert.deepEqual([again.added, again.replaced, again.stored], [0, 0, 120]);
  assert.deepEqual(readdirSync(series).sort(), before);
});

test('an import joins what is there; the newest row wins; other months keep their files', async () => {
  const folder = emptyStore();
  await importCandles({ ...BTC, file: csv(count(0, 90), 100), folder });
  const series = await seriesFolder(folder, BTC, '1m');
  const january = readdirSync(series).find((name) => name.startsWith('2024-01'));
  const report = await importCandles({ ...BTC, file: csv(count(80, 100), 200), folder });
  assert.deepEqual([report.added, report.replaced, report.stored], [10, 10, 100]);
  assert.deepEqual(await closesOf(folder), [...count(0, 80).map(() => 100), ...count(80, 100).map(() => 200)]);
  assert.ok(readdirSync(series).includes(january ?? ''));
  await importCandles({ ...BTC, file: csv([-10, 120], 300), folder, interval: '1m' });
  const closes = await closesOf(folder);
  assert.deepEqual([closes.length, closes[0], closes.at(-1)], [102, 300, 300]);
});

test('a file with a bad row leaves the old candles', async () => {
  const folder = emptyStore();
  await importCandles({ ...BTC, file: csv([0, 1]), folder });
  const bad = csv([2, 3]);
  writeFileSync(bad, readFileSync(bad, 'utf8').replace(/,3$/, ',x'));
  await assert.rejects(importCandles({ ...BTC, file: bad, folder }), {
    name: 'SpecError',
    message: `${bad}: line 3: volume "x" is not a number`,
  });
  assert.deepEqual(await closesOf(folder), [100, 100]);
  const elsewhere = emptyStore();
  await assert.rejects(importCandles({ ...BTC, file: bad, folder: elsewhere }));
  assert.deepEqual(readdirSync(elsewhere), []);
});

test('candles of a symbol that no spec can name are refused, and nothing is stored', async () => {
  const folder = emptyStore();
  for (const symbol of ['../../x', 'a b', 'BTC\u202eTDSU', 'A//B', 'x'.repeat(65)]) {
    await assert.rejects(
      importCandles({ market_id: 1, symbol, file: 'no such file', folder }),
      /^SpecError: symbol: must/,
    );
  }
  assert.deepEqual(readdirSync(folder), []);
});

test('an import that dies before its rename has not happened, and the next one cleans up', async () => {
  const folder = emptyStore();
  await importCandles({ ...BTC, file: csv(count(0, 10), 100), folder });
  const series = await seriesFolder(folder, BTC, '1m');
  const before = await readManifest(series);
  const files = readdirSync(series).sort();
  {
    using duck = await openDuck();
    const read = await readCandleFile(csv(count(0, 100), 200));
    const { added, replaced } = await writeParts(duck, series, { ...BTC, before, read });
    assert.deepEqual([added, replaced], [90, 10]);
    writeFileSync(join(series, 'manifest.json.dead.tmp'), '{"version": 1, "parts": [');
  }
  assert.equal(readdirSync(series).length, files.length + 3);
  assert.deepEqual(
    await closesOf(folder),
    count(0, 10).map(() => 100),
  );
  await sweep(series, before);
  assert.deepEqual(readdirSync(series).sort(), files);
});

test('imports at the same time wait for each other, and readers see one whole state or the other', async () => {
  const folder = emptyStore();
  await importCandles({ ...BTC, file: csv(count(0, 100), 1000), folder });
  const imports = Promise.all(
    count(1, 7).map((n) => importCandles({ ...BTC, file: csv(count(0, 100 + n), 1000 + n), folder })),
  );
  const state = { running: true };
  const ended = imports.finally(() => {
    state.running = false;
  });
  while (state.running) {
    const closes = await closesOf(folder);
    assert.equal(new Set(closes.slice(0, 100)).size, 1);
  }
  await ended;
  const stored = await closesOf(folder);
  assert.equal(stored.length, 106);
});

test('Parquet files are imported too, whatever type their times have', async () => {
  const times = {
    ts: "timestamp '2024-01-01' + to_minutes(i)",
    timestamp: "timestamptz '2024-01-01 00:00:00+00' + to_minutes(i)",
    time: '1704067200 + 60 * i',
    ts_open: '(1704067200000 + 60000 * i)::double',
    date: "strftime(timestamp '2024-01-01' + to_minutes(i), '%Y-%m-%dT%H:%M:%SZ')",
  };
  using duck = await openDuck();
  for (const [name, time] of Object.entries(times)) {
    const file = join(root, `${name}.parquet`).replaceAll("'", "''");
    const select = `select ${time} as "${name}", 5::integer as "Open", 6.5::decimal(10, 2) as high, 4 as low, '5' as close, 1 as volume`;
    await duck.connection.run(`copy (${select} from range(3) t(i)) to '${file}' (format parquet)`);
    const { candles, interval } = await readCandleFile(join(root, `${name}.parquet`));
    assert.deepEqual([[...candles.time], interval], [[0, 1, 2].map((i) => Date.UTC(2024, 0, 1, 0, i)), '1m'], name);
    assert.deepEqual([candles.open[0], candles.high[0], candles.close[0]], [5, 6.5, 5]);
  }
  const file = join(root, 'ours.parquet');
  await writeParquet(duck, file, [(await readCandleFile(csv([0, 1, 2]))).candles]);
  assert.equal((await readCandleFile(file)).rows, 3);
  await duck.connection.run(
    `copy (select 1 as time, null as open, 1 as high, 1 as low, 1 as close, 1 as volume) to '${file}' (format parquet)`,
  );
  await assert.rejects(readCandleFile(file), /ours\.parquet: row 1: open is missing or no number/);
  writeFileSync(file, 'PAR1 but not really');
  await assert.rejects(readCandleFile(file), /ours\.parquet: is not sound Parquet/);
  writeFileSync(file, 'PK\u0003\u0004');
  await assert.rejects(readCandleFile(file), /is not a sound zip archive/);
});

const at = (times: readonly number[], price: number): Candles => {
  const column = Float64Array.from(times, () => price);
  return { time: Float64Array.from(times), open: column, high: column, low: column, close: column, volume: column };
};

test('coverage lists every series, and the largest interval that covers the range is rolled up', async () => {
  const folder = emptyStore();
  const hours = count(0, 48).map((hour) => START + hour * 60 * MINUTE);
  const minutes = count(0, 48 * 60 * 2).map((minute) => START + minute * MINUTE);
  const series = [
    { ...BTC, interval: '1h', candles: at(hours, 1) },
    { ...BTC, interval: '1m', candles: at(minutes, 2) },
    { market_id: 5, symbol: '^GSPC', interval: '1d', candles: at([Date.UTC(2024, 0, 2)], 3) },
  ] as const;
  for (const one of series) await importSeries({ folder, ...one });
  await using stored = await openSource({ kind: 'parquet', folder });
  await using kept = memorySource(series);
  for (const source of [stored, kept]) {
    assert.deepEqual(await source.coverage(), [
      { ...BTC, interval: '1m', start: '2024-01-31T23:00:00.000Z', end: '2024-02-04T23:00:00.000Z', rows: 5760 },
      { ...BTC, interval: '1h', start: '2024-01-31T23:00:00.000Z', end: '2024-02-02T23:00:00.000Z', rows: 48 },
      {
        market_id: 5,
        symbol: '^GSPC',
        interval: '1d',
        start: '2024-01-02T00:00:00.000Z',
        end: '2024-01-03T00:00:00.000Z',
        rows: 1,
      },
    ]);
    const base = async (hour: number, timeframe: '15m' | '4h'): Promise<number> =>
      (await source.read(BTC, { start: START, end: START + hour * 60 * MINUTE, timeframe })).baseMs / MINUTE;
    assert.equal(await base(48, '4h'), 60);
    assert.equal(await base(49, '4h'), 1);
    assert.equal(await base(48, '15m'), 1);
    await assert.rejects(
      source.read({ market_id: 1, symbol: 'ETH' }, { ...ALL, timeframe: '1h' }),
      /template\.instrument_id: there are no candles of 1:ETH/,
    );
    await assert.rejects(
      source.read({ market_id: 5, symbol: '^GSPC' }, { ...ALL, timeframe: '1h' }),
      /template\.timeframe: must be a multiple of .*: 1d/,
    );
    await assert.rejects(
      source.read(BTC, { start: 0, end: 1, timeframe: '1h' }),
      /time_range: no market data for requested range \S+ to \S+: of 1:BTC\/USDT there are 1m candles from 2024-01-31T23:00:00\.000Z to .*, 1h candles from /,
    );
  }
  await using nothing = await openSource({ kind: 'parquet', folder: join(root, 'no such folder') });
  assert.deepEqual(await nothing.coverage(), []);
});

test('a range without bars is one error, whether the source finds out or the roll-up', async () => {
  const spec = (start: string): Spec =>
    parseSpec({
      time_range: { start, end: '2024-03-01T00:00:00Z' },
      luck: 0,
      template: { instrument_id: BTC, timeframe: '1h', indicator_grids: [{ indicator_id: 'ma.sma' }] },
      warmup_bars: 5,
    });
  const hours = at(
    count(0, 10).map((hour) => START + hour * 60 * MINUTE),
    1,
  );
  await using source = memorySource([{ ...BTC, interval: '1h', candles: hours }]);
  const search = async (start: string): Promise<void> => {
    const { candles, baseMs } = await source.read(BTC, { ...loadRange(spec(start)), timeframe: '1h' });
    timeline(candles, spec(start), baseMs);
  };
  // Candles of the warm-up are there for the second range, so that only the roll-up can tell.
  for (const start of ['2024-02-02T00:00:00.000Z', '2024-02-01T09:00:00.000Z']) {
    await assert.rejects(search(start), ({ problems }: SpecError) => {
      const [{ path, code, message } = assert.fail(), ...more] = problems;
      assert.deepEqual([path, code, more], ['time_range', 'no_candles', []]);
      assert.match(message, /^no market data for requested range \S+Z to 2024-03-01T00:00:00\.000Z: .* from .* to /);
      return true;
    });
  }
});

test('a few bars of a known interval are of it, however far apart they are', async () => {
  const folder = emptyStore();
  for (const hours of [[0, 1], [2]]) {
    const candles = at(
      hours.map((hour) => START + hour * 60 * MINUTE),
      1,
    );
    const report = await importSeries({ folder, ...BTC, interval: '1m', candles });
    assert.deepEqual([report.interval, report.added], ['1m', hours.length]);
  }
});

test('a store that was damaged is an error, not an empty answer', async () => {
  const folder = emptyStore();
  await importCandles({ ...BTC, file: csv([0, 1, 2]), folder });
  const series = await seriesFolder(folder, BTC, '1m');
  const file = readdirSync(series).find((name) => name.endsWith('.parquet')) ?? '';
  writeFileSync(join(series, file), 'not Parquet');
  await assert.rejects(closesOf(folder), /the candles in .* cannot be read/);
  writeFileSync(join(series, 'manifest.json'), '{');
  await assert.rejects(closesOf(folder), /manifest\.json cannot be used/);
});
