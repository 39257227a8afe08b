import type { JSX } from 'react';
import { Segments } from '../../parts/Segments.tsx';
import type { NamedAxis } from '../../words/axes.ts';
import type { Pair } from '../axes.ts';
import type { How } from '../fields.ts';

interface MapToolsProps {
  readonly axes: readonly NamedAxis[];
  readonly pair: Pair;
  readonly how: How;
  /** Whether there are neighbourhoods: of a sample there are none. */
  readonly hasNear: boolean;
  readonly onPair: (pair: Pair) => void;
  readonly onHow: (how: How) => void;
}

/** Chooses the axes of the map and what its cells show. */
export function MapTools({ axes, pair, how, hasNear, onPair, onHow }: MapToolsProps): JSX.Element {
  const options: readonly (readonly [How, string])[] = [
    ['max', 'Best'],
    ['median', 'Median'],
    ...(hasNear ? ([['near', 'Neighbourhood']] as const) : []),
  ];
  // What the other one has is exchanged, so that the two are never the same.
  const choose = (which: 'x' | 'y', key: string): void => {
    const [mine, other] = which === 'x' ? [pair.x, pair.y] : [pair.y, pair.x];
    const next = key === other ? mine : other;
    onPair(which === 'x' ? { x: key, y: next } : { x: next ?? pair.x, y: key });
  };
  return (
    <div className="map-tools">
      {pair.y !== null && (
        <>
          <AxisSelect label="Rows of the map" axes={axes} value={pair.y} onChange={(key) => choose('y', key)} />
          <span className="ink-3">by</span>
        </>
      )}
      <AxisSelect label="Columns of the map" axes={axes} value={pair.x} onChange={(key) => choose('x', key)} />
      <span className="grow" />
      <Segments small label="What a cell shows" value={how} options={options} onChange={onHow} />
    </div>
  );
}

interface AxisSelectProps {
  readonly label: string;
  readonly axes: readonly NamedAxis[];
  readonly value: string;
  readonly onChange: (key: string) => void;
}

function AxisSelect({ label, axes, value, onChange }: AxisSelectProps): JSX.Element {
  return (
    <select
      className="input small"
      aria-label={label}
      value={value}
      onChange={(event) => onChange(event.currentTarget.value)}
    >
      {axes.map(({ key, label: name }) => (
        <option key={key} value={key}>
          {name}
        </option>
      ))}
    </select>
  );
}
