// The embedded PostgreSQL: npm's binaries, a data directory in the home folder, one detached server on loopback TCP.
// It is durable like any other: kill -9 the launcher and it goes on, kill -9 the server and the next start recovers.

import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile, realpath, rename, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import pg from 'pg';
import { z } from 'zod';
import { prepareFolder } from '../config/prepare-folder.ts';
import { dsnFor } from '../db.ts';
import { lockFile } from '../lock.ts';
import { dataFolderOf, prepareGround } from './postgres-data.ts';
import {
  goneWithin,
  postmasterLives,
  runningPostmaster,
  startPostmaster,
  stopPostmaster,
  type Postmaster,
} from './postgres-postmaster.ts';

export interface PostgresOptions {
  /** BACKTEST_HOME: gets postgres (data), postgres.log, postgres.json (passwords, mode 0600) and postgres.lock. */
  readonly home: string;
  readonly log?: (message: string) => void;
  /** Server settings on top of our own; no effect on a server that runs already. */
  readonly settings?: Readonly<Record<string, string>>;
  /** false: as root become another user even where user namespaces exist. */
  readonly namespaces?: boolean;
  /** Folder of a package with the binaries, instead of the installed one. */
  readonly binaries?: string;
}

export interface EmbeddedPostgres extends AsyncDisposable {
  /** Superuser on database backtest: what POSTGRES_DSN is for a server of your own. */
  readonly adminDsn: string;
  /** Role backtest, rows only, no DDL: what STRATEGY_PG_DSN is. */
  readonly runtimeDsn: string;
  readonly port: number;
  readonly pid: number;
  /** false: it was running before; dispose then leaves it running, stop() does not. */
  readonly started: boolean;
  alive(): boolean;
  stop(): Promise<void>;
}

// A developer's machine: small, but every commit is durable.
const SETTINGS = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  max_connections: '100',
  shared_buffers: '64MB',
  max_wal_size: '256MB',
  timezone: 'UTC',
  log_timezone: 'UTC',
} as const;

/** Starts the server of this home, or adopts the one that is running; returns when it accepts connections. */
export async function startPostgres(options: PostgresOptions): Promise<EmbeddedPostgres> {
  prepareFolder(resolve(options.home), 'BACKTEST_HOME', 0o700);
  const home = await realpath(resolve(options.home));
  // Two launchers at once: the second waits here and then adopts what the first started.
  using _ = await lockFile(join(home, 'postgres.lock'));
  const log = options.log ?? (() => {});
  const existing = await dataFolderOf(home);
  const secrets = await readSecrets(home, existing);
  const running = existing === null ? null : await runningPostmaster(existing);
  const adopted = running !== null && (await isAdopted(running, secrets)) ? running : null;
  const postmaster = adopted ?? (await startServer({ ...options, home, log }, secrets));
  const stop = () => stopPostmaster(postmaster);
  const server = serverOf(postmaster, secrets);
  try {
    if (!adopted) await ensureDatabase(server, secrets.runtimePassword);
    if (secrets.port !== postmaster.port) await writeSecrets(home, { ...secrets, port: postmaster.port });
  } catch (error) {
    if (!adopted) await stop();
    throw error;
  }
  log(`PostgreSQL ${adopted ? 'already runs' : 'started'} on 127.0.0.1:${postmaster.port} (pid ${postmaster.pid})`);
  return embedded(postmaster, secrets, adopted === null);
}

/** The server that runs on this home; null when none does. It starts nothing. */
export async function findPostgres(home: string): Promise<EmbeddedPostgres | null> {
  const dataFolder = await dataFolderOf(home);
  const postmaster = dataFolder === null ? null : await runningPostmaster(dataFolder);
  if (postmaster === null) return null;
  return embedded(postmaster, await readSecrets(home, dataFolder), false);
}

function embedded(postmaster: Postmaster, secrets: Secrets, started: boolean): EmbeddedPostgres {
  const server = serverOf(postmaster, secrets);
  const stop = () => stopPostmaster(postmaster);
  return {
    adminDsn: dsnFor(server, DATABASE),
    runtimeDsn: dsnFor(server, DATABASE, { user: RUNTIME_ROLE, password: secrets.runtimePassword }),
    port: postmaster.port,
    pid: postmaster.pid,
    started,
    alive: () => postmasterLives(postmaster),
    stop,
    [Symbol.asyncDispose]: () => (started ? stop() : Promise.resolve()),
  };
}

