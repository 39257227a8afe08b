import type { Schemas } from '@backtest-jobs/client';
import type { JSX } from 'react';
import { Link } from 'wouter';
import { count, date } from '../words/format.ts';
import { GapsRows } from './GapsRows.tsx';

type Instrument = Schemas['InstrumentList']['items'][number];

interface SeriesTableProps {
  readonly instruments: readonly Instrument[];
  readonly isFiltered: boolean;
  /** Instrument whose gaps are shown, as `market_id:symbol`. */
  readonly open: string;
  readonly onOpen: (instrument: string) => void;
}

/** Every series of every instrument, one a row. */
export function SeriesTable({ instruments, isFiltered, open, onOpen }: SeriesTableProps): JSX.Element {
  if (instruments.length === 0)
    return (
      <div className="empty">
        <p>
          {isFiltered
            ? 'No candles match.'
            : 'There are no candles yet. Add a file above, or import one at a terminal.'}
        </p>
      </div>
    );
  return (
    <div className="sideways">
      <table className="numbers" aria-label="Series of candles">
        <thead>
          <tr>
            <th scope="col">Symbol</th>
            <th scope="col">Market</th>
            <th scope="col">Interval</th>
            <th scope="col">From</th>
            <th scope="col">To</th>
            <th scope="col" className="n">
              Bars
            </th>
            <th scope="col">Gaps</th>
            <th scope="col">Used by</th>
          </tr>
        </thead>
        {instruments.map((one) => (
          <InstrumentRows key={keyOf(one)} instrument={one} isOpen={keyOf(one) === open} onOpen={onOpen} />
        ))}
      </table>
    </div>
  );
}

interface InstrumentRowsProps extends Pick<SeriesTableProps, 'onOpen'> {
  readonly instrument: Instrument;
  readonly isOpen: boolean;
}

function InstrumentRows({ instrument, isOpen, onOpen }: InstrumentRowsProps): JSX.Element {
  const { market_id, market, symbol, series } = instrument;
  return (
    <tbody>
      {series.map(({ interval, start, end, rows }, at) => (
        <tr key={interval} data-series={`${symbol} ${interval}`}>
          <th scope="row">{symbol}</th>
          <td>{market ?? market_id}</td>
          <td>{interval}</td>
          <td className="num">{date(start)}</td>
          <td className="num">{date(end)}</td>
          <td className="n">{count(rows)}</td>
          <td>
            {at === 0 && (
              <button
                type="button"
                className="btn small quiet"
                aria-expanded={isOpen}
                aria-label={`${isOpen ? 'Hide' : 'Look for'} gaps of ${symbol}`}
                onClick={() => onOpen(isOpen ? '' : keyOf(instrument))}
              >
                {isOpen ? 'Hide' : 'Look for'} gaps
              </button>
            )}
          </td>
          <td>
            {at === 0 && (
              <Link className="link" href={`/jobs?q=${encodeURIComponent(symbol)}`} aria-label={`Jobs on ${symbol}`}>
                Jobs
              </Link>
            )}
          </td>
        </tr>
      ))}
      {isOpen && <GapsRows market_id={market_id} symbol={symbol} />}
    </tbody>
  );
}

const keyOf = ({ market_id, symbol }: Pick<Instrument, 'market_id' | 'symbol'>): string => `${market_id}:${symbol}`;
