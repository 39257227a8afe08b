// The rows of the table as the address wants them.

import type { Schemas } from '@backtest-jobs/client';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useEffect, useMemo } from 'react';
import { useHeldRows } from '../../jobs/held.ts';
import { hasEnded } from '../../jobs/job-words.ts';
import { useAddress } from '../../lib/address.ts';
import type { NamedAxis } from '../../words/axes.ts';
import { FIELDS } from '../address.ts';
import { topOf } from '../queries.ts';
import { columnsOf, readHidden, type Column, type Row } from './columns.ts';
import { alone, grouped, matching, readSort, sorted, type Group } from './rows.ts';

/** Rows that are read at once; more when somebody scrolls to the end. */
const AT_ONCE = 300;

const rankOf = ({ variant_index }: Row): string => String(variant_index);

export interface Variants {
  readonly asked: Pick<
    ReturnType<typeof useInfiniteQuery>,
    'error' | 'isPending' | 'hasNextPage' | 'refetch' | 'fetchNextPage'
  >;
  readonly columns: readonly Column[];
  readonly shared: readonly string[];
  readonly groups: readonly Group[];
  /** All that are read, and how many of them are different. */
  readonly total: number;
  readonly different: number;
}

export function useVariants(job: Schemas['JobStatus'], axes: readonly NamedAxis[], isOver: boolean): Variants {
  const [{ sort, f, brush, group, hidden }] = useAddress(FIELDS);
  const asked = useInfiniteQuery(topOf(job.job_id));
  const read = useMemo(() => asked.data?.pages.flatMap(({ items }) => items) ?? [], [asked.data]);
  const { fetchNextPage, hasNextPage, isFetching } = asked;
  useEffect(() => {
    if (hasNextPage && !isFetching && read.length < AT_ONCE) void fetchNextPage();
  }, [hasNextPage, isFetching, read.length, fetchNextPage]);
  // While the search goes on, rows keep their places under the pointer.
  const { rows } = useHeldRows(job.job_id, read, isOver && !hasEnded(job), rankOf);
  const primary = job.primary_metric;
  const { columns, shared } = useMemo(
    () => columnsOf({ rows, axes, primary, hidden: readHidden(hidden, primary) }),
    [rows, axes, primary, hidden],
  );
  const groups = useMemo(() => {
    const there = matching(rows, axes, brush, f);
    const held = isOver && !hasEnded(job) && sort === '';
    const all = group ? grouped(there) : alone(there);
    return held ? all : sorted(all, readSort(sort), columns);
  }, [rows, axes, brush, f, group, sort, columns, isOver, job]);
  const different = useMemo(() => grouped(rows).length, [rows]);
  return { asked, columns, shared, groups, total: rows.length, different };
}
