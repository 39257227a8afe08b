// backtest demo: brings the stack up, submits one job over HTTP like any client, shows it running and what it found,
// and takes the stack down again. Every run is a new job; the data directory stays.

import { join } from 'node:path';
import { buildGrid, estimate, parseSpec } from '@backtest-jobs/engine';
import { PROJECT } from '../config/paths.ts';
import { messageOf } from '../message.ts';
import { StepFailed, type Stack } from '../stack/up.ts';
import { openClient, type Client, type JobView } from './client.ts';
import { command, INVOCATION } from './command.ts';
import { demoStory, type DemoFacts } from './show/demo-story.ts';
import { openProgress, type ProgressLine } from './show/progress.ts';
import { count, print } from './show/table.ts';
import { readSpecFile } from './specfile.ts';
import { STACK_OPTIONS, stackOptions, tellSteps, withStack } from './stack.ts';
import type { TopPage } from './top.ts';
import { follow } from './watch.ts';

export const DEMO_SPEC = join(PROJECT, 'server', 'demo', 'spec.yaml');

export const demo = command({
  name: 'demo',
  about:
    'Starts the whole stack, searches a grid of strategies on twenty years of the S&P 500, prints the best, stops.',
  takes: [],
  options: {
    ...STACK_OPTIONS,
    json: { about: 'print the job and its ten best as JSON' },
  },
  notes: ['Ctrl-C cancels the job of the demo and stops what the demo started; a second Ctrl-C stops at once.'],
  examples: ['demo', 'demo --json'],
  run: async (values) => {
    const options = await stackOptions(values);
    using line = openProgress();
    const tellStep = tellSteps(values.json);
    const tell = (step: string, text: string): void => {
      line.clear(); // a part may die while the job is drawn
      tellStep(step, text);
    };
    const startedAt = performance.now();
    return withStack({ ...options, tell }, async (stack, signal) => {
      const found = await search(stack, tell, line, signal);
      const facts: DemoFacts = { ...found, seconds: (performance.now() - startedAt) / 1000 };
      if (values.json) print(JSON.stringify({ job: found.job, top: found.top }));
      else for (const text of demoStory(facts)) print(text);
      return 0;
    });
  },
});

/** Submits the demo's spec, follows the job and fetches what it found. */
async function search(
  stack: Stack,
  tell: (step: string, text: string) => void,
  line: ProgressLine,
  signal: AbortSignal,
): Promise<Pick<DemoFacts, 'job' | 'top'>> {
  const client = openClient(stack.url, {});
  const log = ` (logs: ${stack.logs})`;
  const step = async <T>(name: string, work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      if (signal.aborted) throw error;
      throw new StepFailed(`${name} failed: ${messageOf(error)}${log}`, {
        cause: error,
      });
    }
  };
  const file = await readSpecFile(DEMO_SPEC);
  tell('grid', gridText(file.input));
  const submitted = await step('submit', () => client.post<JobView>('/backtests/jobs', file.input));
  tell('job', `${submitted.job_id}, submitted to ${stack.url}`);
  const job = await step('job', () => finished(client, submitted.job_id, { stack, line, signal }));
  const top = await step('top', () => client.get<TopPage>(`/backtests/jobs/${job.job_id}/top?limit=10`));
  return { job, top };
}

/** What the spec asks for, in numbers. */
export function gridText(input: unknown): string {
  const spec = parseSpec(input);
  const { stage_a_variants: base, stage_b_variants: risky } = estimate(spec, buildGrid(spec));
  return `${count(base)} base variants; the best ${count(spec.preselect)} again with stops, ${count(risky)} variants; ${count(spec.top_k)} reports`;
}

interface Watched {
  readonly stack: Stack;
  readonly line: ProgressLine;
  readonly signal: AbortSignal;
}

/** The job once it has succeeded. An interrupted demo cancels its job: nobody would come back for it. */
async function finished(client: Client, jobId: string, { stack, line, signal }: Watched): Promise<JobView> {
  try {
    const job = await Promise.race([follow(client, jobId, line, signal), stack.broken]);
    if (job.state !== 'succeeded')
      throw new Error(`the job ended ${job.state}: ${job.last_error ?? 'no reason given'}`);
    return job;
  } catch (error) {
    if (signal.aborted) {
      line.say('cancelling the job and stopping');
      await cancelled(client, jobId).catch(() => {
        line.say(`the job goes on with the next stack: ${INVOCATION} cancel ${jobId}`);
      });
    }
    throw error;
  } finally {
    line.clear();
  }
}

const CANCEL_MS = 3000;

/** Asks and waits until the worker has let go; a worker that is told to stop first would only give the job back. */
async function cancelled(client: Client, jobId: string): Promise<void> {
  await client.post(`/backtests/jobs/${jobId}/cancel`);
  await follow(client, jobId, QUIET, AbortSignal.timeout(CANCEL_MS));
}

const QUIET: ProgressLine = { update() {}, clear() {}, say() {}, [Symbol.dispose]() {} };
