// A real ClickHouse for a test, in a temporary folder and on a free port of loopback: Debian's clickhouse-server, if
// this machine has it. The slow suites and the bench use it.

import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Candles } from '@backtest-jobs/engine';
import { COLUMNS } from '@backtest-jobs/engine/internal';
import { at } from '../src/candles/at.ts';
import type { Instrument } from '../src/candles/source.ts';
import type { ClickHouseSettings } from '../src/config/clickhouse.ts';

export interface TestClickHouse extends AsyncDisposable {
  /** Settings of a user who may only read, and change no setting. */
  readonly settings: ClickHouseSettings;
  /** Runs a statement; rejects with what the server says. */
  run(sql: string, body?: Uint8Array): Promise<string>;
  insert(instrument: Instrument, candles: Candles, ingestedAt: number): Promise<void>;
  /** Ends it by SIGKILL. */
  kill(): Promise<void>;
  /** Starts it on the same folder and port. */
  start(): Promise<void>;
}

const DDL = new URL('../sql/clickhouse/canonical_candles_1m.sql', import.meta.url);
const PASSWORD = "it's \\ secret";

/** Finds the server, or why a test of it must be skipped. */
export function findClickHouse(): { readonly path: string } | { readonly skip: string } {
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/sbin', '/usr/bin'];
  const path = folders.map((folder) => join(folder, 'clickhouse-server')).find((file) => existsSync(file));
  return path === undefined ? { skip: 'there is no clickhouse-server: apt-get install clickhouse-server' } : { path };
}

/**
 * Writes our table in the dialect of this old server: it has no DateTime64, and LowCardinality only as an experiment.
 */
export function oldDdl(database: string): string {
  const ddl = readFileSync(DDL, 'utf8')
    .replace(/^--.*\n/gm, '')
    .trim()
    .replace(/;$/, '');
  return ddl
    .replace('canonical_candles_1m', `${database}.canonical_candles_1m`)
    .replaceAll("DateTime64(3, 'UTC')", "DateTime('UTC')")
    .replaceAll('LowCardinality(String)', 'String')
    .replace("now64(3, 'UTC')", 'now()');
}

export async function startClickHouse(path: string): Promise<TestClickHouse> {
  const folder = await mkdtemp(join(tmpdir(), 'backtest-clickhouse-'));
  const port = await freePort();
  await writeConfig(folder, port, await freePort());
  let child: ChildProcess | null = null;
  const settings: ClickHouseSettings = {
    kind: 'clickhouse',
    host: '127.0.0.1',
    port,
    database: 'market_data',
    user: 'reader',
    password: PASSWORD,
    secure: false,
    verify: true,
  };
  const run = async (sql: string, body?: Uint8Array): Promise<string> => {
    const url = `http://127.0.0.1:${port}/?query=${encodeURIComponent(sql)}`;
    const headers = { 'x-clickhouse-user': 'writer', 'x-clickhouse-key': PASSWORD };
    const response = await fetch(url, { method: 'POST', headers, body: Buffer.from(body ?? []) });
    const text = await response.text();
    if (!response.ok) throw new Error(text);
    return text;
  };
  const server: TestClickHouse = {
    settings,
    run,
    insert: async (instrument, candles, ingestedAt) => {
      const columns = 'market_id, symbol, ts_open, ts_close, open, high, low, close, volume_base, ingested_at';
      const insert = `insert into market_data.canonical_candles_1m (${columns}) format RowBinary`;
      await run(insert, rowBinary(instrument, candles, ingestedAt));
    },
    async kill() {
      await ended(child, 'SIGKILL');
      child = null;
    },
    async start() {
      child = spawn(path, [`--config-file=${join(folder, 'config.xml')}`], { stdio: 'ignore', cwd: folder });
      await answering(port, child, folder);
    },
    async [Symbol.asyncDispose]() {
      await ended(child, 'SIGKILL');
      await rm(folder, { recursive: true, force: true });
    },
  };
  await server.start();
  await run('create database market_data');
  await run(oldDdl('market_data'));
  return server;
}

