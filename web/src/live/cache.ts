// What an event changes in the cache of what was read.

import type { JobEvent, Schemas } from '@backtest-jobs/client';
import type { InfiniteData, Query, QueryClient } from '@tanstack/react-query';

type Summary = Schemas['JobSummary'];
type Pages = InfiniteData<Schemas['JobList']>;

/** Keys of the cache, each by what it holds. */
export const KEYS = {
  me: ['me'],
  sessions: ['sessions'],
  tokens: ['tokens'],
  accounts: ['accounts'],
  instruments: ['instruments'],
  coverage: (market_id: number, symbol: string) => ['coverage', market_id, symbol],
  imports: ['imports'],
  runtime: ['runtime-defaults'],
  strategies: ['strategies'],
  allStrategies: ['strategies', 'all'],
  jobs: ['jobs'],
  job: (job_id: string) => ['job', job_id],
  status: (job_id: string) => ['job', job_id, 'status'],
  request: (job_id: string) => ['job', job_id, 'request'],
  top: (job_id: string) => ['job', job_id, 'top'],
  surface: (job_id: string) => ['job', job_id, 'surface'],
  report: (job_id: string, variant_index: number) => ['job', job_id, 'report', variant_index],
  attempts: (job_id: string) => ['job', job_id, 'attempts'],
} as const;

/** Takes an event: a changed job into the lists and its page, and what follows from it is read anew. */
export function takeEvent(cache: QueryClient, event: Exclude<JobEvent, { readonly kind: 'lost' | 'back' }>): void {
  switch (event.kind) {
    case 'job':
      takeJob(cache, event.job);
      break;
    case 'top':
      void cache.invalidateQueries({ queryKey: KEYS.top(event.job_id) });
      break;
    case 'gone':
      void cache.invalidateQueries({ queryKey: KEYS.jobs });
      void cache.invalidateQueries({ queryKey: KEYS.job(event.job_id) });
      break;
    case 'ready': // jobs that go on follow; those that ended while nobody listened do not
      void cache.invalidateQueries({ predicate: mayHaveEnded });
      break;
    case 'reset':
      void cache.invalidateQueries();
      break;
  }
}

/** Tests whether what was read is a list of jobs, or the page of one that went on. */
function mayHaveEnded({ queryKey: [kind, , part], state: { data } }: Query): boolean {
  if (data === undefined) return false; // it is being read
  if (kind === 'jobs') return true;
  return kind === 'job' && part === 'status' && ['queued', 'running'].includes((data as Summary).state);
}

/** Asks again for the lists of jobs and for these parts of each job. Reports are left as they are: they cost a run. */
export function askJobsAgain(cache: QueryClient, parts: readonly ('status' | 'top')[]): void {
  void cache.invalidateQueries({ queryKey: KEYS.jobs });
  void cache.invalidateQueries({
    predicate: ({ queryKey: [of, , part] }) => of === 'job' && parts.some((one) => one === part),
  });
}

function takeJob(cache: QueryClient, job: Summary): void {
  let known = false;
  let turned = false;
  cache.setQueriesData<Pages>({ queryKey: KEYS.jobs }, (pages) => {
    if (pages === undefined) return pages;
    const next = withJob(pages, job);
    known ||= next !== pages;
    turned ||= stateIn(pages, job.job_id) !== stateIn(next, job.job_id);
    return next;
  });
  // A list may not have it because it is new, or because its filter leaves it out; with another state it may belong to
  // another list. The server knows.
  if (!known || turned) void cache.invalidateQueries({ queryKey: KEYS.jobs });
  const status = cache.getQueryData<Schemas['JobStatus']>(KEYS.status(job.job_id));
  if (status === undefined) return;
  // What it found comes with the end, and only to who asks for the whole.
  if (status.state !== job.state) void cache.invalidateQueries({ queryKey: KEYS.job(job.job_id) });
  cache.setQueryData(KEYS.status(job.job_id), { ...status, ...job });
}

const stateIn = ({ pages }: Pages, id: string): Summary['state'] | undefined =>
  pages.flatMap(({ items }) => items).find(({ job_id }) => job_id === id)?.state;

/** Returns the pages of a list with a job as it is now; the same ones where they do not have it. */
export function withJob(pages: Pages, job: Summary): Pages {
  if (!pages.pages.some(({ items }) => items.some(({ job_id }) => job_id === job.job_id))) return pages;
  return {
    ...pages,
    pages: pages.pages.map((page) => ({
      ...page,
      items: page.items.map((one) => (one.job_id === job.job_id ? job : one)),
    })),
  };
}
