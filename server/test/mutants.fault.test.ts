// Mutants: every guard of the queue is taken out once, and a test must turn red. A guard that no test misses is a guard
// that somebody will remove. The tree is copied to a temporary folder, each mutant is one textual change there, and the
// test files that kill are run without any change first, or a broken test would look like a kill.
//
// Survives, and is therefore not in the list by itself: the re-check in the outer update of claim. As long as the CTEs
// lock their row nothing can change between them and the update; it is there for the day they do not, so both go at once.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { cp, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';

interface Mutant {
  readonly guard: string;
  /** In server/src/. */
  readonly file: string;
  /** Each text stands in the file exactly once. */
  readonly change: readonly (readonly [from: string, to: string])[];
  /** The test file that must turn red, in server/, and which of its tests when not all are needed. */
  readonly killer: string;
  readonly named?: string;
}

const FENCE_TEST = 'src/queue/fence.db.test.ts';
// The parameters stay in use, or PostgreSQL would refuse the statement for another reason.
const NO_FENCE = `where job_id = $1 and num_nulls($2::text, $3::int) = 0 and state = 'running'`;

const MUTANTS: readonly Mutant[] = [
  {
    guard: 'the fence of a heartbeat',
    file: 'queue/heartbeat.ts',
    change: [['where ${fence}', NO_FENCE]],
    killer: FENCE_TEST,
    named: 'claimed by another',
  },
  {
    guard: 'the fence of a finish',
    file: 'queue/finish.ts',
    change: [['where ${fence}', NO_FENCE]],
    killer: FENCE_TEST,
    named: 'claimed by another',
  },
  {
    guard: 'the fence of a snapshot',
    file: 'queue/snapshot.ts',
    change: [['    if (!held) return null;\n', '']],
    killer: FENCE_TEST,
    named: 'claimed by another',
  },
  {
    guard: 'the fence of a surface chunk',
    file: 'queue/portions/surface.ts',
    change: [['if (held) await', 'await']],
    killer: FENCE_TEST,
    named: 'claimed by another',
  },
  {
    guard: 'the fence of the rows of a result',
    file: 'queue/portions/result-rows.ts',
    change: [['    if (!held) return null;\n', '']],
    killer: FENCE_TEST,
    named: 'claimed by another',
  },
  {
    guard: 'the fence of the trades of a result',
    file: 'queue/portions/result-trades.ts',
    change: [['    if (!held) return null;\n', '']],
    killer: FENCE_TEST,
    named: 'claimed by another',
  },
  {
    guard: 'the fence of a strip',
    file: 'queue/portions/strip.ts',
    change: [['    if (!held) return null;\n', '']],
    killer: FENCE_TEST,
    named: 'claimed by another',
  },
  {
    guard: 'the fence of the rows before a snapshot',
    file: 'queue/portions/snapshot-rows.ts',
    change: [['if (held) await', 'await']],
    killer: FENCE_TEST,
    named: 'claimed by another',
  },
  {
    guard: 'the fence of a part of a shortlist',
    file: 'queue/portions/shortlist-part.ts',
    change: [['if (held) await', 'await']],
    killer: FENCE_TEST,
    named: 'claimed by another',
  },
  {
    guard: 'the fence of a part of a resume point',
    file: 'queue/portions/checkpoint-part.ts',
    change: [['if (held) await', 'await']],
    killer: FENCE_TEST,
    named: 'claimed by another',
  },
  {
    guard: 'the count of the rows that a finish makes the result',
    file: 'queue/finish.ts',
    change: [['  if (written !== rows) throw', '  if (written === -1) throw']],
    killer: 'src/queue/finish.db.test.ts',
    named: 'whose rows are not all there',
  },
  {
    guard: 'the size of a resume point, asked before it is read',
    file: 'queue/resume.ts',
    change: [['case when octet_length(c.state) <= $4 then c.state end', 'case when $4::int > 0 then c.state end']],
    killer: 'src/queue/snapshot.db.test.ts',
    named: 'larger than any part',
  },
  {
    guard: 'the expiry in the fence',
    file: 'queue/fence.ts',
    change: [[' and lease_expires_at > clock_timestamp()`', '`']],
    killer: FENCE_TEST,
    named: 'expired lease',
  },
  {
    guard: 'the attempt in the fence',
    file: 'queue/fence.ts',
    change: [['locked_by = $2 and attempt = $3\n', 'locked_by = $2 and $3::int is not null\n']],
    killer: FENCE_TEST,
    named: 'claimed by the same name',
  },
  {
    guard: 'the owner in the fence',
    file: 'queue/fence.ts',
    change: [['locked_by = $2 and attempt = $3\n', '$2::text is not null and attempt = $3\n']],
    killer: FENCE_TEST,
    named: 'wrong owner',
  },
  {
    guard: 'the clock that goes on inside a transaction',
    file: 'queue/fence.ts',
    change: [[' and lease_expires_at > clock_timestamp()`', ' and lease_expires_at > now()`']],
    killer: FENCE_TEST,
    named: 'a lease that ran out while a transaction was open',
  },
  {
    guard: 'the lock under the quota',
    file: 'queue/submit.ts',
    change: [['    await client.query(LOCK_USER, [user_id]);\n', '']],
    killer: 'src/queue/submit.db.test.ts',
  },
  {
    guard: 'row lock and re-check of a reclaim',
    file: 'queue/claim.ts',
    change: [
      [
        '  order by lease_expires_at, created_at, job_id\n  for update of j skip locked\n',
        '  order by lease_expires_at, created_at, job_id\n',
      ],
      [
        "then j.state = 'running' and (j.lease_expires_at <= clock_timestamp() or j.lease_expires_at = d.lease_expires_at)",
        'then true',
      ],
      ['  for update of a\n', ''],
    ],
    killer: 'src/queue/claim.db.test.ts',
    named: 'two claimers at once',
  },
  {
    guard: 'row lock and re-check of a first claim',
    file: 'queue/claim.ts',
    change: [
      [
        '  order by priority desc, created_at, job_id\n  for update skip locked\n',
        '  order by priority desc, created_at, job_id\n',
      ],
      ["else j.state = 'queued'", 'else true'],
    ],
    killer: 'src/queue/claim.db.test.ts',
    named: 'two claimers at once',
  },
  {
    guard: 'attempt + 1 of a claim',
    file: 'queue/claim.ts',
    change: [['attempt = j.attempt + 1,', 'attempt = greatest(j.attempt, 1),']],
    killer: 'src/queue/claim.db.test.ts',
  },
  {
    guard: 'the row that a claim locks in the history',
    file: 'queue/claim.ts',
    change: [['  for update of a\n', '']],
    killer: 'src/queue/claim.db.test.ts',
  },
  {
    guard: 'the bound on crashes',
    file: 'queue/claim.ts',
    change: [["when crashed and crash_count + 1 >= $3 then 'failed'", "when $3::int < 0 then 'failed'"]],
    killer: 'src/queue/claim.db.test.ts',
  },
  {
    guard: 'the bound on excused attempts',
    file: 'queue/claim.ts',
    change: [["when excused >= ${MAX_EXCUSED} then 'failed'", "when excused < 0 then 'failed'"]],
    killer: 'src/queue/claim.db.test.ts',
    named: 'failed after a hundred',
  },
  {
    guard: 'the job that a claim avoids',
    file: 'queue/claim.ts',
    change: [[' and not ${AVOIDED}\n', ' and (not ${AVOIDED} or true)\n']],
    killer: 'src/queue/claim.db.test.ts',
    named: 'avoids a job that crashed',
  },
  {
    guard: 'the disturbance that excuses a lost lease',
    file: 'queue/claim.ts',
    change: [
      [
        'where e.heartbeat_at <= d.until and e.lease_expires_at >= d."from"',
        'where false and e.heartbeat_at <= d.until',
      ],
    ],
    killer: 'src/queue/claim.db.test.ts',
    named: 'lost while the database was in trouble',
  },
  {
    guard: 'the lease that a silent one must still be',
    file: 'queue/claim.ts',
    change: [[' and s.lease = j.lease_expires_at\n', ' and s.lease is not null\n']],
    killer: 'src/queue/claim.db.test.ts',
    named: 'taken over when it is silent',
  },
  {
    guard: 'the time that a silent lease has not moved',
    file: 'queue/observer.ts',
    change: [['lookedAt - sinceMs >= lengthMs', 'lookedAt - sinceMs >= 0 * lengthMs']],
    killer: 'src/queue/claim.db.test.ts',
    named: 'taken over when it is silent',
  },
  {
    guard: 'the lease that a cancel without a worker must still find',
    file: 'queue/cancel.ts',
    change: [
      ['attempt = $3::int and lease_expires_at = $4::timestamptz', 'attempt = $3::int and $4::timestamptz is not null'],
    ],
    killer: 'src/queue/cancel.db.test.ts',
    named: 'a silent lease that was renewed',
  },
  {
    guard: 'the cancel that wins over a finish',
    file: 'queue/finish.ts',
    change: [["state = case when cancel_requested_at is null then $4 else 'cancelled' end", 'state = $4']],
    killer: 'src/queue/finish.db.test.ts',
  },
  {
    guard: 'the lock of retention',
    file: 'queue/expire.ts',
    change: [["pg_try_advisory_xact_lock(hashtextextended('backtest_jobs expire', 0)) as mine", 'true as mine']],
    killer: 'src/queue/expire.db.test.ts',
  },
  {
    guard: 'the state that retention looks for',
    file: 'queue/expire.ts',
    change: [
      ["state in ('succeeded', 'failed', 'cancelled')\n    and finished_at <", 'coalesce(finished_at, created_at) <'],
    ],
    killer: 'src/queue/expire.db.test.ts',
    named: 'deletes what ended longer ago',
  },
  {
    guard: 'the owner of a job that is deleted',
    file: 'queue/delete.ts',
    change: [['where job_id = $1 and user_id = $2 and state', 'where job_id = $1 and state']],
    killer: 'src/queue/delete.db.test.ts',
  },
  {
    guard: 'the end of a job that is deleted',
    file: 'queue/delete.ts',
    change: [["user_id = $2 and state in ('succeeded', 'failed', 'cancelled')\n", 'user_id = $2\n']],
    killer: 'src/queue/delete.db.test.ts',
  },
  {
    guard: 'the owner of a strategy that is deleted',
    file: 'strategies/delete.ts',
    change: [['where strategy_id = $1 and user_id = $2\n', 'where strategy_id = $1\n']],
    killer: 'src/strategies/strategies.db.test.ts',
  },
  {
    guard: 'the owner of a strategy that a spec names',
    file: 'strategies/resolve.ts',
    change: [['select case when user_id = $2 then', 'select case when user_id = $2 or true then']],
    killer: 'src/strategies/strategies.db.test.ts',
  },
  {
    guard: 'the trust deadline',
    file: 'worker/hold.ts',
    change: [
      ['this.#deadline = setTimeout(() => this.#lose(reason())', 'this.#deadline = setTimeout(() => void reason'],
    ],
    killer: 'src/worker/hold.db.test.ts',
  },
  {
    guard: 'the end of a transaction that is left open',
    file: 'worker/limits.ts',
    change: [['idleInTransactionMs: Math.round(hold * 0.8),', 'idleInTransactionMs: 0,']],
    killer: 'test/faults/crash.db.test.ts',
    named: 'inside the open transaction of a snapshot',
  },
];