/** Writes rows in binary, because old servers do not read the last bit of a decimal. */
function rowBinary({ market_id, symbol }: Instrument, candles: Candles, ingestedAt: number): Uint8Array {
  const text = Buffer.from(symbol);
  const name = Buffer.concat([Buffer.from(lengthOf(text)), text]);
  const width = 2 + name.length + 4 + 4 + 5 * 8 + 4;
  const rows = Buffer.alloc(width * candles.time.length);
  for (const [i, time] of candles.time.entries()) {
    let next = rows.writeUInt16LE(market_id, i * width);
    next += name.copy(rows, next);
    next = rows.writeUInt32LE(time / 1000, next);
    next = rows.writeUInt32LE(time / 1000 + 60, next);
    for (const column of COLUMNS.slice(1)) next = rows.writeDoubleLE(at(candles[column], i), next);
    rows.writeUInt32LE(ingestedAt, next);
  }
  return rows;
}

/** Writes a length in seven bits a byte, the low ones first. */
function lengthOf({ length }: Uint8Array): readonly number[] {
  return length < 128 ? [length] : [128 + (length % 128), length >> 7];
}

async function writeConfig(folder: string, httpPort: number, tcpPort: number): Promise<void> {
  for (const name of ['data', 'tmp']) await mkdir(join(folder, name));
  const log = join(folder, 'server.log');
  const config = `<?xml version="1.0"?><yandex>
<logger><level>warning</level><log>${log}</log><errorlog>${log}</errorlog></logger>
<http_port>${httpPort}</http_port><tcp_port>${tcpPort}</tcp_port><listen_host>127.0.0.1</listen_host>
<path>${join(folder, 'data')}/</path><tmp_path>${join(folder, 'tmp')}/</tmp_path>
<users_config>${join(folder, 'users.xml')}</users_config><default_profile>default</default_profile>
<default_database>default</default_database><mark_cache_size>67108864</mark_cache_size>
<mlock_executable>false</mlock_executable><timezone>America/New_York</timezone></yandex>`;
  const users = `<?xml version="1.0"?><yandex><profiles><default></default><readonly><readonly>1</readonly></readonly></profiles>
<users><reader><password>${PASSWORD}</password><networks><ip>127.0.0.1</ip></networks>
<profile>readonly</profile><quota>default</quota></reader>
<writer><password>${PASSWORD}</password><networks><ip>127.0.0.1</ip></networks>
<profile>default</profile><quota>default</quota></writer></users>
<quotas><default></default></quotas></yandex>`;
  await writeFile(join(folder, 'config.xml'), config);
  await writeFile(join(folder, 'users.xml'), users);
}

/** Finds a port below the ephemeral ones, from which a poll may happen to connect to itself. */
async function freePort(): Promise<number> {
  for (;;) {
    const port = 20_000 + Math.floor(Math.random() * 12_000);
    const free = await new Promise<boolean>((resolve) => {
      const probe = createServer().once('error', () => resolve(false));
      probe.listen(port, '127.0.0.1', () => probe.close(() => resolve(true)));
    });
    if (free) return port;
  }
}

async function answering(port: number, child: ChildProcess, folder: string): Promise<void> {
  const deadline = performance.now() + 30_000;
  for (;;) {
    const alive = await fetch(`http://127.0.0.1:${port}/ping`).then(
      (response) => response.ok,
      () => false,
    );
    if (alive) return;
    if (child.exitCode !== null || performance.now() > deadline) {
      const log = join(folder, 'server.log');
      throw new Error(`clickhouse-server did not start: ${existsSync(log) ? readFileSync(log, 'utf8') : 'no log'}`);
    }
    await sleep(20);
  }
}

async function ended(child: ChildProcess | null, signal: NodeJS.Signals): Promise<void> {
  if (child === null || child.exitCode !== null || child.signalCode !== null) return;
  const exit = new Promise((resolve) => void child.once('exit', resolve));
  child.kill(signal);
  await exit;
}
