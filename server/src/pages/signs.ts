// Small drawn signs, the same as those of the screen: levels and marks differ in shape, not only in colour.

import type { Verdict } from '@backtest-jobs/engine';
import type { VerdictCheck } from '@backtest-jobs/engine/internal';
import { html, type Html } from './html.ts';

const DIE = [
  [5.3, 5.3],
  [10.7, 10.7],
  [8, 8],
  [10.7, 5.3],
  [5.3, 10.7],
] as const;

const SIGNS = {
  die: html`<rect x="2" y="2" width="12" height="12" rx="2.5" />${DIE.map(
      ([x, y]) => html`<circle cx="${x}" cy="${y}" r="1.15" fill="currentColor" stroke="none" />`,
    )}`,
  half: html`<circle cx="8" cy="8" r="6" /><path d="M8 2a6 6 0 0 1 0 12z" fill="currentColor" stroke="none" />`,
  shield: html`<path
    d="M8 1.8l5.2 1.9v3.8c0 3.2-2.1 5.5-5.2 6.7-3.1-1.2-5.2-3.5-5.2-6.7V3.7zM5.6 7.9l1.8 1.8 3.1-3.3"
  />`,
  unknown: html`<circle cx="8" cy="8" r="6" stroke-dasharray="2.2 2" />
    <path d="M6.3 6.4a1.8 1.8 0 1 1 2.5 1.7c-.5.2-.8.5-.8 1.1M8 11.2v.1" />`,
  tick: html`<path d="M3 8.5l3.2 3.2L13 4.8" stroke-width="1.8" />`,
  bang: html`<path d="M8 2.2l6.2 11H1.8zM8 6.4v3M8 11.2v.1" />`,
  cross: html`<path d="M4 4l8 8M12 4l-8 8" stroke-width="1.8" />`,
  dash: html`<path d="M4 8h8" />`,
} as const;

type SignName = keyof typeof SIGNS;
export type Tone = 'gain' | 'loss' | 'caution' | 'none';

interface SignWords {
  readonly sign: SignName;
  readonly tone: Tone;
}

export const LEVEL_SIGNS: Readonly<Record<Verdict['luck'], SignWords>> = {
  likely: { sign: 'die', tone: 'loss' },
  possible: { sign: 'half', tone: 'caution' },
  unlikely: { sign: 'shield', tone: 'gain' },
  unknown: { sign: 'unknown', tone: 'none' },
};

export const MARK_SIGNS: Readonly<
  Record<NonNullable<VerdictCheck['mark']> | 'none', SignWords & { readonly words: string }>
> = {
  good: { sign: 'tick', words: 'Yes', tone: 'gain' },
  caution: { sign: 'bang', words: 'Caution', tone: 'caution' },
  bad: { sign: 'cross', words: 'No', tone: 'loss' },
  none: { sign: 'dash', words: 'Not known', tone: 'none' },
};

/** Draws a sign; with a label it speaks, else the words beside it do. */
export function sign(name: SignName, label: string | null = null): Html {
  const spoken = label === null ? html`aria-hidden="true"` : html`role="img" aria-label="${label}"`;
  return html`<svg class="sign" viewBox="0 0 16 16" ${spoken}>${SIGNS[name]}</svg>`;
}
