// Session markets: days that files open at the midnight of an exchange, and hours that open at half past.

import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { importCandles, type ImportOptions } from '../import.ts';
import { parquetSource } from '../parquet.ts';
import { openMarketGrid } from './market-grid.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const NEW_YORK = { begins: '00:00', zone: 'America/New_York' };

let root = '';
before(async () => {
  root = await mkdtemp(join(tmpdir(), 'backtest-days-'));
});
after(() => rm(root, { recursive: true }));

let files = 0;
async function imported(times: readonly (number | string)[], options: Partial<ImportOptions>) {
  files += 1;
  const file = join(root, `${files}.csv`);
  const rows = times.map(
    (time, at) => `${typeof time === 'number' ? new Date(time).toISOString() : time},1,2,1,2,${at}\n`,
  );
  await writeFile(file, `time,open,high,low,close,volume\n${rows.join('')}`);
  const folder = join(root, String(files));
  const report = await importCandles({ folder, market_id: 5, symbol: 'X', file, calendar: 'session', ...options });
  await using source = parquetSource(folder);
  const [series = assert.fail()] = await source.coverage();
  const opens = await source.times(series);
  return { report, opens: [...opens].map((time) => new Date(time).toISOString().slice(0, 16)) };
}

/** Weekdays around the change to summer time of New York, 10 March 2024. */
const DATES = ['2024-03-06', '2024-03-07', '2024-03-08', '2024-03-11', '2024-03-12', '2024-03-13'];
const dated = DATES.map((date) => `${date}T00:00`);
const midnights = DATES.map((date) => Date.parse(`${date}T00:00Z`) + (date < '2024-03-10' ? 5 : 4) * HOUR);

test('days at the midnight of an exchange stand at that of UTC, by the zone of the market or of the file', async () => {
  for (const options of [
    { day: NEW_YORK },
    { timezone: 'America/New_York' },
    { day: NEW_YORK, timezone: 'America/New_York' },
  ]) {
    const { report, opens } = await imported(midnights, options);
    assert.deepEqual([report.interval, report.days, opens], ['1d', 6, dated]);
  }
  const offsets = DATES.map((date) => `${date} 00:00:00-0${date < '2024-03-10' ? 5 : 4}:00`);
  assert.deepEqual((await imported(offsets, { timezone: 'America/New_York' })).opens, dated);
  // East of Greenwich the midnight lies on the date before.
  const tokyo = DATES.map((date) => Date.parse(`${date}T00:00Z`) - 9 * HOUR);
  assert.deepEqual((await imported(tokyo, { timezone: 'Asia/Tokyo' })).opens, dated);
  const plain = await imported(DATES, { day: NEW_YORK });
  assert.deepEqual([plain.report.days, plain.opens], [0, dated]);
});

test('a day that begins in the evening has the date on which it ends', async () => {
  const day = { begins: '17:00', zone: 'America/New_York' };
  const evenings = midnights.map((time) => time - 7 * HOUR);
  assert.deepEqual((await imported(evenings, { day })).opens, dated);
  const grid = openMarketGrid({ begins: '09:30', zone: 'America/New_York' });
  assert.equal(grid.dayOf(Date.UTC(2024, 0, 2, 14, 30)), Date.UTC(2024, 0, 2));
  assert.ok(Number.isNaN(grid.dayOf(Date.UTC(2024, 0, 2, 15))));
});

test('without a zone, in a market that never closes, or against the zone of the market: refused with what helps', async () => {
  await assert.rejects(imported(midnights, {}), /1d candles must open on the 1d grid of UTC.*--timezone/);
  await assert.rejects(
    imported(midnights, { calendar: 'continuous', timezone: 'America/New_York' }),
    /must open on the 1d grid/,
  );
  await assert.rejects(
    imported(midnights, { day: NEW_YORK, timezone: 'Europe/Berlin' }),
    /timezone: Europe\/Berlin contradicts market 5, whose days are those of America\/New_York/,
  );
  await assert.rejects(imported(midnights, { timezone: 'Mars/Olympus' }), /timezone: must be a zone of the IANA/);
});

test('hours at half past are on the grid of a market that opens then, in summer and in winter, and on no other', async () => {
  const day = { begins: '09:30', zone: 'America/New_York' };
  const hours = midnights.flatMap((midnight) =>
    [0, 1, 2, 3, 4, 5, 6].map((hour) => midnight + 9.5 * HOUR + hour * HOUR),
  );
  const { report, opens } = await imported(hours, { day });
  assert.deepEqual([report.interval, report.rows, report.moved.count], ['1h', 42, 0]);
  assert.deepEqual([opens[0], opens.at(-1)], ['2024-03-06T14:30', '2024-03-13T19:30']);
  const late = hours.map((time, at) => (at === 3 ? time + 14_000 : time));
  const moved = await imported(late, { day });
  assert.deepEqual([moved.report.moved.count, moved.opens], [1, opens]);
  await assert.rejects(imported(hours, { day: NEW_YORK }), /1h candles must open on the 1h grid/);
  await assert.rejects(
    imported(hours, {}),
    /a session market has its own grid where day_begins and zone of the configuration say it/,
  );
  const utc = Array.from({ length: 48 }, (_, hour) => Date.UTC(2024, 2, 6) + hour * HOUR);
  assert.equal((await imported(utc, { day })).report.rows, 48, 'bars of UTC stay');
  assert.equal(midnights[1]! - midnights[0]!, DAY);
});
