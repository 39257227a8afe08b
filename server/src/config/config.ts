// backtest.yaml: every key with its rule and its default, the rules between keys, and the part that the engine gets.
// What a spec may leave out has the default of the engine and its bounds, so neither stands here again. Reading is
// strict and reports everything that is wrong at once.

import { readFile } from 'node:fs/promises';
import { isIP } from 'node:net';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { DEFAULTS, METRICS, type Defaults } from '@backtest-jobs/engine';
import { BOUNDS, canonicalJson, LEAST_PERMUTATIONS, sha256 } from '@backtest-jobs/engine/internal';
import { messageOf } from '../message.ts';
import { dayProblems, engineMarkets, marketKeys, marketOf, MARKETS_BY_DEFAULT } from './market.ts';
import { fromCaller, PROJECT, type Env } from './paths.ts';
import { providerProblems } from './provider.ts';
import { environmentOf, SettingsError } from './settings.ts';
import {
  fixed,
  flag,
  textsOf,
  mapOf,
  nullable,
  number,
  oneOf,
  orWord,
  readYaml,
  section,
  shortText,
  whole,
  type CrossRule,
  type YamlPart,
} from './strict-yaml.ts';

const metrics = METRICS.map(({ name }) => name);
const seconds = (fallback: number) => number({ above: 0, max: 86_400 }, fallback);
const size = (name: 'warmup_bars' | 'top_k' | 'preselect' | 'top_trades_n') =>
  whole(DEFAULTS[name], BOUNDS[name].min, BOUNDS[name].max);
const amount = (name: keyof Defaults['execution']) => number(BOUNDS.execution[name], DEFAULTS.execution[name]);
const marketId = {
  says: 'is not a market id: a whole number from 1 to 65,535',
  accepts: (key: unknown): key is string =>
    typeof key === 'string' && /^[1-9]\d{0,4}$/.test(key) && Number(key) <= 65_535,
};

const jobKeys = section({
  enabled: flag(true),
  top_k_persisted_default: whole(DEFAULTS.top_k_persisted, 1, 100_000),
  /** Of more trades, the first and the last half of so many are stored, with their number. */
  max_trades_persisted_per_row: whole(DEFAULTS.max_trades_persisted_per_row, 2, 50_000),
  max_active_jobs_per_user: whole(3, 1, 1_000_000),
  max_finished_jobs_per_user: whole(10_000, 1, 10_000_000),
  max_strategies_per_user: whole(1000, 1, 1_000_000),
  /** Rows of best variants over all jobs. */
  max_stored_rows_per_user: whole(3_000_000, 1, 1_000_000_000),
  claim_poll_seconds: seconds(1),
  lease_seconds: seconds(60),
  heartbeat_seconds: seconds(15),
  snapshot_seconds: seconds(30),
  snapshot_variants_step: whole(10_000_000, 1, 1e12),
  parallel_workers: whole(1, 1, 256),
  max_crashes: whole(3, 1, 1000),
  /** Days that finished jobs are kept, fractions included; null: for ever. */
  retention_days: nullable(number({ above: 0, max: 36_500 })),
});

const executionKeys = section({
  init_cash_quote_default: amount('init_cash_quote'),
  fixed_quote_default: amount('fixed_quote'),
  safe_profit_percent_default: amount('safe_profit_percent'),
  slippage_pct_default: amount('slippage_pct'),
  fee_pct_default_by_market_id: mapOf(marketId, number(BOUNDS.execution.fee_pct), DEFAULTS.fee_pct_by_market),
});

const isHost = (text: string): boolean => /^[a-z\d]([a-z\d.-]*[a-z\d])?$|^\[[\da-f:]+\]$/.test(text);
const isOrigin = (text: string): boolean =>
  URL.canParse(text) && /^https?:/.test(text) && new URL(text).origin === text;
const isNetwork = (text: string): boolean => {
  const [address = '', bits, ...more] = text.split('/');
  const family = isIP(address);
  const most = family === 4 ? 32 : 128;
  return family !== 0 && more.length === 0 && (bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= most));
};

const apiKeys = section({
  /** Names under which it may be asked, beside the loopback names where it listens on loopback. */
  allowed_hosts: textsOf('host names in small letters, without port', isHost),
  /** Proxies whose X-Forwarded headers are believed. */
  trusted_proxies: textsOf('addresses or networks, such as 10.0.0.0/8', isNetwork),
  /** Other sites whose pages may ask and read. */
  cors_origins: textsOf('origins, such as https://research.example', isOrigin),
  max_requests_per_minute_per_user: whole(6000, 10, 1_000_000),
  /** Variant reports that are asked for and not yet read to their end. */
  max_open_reports_per_user: whole(8, 1, 1000),
});

