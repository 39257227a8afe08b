// The same numbers as the chart of the preview, as a table and as CSV.

import type { JSX } from 'react';
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
        <a className="link" download="preview.csv" href={csvOf(drawn)}>
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

function csvOf({ candles, signal, entries, lines }: Preview): string {
  const entered = new Map(entries.map(({ bar, side }) => [bar, side]));
  const head = [
    'open_time',
    'open',
    'high',
    'low',
    'close',
    ...lines.map(({ label }) => `"${label}"`),
    'signal',
    'entry',
  ];
  const rows = Array.from(candles.time, (time, bar) =>
    [
      new Date(time).toISOString(),
      ...[candles.open, candles.high, candles.low, candles.close, ...lines.map(({ values }) => values)].map(
        (one) => one[bar],
      ),
      signal[bar],
      entered.get(bar) ?? 0,
    ].join(),
  );
  return `data:text/csv;charset=utf-8,${encodeURIComponent([head.join(), ...rows].join('\r\n'))}`;
}
