// A small disk of its own, to be filled.

import { execFileSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';

/** Its folder, gone after the test; null, and the test is skipped, where nobody may mount one. `size` as of tmpfs. */
export async function smallDisk(t: TestContext, size: string): Promise<string | null> {
  const disk = await mkdtemp(join(tmpdir(), 'backtest-disk-'));
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${size}`, 'tmpfs', disk], { stdio: 'pipe' });
  } catch (error) {
    await rm(disk, { recursive: true });
    t.skip(`needs the right to mount a tmpfs: ${String(error).split('\n', 1)[0]}`);
    return null;
  }
  t.after(async () => {
    execFileSync('umount', ['-l', disk]);
    await rm(disk, { recursive: true });
  });
  return disk;
}
