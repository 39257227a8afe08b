import { useMemo, type JSX } from 'react';
import type { Table } from '../parts/csv.ts';
import { Panel } from '../parts/Panel.tsx';
import { ShowData } from '../parts/ShowData.tsx';
import { percent, signed } from '../words/format.ts';
import { heatOf, monthGrid, type Month } from './months.ts';

const NAMES = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'] as const;

/** Months as a table of colours with their numbers. */
export function MonthsPanel({ months }: { readonly months: readonly Month[] }): JSX.Element {
  const years = useMemo(() => monthGrid(months), [months]);
  const widest = useMemo(() => widestOf(months), [months]);
  return (
    <Panel
      title="Months"
      note="return of each, %"
      className="months"
      flush
      tools={<ShowData what="the months" table={() => tableOf(months)} />}
    >
      <div className="scroll" tabIndex={0} role="region" aria-label="Returns of months">
        <table>
          <thead>
            <tr>
              <th scope="col">
                <span className="sr">Year</span>
              </th>
              {NAMES.map((name) => (
                <th key={name} scope="col">
                  <abbr title={name}>{name[0]}</abbr>
                </th>
              ))}
              <th scope="col">Year</th>
            </tr>
          </thead>
          <tbody>
            {years.map(({ year, months: own, return_pct, benchmark_pct }) => (
              <tr key={year}>
                <th scope="row">{year}</th>
                {own.map((month, at) => (
                  <Cell key={NAMES[at]} month={month} widest={widest} />
                ))}
                <td className="all" title={`buy and hold ${percent(benchmark_pct)}`}>
                  {signed(return_pct, 1)}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Panel>
  );
}

function Cell({ month, widest }: { readonly month: Month | null; readonly widest: number }): JSX.Element {
  if (month === null) return <td className="none" />;
  const { return_pct, benchmark_pct } = month;
  return (
    <td
      data-heat={heatOf(return_pct, widest)}
      title={`${month.month}: ${percent(return_pct, 2)}, buy and hold ${percent(benchmark_pct, 2)}`}
    >
      {return_pct === 0 ? '0' : signed(return_pct, Math.abs(return_pct) >= 9.95 ? 0 : 1).replace('+', '')}
    </td>
  );
}

/** Returns the size that the strongest colour stands for: that of the 95th of 100 months, so that one month does not pale all others. */
function widestOf(months: readonly Month[]): number {
  const sizes = months.map(({ return_pct }) => Math.abs(return_pct)).sort((a, b) => a - b);
  return sizes[Math.floor(sizes.length * 0.95)] || (sizes.at(-1) ?? 0);
}

function tableOf(months: readonly Month[]): Table {
  const columns = ['month', 'return_pct', 'benchmark_pct'] as const;
  return {
    title: 'Returns of months',
    file: 'months',
    columns: [{ name: 'month' }, { name: 'return %' }, { name: 'buy and hold %' }],
    length: months.length,
    cell: (row, column) => {
      const name = columns[column];
      return name === undefined ? null : (months[row]?.[name] ?? null);
    },
  };
}
