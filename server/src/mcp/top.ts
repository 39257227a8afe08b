// top: the best variants of a job, a page by rank.

import { z } from 'zod';
import { JobId, jobPath } from './job-line.ts';
import { tool, wholeFromTo, type Doing } from './tool.ts';
import {
  mainMetrics,
  MetricsReply,
  parametersIn,
  ParametersJson,
  PayloadReply,
  unseenMetrics,
} from './variant-json.ts';

const MOST_ROWS = 20;
/** Rows that are asked for at once: each may bring thousands of trades. */
const ASKED = 5;

const Page = z.object({
  state: z.string(),
  items: z.array(
    z.object({
      rank: z.int(),
      variant_index: z.int(),
      metrics: MetricsReply,
      payload: PayloadReply,
      alike: z.object({ first_rank: z.int(), rows: z.int() }).nullable(),
      out_of_sample: z.object({ metrics: MetricsReply }).nullish(),
    }),
  ),
  next_after_rank: z.int().nullable(),
  report_context: z.object({ ranking: z.object({ primary_metric: z.string() }) }),
});

type Row = z.output<typeof Page>['items'][number];

export const topTool = tool({
  name: 'top',
  title: 'The best variants',
  about:
    'The best variants of a job, so far or at the end: rank, variant_index, parameters, main metrics. ' +
    'Ask verdict before you believe the first, and variant_report for one in full.',
  input: z.strictObject({
    job_id: JobId,
    limit: wholeFromTo(1, MOST_ROWS).default(10),
    after_rank: wholeFromTo(0, 2 ** 31 - 1)
      .default(0)
      .describe('rank of the last item of the page before'),
  }),
  output: z.object({
    job_id: z.string(),
    state: z.string(),
    ranked_by: z.string(),
    common: ParametersJson.describe('parameters that all rows of this page have in common, left out of theirs'),
    items: z.array(
      z.object({
        rank: z.int(),
        variant_index: z.int(),
        parameters: ParametersJson,
        metrics: MetricsReply,
        unseen: MetricsReply.optional().describe('on bars that were held out'),
        same_trades_as_rank: z.int().optional().describe('an earlier rank made the same trades'),
      }),
    ),
    more: z.boolean().describe('there are further ranks'),
  }),
  lists: ['items'],
  async run({ job_id, limit, after_rank }, doing) {
    const items: Row[] = [];
    for (let from = after_rank; ;) {
      const page = await read(job_id, { from, most: Math.min(ASKED, limit - items.length) }, doing);
      items.push(...page.items);
      const { next_after_rank: next, state } = page;
      const { primary_metric } = page.report_context.ranking;
      if (next === null || items.length >= limit) {
        const { common, own } = apart(items.map(({ payload }) => parametersIn(payload)));
        const rows = items.map((row, at) => rowOf(row, own[at] ?? {}, primary_metric));
        return { job_id, state, ranked_by: primary_metric, common, items: rows, more: next !== null };
      }
      from = next;
    }
  },
});

interface Part {
  readonly from: number;
  readonly most: number;
}

async function read(job_id: string, { from, most }: Part, { ask }: Doing): Promise<z.output<typeof Page>> {
  return Page.parse(await ask({ path: jobPath(job_id, '/top'), query: { limit: most, after_rank: from } }));
}

type Parameters = z.output<typeof ParametersJson>;

/** Takes what all have in common out of each; of a single one nothing. */
function apart(all: readonly Parameters[]): { readonly common: Parameters; readonly own: readonly Parameters[] } {
  const [first = {}] = all;
  const shared = new Set(
    Object.keys(first).filter((name) => all.length > 1 && all.every((one) => one[name] === first[name])),
  );
  const pick = (one: Parameters, of: boolean): Parameters =>
    Object.fromEntries(Object.entries(one).filter(([name]) => shared.has(name) === of));
  return { common: pick(first, true), own: all.map((one) => pick(one, false)) };
}

function rowOf({ rank, variant_index, metrics, alike, out_of_sample }: Row, parameters: Parameters, primary: string) {
  return {
    rank,
    variant_index,
    parameters,
    metrics: mainMetrics(metrics, primary),
    ...(out_of_sample && { unseen: unseenMetrics(out_of_sample.metrics) }),
    ...(alike && alike.first_rank < rank && { same_trades_as_rank: alike.first_rank }),
  };
}
