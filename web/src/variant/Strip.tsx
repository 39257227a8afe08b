import '../parts/strip.css';
import type { Schemas } from '@backtest-jobs/client';
import type { JSX } from 'react';
import { Link } from 'wouter';
import { Sign } from '../parts/Sign.tsx';
import { count, decimal } from '../words/format.ts';
import { metricText, metricWords } from '../words/metrics.ts';
import { LEVELS } from '../words/verdict.ts';
import { differences } from './bit-for-bit.ts';
import type { Report } from './queries.ts';

type Verdict = Schemas['Verdict'];

interface StripProps {
  readonly status: Schemas['JobStatus'];
  readonly variant_index: number;
  /** What the job keeps of it; null: nothing; undefined: not known yet. */
  readonly row: Schemas['TopVariant'] | null | undefined;
  readonly report: Report | undefined;
}

/** Says whether to believe the number of this variant, and whether the report comes to what was scored. */
export function Strip({ status, variant_index, row, report }: StripProps): JSX.Element {
  const { verdict, best, job_id } = status;
  const wrong = row && report ? differences(row.metrics, report.metrics) : [];
  const level = verdict && LEVELS[verdict.luck];
  const isBest = best?.variant_index === variant_index;
  return (
    <>
      <Link
        className={`strip tone-${level?.tone ?? 'none'}`}
        href={`/jobs/${job_id}`}
        {...(verdict && { 'data-luck': verdict.luck })}
      >
        <Sign name={level?.sign ?? 'unknown'} />
        <b>{level?.head ?? 'No verdict yet'}</b>
        <span className="grow">{verdict ? wordsOf(verdict, isBest, row) : 'A job has one when it is done.'}</span>
        {wrong.length === 0 && row && report && (
          <span className="same nowrap" data-same>
            <Sign name="tick" /> score = report, bit for bit
          </span>
        )}
        {row === null && <span className="ink-3">not kept: no score to compare with</span>}
      </Link>
      {wrong.length > 0 && (
        <p className="strip tone-loss" role="alert" data-same="no">
          <Sign name="cross" />
          <b>The report is not what was scored</b>
          <span className="grow">
            {wrong.map(({ metric, scored, reported }) => (
              <span key={metric}>
                {metricWords(metric).name}: scored {metricText(metric, scored)}, reported {metricText(metric, reported)}{' '}
                ({String(scored)}, {String(reported)}).{' '}
              </span>
            ))}
            {whyOf(report)}
          </span>
        </p>
      )}
    </>
  );
}

function wordsOf(verdict: Verdict, isBest: boolean, row: StripProps['row']): string {
  const { trials, sharpe_annual: own, lucky_sharpe_annual: lucky } = verdict;
  const ratios =
    own === null || lucky === null ? '' : `: Sharpe ${decimal(own)} a year, luck alone finds about ${decimal(lucky)}`;
  if (isBest) return `The best of ${count(trials)} variants${ratios}`;
  if (row === null && own === null) return verdict.sentence;
  const place =
    row === undefined ? '' : row === null ? ' This one was not kept.' : ` This one is number ${count(row.rank)}.`;
  return `That is the verdict on the best of ${count(trials)} variants${ratios}.${place}`;
}

function whyOf(report: Report | undefined): string {
  const { same_candles, same_engine, engine_version } = report?.job ?? {};
  if (same_candles === false) return 'The candles have changed since the job.';
  if (same_engine === false) return `The job was run by engine ${engine_version ?? 'of another version'}.`;
  return 'Candles and engine are the same: this is a mistake of the engine, please report it.';
}
