// A file of candles that was sent, as clients see it.

import { TIMEFRAMES } from '@backtest-jobs/engine';
import { z } from 'zod';
import type { AffectedJobs, ImportRecord } from '../../imports/record.ts';

const instant = z.iso.datetime();
const count = z.int().min(0);
const Named = z.object({ count, shown: z.array(z.string()).describe('the first of them') });

const Report = z
  .object({
    market_id: z.int(),
    symbol: z.string(),
    interval: z.enum(Object.keys(TIMEFRAMES)),
    rows: count.describe('that were read'),
    duplicates: count.describe('rows that repeat another, number for number'),
    revised: count.describe('bars that two files of an archive have with other numbers; the later one counts'),
    moved: Named.describe('bars that opened seconds late and were put in their place'),
    bad: Named.describe('rows that are no candles and were left out'),
    files_read: count.optional(),
    left_out: z.array(z.string()).optional().describe('files of an archive that were not read'),
    other_rows: count.optional().describe('rows of other symbols or intervals'),
    unused_columns: z.array(z.string()).optional(),
    time_units: z.array(z.string()).describe('of the epochs in the file'),
    gaps: count.nullable().describe('holes in the file; null in a session market'),
    missing: count.nullable().describe('bars missing in them'),
    first: instant.describe('open of the first bar'),
    last: instant.describe('open of the last bar'),
    added: count.describe('bars that the store does not have'),
    replaced: count.describe('bars that it has with other numbers'),
    stored: count.describe('bars of the series with these'),
  })
  .meta({ id: 'ImportReport', description: 'What is in a file, and what it changes' });

export const ImportStatus = z
  .object({
    import_id: z.uuid(),
    state: z.enum(['staged', 'committed']),
    file: z.object({ name: z.string(), bytes: count }),
    created_at: instant,
    expires_at: instant.describe('then it goes; what was committed stays in the store'),
    committed_at: instant.nullable(),
    report: Report.describe('staged: what a commit would do; committed: what it did'),
    changes: z
      .array(z.object({ start: instant, end: instant }))
      .describe('stretches in which bars are added or replaced, few, so that there may be unchanged bars in them'),
    jobs: z
      .object({
        items: z.array(z.object({ job_id: z.uuid(), name: z.string().nullable() })).describe('newest first'),
        more: z.boolean().describe('there may be more than are named'),
      })
      .describe(
        'succeeded jobs whose candles, warm-up included, lie in these stretches: run again they have another digest. Yours; for an admin those of all',
      ),
  })
  .meta({
    id: 'ImportStatus',
    description: 'A file of candles that was sent, and what it is to the store',
  });

export const ImportList = z
  .object({ items: z.array(ImportStatus.omit({ changes: true, jobs: true })) })
  .meta({ id: 'ImportList', description: 'Files of yours that were sent, newest first' });

export function statusOf(record: ImportRecord, jobs: AffectedJobs): z.infer<typeof ImportStatus> {
  return {
    ...itemOf(record),
    changes: record.changed.map(({ start, end }) => ({ start: iso(start), end: iso(end) })),
    jobs: { items: [...jobs.items], more: jobs.more },
  };
}

/** What a list shows of a file. */
export function itemOf(record: ImportRecord): z.infer<typeof ImportList>['items'][number] {
  const { import_id, file, created_at, expires_at, committed, report } = record;
  return {
    import_id,
    state: committed === null ? 'staged' : 'committed',
    file,
    created_at,
    expires_at,
    committed_at: committed?.at ?? null,
    report: Report.parse(report),
  };
}

function iso(time: number): string {
  return new Date(time).toISOString();
}
