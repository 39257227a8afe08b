// The local stack in the order it comes up: database, schema, sample candles, API, workers. It goes down in the other
// order, and PostgreSQL only with the last stack that uses it. With STRATEGY_PG_DSN the database is the user's own.

import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readStackFile, stackFile } from '../config/paths.ts';
import { prepareFolder } from '../config/prepare-folder.ts';
import type { Settings } from '../config/settings.ts';
import { redactDsn, userOf } from '../db.ts';
import { messageOf } from '../message.ts';
import { migrate } from '../migrate.ts';
import { importSample } from './sample.ts';
import { postgresLog, sharePostgres } from './shared-postgres.ts';
import { supervise, type Ready, type RunningPart } from './supervise.ts';

export interface StackOptions {
  readonly settings: Settings<'stack'>;
  /** Path of backtest.yaml. */
  readonly config: string;
  readonly workers: number;
  /** Ports the user insists on. */
  readonly port?: number | undefined;
  readonly metricsPort?: number | undefined;
  readonly env: NodeJS.ProcessEnv;
  /** Hears one line about each step that is done, and later about each part that died and runs again. */
  readonly tell: (step: string, text: string) => void;
  readonly signal: AbortSignal;
}

export interface Stack extends AsyncDisposable {
  readonly url: string;
  /** Folder of the parts' logs. */
  readonly logs: string;
  /** Rejects when a part keeps dying. */
  readonly broken: Promise<never>;
  /** Ends our processes without waiting; PostgreSQL stays and is adopted next time. */
  readonly kill: () => void;
}

/** A step did not work; the message says which, why, and where its log is. */
export class StepFailed extends Error {
  override readonly name = 'StepFailed';
}

/** One step: its name, where its log is, what it does, and how to say that it is done. */
interface Step<T> {
  readonly name: string;
  readonly log?: string;
  readonly work: () => Promise<T>;
  readonly text: (done: T) => string;
}

