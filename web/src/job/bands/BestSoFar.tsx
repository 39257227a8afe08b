import type { Schemas } from '@backtest-jobs/client';
import type { JSX } from 'react';
import { short } from '../../words/format.ts';
import { metricText, metricWords } from '../../words/metrics.ts';
import { ListedData } from '../ListedData.tsx';
import { useSize } from '../size.ts';
import { roundTicks } from '../verdict/ticks.ts';
import { stepsOf, valueEnds, type StepPoint } from './steps.ts';

const RIGHT = 56;
const BOTTOM = 18;
const TOP = 6;

/** The best so far, by simulations done, as it was seen while the page was open. */
export function BestSoFar({ job }: { readonly job: Schemas['JobStatus'] }): JSX.Element {
  const [place, { width, height }] = useSize<HTMLDivElement>();
  const metric = job.primary_metric ?? 'total_return_pct';
  const points = stepsOf(job);
  const { name, unit } = metricWords(metric);
  return (
    <figure className="so-far">
      <figcaption>
        <span>
          Best so far: {name}
          {unit === '' ? '' : `, ${unit}`}, by work done
        </span>
        <ListedData
          title="Best so far"
          head={['Units done', `${name}${unit === '' ? '' : ` ${unit}`}`]}
          rows={points.map(({ done, value }) => [done, value])}
        />
      </figcaption>
      <div ref={place} className="so-far-place">
        {width > RIGHT && height > 0 && (
          <svg
            width={width}
            height={height}
            role="img"
            aria-label={`Best so far: ${metricText(metric, job.best?.value)} after ${short(job.processed_units)} of ${short(job.total_units)}`}
          >
            <Steps points={points} total={job.total_units} metric={metric} width={width - RIGHT} height={height} />
          </svg>
        )}
      </div>
    </figure>
  );
}

interface StepsProps {
  readonly points: readonly StepPoint[];
  readonly total: number;
  readonly metric: string;
  readonly width: number;
  readonly height: number;
}

function Steps({ points, total, metric, width, height }: StepsProps): JSX.Element {
  const floor = height - BOTTOM;
  const [low, high] = valueEnds(points);
  const x = (done: number): number => (width * done) / Math.max(1, total);
  const y = (value: number): number =>
    floor - ((floor - TOP) * (Math.max(low, Math.min(high, value)) - low)) / (high - low);
  const last = points.at(-1);
  const path = points.map(
    ({ done, value }, at) => `${at === 0 ? 'M' : 'H'}${x(done)}${at === 0 ? ' ' : 'V'}${y(value)}`,
  );
  const about = width < 300 ? 2 : 4;
  return (
    <>
      <rect
        className="to-come"
        x={x(last?.done ?? 0)}
        width={width - x(last?.done ?? 0)}
        y={TOP}
        height={floor - TOP}
      />
      {roundTicks(low, high, 3).map((tick) => (
        <g key={tick}>
          <line className="grid" x1={0} x2={width} y1={y(tick)} y2={y(tick)} />
          <text x={width + 8} y={y(tick) + 4}>
            {metricText(metric, tick)}
          </text>
        </g>
      ))}
      {Array.from({ length: about + 1 }, (_, at) => (total * at) / about).map((done, at) => (
        <text key={done} x={x(done)} y={height - 3} textAnchor={at === 0 ? 'start' : at === about ? 'end' : 'middle'}>
          {short(Math.round(done))}
        </text>
      ))}
      {last && <path className="steps" d={path.join('')} />}
      {last && <circle className="now" cx={x(last.done)} cy={y(last.value)} r={4} />}
    </>
  );
}
