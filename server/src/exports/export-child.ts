// The child process behind `exports.ts`: reads rows from stdin, writes one export to stdout, and ends. It never talks to the
// database and dies with its parent.

import { once } from 'node:events';
import { variantReport } from '@backtest-jobs/engine';
import { openSource } from '../candles/open.ts';
import { wantedOf } from '../candles/source.ts';
import { noAnswer } from '../reports/no-answer.ts';
import { csvText } from './csv.ts';
import type { ExportQuestion } from './messages.ts';
import { ndjsonText } from './ndjson.ts';
import { parquetBytes } from './parquet.ts';
import type { Sheet } from './sheet.ts';
import { equitySheet, surfaceSheet, topSheet, tradesSheet } from './sheets.ts';

async function sheetOf(question: ExportQuestion): Promise<Sheet> {
  switch (question.what) {
    case 'top':
      return topSheet(question.spec, process.stdin);
    case 'trades':
      return tradesSheet(process.stdin);
    case 'surface':
      return surfaceSheet(question.spec, process.stdin);
    case 'equity':
      return equityOf(question);
  }
}

async function equityOf({ spec, variant_index, settings }: ExportQuestion): Promise<Sheet> {
  await using source = await openSource(settings, { hurry: true });
  const { candles, baseMs } = await source.read(spec.template.instrument_id, wantedOf(spec));
  const { series } = variantReport(candles, spec, { variant_index: variant_index ?? 0 }, { baseMs });
  return equitySheet(series);
}

async function write(question: ExportQuestion): Promise<void> {
  const sheet = await sheetOf(question);
  const { format, folder } = question;
  const bytes =
    format === 'parquet' ? parquetBytes(sheet, folder) : format === 'csv' ? csvText(sheet) : ndjsonText(sheet);
  for await (const some of bytes) if (!process.stdout.write(some)) await once(process.stdout, 'drain');
}

process.on('message', (question: ExportQuestion) => {
  write(question).then(
    () => process.stdout.end(() => process.exit(0)),
    (error: unknown) => process.send?.(noAnswer(error), () => process.exit(1)),
  );
});
process.on('disconnect', () => process.exit());
// Ctrl-C reaches the whole group; the parent decides when this one ends.
process.on('SIGINT', () => {});
process.on('SIGTERM', () => {});
