import type { JSX } from 'react';
import { seriesColour } from '../charts/lines.ts';

/** The letter of a variant on the ground of its colour. */
export function Letter({ at, letter }: { readonly at: number; readonly letter: string }): JSX.Element {
  return (
    <span className="letter" style={{ background: `var(${seriesColour(at)})` }}>
      {letter}
    </span>
  );
}
