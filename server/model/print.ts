// `npm run model`: explores every configuration, prints the table and, below it, how each missing guard breaks what.

import { check, CONFIGURATIONS, type Configuration } from './configurations.ts';
import type { Exploration } from './explore.ts';
import { INVARIANTS, type Invariant } from './invariants.ts';
import type { State } from './lease.ts';

type Found = Exploration<State, Invariant>;

const NAME_WIDTH = Math.max(...CONFIGURATIONS.map(({ name }) => name.length));

let unexpected = 0;
const traces: string[] = [];
console.log(`${'configuration'.padEnd(NAME_WIDTH)}  ${'states'.padStart(7)}  result`);
for (const configuration of CONFIGURATIONS) {
  const found = check(configuration);
  const asExpected = (found.broken?.rule ?? null) === configuration.breaks;
  if (!asExpected) unexpected += 1;
  const result = `${resultOf(configuration, found)}${asExpected ? '' : `  NOT AS EXPECTED: ${configuration.breaks ?? 'holds'}`}`;
  console.log(`${configuration.name.padEnd(NAME_WIDTH)}  ${String(found.states).padStart(7)}  ${result}`);
  traces.push(...traceOf(configuration, found));
}
console.log(traces.join('\n'));
process.exitCode = unexpected === 0 ? 0 : 1;

function resultOf({ because }: Configuration, { broken }: Found): string {
  if (broken !== null) return `breaks ${broken.rule} in ${broken.trace.length - 1} steps`;
  return because === undefined ? 'holds' : `holds: ${because}`;
}

function traceOf({ name }: Configuration, { broken }: Found): string[] {
  if (broken === null) return [];
  const steps = broken.trace.slice(1);
  const width = Math.max(...steps.map(({ label }) => label.length));
  return [
    `\n${name} breaks ${broken.rule} (${INVARIANTS[broken.rule]})`,
    ...steps.map(({ label, state }, at) => `  ${String(at + 1).padStart(2)}  ${label.padEnd(width)}  ${jobOf(state)}`),
  ];
}

function jobOf({ job }: State): string {
  const { state, attempt, owner, lease, crashes, cancelRequested } = job;
  const by = owner === null ? '' : ` by ${owner}, lease ${lease}`;
  const crashed = crashes === 0 ? '' : `, crashes ${crashes}`;
  return `${state}${attempt === 0 ? '' : ` #${attempt}`}${by}${crashed}${cancelRequested ? ', cancel requested' : ''}`;
}
