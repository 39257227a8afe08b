// The chunks of a range of units, asked of a pool ahead of their turn and answered in grid order, so that merging them
// needs no other order.

import type { Paced, Pool } from './pool.ts';
import type { Scores, Task } from './score.ts';

/** A range of units, and the task of a part of it. */
export interface Units {
  readonly paced: Paced;
  readonly from: number;
  readonly end: number;
  readonly task: (from: number, to: number) => Task;
  /** Whether one thread scores all of it; left out: all that the pool has. */
  readonly alone?: boolean;
}

/** Scores a range of units, an answer for each chunk. */
export async function* inChunks(
  { size, score, chunk }: Required<Pick<Pool, 'size' | 'score' | 'chunk'>>,
  { paced, from, end, task, alone = false }: Units,
): AsyncGenerator<{ readonly chunk: Task; readonly scores: Scores }, void> {
  const questions = function* () {
    for (let at = from, to = at; at < end; at = to) {
      const most = chunk(paced);
      const share = alone ? end - at : Math.ceil((end - at) / size); // shorter at last, so that all threads end together
      to = Math.min(end, at + Math.min(most, Math.max(share, Math.ceil(most / 8))));
      const part = task(at, to);
      yield async () => ({ chunk: part, scores: await score(part) });
    }
  };
  yield* answersInOrder(questions(), size);
}

/** Answers in the order of the questions, of which up to `ahead` are asked before the first is answered. */
export async function* answersInOrder<T>(
  questions: Iterable<() => Promise<T>>,
  ahead: number,
): AsyncGenerator<T, void> {
  const asked: Promise<T>[] = [];
  for (const ask of questions) {
    const answer = ask();
    answer.catch(() => {}); // heard when its turn comes, and never if the caller has left
    if (asked.push(answer) >= ahead) yield await (asked.shift() as Promise<T>);
  }
  for (const answer of asked) yield await answer;
}
