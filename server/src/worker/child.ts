// The worker's handle on one compute child: an inbox to wait on, a way to send, and a death that is certain.

import { fork, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { childEnvironment } from '../config/child-environment.ts';
import { storable } from '../message.ts';
import { WORKER_CAUSES, type WorkerCause } from '../queue/excuses.ts';
import {
  CANDLES_UNREACHABLE,
  type ChildMessage,
  type FromChild,
  type ChildProgress,
  type ToChild,
} from './messages.ts';
import { TROUBLE_EXIT, troubleOf } from './trouble.ts';

export interface ChildExit {
  readonly type: 'exit';
  readonly cause: 'out_of_memory' | 'child_crashed' | WorkerCause;
  readonly detail: string;
}

/** How a child is started; a test gives it another program. */
export interface ChildOptions {
  readonly execPath?: string;
  readonly module?: URL;
}

export class Child implements AsyncDisposable {
  /** When the child last showed that it gets on, by performance.now(). */
  progressAt = performance.now();
  /** Mean time between two signs of progress, smoothed. */
  meanChunkMs = 0;
  onProgress: (progress: ChildProgress) => void = () => {};
  /** Null: it could not be forked. */
  #process: ChildProcess | null = null;
  #ready = Promise.withResolvers<boolean>();
  #isReady = false;
  #inbox: (ChildMessage | ChildExit)[] = [];
  #wake: () => void = () => {};
  #exit: ChildExit | null = null;
  #exited: Promise<void>;
  #stderr = '';

  constructor({ execPath = process.execPath, module = COMPUTE }: ChildOptions = {}) {
    this.#exited = new Promise((resolve) => {
      const end = (exit: ChildExit): void => {
        this.#exit = exit;
        this.#inbox.push(exit);
        this.#wake();
        this.#ready.resolve(false);
        resolve();
      };
      try {
        this.#process = this.#fork(execPath, module, end);
      } catch (error) {
        end(notStarted(error)); // most errors are events, a few are thrown
      }
    });
  }

  #fork(execPath: string, module: URL, end: (exit: ChildExit) => void): ChildProcess {
    const child = fork(fileURLToPath(module), {
      execPath,
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
      env: childEnvironment(),
    });
    child.stderr?.on('data', (text: Buffer) => {
      this.#stderr = (this.#stderr + text.toString()).slice(-4000);
    });
    child.on('message', (message: FromChild) => this.#receive(message));
    child.on('exit', (code, signal) => end(exitOf(code, signal, this.#stderr, this.#isReady)));
    // A process that never came to be has no exit; any other error is a kill or send that came too late.
    child.on('error', (error) => {
      if (child.pid === undefined) end(notStarted(error));
    });
    return child;
  }

  /** False: it ended before it had loaded its program. */
  get ready(): Promise<boolean> {
    return this.#ready.promise;
  }

  get alive(): boolean {
    return this.#exit === null;
  }

  send(message: ToChild): void {
    if (message.type === 'run') this.#beginProgress();
    if (message.type === 'saved') this.progressAt = performance.now(); // it waited for us
    if (this.#process?.connected === true) this.#process.send(message, () => {});
  }

  /** Resolves when the message is on its way: whoever sends many waits for each. */
  async sent(message: ToChild): Promise<void> {
    const child = this.#process;
    if (child?.connected !== true) return;
    await new Promise<void>((resolve) => {
      child.send(message, () => resolve());
    });
  }

  /** SIGKILL: works on a stopped, looping or dying child alike. */
  kill(): void {
    this.#process?.kill('SIGKILL');
  }

  /** The next message; `exit` is the last one, and comes again when asked again. */
  async next(): Promise<ChildMessage | ChildExit> {
    while (this.#inbox.length === 0) {
      if (this.#exit !== null) return this.#exit;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    return this.#inbox.shift() as ChildMessage | ChildExit;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.alive) this.kill();
    await this.#exited;
  }

  /** The time a child waited for a job says nothing about how it gets on with it. */
  #beginProgress(): void {
    this.progressAt = performance.now();
    this.meanChunkMs = 0;
  }

  #receive(message: FromChild): void {
    const now = performance.now();
    if (message.type === 'progress') this.meanChunkMs += (now - this.progressAt - this.meanChunkMs) / 8;
    this.progressAt = now;
    if (message.type === 'ready') {
      this.#isReady = true;
      return this.#ready.resolve(true);
    }
    if (message.type === 'progress') return this.onProgress(message);
    this.#inbox.push(message);
    this.#wake();
  }
}

const COMPUTE = new URL('./compute.ts', import.meta.url);

function notStarted(error: unknown): ChildExit {
  const detail = `it could not be started: ${error instanceof Error ? error.message : String(error)}`;
  return { type: 'exit', cause: startCause(error), detail };
}

/** A program that is not there or may not be run is one that cannot start; the others have causes of their own. */
function startCause(error: unknown): WorkerCause {
  const cause = troubleOf(error);
  return cause === null || cause === 'worker_no_access' ? 'worker_no_child' : cause;
}

function exitOf(code: number | null, signal: NodeJS.Signals | null, stderr: string, ready: boolean): ChildExit {
  const outOfMemory = stderr.includes('heap out of memory') || stderr.includes('Array buffer allocation failed');
  const how = signal === null ? `exit code ${code}` : `signal ${signal}`;
  const said = stderr.trim().split('\n').at(-1) ?? '';
  const detail = said === '' ? how : `${how}: ${storable(said, 300)}`;
  // Before it is ready a child has not seen the job.
  if (!ready) return { type: 'exit', cause: 'worker_no_child', detail: `before it was ready, ${detail}` };
  const trouble = code === TROUBLE_EXIT ? WORKER_CAUSES.find((cause) => said.startsWith(`${cause}: `)) : undefined;
  const unreachable = code === CANDLES_UNREACHABLE ? 'candles_unreachable' : undefined;
  return {
    type: 'exit',
    cause: outOfMemory ? 'out_of_memory' : (trouble ?? unreachable ?? 'child_crashed'),
    detail,
  };
}
