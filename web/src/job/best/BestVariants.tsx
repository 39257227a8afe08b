// The best variants: what each is, what it made, and what came of it on bars that the search had not seen.

import type { Schemas } from '@backtest-jobs/client';
import { useEffect, useState, type JSX } from 'react';
import { useLocation } from 'wouter';
import { hasEnded } from '../../jobs/job-words.ts';
import { useAddress } from '../../lib/address.ts';
import { useKeys } from '../../lib/keys.ts';
import { Coming, Panel } from '../../parts/Panel.tsx';
import { Trouble } from '../../parts/Trouble.tsx';
import type { NamedAxis } from '../../words/axes.ts';
import { count } from '../../words/format.ts';
import { FIELDS } from '../address.ts';
import { hovered } from '../hovered.ts';
import { Chips } from './Chips.tsx';
import { ChosenVariants } from './ChosenVariants.tsx';
import { Tools } from './Tools.tsx';
import { useVariants, type Variants } from './use-variants.ts';
import { VariantsTable } from './VariantsTable.tsx';

interface BestVariantsProps {
  readonly job: Schemas['JobStatus'];
  readonly axes: readonly NamedAxis[];
}

const MOST_COMPARED = 8;

export function BestVariants({ job, axes }: BestVariantsProps): JSX.Element {
  const [{ sel, group }, change] = useAddress(FIELDS);
  const [isOver, setOver] = useState(false);
  const [current, setCurrent] = useState(-1);
  const [, navigate] = useLocation();
  const variants = useVariants(job, axes, isOver);
  const { asked, groups } = variants;
  const now = groups[current]?.row.variant_index;
  useEffect(() => {
    if (now !== undefined) hovered.set(now);
  }, [now]);
  const toggle = (index: number): void => {
    const id = String(index);
    change({ sel: sel.includes(id) ? sel.filter((one) => one !== id) : [...sel, id] });
  };
  const compare = (): void =>
    navigate(
      `/compare?v=${sel
        .slice(0, MOST_COMPARED)
        .map((index) => `${job.job_id}.${index}`)
        .join(',')}`,
    );
  useKeys({
    j: () => setCurrent((at) => Math.min(groups.length - 1, at + 1)),
    k: () => setCurrent((at) => Math.max(0, at - 1)),
    x: () => now !== undefined && toggle(now),
    c: () => sel.length > 0 && compare(),
    Enter: () => now !== undefined && navigate(`/jobs/${job.job_id}/variants/${now}`),
    Escape: () => change({ sel: [] }),
  });
  return (
    <Panel
      title="Best variants"
      note={noteOf(job, variants, group)}
      tools={
        <>
          {sel.length > 0 && (
            <ChosenVariants
              count={sel.length}
              most={MOST_COMPARED}
              onCompare={compare}
              onClear={() => change({ sel: [] })}
            />
          )}
          <Tools job={job} />
        </>
      }
      className="best"
      flush
    >
      <Chips axes={axes} />
      {asked.error && groups.length === 0 ? (
        <Trouble what="The best variants could not be read" error={asked.error} onRetry={() => void asked.refetch()} />
      ) : asked.isPending ? (
        <div className="body">
          <Coming height={300} />
        </div>
      ) : groups.length === 0 ? (
        <p className={`none-there${hasEnded(job) ? ' ended' : ''}`}>{noneWords(job, variants.total)}</p>
      ) : (
        <VariantsTable
          job_id={job.job_id}
          variants={variants}
          chosen={new Set(sel)}
          current={current}
          onChoose={toggle}
          onOver={setOver}
        />
      )}
    </Panel>
  );
}

function noneWords(job: Schemas['JobStatus'], total: number): string {
  if (total > 0) return 'No kept variant lies within the filters.';
  return hasEnded(job) ? 'No variant made it into the ranking.' : 'The first ones come with the first scores.';
}

/** "100 kept, 11 different · all with short at 95, target off". */
function noteOf(job: Schemas['JobStatus'], variants: Variants, group: boolean): string {
  const { total, different, shared, asked, groups } = variants;
  if (total === 0) return '';
  const many = `${count(total)}${asked.hasNextPage ? ' read' : ''}`;
  const kept = hasEnded(job) ? `${many}${asked.hasNextPage ? '' : ' kept'}` : `${many} so far`;
  const unlike = group && different < total ? `, ${count(different)} different` : '';
  const isNarrowed = groups.length < (group ? different : total);
  const shown = isNarrowed ? ` · ${count(groups.length)} shown` : '';
  return `${kept}${unlike}${shown}${shared.length > 0 ? ` · all with ${shared.join(', ')}` : ''}`;
}
