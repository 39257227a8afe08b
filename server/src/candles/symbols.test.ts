// A symbol on its whole way: from an import into a folder of the store, into the list, and by a spec into a search.

import assert from 'node:assert/strict';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import test, { after } from 'node:test';
import { loadRange, parseSpec, search, SpecError } from '@backtest-jobs/engine';
import { GATE, REPORTS, testConfig } from '../../test/api.ts';
import { csvOf, walk } from '../../test/candles.ts';
import { buildApi } from '../api.ts';
import { acceptSpec } from '../api/gate.ts';
import { openPool } from '../db.ts';
import { candlesQuery, tableOf } from './clickhouse/query.ts';
import { importCandles, importSeries } from './import.ts';
import { memorySource } from './memory.ts';
import { openSource } from './open.ts';
import { requireSymbol } from './source.ts';
import { seriesFolder, symbolFolders } from './store.ts';

const START = Date.UTC(2024, 0, 1);
const CANDLES = walk(START, 300);
const root = mkdtempSync(join(tmpdir(), 'backtest-symbols-'));
after(() => rmSync(root, { recursive: true }));
const FILE = join(root, 'candles.csv');
writeFileSync(FILE, csvOf(CANDLES));
let folders = 0;

function emptyStore(): string {
  return join(root, `store-${(folders += 1)}`);
}

const specOf = (symbol: string) => ({
  time_range: { start: '2024-01-01T01:00:00Z', end: '2024-01-01T05:00:00Z' },
  luck: 0,
  template: {
    instrument_id: { market_id: 1, symbol },
    timeframe: '5m',
    indicator_grids: [{ indicator_id: 'ma.sma', params: { window: { mode: 'explicit', values: [3, 5] } } }],
  },
  warmup_bars: 5,
});

/** The symbol under which the candles of a symbol are listed, and how many variants a spec makes of them. */
async function wayOf(folder: string, text: string): Promise<{ symbol: string; rows: number }> {
  const spec = parseSpec(specOf(text));
  const { instrument_id, timeframe } = spec.template;
  await using source = await openSource({ kind: 'parquet', folder });
  const [series, ...more] = await source.coverage(instrument_id);
  assert.deepEqual([series?.rows, more], [CANDLES.time.length, []]);
  const { candles, baseMs } = await source.read(instrument_id, { ...loadRange(spec), timeframe });
  assert.equal(baseMs, 60_000);
  for await (const { result } of search(candles, spec))
    if (result !== null) return { symbol: series?.symbol ?? '', rows: result.rows.length };
  return assert.fail('no result');
}

const NAMES = [
  'M&M.NS',
  'ES1!',
  'BRK.B',
  '^GSPC',
  'EURUSD=X',
  'BTC/USDT:USDT',
  'RELIANCE.NS',
  '7203.T',
  '贵州茅台',
  'Газпром',
  'रिलायंस',
  'btcusdt',
  'BTCUSDT',
  'CON',
  '木'.repeat(64),
  `it's \\ a "quote"`.replaceAll(' ', '_'),
];

test('import, list, search: every name comes out as it went in, and each has candles of its own', async () => {
  const folder = emptyStore();
  for (const symbol of NAMES) {
    const { added } = await importCandles({ market_id: 1, symbol, file: FILE, folder });
    assert.equal(added, CANDLES.time.length, symbol);
  }
  await using source = await openSource({ kind: 'parquet', folder });
  const listed = (await source.coverage()).map(({ symbol }) => symbol);
  assert.deepEqual(listed.toSorted(), NAMES.toSorted());
  for (const symbol of NAMES) assert.deepEqual(await wayOf(folder, symbol), { symbol, rows: 2 });
});

test('two spellings of a name are one series', async () => {
  const folder = emptyStore();
  const [apart, composed] = ['\u0418\u0306\u043e', '\u0419\u043e'];
  const archive = join(root, 'archive');
  mkdirSync(archive);
  writeFileSync(join(archive, `${apart}-1m-2024-01.csv`), csvOf(CANDLES));
  for (const symbol of [undefined, apart, composed]) {
    const report = await importCandles({ market_id: 1, symbol, file: archive, folder });
    assert.deepEqual([report.symbol, report.stored], [composed, CANDLES.time.length]);
  }
  await importSeries({ market_id: 1, symbol: apart, interval: '1m', candles: CANDLES, folder });
  for (const symbol of [apart, composed]) assert.deepEqual(await wayOf(folder, symbol), { symbol: composed, rows: 2 });
  assert.equal(readdirSync(join(folder, '1')).length, 1);
});

