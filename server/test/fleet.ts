// A database, a folder of candles and real worker processes, for tests that kill things. Jobs are submitted as the API
// submits them; what is asserted afterwards is read from the database.

import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseSpec, TIMEFRAMES, type Candles, type Timeframe } from '@backtest-jobs/engine';
import { COLUMNS } from '@backtest-jobs/engine/internal';
import { importCandles } from '../src/candles/import.ts';
import { loadConfig, runtimeConfigHash, type Config } from '../src/config/config.ts';
import type { SourceSettings } from '../src/config/settings.ts';
import { submissionOf, submit } from '../src/queue/submit.ts';
import { uuid7 } from '../src/queue/uuid7.ts';
import { testDatabase, type TestDatabase, type TestDatabaseOptions } from './database.ts';

const PROJECT = fileURLToPath(new URL('../..', import.meta.url));
const CONFIG = join(PROJECT, 'configs/test/backtest.yaml');
export const WORKER = [process.execPath, join(PROJECT, 'server/backtest.mjs'), 'worker', '--config', CONFIG];
export const USER = '00000000-0000-7000-8000-00000000000a';

export interface Fleet extends AsyncDisposable {
  readonly database: TestDatabase;
  /** BACKTEST_HOME of the workers. */
  readonly home: string;
  /** Workers that were started so far. */
  readonly workers: readonly TestWorker[];
  readonly candles: SourceSettings;
  /** Submits a job of USER and returns its id; rejects when there are as many active ones as `quota` allows. */
  submit(input: unknown, quota?: number): Promise<string>;
  /** Starts a worker process with configs/test, or another config; `env` overrules. */
  worker(env?: Record<string, string>, config?: string): TestWorker;
  /** Starts a worker by the command of the runbook; signals go to npm. */
  npmWorker(): TestWorker;
  job(jobId: string): Promise<JobRow>;
  /** Waits until `is` holds for the job row; fails loudly after ten minutes. */
  until(jobId: string, what: string, is: (job: JobRow) => boolean): Promise<JobRow>;
}

export interface JobRow {
  readonly state: string;
  readonly stage: string;
  readonly attempt: number;
  readonly crash_count: number;
  readonly processed_units: number;
  readonly total_units: number;
  readonly locked_by: string | null;
  readonly checkpoint_stage: string | null;
  readonly checkpoint_attempt: number | null;
  readonly result_hash: string | null;
  readonly last_error_json: { code: string; details: Record<string, unknown> } | null;
  readonly rows: number;
  readonly reports: number;
}

export interface TestWorker {
  readonly pid: number;
  readonly process: ChildProcess;
  /** Returns everything it logged so far. */
  log(): string;
  /** Waits until a line of the log contains the text. */
  said(text: string): Promise<void>;
  /** Exit code, or the signal that ended it. */
  readonly ended: Promise<number | string>;
  kill(signal: NodeJS.Signals): void;
}

/** Opens a fleet with one series, under market 1 and symbol TEST. */
export async function openFleet(
  candles: Candles,
  interval: Timeframe,
  options: TestDatabaseOptions = {},
): Promise<Fleet> {
  const home = await mkdtemp(join(tmpdir(), 'backtest-fleet-'));
  const database = await testDatabase(options);
  const folder = join(home, 'candles');
  const file = join(home, 'candles.csv');
  await writeFile(file, csv(candles));
  await importCandles({ file, folder, market_id: 1, symbol: 'TEST', interval });
  const config = await loadConfig(CONFIG);
  const workers: TestWorker[] = [];
  const env = { STRATEGY_PG_DSN: database.dsn, CANDLE_SOURCE: `parquet:${folder}`, BACKTEST_HOME: home };
  const add = (worker: TestWorker): TestWorker => {
    workers.push(worker);
    return worker;
  };
  const job = async (jobId: string): Promise<JobRow> => (await database.admin.query<JobRow>(JOB, [jobId])).rows[0]!;
  return {
    database,
    home,
    workers,
    candles: { kind: 'parquet', folder },
    job,
    submit: (input, quota) => submitAs(database, config, input, quota),
    worker: (more = {}, settings = CONFIG) => add(startWorker({ ...env, ...more }, [...WORKER.slice(0, -1), settings])),
    npmWorker: () => add(startWorker(env, ['npm', 'run', 'worker', '--', '--config', 'configs/test/backtest.yaml'])),
    async until(jobId, what, is) {
      let row: JobRow | undefined;
      const ask = async (): Promise<JobRow | false> => is((row = await job(jobId))) && row;
      const told = (): string => [JSON.stringify(row), ...workers.map((one) => one.log())].join('\n--\n');
      return eventually(what, ask, { told });
    },
    async [Symbol.asyncDispose]() {
      for (const one of workers) one.kill('SIGKILL');
      await Promise.all(workers.map((one) => one.ended));
      await database[Symbol.asyncDispose]();
      await rm(home, { recursive: true, force: true });
    },
  };
}

