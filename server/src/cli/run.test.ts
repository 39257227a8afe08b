// The whole command as its users meet it: a process, its stdout, its stderr, its exit code. No database.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { METRICS, type Ledger, type Verdict } from '@backtest-jobs/engine';
import { QUESTIONS, type ValidationResult } from '@backtest-jobs/engine/internal';
import { main } from '../cli.ts';
import type { ReportData } from '../pages/report-data.ts';
import type { VariantJson } from '../reports/variant-json.ts';
import { cells } from './show/table.ts';

const ENTRY = fileURLToPath(new URL('../../backtest.mjs', import.meta.url));
const HOUR = 3_600_000;
const START = Date.UTC(2020, 0, 1);
const BARS = 2000;

let folder = '';
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'backtest-run-'));
});
after(() => rm(folder, { recursive: true, force: true }));

interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

async function backtest(args: readonly string[], stdin = ''): Promise<Ended> {
  const env = { PATH: process.env['PATH'], BACKTEST_HOME: join(folder, 'home') };
  const child = spawn(process.execPath, [ENTRY, ...args], { cwd: folder, env });
  child.stdin.end(stdin);
  const [stdout, stderr, code] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    new Promise<number | null>((resolve) => void child.on('exit', resolve)),
  ]);
  return { code, stdout, stderr };
}

const file = async (name: string, content: string | Uint8Array): Promise<string> => {
  await writeFile(join(folder, name), content);
  return name;
};

/** A seeded walk; only the shape of the time column differs between files. */
function csv(header: string, time: (ms: number) => string | number): string {
  let seed = 42;
  const random = (): number => (seed = (seed * 48_271) % 2_147_483_647) / 2_147_483_647;
  const lines = [`${header},open,high,low,close,volume`];
  let price = 100;
  for (let i = 0; i < BARS; i += 1) {
    const open = price;
    price *= 1 + 0.02 * (random() - 0.5);
    lines.push(
      [time(START + i * HOUR), open, Math.max(open, price) * 1.001, Math.min(open, price) * 0.999, price, 1 + i].join(
        ',',
      ),
    );
  }
  return `${lines.join('\n')}\n`;
}

const spec = (more: object = {}, template: object = {}) =>
  JSON.stringify({
    time_range: { start: '2020-01-05T00:00:00Z', end: '2020-03-01T00:00:00Z' },
    luck: 0,
    warmup_bars: 50,
    top_k: 20,
    template: {
      instrument_id: { market_id: 1, symbol: 'TEST' },
      timeframe: '1h',
      indicator_grids: [
        { indicator_id: 'ma.sma', params: { window: { mode: 'range', start: 5, stop_incl: 45, step: 5 } } },
      ],
      risk_grid: { sl: { mode: 'explicit', values: ['off', 2] }, tp: { mode: 'explicit', values: ['off', 3] } },
      ...template,
    },
    ...more,
  });

interface Output {
  readonly variants: {
    rank: number;
    variant_key: string;
    variant_index: number;
    payload: object;
    metrics: Record<string, unknown>;
    out_of_sample?: Record<string, unknown>;
  }[];
  readonly ledger: Ledger;
  readonly verdict: Verdict;
  readonly reports: {
    rank: number;
    variant_key: string;
    rows: unknown[];
    table_md: string;
    trades: unknown[] | null;
    monte_carlo?: { readonly draws: number };
    out_of_sample?: { readonly table_md: string };
  }[];
}

const CHECKS = ['luck', 'halves', 'oos', 'holding', 'family', 'years', 'room', 'edge', 'trades'] as const;

const CAVEATS = [
  'ambiguous_bars',
  'total_return_pct_tp_first',
  'possible_trails',
  'total_return_pct_trail_hit',
  'bust',
  'written_off',
  'avg_drawdown_episode',
  'waited_fills',
  'carried_close',
];

