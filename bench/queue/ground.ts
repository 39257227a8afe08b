// What the benches of the queue stand on: an embedded PostgreSQL of its own, durable as for users (the tests switch fsync
// off), fresh databases on it, and what to say about many durations.

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startPostgres } from '../../server/src/stack/postgres.ts';
import type { TestDatabase } from '../../server/test/database.ts';

export interface QueueLine {
  readonly what: string;
  readonly result: string;
  /** What was asked of the outcome before the number counted. */
  readonly check: string;
  /** '' if nothing was promised. */
  readonly target: string;
}

export interface Ground extends AsyncDisposable {
  /** Superuser DSN. */
  readonly server: string;
  readonly home: string;
  database(): Promise<TestDatabase>;
}

export async function openGround(): Promise<Ground> {
  const home = await mkdtemp(join(tmpdir(), 'backtest-bench-'));
  const server = await startPostgres({ home, settings: { max_connections: '200' } });
  // Before it is loaded: the databases of tests then leave their end to us, and not to a test runner.
  process.env['BACKTEST_TEST_RUN'] = 'bench';
  const { testDatabase } = await import('../../server/test/database.ts');
  return {
    server: server.adminDsn,
    home,
    database: () => testDatabase({ server: server.adminDsn }),
    async [Symbol.asyncDispose]() {
      await server.stop();
      await rm(home, { recursive: true, force: true });
    },
  };
}

/** The value that a share of all does not exceed. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN;
}

/** Formats the median and the 99th percentile of milliseconds. */
export function percentiles(values: readonly number[]): string {
  return `p50 ${shown(percentile(values, 0.5))} ms, p99 ${shown(percentile(values, 0.99))} ms`;
}

export function shown(value: number): string {
  return value.toLocaleString('en-US', { maximumSignificantDigits: 3 });
}

/** Throws unless a check holds: its number is not worth printing then. */
export function require(holds: boolean, what: string): void {
  if (!holds) throw new Error(`the bench is wrong, or the queue is: not ${what}`);
}
