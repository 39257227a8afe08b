// verdict: whether to believe the best variant of a job.

import { QUESTIONS } from '@backtest-jobs/engine/internal';
import { z } from 'zod';
import { JobId, jobPath } from './job-line.ts';
import { tool } from './tool.ts';

const number = z.number().nullable();

const Check = z.object({
  id: z.string(),
  mark: z.enum(['good', 'caution', 'bad']).nullable().describe('null: not tested, or it says nothing'),
  value: number,
  reason: z.string(),
});

const Figures = z.object({
  luck: z.enum(['likely', 'possible', 'unlikely', 'unknown']).describe('how likely it is that the best is luck'),
  sentence: z.string().describe('the verdict in plain words: quote it'),
  trials: z.int().describe('variants that were scored'),
  years: z.number(),
  total_return_pct: number.optional().describe('of the best'),
  sharpe_annual: number,
  lucky_sharpe_annual: number.describe('what the best of so many trials without skill would have'),
  deflated_sharpe: number,
  loss_probability: number.optional().describe('that what wins in one half of the history loses in the other'),
  overfitting_probability: number,
});

const Reply = z.object({
  state: z.string(),
  verdict: Figures.extend({
    checks: z.array(Check).default([]),
    permuted: z.object({ done: z.int(), as_good: z.int(), p: number }).nullish(),
    holding: z.object({ return_pct: z.number(), sharpe_annual: z.number() }).nullish(),
  }).nullable(),
});

export const verdictTool = tool({
  name: 'verdict',
  title: 'Whether to believe the best variant',
  about:
    'Whether the best variant of a job is likely luck: a level, a sentence, p of the luck test, and a question with a mark each. ' +
    'A job has one when it has succeeded. Tell it to your user with any result.',
  input: z.strictObject({ job_id: JobId }),
  output: z.object({
    job_id: z.string(),
    state: z.string(),
    verdict: Figures.extend({
      p: number.describe(
        'share of permuted markets in which the same search finds something as good; null: not tested',
      ),
      permuted_markets: z.int(),
      holding: z.object({ return_pct: z.number(), sharpe_annual: z.number() }).nullish().describe('buy and hold'),
    })
      .nullable()
      .describe('null: the job has none (yet)'),
    checks: z.array(Check.extend({ question: z.string() })),
  }),
  lists: ['checks'],
  async run({ job_id }, { ask }) {
    const { state, verdict } = Reply.parse(await ask({ path: jobPath(job_id) }));
    if (verdict === null) return { job_id, state, verdict, checks: [] };
    const { checks, permuted, ...figures } = verdict;
    const questions: Readonly<Record<string, string>> = QUESTIONS;
    return {
      job_id,
      state,
      verdict: { ...figures, p: permuted?.p ?? null, permuted_markets: permuted?.done ?? 0 },
      checks: checks.map((check) => Object.assign(check, { question: questions[check.id] ?? check.id })),
    };
  },
});
