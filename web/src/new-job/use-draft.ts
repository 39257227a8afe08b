// What happens to a draft beside its fields: it is kept, judged by what the server decides, sent, and its strategy saved.

import { ApiError } from '@backtest-jobs/client';
import type { Spec } from '@backtest-jobs/engine';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useEffect, useMemo, useRef, useState } from 'react';
import { useLocation } from 'wouter';
import { cache } from '../api.ts';
import { KEYS } from '../live/cache.ts';
import { say } from '../parts/notices.tsx';
import { wordsOf } from '../parts/Trouble.tsx';
import { barsFor } from './aside/bars.ts';
import { FRESH } from './draft/begin.ts';
import { modeOf, switchMode, type Draft } from './draft/draft.ts';
import { at, type PlainObject } from './draft/plain.ts';
import { fieldOf, type Problem } from './draft/problems.ts';
import { dropDraft, keepDraft } from './draft/storage.ts';
import { ask } from './engine/engine.ts';
import { defaultsOf, type Rules } from './engine/judge.ts';
import { readBars, readStrategy, saveStrategy, submitJob, type Runtime } from './queries.ts';

interface Kept {
  readonly draft: Draft;
  readonly setDraft: (change: (draft: Draft) => Draft) => void;
  /** Keeps it no more: it became a job. */
  readonly drop: () => void;
}

/** Holds a draft and keeps it over a reload; begins in the way of writing that the address names. */
export function useDraft(made: string, first: Draft, mode: string): Kept {
  const [draft, setDraft] = useState(() => inMode(first, mode));
  const isDropped = useRef(false);
  useEffect(() => {
    const keep = (): void => {
      if (!isDropped.current) keepDraft(made, draft);
    };
    const timer = setTimeout(keep, 100);
    return () => {
      clearTimeout(timer);
      keep();
    };
  }, [made, draft]);
  // Back and forward change the address alone.
  const [last, setLast] = useState(mode);
  if (last !== mode) {
    setLast(mode);
    setDraft(inMode(draft, mode));
  }
  const drop = (): void => {
    isDropped.current = true;
    dropDraft(made);
  };
  return { draft, setDraft, drop };
}

function inMode(draft: Draft, mode: string): Draft {
  return mode === 'indicators' || mode === 'rules' || mode === 'saved' ? switchMode(draft, mode, FRESH) : draft;
}

/** Returns what the server decides of this draft; null until the strategy that it names is known. */
export function useRules({ spec }: Draft, runtime: Runtime): Rules | null {
  const id = spec['strategy_id'];
  const isId = typeof id === 'string' && /^[0-9a-f]{8}-[0-9a-f-]{27}$/i.test(id);
  const strategy = useQuery(readStrategy(isId ? id : null));
  const isWaiting = isId && strategy.isPending;
  const saved = isId ? (strategy.data ?? null) : null;
  return useMemo(
    () => (isWaiting ? null : { defaults: defaultsOf(runtime), saved: saved as Rules['saved'] }),
    [isWaiting, runtime, saved],
  );
}

const NO_TRUTHS: Readonly<Record<string, number | null>> = {};

/** Asks on how much of the sample each rule is true, also while another one is wrong. */
export function useTruths(
  { spec }: Draft,
  rules: Rules | null,
  sound: Spec | null,
): Readonly<Record<string, number | null>> {
  const bars = useQuery(readBars(barsFor(sound)));
  const [truths, setTruths] = useState(NO_TRUTHS);
  const candles = bars.data;
  const isRules = modeOf(spec) === 'rules';
  useEffect(() => {
    if (!isRules || rules === null || candles === undefined) return undefined;
    let isCurrent = true;
    const take = (found: typeof NO_TRUTHS): void => {
      if (isCurrent) setTruths(found);
    };
    const timer = setTimeout(() => void ask('truths', { input: spec, candles, rules }).then(take, () => {}), 120);
    return () => {
      isCurrent = false;
      clearTimeout(timer);
    };
  }, [isRules, spec, rules, candles]);
  return isRules ? truths : NO_TRUTHS;
}

interface Sending {
  readonly send: (spec: PlainObject) => void;
  readonly isSending: boolean;
  /** Problems that the API had with the draft as it was sent. */
  readonly problems: readonly Problem[];
  readonly error: Error | null;
}

const NONE: readonly Problem[] = [];

/** Sends drafts. What the API had against one is said until it is changed. */
export function useSending({ spec, origin }: Draft, onSent: () => void): Sending {
  const [, navigate] = useLocation();
  const {
    mutate,
    isPending,
    error: found,
    variables,
  } = useMutation({
    mutationFn: (sent: typeof spec) => submitJob(sent, origin?.job_id ?? null),
    onSuccess: (job_id) => {
      onSent();
      void cache.invalidateQueries({ queryKey: KEYS.jobs });
      navigate(`/jobs/${job_id}`);
    },
  });
  const error = variables === spec ? found : null;
  const listed = error instanceof ApiError ? at(error.details, ['errors']) : undefined;
  const problems = useMemo(() => (Array.isArray(listed) ? (listed as unknown as readonly Problem[]) : NONE), [listed]);
  return { send: mutate, isSending: isPending, problems, error };
}

/** Saves the strategy of a draft under its name. */
export async function keepStrategy({ spec }: Draft): Promise<void> {
  const { name, template } = spec;
  if (typeof name !== 'string' || name === '') {
    say('Give it a name first: a strategy is saved under one.');
    document.querySelector<HTMLElement>('[data-path="name"]')?.focus();
    return;
  }
  try {
    await saveStrategy(name, template);
    await cache.invalidateQueries({ queryKey: KEYS.strategies });
    say(`“${name}” is saved as a strategy.`);
  } catch (error) {
    say(`The strategy was not saved: ${wordsOf(error)}`);
  }
}

/** Brings the focus to the field of the first problem. */
export function focusFirst(problems: readonly Problem[]): void {
  const fields = [...document.querySelectorAll<HTMLElement>('[data-path]')];
  const paths = fields.map(({ dataset }) => dataset['path'] ?? '');
  const places = new Set(problems.map(({ path }) => fieldOf(path, paths)));
  const field = fields.find(({ dataset }) => places.has(dataset['path'] ?? null));
  if (field === undefined) return;
  const own = 'input, select, .cm-content, button';
  (field.matches(own) ? field : field.querySelector<HTMLElement>(own))?.focus();
}

/** Ctrl or cmd + Enter runs, also while somebody types. */
export function useRunKey(run: () => void): void {
  const now = useRef(run);
  useEffect(() => {
    now.current = run;
  });
  useEffect(() => {
    const hear = (event: KeyboardEvent): void => {
      if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return;
      event.preventDefault();
      now.current();
    };
    document.addEventListener('keydown', hear);
    return () => document.removeEventListener('keydown', hear);
  }, []);
}

/** Takes a file that is dropped anywhere on the page. */
export function useFileDrop(take: (file: File) => void): void {
  const now = useRef(take);
  useEffect(() => {
    now.current = take;
  });
  useEffect(() => {
    const over = (event: DragEvent): void => {
      if (event.dataTransfer?.types.includes('Files')) event.preventDefault();
    };
    const drop = (event: DragEvent): void => {
      const [file] = event.dataTransfer?.files ?? [];
      if (file === undefined) return;
      event.preventDefault();
      now.current(file);
    };
    document.addEventListener('dragover', over);
    document.addEventListener('drop', drop);
    return () => {
      document.removeEventListener('dragover', over);
      document.removeEventListener('drop', drop);
    };
  }, []);
}