/** By which a token of the external provider may be signed: only those whose public key cannot sign. */
const ALGORITHMS = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'EdDSA'];

const externalKeys = section({
  /** Null: there is no external identity provider. */
  issuer: nullable(shortText(500)),
  audience: nullable(shortText(500)),
  /** Address of its public keys (JWKS), or a file of them. */
  jwks: nullable(shortText(1000)),
  algorithms: textsOf(`names of algorithms, of ${ALGORITHMS.join(', ')}`, (name) => ALGORITHMS.includes(name), [
    'RS256',
  ]),
  /** Cookie that may have the token; null: it comes as a bearer token only. */
  cookie: nullable(shortText()),
  /** Whether whoever the provider knows gets an account at first sight. */
  create_accounts: flag(false),
});

const accountKeys = section({
  /** Whether everybody on this machine is its one user; never in prod, nor beyond loopback. */
  local_user: flag(true),
  session_idle_hours: number({ above: 0, max: 8760 }, 72),
  session_hours: number({ above: 0, max: 8760 }, 720),
  external: externalKeys,
});

const root = section({
  version: fixed(1),
  backtest: section({
    warmup_bars_default: size('warmup_bars'),
    top_k_default: size('top_k'),
    preselect_default: size('preselect'),
    /** Permutations of the luck test; auto: as many as a fixed amount of work allows. */
    luck_default: orWord('auto', whole(0, BOUNDS.luck.permutations.min, BOUNDS.luck.permutations.max)),
    ranking: section({
      primary_metric_default: oneOf(metrics, DEFAULTS.ranking.primary_metric),
      secondary_metric_default: nullable(oneOf(metrics), DEFAULTS.ranking.secondary_metric),
    }),
    guards: section({
      max_variants_per_compute: whole(DEFAULTS.guards.max_variants_per_compute, 1, 1e12),
      max_compute_bytes_total: whole(DEFAULTS.guards.max_compute_bytes_total, 2 ** 20, 2 ** 44),
    }),
    cpu: section({ threads: orWord('auto', whole(1, 1, 1024)) }),
    sync: section({ sync_deadline_seconds: seconds(55) }),
    api: apiKeys,
    accounts: accountKeys,
    /** Files of candles that users send to the API. */
    imports: section({
      max_file_bytes: whole(256 * 2 ** 20, 1, 2 ** 32),
      /** Of files that are sent and not committed yet. */
      max_bytes_per_user: whole(2 ** 30, 1, 2 ** 40),
      max_bytes_total: whole(4 * 2 ** 30, 1, 2 ** 42),
      keep_hours: number({ above: 0, max: 8760 }, 24),
    }),
    jobs: jobKeys,
    reporting: section({ top_trades_n_default: size('top_trades_n') }),
    execution: executionKeys,
    markets: mapOf(marketId, marketKeys, MARKETS_BY_DEFAULT),
  }),
});

/** Keys of the YAML as they are, with defaults filled in. */
export type Config = typeof root extends YamlPart<infer T> ? T : never;

const LEASE = 'backtest.jobs.lease_seconds';
const HEARTBEAT = 'backtest.jobs.heartbeat_seconds';
const LUCK = 'backtest.luck_default';
const FEES = 'backtest.execution.fee_pct_default_by_market_id';
const MARKETS = 'backtest.markets';
const EXTERNAL = 'backtest.accounts.external';

