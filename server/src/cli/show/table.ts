// Drawing rows of text: columns as wide as their widest cell, one column that gives way when the line would be too
// long. Plain text; the header is bold where the stream is a terminal.

import { styleText } from 'node:util';

export interface Column {
  readonly title: string;
  readonly align?: 'right';
  /** This column is cut with an ellipsis so that the line fits. At most one column has it. */
  readonly gives?: true;
}

/** Of what is printed. */
export const WIDTH = 100;

const GAP = '  ';

/** Header and rows as lines, none wider than `width`. */
export function table(columns: readonly Column[], rows: readonly (readonly string[])[], width = WIDTH): string[] {
  const widths = columns.map(({ title }, c) => Math.max(title.length, ...rows.map((row) => cells(row[c] ?? ''))));
  const total = widths.reduce((sum, w) => sum + w, 0) + GAP.length * (columns.length - 1);
  const giving = columns.findIndex(({ gives }) => gives);
  if (giving >= 0 && total > width) widths[giving] = Math.max(8, (widths[giving] ?? 0) - (total - width));
  const line = (row: readonly string[]): string =>
    columns
      .map(({ align }, c) => {
        const text = cut(harmless(row[c] ?? ''), widths[c] ?? 0);
        const pad = ' '.repeat((widths[c] ?? 0) - cells(text));
        return align === 'right' ? pad + text : text + pad;
      })
      .join(GAP)
      .trimEnd();
  return [line(columns.map(({ title }) => title)), ...rows.map(line)];
}

/** Writes a table to stdout; the header stands out on a terminal. */
export function printTable(columns: readonly Column[], rows: readonly (readonly string[])[], width?: number): void {
  const [head = '', ...lines] = table(columns, rows, width);
  print(styleText('bold', head, { stream: process.stdout }));
  for (const text of lines) print(text);
}

export function print(text = ''): void {
  process.stdout.write(`${text}\n`);
}

/** What others chose (names, keys of a file) must not move the cursor or clear the screen; it stays as wide as it was. */
export function harmless(text: string, kept = ''): string {
  return text.replace(/\p{Cc}/gu, (control) => (kept.includes(control) ? control : '\ufffd'));
}

/** The text, or its beginning and an ellipsis. */
export function cut(text: string, width: number): string {
  const letters = Array.from(text);
  return letters.length <= width ? text : `${letters.slice(0, Math.max(0, width - 1)).join('')}…`;
}

/** Places a text takes on the screen; ours are letters, digits and signs of width one. */
export function cells(text: string): number {
  return Array.from(text).length;
}

/** Lines of whole words, no wider than `width` unless a word is. */
export function wrap(text: string, width: number): string[] {
  const lines = [''];
  for (const word of text.split(' ')) {
    const line = lines[lines.length - 1] ?? '';
    if (line !== '' && line.length + 1 + word.length > width) lines.push(word);
    else lines[lines.length - 1] = line === '' ? word : `${line} ${word}`;
  }
  return lines;
}

/** 1234567 -> 1,234,567 */
export function count(value: number): string {
  return Math.round(value).toLocaleString('en-US');
}

/** Of memory: 1.5 MB, 228 MB. */
export function megabytes(bytes: number): string {
  const mega = bytes / 1e6;
  return `${mega < 9.95 ? mega.toFixed(1) : count(mega)} MB`;
}

/** Seconds as people say them: 0.4 s, 12 s, 3 min 05 s, 2 h 10 min. */
export function seconds(value: number): string {
  if (value < 9.95) return `${value.toFixed(1)} s`;
  const whole = Math.round(value);
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${twoDigits(whole % 60)} s`;
  return `${Math.floor(whole / 3600)} h ${twoDigits(Math.floor((whole % 3600) / 60))} min`;
}

function twoDigits(n: number): string {
  return String(n).padStart(2, '0');
}
