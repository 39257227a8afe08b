// npm run bench: every number the project publishes about speed, measured side by side in one run, as one table. A line
// is printed only after its scores were held against the reference engine; a difference ends the run.

import { mkdirSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus } from 'node:os';
import { dirname, join } from 'node:path';
import { ENGINE_VERSION } from '@backtest-jobs/engine';
import { fromCaller, homeOf } from '../server/src/config/paths.ts';
import { readArguments, USAGE } from './arguments.ts';
import type { Line, Skipped } from './line.ts';
import type { Group } from './measure.ts';
import { peers } from './peers/peers.ts';
import { runProcess } from './processes.ts';
import { markdown, plain } from './show.ts';

const wanted = readArguments(process.argv.slice(2));
if (wanted === null) {
  process.stderr.write(USAGE);
  process.exitCode = 2;
} else {
  const lines: (Line | Skipped)[] = [];
  for (const group of wanted.groups) {
    process.stderr.write(`${group} ...\n`);
    lines.push(...(group === 'peers' ? peers(await baselines(lines)) : await measured(group)));
  }
  const machine = `${cpus()[0]?.model ?? 'unknown'}, ${availableParallelism()} cores, Node ${process.versions.node}`;
  process.stdout.write(`${(wanted.markdown ? markdown : plain)(lines, machine).join('\n')}\n`);
  if (wanted.json !== null) {
    const file = wanted.json === '' ? join(homeOf(), 'bench', 'bench.json') : fromCaller(wanted.json);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, `${JSON.stringify({ machine, engine_version: ENGINE_VERSION, lines }, null, 2)}\n`);
    process.stderr.write(`written to ${file}\n`);
  }
}

function measured(group: Group): Promise<readonly (Line | Skipped)[]> {
  return runProcess('measure.ts', [group]);
}

/** What peers are compared with: the lines of this run, measured now if they were not asked for. */
async function baselines(lines: readonly (Line | Skipped)[]) {
  const of = async (group: 'w1' | 'w2' | 'w3'): Promise<Line> => {
    const isIt = (line: Line | Skipped): line is Line => line.what.startsWith(`${group.toUpperCase()}:`);
    const line = lines.find(isIt) ?? (await measured(group)).find(isIt);
    if (line === undefined) throw new Error(`${group} gave no line`);
    return line;
  };
  return { w1: await of('w1'), w2: await of('w2'), w3: await of('w3') };
}
