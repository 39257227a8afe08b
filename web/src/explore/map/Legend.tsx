import type { JSX } from 'react';
import { metricText } from '../../words/metrics.ts';
import type { MapModel } from './model.ts';
import { gradientOf } from './scale.ts';

/** The colours with 0 and buy and hold, and what the marks mean. */
export function Legend({
  model,
  marks,
}: {
  readonly model: MapModel;
  readonly marks: readonly MarkName[];
}): JSX.Element {
  const { span, sign, holding, map } = model;
  const width = span.high - span.low;
  const place = (value: number): number => (width > 0 ? (100 * (sign * value - span.low)) / width : 50);
  // Scores that are better low run from their worst, at the left, too.
  const ends = [sign * span.low, sign * span.high] as const;
  const zero = place(0);
  const holdAt = holding === null ? null : place(holding);
  const hasRoom = holdAt === null || Math.abs(holdAt - zero) > 30;
  return (
    <div className="map-legend">
      <span className="num">{metricText(map.metric, ends[0])}</span>
      <div className="ramp" style={{ background: gradientOf(span) }} aria-hidden="true">
        <i style={{ left: `${zero}%` }}>{hasRoom && zero > 4 && zero < 96 && <span>0</span>}</i>
        {holdAt !== null && (
          <i style={{ left: `${holdAt}%` }}>
            <span>buy and hold {metricText(map.metric, holding)}</span>
          </i>
        )}
      </div>
      <span className="num">{metricText(map.metric, ends[1])}</span>
      <ul>
        {marks.map((name) => (
          <li key={name}>
            <svg viewBox="0 0 12 12" aria-hidden="true" fill="none" stroke="currentColor" strokeWidth="1.5">
              {SHAPES[name]}
            </svg>
            {name}
          </li>
        ))}
      </ul>
    </div>
  );
}

const SHAPES = {
  best: <circle cx="6" cy="6" r="4" />,
  plateau: <path d="M6 1.5L10.5 6 6 10.5 1.5 6z" />,
  'beats hold': <rect x="1.5" y="1.5" width="9" height="9" strokeWidth="1" />,
  'near the best': <rect x="1.5" y="1.5" width="9" height="9" strokeDasharray="1.5 1.5" />,
} as const;

export type MarkName = keyof typeof SHAPES;
