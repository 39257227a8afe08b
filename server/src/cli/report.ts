// backtest report JOB: a job, or one variant of it, as a page to share.

import { pipeline } from 'node:stream/promises';
import { fromCaller } from '../config/paths.ts';
import { API_OPTIONS, openClient } from './client.ts';
import { command, wholeNumber } from './command.ts';
import { writeWhole } from './show/file.ts';

export const report = command({
  name: 'report',
  about: 'Writes a job, or one variant of it, as one HTML file that needs nothing else: to be read, printed, sent.',
  takes: ['JOB'],
  options: {
    ...API_OPTIONS,
    variant: { value: 'INDEX', about: 'instead of the job, this variant of its grid' },
    out: { value: 'FILE', about: 'write here, once all of it has come (stdout)' },
  },
  notes: [
    'The page runs no scripts and asks for nothing, wherever it is opened. run --out writes the same without an API.',
  ],
  examples: [
    'report 01890a5d-ac96-774b-bcce-b302099a8057 --out report.html',
    'report 01890a5d-ac96-774b-bcce-b302099a8057 --variant 1234 --out variant.html',
  ],
  run: async (values, [jobId]) => {
    const variant = wholeNumber('--variant', values.variant, 0);
    const query = variant === undefined ? '' : `?variant_index=${variant}`;
    const client = openClient(values.api);
    const bytes = await client.download(`/backtests/jobs/${encodeURIComponent(jobId)}/report${query}`);
    if (values.out === undefined) await pipeline(bytes, process.stdout, { end: false });
    else await writeWhole(bytes, fromCaller(values.out));
    return 0;
  },
});
