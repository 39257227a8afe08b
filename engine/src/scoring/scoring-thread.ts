// The inside of a thread of a pool (pool.ts): it is told once what to work on and then answers questions one by one, in
// the order they were asked. What it throws goes back as plain text with the variant it happened to, because an error
// that is cloned from thread to thread forgets what it was.

import { foldCount } from '../bars/folds.ts';
import { buildGrid } from '../grid/grid.ts';
import { inSample, outOfSample, type Prepared } from '../prepare.ts';
import { findFailingVariant, keptVariant } from './failing-variant.ts';
import { openFinalizer, type Finalizer } from './finalize.ts';
import { foldScorer } from './fold-scorer.ts';
import type { Answer, Opening, Question, ThreadEvent, ErrorMessage } from './messages.ts';
import type { Scores, Task } from './score.ts';

/** The thread's own end: in a Web Worker `self` is one as it is. */
export interface Port {
  postMessage(message: unknown): void;
  addEventListener(type: 'message', hear: (event: ThreadEvent) => void): void;
}

/** Makes this thread one that scores for a pool: `scoreFor(self)` is all that the script of a Web Worker needs. */
export function scoreFor(port: Port, open = foldScorer): void {
  let answer: ((question: Question) => Answer) | null = null;
  port.addEventListener('message', ({ data }) => {
    const message = data as Opening | Question;
    if ('open' in message) {
      const { spec, timeline, sharers } = message.open;
      const prepared: Prepared = { spec, timeline, grid: buildGrid(spec) };
      answer = openAnswers(prepared, open(prepared, sharers));
    } else if (answer !== null) port.postMessage(answer(message));
  });
}

function openAnswers(prepared: Prepared, score: (task: Task) => Scores) {
  const { grid } = prepared;
  const last = foldCount(prepared.spec) - 1; // gives the rows
  let finalizer: Finalizer | null = null; // scoring does without
  return (question: Question): Answer => {
    if ('score' in question) {
      try {
        return { scores: score(question.score) };
      } catch (error) {
        return { failed: messageOf(error), variant: findFailingVariant(score, question.score, grid) };
      }
    }
    const { variantIndex, rank } = question.row;
    try {
      finalizer ??= openFinalizer(inSample(prepared, last), outOfSample(prepared, last));
      return { row: finalizer.full(variantIndex, rank) };
    } catch (error) {
      return { failed: messageOf(error), variant: keptVariant(variantIndex, grid) };
    }
  };
}

function messageOf(error: unknown): ErrorMessage {
  if (!(error instanceof Error)) return { name: 'Error', message: String(error), stack: '', cause: null };
  const { name, message, stack, cause } = error;
  return { name, message, stack: stack ?? '', cause: cause === undefined ? null : messageOf(cause) };
}