test('stdout is the JSON alone, with every metric of every variant', async () => {
  await file('spec.json', spec());
  await file(
    'time.csv',
    csv('time', (ms) => new Date(ms).toISOString()),
  );
  const { code, stdout, stderr } = await backtest(['run', 'spec.json', '--candles', 'time.csv', '--json']);
  assert.equal(code, 0, stderr);
  assert.equal(stdout.indexOf('\n'), stdout.length - 1);
  const output = JSON.parse(stdout) as Output;
  assert.deepEqual(Object.keys(output), ['variants', 'ledger', 'verdict', 'reports']);
  assert.equal(output.verdict.trials, 36); // the 9 without stops among them
  assert.equal(output.verdict.sharpe_annual, output.variants[0]?.metrics['sharpe']);
  const asked = output.verdict.checks?.map(({ id }) => id).filter((id) => id !== 'idle');
  assert.deepEqual(asked, CHECKS);
  const drawn = output.reports.map(({ monte_carlo }) => monte_carlo?.draws);
  assert.deepEqual(drawn, [...Array<number>(10).fill(1000), ...Array<undefined>(10).fill(undefined)]);
  assert.equal(output.variants.length, 20);
  for (const [i, variant] of output.variants.entries()) {
    assert.deepEqual(Object.keys(variant), ['rank', 'variant_key', 'variant_index', 'payload', 'metrics']);
    assert.equal(variant.rank, i + 1);
    assert.match(variant.variant_key, /^[0-9a-f]{64}$/);
    assert.deepEqual(
      new Set(Object.keys(variant.metrics)),
      new Set([...METRICS.map(({ name }) => name), 'num_trades', ...CAVEATS]),
    );
  }
  assert.equal(output.reports.length, 20);
  assert.equal(output.reports[0]?.rows.length, 25);
  assert.ok(output.reports[0]?.trades?.length);
});

test('the same candles under every name and shape of the time column, plain and gzip', async () => {
  await file('spec.json', spec());
  const shapes: [string, (ms: number) => string | number][] = [
    ['time', (ms) => new Date(ms).toISOString()],
    ['ts_open', (ms) => ms],
    ['ts', (ms) => ms / 1000],
    ['timestamp', (ms) => new Date(ms).toISOString().replace('T', ' ').replace('.000Z', '')],
    ['date', (ms) => new Date(ms).toISOString().replace('.000Z', '+00:00')],
  ];
  const answers = new Set<string>();
  for (const [header, time] of shapes) {
    const content = csv(header, time);
    const name =
      header === 'ts_open' ? await file(`${header}.csv.gz`, gzipSync(content)) : await file(`${header}.csv`, content);
    const { code, stdout, stderr } = await backtest([
      'run',
      'spec.json',
      '--candles',
      name,
      '--json',
      '--top',
      '3',
      '--threads',
      '1',
    ]);
    assert.equal(code, 0, `${header}: ${stderr}`);
    answers.add(stdout);
  }
  assert.equal(answers.size, 1);
  assert.equal((JSON.parse([...answers][0] ?? '') as Output).variants.length, 3);
});

test('what is held out is told beside what was searched on, as JSON and as text', async () => {
  await file(
    'time.csv',
    csv('time', (ms) => new Date(ms).toISOString()),
  );
  await file('held.json', spec({ validation: { mode: 'holdout', fraction: 0.25 } }));
  const options = ['run', 'held.json', '--candles', 'time.csv'];
  const { variants, reports, validation } = JSON.parse((await backtest([...options, '--json'])).stdout) as Output & {
    readonly validation: ValidationResult;
  };
  const [best] = validation.folds;
  assert.deepEqual([validation.mode, validation.folds.length], ['holdout', 1]);
  assert.equal(best?.best?.variant_index, variants[0]?.variant_index);
  assert.deepEqual(best?.best?.out_of_sample, variants[0]?.out_of_sample);
  assert.equal(reports[0]?.out_of_sample?.table_md, validation.out_of_sample.report_table_md);
  const { stdout } = await backtest(options);
  assert.match(stdout, /oos return/);
  assert.match(stdout, / in sample +out of sample\n/);
  const walk = await file('walk.json', spec({ validation: { mode: 'walk_forward', folds: 3, train_fraction: 0.6 } }));
  const walked = (...more: string[]) => backtest(['run', walk, '--candles', 'time.csv', ...more]);
  const [one, two] = [await walked('--json', '--threads', '1'), await walked('--json', '--threads', '2')];
  assert.equal(two.stdout, one.stdout);
  assert.match(
    (await walked()).stdout,
    /\nThe best of each fold on the bars after it: .*\n *searched on .*\n(2020-\d\d-\d\d to .*\n){3}/,
  );
  assert.match(stdout, /\nThe best on the bars held out: out of sample .*%, max dd .*, sharpe .*, \d+ trades\n/);
  for (const line of stdout.split('\n')) assert.ok(cells(line) <= 100, line);
});