const killed: string[] = [];
after(() => console.log([`${killed.length} of ${MUTANTS.length} mutants killed`, ...killed].join('\n')));

const PROJECT = fileURLToPath(new URL('../..', import.meta.url));
let copy: string;

before(async () => {
  copy = await mkdtemp(join(tmpdir(), 'backtest-mutants-'));
  for (const part of ['server', 'engine', 'configs', 'package.json', 'web']) {
    await cp(join(PROJECT, part), join(copy, part), { recursive: true, filter: (path) => !path.includes('dist') });
  }
  await symlink(join(PROJECT, 'node_modules'), join(copy, 'node_modules'));
});
after(() => rm(copy, { recursive: true, force: true }));

// Some mutants show themselves by what never happens; green must be possible where the machine is slow.
const RED_MS = 45_000;
const PATIENT_MS = 300_000;

/** Exit code and output of a test file of the copy, on the server of this run. */
function runTest({ killer, named }: Mutant, timeoutMs: number): Promise<{ code: number; output: string }> {
  const { NODE_TEST_CONTEXT: _, ...env } = process.env;
  const pattern = named === undefined ? [] : [`--test-name-pattern=${named}`];
  const args = ['--test', `--test-timeout=${timeoutMs}`, '--test-force-exit', ...pattern, join(copy, 'server', killer)];
  const given = env['BACKTEST_TEST_PG_DSN'] ?? env['BACKTEST_TEST_EMBEDDED_DSN'];
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      args,
      { cwd: copy, env: { ...env, BACKTEST_TEST_PG_DSN: given }, maxBuffer: 1e8 },
      (error, stdout, stderr) => resolve({ code: Number(error?.code ?? (error ? 1 : 0)), output: stdout + stderr }),
    );
  });
}

