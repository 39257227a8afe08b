// A server with accounts on a real database and a folder of candles, and people who have signed in: what tests that ask every
// route start from.

import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadRange, parseSpec, search, type SearchResult } from '@backtest-jobs/engine';
import type { FastifyInstance } from 'fastify';
import type { Role } from '../src/accounts/account.ts';
import { addAccount } from '../src/accounts/add.ts';
import { hashPassword } from '../src/accounts/password.ts';
import { buildApi, type ApiParts } from '../src/api.ts';
import { parquetSource } from '../src/candles/parquet.ts';
import type { CandleSource } from '../src/candles/source.ts';
import type { TopRow } from '../src/queue/job.ts';
import { surface } from '../src/queue/portions/surface.ts';
import { openVariantReports } from '../src/reports/reporter.ts';
import { importSample } from '../src/stack/sample.ts';
import { specBody, testConfig } from './api.ts';
import { testDatabase, type TestDatabase } from './database.ts';
import { claimed, finish } from './queue.ts';

export type Headers = Readonly<Record<string, string>>;

export interface Person {
  readonly name: string;
  readonly user_id: string;
  readonly session_id: string;
  readonly cookie: Headers;
  readonly token_id: string;
  /** Of every scope. */
  readonly token: Headers;
}

export const PASSWORD = 'correct horse';

/** A spec that the candles of the house have bars for. */
export const SPEC = specBody({ top_trades_n: 5 }, { instrument_id: { market_id: 5, symbol: '^GSPC' } });

export interface House extends AsyncDisposable {
  readonly database: TestDatabase;
  readonly app: FastifyInstance;
  readonly url: string;
  /** What another server in the same house is made of. */
  readonly parts: ApiParts;
  /** Adds somebody and signs in. */
  enter(name: string, role?: Role): Promise<Person>;
  /** Runs a job as a worker does, and returns its id. */
  run(person: Person, spec?: object): Promise<string>;
}

export async function openHouse(
  environment: string,
  config = testConfig(),
  more: Partial<ApiParts> = {},
): Promise<House> {
  const folder = await mkdtemp(join(tmpdir(), 'house-'));
  await importSample(folder);
  const database = await testDatabase();
  const source = parquetSource(folder);
  const reports = openVariantReports({ kind: 'parquet', folder });
  const place = { environment, host: '127.0.0.1' };
  const parts = { pool: database.pool, config, source, reports, place, ...more };
  const app = await buildApi(parts);
  const url = await app.listen({ host: '127.0.0.1', port: 0 });
  const password_hash = await hashPassword(PASSWORD);
  const ask = async <T>(path: string, headers: Headers, payload: object): Promise<T & { readonly cookie: string }> => {
    const reply = await app.inject({ method: 'POST', url: path, headers: { ...headers }, payload });
    assert.ok(reply.statusCode < 300, reply.body);
    return { ...reply.json<T>(), cookie: String(reply.headers['set-cookie']).split(';', 1)[0] ?? '' };
  };
  return {
    database,
    app,
    url,
    parts,
    async enter(name, role = 'user') {
      const added = await addAccount(database.pool, { name, role, password_hash });
      assert.ok(added.outcome === 'added');
      const { cookie, ...session } = await ask<{ session_id: string }>(
        '/auth/sign-in',
        {},
        { name, password: PASSWORD },
      );
      const wish = { name: 'all', scopes: ['read', 'jobs', 'candles'] };
      const made = await ask<{ token: string; token_id: string }>('/auth/tokens', { cookie }, wish);
      const { user_id } = added.account;
      const token = { authorization: `Bearer ${made.token}` };
      return { name, user_id, session_id: session.session_id, cookie: { cookie }, token_id: made.token_id, token };
    },
    async run(person, spec = SPEC) {
      const { job_id } = await ask<{ job_id: string }>('/backtests/jobs', person.cookie, spec);
      await runClaimed(database, source, spec);
      return job_id;
    },
    async [Symbol.asyncDispose]() {
      await app.close();
      await reports[Symbol.asyncDispose]();
      await source[Symbol.asyncDispose]();
      await database[Symbol.asyncDispose]();
      await rm(folder, { recursive: true });
    },
  };
}

/** Does with the next job of the queue what a worker does. */
async function runClaimed({ pool }: TestDatabase, source: CandleSource, body: object): Promise<void> {
  const { lease } = await claimed(pool, { lease_seconds: 600 });
  const spec = parseSpec(body);
  const { candles } = await source.read(spec.template.instrument_id, { ...loadRange(spec), timeframe: '1d' });
  let result: SearchResult | null = null;
  for await (const step of search(candles, spec)) {
    if (step.surface_chunk !== null) await surface(pool, lease, { lease_seconds: 600, ...step.surface_chunk });
    if (step.result !== null) ({ result } = step as { result: SearchResult });
  }
  assert.ok(result);
  const { rows, ...result_json } = result;
  const stored = JSON.parse(JSON.stringify(rows)) as TopRow[];
  assert.equal(await finish(pool, lease, { state: 'succeeded', rows: stored, result_json }), 'succeeded');
}
