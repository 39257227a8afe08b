// What every field of the form knows: the draft, how to change it, and what the engine says of it.

import type { Spec } from '@backtest-jobs/engine';
import { createContext, useContext } from 'react';
import type { Draft, Mode } from '../draft/draft.ts';
import { at, pathText, type Path, type Plain, type PlainObject } from '../draft/plain.ts';
import type { Problem } from '../draft/problems.ts';
import type { Judgement, Rules } from '../engine/judge.ts';
import type { Catalogue, Instrument, Runtime } from '../queries.ts';

export interface Form {
  readonly draft: Draft;
  readonly spec: PlainObject;
  readonly edit: (path: Path, value: Plain | undefined) => void;
  readonly change: (next: (draft: Draft) => Draft) => void;
  readonly setMode: (mode: Mode) => void;
  /** Problems of the engine and of the API, by the path of their field. */
  readonly problems: ReadonlyMap<string, readonly Problem[]>;
  readonly judgement: Judgement | null;
  /** What the server decides of the draft; null: it is not known yet. */
  readonly rules: Rules | null;
  /** The last spec that was sound: what is left out has its value there. */
  readonly sound: Spec | null;
  readonly catalogue: Catalogue;
  readonly runtime: Runtime;
  readonly instruments: readonly Instrument[];
  /** Share of the bars of the sample on which each rule is true. */
  readonly truths: Readonly<Record<string, number | null>>;
}

export const FormContext = createContext<Form | null>(null);

export function useForm(): Form {
  const form = useContext(FormContext);
  if (form === null) throw new Error('a field stands outside of the form');
  return form;
}

export interface FieldState {
  readonly value: Plain | undefined;
  readonly set: (value: Plain | undefined) => void;
  readonly path: string;
  readonly problems: readonly Problem[];
  /** What a field with problems has as `aria-describedby` and `aria-invalid`. */
  readonly aria: { readonly 'aria-invalid'?: true; readonly 'aria-describedby'?: string };
}

/** Reads one field of the draft. */
export function useField(path: Path): FieldState {
  const { spec, edit, problems } = useForm();
  const text = pathText(path);
  const own = problems.get(text) ?? [];
  return {
    value: at(spec, path),
    set: (value) => edit(path, value),
    path: text,
    problems: own,
    aria: own.length === 0 ? {} : { 'aria-invalid': true, 'aria-describedby': saysId(text) },
  };
}

/** Names the element with the problems of a field. */
export const saysId = (path: string): string => `says-${path.replaceAll(/[^\w-]/g, '-')}`;
