// All scores as a histogram: where the best stands among everything that was tried.

import './explore.css';
import type { Schemas } from '@backtest-jobs/client';
import type { JSX } from 'react';
import type { Table } from '../parts/csv.ts';
import { Coming, Panel } from '../parts/Panel.tsx';
import { ShowData } from '../parts/ShowData.tsx';
import { Trouble } from '../parts/Trouble.tsx';
import { count } from '../words/format.ts';
import { metricWords } from '../words/metrics.ts';
import { withUnit } from './map/cells.ts';
import { HistogramChart } from './scores/HistogramChart.tsx';
import { useExplored, type ExploreProps } from './use-explored.ts';
import { nothingWords, scoresSentence, stageWords } from './words.ts';

export function AllScores(props: ExploreProps): JSX.Element {
  const { summary, holding } = useExplored(props);
  const { data } = summary;
  const stops = stageWords(props.request).includes('without') ? ', without stops' : '';
  return (
    <Panel
      title="All scores"
      note={data && `${count(data.scores)} ${data.scores === 1 ? 'variant trades' : 'variants that trade'}${stops}`}
      busy={summary.isPlaceholderData}
      tools={<ShowData what="all scores" table={data?.histogram ? () => scoresTable(data) : null} />}
      flush
    >
      <div className="explore-body">
        {summary.isError && data === undefined && (
          <Trouble what="The scores could not be read" error={summary.error} onRetry={() => void summary.refetch()} />
        )}
        {data === undefined && !summary.isError && <Coming height={308} />}
        {data?.histogram && <HistogramChart summary={data} histogram={data.histogram} holding={holding} />}
        {data?.scores === 0 && <p className="ink-2">{nothingWords(props.job, data.units)}</p>}
        {data !== undefined && data.scores > 0 && data.histogram === null && (
          <p className="ink-2">All scores are infinite.</p>
        )}
        {data !== undefined && data.scores > 0 && (
          <p className="scores-say">{emphasised(scoresSentence(data, holding))}</p>
        )}
      </div>
    </Panel>
  );
}

/** Makes the shares of a sentence bold. */
function emphasised(sentence: string): readonly (string | JSX.Element)[] {
  return sentence
    .split(/([<>]?[\d.]+%(?= of what|(?= beat)))/)
    .map((part, at) => (at % 2 === 1 ? <b key={`${at}`}>{part}</b> : part));
}

function scoresTable({ metric, histogram }: Schemas['SurfaceSummary']): Table {
  const { from, to, counts } = histogram ?? { from: 0, to: 0, counts: [] };
  const words = metricWords(metric);
  const name = withUnit(words);
  const format = (value: unknown): string => words.format(value as number);
  const width = (to - from) / Math.max(1, counts.length);
  return {
    title: `All scores: ${words.long}`,
    file: 'scores',
    columns: [
      { name: `${name} from`, format },
      { name: `${name} to`, format },
      { name: 'Variants', format: (value) => count(value as number) },
    ],
    length: counts.length,
    cell: (row, column) => [from + row * width, from + (row + 1) * width, counts[row] ?? 0][column] ?? null,
  };
}
