// The API as it is, on a socket, a database and the sample candles, with an account whose token the client sends.

import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Role } from '../src/accounts/account.ts';
import { addAccount } from '../src/accounts/add.ts';
import { createToken } from '../src/accounts/create-token.ts';
import { hashPassword } from '../src/accounts/password.ts';
import { startApi, type RunningApi } from '../src/api.ts';
import { parquetSource } from '../src/candles/parquet.ts';
import { openVariantReports } from '../src/reports/reporter.ts';
import { importSample } from '../src/stack/sample.ts';
import { specBody, testConfig } from './api.ts';
import { testDatabase, type TestDatabase } from './database.ts';
import { startWorker } from './fleet.ts';

export interface RealApi extends AsyncDisposable {
  readonly url: string;
  readonly token: string;
  readonly database: TestDatabase;
  /** Closes the API and starts it again on its port: all connections break. */
  restart(): Promise<void>;
  /** Starts a worker. */
  work(): void;
}

/** A spec of 3 windows x 2 stop losses on the sample. */
export const SPEC = specBody({}, { instrument_id: { market_id: 5, symbol: '^GSPC' } });

export const PASSWORD = 'correct horse';
const PLACE = { environment: 'test' } as const;

/** Opens it with the account ann. */
export async function openRealApi(role: Role = 'user'): Promise<RealApi> {
  const home = await mkdtemp(join(tmpdir(), 'backtest-client-'));
  const folder = join(home, 'candles');
  await importSample(folder);
  const database = await testDatabase();
  const { pool } = database;
  const source = parquetSource(folder);
  const reports = openVariantReports({ kind: 'parquet', folder });
  const { backtest, ...rest } = testConfig();
  const accounts = { ...backtest.accounts, local_user: false };
  const parts = { pool, config: { ...rest, backtest: { ...backtest, accounts } }, source, reports };
  const port = await freePort();
  let running: RunningApi = await startApi(parts, { ...PLACE, port });
  const { url } = running;
  const workers: ReturnType<typeof startWorker>[] = [];
  return {
    url,
    token: await newToken(pool, role),
    database,
    async restart() {
      await running[Symbol.asyncDispose]();
      running = await startApi(parts, { ...PLACE, port });
    },
    work() {
      const env = { STRATEGY_PG_DSN: database.dsn, CANDLE_SOURCE: `parquet:${folder}`, BACKTEST_HOME: home };
      workers.push(startWorker(env));
    },
    async [Symbol.asyncDispose]() {
      for (const one of workers) one.kill('SIGKILL');
      await Promise.all(workers.map((one) => one.ended));
      await running[Symbol.asyncDispose]();
      await reports[Symbol.asyncDispose]();
      await source[Symbol.asyncDispose]();
      await database[Symbol.asyncDispose]();
      await rm(home, { recursive: true, force: true });
    },
  };
}

async function newToken(pool: TestDatabase['pool'], role: Role): Promise<string> {
  const added = await addAccount(pool, { name: 'ann', role, password_hash: await hashPassword(PASSWORD) });
  if (added.outcome !== 'added') throw new Error(`the account is ${added.outcome}`);
  const { user_id } = added.account;
  const made = await createToken(pool, { user_id, name: 'client', scopes: ['jobs'], days: 1 });
  if (made.outcome !== 'created') throw new Error(`the token is ${made.outcome}`);
  return made.token;
}

/** Finds a port that nobody has, so that the API comes back on it after a restart. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('there is no free port');
  return address.port;
}
