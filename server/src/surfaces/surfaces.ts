// Surfaces: questions about the scores of a job, answered beside the event loop of the API by a few threads. One that takes too
// long is ended and another takes its place. Threads, and no processes: they share the scores, and nothing in them but
// loops over columns can be in the middle of something when they end.

import { Worker } from 'node:worker_threads';
import { SpecError } from '@backtest-jobs/engine';
import type { SurfaceAnswer, SurfaceQuestion } from './messages.ts';

const THREADS = 2;
const DEADLINE_MS = 15_000;
const HEAP_MB = 512;

/** A question about a surface took longer than its deadline. */
export class SurfaceTooSlow extends Error {
  override readonly name = 'SurfaceTooSlow';
}

export type Answered = Extract<SurfaceAnswer, { readonly json: string }>;

export interface Surfaces extends AsyncDisposable {
  /**
   * Answers within the deadline, in the order of the questions. A question whose signal is aborted before its turn is
   * skipped; one under way goes on, because the next one needs what it makes.
   * @throws {SpecError} with all that is wrong with the question
   */
  ask(question: SurfaceQuestion, signal: AbortSignal): Promise<Answered>;
}

interface Asked {
  readonly question: SurfaceQuestion;
  readonly signal: AbortSignal;
  readonly resolve: (answer: SurfaceAnswer) => void;
  readonly reject: (reason: unknown) => void;
}

interface Member {
  readonly thread: Worker;
  asked: Asked | null;
  deadline: NodeJS.Timeout | undefined;
  /** The scores it was asked about last: what it made of them is at hand there. */
  key: string | null;
}

export function openSurfaces(deadlineMs = DEADLINE_MS): Surfaces {
  return new Threads(deadlineMs);
}

class Threads implements Surfaces {
  readonly #deadlineMs: number;
  readonly #members = new Set<Member>();
  #waiting: Asked[] = [];

  constructor(deadlineMs: number) {
    this.#deadlineMs = deadlineMs;
  }

  async ask(question: SurfaceQuestion, signal: AbortSignal): Promise<Answered> {
    signal.throwIfAborted();
    const { promise, resolve, reject } = Promise.withResolvers<SurfaceAnswer>();
    this.#waiting.push({ question, signal, resolve, reject });
    this.#next();
    const answer = await promise;
    if ('problems' in answer) throw new SpecError(answer.problems);
    if ('error' in answer) throw new Error(answer.error);
    return answer;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const closing = new Error('the API is closing');
    for (const { reject } of this.#waiting.splice(0)) reject(closing);
    const threads = [...this.#members].map(({ thread }) => thread);
    for (const member of this.#members) this.#dismiss(member, closing);
    await Promise.all(threads.map((thread) => thread.terminate()));
  }

  /** Gives waiting questions to idle threads, best to the one that knows the scores, and to new ones up to their number. */
  #next(): void {
    for (const asked of this.#waiting.splice(0)) {
      if (asked.signal.aborted) {
        asked.reject(asked.signal.reason);
        continue;
      }
      const idle = [...this.#members].filter((member) => member.asked === null);
      const knows = idle.find(({ key }) => key === asked.question.key);
      const free = knows ?? idle[0] ?? (this.#members.size < THREADS ? this.#start() : undefined);
      if (free === undefined) this.#waiting.push(asked);
      else this.#give(free, asked);
    }
  }

  #start(): Member {
    const thread = new Worker(new URL('./surface-thread.ts', import.meta.url), {
      resourceLimits: { maxOldGenerationSizeMb: HEAP_MB },
    });
    const member: Member = { thread, asked: null, deadline: undefined, key: null };
    thread.on('message', (answer: SurfaceAnswer) => {
      clearTimeout(member.deadline);
      member.asked?.resolve(answer);
      member.asked = null;
      thread.unref();
      this.#next();
    });
    thread.on('error', (error) => this.#dismiss(member, error));
    thread.on('exit', () => {
      this.#dismiss(member, new Error('a thread of surfaces ended'));
      this.#next();
    });
    this.#members.add(member);
    return member;
  }

  #give(member: Member, asked: Asked): void {
    member.asked = asked;
    member.key = asked.question.key;
    const late = new SurfaceTooSlow(`takes more than ${this.#deadlineMs / 1000} s`);
    member.deadline = setTimeout(() => this.#dismiss(member, late), this.#deadlineMs);
    member.thread.ref();
    member.thread.postMessage(asked.question);
  }

  /** Rejects what a thread works on and ends it: it takes no other question. */
  #dismiss(member: Member, reason: unknown): void {
    clearTimeout(member.deadline);
    this.#members.delete(member);
    member.asked?.reject(reason);
    member.asked = null;
    void member.thread.terminate();
  }
}