describe('every guard has a test that misses it', { concurrency: false }, () => {
  test('without a mutant all these tests are green', async () => {
    const killers = new Map(MUTANTS.map((mutant) => [`${mutant.killer} ${mutant.named}`, mutant]));
    for (const [name, mutant] of killers) {
      const { code, output } = await runTest(mutant, PATIENT_MS);
      assert.equal(code, 0, `${name}:\n${output}`);
      assert.match(output, /^(# |ℹ )pass [1-9]/m, name);
    }
  });

  for (const mutant of MUTANTS) {
    test(`without ${mutant.guard} ${mutant.killer} is red`, async () => {
      const file = join(copy, 'server/src', mutant.file);
      const original = await readFile(file, 'utf8');
      let mutated = original;
      for (const [from, to] of mutant.change) {
        assert.equal(mutated.split(from).length, 2, `not exactly once in ${mutant.file}: ${from}`);
        mutated = mutated.replace(from, () => to);
      }
      await writeFile(file, mutated);
      const since = performance.now();
      try {
        const { code, output } = await runTest(mutant, RED_MS);
        assert.notEqual(code, 0, 'the mutant lives');
        assert.match(output, /^(# |ℹ )(fail|cancelled) [1-9]/m, output);
        // Killed by what it lets through, not by being no program.
        assert.doesNotMatch(output, /SyntaxError|syntax error|could not determine|does not exist|is not defined/);
        const [, red = '?'] = /^ *(?:✖|not ok \d+ -) (.+?)(?: \([\d.]+ms\))?$/m.exec(output) ?? [];
        killed.push(
          `${mutant.guard} | ${mutant.killer}: ${red} | ${((performance.now() - since) / 1000).toFixed(1)} s`,
        );
      } finally {
        await writeFile(file, original);
      }
    });
  }
});
