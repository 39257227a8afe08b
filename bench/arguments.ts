// The command line of the bench: which groups of lines, and in which form.

import { GROUP_NAMES, type Group } from './measure.ts';

export interface Arguments {
  readonly groups: readonly (Group | 'peers')[];
  readonly markdown: boolean;
  /** The file to write, '' for the default, null for none. */
  readonly json: string | null;
}

const ALL = [...GROUP_NAMES, 'peers'] as const;

export const USAGE = `npm run bench -- [--markdown] [--json[=FILE]] [GROUP ...]
  measures everything, or only some of: ${ALL.join(', ')}
  --markdown   the table as Markdown, as the README has it
  --json       writes all numbers to FILE (.backtest/bench/bench.json)
`;

/** Null when something in it is not known. `--json FILE` works too where FILE ends with .json. */
export function readArguments(args: readonly string[]): Arguments | null {
  const groups: (Group | 'peers')[] = [];
  let markdown = false;
  let json: string | null = null;
  for (const [at, arg] of args.entries()) {
    const group = ALL.find((name) => name === arg);
    if (group !== undefined) groups.push(group);
    else if (arg === '--markdown') markdown = true;
    else if (arg === '--json') json = '';
    else if (arg.startsWith('--json=')) json = arg.slice('--json='.length);
    else if (arg.endsWith('.json') && args[at - 1] === '--json') json = arg;
    else return null;
  }
  return { groups: groups.length === 0 ? ALL : groups, markdown, json };
}
