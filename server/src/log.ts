// Logs: pino's JSON lines, readable text on a terminal. `msg` is logfmt, so that grepping for event=lease_lost works in
// both. Every line leaves through one gate that takes the passwords out of DSNs.

import { isatty } from 'node:tty';
import { pino, type Logger } from 'pino';
import { prettyFactory } from 'pino-pretty';
import { storable } from './message.ts';

/** Everything that can happen to a worker, with the status its line says. The runbook lists the same names. */
const STATUS = {
  started: 'started',
  disabled: 'disabled',
  claimed: 'running',
  stage_started: 'running',
  stage_finished: 'running',
  snapshot: 'running',
  snapshot_skipped: 'running',
  series_chosen: 'running',
  cancelled: 'cancelled',
  failed: 'failed',
  succeeded: 'succeeded',
  lease_lost: 'lost',
  released: 'released',
  claim_failed: 'error',
  shutting_down: 'stopping',
} as const;

export type Event = keyof typeof STATUS;
const isEvent = (name: string): name is Event => name in STATUS;
export const EVENTS: readonly Event[] = Object.keys(STATUS).filter(isEvent);
const WARNINGS: ReadonlySet<Event> = new Set<Event>(['failed', 'lease_lost', 'claim_failed']);

export type LogFields = Readonly<Record<string, string | number | boolean | null | undefined>>;

export interface Log {
  /** One line; the fields are keys of the JSON and part of msg. A `status` among them overrules the event's own. */
  event(event: Event, fields?: LogFields): void;
  /** Trouble that is no event: a text, often a stack. Its first line goes into msg. */
  failure(text: string): void;
  /** A log whose every line has these fields too. */
  child(fields: LogFields): Log;
  /** The logger behind it, for a library that wants one. */
  readonly pino: Logger;
}

export interface LogOptions {
  /** Takes finished lines; stdout unless a test says otherwise. */
  readonly write?: (line: string) => void;
  /** Whether stdout is a terminal, where lines are made readable. */
  readonly terminal?: boolean;
  /** JSON lines on a terminal too. */
  readonly json?: boolean;
}

export function openLog(
  component: string,
  { write = toStdout(), terminal = isatty(1), json = false }: LogOptions = {},
): Log {
  const render =
    terminal && !json
      ? prettyFactory({ colorize: true, include: 'level,time,detail', translateTime: 'SYS:HH:MM:ss.l' })
      : String;
  const logger = pino(
    {
      base: { component },
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
    },
    { write: (line) => write(redact(render(line))) },
  );
  return logOf(logger, { component });
}

function logOf(logger: Logger, context: LogFields): Log {
  return {
    pino: logger,
    event(event, fields = {}) {
      const { status = STATUS[event], ...rest } = storableFields(fields);
      const { component, ...inherited } = context;
      const keys = { status, event, ...rest };
      logger[WARNINGS.has(event) ? 'warn' : 'info'](keys, logfmt({ component, status, event, ...inherited, ...rest }));
    },
    failure(given) {
      const text = storable(given); // a log is read by programs that take no half characters
      const [reason = ''] = text.split('\n', 1);
      const { component, ...inherited } = context;
      logger.error({ status: 'error', detail: text }, logfmt({ component, status: 'error', ...inherited, reason }));
    },
    child: (fields) => logOf(logger.child(fields), { ...context, ...fields }),
  };
}

function storableFields(fields: LogFields): LogFields {
  const entries = Object.entries(fields).map(([key, value]) => [
    key,
    typeof value === 'string' ? storable(value) : value,
  ]);
  return Object.fromEntries(entries) as LogFields;
}

/** key=value pairs; a value with spaces, quotes or equals signs is quoted, one that is null or undefined left out. */
export function logfmt(fields: LogFields): string {
  const pairs: string[] = [];
  for (const [key, value] of Object.entries(fields)) {
    if (value === null || value === undefined) continue;
    const text = String(value);
    pairs.push(`${key}=${/^[^\s"=\\]+$/.test(text) ? text : JSON.stringify(text)}`);
  }
  return pairs.join(' ');
}

/** The line without the passwords of the DSNs in it, wherever they stand. It takes time in proportion to the line. */
export function redact(line: string): string {
  return redactUrls(line).replace(/(password=)[^\s"'&\\]+/gi, '$1***');
}

const WORD = /[^\s"'\\]+/g;

/** A pattern that looks for a scheme at every letter takes quadratic time: 10 s for 60,000 letters. So the signs come first. */
function redactUrls(line: string): string {
  if (!line.includes('://')) return line;
  return line.replace(WORD, (word) => {
    // A password may hold any sign, an @ too, so it goes up to the last one; what is behind that has none.
    const login = word.slice(0, word.lastIndexOf('@') + 1);
    const user = USER.exec(login);
    return user === null ? word : `${word.slice(0, user.index + user[0].length - 1)}@${word.slice(login.length)}`;
  });
}

const USER = /:\/\/[^:@/?]*:/;

/** Written before the call returns: a line must not be lost because the process ends. */
function toStdout(): (line: string) => void {
  const stdout = pino.destination({ dest: 1, sync: true });
  stdout.on('error', () => {}); // whoever read our log is gone; that is no reason to drop a job
  return (line) => stdout.write(line);
}
