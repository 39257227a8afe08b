// What a verdict answers, and how an answer looks.

/** What each check asks, by its id and in the order in which they are told. */
export const QUESTIONS = {
  luck: 'More than luck?',
  halves: 'Does it earn unseen?',
  oos: 'Unseen data?',
  holding: 'Better than holding?',
  family: 'One choice or a family?',
  years: 'Enough history?',
  room: 'Room around it?',
  edge: 'Inside the grid?',
  trades: 'Enough trades?',
  idle: 'Does the grid trade?',
} as const;

export interface VerdictCheck {
  readonly id: keyof typeof QUESTIONS;
  /** Null: not tested, or it says nothing about the best. */
  readonly mark: 'good' | 'caution' | 'bad' | null;
  /** What the mark rests on; see docs/reference/verdict.md. */
  readonly value: number | null;
  /** The same in words; of null, why. */
  readonly reason: string;
}
