// The worker's handle on one compute child: an inbox to wait on, a way to send, and a death that is certain.

import { fork, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import {
  CANDLES_UNREACHABLE,
  type ChildMessage,
  type FromChild,
  type ChildProgress,
  type ToChild,
} from './messages.ts';

export interface ChildExit {
  readonly type: 'exit';
  readonly cause: 'out_of_memory' | 'candles_unreachable' | 'child_crashed';
  readonly detail: string;
}

export class Child implements AsyncDisposable {
  /** When the child last showed that it gets on, by performance.now(). */
  progressAt = performance.now();
  /** Mean time between two signs of progress, smoothed. */
  meanChunkMs = 0;
  onProgress: (progress: ChildProgress) => void = () => {};
  #process: ChildProcess;
  #inbox: (ChildMessage | ChildExit)[] = [];
  #wake: () => void = () => {};
  #exit: ChildExit | null = null;
  #exited: Promise<void>;
  #stderr = '';

  constructor(execPath = process.execPath) {
    this.#process = fork(fileURLToPath(new URL('./compute.ts', import.meta.url)), {
      execPath,
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    this.#process.stderr?.on('data', (text: Buffer) => {
      this.#stderr = (this.#stderr + text.toString()).slice(-4000);
    });
    this.#process.on('message', (message: FromChild) => this.#receive(message));
    this.#exited = new Promise((resolve) => {
      const end = (exit: ChildExit): void => {
        this.#exit = exit;
        this.#inbox.push(exit);
        this.#wake();
        resolve();
      };
      this.#process.on('exit', (code, signal) => end(exitOf(code, signal, this.#stderr)));
      // A process that never came to be has no exit; any other error is a kill or send that came too late.
      this.#process.on('error', ({ message }) => {
        if (this.#process.pid === undefined) end({ type: 'exit', cause: 'child_crashed', detail: message });
      });
    });
  }

  get alive(): boolean {
    return this.#exit === null;
  }

  send(message: ToChild): void {
    if (message.type === 'run') this.#beginProgress();
    if (this.#process.connected) this.#process.send(message, () => {});
  }

  /** SIGKILL: works on a stopped, looping or dying child alike. */
  kill(): void {
    this.#process.kill('SIGKILL');
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
    if (message.type === 'ready') return;
    if (message.type === 'progress') return this.onProgress(message);
    this.#inbox.push(message);
    this.#wake();
  }
}

function exitOf(code: number | null, signal: NodeJS.Signals | null, stderr: string): ChildExit {
  const outOfMemory = stderr.includes('heap out of memory') || stderr.includes('Array buffer allocation failed');
  const how = signal === null ? `exit code ${code}` : `signal ${signal}`;
  const said = stderr.trim().split('\n').at(-1) ?? '';
  return {
    type: 'exit',
    cause: outOfMemory ? 'out_of_memory' : code === CANDLES_UNREACHABLE ? 'candles_unreachable' : 'child_crashed',
    detail: said === '' ? how : `${how}: ${said.slice(0, 300)}`,
  };
}
