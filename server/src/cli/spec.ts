// backtest spec JOB: what a job was asked for, as a file that can be submitted again.

import { stringify } from 'yaml';
import { API_OPTIONS, openClient } from './client.ts';
import { command } from './command.ts';
import { printJson } from './show/json.ts';
import { harmless, print } from './show/table.ts';

export const spec = command({
  name: 'spec',
  about: 'Prints the spec of a job as YAML, with every default that was filled in; it can be submitted again.',
  takes: ['JOB'],
  options: { ...API_OPTIONS, json: { about: 'print it as JSON' } },
  notes: ['Of a job with a saved strategy it has the template of that strategy, as it was laid under the overrides.'],
  examples: ['spec 01890a5d-ac96-774b-bcce-b302099a8057', 'spec 01890a5d-ac96-774b-bcce-b302099a8057 > again.yaml'],
  run: async (values, [jobId]) => {
    const found = await openClient(values.api).get<object>(`/backtests/jobs/${encodeURIComponent(jobId)}/spec`);
    if (values.json) await printJson(found);
    else print(harmless(stringify(found).trimEnd(), '\n'));
    return 0;
  },
});
