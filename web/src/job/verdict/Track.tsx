import type { JSX } from 'react';
import type { FoldBars, Line } from './lines.ts';

/** Pixels of a line that stay free at both ends, for the dot. */
const END = 5;
const MIDDLE = 9;
const ROOM = 15;

const percent = (share: number): string => `${(100 * share).toFixed(2)}%`;

/** A value on a line with the places that matter marked: one drawing for all checks. */
export function Track({ line }: { readonly line: Line | FoldBars | null }): JSX.Element {
  if (line === null) {
    return (
      <svg className="track" aria-hidden="true">
        <line className="dotted" x1={END} x2="100%" y1={MIDDLE} y2={MIDDLE} />
      </svg>
    );
  }
  return 'folds' in line ? <Folds {...line} /> : <OnLine {...line} />;
}

function OnLine({ at, ticks, isFilled, bars }: Line): JSX.Element {
  return (
    <span className="track ends" aria-hidden="true">
      <svg>
        {bars?.map(({ from, to, height }) => (
          <rect
            key={from}
            x={percent(from)}
            width={percent(Math.max(0.004, to - from - 0.006))}
            y={MIDDLE - (MIDDLE - 1) * height}
            height={(MIDDLE - 1) * height}
          />
        ))}
        <line className="rail" x1="0" x2="100%" y1={MIDDLE} y2={MIDDLE} />
        {isFilled && <line className="fill" x1="0" x2={percent(at)} y1={MIDDLE} y2={MIDDLE} />}
        {ticks.map((tick) => (
          <line key={tick} className="tick" x1={percent(tick)} x2={percent(tick)} y1={3} y2={ROOM} />
        ))}
        <circle cx={percent(at)} cy={MIDDLE} r={4} />
      </svg>
    </span>
  );
}

/** Bars up for parts that made money, down for those that lost. */
function Folds({ folds }: FoldBars): JSX.Element {
  const wide = 1 / folds.length;
  return (
    <span className="track ends" aria-hidden="true">
      <svg>
        <line className="rail thin" x1="0" x2="100%" y1={MIDDLE} y2={MIDDLE} />
        {folds.map((height, at) => {
          const size = Math.max(1, Math.abs(height) * (MIDDLE - 1));
          return (
            <rect
              key={`fold ${at + 1}`}
              className={height > 0 ? 'won' : 'lost'}
              x={percent(wide * (at + 0.2))}
              width={percent(wide * 0.6)}
              y={height > 0 ? MIDDLE - size : MIDDLE}
              height={size}
            />
          );
        })}
      </svg>
    </span>
  );
}
