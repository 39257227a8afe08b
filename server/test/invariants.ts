// The invariants I1 to I13 of the queue, asked after every fault. Each is a query for what breaks it over the tables and
// the log of watch.ts; what only a process can show (its log, what it left behind) comes in through Witness.

import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import type pg from 'pg';
import { DATABASE_CAUSES, listOf } from '../src/queue/excuses.ts';
import { END_STATES } from '../src/queue/job.ts';

export interface Witness {
  /** Every job whose submit was answered. */
  readonly jobs: readonly string[];
  /** Result of an undisturbed run of the request they all share. */
  readonly quietHash?: string;
  readonly maxCrashes?: number;
  readonly quota?: number;
  /** Most seconds from the end of a lease to the next claim; only where an idle worker was there all the time. */
  readonly reclaimSeconds?: number;
  /** Logs of workers: those that lived on must tell of every lease they lost, and none may tell of an end that is not. */
  readonly logs?: readonly { readonly text: string; readonly survived: boolean }[];
  /** False as long as workers run. */
  readonly ended?: boolean;
  /** How long what they leave behind may take to go. */
  readonly goneSeconds?: number;
}

/** Throws with everything that is broken. */
export async function checkInvariants(admin: pg.Pool, witness: Witness): Promise<void> {
  const given = [
    witness.jobs,
    witness.quietHash ?? null,
    witness.maxCrashes ?? 3,
    witness.quota ?? 1_000_000,
    witness.reclaimSeconds ?? 1e9,
  ];
  const { rows } = await admin.query<{ broken: string }>(
    `with given as (select $1::uuid[] as jobs, $2::text as quiet, $3::int as max_crashes, $4::int as quota, $5::float8 as reclaim)
     ${Object.entries(RULES)
       .map(([rule, broken]) => `select '${rule}: ' || broken::text as broken from (${broken}) as broken`)
       .join('\nunion all\n')}`,
    given,
  );
  const broken = rows.map((row) => row.broken);
  if (witness.ended !== false) broken.push(...(await leftBehind(admin, witness.goneSeconds ?? 30)));
  broken.push(...(await untold(admin, witness.logs ?? [])));
  assert.deepEqual(broken, []);
}

// The hands of the test itself, which moves instants and cancels.
const WORKER = `l.writer not like '% test%'`;
const OPENER = (attempt: string): string =>
  `(select o.writer from fault_log o where o.relation = 'backtest_job_attempts' and o.job_id = l.job_id
    and o.row_attempt = ${attempt} order by o.seq limit 1)`;

const RULES: Readonly<Record<string, string>> = {
  'I1 a job row was written by another worker than the owner, or after its lease': `
    select l.seq, l.writer, (l.was).attempt from fault_log l
    where l.relation = 'backtest_jobs' and ${WORKER} and (l.was).state = 'running' and (l.now).attempt = (l.was).attempt
      and (l.asked_at >= (l.was).lease_expires_at or l.writer is distinct from ${OPENER('(l.was).attempt')})`,
  'I1 a child row was written by another attempt than the current one': `
    select l.seq, l.relation, l.writer, l.row_attempt, (l.now).attempt as current from fault_log l
    where l.relation not in ('backtest_jobs', 'backtest_job_attempts') and ${WORKER} and not l.deleted
      and (l.row_attempt <> (l.now).attempt or l.writer is distinct from ${OPENER('l.row_attempt')})`,
  'I1 a child row was deleted by somebody who is not the owner': `
    select l.seq, l.relation, l.writer from fault_log l
    where l.relation <> 'backtest_jobs' and ${WORKER} and l.deleted and (l.now).state = 'running'
      and l.writer is distinct from ${OPENER('(l.now).attempt')}`,
  'I2 a job that had ended was changed': `
    select l.seq, l.writer from fault_log l
    where l.relation = 'backtest_jobs' and (l.was).state in ('succeeded', 'failed', 'cancelled')`,
  'I2 a child row was changed after the end': `
    select l.seq, l.relation, l.writer from fault_log l
    join fault_log e on e.relation = 'backtest_jobs' and e.job_id = l.job_id and (e.now).finished_at is not null and (e.was).finished_at is null
    where l.relation <> 'backtest_jobs' and l.seq > e.seq and l.xid <> e.xid`,
  'I3 a job was claimed from a live owner, or not by one attempt more': `
    select l.seq, l.writer, (l.was).attempt from fault_log l
    where l.relation = 'backtest_jobs' and (l.now).attempt <> (l.was).attempt
      and ((l.was).state = 'running' and (l.was).lease_expires_at > l.at or (l.now).attempt <> (l.was).attempt + 1)`,
  'I3 an open attempt that is not the one of a running job': `
    select a.job_id, a.attempt from backtest_job_attempts a join backtest_jobs j using (job_id)
    where a.outcome is null and (j.state <> 'running' or j.attempt <> a.attempt)`,
  'I3 an attempt that the history does not have': `
    select job_id, attempt from backtest_jobs j
    where attempt <> (select count(*) from backtest_job_attempts a where a.job_id = j.job_id)`,
  'I4 I13 a job that was accepted is not there': `
    select id from given, unnest(jobs) id where not exists (select from backtest_jobs where job_id = id)`,
  'I5 another result than a quiet run': `
    select r.job_id, r.result_hash from backtest_job_results r, given
    where r.job_id = any (jobs) and r.result_hash <> quiet`,
  'I5 equal requests with different results or rows': `
    select request_hash from (
      select j.request_hash, r.result_hash, md5((
        select string_agg((to_jsonb(t) - '{job_id,attempt,updated_at}'::text[])::text, ',' order by rank)
        from backtest_job_top_variants t where t.job_id = j.job_id
      )) || coalesce(md5((
        select string_agg(p.trades_json::text, ',' order by rank, part_no)
        from backtest_job_trades p where p.job_id = j.job_id
      )), '') as rows
      from backtest_jobs j left join backtest_job_results r using (job_id) where j.state = 'succeeded'
    ) found
    group by request_hash having count(distinct (result_hash, rows)) > 1 or bool_or(result_hash is null or rows is null)`,
  'I5 a result of a job that has not succeeded': `
    select job_id from backtest_job_results join backtest_jobs using (job_id) where state <> 'succeeded'`,
  'I6 a count went down': `
    select l.seq from fault_log l
    where l.relation = 'backtest_jobs' and ((l.now).attempt < (l.was).attempt or (l.now).crash_count < (l.was).crash_count)`,
  'I7 a job runs on after max_crashes': `
    select job_id, crash_count from backtest_jobs, given
    where crash_count > max_crashes or crash_count = max_crashes and state = 'running'`,
  'I7 more crashed attempts without a checkpoint than max_crashes': `
    select a.job_id, count(*) from backtest_job_attempts a
    where a.outcome in ('lost', 'crashed') and coalesce(a.cause, '') not in ${listOf(DATABASE_CAUSES)} and not exists (
      select from fault_log l where l.relation = 'backtest_job_checkpoints' and l.job_id = a.job_id
        and l.row_attempt = a.attempt and not l.deleted
    )
    group by a.job_id having count(*) > (select max_crashes from given)`,
  'I8 a cancel that was acknowledged did not win': `
    select job_id, state from backtest_jobs where cancel_requested_at is not null and state in ('succeeded', 'failed')`,
  'I9 a job waited too long for another worker': `
    select l.seq, l.at - (l.was).lease_expires_at as waited from fault_log l, given
    where l.relation = 'backtest_jobs' and (l.was).state = 'running' and (l.now).attempt > (l.was).attempt
      and l.at - (l.was).lease_expires_at > reclaim * interval '1 second'`,
  'I10 more active jobs of a user than the quota': `
    select seq, active from (
      select l.seq, sum(
        case when l.was is null then 1 when (l.now).finished_at is not null and (l.was).finished_at is null then -1 else 0 end
      ) over (partition by (l.now).user_id order by l.seq) as active
      from fault_log l where l.relation = 'backtest_jobs'
    ) counted, given where active > quota`,
};

