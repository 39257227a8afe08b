// The environment: every variable of the runbook, read once, checked before anything starts, all faults in one error.
// Which variables must be there depends on the command. Nothing here prints a value that could hold a password.

import { resolve } from 'node:path';
import { clickHouseSettings, type ClickHouseSettings } from './clickhouse.ts';
import { fromCaller, homeOf, type Env } from './paths.ts';

/** What is wrong with the settings, all of it; ends a command with exit code 1. */
export class SettingsError extends Error {
  override readonly name = 'SettingsError';
  readonly problems: readonly string[];

  constructor(problems: readonly string[], options?: ErrorOptions) {
    super(problems.join('\n'), options);
    this.problems = problems;
  }
}

/** `local` is what needs no database (run, candles); `stack` (up, demo) brings its own unless one is given. */
export type Purpose = 'worker' | 'api' | 'migrate' | 'local' | 'stack';
const ENVIRONMENTS = ['dev', 'test', 'prod'] as const;
export type Environment = (typeof ENVIRONMENTS)[number];

export interface ParquetSettings {
  readonly kind: 'parquet';
  /** Folder of the store. */
  readonly folder: string;
}

/** Where candles are. Plain JSON, so that a compute child can be told over IPC. */
export type SourceSettings = ParquetSettings | ClickHouseSettings;

export interface Settings<P extends Purpose = 'worker'> {
  readonly environment: Environment;
  /** Data directory of the embedded stack, absolute. */
  readonly home: string;
  /** Where candles are read. */
  readonly candles: SourceSettings;
  /** Folder of the Parquet store of this machine: what imports write to, wherever candles are read. */
  readonly store: string;
  readonly strategyPgDsn: P extends 'worker' | 'api' ? string : string | null;
  readonly postgresDsn: P extends 'migrate' ? string : string | null;
}

const REQUIRED: Readonly<Record<Purpose, readonly string[]>> = {
  worker: ['STRATEGY_PG_DSN', 'ROEHUB_ENV'],
  api: ['STRATEGY_PG_DSN', 'ROEHUB_ENV'],
  migrate: ['POSTGRES_DSN'],
  local: [],
  stack: [],
};

/** Throws SettingsError naming each variable that is missing or wrong, and its rule. */
export function readSettings<P extends Purpose>(env: Env, purpose: P): Settings<P> {
  const problems: string[] = [];
  for (const name of REQUIRED[purpose]) {
    if (!env[name]) problems.push(`${name} is not set: ${PURPOSE_OF[name]}`);
  }
  for (const name of ['STRATEGY_PG_DSN', 'POSTGRES_DSN']) {
    if (env[name] && !isPostgresDsn(env[name]))
      problems.push(`${name} must be a DSN: postgres://user:password@host:port/database`);
  }
  if (purpose === 'stack' && env['STRATEGY_PG_DSN'] && !env['POSTGRES_DSN']) {
    problems.push(
      'POSTGRES_DSN is not set, but STRATEGY_PG_DSN is, so that server is used and must be migrated: set both, or ' +
        'neither for the embedded server',
    );
  }
  const environment = environmentOf(env, problems);
  const home = homeOf(env);
  const { candles, store } = sourceSettings(env, { environment, home, purpose }, problems);
  if (problems.length > 0) throw new SettingsError(problems);
  const settings: Settings<'local'> = {
    environment,
    home,
    candles,
    store,
    strategyPgDsn: env['STRATEGY_PG_DSN'] || null,
    postgresDsn: env['POSTGRES_DSN'] || null,
  };
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what the purpose requires was found to be there
  return settings as Settings<P>;
}

/** ROEHUB_ENV, dev when it is not set; anything else is a problem. */
export function environmentOf(env: Env, problems: string[]): Environment {
  const name = env['ROEHUB_ENV'] || 'dev';
  const environment = ENVIRONMENTS.find((one) => one === name);
  if (environment === undefined) problems.push(`ROEHUB_ENV must be dev, test or prod, not ${JSON.stringify(name)}`);
  return environment ?? 'dev';
}

const PURPOSE_OF: Readonly<Record<string, string>> = {
  STRATEGY_PG_DSN: 'the database of the queue, postgres://user:password@host:port/database',
  POSTGRES_DSN:
    'the database to migrate, as a role that may create tables, postgres://user:password@host:port/database',
  ROEHUB_ENV: 'must be dev, test or prod',
};

function isPostgresDsn(dsn: string): boolean {
  return URL.canParse(dsn) && ['postgres:', 'postgresql:'].includes(new URL(dsn).protocol);
}

/** Whether the candles may be elsewhere than on this machine. */
function isRemote(purpose: Purpose): boolean {
  return purpose === 'worker' || purpose === 'api';
}

interface Place {
  readonly environment: string;
  readonly home: string;
  readonly purpose: Purpose;
}

/** CANDLE_SOURCE, or what the environment implies: ClickHouse in prod and wherever a ClickHouse is configured. */
function sourceSettings(
  env: Env,
  { environment, home, purpose }: Place,
  problems: string[],
): Pick<Settings, 'candles' | 'store'> {
  const { configured, problems: wrong, settings: clickHouse } = clickHouseSettings(env);
  problems.push(...wrong);
  const implied = isRemote(purpose) && (configured || environment === 'prod') ? 'clickhouse' : 'parquet';
  const chosen = env['CANDLE_SOURCE'] || implied;
  const prefixed = chosen.startsWith('parquet:') && chosen.length > 'parquet:'.length;
  const store = prefixed ? fromCaller(chosen.slice('parquet:'.length), env) : resolve(home, 'candles');
  if (chosen === 'clickhouse') return { candles: clickHouse, store };
  if (chosen !== 'parquet' && !prefixed && purpose !== 'migrate') {
    problems.push(`CANDLE_SOURCE must be clickhouse or parquet:<dir>, not ${JSON.stringify(chosen)}`);
  }
  return { candles: { kind: 'parquet', folder: store }, store };
}
