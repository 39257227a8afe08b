// The lines as a table, for a terminal or for the README.

import { table } from '../server/src/cli/show/table.ts';
import { microseconds, type Line, type Skipped } from './line.ts';

const COLUMNS = [
  { title: 'bench' },
  { title: 'variants', align: 'right' },
  { title: 'bars', align: 'right' },
  { title: 'us a variant a core', align: 'right' },
  { title: 'variant-bars/s a core', align: 'right' },
  { title: 'peak RSS', align: 'right' },
  { title: 'largest difference', align: 'right' },
  { title: 'result', align: 'right' },
  { title: '' },
  { title: 'target' },
] as const;

const WIDTH = 1000;

export function plain(lines: readonly (Line | Skipped)[], machine: string): string[] {
  const rows = lines.filter(isMeasured).map(cells);
  return [...table(COLUMNS, rows, WIDTH), ...notes(lines, machine)];
}

export function markdown(lines: readonly (Line | Skipped)[], machine: string): string[] {
  return [
    row(COLUMNS.map(({ title }) => title)),
    row(COLUMNS.map((column) => ('align' in column ? '--:' : '---'))),
    ...lines.filter(isMeasured).map((line) => row(cells(line))),
    '',
    ...notes(lines, machine),
  ];
}

function row(texts: readonly string[]): string {
  return `| ${texts.join(' | ')} |`;
}

function cells(line: Line): string[] {
  const { what, variants, bars, peakRss, check, comparison, result } = line;
  const perVariant = microseconds(line);
  return [
    what,
    variants.toLocaleString('en-US'),
    bars.toLocaleString('en-US'),
    digits(perVariant),
    `${digits(bars / perVariant)} M`,
    `${Math.round(peakRss / 2 ** 20)} MB`,
    check === null ? differences(comparison) : `${check.difference} (of ${check.checked})`,
    digits(result.value),
    result.says,
    result.target,
  ];
}

function differences(comparison: Line['comparison']): string {
  if (comparison === undefined) return '';
  const { median, largest, rankCorrelation } = comparison;
  return `median ${digits(median)}, most ${digits(largest)}, ranks ${rankCorrelation.toFixed(4)}`;
}

function notes(lines: readonly (Line | Skipped)[], machine: string): string[] {
  const skipped = lines.filter(isSkipped);
  return [
    `${machine}. CPU time of one thread, median of rounds; wall time where two threads work.`,
    ...skipped.map(({ what, skipped: why }) => `Skipped: ${what}, because ${why}.`),
  ];
}

function isMeasured(line: Line | Skipped): line is Line {
  return !isSkipped(line);
}

/** Three significant digits, without an exponent. */
function digits(value: number): string {
  if (value === 0 || !Number.isFinite(value)) return String(value);
  const places = Math.max(0, 2 - Math.floor(Math.log10(Math.abs(value))));
  return value.toLocaleString('en-US', { maximumFractionDigits: Math.min(places, 12) });
}

function isSkipped(line: Line | Skipped): line is Skipped {
  return 'skipped' in line;
}
