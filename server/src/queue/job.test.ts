import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { STAGES } from '@backtest-jobs/engine/internal';
import { ROLES } from '../accounts/account.ts';
import { PROJECT } from '../config/paths.ts';
import { ATTEMPT_OUTCOMES, END_STATES, JOB_MODES, JOB_STATES } from './job.ts';

test('the checks of the schema list exactly the names that the code knows', async () => {
  // A test of the migrations holds schema.sql to the catalogue of a live server.
  const schema = await readFile(join(PROJECT, 'server/sql/schema.sql'), 'utf8');
  const lists = /^ *(?:constraint|CREATE INDEX) (\w+) .*?\b(\w+ = ANY \(ARRAY\[.*?\]\))/gm;
  const checks = Array.from(schema.matchAll(lists), ([, name, list]) => [name, list] as const);
  const among = (column: string, names: readonly string[]) =>
    `${column} = ANY (ARRAY[${names.map((name) => `'${name}'::text`).join(', ')}])`;
  const active = JOB_STATES.filter((state) => !END_STATES.some((end) => end === state));
  assert.deepEqual(Object.fromEntries(checks), {
    backtest_accounts_role: among('role', ROLES),
    backtest_job_attempts_outcome_check: among('outcome', ATTEMPT_OUTCOMES),
    backtest_job_checkpoints_stage_check: among('stage', STAGES),
    backtest_jobs_active: among('state', active),
    backtest_jobs_finished: among('state', END_STATES),
    backtest_jobs_mode: among('mode', JOB_MODES),
    backtest_jobs_retention: among('state', END_STATES),
    backtest_jobs_stage: among('stage', STAGES),
    backtest_jobs_state: among('state', JOB_STATES),
  });
});
