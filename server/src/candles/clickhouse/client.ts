// One question to a ClickHouse over HTTP: answered whole or not at all. What may pass by itself is asked again with
// growing pauses; what the server refuses is an error at once. Silence has a limit, and so has the whole wait.

import { Agent } from 'node:https';
import { setTimeout as sleep } from 'node:timers/promises';
import { ClickHouseError, ClickHouseLogLevel, createClient, type ClickHouseClient } from '@clickhouse/client';
import type { ClickHouseSettings } from '../../config/clickhouse.ts';
import { storable } from '../../message.ts';
import { CandlesUnreachable } from '../source.ts';

export interface Patience {
  /** Times that a question is asked. */
  readonly attempts: number;
  /** Pause after the first failure; it doubles each time. */
  readonly pauseMs: number;
  /** Silence after which a server has failed. */
  readonly silenceMs: number;
}

/** Patience of a command: eight seconds of pauses, for a restart of the server, not for an outage of it. */
export const PATIENCE: Patience = { attempts: 6, pauseMs: 250, silenceMs: 30_000 };

/** Patience of a user at a screen. */
export const HURRY: Patience = { attempts: 2, pauseMs: 200, silenceMs: 10_000 };

/** The answer was shorter, longer or other than the server itself had counted: it broke off, or rows came meanwhile. */
export class IncompleteAnswer extends Error {
  override readonly name = 'IncompleteAnswer';
  /** True: the server has limits that end answers early, so that asking later hardly helps. */
  readonly limited: boolean;

  constructor(message: string, limited = false) {
    super(message);
    this.limited = limited;
  }
}

/** The server has limits that end answers early: asking again gives the same, and somebody must change them. */
export class EndedEarly extends Error {
  override readonly name = 'EndedEarly';
}

export type Take = (chunk: Uint8Array) => void;

export interface Questions {
  /** Streams the answer; resolves at its end. */
  ask(sql: string, take: Take): Promise<void>;
  text(sql: string): Promise<string>;
}

export interface Asker extends AsyncDisposable {
  /** Runs `work` until it ends well, each time from the start. */
  retrying<T>(signal: AbortSignal | undefined, work: (questions: Questions) => Promise<T>): Promise<T>;
}

export function openAsker(settings: ClickHouseSettings, patience: Patience = PATIENCE): Asker {
  const client = open(settings, patience);
  const ended = new AbortController();
  const where = `${settings.host}:${settings.port}`;
  return {
    async retrying(signal, work) {
      const stop = AbortSignal.any([ended.signal, ...(signal === undefined ? [] : [signal])]);
      for (let attempt = 1; ; attempt += 1) {
        try {
          return await work(questions(client, patience, stop));
        } catch (error) {
          stop.throwIfAborted();
          if (!mayPass(error)) throw refusal(where, error);
          if (attempt >= patience.attempts) throw givenUp(where, attempt, error);
          const pause = patience.pauseMs * 2 ** (attempt - 1) * (0.75 + Math.random() / 2);
          await sleep(pause, undefined, { signal: stop });
        }
      }
    },
    async [Symbol.asyncDispose]() {
      ended.abort(new Error('the candle source was closed'));
      await client.close();
    },
  };
}

function open({ host, port, database, user, password, secure, verify }: ClickHouseSettings, { silenceMs }: Patience) {
  return createClient({
    url: `${secure ? 'https' : 'http'}://${host.includes(':') ? `[${host}]` : host}:${port}`,
    username: user,
    password,
    database,
    request_timeout: 2 * silenceMs, // of the socket; the answer has a clock of its own
    application: 'backtest-jobs',
    log: { level: ClickHouseLogLevel.OFF },
    ...(secure && !verify ? { http_agent: new Agent({ keepAlive: true, rejectUnauthorized: false }) } : {}),
  });
}

function questions(client: ClickHouseClient, { silenceMs }: Patience, stop: AbortSignal): Questions {
  const ask = async (sql: string, take: Take): Promise<void> => {
    stop.throwIfAborted();
    const { stream } = await client.exec({ query: sql, abort_signal: stop });
    const giveUp = (): void => void stream.destroy(new Error('stopped'));
    const silence = setTimeout(() => stream.destroy(silent(silenceMs)), silenceMs);
    stop.addEventListener('abort', giveUp);
    try {
      for await (const chunk of stream as AsyncIterable<Uint8Array>) {
        silence.refresh();
        take(chunk);
      }
    } finally {
      clearTimeout(silence);
      stop.removeEventListener('abort', giveUp);
      stream.destroy();
    }
  };
  return {
    ask,
    async text(sql) {
      const chunks: Uint8Array[] = [];
      await ask(sql, (chunk) => chunks.push(chunk));
      return Buffer.concat(chunks).toString('utf8');
    },
  };
}

function silent(silenceMs: number): Error {
  return Object.assign(new Error(`nothing within ${silenceMs / 1000} s`), { code: 'ETIMEDOUT' });
}

/** Codes of ClickHouse for what is no fault of the question: timeouts, limits, a network in its cluster. */
const PASSING = new Set([
  '159',
  '160',
  '164',
  '202',
  '203',
  '209',
  '210',
  '225',
  '236',
  '241',
  '242',
  '252',
  '279',
  '425',
  '999',
]);

/**
 * Reports whether asking again may help: errors of sockets and of the client about them; a TypeError is a bug of ours.
 */
function mayPass(error: unknown): boolean {
  if (error instanceof IncompleteAnswer) return true;
  if (error instanceof EndedEarly) return false;
  if (error instanceof ClickHouseError) return PASSING.has(error.code);
  if (!(error instanceof Error) || error instanceof TypeError || error instanceof RangeError) return false;
  if ('code' in error && typeof error.code === 'string') return !UNMENDABLE.test(error.code);
  return /timeout|socket|aborted|ECONN|network|premature|parse error|http/i.test(error.message);
}

const UNMENDABLE = /^(?:ERR_INVALID|ERR_TLS|CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO|ERR_SSL)/;

function givenUp(where: string, attempts: number, error: unknown): unknown {
  if (error instanceof IncompleteAnswer && error.limited) return refusal(where, error);
  const message = `ClickHouse at ${where} did not answer, asked ${attempts} times: ${reasonOf(error)}`;
  return new CandlesUnreachable(message, { cause: error });
}

function refusal(where: string, error: unknown): unknown {
  if (!(error instanceof Error) || error.name === 'SpecError') return error;
  const early = error instanceof EndedEarly || error instanceof IncompleteAnswer;
  const what = early ? 'gives no whole answer' : 'refused';
  return new Error(`ClickHouse at ${where} ${what}: ${reasonOf(error)}`, { cause: error });
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const [line = ''] = error.message.split('\n');
  return storable(line || ('code' in error ? String(error.code) : error.name), 300);
}
