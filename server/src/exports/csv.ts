// A sheet as CSV (RFC 4180, with LF). A spreadsheet takes a cell that begins with = + - @ for a formula and runs it: where the
// cell is text, whoever named it, an apostrophe before it makes it text there too. Numbers are left as they are.

import { metricJson } from '@backtest-jobs/engine/internal';
import type { Cell, SheetColumn, SheetRow, Sheet } from './sheet.ts';

export async function* csvText({ columns, batches }: Sheet): AsyncGenerator<string, void> {
  yield `${columns.map(({ name }) => textCell(name)).join()}\n`;
  for await (const rows of batches) yield rows.map((row) => `${lineOf(row, columns)}\n`).join('');
}

function lineOf(row: SheetRow, columns: readonly SheetColumn[]): string {
  return row.map((cell, at) => cellText(cell, columns[at]?.type)).join();
}

function cellText(cell: Cell, type: SheetColumn['type'] | undefined): string {
  if (cell === null) return '';
  if (typeof cell === 'string') return textCell(cell);
  if (type === 'instant') return new Date(cell).toISOString();
  return numberText(cell);
}

/** Writes a number as the API does; '' for not-a-number. */
export function numberText(value: number): string {
  return String(metricJson(value) ?? '');
}

function textCell(text: string): string {
  const tame = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\n\r]/.test(tame) ? `"${tame.replaceAll('"', '""')}"` : tame;
}
