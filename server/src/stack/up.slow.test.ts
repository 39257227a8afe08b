// The local stack with real processes: the demo twice, the demo beside a running stack, Ctrl-C, kill -9, busy ports.

import assert from 'node:assert/strict';
import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { test, type TestContext } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { cells } from '../cli/show/table.ts';

const ENTRY = fileURLToPath(new URL('../../backtest.mjs', import.meta.url));
const DEMO_SPEC = fileURLToPath(new URL('../../demo/spec.yaml', import.meta.url));

interface Running {
  readonly child: ChildProcessByStdio<null, Readable, Readable>;
  readonly stdout: () => string;
  readonly stderr: () => string;
  /** Resolves with the first line of stdout that matches; rejects when the process ends before. */
  line(pattern: RegExp): Promise<RegExpMatchArray>;
  /** Exit code, or the signal. */
  readonly ended: Promise<number | string>;
}

function backtest(home: string, args: readonly string[], env: Readonly<Record<string, string>> = {}): Running {
  const child = spawn(process.execPath, [ENTRY, ...args], {
    env: { PATH: process.env['PATH'], BACKTEST_HOME: home, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  let stdout = '';
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const lines = createInterface({ input: child.stdout });
  lines.on('line', (line) => (stdout += `${line}\n`));
  const ended = once(child, 'close').then(([code, signal]) => (code ?? signal) as number | string);
  return {
    child,
    stdout: () => stdout,
    stderr: () => stderr,
    ended,
    line: (pattern) =>
      new Promise((resolve, reject) => {
        const look = (line: string): void => {
          const found = line.match(pattern);
          if (found) resolve(found);
        };
        stdout.split('\n').forEach(look);
        lines.on('line', look);
        void ended.then((code) => reject(new Error(`ended with ${code} before ${pattern}\n${stdout}\n${stderr}`)));
      }),
  };
}

async function temporaryHome(t: TestContext): Promise<string> {
  const home = await mkdtemp(join(tmpdir(), 'backtest-home-'));
  t.after(async () => {
    for (const pid of processesOf(home)) process.kill(pid, 'SIGKILL');
    await rm(home, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  });
  return home;
}

function commandLine(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    return ''; // it ended meanwhile
  }
}

/** Processes that have this home in their command line or environment, zombies aside. */
function processesOf(home: string): number[] {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid);
  return pids.map(Number).filter((pid) => {
    try {
      const text = readFileSync(`/proc/${pid}/cmdline`, 'utf8');
      return text !== '' && (text + readFileSync(`/proc/${pid}/environ`, 'utf8')).includes(home);
    } catch {
      return false;
    }
  });
}

async function gone(home: string): Promise<void> {
  for (let i = 0; i < 150 && processesOf(home).length > 0; i += 1) await delay(100);
  const left = processesOf(home).map((pid) => `${pid} ${commandLine(pid).replaceAll('\0', ' ')}`);
  assert.deepEqual(left, []);
}

/** Holds the port, or lets whoever has it keep it: busy is all that counts. */
async function busy(port: number): Promise<AsyncDisposable & { port: number }> {
  const server: Server = createServer((socket) => socket.destroy()).listen(port, '127.0.0.1');
  await Promise.race([once(server, 'listening'), once(server, 'error')]).catch(() => {});
  const address = server.address();
  return {
    port: typeof address === 'object' && address !== null ? address.port : port,
    [Symbol.asyncDispose]: () => new Promise((resolve) => void server.close(() => resolve())),
  };
}

const linux = {
  timeout: 180_000,
  skip: existsSync('/proc/self/environ') ? false : 'looks for processes in /proc',
};

test('demo: from nothing to the ten best and nothing left running; again on the same data', linux, async (t) => {
  const home = await temporaryHome(t);
  const first = backtest(home, ['demo']);
  assert.equal(await first.ended, 0, first.stdout() + first.stderr());
  const text = first.stdout();
  assert.match(text, /schema +version \d+, migrated by /);
  const [, base = ''] = text.match(/([\d,]+) base variants/) ?? [];
  assert.ok(Number(base.replaceAll(',', '')) >= 50_000, text);
  for (let rank = 1; rank <= 10; rank += 1)
    assert.match(text, new RegExp(`^ ?${rank}  .*sma\\(\\d+\\).*rsi\\(\\d+\\).*%`, 'm'));
  for (const part of [
    'Calmar Ratio',
    'Benchmark Return [%]',
    'sha256 ',
    '/docs',
    'npm start',
    'docs/runbooks/',
    'luck',
  ]) {
    assert.ok(text.includes(part), part);
  }
  assert.ok(text.split('\n').every((line) => cells(line) <= 130));
  await gone(home);

  const second = backtest(home, ['demo', '--json']);
  assert.equal(await second.ended, 0, second.stderr());
  const { job, top } = JSON.parse(second.stdout()) as {
    job: { job_id: string; state: string };
    top: { items: unknown[] };
  };
  assert.equal(job.state, 'succeeded');
  assert.equal(top.items.length, 10);
  assert.ok(!text.includes(job.job_id), 'every run is a new job');
  assert.match(second.stderr(), /schema +version \d+$/m);
  assert.match(second.stderr(), /candles +.*there already/);
  await gone(home);
});

/** A spec with faults leaves no job; a sound one becomes a job that can be watched and cancelled. */
async function submitAndCancel(home: string): Promise<void> {
  const spec = join(home, 'bad.yaml');
  await writeFile(spec, 'time_range: { start: 2020-01-01T00:00:00Z, end: 2019-01-01T00:00:00Z }\ntopk: 5\n');
  const bad = backtest(home, ['submit', spec]);
  assert.equal(await bad.ended, 2);
  assert.equal(bad.stdout(), '');
  for (const path of ['time_range', 'topk', 'template'])
    assert.match(bad.stderr(), new RegExp(`^backtest: ${path}`, 'm'));
  assert.match(bad.stderr(), /\(.*bad\.yaml:2\)/);
  const before = backtest(home, ['jobs', '--json']);
  await before.ended;
  assert.equal((JSON.parse(before.stdout()) as { items: unknown[] }).items.length, 1);

  const submit = backtest(home, ['submit', DEMO_SPEC]);
  assert.equal(await submit.ended, 0, submit.stderr());
  const jobId = submit.stdout().trim();
  const cancel = backtest(home, ['cancel', jobId]);
  assert.equal(await cancel.ended, 0, cancel.stderr());
  const watch = backtest(home, ['watch', jobId]);
  assert.equal(await watch.ended, 1);
  assert.match(watch.stdout(), /^cancelled/);
}

test(
  'up serves until Ctrl-C; the commands find it; a demo beside it uses it and leaves it running',
  linux,
  async (t) => {
    const home = await temporaryHome(t);
    const up = backtest(home, ['up', '--json']);
    const [line] = await up.line(/^\{.*\}$/);
    const { url } = JSON.parse(line) as { url: string };
    assert.equal((await fetch(`${url}/docs/api`)).status, 200);

    const demo = backtest(home, ['demo', '--json']);
    assert.equal(await demo.ended, 0, demo.stderr());
    assert.match(demo.stderr(), /was running already/);
    const { job } = JSON.parse(demo.stdout()) as { job: { job_id: string } };

    const jobs = backtest(home, ['jobs']);
    assert.equal(await jobs.ended, 0, jobs.stderr());
    assert.match(jobs.stdout(), new RegExp(`${job.job_id}  succeeded +100% `));
    const top = backtest(home, ['top', job.job_id, '--limit', '3', '--report', '2']);
    assert.equal(await top.ended, 0, top.stderr());
    assert.match(top.stdout(), /report of rank 2[^]*Calmar Ratio/);
    const watch = backtest(home, ['watch', job.job_id]);
    assert.equal(await watch.ended, 0, watch.stderr());
    assert.match(watch.stdout(), /^succeeded in /);
    const none = backtest(home, ['watch', '00000000-0000-7000-8000-000000000000']);
    assert.equal(await none.ended, 1);
    assert.match(none.stderr(), /not_found/);

    await submitAndCancel(home);

    // npm passes on the signal that the terminal has sent already: both are one Ctrl-C.
    up.child.kill('SIGINT');
    up.child.kill('SIGINT');
    assert.equal(await up.ended, 0, up.stderr());
    await gone(home);
  },
);

test('Ctrl-C stops a demo, its job and its stack', linux, async (t) => {
  const home = await temporaryHome(t);
  const demo = backtest(home, ['demo']);
  const [, jobId = ''] = await demo.line(/^job +([0-9a-f-]{36})/);
  demo.child.kill('SIGINT');
  assert.equal(await demo.ended, 130, demo.stdout() + demo.stderr());
  await gone(home);

  const up = backtest(home, ['up', '--json']);
  await up.line(/^\{.*\}$/);
  const jobs = backtest(home, ['jobs']);
  await jobs.ended;
  assert.match(jobs.stdout(), new RegExp(`${jobId}  (cancelled|succeeded) `));
  up.child.kill('SIGTERM');
  assert.equal(await up.ended, 0);
  await gone(home);
});

test('after kill -9 of up its parts end by themselves, and the next one adopts the database', linux, async (t) => {
  const home = await temporaryHome(t);
  const up = backtest(home, ['up', '--json']);
  await up.line(/^\{.*\}$/);
  const nodes = (): number[] => processesOf(home).filter((pid) => commandLine(pid).includes('backtest.mjs'));
  assert.ok(nodes().length >= 3);
  up.child.kill('SIGKILL');
  await up.ended;
  for (let i = 0; i < 150 && nodes().length > 0; i += 1) await delay(100);
  assert.deepEqual(nodes(), []);
  assert.ok(processesOf(home).length > 0, 'PostgreSQL goes on');

  const again = backtest(home, ['up']);
  await again.line(/^database .*was running already/);
  await again.line(/^Ready: /);
  again.child.kill('SIGINT');
  assert.equal(await again.ended, 0, again.stderr());
  await gone(home);
});

test('a part that dies is started again, the API where its clients know it', linux, async (t) => {
  const home = await temporaryHome(t);
  const up = backtest(home, ['up', '--json']);
  const [line] = await up.line(/^\{.*\}$/);
  const { url } = JSON.parse(line) as { url: string };
  const parts = (): number[] =>
    processesOf(home).filter((pid) => /backtest\.mjs\0(api|worker)\0/.test(commandLine(pid)));
  const killed = parts();
  assert.equal(killed.length, 2);
  for (const pid of killed) process.kill(pid, 'SIGKILL');
  const well = async (): Promise<boolean> => {
    const answer = await fetch(`${url}/readyz`).catch(() => null);
    return answer?.status === 200 && parts().filter((pid) => !killed.includes(pid)).length === 2;
  };
  for (let i = 0; i < 150 && !(await well()); i += 1) await delay(100);
  assert.ok(await well());
  up.child.kill('SIGTERM');
  assert.equal(await up.ended, 0, up.stderr());
  await gone(home);
});

function postmaster(home: string): number {
  const pid = Number(readFileSync(join(home, 'postgres', 'postmaster.pid'), 'utf8').split('\n', 1)[0]);
  assert.ok(pid > 1, `${pid} is no server`); // to kill 0 would be to kill this test and who started it
  return pid;
}

/** Kills the server that runs, and answers when another one does. */
async function killPostgres(home: string, up: Running): Promise<void> {
  const restarts = up.stdout().split('started again').length;
  process.kill(postmaster(home), 'SIGKILL');
  for (let i = 0; i < 300 && up.stdout().split('started again').length === restarts; i += 1) await delay(100);
  assert.ok(up.stdout().split('started again').length > restarts, up.stdout() + up.stderr());
}

async function submitDemo(home: string): Promise<string> {
  const submit = backtest(home, ['submit', DEMO_SPEC]);
  assert.equal(await submit.ended, 0, submit.stderr());
  return submit.stdout().trim();
}

interface Job {
  readonly attempt: number;
  readonly processed_units: number;
}

async function until(url: string, jobId: string, is: (job: Job) => boolean): Promise<void> {
  for (let i = 0; i < 1200; i += 1) {
    if (is((await (await fetch(`${url}/backtests/jobs/${jobId}`)).json()) as Job)) return;
    await delay(50);
  }
  assert.fail(`in vain: ${String(is)}`);
}

const moving = ({ processed_units }: Job): boolean => processed_units > 0;

test('a PostgreSQL that is killed runs again on its port, and the job on it succeeds', linux, async (t) => {
  const home = await temporaryHome(t);
  const up = backtest(home, ['up']);
  const [, port = ''] = await up.line(/^database +PostgreSQL on port (\d+)/);
  const [, url = ''] = await up.line(/^Ready: (\S+) /);
  const jobId = await submitDemo(home);
  await until(url, jobId, moving);
  const watch = backtest(home, ['watch', jobId]);
  await killPostgres(home, up);
  await up.line(
    new RegExp(`^database +PostgreSQL ended and was started again on port ${port} \\(log: .*postgres\\.log\\)$`),
  );
  assert.equal(await watch.ended, 0, watch.stdout() + watch.stderr());
  const job = (await (await fetch(`${url}/backtests/jobs/${jobId}`)).json()) as Job;
  assert.equal(job.attempt, 1, 'its worker held on to it');
  up.child.kill('SIGINT');
  assert.equal(await up.ended, 0, up.stderr());
  await gone(home);
});

test('a demo whose worker is killed goes on within half a minute', linux, async (t) => {
  const home = await temporaryHome(t);
  const demo = backtest(home, ['demo']);
  const [, jobId = '', url = ''] = await demo.line(/^job +([0-9a-f-]{36}), submitted to (.*)$/);
  await until(url, jobId, moving);
  const killedAt = performance.now();
  for (const pid of processesOf(home)) {
    if (/backtest\.mjs\0worker\0/.test(commandLine(pid))) process.kill(pid, 'SIGKILL');
  }
  await until(url, jobId, ({ attempt }) => attempt === 2);
  assert.ok(performance.now() - killedAt < 30_000, `${(performance.now() - killedAt) / 1000} s`);
  assert.equal(await demo.ended, 0, demo.stdout() + demo.stderr());
  assert.match(demo.stdout(), /^worker +ended by SIGKILL, started again, metrics on port \d+/m);
  await gone(home);
});

test('a PostgreSQL whose port is taken meanwhile moves, and API and workers follow', linux, async (t) => {
  const home = await temporaryHome(t);
  const up = backtest(home, ['up']);
  const [, port = ''] = await up.line(/^database +PostgreSQL on port (\d+)/);
  const [, url = ''] = await up.line(/^Ready: (\S+) /);
  up.child.kill('SIGSTOP');
  const killed = postmaster(home);
  process.kill(killed, 'SIGKILL');
  for (let i = 0; i < 100 && commandLine(killed) !== ''; i += 1) await delay(50);
  await using _taken = await busy(Number(port));
  up.child.kill('SIGCONT');
  const [, now = ''] = await up.line(/^database .*started again on port (\d+) now, API and workers follow/);
  assert.notEqual(now, port);
  await up.line(/^worker +was started again, metrics on port/);
  await up.line(/^api +was started again/);
  const jobId = await submitDemo(home);
  const watch = backtest(home, ['watch', jobId]);
  assert.equal(await watch.ended, 0, watch.stdout() + watch.stderr());
  assert.ok((await fetch(`${url}/readyz`)).ok, 'the API is where it was');
  up.child.kill('SIGINT');
  assert.equal(await up.ended, 0, up.stderr());
  await gone(home);
});

test('a PostgreSQL or a part that keeps dying ends the stack, its log named', linux, async (t) => {
  const home = await temporaryHome(t);
  const up = backtest(home, ['up']);
  await up.line(/^Ready: /);
  await killPostgres(home, up);
  await killPostgres(home, up);
  process.kill(postmaster(home), 'SIGKILL');
  assert.equal(await up.ended, 1);
  assert.match(up.stderr(), /^backtest: PostgreSQL ended 3 times in a row \(log: .*postgres\.log\)$/m);
  await gone(home);

  const again = backtest(home, ['up']);
  await again.line(/^Ready: /);
  const killed: number[] = [];
  const api = (): number | undefined =>
    processesOf(home).find((pid) => !killed.includes(pid) && /backtest\.mjs\0api\0/.test(commandLine(pid)));
  for (let death = 1; death <= 3; death += 1) {
    let pid = api();
    for (let i = 0; i < 200 && pid === undefined; i += 1) {
      await delay(50);
      pid = api();
    }
    assert.ok(pid !== undefined, `the API was not started again after death ${death - 1}`); // pid 0 would be this test
    process.kill(pid, 'SIGKILL');
    killed.push(pid);
  }
  assert.equal(await again.ended, 1);
  assert.match(again.stderr(), /^backtest: api ended 3 times in a row.*api\.log\)$/m);
  await gone(home);
});

test('who used the database and died does not keep it running, whoever has the pid now', linux, async (t) => {
  const home = await temporaryHome(t);
  const up = backtest(home, ['up']);
  await up.line(/^Ready: /);
  const users = (): string[] => readdirSync(join(home, 'users'));
  await writeFile(join(home, 'users', String(process.pid)), ''); // as a dead stack whose pid is ours now left it
  const seat = users().find((name) => name !== String(process.pid)) ?? '';
  up.child.kill('SIGKILL');
  await up.ended;
  assert.ok(users().includes(seat));
  const again = backtest(home, ['up']);
  await again.line(/^Ready: /);
  assert.equal(users().length, 1);
  again.child.kill('SIGINT');
  assert.equal(await again.ended, 0, again.stderr());
  assert.deepEqual(users(), []);
  await gone(home);
});

test('a demo whose reader has seen enough stops what it started', linux, async (t) => {
  const home = await temporaryHome(t);
  const demo = backtest(home, ['demo']);
  await demo.line(/^api /);
  demo.child.stdout?.destroy();
  await demo.ended;
  await gone(home);
});

test('a second Ctrl-C stops at once, and what is left is found again', linux, async (t) => {
  const home = await temporaryHome(t);
  const up = backtest(home, ['up', '--json']);
  await up.line(/^\{.*\}$/);
  const worker = processesOf(home).find((pid) => /backtest\.mjs\0worker\0/.test(commandLine(pid))) ?? 0;
  assert.ok(worker > 0);
  process.kill(worker, 'SIGSTOP'); // so that the first one takes long
  up.child.kill('SIGINT');
  await delay(700); // closer ones count as one
  up.child.kill('SIGINT');
  assert.equal(await up.ended, 130);
  const again = backtest(home, ['up']);
  await again.line(/^Ready: /);
  again.child.kill('SIGINT');
  assert.equal(await again.ended, 0, again.stderr());
  await gone(home);
});

test('a busy default port takes the next, a port that was given fails', linux, async (t) => {
  const home = await temporaryHome(t);
  await using _api = await busy(8000);
  await using _metrics = await busy(9204);
  const up = backtest(home, ['up']);
  const [, port = ''] = await up.line(/^api +http:\/\/127\.0\.0\.1:(\d+)$/);
  assert.ok(Number(port) > 8000);
  const [, metricsPort = ''] = await up.line(/^worker +metrics on port (\d+), its log is .*worker-1\.log$/);
  assert.ok(Number(metricsPort) > 9204);
  assert.match(await (await fetch(`http://127.0.0.1:${metricsPort}/metrics`)).text(), /^backtest_queue_jobs/m);
  await up.line(/^Ready: /);

  await using taken = await busy(0);
  const given = backtest(home, ['up', '--port', String(taken.port)]);
  assert.equal(await given.ended, 1);
  assert.match(
    given.stderr(),
    new RegExp(`^backtest: api failed: ended with exit code 1: port ${taken.port} is busy .*api\\.log`, 'm'),
  );
  const metrics = backtest(home, ['up', '--metrics-port', String(taken.port)]);
  assert.equal(await metrics.ended, 1);
  assert.match(
    metrics.stderr(),
    new RegExp(`^backtest: worker failed: .*: metrics port ${taken.port} is busy .*worker-1\\.log`, 'm'),
  );
  assert.doesNotMatch(metrics.stdout(), /Ready/);

  assert.equal(up.child.exitCode, null, 'the first stack is not disturbed');
  up.child.kill('SIGINT');
  assert.equal(await up.ended, 0, up.stderr());
  await gone(home);
});

test('a stack whose jobs are switched off comes up without a worker and says so', linux, async (t) => {
  const home = await temporaryHome(t);
  const config = join(home, 'off.yaml');
  await writeFile(config, 'version: 1\nbacktest: { jobs: { enabled: false } }\n');
  const up = backtest(home, ['up', '--config', config]);
  await up.line(/^worker +not needed: jobs are switched off/);
  await up.line(/^Ready: /);
  up.child.kill('SIGINT');
  assert.equal(await up.ended, 0, up.stderr());
  await gone(home);
});

test('STRATEGY_PG_DSN without POSTGRES_DSN is refused before anything starts', linux, async (t) => {
  const home = await temporaryHome(t);
  const demo = backtest(home, ['demo'], { STRATEGY_PG_DSN: 'postgres://u:secret@127.0.0.1:1/x' });
  assert.equal(await demo.ended, 1);
  assert.match(
    demo.stderr(),
    /^backtest: POSTGRES_DSN is not set, but STRATEGY_PG_DSN is, .* neither for the embedded/,
  );
  assert.doesNotMatch(demo.stderr(), /log/);
  assert.ok(!demo.stderr().includes('secret'));
  assert.deepEqual(processesOf(home), []);
});
