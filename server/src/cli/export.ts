// backtest export JOB: what a job found as a file, streamed to disk or to stdout.

import { pipeline } from 'node:stream/promises';
import { fromCaller } from '../config/paths.ts';
import { EXPORTS, FORMATS } from '../exports/messages.ts';
import { API_OPTIONS, openClient } from './client.ts';
import { command, UsageError, wholeNumber } from './command.ts';
import { writeWhole } from './show/file.ts';

const FORMAT_NAMES = Object.keys(FORMATS);

export const exportJob = command({
  name: 'export',
  about: 'Writes what a job found as CSV, NDJSON or Parquet, with its parameters as columns.',
  takes: ['JOB'],
  options: {
    ...API_OPTIONS,
    what: { value: 'WHAT', about: `${EXPORTS.join(', ')} (top)` },
    format: { value: 'FORMAT', about: `${FORMAT_NAMES.join(', ')} (the end of FILE, else csv)` },
    rank: { value: 'RANK', about: 'of trades and equity: this variant alone (equity: 1)' },
    variant: { value: 'INDEX', about: 'of an equity: any variant of the grid' },
    out: { value: 'FILE', about: 'write here, once all of it has come (stdout)' },
  },
  examples: [
    'export 01890a5d-ac96-774b-bcce-b302099a8057 --out top.csv',
    'export 01890a5d-ac96-774b-bcce-b302099a8057 --what surface --out scores.parquet',
    'export 01890a5d-ac96-774b-bcce-b302099a8057 --what trades --rank 1 --format ndjson',
  ],
  run: async (values, [jobId]) => {
    const out = values.out === undefined ? null : fromCaller(values.out);
    const ofFile = FORMAT_NAMES.find((name) => out?.endsWith(`.${name}`));
    const format = values.format ?? ofFile ?? 'csv';
    if (out === null && format === 'parquet' && process.stdout.isTTY)
      throw new UsageError('a terminal shows no Parquet: give --out FILE');
    const query = new URLSearchParams({ what: values.what ?? 'top', format });
    const rank = wholeNumber('--rank', values.rank, 1);
    const variant = wholeNumber('--variant', values.variant, 0);
    if (rank !== undefined) query.set('rank', String(rank));
    if (variant !== undefined) query.set('variant_index', String(variant));
    const client = openClient(values.api);
    const bytes = await client.download(`/backtests/jobs/${encodeURIComponent(jobId)}/export?${query.toString()}`);
    if (out === null) await pipeline(bytes, process.stdout, { end: false });
    else await writeWhole(bytes, out);
    return 0;
  },
});
