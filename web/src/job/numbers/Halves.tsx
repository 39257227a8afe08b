import type { Schemas } from '@backtest-jobs/client';
import type { JSX } from 'react';
import { share } from '../../words/format.ts';
import { ListedData } from '../ListedData.tsx';
import { useSize } from '../size.ts';

const HEIGHT = 150;
const BOTTOM = 18;
const TOP = 18;

/** Where the winner of one half of the history stands in the other, over all halvings. */
export function Halves({ verdict }: { readonly verdict: Schemas['Verdict'] }): JSX.Element {
  const [place, { width }] = useSize<HTMLDivElement>();
  const { halves } = verdict;
  const falls = verdict.overfitting_probability;
  const title = 'Where the winner of one half stands in the other';
  return (
    <section aria-label={title}>
      <h3>
        {title}
        {halves && (
          <ListedData
            title={title}
            head={['From', 'To', 'Halvings']}
            rows={halves.counts.map((count, at) => [edge(halves, at), edge(halves, at + 1), count])}
          />
        )}
      </h3>
      <div ref={place} className="halves">
        {!halves ? (
          <p className="ink-2">
            {falls === null
              ? `It cannot be told: ${verdict.reasons['overfitting_probability'] ?? 'nothing was compared'}.`
              : `Below the middle ${share(falls, 1)} of the time. An earlier version kept no more of it.`}
          </p>
        ) : (
          width > 0 && (
            <svg width={width} height={HEIGHT} role="img" aria-label={`${title}: ${share(falls, 1)} below the middle`}>
              <Bars counts={halves.counts} width={width} words={share(falls)} />
            </svg>
          )
        )}
      </div>
    </section>
  );
}

interface Range {
  readonly from: number;
  readonly to: number;
  readonly counts: readonly number[];
}

const edge = ({ from, to, counts }: Range, at: number): number => from + ((to - from) * at) / counts.length;

function Bars({
  counts,
  width,
  words,
}: {
  readonly counts: readonly number[];
  readonly width: number;
  readonly words: string;
}): JSX.Element {
  const floor = HEIGHT - BOTTOM;
  const top = Math.max(1, ...counts);
  const wide = width / counts.length;
  const middle = width / 2;
  return (
    <>
      {counts.map((count, at) => (
        <rect
          key={`bin ${at + 1}`}
          className={at < counts.length / 2 ? 'lost' : 'won'}
          x={at * wide + 0.5}
          width={Math.max(0.5, wide - 1)}
          y={floor - ((floor - TOP) * count) / top}
          height={((floor - TOP) * count) / top}
        />
      ))}
      <line className="floor" x1={0} x2={width} y1={floor} y2={floor} />
      <line className="middle" x1={middle} x2={middle} y1={0} y2={floor} />
      <text className="lost-words" x={middle - 6} y={11} textAnchor="end">
        {words} below the middle
      </text>
      <text x={middle + 6} y={11}>
        above
      </text>
      <text x={0} y={HEIGHT - 4}>
        worst
      </text>
      <text x={middle} y={HEIGHT - 4} textAnchor="middle">
        middle
      </text>
      <text x={width} y={HEIGHT - 4} textAnchor="end">
        best
      </text>
    </>
  );
}