test('routes and the gate of the API know a symbol in either spelling', async () => {
  const [apart, composed] = ['\u0418\u0306\u043e', '\u0419\u043e'];
  const pool = openPool('postgres://nobody@127.0.0.1:9/nowhere');
  await using source = memorySource([{ market_id: 1, symbol: composed, interval: '1m', candles: CANDLES }]);
  const app = await buildApi({ pool, config: testConfig({ enabled: false }), source, reports: REPORTS });
  for (const symbol of [apart, composed].map(encodeURIComponent)) {
    for (const path of [`coverage?market_id=1&symbol=${symbol}`, `instruments?q=${symbol}`]) {
      const answer = await app.inject(`/market-data/${path}`);
      const { items } = answer.json<{ readonly items: readonly { readonly symbol: string }[] }>();
      assert.deepEqual(
        items.map((one) => one.symbol),
        [composed],
      );
    }
  }
  await assert.rejects(acceptSpec({ ...specOf(apart), top_k: 0 }, { ...GATE, source }), {
    message: 'top_k: must be at least 1 and at most 100000, got 0',
  });
  await app.close();
  await pool.end();
});

/** Moves a series to where a former release, or a disk without a difference of case, has it. */
async function moveSeries(folder: string, symbol: string, name: string): Promise<void> {
  const from = dirname(await seriesFolder(folder, { market_id: 1, symbol }, '1m'));
  renameSync(from, join(folder, '1', name));
}

test('a store of a former release is read, and goes on in its folders', async () => {
  const folder = emptyStore();
  for (const symbol of ['kPEPE', 'CON']) {
    await importCandles({ market_id: 1, symbol, file: FILE, folder });
    await moveSeries(folder, symbol, symbol);
    const [now = '', former = ''] = symbolFolders(symbol);
    assert.equal(former, symbol);
    assert.deepEqual(await wayOf(folder, symbol), { symbol, rows: 2 });
    const again = await importCandles({ market_id: 1, symbol, file: FILE, folder });
    assert.deepEqual([again.added, again.stored], [0, CANDLES.time.length]);
    assert.ok(!existsSync(join(folder, '1', now)));
  }
});

test('a folder that holds another symbol, as on a disk without a difference of case, is left alone', async () => {
  const folder = emptyStore();
  await importCandles({ market_id: 1, symbol: 'kpepe', file: FILE, folder });
  await moveSeries(folder, 'kpepe', 'KPEPE');
  await using source = await openSource({ kind: 'parquet', folder });
  assert.deepEqual(await source.coverage({ market_id: 1, symbol: 'KPEPE' }), []);
  const manifest = join(folder, '1', 'KPEPE', '1m', 'manifest.json');
  const before = readFileSync(manifest, 'utf8');
  assert.equal((await importCandles({ market_id: 1, symbol: 'KPEPE', file: FILE, folder })).added, 300);
  assert.equal(readFileSync(manifest, 'utf8'), before);
  assert.deepEqual(await wayOf(folder, 'KPEPE'), { symbol: 'KPEPE', rows: 2 });
});

const SEEN = ['A', 'b', '7', '.', '..', '/', '-', '^', '=', '&', "'", '"', '\\', '%', '*', 'é', '茅', '🍏', 'क्षि'];
const APART = ['e\u0301', '\u0958'];
const UNSEEN = [' ', '\n', '\u0000', '\u00a0', '\u200d', '\u202e', '\ud83c', '\udf4f', '\u3164', '\u{e000}'];

/** Texts of what names are made of, a quarter of them also of what names must not have; seeded. */
function* randomTexts(count: number): Generator<string> {
  let state = 42;
  const random = (below: number): number => (state = (state * 48_271) % 2_147_483_647) % below;
  for (let round = 0; round < count; round += 1) {
    const pieces = [...SEEN, ...APART, ...(random(4) === 0 ? UNSEEN : [])];
    const length = random(random(4) === 0 ? 80 : 8);
    yield Array.from({ length }, () => pieces[random(pieces.length)] ?? '').join('');
  }
}

function outcome(work: () => string): string {
  try {
    return work();
  } catch (error) {
    if (error instanceof SpecError) return error.problems.map(({ code, message }) => `${code}: ${message}`).join();
    throw error;
  }
}

test('the gate, the store and the queries take the same texts for symbols, and for the same ones', () => {
  const table = tableOf('market_data');
  let accepted = 0;
  for (const text of randomTexts(2000)) {
    const atGate = outcome(() => parseSpec(specOf(text)).template.instrument_id.symbol);
    assert.equal(
      outcome(() => requireSymbol(text)),
      atGate,
      JSON.stringify(text),
    );
    const refused = atGate.startsWith('invalid_value: ');
    const [folder, query] = [
      outcome(() => symbolFolders(text).join()),
      outcome(() => candlesQuery(table, 'DateTime64', { market_id: 1, symbol: text }, { start: 0, end: 1 })),
    ];
    if (refused) assert.deepEqual([folder, query], [atGate, atGate]);
    else assert.equal(folder, symbolFolders(atGate).join());
    accepted += refused ? 0 : 1;
  }
  assert.ok(accepted > 500 && accepted < 1700, String(accepted));
});