/** I11: what the workers had open, once they are gone. */
async function leftBehind(admin: pg.Pool, seconds: number): Promise<string[]> {
  const deadline = performance.now() + seconds * 1000; // a backend notices the end of its client when it reads from it
  for (; ; await delay(50)) {
    const { rows } = await admin.query<{ left: string }>(LEFT);
    if (rows.length === 0 || performance.now() > deadline) return rows.map((row) => row.left);
  }
}

const LEFT = `
    select format('I11 a connection: %s %s', application_name, query) as left from pg_stat_activity
    where datname = current_database() and backend_type = 'client backend' and application_name not like 'test%'
    union all
    select format('I11 a lock: %s of %s', locktype, pid) from pg_locks
    where database = (select oid from pg_database where datname = current_database()) and locktype = 'advisory'`;

/** I12 and I13: the logs against the tables. */
async function untold(admin: pg.Pool, logs: NonNullable<Witness['logs']>): Promise<string[]> {
  const broken: string[] = [];
  const { rows } = await admin.query<{ job_id: string; attempt: number; locked_by: string }>(
    `select job_id, attempt, locked_by from backtest_job_attempts where outcome = 'lost'`,
  );
  for (const { job_id, attempt, locked_by } of rows) {
    const owner = logs.find((log) => log.survived && claimsOf(log.text, locked_by).has(`${job_id} ${attempt}`));
    if (owner === undefined) continue;
    const told = entriesOf(owner.text, 'lease_lost').some((line) => line.job_id === job_id && line.attempt === attempt);
    if (!told) broken.push(`I12 ${locked_by} lost attempt ${attempt} of ${job_id} and did not say so`);
  }
  for (const state of END_STATES) {
    const acknowledged = logs.flatMap(({ text }) => entriesOf(text, state)).map((line) => line.job_id);
    const missing = await admin.query<{ id: string }>(
      `select id from unnest($1::uuid[]) id where not exists (select from backtest_jobs where job_id = id and state = $2)`,
      [acknowledged, state],
    );
    broken.push(...missing.rows.map(({ id }) => `I13 ${id} was reported ${state} and is not`));
  }
  return broken;
}

interface Entry {
  readonly event?: string;
  readonly job_id?: string;
  readonly attempt?: number;
  readonly locked_by?: string;
}

function entriesOf(log: string, event: string): Entry[] {
  const lines = log.split('\n').filter((line) => line.startsWith('{') && line.includes(`event=${event}`));
  return lines.map((line) => JSON.parse(line) as Entry).filter((entry) => entry.event === event);
}

function claimsOf(log: string, lockedBy: string): Set<string> {
  const claims = entriesOf(log, 'claimed').filter(({ locked_by }) => locked_by === lockedBy);
  return new Set(claims.map(({ job_id, attempt }) => `${job_id} ${attempt}`));
}
