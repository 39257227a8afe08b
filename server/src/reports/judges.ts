// The judges: processes that count the grids which would take the event loop of the API too long. Whatever a spec says, the
// API judges it within a bounded amount of work, or asks here, under a deadline that ends when the client leaves.

import { SpecError, type Defaults, type Problem, type Spec } from '@backtest-jobs/engine';
import { specError, type SavedStrategy } from '@backtest-jobs/engine/internal';
import { openAdmission } from './admission.ts';
import type { EstimateJson } from './estimate-json.ts';
import { openProcessPool, OutOfTime } from './process-pool.ts';

export type JudgeQuestion =
  | {
      readonly kind: 'spec';
      readonly input: unknown;
      readonly defaults: Defaults;
      readonly strategy: SavedStrategy | null;
      readonly threads: number;
    }
  | { readonly kind: 'strategy'; readonly input: unknown; readonly defaults: Defaults }
  | { readonly kind: 'yaml'; readonly text: string };

/** Spec with what it would cost, which takes the same counting. */
export interface JudgedSpec {
  readonly spec: Spec;
  readonly estimate: EstimateJson;
}

export type JudgeAnswer =
  | JudgedSpec
  | { readonly saved: SavedStrategy }
  | { readonly value: unknown }
  | { readonly problems: readonly Problem[] }
  | { readonly error: string };

/** Who asks, and until when. */
export interface Questioner {
  readonly user_id: string;
  /** Aborted when the client leaves. */
  readonly signal: AbortSignal;
}

/** Questions that wait or are worked on. */
const OPEN = { things: 'large specs', ofUser: 8, ofAll: 16 } as const;

export interface Judges extends AsyncDisposable {
  /** Rejects with SpecError: with every problem, or with one when the deadline passes. */
  judge(
    question: JudgeQuestion,
    asker: Questioner,
  ): Promise<Exclude<JudgeAnswer, { problems: unknown } | { error: unknown }>>;
}

/** A client waits 30 s. */
const DEADLINE_MS = 20_000;
const PROCESSES = 2;

export function openJudges(deadlineMs = DEADLINE_MS): Judges {
  const admission = openAdmission(OPEN);
  const pool = openProcessPool<JudgeQuestion, JudgeAnswer>({
    module: './judge-child.ts',
    processes: PROCESSES,
    deadlineMs,
  });
  return {
    async judge(question, { user_id, signal }) {
      const leave = admission.admit(user_id);
      const asked = pool.ask(question, signal).finally(leave);
      const answer = await asked.catch((error: unknown) => {
        throw error instanceof OutOfTime ? tooSlow(question, error) : error;
      });
      if ('problems' in answer) throw new SpecError(answer.problems);
      if ('error' in answer) throw new Error(answer.error);
      return answer;
    },
    [Symbol.asyncDispose]: () => pool[Symbol.asyncDispose](),
  };
}

function tooSlow({ kind }: JudgeQuestion, { message }: OutOfTime): SpecError {
  if (kind === 'yaml') {
    return specError(
      '',
      'too_slow_to_judge',
      `reading the body as YAML ${message}: send it as JSON, or without anchors`,
    );
  }
  const way = 'give the axes that constraints join fewer values, or write fewer constraints';
  return specError('template', 'too_slow_to_judge', `counting the combinations ${message}: ${way}`);
}
