// Questions to the engine, which runs in a worker. Of questions of one kind the newest counts: what waits behind one that is
// worked on is dropped when a newer one comes.

import type { Answers, Asked, Question, Replied } from './engine-worker.ts';

type Ask<Q extends Question> = Parameters<Answers[Q]>[0];
type Answer<Q extends Question> = ReturnType<Answers[Q]>;

interface Waiting {
  readonly question: Question;
  readonly ask: unknown;
  readonly resolve: (answer: unknown) => void;
  readonly reject: (error: Error) => void;
}

let worker: Worker | null = null;
let last = 0;
const underWay = new Map<number, Waiting>();
const next = new Map<Question, Waiting>();

/** A newer question of its kind has come. */
export class Superseded extends Error {
  override readonly name = 'Superseded';
}

export async function ask<Q extends Question>(question: Q, what: Ask<Q>): Promise<Answer<Q>> {
  const { promise, resolve, reject } = Promise.withResolvers<unknown>();
  const waiting = { question, ask: what, resolve, reject };
  const isBusy = [...underWay.values()].some((one) => one.question === question);
  if (isBusy) {
    next.get(question)?.reject(new Superseded('a newer question has come'));
    next.set(question, waiting);
  } else send(waiting);
  return (await promise) as Answer<Q>;
}

function send(waiting: Waiting): void {
  worker ??= open();
  last += 1;
  underWay.set(last, waiting);
  worker.postMessage({ id: last, question: waiting.question, ask: waiting.ask } satisfies Asked);
}

function open(): Worker {
  const made = new Worker(new URL('./engine-worker.ts', import.meta.url), { type: 'module' });
  made.addEventListener('message', ({ data }: MessageEvent<Replied>) => {
    const waiting = underWay.get(data.id);
    underWay.delete(data.id);
    if (waiting === undefined) return;
    const following = next.get(waiting.question);
    next.delete(waiting.question);
    if ('error' in data) waiting.reject(new Error(data.error));
    else waiting.resolve(data.answer);
    if (following !== undefined) send(following);
  });
  made.addEventListener('error', ({ message }) => {
    for (const waiting of [...underWay.values(), ...next.values()])
      waiting.reject(new Error(message || 'the engine did not start'));
    underWay.clear();
    next.clear();
    made.terminate();
    worker = null;
  });
  return made;
}
