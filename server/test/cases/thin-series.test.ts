// A series with few candles beside a whole one: the whole one is read, and candles that are mostly missing are refused.

import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { after } from 'node:test';
import { loadRange, parseSpec, prepare, type Candles, type Spec } from '@backtest-jobs/engine';
import { importCandles } from '../../src/candles/import.ts';
import { memorySource } from '../../src/candles/memory.ts';
import { openSource } from '../../src/candles/open.ts';

const root = mkdtempSync(join(tmpdir(), 'backtest-thin-'));
after(() => rmSync(root, { recursive: true }));
const TEST = { market_id: 1, symbol: 'TEST' };
const HOUR = 3_600_000;

function spec(timeframe = '1h'): Spec {
  return parseSpec({
    time_range: { start: '2024-01-02T00:00:00Z', end: '2024-01-11T00:00:00Z' },
    luck: 0,
    warmup_bars: 24,
    template: { instrument_id: TEST, timeframe, indicator_grids: [{ indicator_id: 'ma.sma' }] },
  });
}

const wanted = { ...loadRange(spec()), timeframe: '1h' } as const;

test('a thin series of minutes does not beat a whole one of hours', async () => {
  for (const interval of ['1h', '1m'])
    await importCandles({ ...TEST, folder: root, file: join(import.meta.dirname, `thin-fine-series/${interval}.csv`) });
  await using source = await openSource({ kind: 'parquet', folder: root });
  const { candles, baseMs, counted } = await source.read(TEST, wanted);
  assert.equal(baseMs, HOUR);
  assert.deepEqual(counted, [
    { interval: '1h', bars: 239 },
    { interval: '1m', bars: 2 },
  ]);
  const { ledger } = prepare(candles, spec(), baseMs).timeline;
  assert.deepEqual([ledger.target_bars, ledger.carried_bars], [215, 0]);
});

const seriesAt = (times: readonly number[]): Candles => {
  const one = Float64Array.from(times, () => 1);
  return { time: Float64Array.from(times), open: one, high: one, low: one, close: one, volume: one };
};

test('of series with as many bars the one that covers more time is read, then the coarser one', async () => {
  const hours = Array.from({ length: 240 }, (_, hour) => wanted.start + hour * HOUR);
  const quarters = hours.flatMap((hour) => [0, 1, 2, 3].map((quarter) => hour + (quarter * HOUR) / 4));
  const of = (interval: '1h' | '15m', times: readonly number[]) => ({ ...TEST, interval, candles: seriesAt(times) });
  const cases = [
    [hours, quarters, HOUR],
    [hours.slice(0, 200), quarters, HOUR / 4],
    [hours, quarters.filter((_, i) => i % 4 === 0), HOUR],
    [hours.filter((_, i) => i % 2 === 0), quarters.filter((_, i) => i % 4 === 0), HOUR / 4],
  ] as const;
  for (const [coarse, fine, chosen] of cases) {
    await using source = memorySource([of('1h', coarse), of('15m', fine)]);
    assert.equal((await source.read(TEST, wanted)).baseMs, chosen);
  }
});

test('candles that leave most of the bars empty are refused, with what to do', () => {
  const ends = [0, 1, 2, 214, 215].map((hour) => Date.parse('2024-01-02T00:00:00Z') + hour * HOUR);
  assert.throws(() => prepare(seriesAt(ends), spec(), HOUR), /211 of 216 bars of 1h have no candle.*larger timeframe/);
  const half = Array.from({ length: 108 }, (_, i) => Date.parse('2024-01-02T00:00:00Z') + i * 2 * HOUR);
  assert.equal(prepare(seriesAt(half), spec(), HOUR).timeline.ledger.carried_bars, 107);
});
