import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useRef, type JSX } from 'react';
import type { Table } from '../parts/csv.ts';
import { Panel } from '../parts/Panel.tsx';
import { Segments } from '../parts/Segments.tsx';
import { ShowData } from '../parts/ShowData.tsx';
import { count, date, decimal, minute, signed, span, tone } from '../words/format.ts';
import { REASONS, type Trade, type Which } from './trades.ts';

interface TradesPanelProps {
  /** Trades of the filter, newest first. */
  readonly shown: readonly Trade[];
  readonly total: number;
  readonly which: Which;
  readonly chosen: number | null;
  /** Whether bars are of whole days: times of day say nothing then. */
  readonly daily: boolean;
  readonly onWhich: (which: Which) => void;
  readonly onChoose: (n: number) => void;
}

const WHICH = [
  ['all', 'All'],
  ['won', 'Won'],
  ['lost', 'Lost'],
  ['stopped', 'Stopped'],
] as const;
const ROW = 30;
const HEAD = 30;
const HEADS = ['In', 'Out', 'Price in', 'Price out', 'Return %', 'Worst %', 'Best %', 'Held', 'Out by'] as const;
const TEXTS = new Set<string>(['In', 'Out', 'Out by']);

export function TradesPanel({ shown, total, which, chosen, daily, onWhich, onChoose }: TradesPanelProps): JSX.Element {
  const place = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({
    count: shown.length,
    getScrollElement: () => place.current,
    estimateSize: () => ROW,
    overscan: 8,
    // The head lies over the first rows and moves the others down.
    scrollPaddingStart: HEAD,
    scrollPaddingEnd: HEAD,
  });
  const at = shown.findIndex(({ n }) => n === chosen);
  useEffect(() => {
    if (at >= 0) virtual.scrollToIndex(at, { align: 'auto' });
  }, [at, virtual]);
  const items = virtual.getVirtualItems();
  const above = items[0]?.start ?? 0;
  const below = virtual.getTotalSize() - (items.at(-1)?.end ?? 0);
  return (
    <Panel
      title="Trades"
      className="trades"
      flush
      note={shown.length === total ? `${count(total)}, newest first` : `${count(shown.length)} of ${count(total)}`}
      tools={
        <>
          <Segments small label="Which trades" value={which} options={WHICH} onChange={onWhich} />
          <ShowData what="the trades" table={() => tableOf(shown)} />
        </>
      }
    >
      {shown.length === 0 ? (
        <p className="none">{total === 0 ? 'It has not traded.' : 'No trade is like that.'}</p>
      ) : (
        <div className="rows" ref={place} tabIndex={0} role="region" aria-label="Rows of trades">
          <table className="numbers" aria-rowcount={shown.length + 1}>
            <thead>
              <tr>
                <th scope="col" className="n">
                  No.
                </th>
                {HEADS.map((head) => (
                  <th key={head} scope="col" className={TEXTS.has(head) ? '' : 'n'}>
                    {head}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {above > 0 && <Gap height={above} />}
              {items.map(({ index }) => {
                const trade = shown[index];
                return (
                  trade && (
                    <Row
                      key={trade.n}
                      trade={trade}
                      at={index}
                      isChosen={trade.n === chosen}
                      daily={daily}
                      onChoose={onChoose}
                    />
                  )
                );
              })}
              {below > 0 && <Gap height={below} />}
            </tbody>
          </table>
        </div>
      )}
    </Panel>
  );
}

interface RowProps {
  readonly trade: Trade;
  readonly at: number;
  readonly isChosen: boolean;
  readonly daily: boolean;
  readonly onChoose: (n: number) => void;
}

function Row({ trade, at, isChosen, daily, onChoose }: RowProps): JSX.Element {
  const time = daily ? date : minute;
  return (
    <tr aria-selected={isChosen} aria-rowindex={at + 2} onClick={() => onChoose(trade.n)}>
      <th scope="row" className="n">
        <button type="button" aria-label={`Show trade ${trade.n} on the candles`}>
          {count(trade.n)}
        </button>
      </th>
      <td>
        {trade.direction} {time(trade.entry_time)}
      </td>
      <td>{time(trade.exit_time)}</td>
      <td className="n">{decimal(trade.entry_fill)}</td>
      <td className="n">{decimal(trade.exit_fill)}</td>
      <td className={`n ${tone(trade.return_pct)}`}>{signed(trade.return_pct, 2)}</td>
      <td className="n">{signed(trade.mae_pct, 2)}</td>
      <td className="n">{signed(trade.mfe_pct, 2)}</td>
      <td className="n">{heldFor(trade)}</td>
      <td>
        {REASONS[trade.exit_reason] ?? trade.exit_reason}
        {trade.heldOut && <span className="ink-3"> · held out</span>}
      </td>
    </tr>
  );
}

const DAY_MS = 86_400_000;

function heldFor({ entry_time, exit_time }: Trade): string {
  const ms = Date.parse(exit_time) - Date.parse(entry_time);
  return ms >= DAY_MS && ms % DAY_MS === 0 ? `${count(ms / DAY_MS)} d` : span(ms / 1000);
}

function Gap({ height }: { readonly height: number }): JSX.Element {
  return (
    <tr aria-hidden="true" className="gap">
      <td colSpan={HEADS.length + 1} style={{ height }} />
    </tr>
  );
}

const COLUMNS = [
  'n',
  'direction',
  'entry_time',
  'exit_time',
  'entry_fill',
  'exit_fill',
  'return_pct',
  'net',
  'mae_pct',
  'mfe_pct',
  'exit_reason',
] as const;

export function tableOf(trades: readonly Trade[]): Table {
  return {
    title: 'Trades',
    file: 'trades',
    columns: [...COLUMNS.map((name) => ({ name })), { name: 'part' }],
    length: trades.length,
    cell: (row, column) => {
      const trade = trades[row];
      const name = COLUMNS[column];
      if (trade === undefined) return null;
      return name === undefined ? (trade.heldOut ? 'held out' : 'searched') : trade[name];
    },
  };
}
