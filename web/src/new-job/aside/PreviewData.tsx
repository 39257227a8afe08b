// The same numbers as the chart of the preview, as a table and as CSV.

import type { JSX } from 'react';
import { csvOf, type Cell } from '../../parts/csv.ts';
import { decimal } from '../../words/format.ts';
import type { Preview } from '../engine/preview.ts';

const dateOf = (time: number): string => new Date(time).toISOString().slice(0, 16).replace('T', ' ');
const SIDES = { '1': 'long', '0': '', '-1': 'short' } as const;
const sideOf = (signal: number | undefined): string => SIDES[String(signal ?? 0) as keyof typeof SIDES];

export function PreviewData({ drawn }: { readonly drawn: Preview }): JSX.Element {
  const { candles, signal, entries, lines } = drawn;
  const entered = new Map(entries.map(({ bar, side }) => [bar, side]));
  const rows = Array.from(candles.time, (_, bar) => bar).reverse();
  return (
    <div className="chart data">
      <p>
        <a className="link" download="preview.csv" href={addressOf(drawn)}>
          Download CSV
        </a>
      </p>
      <table className="numbers">
        <caption className="sr">Bars of the preview, newest first</caption>
        <thead>
          <tr>
            <th scope="col">Open (UTC)</th>
            <th scope="col" className="n">
              Close
            </th>
            {lines.map(({ label }) => (
              <th key={label} scope="col" className="n">
                {label}
              </th>
            ))}
            <th scope="col">Signal</th>
            <th scope="col">Entry</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((bar) => (
            <tr key={bar}>
              <th scope="row">{dateOf(candles.time[bar] ?? 0)}</th>
              <td className="n">{decimal(candles.close[bar])}</td>
              {lines.map(({ label, values }) => (
                <td key={label} className="n">
                  {decimal(values[bar])}
                </td>
              ))}
              <td>{sideOf(signal[bar])}</td>
              <td>{sideOf(entered.get(bar))}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function addressOf({ candles, signal, entries, lines }: Preview): string {
  const { time, open, high, low, close } = candles;
  const entered = new Map(entries.map(({ bar, side }) => [bar, side]));
  const columns: readonly (readonly [string, (bar: number) => Cell])[] = [
    ['open_time', (bar) => new Date(time[bar] ?? 0).toISOString()],
    ...Object.entries({ open, high, low, close }).map(
      ([name, values]) => [name, (bar: number) => values[bar] ?? null] as const,
    ),
    ...lines.map(({ label, values }) => [label, (bar: number) => values[bar] ?? null] as const),
    ['signal', (bar) => signal[bar] ?? null],
    ['entry', (bar) => entered.get(bar) ?? 0],
  ];
  const csv = csvOf({
    columns: columns.map(([name]) => ({ name })),
    length: time.length,
    cell: (bar, column) => columns[column]?.[1](bar) ?? null,
  });
  return `data:text/csv;charset=utf-8,${encodeURIComponent(csv)}`;
}
