// What is done to a job from its page.

import { orThrow, type Schemas } from '@backtest-jobs/client';
import { client } from '../api.ts';
import { nameOf } from '../jobs/job-words.ts';
import { say } from '../parts/notices.tsx';
import { wordsOf } from '../parts/Trouble.tsx';
import { strategyOf } from '../variant/strategy-of.ts';

type Job = Schemas['JobStatus'];

/** Returns the spec of a job with every default, as it can be submitted again. */
export const specOf = (job_id: string): Promise<object> =>
  orThrow(client.GET('/backtests/jobs/{job_id}/spec', { params: { path: { job_id } } }));

/** Submits the same spec as a new job and returns its id. */
export async function runAgain(job_id: string): Promise<string> {
  const body = (await specOf(job_id)) as never;
  const made = await orThrow(
    client.POST('/backtests/jobs', { body, params: { query: { parent_job_id: job_id } } as never }),
  );
  return made.job_id;
}

/** Saves a variant as a strategy of its own: the template of the job with one value on each axis. */
export async function saveStrategy(
  job: Job,
  request: Schemas['JobRequest'],
  row: Schemas['TopVariant'],
): Promise<void> {
  const template = strategyOf(request.spec['template'], row.payload) as never;
  const name = `${nameOf(job)}, variant ${row.variant_index}`.slice(0, 200);
  const saved = await orThrow(client.POST('/strategies', { body: { name, template } }));
  say(`Saved as the strategy “${saved.name}”.`);
}

/** Puts a text into the clipboard and says so. */
export async function copy(text: string | Promise<string>, what: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(await text);
    say(`Copied: ${what}.`);
  } catch (error) {
    say(`Could not copy: ${wordsOf(error)}`);
  }
}

/** Does something and says what went wrong, if it did. */
export async function trying(act: () => Promise<void>): Promise<void> {
  try {
    await act();
  } catch (error) {
    say(wordsOf(error));
  }
}
