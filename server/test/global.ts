// Global setup of a test run (node --test --test-global-setup=server/test/global.ts): one embedded server in a
// temporary home for all test files, or the server that BACKTEST_TEST_PG_DSN names. The environment set here
// reaches the test files because node spawns them afterwards.

import { randomInt } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startPostgres, type EmbeddedPostgres } from '../src/stack/postgres.ts';

let home: string | undefined;
let server: EmbeddedPostgres | undefined;

export async function globalSetup(): Promise<void> {
  process.env['BACKTEST_TEST_RUN'] = `r${process.pid}`;
  process.env['BACKTEST_SEED'] ??= String(randomInt(2 ** 31)); // one for all files; who uses it prints it
  if (process.env['BACKTEST_TEST_PG_DSN'] !== undefined) return;
  home = await mkdtemp(join(tmpdir(), 'backtest-test-'));
  server = await startPostgres({ home, settings: { fsync: 'off', max_connections: '200' } });
  process.env['BACKTEST_TEST_EMBEDDED_DSN'] = server.adminDsn;
}

export async function globalTeardown(): Promise<void> {
  const external = process.env['BACKTEST_TEST_PG_DSN'];
  if (external !== undefined) {
    const { dropTemplate } = await import('./database.ts');
    await dropTemplate(external);
  }
  await server?.stop();
  if (home !== undefined) await rm(home, { recursive: true, force: true });
}
