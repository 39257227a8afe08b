import type { JSX } from 'react';
import { useSize } from '../size.ts';
import { layOut, type LuckLayout } from './luck-layout.ts';
import type { LuckPicture } from './luck-picture.ts';

/** Below the drawing: ticks and their labels. */
const AXIS = 20;
const LABEL = 16;
/** Of the dot above the axis. */
const DOT = 17;

/** The drawing of two seconds: dot left of the hump is luck. */
export function LuckDrawing({ picture }: { readonly picture: LuckPicture }): JSX.Element {
  const [place, { width, height }] = useSize<HTMLDivElement>();
  return (
    <figure className="luck">
      <div ref={place} className="luck-place">
        {width > 0 && height > 0 && (
          <svg width={width} height={height} role="img" aria-label={saidOf(picture)}>
            <Drawn picture={picture} layout={layOut(picture, width)} width={width} floor={height - AXIS} />
          </svg>
        )}
      </div>
      <figcaption>
        <span>{picture.caption}</span>
        <b>{picture.answer}</b>
      </figcaption>
    </figure>
  );
}

const saidOf = ({ own, luck, caption, answer }: LuckPicture): string =>
  `${caption}: ${[own.words, luck?.words, answer].filter(Boolean).join('; ')}`;

interface DrawnProps {
  readonly picture: LuckPicture;
  readonly layout: LuckLayout;
  readonly width: number;
  /** Where the axis is. */
  readonly floor: number;
}

function Drawn({ picture, layout, width, floor }: DrawnProps): JSX.Element {
  const { x, own, luck, isTight, ticks } = layout;
  const top = LABEL + (isTight ? 2 : 6);
  const y = floor - DOT;
  const at = x(picture.own.at);
  return (
    <>
      <Hump picture={picture} x={x} top={top} floor={floor} />
      <line className="axis" x1={0} x2={width} y1={floor + 0.5} y2={floor + 0.5} />
      {ticks.map((tick) => (
        <g key={tick.at}>
          <line className="axis" x1={tick.at} x2={tick.at} y1={floor} y2={floor + 4} />
          <text className="tick-words" x={tick.x} y={floor + 16} textAnchor="middle">
            {tick.words}
          </text>
        </g>
      ))}
      {picture.interval && (
        <line className="interval" x1={x(picture.interval[0])} x2={x(picture.interval[1])} y1={y} y2={y} />
      )}
      <circle className="own-dot" cx={at} cy={y} r={6.5} />
      {luck && (
        <text className="luck-words" x={luck.x} y={11} textAnchor="middle">
          {luck.words}
        </text>
      )}
      <text className="own-words" x={own.x} y={y - 13} textAnchor="middle">
        {own.words}
      </text>
    </>
  );
}

interface HumpProps {
  readonly picture: LuckPicture;
  readonly x: (value: number) => number;
  readonly top: number;
  readonly floor: number;
}

/** What luck finds: bars where it was measured, a dotted curve where a formula stands in. */
function Hump({ picture: { bars, curve, luck }, x, top, floor }: HumpProps): JSX.Element | null {
  const room = floor - top;
  const typical = luck && <line className="typical" x1={x(luck.at)} x2={x(luck.at)} y1={top - 3} y2={floor} />;
  if (bars !== null) {
    const most = Math.max(1, ...bars.map(({ count }) => count));
    return (
      <>
        <g className="hump">
          {bars.map(({ from, to, count }) => (
            <rect
              key={from}
              x={x(from) + 0.5}
              width={Math.max(0.5, x(to) - x(from) - 1)}
              y={floor - (room * count) / most}
              height={(room * count) / most}
            />
          ))}
        </g>
        {typical}
      </>
    );
  }
  if (curve === null) return null;
  const points = curve.map(([at, height]) => `${x(at).toFixed(1)} ${(floor - room * height).toFixed(1)}`);
  return <path className="hump formula" d={`M${points.join('L')}`} />;
}
