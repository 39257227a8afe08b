// A part of the local stack as a process of its own: its output goes to a log file, it is started again when it dies,
// and it ends with us however we end, because it drains when its IPC channel closes. Detached, so that Ctrl-C in the
// terminal reaches us alone and each part hears one SIGTERM, in the order we choose.

import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { keepSmall } from './rotate.ts';

const ENTRY = fileURLToPath(new URL('../../backtest.mjs', import.meta.url));

export interface StackPart {
  readonly name: string;
  /** Command line of backtest. */
  readonly args: readonly string[];
  /** Command line of the next start, after the part has said where it listens. */
  readonly argsAgain?: (ready: Ready) => readonly string[];
  readonly env: NodeJS.ProcessEnv;
  readonly logFile: string;
  /** It died, or was replaced, and serves again. */
  readonly onRestart: (why: string, ready: Ready | null) => void;
}

/** What a part sends over IPC once it serves. */
export interface Ready {
  /** Of the API. */
  readonly url?: string;
  /** Of a worker. */
  readonly metrics_port?: number;
}

export interface RunningPart extends AsyncDisposable {
  /** Null: it ended with exit code 0 instead, by its own decision. */
  readonly ready: Ready | null;
  /** Rejects when the part keeps dying. */
  readonly broken: Promise<never>;
  /** Another process takes over at once, with this environment. */
  replace(env: NodeJS.ProcessEnv): void;
  /** SIGKILL, and no restart. */
  kill(): void;
}

const STOP_MS = 15_000;

/** Starts a part, waits until it says that it serves, and keeps it running. */
export async function supervise(part: StackPart): Promise<RunningPart> {
  let ended = false;
  let { env } = part;
  let replaced = false;
  const small = keepSmall(part.logFile);
  let child = start(part, part.args, env);
  const { promise: broken, reject } = Promise.withResolvers<never>();
  broken.catch(() => {}); // whoever waits for it hears it; nobody may
  const ready = await announcement(child, part);
  const keep = async (): Promise<void> => {
    for (const patience = openPatience(); ;) {
      const startedAt = performance.now();
      const code = await exitOf(child);
      // Exit code 0 without our asking is the part's own decision: jobs may be switched off.
      if (ended || code === 0) return;
      if (!replaced && !patience.afterDeath(performance.now() - startedAt))
        throw new Error(`${part.name} ended ${patience.tries} times in a row${lastWords(part)}`);
      if (!replaced) await delay(patience.waitMs());
      if (ended) return;
      const why = replaced
        ? 'was started again'
        : `ended by ${typeof code === 'number' ? `exit code ${code}` : code}, started again`;
      replaced = false;
      child = start(part, ready === null ? part.args : (part.argsAgain?.(ready) ?? part.args), env);
      announcement(child, part).then(
        (again) => part.onRestart(why, again),
        () => {}, // it ended, which this loop sees too
      );
    }
  };
  const kept = keep()
    .catch(reject)
    .finally(() => small[Symbol.dispose]());
  return {
    ready,
    broken,
    replace(next) {
      env = next;
      replaced = true;
      child.kill('SIGKILL');
    },
    kill() {
      ended = true;
      child.kill('SIGKILL');
    },
    async [Symbol.asyncDispose]() {
      ended = true;
      child.kill('SIGTERM');
      const hung = setTimeout(() => child.kill('SIGKILL'), STOP_MS);
      await kept;
      clearTimeout(hung);
    },
  };
}

// A part that lived this long was well; one that dies sooner three times in a row has a reason that stays.
const WELL_MS = 10_000;
const TRIES = 3;

interface Patience {
  readonly tries: number;
  /** Whether to start it again, after a life of so many milliseconds. */
  afterDeath(livedMs: number): boolean;
  /** How long to wait before that. */
  waitMs(): number;
}

export function openPatience(): Patience {
  let deaths = 0;
  return {
    tries: TRIES,
    afterDeath(livedMs) {
      deaths = livedMs > WELL_MS ? 1 : deaths + 1;
      return deaths < TRIES;
    },
    waitMs: () => 250 * 2 ** deaths,
  };
}

function start(part: StackPart, args: readonly string[], env: NodeJS.ProcessEnv): ChildProcess {
  const log = openSync(part.logFile, 'a', 0o600);
  try {
    return spawn(process.execPath, [ENTRY, ...args], {
      env,
      stdio: ['ignore', log, log, 'ipc'],
      detached: true,
    });
  } finally {
    closeSync(log);
  }
}

/** What the part says once it serves, null when it has nothing to do; rejects when it dies instead. */
async function announcement(child: ChildProcess, part: StackPart): Promise<Ready | null> {
  const said = Promise.withResolvers<Ready>();
  child.once('message', (message) => said.resolve(message as Ready));
  const died = exitOf(child).then((code) => {
    if (code === 0) return null;
    throw new Error(`ended with exit code ${code}${lastWords(part)}`);
  });
  return Promise.race([said.promise, died]);
}

function exitOf(child: ChildProcess): Promise<number | string> {
  if (child.exitCode !== null) return Promise.resolve(child.exitCode);
  if (child.signalCode !== null) return Promise.resolve(child.signalCode);
  return new Promise((resolve) => {
    child.once('exit', (code, signal) => resolve(code ?? signal ?? 1));
    child.once('error', (error) => resolve(error.message));
  });
}

/** The last line of the log, which is the reason when a part refuses to start, and where to read more. */
function lastWords({ logFile }: StackPart): string {
  const last = readFileSync(logFile, 'utf8').trimEnd().split('\n').at(-1) ?? '';
  return `${last === '' ? '' : `: ${last.replace(/^backtest: /, '').slice(0, 500)}`} (log: ${logFile})`;
}
