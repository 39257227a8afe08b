import type { Schemas } from '@backtest-jobs/client';
import type { JSX } from 'react';
import { Link } from 'wouter';
import { variantText, type NamedAxis } from '../../words/axes.ts';
import { percent, tone, type MetricJson } from '../../words/format.ts';
import { metricText, metricWords } from '../../words/metrics.ts';

interface WinnerProps {
  readonly job: Schemas['JobStatus'];
  readonly axes: readonly NamedAxis[];
  /** The row of the best; undefined until it is read, null where the server has none of it yet. */
  readonly row: Schemas['TopVariant'] | undefined | null;
  /** "The best of 968,808". */
  readonly words: string;
  /** Return of buy and hold; null: not known. */
  readonly held: number | null;
}

const FREE = '\u00a0';

const SHOWN = ['max_drawdown_pct', 'sharpe', 'num_trades'] as const;

/** The best variant: what it is, and what it made. */
export function Winner({ job, axes, row, words, held }: WinnerProps): JSX.Element {
  const { best, primary_metric: primary } = job;
  if (best === null) {
    return (
      <div className="winner">
        <p className="what">
          <span className="caption">{words}</span>
          <b>No variant is ranked</b>
        </p>
      </div>
    );
  }
  // Until axes and row are read, their places are kept free.
  const name = axes.length === 0 ? FREE : variantText(axes, best.variant_index);
  return (
    <div className="winner">
      <p className="what">
        <span className="caption">{words}</span>
        <b title={name}>{name}</b>
      </p>
      <Figures primary={primary ?? 'total_return_pct'} best={best.value} row={row} held={held} />
      <Link className="btn" href={`/jobs/${job.job_id}/variants/${best.variant_index}`}>
        Open
      </Link>
    </div>
  );
}

interface FiguresProps extends Pick<WinnerProps, 'row' | 'held'> {
  readonly primary: string;
  readonly best: MetricJson;
}

/** What the best made; of one whose row is not there yet, what it is ranked by. */
function Figures({ primary, best, row, held }: FiguresProps): JSX.Element {
  const ranked = (
    <Figure name={metricWords(primary).name} value={metricText(primary, best)} colour={toneOf(primary, best)} />
  );
  if (row === null) return <dl>{ranked}</dl>;
  const isOther = !['total_return_pct', ...SHOWN].includes(primary);
  return (
    <dl>
      {isOther && ranked}
      <Figure
        name="Return"
        value={row === undefined ? FREE : metricText('total_return_pct', row.metrics.total_return_pct)}
        colour={tone(row?.metrics.total_return_pct)}
      />
      {held !== null && <Figure name="Buy and hold" value={percent(held)} />}
      {SHOWN.map((id) => (
        <Figure
          key={id}
          name={metricWords(id).name}
          value={row === undefined ? FREE : metricText(id, row.metrics[id])}
        />
      ))}
    </dl>
  );
}

const toneOf = (metric: string, value: MetricJson): string => (metricWords(metric).signed === true ? tone(value) : '');

interface FigureProps {
  readonly name: string;
  readonly value: string;
  readonly colour?: string;
}

function Figure({ name, value, colour = '' }: FigureProps): JSX.Element {
  return (
    <div>
      <dt>{name}</dt>
      <dd className={`num ${colour}`}>{value}</dd>
    </div>
  );
}
