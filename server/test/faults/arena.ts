// Where faults happen: a fleet whose every write is watched, jobs small enough for many rounds, a seed that fixes what is
// random, and the judge at the end of each round. BACKTEST_SEED repeats a schedule; BACKTEST_FAULTS=full is what
// `npm run test:faults` sets.

import assert from 'node:assert/strict';
import { randomInt } from 'node:crypto';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { TestDatabaseOptions } from '../database.ts';
import { eventually, openFleet, walk, type Fleet, type JobRow, type TestWorker } from '../fleet.ts';
import { checkInvariants, type Witness } from '../invariants.ts';
import { openPulse } from '../pulse.ts';
import { watch } from '../watch.ts';

const range = (start: number, stop_incl: number, step = 1) => ({ mode: 'range', start, stop_incl, step });

/** Some hundred milliseconds of work, with all three stages. */
export const SMALL = specOf({ sma: 24, rsi: 24, end: '2020-02-20T00:00:00Z', preselect: 500 });
const full = process.env['BACKTEST_FAULTS'] === 'full';

/** How often: a few times in `npm test`, as often as it takes in `npm run test:faults`. */
export function rounds(few: number, many: number): number {
  return full ? many : few;
}

/** As little as a job can be, for where there are hundreds. */
export const TINY = { ...specOf({ sma: 8, rsi: 6, end: '2020-02-20T00:00:00Z', preselect: 10 }), top_k: 3 };

/** A second of work on a machine that has time: chunks enough, each of which can be the last of an attempt. */
export const LARGE = specOf({ sma: 120, rsi: 12, end: '2020-05-01T00:00:00Z', preselect: 1000, step: 2 });

/** In the full run enough to be killed fifty times. */
export const LONGEST = full
  ? specOf({ sma: 120, rsi: 99, end: '2020-05-01T00:00:00Z', preselect: 3000, step: 1 })
  : LARGE;

interface Size {
  /** The largest windows. */
  readonly sma: number;
  readonly rsi: number;
  readonly end: string;
  readonly preselect: number;
  readonly step?: number;
}

function specOf({ sma, rsi, end, preselect, step = 5 }: Size) {
  return {
    time_range: { start: '2020-01-20T00:00:00Z', end },
    luck: 0,
    template: {
      instrument_id: { market_id: 1, symbol: 'TEST' },
      timeframe: '1h',
      indicator_grids: [
        { indicator_id: 'ma.sma', params: { window: range(5, sma) } },
        { indicator_id: 'momentum.rsi', params: { window: range(5, rsi) } },
      ],
      signal_grids: {
        'momentum.rsi': {
          long_threshold: range(30, 60, step),
          short_threshold: { mode: 'explicit', values: [40, 50] },
        },
      },
      risk_grid: {
        sl: { mode: 'explicit', values: ['off', 1, 2, 3, 5] },
        tp: { mode: 'explicit', values: ['off', 2, 4, 8] },
      },
    },
    ranking: { primary_metric: 'max_drawdown_pct' }, // which takes longer to score than a return
    preselect,
    top_k: 20,
  };
}

export interface Arena extends AsyncDisposable {
  readonly fleet: Fleet;
  /** Repeats with the seed: 0 <= x < 1. */
  random(): number;
  /** A configuration with these `jobs` settings on top of short times; its path. */
  config(name: string, jobs?: Record<string, number>): Promise<string>;
  /** The hash of an undisturbed run, made once a spec. */
  quietHash(spec: object): Promise<string>;
  /** How long that run took. */
  quietSeconds(spec: object): number;
  worker(env?: Record<string, string>, config?: string): TestWorker;
  success(jobId: string): Promise<JobRow>;
  /** Whether it took so many attempts. A machine that stands still for a second may cost a lease, and so one more. */
  tookAttempts(job: JobRow, attempts: number): void;
  /** Ends all workers, in order, and asks for every invariant; I9 where it is said that a worker was idle. */
  judge(witness: Witness & { readonly idle?: boolean }): Promise<void>;
  /** Kills what runs and forgets everything, for the next test. */
  clear(): Promise<void>;
}

