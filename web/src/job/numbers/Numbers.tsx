// The numbers behind a verdict: statistics, the halves of the history, what lies one step away, the folds.

import type { Schemas } from '@backtest-jobs/client';
import type { JSX } from 'react';
import type { NamedAxis } from '../../words/axes.ts';
import { decimal, numberOf } from '../../words/format.ts';
import { metricText } from '../../words/metrics.ts';
import { ListedData, type ListedDataProps } from '../ListedData.tsx';
import type { LineContext } from '../verdict/lines.ts';
import type { LuckPicture } from '../verdict/luck-picture.ts';
import { aroundOf, type Around } from './around.ts';
import { Folds } from './Folds.tsx';
import { Halves } from './Halves.tsx';
import { statisticsOf } from './statistics.ts';

interface NumbersProps {
  readonly job: Schemas['JobStatus'];
  readonly context: LineContext;
  readonly axes: readonly NamedAxis[];
}

export default function Numbers({ job, context, axes }: NumbersProps): JSX.Element {
  const { verdict, validation, picture } = context;
  const data = picture === null ? null : dataOf(picture, verdict);
  return (
    <div className="numbers-behind">
      <section aria-label="Statistics">
        <h3>
          Statistics
          {data !== null && <ListedData {...data} />}
        </h3>
        <dl>
          {statisticsOf(verdict, job.ancestors).map(({ name, value, meaning }) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd className="num">{value}</dd>
              <dd className="meaning">{meaning}</dd>
            </div>
          ))}
        </dl>
      </section>
      <Halves verdict={verdict} />
      <AroundBest job={job} verdict={verdict} axes={axes} />
      {validation !== null && <Folds validation={validation} axes={axes} job_id={job.job_id} />}
      <p className="fine">
        {verdict.sentence} Every variant counts as a trial of its own, which neighbours in a grid are not; trials of the
        jobs before this one are told and not counted.
      </p>
    </div>
  );
}

/** The numbers of the drawing of a verdict; null: it has a dot alone. */
function dataOf({ bars, curve }: LuckPicture, { permuted }: Schemas['Verdict']): ListedDataProps | null {
  if (bars !== null && permuted) {
    return {
      title: 'Best of each permuted market',
      head: ['Market', 'Best', 'Daily Sharpe'],
      rows: permuted.bests.map((best, at) => [at + 1, numberOf(best), permuted.sharpes[at] ?? null]),
    };
  }
  if (curve === null) return null;
  return { title: 'Luck by formula', head: ['Sharpe ratio a year', 'Density, the highest 1'], rows: curve };
}

interface AroundBestProps {
  readonly job: Schemas['JobStatus'];
  readonly verdict: Schemas['Verdict'];
  readonly axes: readonly NamedAxis[];
}

function AroundBest({ job, verdict, axes }: AroundBestProps): JSX.Element {
  const peak = verdict.flags.isolated_peak;
  const neighbours = verdict.neighbours ?? [];
  const metric = job.primary_metric ?? 'total_return_pct';
  return (
    <section aria-label="One step away from the best">
      <h3>
        One step away from the best
        {neighbours.length > 0 && (
          <ListedData
            title="One step away from the best"
            head={['Axis', 'Value', 'Score']}
            rows={neighbours.map(({ axis, value, score }) => [axis, value, score === null ? null : numberOf(score)])}
          />
        )}
      </h3>
      {peak === null ? (
        <p className="ink-2">{capital(verdict.reasons['isolated_peak'] ?? 'it is the only variant')}.</p>
      ) : neighbours.length === 0 ? (
        <p className="ink-2">
          Of {peak.neighbours} variants the middle one has {metricText(metric, peak.neighbour_median)}
          {peak.neighbour_worst !== undefined && `, the worst ${metricText(metric, peak.neighbour_worst)}`}; the best
          has {metricText(metric, peak.score)}, a typical variant {metricText(metric, peak.typical)}.
        </p>
      ) : (
        <AroundLines
          around={aroundOf(neighbours, axes, { typical: peak.typical, best: peak.score })}
          peak={peak}
          metric={metric}
        />
      )}
    </section>
  );
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

interface AroundLinesProps {
  readonly around: Around;
  readonly peak: { readonly typical: number; readonly score: number };
  readonly metric: string;
}

function AroundLines({ around, peak, metric }: AroundLinesProps): JSX.Element {
  const { from, to, lines } = around;
  const at = (value: number): string => `${(100 * (Math.max(from, Math.min(to, value)) - from)) / (to - from)}%`;
  return (
    <div className="around">
      <div className="around-line around-head">
        <span />
        <span className="around-track">
          <i style={{ left: at(peak.typical) }}>typical {metricText(metric, peak.typical)}</i>
          <b style={{ left: at(peak.score) }}>best {metricText(metric, peak.score)}</b>
        </span>
        <span />
      </div>
      {lines.map(({ words, score, tone }) => (
        <div key={words} className="around-line">
          <span>{words}</span>
          <svg className="around-track" aria-hidden="true">
            <line className="rail" x1="0" x2="100%" y1="9" y2="9" />
            <line className="tick" x1={at(peak.typical)} x2={at(peak.typical)} y1="3" y2="15" />
            <line className="tick best" x1={at(peak.score)} x2={at(peak.score)} y1="3" y2="15" />
            {Number.isFinite(score) && tone === 'loss' && (
              <rect className="loss" x={at(score)} y="5.5" width="7" height="7" transform="translate(-3.5 0)" />
            )}
            {Number.isFinite(score) && tone === 'gain' && <circle className="gain" cx={at(score)} cy="9" r="3.5" />}
          </svg>
          <span className="num">{Number.isNaN(score) ? 'no trades' : scoreText(metric, score)}</span>
        </div>
      ))}
    </div>
  );
}

const scoreText = (metric: string, score: number): string =>
  Number.isFinite(score) ? metricText(metric, score) : decimal(score > 0 ? 'inf' : '-inf');
