import type { JSX } from 'react';
import { stateWords, type Job, type Shape } from './job-words.ts';

const SHAPES: Readonly<Record<Shape, JSX.Element>> = {
  ring: <circle cx="6" cy="6" r="3.75" fill="none" stroke="currentColor" strokeWidth="1.5" />,
  arc: (
    <path className="turns" d="M6 2.25A3.75 3.75 0 1 0 9.75 6" fill="none" stroke="currentColor" strokeWidth="1.75" />
  ),
  dotted: (
    <circle cx="6" cy="6" r="3.75" fill="none" stroke="currentColor" strokeWidth="1.75" strokeDasharray="2.2 1.7" />
  ),
  disc: <circle cx="6" cy="6" r="4" fill="currentColor" />,
  cross: <path d="M2.5 2.5l7 7M9.5 2.5l-7 7" fill="none" stroke="currentColor" strokeWidth="2" />,
  square: <rect x="2" y="2" width="8" height="8" rx="1" fill="currentColor" />,
};

/** The state of a job: a shape and a word, so that colour is never alone. */
export function StateMark({ job }: { readonly job: Job }): JSX.Element {
  const { shape, words, tone } = stateWords(job);
  return (
    <span className={`state ${tone}`} data-shape={shape}>
      <svg viewBox="0 0 12 12" aria-hidden="true">
        {SHAPES[shape]}
      </svg>
      {words}
    </span>
  );
}
