// The panels that close the page: the candles, and how the job ran.

import type { Schemas } from '@backtest-jobs/client';
import { useQuery } from '@tanstack/react-query';
import type { JSX } from 'react';
import { hasEnded } from '../../jobs/job-words.ts';
import { Panel } from '../../parts/Panel.tsx';
import { Sign } from '../../parts/Sign.tsx';
import { Trouble } from '../../parts/Trouble.tsx';
import { count, share } from '../../words/format.ts';
import { copy } from '../acts.ts';
import { stagesOf } from '../bands/stages.ts';
import { asRun } from '../head/copies.ts';
import { attemptsOf } from '../queries.ts';
import { attemptsSummary, attemptWords } from './attempts.ts';
import { ledgerFacts, type Fact } from './ledger.ts';

export function CandlesPanel({ job }: { readonly job: Schemas['JobStatus'] }): JSX.Element {
  return (
    <Panel title="Candles">
      {job.ledger === null ? (
        <p className="ink-2">
          {hasEnded(job)
            ? 'Only a job that ran to its end keeps the ledger of its candles.'
            : 'The ledger of the candles comes with the end of the job.'}
        </p>
      ) : (
        <Facts facts={ledgerFacts(job.ledger)} />
      )}
    </Panel>
  );
}

function Facts({ facts }: { readonly facts: readonly Fact[] }): JSX.Element {
  return (
    <dl className="facts">
      {facts.map(({ name, value, isCode, isDoubtful }) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd className={`${isCode ? 'mono' : 'num'}${isDoubtful ? ' caution' : ''}`}>
            {isDoubtful && <Sign name="bang" label="Caution" />} {value}
          </dd>
        </div>
      ))}
    </dl>
  );
}

interface HowItRanProps {
  readonly job: Schemas['JobStatus'];
  readonly request: Schemas['JobRequest'] | undefined;
}

export function HowItRanPanel({ job, request }: HowItRanProps): JSX.Element {
  const { data: attempts, error, refetch } = useQuery(attemptsOf(job.job_id));
  const items = attempts?.items ?? [];
  const command = job.best === null ? null : asRun(job.job_id, job.best.variant_index);
  return (
    <Panel title="How it ran">
      <dl className="facts">
        {stagesOf(job, request?.spec).map(({ id, words, done }, at) => (
          <div key={id}>
            <dt>Stage {at + 1}</dt>
            <dd className="num">
              {words}: {done}
            </dd>
          </div>
        ))}
        <LeftOut verdict={job.verdict} />
        <div>
          <dt>Attempts</dt>
          <dd>{attempts === undefined ? count(job.attempt) : attemptsSummary(items)}</dd>
        </div>
        <Hash name="Request" value={job.request_hash} />
        <Hash name="Engine" value={job.engine_params_hash} />
        <Hash name="Settings" value={job.backtest_runtime_config_hash} />
      </dl>
      {error && <Trouble what="The attempts could not be read" error={error} onRetry={() => void refetch()} />}
      {items.length > 1 && (
        <ul className="attempts">
          {items.map((attempt) => (
            <li key={attempt.attempt}>{attemptWords(attempt)}</li>
          ))}
        </ul>
      )}
      {command !== null && (
        <div className="command">
          <code tabIndex={0} aria-label="Command that runs the best variant again">
            {command}
          </code>
          <button
            type="button"
            className="btn quiet icon small"
            aria-label="Copy the command"
            onClick={() => void copy(command, 'the command')}
          >
            <Sign name="copy" />
          </button>
        </div>
      )}
    </Panel>
  );
}

/** What the search left out, as far as the verdict tells it. */
function LeftOut({ verdict }: { readonly verdict: Schemas['Verdict'] | null }): JSX.Element | null {
  const idle = verdict?.flags.zero_trades_share;
  const short = verdict?.flags.short_history?.not_ranked ?? 0;
  if (!idle && short === 0) return null;
  const words = [
    ...(idle ? [`${share(idle.share)} of the grid never trades`] : []),
    ...(short > 0 ? [`${count(short)} have too short a history`] : []),
  ];
  return (
    <div>
      <dt>Not ranked</dt>
      <dd className="num">{words.join(', ')}</dd>
    </div>
  );
}

function Hash({ name, value }: { readonly name: string; readonly value: string }): JSX.Element {
  return (
    <div>
      <dt>{name}</dt>
      <dd className="mono" title={value}>
        {value.slice(0, 16)}
      </dd>
    </div>
  );
}
