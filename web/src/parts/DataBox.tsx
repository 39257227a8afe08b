import './data-box.css';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useMemo, useRef, useState, type JSX } from 'react';
import { axisValue, count } from '../words/format.ts';
import { csvOf, sortedRows, type Table } from './csv.ts';
import { DialogBox } from './DialogBox.tsx';
import { Sign } from './Sign.tsx';

interface DataBoxProps {
  readonly table: Table;
  readonly onClose: () => void;
}

interface Order {
  readonly column: number;
  readonly descending: boolean;
}

const ROW = 30;

export function DataBox({ table, onClose }: DataBoxProps): JSX.Element {
  return (
    <DialogBox title={table.title} wide onClose={onClose}>
      <div className="data-tools">
        <span className="ink-3">{table.length === 1 ? '1 row' : `${count(table.length)} rows`}</span>
        <span className="grow" />
        <button type="button" className="btn small" onClick={() => download(table)}>
          <Sign name="export" />
          Download CSV
        </button>
        <button type="button" className="btn small" onClick={onClose}>
          Close
        </button>
      </div>
      <DataRows table={table} />
    </DialogBox>
  );
}

/** The table. Only rows in sight are in the document; it is a part of its own since a dialog draws its content late. */
function DataRows({ table }: { readonly table: Table }): JSX.Element {
  const [order, setOrder] = useState<Order | null>(null);
  const rows = useMemo(() => order && sortedRows(table, order.column, order.descending), [table, order]);
  const place = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({
    count: table.length,
    getScrollElement: () => place.current,
    estimateSize: () => ROW,
    overscan: 8,
  });
  const items = virtual.getVirtualItems();
  const above = items[0]?.start ?? 0;
  const below = virtual.getTotalSize() - (items.at(-1)?.end ?? 0);
  return (
    // It scrolls, so the keyboard must reach it.
    <div className="data-rows" ref={place} tabIndex={0} role="region" aria-label={`Data: ${table.title}`}>
      <table className="numbers" aria-rowcount={table.length + 1}>
        <Head table={table} order={order} onOrder={setOrder} />
        <tbody>
          {above > 0 && <Gap height={above} columns={table.columns.length} />}
          {items.map(({ index }) => (
            <Row key={index} table={table} row={rows?.[index] ?? index} index={index} />
          ))}
          {below > 0 && <Gap height={below} columns={table.columns.length} />}
        </tbody>
      </table>
    </div>
  );
}

interface HeadProps {
  readonly table: Table;
  readonly order: Order | null;
  readonly onOrder: (order: Order) => void;
}

function Head({ table, order, onOrder }: HeadProps): JSX.Element {
  return (
    <thead>
      <tr>
        {table.columns.map(({ name }, column) => {
          const isIt = order?.column === column;
          const sort = isIt ? (order.descending ? 'descending' : 'ascending') : undefined;
          return (
            <th key={name} scope="col" className={isNumber(table, column) ? 'n' : ''} aria-sort={sort}>
              <button type="button" onClick={() => onOrder({ column, descending: isIt ? !order.descending : true })}>
                {name}
                {isIt && (order.descending ? ' ↓' : ' ↑')}
              </button>
            </th>
          );
        })}
      </tr>
    </thead>
  );
}

function Row({ table, row, index }: { readonly table: Table; readonly row: number; readonly index: number }) {
  return (
    <tr aria-rowindex={index + 2}>
      {table.columns.map(({ name, format }, column) => {
        const value = table.cell(row, column);
        const text = format ? format(value) : value === null ? '' : axisValue(value);
        return (
          <td key={name} className={isNumber(table, column) ? 'n' : ''}>
            {text}
          </td>
        );
      })}
    </tr>
  );
}

function Gap({ height, columns }: { readonly height: number; readonly columns: number }): JSX.Element {
  return (
    <tr aria-hidden="true" className="gap">
      <td colSpan={columns} style={{ height }} />
    </tr>
  );
}

const isNumber = ({ cell, length }: Table, column: number): boolean =>
  length > 0 && typeof cell(0, column) !== 'string';

function download(table: Table): void {
  const address = URL.createObjectURL(new Blob([csvOf(table)], { type: 'text/csv;charset=utf-8' }));
  const link = document.createElement('a');
  link.href = address;
  link.download = `${table.file}.csv`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 10_000); // the browser reads it after the click
}
