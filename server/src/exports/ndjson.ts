// A sheet as NDJSON: an object a line, instants in ISO 8601, infinite numbers as "inf" and "-inf" as everywhere in the API.

import { metricJson } from '@backtest-jobs/engine/internal';
import type { Cell, Sheet } from './sheet.ts';

export async function* ndjsonText({ columns, batches }: Sheet): AsyncGenerator<string, void> {
  for await (const rows of batches) {
    let text = '';
    for (const row of rows) {
      const members = columns.map(({ name, type }, at) => [name, valueOf(row[at] ?? null, type)]);
      text += `${JSON.stringify(Object.fromEntries(members))}\n`;
    }
    yield text;
  }
}

function valueOf(cell: Cell, type: string): Cell {
  if (typeof cell !== 'number') return cell;
  if (type === 'instant') return new Date(cell).toISOString();
  return metricJson(cell);
}
