import '../parts/strip.css';
import { useQuery } from '@tanstack/react-query';
import type { JSX } from 'react';
import { Sign } from '../parts/Sign.tsx';
import { statusOf } from '../variant/queries.ts';
import { LEVELS } from '../words/verdict.ts';
import { whatDiffers } from './comparable.ts';
import type { Member } from './members.ts';

/** Says first whether the variants may be compared, and names what else than parameters differs. */
export function ComparableStrip({ members }: { readonly members: readonly Member[] }): JSX.Element {
  const read = members.flatMap(({ letter, found }) => (found ? [{ letter, facts: found.facts }] : []));
  const isComing = members.some(({ found, error }) => found === null && error === null);
  const different = whatDiffers(read);
  const jobs = new Set(members.map(({ job_id }) => job_id));
  const [one = ''] = jobs;
  const status = useQuery({ ...statusOf(one), enabled: jobs.size === 1 });
  const luck = status.data?.verdict?.luck;
  if (different.length > 0) {
    return (
      <p className="strip tone-caution" data-comparable="no">
        <Sign name="bang" />
        <b>Not like with like</b>
        <span className="grow">
          They differ in more than parameters. {different.map((words) => `${upper(words)}.`).join(' ')}
        </span>
      </p>
    );
  }
  if (read.length < 2) {
    return (
      <p className="strip tone-none" aria-busy={isComing}>
        {isComing ? 'The variants are run again …' : 'Fewer than two could be read.'}
      </p>
    );
  }
  return (
    <p className="strip tone-none" data-comparable="yes">
      <span className="gain">
        <Sign name="tick" />
      </span>
      <b>Comparable</b>
      <span className="grow">
        {jobs.size === 1 ? 'one job' : `${jobs.size} jobs`}: the same candles, range, costs and fill.
        {luck && ` Verdict on its best: ${LEVELS[luck].head.toLowerCase()}.`}
      </span>
    </p>
  );
}

const upper = (words: string): string => words.slice(0, 1).toUpperCase() + words.slice(1);