export async function openStack(options: StackOptions): Promise<Stack> {
  const { settings } = options;
  const logs = join(settings.home, 'logs');
  prepareFolder(logs, 'BACKTEST_HOME', 0o700);
  await using down = new AsyncDisposableStack();
  const parts: RunningPart[] = [];
  let movedTo: string | null = null;
  const database = await openDatabase(options, (runtimeDsn) => {
    movedTo = runtimeDsn;
    for (const part of parts) part.replace(env());
  });
  const env = (): NodeJS.ProcessEnv => partEnv(options, movedTo ?? database.runtimeDsn);
  down.use(database);
  await takeStep(options, {
    name: 'schema',
    work: () => migrate(database.adminDsn, { runtimeRole: userOf(database.runtimeDsn) }),
    text: ({ applied, version }) =>
      `version ${version}${applied.length === 0 ? '' : `, migrated by ${[...new Set([applied[0], applied.at(-1)])].join(' to ')}`}`,
  });
  await takeStep(options, { name: 'candles', work: () => importSample(settings.store), text: (text) => text });
  const api = down.use(await openApi(options, env(), logs));
  parts.push(api);
  for (let n = 1; n <= options.workers; n += 1) parts.push(down.use(await openWorker(options, env(), n, logs)));
  const url = api.ready?.url ?? '';
  announce(settings.home, url, options.env, down);

  const owned = down.move();
  return {
    url,
    logs,
    broken: Promise.race([database.broken, ...parts.map(({ broken }) => broken)]),
    kill: () => parts.forEach((part) => part.kill()),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

async function takeStep<T>({ signal, tell }: StackOptions, { name, log, work, text }: Step<T>): Promise<T> {
  signal.throwIfAborted();
  try {
    const done = await work();
    tell(name, text(done));
    return done;
  } catch (error) {
    const message = messageOf(error);
    const where = log === undefined || message.includes(log) ? '' : ` (log: ${log})`;
    throw new StepFailed(`${name} failed: ${message}${where}`, { cause: error });
  }
}

interface Database extends AsyncDisposable {
  readonly adminDsn: string;
  readonly runtimeDsn: string;
  /** Rejects when it keeps dying; never, when it is the user's own. */
  readonly broken: Promise<never>;
}

/** The user's own server when the DSNs are set (the settings see to it that both are), else the embedded one. */
async function openDatabase(options: StackOptions, onMove: (runtimeDsn: string) => void): Promise<Database> {
  const { home, strategyPgDsn, postgresDsn } = options.settings;
  if (strategyPgDsn !== null && postgresDsn !== null) {
    options.tell('database', `yours, ${redactDsn(strategyPgDsn)}`);
    const broken = new Promise<never>(() => {});
    return { adminDsn: postgresDsn, runtimeDsn: strategyPgDsn, broken, [Symbol.asyncDispose]: async () => {} };
  }
  const log = postgresLog(home);
  const { postgres, ...shared } = await takeStep(options, {
    name: 'database',
    log,
    work: () =>
      sharePostgres({
        home,
        onRestart({ port, runtimeDsn }, moved) {
          const where = moved ? `port ${port} now, API and workers follow` : `port ${port}`;
          options.tell('database', `PostgreSQL ended and was started again on ${where} (log: ${log})`);
          if (moved) onMove(runtimeDsn);
        },
      }),
    text: ({ postgres: { port, started } }) =>
      `PostgreSQL on port ${port}${started ? '' : ', was running already'}, data in ${home}`,
  });
  return { ...shared, adminDsn: postgres.adminDsn, runtimeDsn: postgres.runtimeDsn };
}

/** What API and workers see: the runtime role only, and the candles of this home. */
function partEnv({ settings, env }: StackOptions, runtimeDsn: string): NodeJS.ProcessEnv {
  const { POSTGRES_DSN: _admin, ...rest } = env;
  return {
    ...rest,
    ROEHUB_ENV: settings.environment,
    STRATEGY_PG_DSN: runtimeDsn,
    BACKTEST_HOME: settings.home,
    CANDLE_SOURCE: `parquet:${settings.store}`,
  };
}

function openApi(options: StackOptions, env: NodeJS.ProcessEnv, logs: string): Promise<RunningPart> {
  const { config, port } = options;
  const logFile = join(logs, 'api.log');
  const args = ['api', '--config', config];
  const name = 'api';
  return takeStep(options, {
    name,
    log: logFile,
    work: () =>
      supervise({
        name,
        args: port === undefined ? args : [...args, '--port', String(port)],
        argsAgain: ({ url = '' }) => [...args, '--port', new URL(url).port], // where its clients know it
        env,
        logFile,
        onRestart: (why) => options.tell(name, `${why} (log: ${logFile})`),
      }),
    text: ({ ready }) => ready?.url ?? '',
  });
}

function openWorker(options: StackOptions, env: NodeJS.ProcessEnv, n: number, logs: string): Promise<RunningPart> {
  const { config, metricsPort } = options;
  const logFile = join(logs, `worker-${n}.log`);
  const args = ['worker', '--config', config];
  return takeStep(options, {
    name: 'worker',
    log: logFile,
    work: () =>
      supervise({
        name: `worker ${n}`,
        args: metricsPort === undefined ? args : [...args, '--metrics-port', String(metricsPort + n - 1)],
        env,
        logFile,
        onRestart: (why, ready) => options.tell('worker', `${why}, ${workerText(ready, logFile)}`),
      }),
    text: ({ ready }) => workerText(ready, logFile),
  });
}

function workerText(ready: Ready | null, logFile: string): string {
  return ready === null
    ? `not needed: jobs are switched off, as its log says: ${logFile}`
    : `metrics on port ${ready.metrics_port}, its log is ${logFile}`;
}

/** Lets the other commands find this API, unless a stack of this home is announced already. */
function announce(home: string, url: string, env: NodeJS.ProcessEnv, down: AsyncDisposableStack): void {
  if (readStackFile({ ...env, BACKTEST_HOME: home }) !== null) return;
  writeFileSync(stackFile(home), JSON.stringify({ pid: process.pid, url }));
  down.defer(() => rmSync(stackFile(home), { force: true }));
}
