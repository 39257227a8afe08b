// The engine beside the page: whatever it counts, keys are answered at once.

import type { PlainObject } from '../draft/plain.ts';
import type { Thinning } from '../draft/thin.ts';
import { judge, thin, type Judgement, type Rules } from './judge.ts';
import { preview, truths, type Preview, type PreviewAsk } from './preview.ts';
import { vocabulary, type Vocabulary } from './vocabulary.ts';

const ANSWERS = {
  judge: ({ input, rules }: { readonly input: PlainObject; readonly rules: Rules }): Judgement => judge(input, rules),
  thin: ({ input, carried, rules }: ThinAsk): readonly Thinning[] => thin(input, carried, rules),
  preview: (ask: PreviewAsk): Preview | null => preview(ask),
  truths: ({ input, candles, rules }: TruthsAsk): Readonly<Record<string, number | null>> =>
    truths(input, candles, rules),
  vocabulary: vocabulary as (nothing: null) => Vocabulary,
};

interface ThinAsk {
  readonly input: PlainObject;
  readonly carried: number;
  readonly rules: Rules;
}

interface TruthsAsk {
  readonly input: PlainObject;
  readonly candles: PreviewAsk['candles'];
  readonly rules: Rules;
}

export type Answers = typeof ANSWERS;
export type Question = keyof Answers;

export interface Asked {
  readonly id: number;
  readonly question: Question;
  readonly ask: unknown;
}

export type Replied =
  | { readonly id: number; readonly answer: unknown }
  | { readonly id: number; readonly error: string };

globalThis.addEventListener('message', ({ data }: MessageEvent<Asked>) => {
  const { id, question, ask } = data;
  try {
    const answer = (ANSWERS[question] as (one: unknown) => unknown)(ask);
    globalThis.postMessage({ id, answer } satisfies Replied);
  } catch (error) {
    globalThis.postMessage({ id, error: error instanceof Error ? error.message : String(error) } satisfies Replied);
  }
});
