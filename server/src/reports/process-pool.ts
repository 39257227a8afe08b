// A few child processes that work for the API, one question at a time each: whatever a question costs, the event loop of
// the API only passes it on. A process starts with the first question that finds none idle and stays; one whose asker
// leaves, or that misses its deadline, is killed and forgotten at once, so the next question meets a process of its own.

import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { childEnvironment } from '../config/child-environment.ts';

/** A question took longer than its deadline. */
export class OutOfTime extends Error {
  override readonly name = 'OutOfTime';
}

export interface ProcessPool<Question, Answer> extends AsyncDisposable {
  /** Rejects with OutOfTime at the deadline, with the reason of the signal when it is aborted. */
  ask(question: Question, signal: AbortSignal): Promise<Answer>;
}

export interface ProcessOptions {
  /** Source of the child, beside this file. */
  readonly module: string;
  readonly processes: number;
  /** Longest time that a process works on one question; waiting for a process is not counted. */
  readonly deadlineMs: number;
  /** Time after which a process without a question ends, with the memory that its last one took; without it, it stays. */
  readonly idleMs?: number;
  /** First message to each process. */
  readonly greeting?: object;
}

interface Asked<Question, Answer> {
  readonly question: Question;
  readonly resolve: (answer: Answer) => void;
  readonly reject: (reason: unknown) => void;
}

interface Member<Question, Answer> {
  readonly process: ChildProcess;
  asked: Asked<Question, Answer> | null;
  deadline: NodeJS.Timeout | undefined;
  idle: NodeJS.Timeout | undefined;
}

export function openProcessPool<Question extends object, Answer>(
  options: ProcessOptions,
): ProcessPool<Question, Answer> {
  return new Processes<Question, Answer>(options);
}

class Processes<Question extends object, Answer> implements ProcessPool<Question, Answer> {
  readonly #options: ProcessOptions;
  readonly #members = new Set<Member<Question, Answer>>();
  /** Processes that were killed and have not ended: they count, so that who hangs up often starts no more of them. */
  readonly #dying = new Set<ChildProcess>();
  #waiting: Asked<Question, Answer>[] = [];

  constructor(options: ProcessOptions) {
    this.#options = options;
  }

  async ask(question: Question, signal: AbortSignal): Promise<Answer> {
    signal.throwIfAborted();
    const { promise, resolve, reject } = Promise.withResolvers<Answer>();
    const asked: Asked<Question, Answer> = { question, resolve, reject };
    const leave = (): void => this.#leave(asked, signal.reason);
    signal.addEventListener('abort', leave, { once: true });
    this.#waiting.push(asked);
    this.#next();
    try {
      return await promise;
    } finally {
      signal.removeEventListener('abort', leave);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const closing = new Error('the API is closing');
    for (const { reject } of this.#waiting.splice(0)) reject(closing);
    for (const member of this.#members) this.#dismiss(member, closing);
    await Promise.all([...this.#dying].map((process) => once(process, 'exit')));
  }

  #leave(asked: Asked<Question, Answer>, reason: unknown): void {
    const member = [...this.#members].find((one) => one.asked === asked);
    if (member !== undefined) return this.#dismiss(member, reason);
    this.#waiting = this.#waiting.filter((one) => one !== asked);
    asked.reject(reason);
  }

  /** Gives waiting questions to idle processes, and to new ones up to their number. */
  #next(): void {
    while (this.#waiting.length > 0) {
      const idle = [...this.#members].find(({ asked }) => asked === null);
      if (idle === undefined && this.#members.size + this.#dying.size >= this.#options.processes) return;
      const asked = this.#waiting.shift();
      if (asked !== undefined) this.#give(idle ?? this.#start(), asked);
    }
  }

  #start(): Member<Question, Answer> {
    const { module, greeting } = this.#options;
    const process = fork(fileURLToPath(new URL(module, import.meta.url)), {
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
      env: childEnvironment(),
    });
    const member: Member<Question, Answer> = { process, asked: null, deadline: undefined, idle: undefined };
    process.on('message', (answer: Answer) => {
      const { asked } = member;
      this.#free(member);
      asked?.resolve(answer);
      this.#next();
    });
    process.on('error', (error) => this.#dismiss(member, error)); // a process that never came to be has no exit
    process.on('exit', (code, killed) => {
      this.#dismiss(member, new Error(`the process of a question ended with ${killed ?? code}`));
      this.#dying.delete(process);
      this.#next();
    });
    this.#members.add(member);
    if (greeting !== undefined) process.send(greeting, () => {});
    return member;
  }

  #give(member: Member<Question, Answer>, asked: Asked<Question, Answer>): void {
    const { deadlineMs } = this.#options;
    member.asked = asked;
    clearTimeout(member.idle);
    const late = new OutOfTime(`takes more than ${deadlineMs / 1000} s`);
    member.deadline = setTimeout(() => this.#dismiss(member, late), deadlineMs);
    member.process.ref();
    member.process.channel?.ref();
    try {
      member.process.send(asked.question, () => {}); // the exit reports a message that comes too late
    } catch (error) {
      this.#dismiss(member, error);
    }
  }

  /** Lets a process without a question keep no other process alive. */
  #free(member: Member<Question, Answer>): void {
    clearTimeout(member.deadline);
    member.asked = null;
    member.process.unref();
    member.process.channel?.unref();
    const { idleMs } = this.#options;
    if (idleMs === undefined) return;
    member.idle = setTimeout(() => this.#dismiss(member, new Error('it was idle')), idleMs).unref();
  }

  /** Rejects what a member works on and ends it: it takes no other question. */
  #dismiss(member: Member<Question, Answer>, reason: unknown): void {
    const { asked, process } = member;
    clearTimeout(member.deadline);
    clearTimeout(member.idle);
    member.asked = null;
    asked?.reject(reason);
    if (!this.#members.delete(member)) return;
    const runs = process.pid !== undefined && process.exitCode === null && process.signalCode === null;
    if (runs) this.#dying.add(process);
    process.kill('SIGKILL');
    this.#next();
  }
}
