import type { JSX, ReactNode } from 'react';

interface SegmentsProps<T extends string> {
  readonly label: string;
  readonly value: T;
  readonly options: readonly (readonly [T, ReactNode])[];
  readonly onChange: (value: T) => void;
  readonly small?: boolean;
}

/** One choice of several, side by side. */
export function Segments<T extends string>({
  label,
  value,
  options,
  onChange,
  small = false,
}: SegmentsProps<T>): JSX.Element {
  return (
    <div className={small ? 'segments small' : 'segments'} role="group" aria-label={label}>
      {options.map(([id, words]) => (
        <button key={id} type="button" aria-pressed={id === value} onClick={() => onChange(id)}>
          {words}
        </button>
      ))}
    </div>
  );
}