const CROSS_RULES: readonly CrossRule<Config>[] = [
  {
    // Two heartbeats may be lost before the lease is.
    keys: [LEASE, HEARTBEAT],
    judge: ({ backtest: { jobs } }) => {
      if (jobs.heartbeat_seconds * 3 - jobs.lease_seconds < 1e-9) return []; // 0.1 * 3 is more than 0.3 in binary
      const numbers = `${jobs.heartbeat_seconds} * 3 is more than ${jobs.lease_seconds}`;
      return [{ key: HEARTBEAT, says: `must be at most a third of lease_seconds: ${numbers}` }];
    },
  },
  {
    keys: [LUCK],
    judge: ({ backtest: { luck_default: luck } }) =>
      luck === 'auto' || luck === 0 || luck >= LEAST_PERMUTATIONS
        ? []
        : [{ key: LUCK, says: `must be auto, 0 or at least ${LEAST_PERMUTATIONS}, not ${luck}` }],
  },
  {
    keys: [EXTERNAL],
    judge: ({ backtest: { accounts } }) =>
      providerProblems(accounts.external).map(({ key, says }) => ({ key: `${EXTERNAL}${key}`, says })),
  },
  {
    keys: [FEES, MARKETS],
    judge: ({ backtest: { execution, markets } }) => {
      const fees = execution.fee_pct_default_by_market_id;
      return [
        ...Object.keys(markets)
          .filter((id) => !(id in fees))
          .map((id) => ({ key: FEES, says: `has no fee for market ${id}` })),
        ...Object.keys(fees)
          .filter((id) => !(id in markets))
          .map((id) => ({ key: `${FEES}.${id}`, says: `is a fee for a market that ${MARKETS} does not have` })),
      ];
    },
  },
  {
    keys: [MARKETS],
    judge: ({ backtest: { markets } }) =>
      Object.entries(markets).flatMap(([id, market]) =>
        dayProblems(market).map(({ key, says }) => ({ key: `${MARKETS}.${id}.${key}`, says })),
      ),
  },
];

export interface ConfigChoice {
  /** --config */
  readonly config?: string | undefined;
  readonly env?: Env;
}

/** Finds the file: --config, else ROEHUB_BACKTEST_CONFIG, both from the caller's folder; else configs/<ROEHUB_ENV>. */
export function configPath({ config, env = process.env }: ConfigChoice): string {
  const given = config ?? env['ROEHUB_BACKTEST_CONFIG'];
  if (given) return fromCaller(given, env);
  const problems: string[] = [];
  const environment = environmentOf(env, problems);
  if (problems.length > 0) throw new SettingsError(problems);
  return join(PROJECT, 'configs', environment, 'backtest.yaml');
}

/** Reads a file. @throws {SettingsError} with every problem as `path:line: key rule` */
export async function loadConfig(path: string): Promise<Config> {
  let yaml: string;
  try {
    yaml = await readFile(path, 'utf8');
  } catch (cause) {
    const reason = messageOf(cause);
    throw new SettingsError([`the configuration ${path} cannot be read: ${reason}`], { cause });
  }
  return parseConfig(yaml, path);
}

export function parseConfig(yaml: string, path = 'backtest.yaml'): Config {
  const { value, problems } = readYaml(yaml, root, CROSS_RULES);
  if (value !== null) return value;
  throw new SettingsError(
    problems.map(({ line, key, says }) => `${path}:${line}: ${key === '' ? says : `${key} ${says}`}`),
  );
}

/** Extracts what parseSpec fills in, and how far it lets a spec go. */
export function defaultsOf({ backtest }: Config): Defaults {
  const { ranking, guards, jobs, reporting, execution, markets } = backtest;
  return {
    warmup_bars: backtest.warmup_bars_default,
    top_k: backtest.top_k_default,
    preselect: backtest.preselect_default,
    top_trades_n: reporting.top_trades_n_default,
    top_k_persisted: jobs.top_k_persisted_default,
    max_trades_persisted_per_row: jobs.max_trades_persisted_per_row,
    luck: backtest.luck_default,
    ranking: {
      primary_metric: ranking.primary_metric_default,
      secondary_metric: ranking.secondary_metric_default,
    },
    execution: {
      init_cash_quote: execution.init_cash_quote_default,
      fixed_quote: execution.fixed_quote_default,
      equity_percent: DEFAULTS.execution.equity_percent,
      safe_profit_percent: execution.safe_profit_percent_default,
      slippage_pct: execution.slippage_pct_default,
    },
    fee_pct_by_market: execution.fee_pct_default_by_market_id,
    markets: engineMarkets(markets),
    guards,
  };
}

/** Counts the threads of one job: `auto` is one for each core. */
export function threadsOf({ backtest: { cpu } }: Config): number {
  return cpu.threads === 'auto' ? availableParallelism() : cpu.threads;
}

/** Hashes what can change a result: the defaults without the guards, which only refuse, and without names. */
export function runtimeConfigHash(config: Config): string {
  const { guards: _, markets: _withOffsets, ...defaults } = defaultsOf(config);
  const { markets } = config.backtest;
  const rules = Object.keys(markets).map((id) => {
    const { calendar, periods_per_year, day } = marketOf(markets, id);
    return [id, { calendar, periods_per_year, ...(day !== null && { day }) }];
  });
  return sha256(canonicalJson({ ...defaults, markets: Object.fromEntries(rules) }));
}
