import type { JSX } from 'react';

interface KeyProps {
  /** CSS variable. */
  readonly colour: string;
  readonly dash?: readonly number[];
}

/** Draws the line of a legend as the chart draws it. */
export function Key({ colour, dash = [] }: KeyProps): JSX.Element {
  return (
    <svg width="18" height="8" aria-hidden="true">
      <line
        x1="0"
        x2="18"
        y1="4"
        y2="4"
        strokeWidth="2"
        strokeDasharray={dash.join(' ')}
        style={{ stroke: `var(${colour})` }}
      />
    </svg>
  );
}
