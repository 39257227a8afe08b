import type { Schemas } from '@backtest-jobs/client';
import { useState, type JSX } from 'react';
import { announcement, type Announcement } from './bands/announce.ts';

/** Says to a screen reader how a watched job gets on, and its end once. */
export function Announced({ job }: { readonly job: Schemas['JobStatus'] }): JSX.Element {
  const [said, setSaid] = useState<Announcement | null>(null);
  const now = announcement(said, job, Date.now());
  if (now !== said) setSaid(now);
  return (
    <p className="sr" aria-live="polite" data-announced>
      {now.words}
    </p>
  );
}
