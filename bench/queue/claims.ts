// Claims with 100,000 jobs queued, beside the same claims on a queue that holds hardly more than them. Both take turns, so
// that a machine that slows down slows both.

import { openPool } from '../../server/src/db.ts';
import { claim } from '../../server/src/queue/claim.ts';
import { finish } from '../../server/src/queue/finish.ts';
import type { TestDatabase } from '../../server/test/database.ts';
import { queued } from '../../server/test/queue.ts';
import { median, medianRatio } from '../timing.ts';
import { percentile, require, shown, type Ground, type QueueLine } from './ground.ts';

const LONG = 100_000;
const CLAIMERS = [1, 8, 64];
const ROUNDS = 5;
/** Claims of a round. */
const CLAIMS = 256;

interface Round {
  /** Of one claim, in milliseconds. */
  readonly latency: number;
  /** Claimed and ended. */
  readonly perSecond: number;
}

export async function claims(ground: Ground): Promise<QueueLine[]> {
  await using long = await ground.database();
  await using short = await ground.database();
  await fill(long, LONG);
  await fill(short, CLAIMERS.length * (ROUNDS + 1) * CLAIMS);
  const lines: QueueLine[] = [];
  for (const claimers of CLAIMERS) lines.push(await measured(claimers, long, short));
  return lines;
}

async function measured(claimers: number, long: TestDatabase, short: TestDatabase): Promise<QueueLine> {
  const [ofLong, ofShort]: [Round[], Round[]] = [[], []];
  for (let round = -1; round < ROUNDS; round += 1) {
    for (const [database, of] of [[long, ofLong] as const, [short, ofShort] as const]) {
      const taken = await claimAll(database, claimers);
      if (round >= 0) of.push(taken);
    }
  }
  const latency = (of: readonly Round[]): number[] => of.map((round) => round.latency);
  const rate = shown(median(ofLong.map(({ perSecond }) => perSecond)));
  const [ms, ratio] = [shown(median(latency(ofLong))), shown(medianRatio(latency(ofLong), latency(ofShort)))];
  return {
    what: `${claimers} claimer${claimers === 1 ? '' : 's'}, 100,000 queued`,
    result: `${rate} jobs claimed and ended a second; a claim p50 ${ms} ms, ${ratio} x an all but empty queue`,
    check: `each claimed once, ${claimers === 1 ? 'strictly first in, first out' : `within ${claimers} places of its turn`}`,
    target: '',
  };
}

/** Queued jobs a millisecond apart, so that their order has no ties. */
async function fill({ pool, admin }: TestDatabase, count: number): Promise<void> {
  const { job_id } = await queued(pool);
  await admin.query(
    `with copies as (
       insert into backtest_jobs (job_id, user_id, mode, request_hash, engine_params_hash,
         backtest_runtime_config_hash, created_at)
       select gen_random_uuid(), user_id, mode, request_hash, engine_params_hash, backtest_runtime_config_hash,
         created_at + n * interval '1 millisecond'
       from backtest_jobs, generate_series(1, $2::int) n where job_id = $1
       returning job_id
     )
     insert into backtest_job_requests (job_id, request_json) select job_id, '{}' from copies`,
    [job_id, count - 1],
  );
  await admin.query('vacuum analyze');
}

async function claimAll({ dsn, admin }: TestDatabase, claimers: number): Promise<Round> {
  const pool = openPool(dsn, { max: claimers });
  // Connected ahead, so that no claim waits for it.
  const clients = await Promise.all(Array.from({ length: claimers }, () => pool.connect()));
  for (const client of clients) client.release();
  const taken: Taken[] = [];
  let left = CLAIMS;
  const claimer = async (name: string): Promise<void> => {
    while (left > 0) {
      left -= 1;
      taken.push(await claimAndEnd(pool, name));
    }
  };
  const since = performance.now();
  await Promise.all(Array.from({ length: claimers }, (_, n) => claimer(`claimer-${n}`)));
  const seconds = (performance.now() - since) / 1000;
  await pool.end();
  await requireOrder(admin, taken, claimers);
  const latency = percentile(
    taken.map(({ ms }) => ms),
    0.5,
  );
  return { latency, perSecond: CLAIMS / seconds };
}

interface Taken {
  readonly job_id: string;
  /** Of the claim alone. */
  readonly ms: number;
}

/** A job that stayed claimed would be one more running row for the next claim to read. */
async function claimAndEnd(pool: TestDatabase['pool'], locked_by: string): Promise<Taken> {
  const since = performance.now();
  const next = await claim(pool, { locked_by, lease_seconds: 600, max_crashes: 3 });
  const ms = performance.now() - since;
  if (next?.outcome !== 'claimed') throw new Error('a claim found no job to run');
  const error = { code: 'bench', message: 'ended by the bench', details: {} };
  require((await finish(pool, next.lease, { state: 'failed', error })) === 'failed', 'the owner until the end');
  return { job_id: next.lease.job_id, ms };
}

async function requireOrder(admin: TestDatabase['admin'], taken: readonly Taken[], claimers: number): Promise<void> {
  const ids = taken.map(({ job_id }) => job_id);
  const { rows } = await admin.query<{ attempt: number; off: number; passed: number }>(
    `with taken as (select * from backtest_jobs where job_id = any ($1))
     select attempt,
       abs(row_number() over (order by created_at) - row_number() over (order by started_at))::int as off,
       (select count(*)::int from backtest_jobs
        where state = 'queued' and created_at < (select max(created_at) from taken)) as passed
     from taken`,
    [ids],
  );
  require(rows.length === CLAIMS && rows.every(({ attempt }) => attempt === 1), 'each claimed once');
  const allowed = claimers === 1 ? 0 : claimers;
  for (const { off, passed } of rows) require(off <= allowed && passed <= allowed, 'claimed in their turn');
}
