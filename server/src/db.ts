// The door to PostgreSQL: a pool whose connections die alone, a transaction that never hands a doubtful
// connection back, and the answer to "may this be tried again?".

import pg from 'pg';
import { crashPoint } from './config/crash.ts';

export interface PoolOptions {
  readonly max?: number;
  readonly applicationName?: string;
  /** Server-side limits of every connection, in milliseconds. */
  readonly statementTimeoutMs?: number;
  readonly lockTimeoutMs?: number;
  readonly idleInTransactionMs?: number;
  /** Client-side limit of one query; must be above statementTimeoutMs. A client that ran into it is destroyed. */
  readonly queryTimeoutMs?: number;
  readonly connectTimeoutMs?: number;
  /** How long a connection that nobody uses stays open; 0: for ever. */
  readonly idleTimeoutMs?: number;
  /** Told about connections that broke while nobody used them. */
  readonly onIdleError?: (error: Error) => void;
}

const INT8 = 20;
const INT8_ARRAY = 1016;
// pg hands out bigint as text. Ours are counts and indexes; a pool reads them as numbers, or fails loudly.
const types = new pg.TypeOverrides();
types.setTypeParser(INT8, integer);
types.setTypeParser(INT8_ARRAY, (text) => text.slice(1, -1).split(',').filter(Boolean).map(integer));

export function openPool(dsn: string, options: PoolOptions = {}): pg.Pool {
  const pool = new pg.Pool({
    connectionString: dsn,
    max: options.max ?? 10,
    application_name: options.applicationName ?? 'backtest',
    connectionTimeoutMillis: options.connectTimeoutMs ?? 10_000,
    idleTimeoutMillis: options.idleTimeoutMs ?? 10_000,
    keepAlive: true,
    types,
    ...(options.statementTimeoutMs === undefined ? {} : { statement_timeout: options.statementTimeoutMs }),
    ...(options.lockTimeoutMs === undefined ? {} : { lock_timeout: options.lockTimeoutMs }),
    ...(options.idleInTransactionMs === undefined
      ? {}
      : { idle_in_transaction_session_timeout: options.idleInTransactionMs }),
    ...(options.queryTimeoutMs === undefined ? {} : { query_timeout: options.queryTimeoutMs }),
  });
  // Without both listeners a server restart is an uncaught 'error' event: the first hears idle clients, the second
  // those that are checked out (whose query rejects too, so nothing is lost by not looking here).
  pool.on('error', (error) => options.onIdleError?.(error));
  pool.on('connect', (client) => client.on('error', () => {}));
  return pool;
}

/** Runs `work` between begin and commit on one client; a client whose state is in doubt is destroyed, not reused. */
export async function transaction<T>(pool: pg.Pool, work: (client: pg.PoolClient) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  let settled = false;
  try {
    await client.query('begin isolation level read committed');
    const result = await work(client);
    const committed = client.query('commit');
    crashPoint('commit');
    const { command } = await committed;
    // A transaction in which a statement failed answers commit with ROLLBACK, not with an error.
    if (command !== 'COMMIT') throw new Error('transaction was rolled back: a statement in it failed and was ignored');
    settled = true;
    return result;
  } catch (error) {
    // Behind a query that timed out or on a dead connection a rollback would only wait.
    settled = !isConnectionError(error) && (await rolledBack(client)) && !USELESS_STATE.test(sqlState(error));
    throw error;
  } finally {
    client.release(!settled);
  }
}

/**
 * What to set where a pooler refuses a connection because of a setting that it does not know (PgBouncer); null: it is another
 * error. A pooler that is told to ignore them does not set them either, so they go on the role.
 */
export function poolerRefusal(error: unknown): string | null {
  const name =
    error instanceof Error ? /unsupported startup parameter[^:]{0,40}: "?(\w+)/.exec(error.message)?.[1] : undefined;
  if (name === undefined) return null;
  return (
    `the pooler between this program and PostgreSQL refuses the connection setting ${name}: set ` +
    `ignore_startup_parameters = ${STARTUP_PARAMETERS.join(', ')} in the configuration of PgBouncer, ` +
    'and give the role its own lock_timeout and idle_in_transaction_session_timeout (alter role ... set ...), ' +
    'below a quarter of backtest.jobs.lease_seconds'
  );
}

