// What became of the rows of a candle file, for people: what is not in the series as it stands in the file.

import { isAdjustedClose } from '../../candles/csv/columns.ts';
import type { Named } from '../../candles/files/bad-rows.ts';
import { unitWords } from '../../candles/files/epochs.ts';
import type { CandleFile } from '../../candles/files/rows.ts';
import type { CandleRead } from '../../candles/source.ts';
import { count } from './table.ts';

interface ReadRows extends Pick<CandleFile, 'duplicates' | 'revised' | 'moved' | 'bad' | 'time_units' | 'days'> {
  readonly files_read?: number | undefined;
  readonly left_out?: readonly string[] | undefined;
  readonly other_rows?: number | undefined;
  readonly unused_columns?: readonly string[] | undefined;
}

/** Lists what became of rows that are not in the store as they stand in the file. */
export function rowsText(report: ReadRows): readonly string[] {
  const { duplicates, revised, moved, bad, time_units, files_read = 1, left_out = [] } = report;
  const { other_rows = 0, unused_columns = [] } = report;
  const left = { count: left_out.length, shown: left_out.slice(0, 20) };
  const repeated = `${count(duplicates)} rows repeated an earlier one, number for number`;
  const corrected = `${count(revised)} bars have other numbers in a later file, which counts`;
  return [
    ...(files_read > 1 || left.count > 0 ? [`${count(files_read)} files read, ${count(left.count)} left out`] : []),
    ...namedText(left, `files were not read; name them SYMBOL-INTERVAL-YYYY-MM.csv, or import them one by one`),
    ...(other_rows > 0 ? [`${count(other_rows)} rows are of other symbols or intervals and were not read`] : []),
    ...(unused_columns.length > 0 ? [unusedText(unused_columns)] : []),
    ...(time_units.length > 0 ? [`times are epochs in ${unitWords(time_units)}`] : []),
    ...(report.days > 0
      ? [`${count(report.days)} days opened at a midnight of the market and stand at that of UTC`]
      : []),
    ...(duplicates > 0 ? [repeated] : []),
    ...(revised > 0 ? [corrected] : []),
    ...accidentsText({ moved, bad }),
  ].map((line) => `  ${line}`);
}

function unusedText(columns: readonly string[]): string {
  const more = columns.length > 20 ? ` and ${count(columns.length - 20)} more` : '';
  const adjusted = columns.find(isAdjustedClose);
  const way = adjusted === undefined ? '' : `; --adjust adjusts all prices by ${adjusted}`;
  return `columns not used: ${columns.slice(0, 20).join(', ')}${more}${way}`;
}

/** Lists the bars that were moved and those that were left out. */
export function accidentsText({ moved, bad }: Pick<CandleFile, 'moved' | 'bad'>): readonly string[] {
  return [
    ...namedText(moved, 'bars opened seconds late and were moved to their place on the grid'),
    ...namedText(bad, 'rows are no candles and were left out'),
  ];
}

/** Lists counted rows under a line that says what they are. */
function namedText({ count: rows, shown }: Named, what: string): readonly string[] {
  if (rows === 0) return [];
  const more = rows > shown.length ? [`  and ${count(rows - shown.length)} more`] : [];
  return [`${count(rows)} ${what}:`, ...shown.map((line) => `  ${line}`), ...more];
}

/** Says which series a run reads where several could serve; null where there was no choice. */
export function choiceText({ counted = [] }: CandleRead): string | null {
  const [chosen, ...others] = counted;
  if (chosen === undefined || others.length === 0) return null;
  const rest = others.map(({ interval, bars }) => `${interval} in ${count(bars)}`).join(', ');
  return `reads the ${chosen.interval} candles, which are in ${count(chosen.bars)} of the bars; ${rest}`;
}