test('threads change nothing, nor does YAML or stdin', async () => {
  await file('spec.json', spec());
  await file('spec.yaml', `# the same\n${spec()}`);
  await file(
    'time.csv',
    csv('time', (ms) => new Date(ms).toISOString()),
  );
  const options = ['--candles', 'time.csv', '--json'];
  const one = await backtest(['run', 'spec.json', ...options, '--threads', '1']);
  const two = await backtest(['run', 'spec.yaml', ...options, '--threads', '2', '--interval', '1h']);
  const three = await backtest(['run', '-', ...options], spec());
  assert.equal(one.code, 0, one.stderr);
  assert.equal(two.stdout, one.stdout, two.stderr);
  assert.equal(three.stdout, one.stdout, three.stderr);
});

test('without --json a table within 100 columns and the report of the best', async () => {
  await file('spec.json', spec());
  await file(
    'time.csv',
    csv('time', (ms) => new Date(ms).toISOString()),
  );
  const { code, stdout } = await backtest(['run', 'spec.json', '--candles', 'time.csv', '--top', '5']);
  assert.equal(code, 0);
  const lines = stdout.split('\n');
  assert.ok(lines.every((line) => cells(line) <= 100));
  assert.match(lines[0] ?? '', /^ ?# {2}parameters .* return .* win$/);
  assert.match(lines[1] ?? '', /^1 {2}sma\(\d+\) · .*%$/);
  assert.match(lines[5] ?? '', /^5 {2}/);
  assert.equal(lines[6], '');
  assert.match(stdout, /Calmar Ratio/);
  assert.match(
    stdout,
    /\nHow far to believe it\n(Likely|Possibly|Probably more than) luck\n.*the best of 36 variants /,
  );
  for (const id of CHECKS) assert.ok(stdout.includes(`\n  ${QUESTIONS[id]} `), id);
  assert.match(stdout, /\nreordered {2}drawdown on closed trades /);
  assert.ok(!stdout.includes('\x1b'));
});

test('a bad spec: every problem with its path and line, exit code 2, nothing on stdout', async () => {
  const template = { timeframe: '7m', indicator_grids: [{ indicator_id: 'ma.sam', params: {} }] };
  await file(
    'bad.json',
    spec({ time_range: { start: '2020-03-01T00:00:00Z', end: '2020-01-01T00:00:00Z' }, topk: 3 }, template),
  );
  const { code, stdout, stderr } = await backtest(['run', 'bad.json', '--candles', 'time.csv', '--json']);
  assert.equal(code, 2);
  assert.equal(stdout, '');
  for (const path of ['time_range', 'topk', 'template.timeframe', 'template.indicator_grids[0].indicator_id']) {
    assert.ok(stderr.includes(`backtest: ${path}`), `${path} in\n${stderr}`);
  }
  assert.match(stderr, /\(bad\.json:1\)/);
});

test('a saved strategy is for the API to know', async () => {
  const strategy_id = '01890a5d-ac96-774b-bcce-b302099a8057';
  await file('saved.json', spec({ strategy_id, template: undefined }));
  const { code, stdout, stderr } = await backtest(['run', 'saved.json', '--candles', 'time.csv']);
  assert.equal(code, 2);
  assert.equal(stdout, '');
  assert.match(stderr, /^backtest: strategy_id: saved strategies are kept by the API: submit the spec there, .*\n$/);
});

test('the ledger counts what was repeated and what is missing in the file', async () => {
  await file('spec.json', spec());
  const [header = '', ...rows] = csv('time', (ms) => new Date(ms).toISOString())
    .trimEnd()
    .split('\n');
  rows.splice(1000, 0, ...rows.slice(998, 1000)); // two rows twice
  rows.splice(1100, 3);
  await file('gaps.csv', [header, ...rows, ''].join('\n'));
  const { code, stdout, stderr } = await backtest([
    'run',
    'spec.json',
    '--candles',
    'gaps.csv',
    '--json',
    '--top',
    '1',
  ]);
  assert.equal(code, 0, stderr);
  const { ledger }: Output = JSON.parse(stdout);
  const { duplicates, base_missing, base_gaps, carried_bars, longest_gap_ms } = ledger;
  assert.deepEqual(
    { duplicates, base_missing, base_gaps, carried_bars, longest_gap_ms },
    { duplicates: 2, base_missing: 3, base_gaps: 1, carried_bars: 3, longest_gap_ms: 3 * HOUR },
  );
});

test('other bad input is exit code 2 with what is wrong', async () => {
  await file('spec.json', spec());
  await file(
    'time.csv',
    csv('time', (ms) => new Date(ms).toISOString()),
  );
  await file(
    'broken.csv',
    csv('time', (ms) => new Date(ms).toISOString())
      .split('\n')
      .map((line, i) => (i < 2 || line === '' ? line : line.replace(/,[^,]*$/, ',oops')))
      .join('\n'),
  );
  await file('late.json', spec({ time_range: { start: '2021-01-01T00:00:00Z', end: '2021-02-01T00:00:00Z' } }));
  await file('syntax.json', '{"a": [1, 2}');
  const cases: [string[], RegExp][] = [
    [['run'], /run needs SPEC/],
    [['run', 'spec.json', '--topp', '3'], /unknown option --topp, did you mean --top\?/],
    [['run', 'spec.json', '--top', '0'], /--top must be a whole number of at least 1, not "0"/],
    [['run', 'missing.json'], /cannot read the spec .*missing\.json/],
    [['run', 'syntax.json'], /syntax\.json is neither JSON nor YAML: .*line 1/],
    [['run', 'spec.json', '--candles', 'missing.csv'], /missing\.csv/],
    [['run', 'spec.json', '--candles', 'broken.csv'], /broken\.csv: line 3: volume "oops" is not a number/],
    [['run', 'late.json', '--candles', 'time.csv'], /2020-01-01/],
    [['run', 'spec.json', '--candles', 'time.csv', '--interval', '7x'], /interval/],
    [['run', 'spec.json', '--interval', '1h'], /no --candles/],
    [['run', 'spec.json'], /TEST/],
    [['run', 'spec.json', '--variant', '-1'], /--variant/],
    [['run', 'spec.json', '--variant', '1', '--payload', 'spec.json'], /give one/],
    [['run', 'spec.json', '--candles', 'time.csv', '--variant', '36'], /variant_index: must be .* 0 to 35, got 36/],
    [['run', 'spec.json', '--candles', 'time.csv', '--payload', 'missing.json'], /cannot read the payload .*missing/],
    [['run', 'spec.json', '--candles', 'time.csv', '--payload', 'spec.json'], /payload\.time_range: unknown field/],
  ];
  for (const [[name = '', ...args], message] of cases) {
    let stderr = '';
    const inFolder = args.map((word) => (/\.(json|csv)$/.test(word) ? join(folder, word) : word));
    const code = await main([name, ...inFolder], { out: assert.fail, err: (text) => (stderr += text) });
    assert.equal(code, 2, `${args.join(' ')}: ${stderr}`);
    assert.match(stderr, message);
    assert.match(stderr, /^backtest: /);
  }
});

test('--variant and --payload: one variant in full, the same by both, as text and as JSON', async () => {
  await file('spec.json', spec());
  await file(
    'time.csv',
    csv('time', (ms) => new Date(ms).toISOString()),
  );
  const options = ['run', 'spec.json', '--candles', 'time.csv'];
  const { variants, reports, ledger } = JSON.parse((await backtest([...options, '--json'])).stdout) as Output;
  const [best] = variants;
  const byIndex = await backtest([...options, '--variant', String(best?.variant_index), '--json']);
  assert.equal(byIndex.code, 0, byIndex.stderr);
  const report = JSON.parse(byIndex.stdout) as VariantJson;
  const { rows, table_md, trades, monte_carlo } = report;
  assert.deepEqual({ rank: 1, variant_key: report.variant_key, rows, table_md, monte_carlo, trades }, reports[0]);
  assert.deepEqual([report.payload, report.metrics, report.ledger], [best?.payload, best?.metrics, ledger]);
  assert.equal(report.series.equity.length, ledger.target_bars);
  await file('payload.json', JSON.stringify(best?.payload));
  await file('row.json', JSON.stringify(best));
  for (const name of ['payload.json', 'row.json']) {
    const byPayload = await backtest([...options, '--payload', name, '--json']);
    assert.deepEqual({ ...JSON.parse(byPayload.stdout), variant_index: best?.variant_index }, report, name);
  }
  const { code, stdout } = await backtest([...options, '--variant', String(best?.variant_index), '--top', '3']);
  assert.equal(code, 0);
  const lines = stdout.split('\n');
  assert.ok(
    lines.every((line) => cells(line) <= 100),
    stdout,
  );
  assert.match(stdout, /^Variant \d+: sma\(\d+\) · /);
  assert.match(stdout, /\n1 {2}(long|short) +2020-\d\d-\d\d \d\d:\d\d /);
  assert.match(stdout, new RegExp(`\nand ${trades.length - 3} more: --top ${trades.length} or --json has them all\n`));
  assert.match(stdout, /\nData: [^]* sha256 [0-9a-f]{12}\n1:TEST by 1h from .*, engine \d/);
  assert.match(stdout, /\nvariant [0-9a-f]{64}\n$/);
});

test('Ctrl-C: the best so far, exit code 130', async () => {
  const candles = await file(
    'long.csv',
    csv('time', (ms) => ms),
  );
  const rules = {
    indicator_grids: undefined,
    rules: { long: 'ema(close, fast) > ema(close, slow) * (1 + gap / 10000)' },
  };
  const axis = (stop_incl: number) => ({ mode: 'range', start: 2, stop_incl, step: 1 });
  const params = { slow: axis(201), fast: axis(201), gap: axis(201) }; // 8 million variants: minutes
  const many = await file('many.json', spec({}, { ...rules, params, risk_grid: {}, direction_mode: 'long-only' }));
  for (const more of [[], ['--json'], ['--threads', '1']]) {
    const env = { PATH: process.env['PATH'], BACKTEST_HOME: join(folder, 'home') };
    const child = spawn(process.execPath, [ENTRY, 'run', many, '--candles', candles, '--top', '4', ...more], {
      cwd: folder,
      env,
    });
    const ended = new Promise<number | null>((resolve) => void child.on('exit', resolve));
    child.stderr.setEncoding('utf8').on('data', (said: string) => {
      if (said.includes('stage_a 1/3')) child.kill('SIGINT'); // after the first chunk
    });
    const stdout = await text(child.stdout);
    assert.equal(await ended, 130);
    if (more[0] === '--json') {
      const told = JSON.parse(stdout) as Output & { stopped: Record<string, unknown> };
      assert.deepEqual(
        told.variants.map(({ rank }) => rank),
        [1, 2, 3, 4],
      );
      assert.equal(told.stopped['stage'], 'stage_a');
      assert.equal(told.verdict, null);
      assert.ok(told.ledger.digest.length > 0);
    } else {
      assert.match(stdout, /^1 +slow=\d+ fast=\d+ gap=\d+ · no stops /m);
      assert.match(stdout, /^Stopped in stage_a, [\d,]+ of 8,\d\d\d,\d\d\d units done: the best so far/m);
    }
  }
});

test('--out: a page of the search or of one variant beside what is printed', async () => {
  await file('page.json', spec());
  await file('page.csv', csv('time', String));
  const ran = await backtest(['run', 'page.json', '--candles', 'page.csv', '--json', '--out', 'page.html']);
  assert.equal(ran.code, 0, ran.stderr);
  const { variants, verdict } = JSON.parse(ran.stdout) as Output;
  const page = await readFile(join(folder, 'page.html'), 'utf8');
  const [, json = ''] = /id="report-data">(.*?)<\/script>/s.exec(page) ?? [];
  const data = JSON.parse(json) as ReportData;
  assert.deepEqual(data.verdict, verdict);
  assert.deepEqual(
    data.rows.map(({ variant_index }) => variant_index),
    variants.map(({ variant_index }) => variant_index),
  );
  assert.deepEqual(data.variant?.metrics, variants[0]?.metrics);
  const one = await backtest(['run', 'page.json', '--candles', 'page.csv', '--variant', '5', '--out', 'page.html']);
  assert.equal(one.code, 0, one.stderr);
  assert.match(await readFile(join(folder, 'page.html'), 'utf8'), /--variant 5</);
});

test('what is allowed and seldom meant is said on stderr, and stdout stays JSON alone', async () => {
  const candles = await file(
    'warned.csv',
    csv('time', (ms) => ms),
  );
  const odd = await file('odd.json', spec({}, { execution: { fee_pct: 0.001 } }));
  const { code, stdout, stderr } = await backtest(['run', odd, '--candles', candles, '--json']);
  assert.equal(code, 0);
  assert.ok((JSON.parse(stdout) as Output).variants.length > 0);
  const said = stderr.replaceAll('\n', ' ');
  assert.match(said, /Warning: template\.execution\.fee_pct: 0\.001 is .* 0\.1 if .* \(looks_like_fraction\)/);
  assert.match(said, /Warning: template\.direction_mode: .* market 1 \(binance spot\).* \(shorts_on_spot\)/);
});