const STARTUP_PARAMETERS = [
  'extra_float_digits',
  'statement_timeout',
  'lock_timeout',
  'idle_in_transaction_session_timeout',
];

/** True for trouble that passes: connection lost, server restarting, deadlock, lock or statement timeout, disk full. */
export function isRetryable(error: unknown): boolean {
  if (poolerRefusal(error) !== null) return false;
  return isConnectionError(error) || RETRYABLE_STATE.test(sqlState(error));
}

/**
 * Whether an error is the database's own trouble, whatever was asked of it: no room, or anything that is not about the values
 * or the rows of a statement. Null: it is not, or not the database's.
 */
export function databaseTrouble(error: unknown): 'database_disk_full' | 'database_trouble' | null {
  const state = sqlState(error);
  if (state === DISK_FULL) return 'database_disk_full';
  return isRetryable(error) || UNWELL_STATE.test(state) ? 'database_trouble' : null;
}

/** True for what is refused for its content, whenever it is tried: above a limit of PostgreSQL or of a string, or no text to it. */
export function isUnstorable(error: unknown): boolean {
  return UNSTORABLE_STATE.test(sqlState(error)) || (error instanceof RangeError && /string length/.test(error.message));
}

/** The DSN without its password, for logs and messages. */
export function redactDsn(dsn: string): string {
  return dsn
    .replace(/^([a-z][a-z0-9+.-]*:\/\/[^:@/?]*):.*@/i, '$1@') // to the last @: a raw @ or / in a password must not leak
    .replace(/([?&])password=[^&]*&?/gi, '$1')
    .replace(/[?&]$/, '')
    .replace(/\bpassword\s*=\s*('(?:[^'\\]|\\.)*'|\S+)\s*/gi, '');
}

/** Who logs in with this DSN, if it says so. */
export function userOf(dsn: string): string | undefined {
  return decodeURIComponent(new URL(dsn).username) || undefined;
}

/** The DSN with another database, and on request another user. */
export function dsnFor(dsn: string, database: string, login?: { user: string; password: string }): string {
  const url = new URL(dsn);
  url.pathname = `/${encodeURIComponent(database)}`;
  if (login) {
    url.username = encodeURIComponent(login.user);
    url.password = encodeURIComponent(login.password);
  }
  return url.href;
}

// 08 connection, 53 out of resources, 57P server going away, 57014 statement timeout, 25P03 idle in transaction,
// 25006 read-only for now (failover), 40001 serialization, 40P01 deadlock, 55P03 lock timeout.
const RETRYABLE_STATE = /^(08...|53...|57P0.|57014|25P03|25006|40001|40P01|55P03)$/;
// A session that has become read-only (a server that is a standby now, a pooler that kept a setting), lost its prepared
// statements or met an internal error stays so; another one may be well.
const USELESS_STATE = /^(25006|26000|58...|XX...)$/;
const DISK_FULL = '53100';
// 25, 28, 3D, 3F: sessions, logins, databases, schemas; 42: rights and missing tables; 58, F0, XX: files and the server itself.
const UNWELL_STATE = /^(25...|28...|3D...|3F...|42...|58...|F0...|XX...)$/;
// 54 program limit exceeded, 22 data exception.
const UNSTORABLE_STATE = /^(54|22)...$/;
const CONNECTION_STATE = /^(08...|57P0.|25P03)$/;
const CONNECTION_CODE =
  /^(ECONNREFUSED|ECONNRESET|ECONNABORTED|EPIPE|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|EAI_AGAIN|ENOTFOUND)$/;
// pg reports these without a code.
const CONNECTION_MESSAGE =
  /^(Connection terminated|Query read timeout|timeout exceeded when trying to connect|timeout expired|Client has encountered a connection error|Client was closed)/;

function isConnectionError(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const state = sqlState(error);
  return CONNECTION_STATE.test(state) || CONNECTION_CODE.test(state) || CONNECTION_MESSAGE.test(error.message);
}

/** SQLSTATE or system error code, '' when there is none. */
function sqlState(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
}

async function rolledBack(client: pg.PoolClient): Promise<boolean> {
  try {
    await client.query('rollback');
    return true;
  } catch {
    return false; // the caller's error is the story; this client goes
  }
}

function integer(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value)) throw new RangeError(`bigint ${text} is outside the safe integers`);
  return value;
}
