// Asks the engine about the draft, a moment after the last key.

import type { Spec } from '@backtest-jobs/engine';
import { useEffect, useState } from 'react';
import type { PlainObject } from './draft/plain.ts';
import { ask, Superseded } from './engine/engine.ts';
import type { Counts, Judgement, Rules } from './engine/judge.ts';

/** Milliseconds after the last key. */
const AFTER_KEY_MS = 120;

export interface Judged {
  /** Of the spec it is about; while a newer one is judged the one before. */
  readonly judgement: Judgement | null;
  readonly of: PlainObject | null;
  /** The last spec that was sound, and what it amounts to. */
  readonly sound: Spec | null;
  readonly counts: Counts | null;
  /** Why the engine does not answer; null: it does. */
  readonly failure: Error | null;
}

const NOTHING: Judged = { judgement: null, of: null, sound: null, counts: null, failure: null };

export function useJudgement(spec: PlainObject, rules: Rules | null): Judged {
  const [judged, setJudged] = useState(NOTHING);
  useEffect(() => {
    if (rules === null) return undefined;
    let isCurrent = true;
    const take = (judgement: Judgement): void => {
      if (!isCurrent) return;
      setJudged(({ sound, counts }) => ({
        judgement,
        of: spec,
        sound: judgement.kind === 'sound' ? judgement.spec : sound,
        counts: judgement.kind === 'sound' ? judgement.counts : counts,
        failure: null,
      }));
    };
    const fail = (error: unknown): void => {
      if (isCurrent && !(error instanceof Superseded))
        setJudged((now) => ({ ...now, failure: error instanceof Error ? error : new Error(String(error)) }));
    };
    const timer = setTimeout(() => void ask('judge', { input: spec, rules }).then(take, fail), AFTER_KEY_MS);
    return () => {
      isCurrent = false;
      clearTimeout(timer);
    };
  }, [spec, rules]);
  return judged;
}

/** Returns a value once it has stayed the same for so long. */
export function useSettled<T>(value: T, ms: number): T {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), ms);
    return () => clearTimeout(timer);
  }, [value, ms]);
  return settled;
}
