// Small drawn signs of 16 px, one stroke each. The signs of the verdict differ in shape, not only in colour.

import type { JSX } from 'react';

const dots = (...places: readonly (readonly [number, number])[]): JSX.Element => (
  <g fill="currentColor" stroke="none">
    {places.map(([x, y]) => (
      <circle key={`${x} ${y}`} cx={x} cy={y} r="1.15" />
    ))}
  </g>
);

const SIGNS = {
  brand: <path d="M1.5 12.5l4-4.5 3 2.5 6-7" strokeWidth="2" />,
  die: (
    <>
      <rect x="2" y="2" width="12" height="12" rx="2.5" />
      {dots([5.3, 5.3], [10.7, 10.7], [8, 8], [10.7, 5.3], [5.3, 10.7])}
    </>
  ),
  half: (
    <>
      <circle cx="8" cy="8" r="6" />
      <path d="M8 2a6 6 0 0 1 0 12z" fill="currentColor" stroke="none" />
    </>
  ),
  shield: <path d="M8 1.8l5.2 1.9v3.8c0 3.2-2.1 5.5-5.2 6.7-3.1-1.2-5.2-3.5-5.2-6.7V3.7zM5.6 7.9l1.8 1.8 3.1-3.3" />,
  unknown: (
    <>
      <circle cx="8" cy="8" r="6" strokeDasharray="2.2 2" />
      <path d="M6.3 6.4a1.8 1.8 0 1 1 2.5 1.7c-.5.2-.8.5-.8 1.1M8 11.2v.1" />
    </>
  ),
  cross: <path d="M4 4l8 8M12 4l-8 8" strokeWidth="1.8" />,
  bang: <path d="M8 2.2l6.2 11H1.8zM8 6.4v3M8 11.2v.1" />,
  tick: <path d="M3 8.5l3.2 3.2L13 4.8" strokeWidth="1.8" />,
  dash: <path d="M4 8h8" />,
  search: <path d="M11.5 7a4.5 4.5 0 1 1-9 0 4.5 4.5 0 0 1 9 0zM10.5 10.5L14 14" />,
  plus: <path d="M8 3v10M3 8h10" />,
  more: dots([3.5, 8], [8, 8], [12.5, 8]),
  sun: (
    <path d="M10.8 8a2.8 2.8 0 1 1-5.6 0 2.8 2.8 0 0 1 5.6 0zM8 1.5v1.3M8 13.2v1.3M1.5 8h1.3M13.2 8h1.3M3.4 3.4l.9.9M11.7 11.7l.9.9M12.6 3.4l-.9.9M4.3 11.7l-.9.9" />
  ),
  moon: <path d="M13.5 9.6A5.8 5.8 0 0 1 6.4 2.5a5.8 5.8 0 1 0 7.1 7.1z" />,
  wide: <path d="M9.5 2.5h4v4M13.5 2.5L9 7M6.5 13.5h-4v-4M2.5 13.5L7 9" />,
  table: (
    <path d="M3.5 3h9A1.5 1.5 0 0 1 14 4.5v7a1.5 1.5 0 0 1-1.5 1.5h-9A1.5 1.5 0 0 1 2 11.5v-7A1.5 1.5 0 0 1 3.5 3zM2 6.5h12M6.5 6.5V13" />
  ),
  copy: (
    <>
      <rect x="5.5" y="5.5" width="8" height="8" rx="1.5" />
      <path d="M10.5 5.5v-2a1 1 0 0 0-1-1h-6a1 1 0 0 0-1 1v6a1 1 0 0 0 1 1h2" />
    </>
  ),
  export: <path d="M8 10V2.5M5 5l3-3 3 3M3 10v2.5a1 1 0 0 0 1 1h8a1 1 0 0 0 1-1V10" />,
  import: <path d="M8 2.5V10M5 7l3 3 3-3M3 10v2.5a1 1 0 0 0 1 1h8a1 1 0 0 0 1-1V10" />,
  bin: <path d="M3 4.5h10M6.5 4.5v-2h3v2M4.3 4.5l.6 9h6.2l.6-9" />,
  stop: <rect x="4" y="4" width="8" height="8" rx="1.2" />,
  left: <path d="M10 3L5 8l5 5" />,
  right: <path d="M6 3l5 5-5 5" />,
  up: <path d="M3.5 10L8 5.5l4.5 4.5" />,
  down: <path d="M3.5 6L8 10.5 12.5 6" />,
  save: <path d="M4 2.5h8v11l-4-3-4 3z" />,
  clock: <path d="M14 8A6 6 0 1 1 2 8a6 6 0 0 1 12 0zM8 4.6V8l2.3 1.5" />,
  refine: <path d="M10.2 8a2.2 2.2 0 1 1-4.4 0 2.2 2.2 0 0 1 4.4 0zM8 1.5v3M8 11.5v3M1.5 8h3M11.5 8h3" />,
  compare: (
    <>
      <path d="M2 12l3.5-5 3 2.5L14 3" />
      <path d="M2 8l3.5 2.5 3-4L14 9" strokeDasharray="1.6 1.6" />
    </>
  ),
  edge: <path d="M13 2.5v11M3 8h7M7.5 5.2L10.3 8l-2.8 2.8" />,
  person: <path d="M10.5 5.5a2.5 2.5 0 1 1-5 0 2.5 2.5 0 0 1 5 0zM3 13.5c.6-2.6 2.5-4 5-4s4.4 1.4 5 4" />,
} as const satisfies Record<string, JSX.Element>;

export type SignName = keyof typeof SIGNS;

/** Draws a sign; with a label it speaks, else the words beside it do. */
export function Sign({ name, label }: { readonly name: SignName; readonly label?: string }): JSX.Element {
  return (
    <svg
      className="sign"
      viewBox="0 0 16 16"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.5"
      strokeLinecap="round"
      strokeLinejoin="round"
      {...(label === undefined ? { 'aria-hidden': true } : { role: 'img', 'aria-label': label })}
    >
      {SIGNS[name]}
    </svg>
  );
}
