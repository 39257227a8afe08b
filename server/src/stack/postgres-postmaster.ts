// One postmaster process: find the running one, start a detached one, stop it. The truth is postmaster.pid together
// with the command line of that pid: after a crash or a reboot the pid may belong to anybody.

import { execFileSync } from 'node:child_process';
import { closeSync, existsSync, openSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { spawnAs, type Account } from './postgres-account.ts';
import { rotate } from './rotate.ts';

export interface Postmaster {
  readonly pid: number;
  readonly port: number;
  readonly dataFolder: string;
}

export interface Launch {
  readonly account: Account;
  readonly native: string;
  readonly dataFolder: string;
  readonly logFile: string;
  readonly settings: Readonly<Record<string, string>>;
  /** Tried first; null: any. */
  readonly port: number | null;
}

const PATIENCE_MS = 120_000; // crash recovery may replay a lot of WAL
const POLL_MS = 15;

/** The postmaster that serves this data directory, once it is ready; null (and no pid file in the way) if none does. */
export async function runningPostmaster(dataFolder: string): Promise<Postmaster | null> {
  const begin = performance.now();
  for (;;) {
    const file = readPidFile(dataFolder);
    if (!file) return null;
    const waited = performance.now() - begin;
    if (Number.isNaN(file.pid)) {
      // Torn by a crash, or about to be written by a postmaster whose launcher was killed.
      if (waited > 500) rmSync(pidFile(dataFolder), { force: true });
    } else if (!isPostmaster(file.pid, dataFolder)) {
      // PostgreSQL copes with a dead pid itself (and then looks for orphaned backends), but it believes a live one.
      if (signal(file.pid, 0)) rmSync(pidFile(dataFolder), { force: true });
      return null;
    } else if (file.status === 'ready') {
      return { pid: file.pid, port: file.port, dataFolder };
    } else if (waited > PATIENCE_MS) {
      throw new Error(`PostgreSQL (pid ${file.pid}) on ${dataFolder} is "${file.status}" for ${PATIENCE_MS / 1000} s`);
    }
    await sleep(POLL_MS); // starting, or stopping
  }
}

/** Starts a postmaster that outlives this process and waits until it accepts connections. */
export async function startPostmaster(launch: Launch): Promise<Postmaster> {
  let port = launch.port ?? randomPort();
  for (let attempt = 1; ; attempt += 1) {
    const started = await launchOnce(launch, port);
    if (typeof started !== 'string') return started;
    // Passing trouble: somebody has the port; backends of a killed postmaster are still leaving; one that a killed
    // launcher had just started was faster.
    const passing = /could not bind|is still in use|"postmaster\.pid" already exists/.test(started);
    if (!passing || attempt === 20) {
      throw new Error(`PostgreSQL did not start on ${launch.dataFolder}; the end of ${launch.logFile}:\n${started}`);
    }
    // Not probed before: whether a port is free shows only when the server binds it. Other trouble keeps the port,
    // because clients of a server that died still ask there.
    if (/could not bind/.test(started)) port = randomPort();
    await sleep(25 * attempt);
    const running = await runningPostmaster(launch.dataFolder);
    if (running) return running;
  }
}

/** Below 32768: above it a client that polls the port may find its own outgoing connection there. */
function randomPort(): number {
  return 20_000 + Math.floor(Math.random() * 12_000);
}

/** Whether it still runs; the pid alone may belong to anybody meanwhile. */
export function postmasterLives({ pid, dataFolder }: Postmaster): boolean {
  return isPostmaster(pid, dataFolder);
}

/** Whether it is gone by then, at the latest. */
export async function goneWithin(postmaster: Postmaster, ms: number): Promise<boolean> {
  for (const deadline = performance.now() + ms; performance.now() < deadline; await sleep(POLL_MS)) {
    if (!postmasterLives(postmaster)) return true;
  }
  return false;
}

/** Fast shutdown; immediate shutdown when that takes too long. */
export async function stopPostmaster(postmaster: Postmaster): Promise<void> {
  const { pid, dataFolder } = postmaster;
  for (const shutdown of ['SIGINT', 'SIGQUIT'] as const) {
    if (!postmasterLives(postmaster)) return;
    signal(pid, shutdown);
    if (await goneWithin(postmaster, 15_000)) return;
  }
  throw new Error(`PostgreSQL (pid ${pid}) on ${dataFolder} ignored SIGINT and SIGQUIT`);
}

/** Ready, or the lines it logged before it exited. */
async function launchOnce(launch: Launch, port: number): Promise<Postmaster | string> {
  const { dataFolder, logFile } = launch;
  const settings = Object.entries({ ...launch.settings, port: String(port) });
  const args = ['-D', dataFolder, ...settings.flatMap(([name, value]) => ['-c', `${name}=${value}`])];
  rotate(logFile);
  const log = openSync(logFile, 'a', 0o600);
  const before = statSync(logFile).size;
  const child = spawnAs(launch.account, join(launch.native, 'bin', 'postgres'), args, {
    stdio: ['ignore', log, log],
    detached: true,
  });
  closeSync(log);
  let failure: string | undefined;
  child.once('error', (error) => (failure = error.message));
  child.once('exit', (code, killer) => (failure ??= `exit ${code ?? killer}`));
  child.unref();
  const deadline = performance.now() + PATIENCE_MS;
  for (;;) {
    const file = readPidFile(dataFolder);
    if (file?.pid === child.pid && file?.status === 'ready') return { pid: file.pid, port: file.port, dataFolder };
    if (failure !== undefined) {
      const lines = readFileSync(logFile).subarray(before).toString().trimEnd().split('\n');
      return [...lines.slice(-20), failure].join('\n');
    }
    if (performance.now() > deadline) {
      child.kill('SIGQUIT');
      throw new Error(`PostgreSQL was not ready on ${dataFolder} after ${PATIENCE_MS / 1000} s; see ${logFile}`);
    }
    await sleep(POLL_MS);
  }
}

const pidFile = (dataFolder: string): string => join(dataFolder, 'postmaster.pid');

/** Lines of postmaster.pid: pid, data directory, start time, port, socket directory, address, shared memory, status. */
function readPidFile(dataFolder: string): { pid: number; port: number; status: string } | null {
  let text: string;
  try {
    text = readFileSync(pidFile(dataFolder), 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  }
  const lines = text.split('\n');
  const pid = Number(lines[0] === '' ? NaN : lines[0]);
  return { pid: pid > 0 ? pid : NaN, port: Number(lines[3]), status: lines[7]?.trim() ?? '' };
}

function isPostmaster(pid: number, dataFolder: string): boolean {
  return `${commandLine(pid)} `.includes(`postgres -D ${dataFolder} `);
}

/** Empty for a pid that is gone or a zombie. */
function commandLine(pid: number): string {
  try {
    if (existsSync('/proc/self/cmdline')) return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
    return execFileSync('ps', ['-ww', '-o', 'command=', '-p', String(pid)], { encoding: 'utf8' }).trim();
  } catch {
    return '';
  }
}

/** False when there is no such process. */
function signal(pid: number, name: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(pid, name);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ESRCH') return false;
    if (name === 0) return true; // EPERM: alive, and somebody else's
    throw error;
  }
}
