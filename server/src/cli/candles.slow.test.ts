// The candles commands as their users meet them: processes, a store on disk, an API that listens.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { sliceCandles } from '@backtest-jobs/engine/internal';
import { REPORTS, testConfig } from '../../test/api.ts';
import { binance } from '../../test/binance.ts';
import { csvOf, splitAt, walk, zipOf } from '../../test/candles.ts';
import { startApi } from '../api.ts';
import type { SeriesLedger } from '../candles/gaps.ts';
import { openSource } from '../candles/open.ts';
import { main } from '../cli.ts';
import { openPool } from '../db.ts';

const ENTRY = fileURLToPath(new URL('../../backtest.mjs', import.meta.url));
const root = mkdtempSync(join(tmpdir(), 'backtest-cli-candles-'));
after(() => rmSync(root, { recursive: true }));
const START = Date.UTC(2024, 0, 1);
const WHOLE = walk(START, 3000, { holes: 200 });

const backtest = (home: string, ...args: string[]) => run(home, 'candles', ...args);

async function run(home: string, ...args: string[]) {
  const env = { PATH: process.env['PATH'], BACKTEST_HOME: join(root, home) };
  const child = spawn(process.execPath, [ENTRY, ...args], {
    cwd: root,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const code = new Promise<number | null>((resolve) => void child.on('exit', resolve));
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
  return { code: await code, stdout, stderr };
}

/** Any of the three reports, as far as this test looks into it. */
interface Answer {
  readonly symbol: string;
  readonly added: number;
  readonly dry_run: boolean;
  readonly stopped: boolean;
}

async function json(home: string, ...args: string[]): Promise<Answer> {
  const { code, stdout, stderr } = await backtest(home, ...args, '--json');
  assert.equal(code, 0, stderr);
  return JSON.parse(stdout) as Answer;
}

test('import, list and check, here and through an API', async () => {
  const folder = join(root, 'archive');
  mkdirSync(folder);
  const rows = csvOf(WHOLE, { header: false });
  writeFileSync(join(folder, 'BTCUSDT-1m-2024-01.zip'), zipOf({ 'BTCUSDT-1m-2024-01.csv': rows }));
  const dry = await json('one', 'import', 'archive', '--market', '1', '--dry-run');
  assert.deepEqual([dry.symbol, dry.added, dry.dry_run], ['BTCUSDT', WHOLE.time.length, true]);
  assert.deepEqual(await json('one', 'list'), []);
  const plain = await backtest('one', 'import', 'archive', '--market', '1');
  assert.match(plain.stdout, /^1:BTCUSDT 1m: [\d,]+ rows from 2024-01-01T00:00:00\.000Z/);
  writeFileSync(join(root, 'stock.csv'), csvOf(sliceCandles(WHOLE, 0, 3), { time: (ms) => (ms - START) / 60_000 }));
  const columns = ['--time-column', 'time', '--volume-column', 'none', '--time-unit', 's'];
  const odd = ['import', 'stock.csv', '--market', '5', '--symbol', 'X', '--interval', '1m', ...columns];
  const wrong = await backtest('one', ...odd);
  assert.deepEqual([wrong.code, wrong.stdout], [2, '']);
  assert.match(
    wrong.stderr,
    /^backtest: .*stock\.csv: its bars are 1 seconds apart, and candles shorter than 1m are not stored/,
  );

  const listed = await json('one', 'list');
  const ledgers = (await json('one', 'check', '--gaps', '3')) as unknown as SeriesLedger[];
  const [{ present, expected, gaps, split_jumps, ...range } = assert.fail()] = ledgers;
  assert.deepEqual(split_jumps, { count: 0, first: [] });
  assert.ok(gaps);
  assert.deepEqual([range], listed);
  assert.deepEqual([present, gaps.longest.length], [WHOLE.time.length, 3]);
  assert.equal(expected, WHOLE.time.length + gaps.missing);
  assert.ok(gaps.count >= 10 && gaps.longest_missing >= 5);
  const table = await backtest('one', 'check', '--gaps', '2');
  assert.match(table.stdout, /^market +symbol +interval +from +to +candles +expected +missing +gaps +longest$/m);
  assert.match(table.stdout, /^the longest 2 gaps of 1:BTCUSDT 1m$/m);
  const none = await backtest('one', 'check', '--symbol', 'ETH');
  assert.deepEqual(
    [none.code, none.stderr],
    [2, 'backtest: there are no such candles; candles list shows what there is\n'],
  );

  const pool = openPool('postgres://nobody@127.0.0.1:9/nowhere');
  await using source = await openSource({ kind: 'parquet', folder: join(root, 'one', 'candles') });
  await using api = await startApi(
    { pool, config: testConfig({ enabled: false }), source, reports: REPORTS },
    { environment: 'test' },
  );
  assert.deepEqual(await json('two', 'list', '--api', api.url), listed);
  assert.deepEqual(await json('two', 'check', '--api', api.url, '--gaps', '3'), ledgers);
  assert.deepEqual(await json('two', 'list'), []);
  await pool.end();
});

test('a jump that looks like a split is named by check, by the report of a run and by its verdict', async () => {
  writeFileSync(join(root, 'split.csv'), csvOf(splitAt(walk(START, 3000), 1000, 0.1)));
  await json('five', 'import', 'split.csv', '--market', '1', '--symbol', 'SPLIT');
  const { stdout } = await backtest('five', 'check');
  const said = 'the price falls to 1/10 between two bars at 2024-01-01T16:40Z, which looks like a 10:1 split';
  assert.ok(stdout.includes(`1:SPLIT 1m: ${said}`), stdout);
  assert.match(stdout, /^2024-01-01T16:40 +[\d.]+ +[\d.]+ +0\.1000 +10:1$/m);
  const spec = {
    time_range: { start: '2024-01-01T12:00:00Z', end: '2024-01-02T12:00:00Z' },
    template: {
      instrument_id: { market_id: 1, symbol: 'SPLIT' },
      timeframe: '15m',
      rules: { long: 'close > sma(close, 5)' },
    },
  };
  writeFileSync(join(root, 'split.json'), JSON.stringify(spec));
  const ran = await run('five', 'run', 'split.json');
  assert.equal(ran.code, 0, ran.stderr);
  const words = ran.stdout.replaceAll(/\s+/g, ' ');
  assert.equal(words.split(said).length, 3, ran.stdout); // in the verdict and beside the ledger
  assert.ok(
    words.includes(`Beware: ${said} that the candles are not adjusted for; import adjusted prices`),
    ran.stdout,
  );
});

test('export, rename and delete: what loses something wants --yes, and what was exported imports as it was', async () => {
  writeFileSync(join(root, 'change.csv'), csvOf(WHOLE));
  const X = ['--market', '1', '--symbol', 'WRONG'];
  await json('six', 'import', 'change.csv', ...X);
  const before = await json('six', 'check');
  const renaming = ['rename', ...X, '--as', 'RIGHT', '--as-market', '2'];
  const asked = await backtest('six', ...renaming);
  assert.deepEqual([asked.code, asked.stdout], [2, '']);
  assert.match(asked.stderr, /1:WRONG 1m would become 2:RIGHT; nothing was done: say --yes to rename/);
  assert.deepEqual(await json('six', 'check'), before);
  const renamed = await backtest('six', ...renaming, '--yes');
  assert.deepEqual([renamed.code, renamed.stdout], [0, '1:WRONG 1m is 2:RIGHT now\n']);
  const RIGHT = ['--market', '2', '--symbol', 'RIGHT'];
  const exported = await backtest('six', 'export', 'out.csv.gz', ...RIGHT);
  assert.match(exported.stdout, /^2:RIGHT 1m: 2,923 candles written to .*out\.csv\.gz$/m);
  assert.equal((await backtest('six', 'export', 'out.csv.gz', ...RIGHT)).code, 2);
  const again = (await json('six', 'import', 'out.csv.gz', ...RIGHT)) as unknown as {
    readonly added: number;
    readonly replaced: number;
  };
  assert.deepEqual([again.added, again.replaced], [0, 0]);
  const deletion = ['delete', ...RIGHT, '--from', '2024-01-01T12:00:00Z'];
  const half = await backtest('six', ...deletion);
  assert.match(half.stderr, /2:RIGHT 1m: [\d,]+ candles would be deleted, \d+ left; nothing was done: say --yes/);
  const gone = await backtest('six', ...deletion, '--yes');
  assert.match(gone.stdout, /2:RIGHT 1m: [\d,]+ candles deleted, \d+ left/);
  const [{ end } = assert.fail()] = (await json('six', 'list')) as unknown as SeriesLedger[];
  assert.ok(end <= '2024-01-01T12:00:00.000Z');
  assert.equal((await backtest('six', 'delete', ...RIGHT, '--yes')).code, 0);
  assert.deepEqual(await json('six', 'list'), []);
  const none = await backtest('six', 'delete', ...RIGHT, '--yes');
  assert.match(none.stderr, /there are no candles of 2:RIGHT; candles list shows what there is/);
});

test('a symbol in any script: import, list, check and a run of a spec', async () => {
  writeFileSync(join(root, 'any.csv'), csvOf(WHOLE));
  const symbols = ['M&M.NS', 'BTC/USDT:USDT', '贵州茅台', '\u0418\u0306', 'रिलायंस', '木'.repeat(64)];
  for (const symbol of symbols) {
    const report = await json('four', 'import', 'any.csv', '--market', '1', '--symbol', symbol);
    assert.deepEqual([report.symbol, report.added], [symbol.normalize('NFC'), WHOLE.time.length]);
    const template = {
      instrument_id: { market_id: 1, symbol },
      timeframe: '15m',
      indicator_grids: [{ indicator_id: 'ma.sma', params: { window: { mode: 'explicit', values: [3, 5] } } }],
    };
    const time_range = { start: '2024-01-01T06:00:00Z', end: '2024-01-02T00:00:00Z' };
    writeFileSync(join(root, 'any.json'), JSON.stringify({ time_range, template, warmup_bars: 5 }));
    const ran = await run('four', 'run', 'any.json', '--json');
    assert.equal(ran.code, 0, ran.stderr);
    const { variants } = JSON.parse(ran.stdout) as { readonly variants: readonly unknown[] };
    assert.equal(variants.length, 2);
    const checked = (await json('four', 'check', '--symbol', symbol)) as unknown as SeriesLedger[];
    assert.deepEqual(
      checked.map((one) => [one.symbol, one.present]),
      [[symbol.normalize('NFC'), WHOLE.time.length]],
    );
  }
  const listed = (await json('four', 'list')) as unknown as SeriesLedger[];
  assert.equal(listed.length, symbols.length);
});

test('import from an exchange, twice', async () => {
  await using server = await binance(WHOLE);
  const [since, until] = ['2024-01-01', new Date(WHOLE.time.at(-1)! + 60_000).toISOString()];
  const place = ['--market', '1', '--symbol', 'BTC/USDT', '--since', since, '--until', until];
  const args = ['import', '--exchange', 'binance', ...place, '--exchange-url', server.url];
  const first = await json('three', ...args);
  assert.deepEqual([first.symbol, first.added, first.stopped], ['BTCUSDT', WHOLE.time.length, false]);
  const again = await backtest('three', ...args);
  assert.match(again.stdout, /^1:BTCUSDT 1m: 0 candles added by \d+ requests; \d+ of the range are still missing/);
});

test('what does not go together is exit code 2', async () => {
  const cases: [string[], RegExp][] = [
    [['import', 'x.csv', '--symbol', 'X'], /needs --market ID/],
    [['import', '--market', '1'], /needs a FILE or --exchange NAME, and not both/],
    [['import', 'x.csv', '--exchange', 'binance', '--market', '1'], /and not both/],
    [['import', 'x.csv', '--market', '1', '--since', '2024-01-01'], /--since goes with --exchange only/],
    [
      ['import', '--exchange', 'binance', '--market', '1', '--symbol', 'X', '--time-unit', 's'],
      /--time-unit goes with a FILE/,
    ],
    [['import', '--exchange', 'binance', '--market', '1', '--symbol', 'X'], /needs --since TIME/],
    [
      ['import', '--exchange', 'binance', '--market', '1', '--symbol', 'X', '--since', 'soon'],
      /--since must be a date/,
    ],
    [['import', 'x.csv', '--market', '77', '--symbol', 'X'], /--market 77 is not in the configuration/],
    [
      ['import', 'cli.csv', '--market', '1', '--symbol', 'X', '--time-unit', 'min'],
      /--time-unit must be one of s, ms, us, ns/,
    ],
    [['import', 'none.csv', '--market', '1', '--symbol', '../../x y'], /symbol: must have .* leave out U\+0020 after/],
    [['import', 'none.csv', '--market', '1', '--symbol', '../../x'], /symbol: must have a name before and after each/],
    [['check', '--symbol', 'x y'], /symbol: must have visible characters and no spaces: leave out U\+0020 after "x"/],
    [['delete', '--symbol', 'X', '--yes'], /candles delete needs --market ID and --symbol SYMBOL/],
    [
      ['delete', '--market', '1', '--symbol', 'X', '--from', '2024-02-01', '--to', '2024-01-01'],
      /--from .* must be before/,
    ],
    [['export', 'x.csv', '--market', '1', '--symbol', 'X', '--to', 'soon'], /--to must be a date or an instant/],
    [['rename', '--market', '1', '--symbol', 'X'], /needs --as SYMBOL, --as-market ID, or both/],
    [['rename', '--market', '1', '--symbol', 'X', '--as-market', '77'], /--as-market 77 is not in the configuration/],
    [
      ['import', 'x.csv', '--market', '1', '--symbol', 'X', '--calendar', 'session'],
      /--calendar session contradicts market 1/,
    ],
    [
      ['import', 'x.csv', '--market', '1', '--symbol', 'X', '--date-order', 'ymd'],
      /date_order: must be one of mdy, dmy/,
    ],
    [['check', '--gaps', '5000'], /--gaps must be a whole number from 0 to 1000/],
  ];
  for (const [args, message] of cases) {
    let stderr = '';
    const code = await main(['candles', ...args], { out: () => {}, err: (said) => (stderr += said) });
    assert.equal(code, 2, stderr);
    assert.match(stderr, message);
  }
});
