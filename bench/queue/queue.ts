// npm run bench:queue: what the queue costs and how long it keeps a job waiting, as one table. A line is printed only
// after its outcome was checked; a check that fails ends the run. No line has a time that it must reach.

import { availableParallelism, cpus } from 'node:os';
import { table } from '../../server/src/cli/show/table.ts';
import { claims } from './claims.ts';
import { openGround, type Ground, type QueueLine } from './ground.ts';
import { heartbeats } from './heartbeats.ts';
import { latency } from './latency.ts';
import { writes } from './writes.ts';

const GROUPS: Readonly<Record<string, (ground: Ground) => Promise<QueueLine[]>>> = {
  latency,
  claims,
  heartbeats,
  writes,
};

const asked = process.argv.slice(2).filter((word) => word !== '--markdown');
const markdown = process.argv.includes('--markdown');
const unknown = asked.filter((name) => !Object.hasOwn(GROUPS, name));
if (unknown.length > 0) {
  const names = Object.keys(GROUPS).join(', ');
  process.stderr.write(
    `npm run bench:queue -- [--markdown] [GROUP ...]\n  groups: ${names}; not ${unknown.join(', ')}\n`,
  );
  process.exitCode = 2;
} else {
  const lines: QueueLine[] = [];
  await using ground = await openGround();
  for (const [name, measure] of Object.entries(GROUPS)) {
    if (asked.length > 0 && !asked.includes(name)) continue;
    process.stderr.write(`${name} ...\n`);
    lines.push(...(await measure(ground)));
  }
  process.stdout.write(`${(markdown ? asMarkdown : asText)(lines).join('\n')}\n\n${machine()}\n`);
}

function asText(lines: readonly QueueLine[]): string[] {
  const columns = ['queue', 'result', 'checked', 'target'].map((title) => ({ title }));
  return table(columns, lines.map(cells), 1000);
}

function asMarkdown(lines: readonly QueueLine[]): string[] {
  return ['| queue | result | checked | target |', '| --- | --- | --- | --- |'].concat(
    lines.map((line) => `| ${cells(line).join(' | ')} |`),
  );
}

function cells({ what, result, check, target }: QueueLine): string[] {
  return [what, result, check, target];
}

function machine(): string {
  const of = `${cpus()[0]?.model ?? 'unknown'}, ${availableParallelism()} cores, Node ${process.versions.node}`;
  return `${of}, PostgreSQL with fsync on the same machine; medians of rounds.`;
}
