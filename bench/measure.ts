// One group of lines in a process of its own, so that its peak memory is its own: `measure.ts w2` prints JSON.

import { examples } from './examples.ts';
import type { Line, Skipped } from './line.ts';
import { luck } from './luck.ts';
import { native } from './native/native.ts';
import { threads, w4 } from './processes.ts';
import { long, paths, w1, w2, w3 } from './scoring.ts';

const GROUPS = { w1, w2, w3, w4, native, threads, long, paths, luck, examples } as const;

export type Group = keyof typeof GROUPS;
export const GROUP_NAMES = Object.keys(GROUPS) as readonly Group[];

if (import.meta.main) {
  const group = GROUP_NAMES.find((name) => name === process.argv[2]);
  if (group === undefined) throw new Error(`measure.ts takes one of ${GROUP_NAMES.join(', ')}`);
  const lines: Line | Skipped | readonly (Line | Skipped)[] = await GROUPS[group]();
  process.stdout.write(JSON.stringify([lines].flat()));
}
