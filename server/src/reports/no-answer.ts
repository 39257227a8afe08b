// Why a process that answers questions about candles has no answer, on its way to the API: an error of ours forgets between
// processes what it is, so it goes as plain words and comes back as itself.

import { SpecError, type Problem } from '@backtest-jobs/engine';
import { CandlesUnreachable } from '../candles/source.ts';
import { messageOf } from '../message.ts';

export type NoAnswer =
  | { readonly problems: readonly Problem[] }
  | { readonly unreachable: string }
  | { readonly error: string };

/** Tells an error in words. */
export function noAnswer(error: unknown): NoAnswer {
  if (error instanceof SpecError) return { problems: error.problems };
  return error instanceof CandlesUnreachable ? { unreachable: error.message } : { error: messageOf(error) };
}

/** Makes the error again. */
export function errorOf(answer: NoAnswer): Error {
  if ('problems' in answer) return new SpecError(answer.problems);
  return 'unreachable' in answer ? new CandlesUnreachable(answer.unreachable) : new Error(answer.error);
}
