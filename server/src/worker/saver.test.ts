// When a save is due: only where an attempt that starts from it starts further on than from the save before.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ENGINE_VERSION, parseSpec, prepare, search, type Candles, type SearchState } from '@backtest-jobs/engine';
import { requestHash } from '@backtest-jobs/engine/internal';
import { openSaver } from './saver.ts';

const MINUTE = 60_000;
const START = Date.UTC(2024, 0, 1);
const BARS = 2000;

/** Prices that swing, so that every variant trades. */
function waves(): Candles {
  const column = (value: (bar: number) => number): Float64Array =>
    Float64Array.from({ length: BARS }, (_, b) => value(b));
  const close = column((bar) => 100 + 10 * Math.sin(bar / 7) + 5 * Math.sin(bar / 3));
  const time = column((bar) => START + bar * MINUTE);
  return { time, open: close, high: close, low: close, close, volume: column(() => 1) };
}

const candles = waves();
const spec = parseSpec({
  time_range: { start: new Date(START).toISOString(), end: new Date(START + BARS * MINUTE).toISOString() },
  luck: 0,
  warmup_bars: 0,
  preselect: 20,
  top_k: 20,
  template: {
    instrument_id: { market_id: 1, symbol: 'WAVES' },
    timeframe: '1m',
    indicator_grids: [
      { indicator_id: 'ma.sma', params: { window: { mode: 'range', start: 2, stop_incl: 41, step: 1 } } },
    ],
    risk_grid: { sl: { mode: 'explicit', values: ['off', 1, 2, 3] } },
  },
  validation: { mode: 'walk_forward', folds: 2, train_fraction: 0.5 },
});
const hashes = { request_hash: requestHash(spec), data_digest: '', engine_version: ENGINE_VERSION };

/** The saves of an attempt to which every moment is late enough for the next one. */
async function savesFrom(from: SearchState | null): Promise<SearchState[]> {
  const often = { spec, snapshotSeconds: 0, snapshotVariantsStep: 1 };
  const saver = openSaver(often, hashes, prepare(candles, spec), from);
  const saves: SearchState[] = [];
  for await (const step of search(candles, spec, from ?? undefined)) {
    saver.take(step);
    const due = saver.due(step);
    if (due === null) continue;
    saver.save(step, due === 'all' ? await saver.rows(step, () => Promise.resolve(true)) : null);
    saves.push(step);
  }
  return saves;
}

test('an attempt that goes on from a save makes those that came after it, and in finalizing none: it would start over', async () => {
  const saves = await savesFrom(null);
  const stages = saves.map(({ stage, past }) => `${past.length} ${stage}`);
  assert.deepEqual(new Set(stages), new Set(['0 stage_a', '0 stage_b', '1 stage_a', '1 stage_b', '1 finalizing']));
  assert.equal(stages.filter((stage) => stage === '1 finalizing').length, 1);
  for (const [at, save] of saves.entries()) {
    const later = (await savesFrom(save)).map(({ past, stage, next }) => [past.length, stage, next]);
    assert.deepEqual(
      later,
      saves.slice(at + 1).map(({ past, stage, next }) => [past.length, stage, next]),
    );
  }
});

test('before the luck test the rows are saved, in it the resume point of each market, and an attempt goes on there', async () => {
  const tested = { ...spec, validation: null, luck: { permutations: 19, variants: 40 } };
  const saves = async (from: SearchState | null) => {
    const saver = openSaver(
      { spec: tested, snapshotSeconds: 0, snapshotVariantsStep: 1 },
      hashes,
      prepare(candles, tested),
      from,
    );
    const made: { readonly state: SearchState; readonly due: string; readonly done: number | null }[] = [];
    for await (const step of search(candles, tested, from ?? undefined)) {
      const due = saver.due(step);
      if (due === null) continue;
      const { saved } = saver.save(step, due === 'all' ? await saver.rows(step, () => Promise.resolve(true)) : null);
      made.push({ state: step, due, done: saved.permuted?.done ?? null });
    }
    return made;
  };
  const inTest = (await saves(null)).filter(({ state }) => state.luck !== null);
  assert.deepEqual(inTest[0]?.due, 'all');
  assert.ok(inTest.slice(1).every(({ due }) => due === 'resume point'));
  assert.deepEqual(
    inTest.map(({ done }) => done),
    [0, ...Array(20).keys()],
  );
  for (const at of [0, 5, inTest.length - 1]) {
    const later = (await saves(inTest[at]?.state ?? null)).map(({ done }) => done);
    assert.deepEqual(
      later,
      inTest.slice(at + 1).map(({ done }) => done),
    );
  }
});