async function submitAs(database: TestDatabase, config: Config, input: unknown, quota = 1000): Promise<string> {
  const submitted = await submit(database.pool, {
    ...submissionOf(input, parseSpec(input), { strategy: null }),
    job_id: uuid7(),
    user_id: USER,
    runtime_config_hash: runtimeConfigHash(config),
    idempotency_key: null,
    max_active_jobs: quota,
    max_finished_jobs: 100_000,
  });
  if (submitted.outcome !== 'created') throw new Error(`submit ended ${submitted.outcome}`);
  return submitted.job.job_id;
}

export function startWorker(env: Record<string, string>, command: readonly string[] = WORKER): TestWorker {
  const { PATH, HOME } = process.env;
  const [program = process.execPath, ...args] = command;
  const child = spawn(program, args, {
    cwd: PROJECT,
    env: { PATH, HOME, ROEHUB_ENV: 'test', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let log = '';
  const heard = new Set<() => void>();
  const hear = (text: Buffer): void => {
    log += text.toString();
    for (const listener of heard) listener();
  };
  child.stdout.on('data', hear);
  child.stderr.on('data', hear);
  const ended = new Promise<number | string>((resolve) => {
    child.on('close', (code, signal) => resolve(code ?? signal ?? 1));
  });
  return {
    pid: child.pid ?? 0,
    process: child,
    log: () => log,
    async said(text) {
      const deadline = AbortSignal.timeout(600_000);
      while (!log.includes(text)) {
        await new Promise<void>((resolve, reject) => {
          heard.add(resolve);
          deadline.addEventListener('abort', () => reject(new Error(`never logged ${text}:\n${log}`)));
        });
      }
    },
    ended,
    kill: (signal) => void child.kill(signal),
  };
}

/** Asks until the result is neither null nor false, and fails loudly when that takes too long. */
export async function eventually<T>(
  what: string,
  ask: () => Promise<T | null | false>,
  { seconds = 600, told }: { seconds?: number; told?: () => string } = {},
): Promise<T> {
  for (const deadline = performance.now() + seconds * 1000; performance.now() < deadline; await delay(20)) {
    const answer = await ask();
    if (answer !== null && answer !== false) return answer;
  }
  throw new Error(`never saw ${what} in ${seconds} s\n${told?.() ?? ''}`);
}

/** Waits until a signal has stopped the process. */
export async function stopped(pid: number): Promise<void> {
  const status = (): Promise<string> => readFile(`/proc/${pid}/status`, 'utf8');
  await eventually(`${pid} stopped`, async () => /^State:\s+T/m.test(await status()));
}

/** Lists the children of a process; of a worker, its compute children. */
export async function childrenOf(pid: number): Promise<number[]> {
  const text = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8');
  return text.split(' ').filter(Boolean).map(Number);
}

function csv(candles: Candles): string {
  const rows = Array.from(candles.time, (_, bar) => COLUMNS.map((name) => candles[name][bar]).join());
  return [COLUMNS.join(), ...rows, ''].join('\n');
}

/** Makes prices that go somewhere, the same every time. */
export function walk(bars: number, interval: Timeframe, seed = 7): Candles {
  let state = seed;
  const random = (): number => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
  const column = (): Float64Array => new Float64Array(bars);
  const candles = { time: column(), open: column(), high: column(), low: column(), close: column(), volume: column() };
  let price = 100;
  for (let bar = 0; bar < bars; bar += 1) {
    const open = price;
    price *= 1 + (random() - 0.499) * 0.02;
    candles.time[bar] = Date.UTC(2020, 0, 1) + bar * TIMEFRAMES[interval];
    candles.open[bar] = open;
    candles.close[bar] = price;
    candles.high[bar] = Math.max(open, price) * (1 + random() * 0.004);
    candles.low[bar] = Math.min(open, price) * (1 - random() * 0.004);
    candles.volume[bar] = 1 + random() * 100;
  }
  return candles;
}

const JOB = `
select j.state, j.stage, j.attempt, j.crash_count, j.processed_units, j.total_units, j.locked_by, j.last_error_json,
  c.stage as checkpoint_stage, c.attempt as checkpoint_attempt, r.result_hash,
  (select count(*)::int from backtest_job_top_variants t where t.job_id = j.job_id) as rows,
  (select count(report_table_md)::int from backtest_job_top_variants t where t.job_id = j.job_id) as reports
from backtest_jobs j
left join backtest_job_checkpoints c using (job_id)
left join backtest_job_results r using (job_id)
where j.job_id = $1`;
