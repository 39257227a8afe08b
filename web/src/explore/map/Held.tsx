import { useRef, type JSX } from 'react';
import { useKeys } from '../../lib/keys.ts';
import { valueText, type NamedAxis } from '../../words/axes.ts';

interface HeldProps {
  /** Axes that are neither x nor y, with the values that a slider goes through. */
  readonly axes: readonly NamedAxis[];
  readonly hold: Readonly<Record<string, string>>;
  readonly onHold: (hold: Readonly<Record<string, string>>) => void;
}

/** Sliders that hold the other axes at a value; at their left end all values count. */
export function Held({ axes, hold, onHold }: HeldProps): JSX.Element | null {
  const last = useRef<string | null>(null);
  const put = (axis: NamedAxis, place: number): void => {
    last.current = axis.key;
    const { [axis.key]: _, ...others } = hold;
    onHold(place < 0 ? others : { ...others, [axis.key]: String(axis.values[place]) });
  };
  const step = (by: number): void => {
    const axis = axes.find(({ key }) => key === last.current) ?? axes[0];
    if (axis === undefined) return;
    put(axis, Math.max(-1, Math.min(axis.values.length - 1, placeOf(axis, hold) + by)));
  };
  useKeys({ '[': () => step(-1), ']': () => step(1) });
  if (axes.length === 0) return null;
  return (
    <div className="map-held">
      {axes.map((axis) => {
        const place = placeOf(axis, hold);
        const text = place < 0 ? 'all' : valueText(axis, axis.values[place] ?? null);
        return (
          <label key={axis.key}>
            <span title={axis.label}>{axis.label}</span>
            <input
              type="range"
              min={-1}
              max={axis.values.length - 1}
              value={place}
              aria-valuetext={place < 0 ? 'all values' : text}
              data-hold={axis.key}
              onChange={(event) => put(axis, Number(event.currentTarget.value))}
            />
            <b className="num">{text}</b>
          </label>
        );
      })}
    </div>
  );
}

const placeOf = ({ key, values }: NamedAxis, hold: HeldProps['hold']): number =>
  hold[key] === undefined ? -1 : values.findIndex((value) => String(value) === hold[key]);
