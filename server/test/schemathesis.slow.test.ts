// Schemathesis, which makes requests of the OpenAPI document, valid and invalid ones and chains of them, and holds every reply to
// it: with a token, and as an administrator who has signed in, against a server with jobs and strategies.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test, type TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import { openThrottle } from '../src/accounts/throttle.ts';
import { parseConfig } from '../src/config/config.ts';
import { PROJECT } from '../src/config/paths.ts';
import { openHouse, SPEC, type House, type Person } from './house.ts';

const FOLDER = fileURLToPath(new URL('schemathesis/', import.meta.url));
/** Where it is installed, once; another version has another list and so is installed anew. */
const VENV = join(PROJECT, 'node_modules/.cache/backtest-jobs/schemathesis');
const SEED = 20_250_101;
const EXAMPLES = 5;

/** Nothing here is to be refused because there is too much of it. */
const CONFIG = parseConfig(`
version: 1
backtest:
  accounts: { local_user: false }
  api: { max_requests_per_minute_per_user: 1000000, max_open_reports_per_user: 1000 }
  jobs: { max_active_jobs_per_user: 1000000, max_strategies_per_user: 1000000 }
`);

interface Ran {
  readonly code: number;
  readonly output: string;
}

function run(program: string, args: readonly string[], cwd = tmpdir()): Promise<Ran> {
  return new Promise((resolve) => {
    const options = { cwd, maxBuffer: 2 ** 28, env: { PATH: process.env['PATH'], HOME: cwd, PYTHONUTF8: '1' } };
    execFile(program, args, options, (error, stdout, stderr) => {
      const code = error === null ? 0 : typeof error.code === 'number' ? error.code : 1;
      resolve({ code, output: stdout + stderr });
    });
  });
}

/** Installs it unless it is there; returns why it cannot be had, or null. */
async function install(): Promise<string | null> {
  const wanted = await readFile(join(FOLDER, 'requirements.txt'), 'utf8');
  const mark = join(VENV, 'installed.txt');
  if (existsSync(mark) && (await readFile(mark, 'utf8')) === wanted) return null;
  await rm(VENV, { recursive: true, force: true });
  const made = await run('python3', ['-m', 'venv', VENV]);
  if (made.code !== 0) return `python3 -m venv fails (Debian: python3-venv): ${made.output.trim().slice(-300)}`;
  const requirements = join(FOLDER, 'requirements.txt');
  const got = await run(join(VENV, 'bin/pip'), ['install', '--quiet', '--no-cache-dir', '-r', requirements]);
  if (got.code !== 0) return `pip cannot install it: ${got.output.trim().slice(-300)}`;
  await writeFile(mark, wanted);
  return null;
}

const ROUTES_OF_ADMIN = (
  '--include-tag accounts --include-operation-id listJobs --include-operation-id cancelJob ' +
  '--exclude-operation-id signOut --exclude-operation-id endSession'
).split(' ');

describe('schemathesis finds nothing', () => {
  let missing: string | null;
  let house: House;
  let folder: string;
  let ann: Person;
  let root: Person;

  before(async () => {
    missing = await install();
    if (missing !== null) return;
    folder = await mkdtemp(join(tmpdir(), 'schemathesis-'));
    // Sign-ins and tokens that fail are counted and never wait.
    const throttle = openThrottle('attempts', { now: () => performance.now(), sleep: async () => {} });
    house = await openHouse('test', CONFIG, { throttles: { signIns: throttle, tokens: throttle } });
    ann = await house.enter('ann');
    root = await house.enter('root', 'admin');
    for (const person of [ann, root]) {
      await house.run(person);
      for (const name of ['first', 'second']) {
        const payload = { name, template: SPEC.template };
        await house.app.inject({ method: 'POST', url: '/strategies', headers: person.cookie, payload });
      }
      await house.app.inject({ method: 'POST', url: '/backtests/jobs', headers: person.cookie, payload: SPEC });
    }
  });

  after(async () => {
    if (missing !== null) return;
    await house[Symbol.asyncDispose]();
    await rm(folder, { recursive: true });
  });

  async function findsNothing(t: TestContext, auth: string, ...which: readonly string[]): Promise<void> {
    if (missing !== null) return t.skip(`no schemathesis: ${missing}`);
    const config = join(folder, 'schemathesis.toml');
    await writeFile(config, `${await readFile(join(FOLDER, 'schemathesis.toml'), 'utf8')}\n${auth}\n`);
    const options = `--no-color --warnings off --continue-on-failure --generation-database none --seed ${SEED} --max-examples ${EXAMPLES}`;
    // All checks, but for the exclusions of the file: with --checks on this line they would not count.
    const phases = ['--phases', 'examples,coverage,fuzzing,stateful'];
    const args = [
      '--config-file',
      config,
      'run',
      `${house.url}/openapi.json`,
      ...phases,
      ...options.split(' '),
      ...which,
    ];
    const { code, output } = await run(join(VENV, 'bin/schemathesis'), args, folder);
    const lines = output.trimEnd().split('\n');
    const [told = '', cases, passed] = /(\d+) generated, (\d+) passed.*/.exec(output) ?? [];
    t.diagnostic(`${told} ${lines.at(-1)}`);
    const all = lines.map((line) => line.slice(0, 1000)).join('\n');
    assert.equal(code, 0, all);
    assert.ok(cases === passed && Number(cases) > 300, all);
  }

  test('with a token, on all routes but those that no token gets to', async (t) => {
    const token = ann?.token['authorization']?.replace('Bearer ', '');
    await findsNothing(t, `[auth.openapi.token]\nbearer = "${token}"`, '--exclude-tag', 'accounts');
  });

  // Signing out and ending a session would end that of the test.
  test('as an administrator who has signed in, on the routes of accounts and of jobs', async (t) => {
    const cookie = root?.cookie['cookie']?.replace(/^.*?=/, '');
    await findsNothing(t, `[auth.openapi.session]\napi_key = "${cookie}"`, ...ROUTES_OF_ADMIN);
  });
});