export async function openArena(options: TestDatabaseOptions = {}): Promise<Arena> {
  const fleet = await openFleet(walk(3000, '1h'), '1h', options);
  await watch(fleet.database.admin);
  const quiet = new Map<object, { readonly hash: string; readonly seconds: number }>();
  const file = (name: string): string => join(fleet.home, `${name}.yaml`);
  const config = async (name: string, jobs: Record<string, number> = {}): Promise<string> => {
    await writeFile(
      file(name),
      JSON.stringify({ version: 1, backtest: { cpu: { threads: 1 }, jobs: { ...SHORT, ...jobs } } }),
    );
    return file(name);
  };
  const common = await config('short');
  const pulse = openPulse(fleet.database.admin);
  let judged = 0;
  const arena: Arena = {
    fleet,
    random: seeded(),
    config,
    worker: (env = {}, path = common) => fleet.worker(env, path),
    success: (id) => fleet.until(id, 'success', ({ state }) => state === 'succeeded'),
    tookAttempts(job, attempts) {
      const told = fleet.workers.slice(judged).map((one) => one.log());
      if (pulse.lost() > STANDSTILL_SECONDS) console.log(`the machine stood still for ${pulse.lost().toFixed(1)} s`);
      const most = pulse.lost() > STANDSTILL_SECONDS ? Infinity : attempts;
      assert.ok(job.attempt >= attempts && job.attempt <= most, `${job.attempt} attempts\n${told.join('\n--\n')}`);
    },
    async quietHash(spec) {
      if (!quiet.has(spec)) {
        const since = performance.now();
        const id = await fleet.submit(spec);
        const worker = arena.worker();
        const { result_hash } = await arena.success(id);
        quiet.set(spec, { hash: result_hash ?? '', seconds: (performance.now() - since) / 1000 });
        worker.kill('SIGTERM');
        await worker.ended;
      }
      return quiet.get(spec)!.hash;
    },
    quietSeconds: (spec) => quiet.get(spec)?.seconds ?? Number.NaN,
    judge({ idle = false, ...witness }) {
      const timed = idle ? { reclaimSeconds: SHORT.claim_poll_seconds * 1.25 + 2 + pulse.lost() } : {};
      return judge(fleet, fleet.workers.slice(judged), { maxCrashes: SHORT.max_crashes, ...witness, ...timed });
    },
    async clear() {
      for (const worker of fleet.workers.slice(judged)) worker.kill('SIGKILL');
      await Promise.all(fleet.workers.map((worker) => worker.ended));
      judged = fleet.workers.length;
      await fleet.database.admin.query('delete from backtest_jobs');
      await fleet.database.admin.query('truncate fault_log');
      pulse.reset();
    },
    async [Symbol.asyncDispose]() {
      await pulse[Symbol.asyncDispose]();
      await fleet[Symbol.asyncDispose]();
    },
  };
  return arena;
}

// Less than a lease, of which a heartbeat is the third and the trust nine tenths.
const STANDSTILL_SECONDS = 1;

/** The present attempt has saved a checkpoint. */
export const saved = (job: JobRow): boolean => job.checkpoint_attempt === job.attempt;

// Many crashes are allowed but where they are the point: a lease of 3 s is lost soon where the machine is busy, and three
// in a row would end a sound job.
const SHORT = {
  claim_poll_seconds: 0.2,
  lease_seconds: 3,
  heartbeat_seconds: 1,
  snapshot_seconds: 0.05,
  max_crashes: 20,
};

/** Ends the workers and asks for every invariant; throws with all that is broken. */
async function judge(fleet: Fleet, workers: readonly TestWorker[], witness: Witness): Promise<void> {
  for (const worker of workers) worker.kill('SIGTERM');
  const ends = await Promise.all(workers.map((worker) => worker.ended));
  const logs = workers.map((worker, i) => ({ text: worker.log(), survived: typeof ends[i] === 'number' }));
  await checkInvariants(fleet.database.admin, { logs, ...witness });
  // A child hears of its parent's end through a closed channel, at the end of its chunk.
  let left: readonly string[] = [];
  await eventually('the end of all processes (I11)', async () => (left = await processesOf(fleet.home)).length === 0, {
    seconds: 30,
    told: () => left.join('\n'),
  });
  for (const [i, end] of ends.entries()) assert.ok(end === 0 || end === 'SIGKILL', `exit ${end}: ${logs[i]?.text}`);
}

/** mulberry32 */
function seeded(): () => number {
  const seed = Number(process.env['BACKTEST_SEED'] ?? randomInt(2 ** 31));
  console.log(`BACKTEST_SEED=${seed}`);
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Processes that have this home in their environment: workers and their children, whoever their parent is by now. */
async function processesOf(home: string): Promise<string[]> {
  const found: string[] = [];
  for (const pid of (await readdir('/proc')).filter((name) => /^\d+$/.test(name))) {
    const environment = await readFile(`/proc/${pid}/environ`, 'utf8').catch(() => '');
    if (environment.includes(`BACKTEST_HOME=${home}\0`))
      found.push(await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => pid));
  }
  return found;
}
