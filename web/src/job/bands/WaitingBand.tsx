// The band of a job that nobody runs now: in the queue, or left by its worker.

import type { Schemas } from '@backtest-jobs/client';
import type { JSX } from 'react';
import { shareDone } from '../../jobs/job-words.ts';
import { useNow } from '../../lib/clock.ts';
import { Sign } from '../../parts/Sign.tsx';
import type { NamedAxis } from '../../words/axes.ts';
import { ago, span } from '../../words/format.ts';
import { Winner } from '../verdict/Winner.tsx';
import { Band } from './Band.tsx';
import { Stages } from './ProgressBand.tsx';

interface WaitingBandProps {
  readonly job: Schemas['JobStatus'];
  readonly request: Schemas['JobRequest'] | undefined;
  readonly axes: readonly NamedAxis[];
  readonly row: Schemas['TopVariant'] | undefined;
  /** When the status was read: its seconds go on from there. */
  readonly readAtMs: number;
}

interface Words {
  readonly caption: string;
  readonly head: string;
  readonly what: string;
  readonly todo: string;
}

const TICK_MS = 1000;

export function WaitingBand({ job, request, axes, row, readAtMs }: WaitingBandProps): JSX.Element {
  const now = useNow(TICK_MS);
  const { caption, head, what, todo } = wordsFor(job, readAtMs, now);
  const isBest = row?.variant_index === job.best?.variant_index;
  return (
    <Band
      label={head}
      tone={job.state === 'queued' ? 'none' : 'caution'}
      caption={caption}
      head={head}
      evidence={
        <>
          {job.best !== null && (
            <Winner job={job} axes={axes} row={isBest ? row : null} words="Best so far" held={null} />
          )}
          <ul className="notes">
            <li>
              <Sign name="tick" /> {what}
            </li>
            <li>
              <Sign name="dash" /> {attemptsText(job.attempt)}
            </li>
            <li>
              <Sign name="right" /> {todo}
            </li>
          </ul>
        </>
      }
    >
      <Stages job={job} request={request} />
      <p className="rate">close this page if you like, the search goes on by itself</p>
    </Band>
  );
}

function wordsFor(job: Schemas['JobStatus'], readAtMs: number, nowMs: number): Words {
  const percent = `${Math.floor(100 * shareDone(job))}%`;
  const later = Math.max(0, nowMs - readAtMs) / 1000;
  if (job.state === 'queued') {
    return {
      caption: `Submitted ${ago(job.created_at, nowMs)}`,
      head: 'In the queue',
      what:
        job.attempt === 0
          ? 'The spec is stored; nothing can get lost.'
          : `Nothing is lost: it goes on from ${percent}.`,
      todo: 'The next free worker takes it. If none is there, start one: backtest worker',
    };
  }
  if (job.waiting_for_worker_seconds !== null) {
    return {
      caption: `Since ${span(Math.round(job.waiting_for_worker_seconds + later))}, nothing lost`,
      head: 'Waiting for a worker',
      what: `The worker that ran it is gone. Nothing is lost: the next one goes on from the last checkpoint, near ${percent}.`,
      todo: 'A free worker takes it by itself. If none is there, start one: backtest worker',
    };
  }
  return {
    caption: 'Nothing lost',
    head: 'Waiting for candles',
    what: 'The source of the candles does not answer. The worker asks again by itself.',
    todo: 'See that the source is reachable from the machine of the worker.',
  };
}

const attemptsText = (attempt: number): string =>
  attempt === 0
    ? 'No worker has taken it yet.'
    : `${attempt} ${attempt === 1 ? 'worker has' : 'times a worker has'} taken it.`;
