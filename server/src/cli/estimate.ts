// backtest estimate SPEC: what a search would cost and whether there is history enough for it. The engine alone knows,
// unless the spec means a saved strategy: those are kept where the API is.

import { parseSpec } from '@backtest-jobs/engine';
import { defaultsOf, threadsOf } from '../config/config.ts';
import { estimateJson, type EstimateJson } from '../reports/estimate-json.ts';
import { API_OPTIONS, openClient } from './client.ts';
import { command } from './command.ts';
import { CONFIG_OPTION, readConfiguration } from './configuration.ts';
import { count, megabytes, print, seconds } from './show/table.ts';
import { warningLines } from './show/warnings.ts';
import { readSpecFile } from './specfile.ts';

export const estimate = command({
  name: 'estimate',
  about: 'Tells what a spec (JSON or YAML, - for stdin) would cost, and whether there is history enough for it.',
  takes: ['SPEC'],
  options: {
    ...CONFIG_OPTION,
    ...API_OPTIONS,
    json: { about: 'print the estimate as JSON' },
  },
  notes: [
    'Nothing runs and nothing is stored. A spec with a strategy_id is sent to the API, and so is any spec with --api;',
    'else neither API nor candles are needed, and whether there are candles is not judged. luck: 0 in a spec takes the',
    'luck test out, luck: 999 makes it finer.',
  ],
  examples: ['estimate spec.yaml', 'estimate spec.yaml --json', 'estimate - --api http://127.0.0.1:8000 < spec.json'],
  run: async (values, [path]) => {
    const file = await readSpecFile(path);
    const asked = values.api !== undefined || meansStrategy(file.input);
    const told = await file.check(() => (asked ? fromApi(file.input, values.api) : here(file.input, values.config)));
    if (values.json) print(JSON.stringify(told));
    else for (const line of estimateLines(told)) print(line);
    return 0;
  },
});

function meansStrategy(input: unknown): boolean {
  return typeof input === 'object' && input !== null && 'strategy_id' in input;
}

function fromApi(input: unknown, api: string | undefined): Promise<EstimateJson> {
  return openClient(api).post('/backtests/jobs/estimate', input);
}

async function here(input: unknown, given: string | undefined): Promise<EstimateJson> {
  const { config } = await readConfiguration('local', given);
  const defaults = defaultsOf(config);
  return estimateJson(parseSpec(input, defaults), { threads: threadsOf(config), markets: defaults.markets });
}

function estimateLines(told: EstimateJson): readonly string[] {
  const { stage_a_variants, stage_b_variants, threads, bytes, guard_bytes, time, trials, warnings } = told;
  const on = threads === 1 ? 'on 1 thread' : `on ${threads} threads`;
  const guarded = bytes === guard_bytes ? '' : `; the limit is compared with ${megabytes(guard_bytes)}, of 1 thread`;
  const needed =
    trials === 1 ? 'one trial needs none' : `${count(trials)} trials need ${years(told.minimum_backtest_years)}`;
  const rows = [
    ['variants', `${count(stage_a_variants)} in stage_a, at most ${count(stage_b_variants)} in stage_b`],
    ['memory', `${megabytes(bytes)} ${on}${guarded}`],
    ['time', `${seconds(time.low_seconds)} to ${seconds(time.high_seconds)} ${on}`],
    ['luck', luckText(told.luck)],
    ['history', `${needed}; there are ${years(told.years)}`],
  ] as const;
  const left = Math.max(...rows.map(([name]) => name.length));
  return [...rows.map(([name, text]) => `${name.padEnd(left)}  ${text}`), ...warningLines(warnings)];
}

function luckText({ permutations, variants, units, bytes, low_seconds, high_seconds }: EstimateJson['luck']): string {
  if (permutations === 0) return 'not tested';
  const searched = `${count(permutations)} markets x ${count(variants)} base variants`;
  const cost = `${count(units)} scored, ${megabytes(bytes)} and ${seconds(low_seconds)} to ${seconds(high_seconds)} of these`;
  return `${searched}: ${cost}`;
}

function years(value: number): string {
  return `${value.toFixed(1)} years`;
}
