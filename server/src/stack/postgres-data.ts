// The ground a server stands on: the account that runs it, binaries that account can execute, and a data directory it
// owns. Each step leaves either nothing or a finished result behind, so a kill at any moment only costs time.

import { execFile } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import {
  chmod,
  cp,
  lstat,
  mkdir,
  readdir,
  readFile,
  realpath,
  rename,
  rm,
  stat,
  statfs,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { canAccess, chooseAccount, exitOf, spawnAs, type Account } from './postgres-account.ts';
import { copyBinaries, findBinaries, linkLibraries, type Binaries } from './postgres-binaries.ts';

export interface Ground {
  readonly account: Account;
  readonly native: string;
  readonly dataFolder: string;
}

export interface GroundOptions {
  readonly home: string;
  readonly adminPassword: string;
  readonly namespaces: boolean;
  readonly binaries: string | undefined;
  readonly log: (message: string) => void;
}

/** Where the data of a home folder is; null before the first start. */
export async function dataFolderOf(home: string): Promise<string | null> {
  const link = join(home, 'postgres');
  return existsSync(link) ? realpath(link) : null;
}

export async function prepareGround(options: GroundOptions): Promise<Ground> {
  const { home } = options;
  const found = await findBinaries(options.binaries);
  const account = await chooseAccount(options.namespaces, [home, found.native]);
  const place = account.kind === 'other' ? await placeFor(account, home) : home;
  const binaries = await usableBinaries(found, account, place);
  await keepData(home, place);
  if ((await dataFolderOf(home)) === null) await createData(options, { account, binaries, place });
  const dataFolder = await realpath(join(home, 'postgres'));
  await own(account, dataFolder);
  await checkVersion(dataFolder, binaries);
  return { account, native: binaries.native, dataFolder };
}

/** A folder the other user can reach: the home, or one under /var/lib where the way to the home is closed to others. */
async function placeFor(account: Account, home: string): Promise<string> {
  if (await canAccess(account, '-x', [home])) return home;
  await chmod(home, (await stat(home)).mode | 0o011); // enter, not list; the passwords in it are 0600
  if (await canAccess(account, '-x', [home])) return home;
  const place = join('/var/lib/backtest-jobs', createHash('sha256').update(home).digest('hex').slice(0, 16));
  await mkdir(place, { recursive: true });
  await chmod(dirname(place), 0o755);
  await chmod(place, 0o755);
  return place;
}

async function usableBinaries(binaries: Binaries, account: Account, place: string): Promise<Binaries> {
  const linked = await linkLibraries(binaries);
  if (linked && (await canAccess(account, '-x', [join(binaries.native, 'bin', 'postgres')]))) return binaries;
  const copy = await copyBinaries(binaries, place);
  await own(account, dirname(copy.native));
  return copy;
}

/** Data that lies in a home its server can no longer reach moves to the place and leaves a link. */
async function keepData(home: string, place: string): Promise<void> {
  const link = join(home, 'postgres');
  const target = join(place, 'postgres');
  if (place === home || !existsSync(link) || (await lstat(link)).isSymbolicLink()) return;
  const fresh = `${target}.new`;
  await rm(fresh, { recursive: true, force: true });
  await rm(target, { recursive: true, force: true });
  await cp(link, fresh, { recursive: true, verbatimSymlinks: true });
  await rename(fresh, target);
  await rename(link, `${link}.moved`);
  await symlink(target, link);
  await rm(`${link}.moved`, { recursive: true });
}

async function createData(
  options: GroundOptions,
  ground: { account: Account; binaries: Binaries; place: string },
): Promise<void> {
  const { home } = options;
  const link = join(home, 'postgres');
  const target = join(ground.place, 'postgres');
  if (!existsSync(target)) await initdb(options, ground, target);
  if (target === link) return;
  await rm(link, { force: true }); // a link to a place that is gone
  await symlink(target, link);
}

/** initdb into a temporary folder, then one rename; removes what a killed one left. */
async function initdb(
  options: GroundOptions,
  ground: { account: Account; binaries: Binaries; place: string },
  target: string,
): Promise<void> {
  const { account, binaries, place } = ground;
  options.log(`creating a database cluster in ${target}`);
  for (const name of await readdir(place)) {
    if (name.startsWith(TEMPORARY)) await rm(join(place, name), { recursive: true, force: true, maxRetries: 10 });
  }
  const folder = join(place, TEMPORARY + randomBytes(4).toString('hex'));
  await mkdir(folder, { mode: 0o700 });
  await writeFile(join(folder, 'password'), options.adminPassword, { mode: 0o600 });
  await own(account, folder);
  const args = ['-D', join(folder, 'data'), '--username=postgres', `--pwfile=${join(folder, 'password')}`];
  // The builtin provider has C.UTF-8 on every platform; libc may lack it.
  const locale = ['--encoding=UTF8', '--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8'];
  const child = spawnAs(account, join(binaries.native, 'bin', 'initdb'), [...args, ...locale, '--auth=scram-sha-256'], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  child.stdout?.on('data', (chunk) => (output += String(chunk)));
  child.stderr?.on('data', (chunk) => (output += String(chunk)));
  const code = await exitOf(child);
  if (code !== 0 && (await isFull(place, output))) throw new Error(noSpace(folder, output));
  if (code !== 0)
    throw new Error(
      `initdb failed (${code ?? 'killed'}) in ${folder}:\n${output.trimEnd().split('\n').slice(-20).join('\n')}`,
    );
  await rename(join(folder, 'data'), target);
  await rm(folder, { recursive: true });
}

const CLUSTER_MB = 64;

/** On a full disk a program may be killed instead of being told, so the room that is left counts, too. */
async function isFull(place: string, output: string): Promise<boolean> {
  if (/no space left on device|quota exceeded/i.test(output)) return true;
  const { bavail, bsize } = await statfs(place);
  return bavail * bsize < CLUSTER_MB * 2 ** 20;
}

function noSpace(folder: string, output: string): string {
  const said = output.trimEnd().split('\n').at(-1) ?? '';
  return `no space left on the disk of ${folder}: a new database needs ${CLUSTER_MB} MB there; make room or set BACKTEST_HOME to another disk (initdb: ${said})`;
}

const TEMPORARY = 'postgres-initdb-';

/** Only root can give files away, and only root needs to: after a change between namespace and other user. */
async function own(account: Account, folder: string): Promise<void> {
  if (process.getuid?.() !== 0 || (await stat(folder)).uid === account.uid) return;
  // chown changes the folder itself last, so a killed one is noticed and repeated
  await promisify(execFile)('chown', ['-hR', `${account.uid}:${account.gid}`, folder]);
}

async function checkVersion(dataFolder: string, binaries: Binaries): Promise<void> {
  const major = Number.parseInt(await readFile(join(dataFolder, 'PG_VERSION'), 'utf8'), 10);
  if (major === binaries.major) return;
  throw new Error(
    `${dataFolder} was written by PostgreSQL ${major}, these binaries are PostgreSQL ${binaries.major} (${binaries.version}): ` +
      `move its contents with the binaries of ${major} (pg_dump), or move the folder away to start empty`,
  );
}
