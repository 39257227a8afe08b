// Exports away from the event loop of the API: a child process for each turns rows into the bytes of a file. The API reads the
// rows from the database and passes bytes on, both only as fast as the client reads, so neither process holds an export as a
// whole. A client that leaves ends its child.

import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import { childEnvironment } from '../config/child-environment.ts';
import { errorOf, type NoAnswer } from '../reports/no-answer.ts';
import { OutOfTime } from '../reports/process-pool.ts';
import type { ExportQuestion } from './messages.ts';

/** Time for all of an export. A client that does not read loses its connection long before. */
const DEADLINE_MS = 15 * 60_000;

/** Rows die at once: a larger space for young ones fills up before it is swept, up to 90 MB more for text; a smaller one costs time. */
const YOUNG_HEAP = '--max-semi-space-size=16';

interface ExportOptions {
  readonly signal: AbortSignal;
  readonly deadlineMs?: number;
}

/**
 * Yields the bytes of an export. `rows` are its rows as the child reads them; an abort of the signal ends it.
 * @throws {SpecError} before the first byte, for a variant that there is not
 */
export async function* exported(
  question: Omit<ExportQuestion, 'folder'>,
  rows: AsyncIterable<string | Buffer>,
  { signal, deadlineMs = DEADLINE_MS }: ExportOptions,
): AsyncGenerator<Buffer, void> {
  signal.throwIfAborted();
  const folder = await mkdtemp(join(tmpdir(), 'backtest-export-'));
  const child = start();
  const kill = (): void => void child.kill('SIGKILL');
  const deadline = setTimeout(kill, deadlineMs);
  signal.addEventListener('abort', kill, { once: true });
  const failed = failureOf(child);
  try {
    const ended = once(child, 'exit');
    child.send({ ...question, folder }, () => {}); // the exit reports a message that comes too late
    const fed = feed(child, rows);
    for await (const bytes of child.stdout as Readable) yield bytes as Buffer;
    const [code] = (await ended) as [number | null];
    const fault = await fed;
    signal.throwIfAborted();
    if (code !== 0) throw fault ?? failed() ?? new OutOfTime(`takes more than ${deadlineMs / 60_000} minutes`);
    if (fault !== null) throw fault;
  } finally {
    clearTimeout(deadline);
    signal.removeEventListener('abort', kill);
    kill();
    await rm(folder, { recursive: true, force: true });
  }
}

function start(): ChildProcess {
  return fork(fileURLToPath(new URL('./export-child.ts', import.meta.url)), {
    serialization: 'advanced',
    stdio: ['pipe', 'pipe', 'inherit', 'ipc'],
    env: childEnvironment(),
    execArgv: [...process.execArgv, YOUNG_HEAP],
  });
}

/** Writes the rows to the child; returns what went wrong with them, which ends it. */
async function feed(child: ChildProcess, rows: AsyncIterable<string | Buffer>): Promise<unknown> {
  if (child.stdin === null) return new Error('the child of an export has no stdin');
  try {
    await pipeline(Readable.from(rows), child.stdin);
    return null;
  } catch (error) {
    // A child that has ended or needs no more rows closes its end: its exit says what that was.
    if (error instanceof Error && 'code' in error && CLOSED.has(String(error.code))) return null;
    child.kill('SIGKILL');
    return error;
  }
}

const CLOSED: ReadonlySet<string> = new Set(['EPIPE', 'ECONNRESET', 'ERR_STREAM_PREMATURE_CLOSE']);

/** Returns what a child has said before it ended. */
function failureOf(child: ChildProcess): () => Error | null {
  let failure: Error | null = null;
  child.on('message', (said: NoAnswer) => (failure = errorOf(said)));
  child.on('error', (error) => (failure = error)); // a process that never came to be
  return () => failure;
}
