// A few child processes that work for the API, one question at a time each: whatever a question costs, the event loop of
// the API only passes it on. A process starts with the first question that finds none idle and stays; one whose asker
// leaves, or that misses its deadline, is killed and forgotten at once, so the next question meets a process of its own.

import { fork, type ChildProcess } from 'node:child_process';
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

export interface PoolOptions {
  /** Source of the child, beside this file. */
  readonly module: string;
  readonly processes: number;
  /** Longest time that a process works on one question; waiting for a process is not counted. */
  readonly deadlineMs: number;
  /** First message to each process. */
  readonly greeting?: object;
}

interface Asked<Question, Answer> {
  readonly question: Question;
  readonly resolve: (answer: Answer) => void;
  readonly reject: (reason: unknown) => void;
  /** Asks nothing more once it is settled. */
  settled: boolean;
}

interface Member<Question, Answer> {
  readonly process: ChildProcess;
  asked: Asked<Question, Answer> | null;
}

export function openProcessPool<Question extends object, Answer>(options: PoolOptions): ProcessPool<Question, Answer> {
  const members = new Set<Member<Question, Answer>>();
  const dying = new Set<ChildProcess>();
  const waiting: Asked<Question, Answer>[] = [];

  /** Settles what a member works on and lets it go: it takes no other question. */
  const dismiss = (member: Member<Question, Answer>, reason: unknown): void => {
    member.asked?.reject(reason);
    member.asked = null;
    if (!members.delete(member)) return;
    if (member.process.pid !== undefined && member.process.exitCode === null) dying.add(member.process);
    member.process.kill('SIGKILL');
    next();
  };

  const start = (): Member<Question, Answer> => {
    const process = fork(fileURLToPath(new URL(options.module, import.meta.url)), {
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
      env: childEnvironment(),
    });
    const member: Member<Question, Answer> = { process, asked: null };
    process.on('message', (answer: Answer) => {
      const { asked } = member;
      member.asked = null;
      idle(process);
      asked?.resolve(answer);
      next();
    });
    process.on('error', (error) => dismiss(member, error)); // a process that never came to be has no exit
    process.on('exit', (code, killed) => {
      dying.delete(process);
      dismiss(member, new Error(`the process of a question ended with ${killed ?? code}`));
    });
    members.add(member);
    if (options.greeting !== undefined) process.send(options.greeting, () => {});
    return member;
  };

  /** Gives waiting questions to idle processes, and to new ones up to their number. */
  const next = (): void => {
    while (waiting.length > 0) {
      const free = [...members].find(({ asked }) => asked === null);
      if (free === undefined && members.size >= options.processes) return;
      const asked = waiting.shift();
      if (asked !== undefined && !asked.settled) give(free ?? start(), asked);
    }
  };

  const give = (member: Member<Question, Answer>, asked: Asked<Question, Answer>): void => {
    member.asked = asked;
    busy(member.process);
    const seconds = options.deadlineMs / 1000;
    const deadline = setTimeout(
      () => dismiss(member, new OutOfTime(`takes more than ${seconds} s`)),
      options.deadlineMs,
    );
    const stop = (): void => clearTimeout(deadline);
    member.asked = {
      ...asked,
      resolve: (answer) => (stop(), asked.resolve(answer)),
      reject: (reason) => (stop(), asked.reject(reason)),
    };
    try {
      member.process.send(asked.question, () => {}); // a message that comes too late is reported by the exit
    } catch (error) {
      dismiss(member, error); // it cannot be written, which is no fault of the process; what it got of it is unknown
    }
  };

  return {
    ask: (question, signal) =>
      new Promise((resolve, reject) => {
        if (signal.aborted) return reject(signal.reason);
        const leave = (): void => {
          asked.settled = true;
          const own = [...members].find((member) => member.asked?.question === question);
          if (own === undefined) reject(signal.reason);
          else dismiss(own, signal.reason);
        };
        const settle = (act: () => void): void => {
          asked.settled = true;
          signal.removeEventListener('abort', leave);
          act();
        };
        const asked: Asked<Question, Answer> = {
          question,
          settled: false,
          resolve: (answer) => settle(() => resolve(answer)),
          reject: (reason) => settle(() => reject(reason)),
        };
        signal.addEventListener('abort', leave, { once: true });
        waiting.push(asked);
        next();
      }),
    async [Symbol.asyncDispose]() {
      for (const asked of waiting.splice(0)) asked.reject(new Error('the API is closing'));
      const all = [...[...members].map(({ process }) => process), ...dying];
      const gone = all.map((process) => new Promise((resolve) => process.once('exit', resolve)));
      for (const member of members) dismiss(member, new Error('the API is closing'));
      await Promise.all(gone);
    },
  };
}

/** Lets a process without a question keep no other process alive. */
function idle(process: ChildProcess): void {
  process.unref();
  process.channel?.unref();
}

function busy(process: ChildProcess): void {
  process.ref();
  process.channel?.ref();
}