/** False: it was killed a moment ago, so that it still looked alive. */
async function isAdopted(running: Postmaster, secrets: Secrets): Promise<boolean> {
  try {
    await ensureDatabase(serverOf(running, secrets), secrets.runtimePassword);
    return true;
  } catch (error) {
    if (await goneWithin(running, 1000)) return false;
    throw error;
  }
}

function serverOf({ port }: Postmaster, { adminPassword }: Secrets): string {
  return dsnFor(`postgres://127.0.0.1:${port}`, 'postgres', { user: 'postgres', password: adminPassword });
}

const DATABASE = 'backtest';
const RUNTIME_ROLE = 'backtest';

const Secrets = z.strictObject({
  adminPassword: z.string(),
  runtimePassword: z.string(),
  port: z.int().nullable(), // of the last start, so that a DSN stays good as long as the port is free
});
type Secrets = z.infer<typeof Secrets>;

async function startServer(
  options: PostgresOptions & { readonly log: (message: string) => void },
  secrets: Secrets,
): Promise<Postmaster> {
  const ground = await prepareGround({
    home: options.home,
    adminPassword: secrets.adminPassword,
    namespaces: options.namespaces ?? true,
    binaries: options.binaries,
    log: options.log,
  });
  return startPostmaster({
    ...ground,
    logFile: join(options.home, 'postgres.log'),
    settings: { ...SETTINGS, ...options.settings },
    port: secrets.port,
  });
}

/** The passwords exist before the data does, so that no kill leaves a server nobody can log in to. */
async function readSecrets(home: string, dataFolder: string | null): Promise<Secrets> {
  const file = secretsFile(home);
  if (existsSync(file)) {
    const parsed = Secrets.safeParse(JSON.parse(await readFile(file, 'utf8')));
    if (parsed.success) return parsed.data;
    throw new Error(`${file}: ${z.prettifyError(parsed.error)}`);
  }
  if (dataFolder !== null) throw new Error(`${file} with the passwords of ${dataFolder} is missing: restore it`);
  const secrets = { adminPassword: password(), runtimePassword: password(), port: null };
  await writeSecrets(home, secrets);
  return secrets;
}

async function writeSecrets(home: string, secrets: Secrets): Promise<void> {
  const fresh = `${secretsFile(home)}.new`;
  await writeFile(fresh, `${JSON.stringify(secrets)}\n`, { mode: 0o600 });
  await rename(fresh, secretsFile(home));
}

const secretsFile = (home: string): string => join(home, 'postgres.json');
const password = (): string => randomBytes(24).toString('base64url');

async function ensureDatabase(server: string, runtimePassword: string): Promise<void> {
  const client = new pg.Client({ connectionString: server, application_name: 'backtest-launcher' });
  client.on('error', () => {});
  await client.connect();
  try {
    const { rows } = await client.query<{ role: boolean; database: boolean }>(
      `select exists (select from pg_roles where rolname = $1) as role,
              exists (select from pg_database where datname = $2) as database`,
      [RUNTIME_ROLE, DATABASE],
    );
    // The superuser creates the tables; from PostgreSQL 15 on a plain login may not create any in schema public.
    if (!rows[0]?.role) await createOnce(client, `create role ${RUNTIME_ROLE} login password '${runtimePassword}'`);
    if (!rows[0]?.database) await createOnce(client, `create database ${DATABASE}`);
  } finally {
    await client.end();
  }
}

// duplicate_object, duplicate_database, unique_violation
const IS_THERE = new Set(['42710', '42P04', '23505']);

/** What a launcher began before it was killed its backend finishes: it may be there when we come to create it. */
async function createOnce(client: pg.Client, statement: string): Promise<void> {
  try {
    await client.query(statement);
  } catch (error) {
    if (!(error instanceof pg.DatabaseError && IS_THERE.has(error.code ?? ''))) throw error;
  }
}
