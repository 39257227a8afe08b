// The API as it is, on a socket, a database and the sample candles, with an account whose token the client sends.

import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { addAccount } from '../../../server/src/accounts/add.ts';
import { createToken } from '../../../server/src/accounts/create-token.ts';
import { hashPassword } from '../../../server/src/accounts/password.ts';
import { startApi, type RunningApi } from '../../../server/src/api.ts';
import { parquetSource } from '../../../server/src/candles/parquet.ts';
import { openVariantReports } from '../../../server/src/reports/reporter.ts';
import { importSample } from '../../../server/src/stack/sample.ts';
import { specBody, testConfig } from '../../../server/test/api.ts';
import { testDatabase, type TestDatabase } from '../../../server/test/database.ts';
import { startWorker } from '../../../server/test/fleet.ts';

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

const PASSWORD = 'correct horse';
const PLACE = { environment: 'test' } as const;

export async function openRealApi(): Promise<RealApi> {
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
    token: await newToken(pool),
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

async function newToken(pool: TestDatabase['pool']): Promise<string> {
  const added = await addAccount(pool, { name: 'ann', role: 'user', password_hash: await hashPassword(PASSWORD) });
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
