import { Popover } from 'radix-ui';
import { useState, type JSX } from 'react';
import { useAddress } from '../../lib/address.ts';
import { Sign } from '../../parts/Sign.tsx';
import { FIELDS } from '../address.ts';
import type { Column, MetricColumn } from './columns.ts';
import { nextSort, readRange, readSort, shownSort, writeRange } from './rows.ts';

interface HeadCellProps {
  readonly column: Column;
  readonly columns: readonly Column[];
}

/** The head of a column: a press sorts, its menu narrows. */
export function HeadCell({ column, columns }: HeadCellProps): JSX.Element {
  const [{ sort: text, f }, change] = useAddress(FIELDS);
  const sort = readSort(text);
  const shown = shownSort(sort, columns);
  const way = shown?.id === column.id ? shown.way : null;
  const press = (): void => {
    const next = nextSort(sort, column);
    change({ sort: next === null ? '' : `${next.id}.${next.way}` });
  };
  const { name, long } = namesOf(column);
  return (
    <th
      scope="col"
      className="n"
      {...(way !== null && { 'aria-sort': way === 'asc' ? ('ascending' as const) : ('descending' as const) })}
    >
      {column.kind !== 'rank' && column.kind !== 'axis' && (
        <RangeMenu
          column={column}
          text={f[column.id] ?? ''}
          onChange={(next) => {
            const { [column.id]: _, ...others } = f;
            change({ f: next === '' ? others : { ...others, [column.id]: next } });
          }}
        />
      )}
      <button type="button" title={long} onClick={press}>
        {name}
        {way !== null && <span aria-hidden="true">{way === 'asc' ? ' ↑' : ' ↓'}</span>}
      </button>
    </th>
  );
}

function namesOf(column: Column): { readonly name: string; readonly long: string } {
  if (column.kind === 'rank') return { name: '#', long: 'Rank' };
  if (column.kind === 'axis') {
    const { short, unit, label } = column.axis;
    return { name: `${short}${unit === '' ? '' : ` ${unit}`}`, long: label };
  }
  const { name, unit, long } = column.words;
  if (column.kind === 'metric') return { name: `${name}${unit === '' ? '' : ` ${unit}`}`, long };
  const isReturn = column.metric === 'total_return_pct';
  return { name: isReturn ? 'Unseen %' : `Unseen ${name}`, long: `${long}; on the bars held out` };
}

interface RangeMenuProps {
  readonly column: MetricColumn;
  readonly text: string;
  readonly onChange: (text: string) => void;
}

function RangeMenu({ column, text, onChange }: RangeMenuProps): JSX.Element {
  const [isOpen, setOpen] = useState(false);
  const { name } = namesOf(column);
  return (
    <Popover.Root open={isOpen} onOpenChange={setOpen}>
      <Popover.Trigger asChild>
        <button type="button" className={`narrow${text === '' ? '' : ' is-on'}`} aria-label={`Filter ${name}`}>
          <Sign name="down" />
        </button>
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Content
          className="floating range"
          align="end"
          sideOffset={6}
          collisionPadding={8}
          aria-label={`Filter ${name}`}
        >
          <RangeForm
            name={name}
            text={text}
            onDone={(next) => {
              onChange(next);
              setOpen(false);
            }}
          />
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}

interface RangeFormProps {
  readonly name: string;
  readonly text: string;
  readonly onDone: (text: string) => void;
}

function RangeForm({ name, text, onDone }: RangeFormProps): JSX.Element {
  const range = readRange(text) ?? { min: -Infinity, max: Infinity };
  const [min, setMin] = useState(shownEnd(range.min));
  const [max, setMax] = useState(shownEnd(range.max));
  const take = (): void => {
    const next = readRange(`${min}..${max}`);
    onDone(next === null ? '' : writeRange(next));
  };
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        take();
      }}
    >
      <label>
        At least
        <input
          className="input small"
          type="number"
          step="any"
          value={min}
          onChange={(event) => setMin(event.target.value)}
        />
      </label>
      <label>
        At most
        <input
          className="input small"
          type="number"
          step="any"
          value={max}
          onChange={(event) => setMax(event.target.value)}
        />
      </label>
      <div className="acts">
        <button type="button" className="btn quiet small" onClick={() => onDone('')}>
          All
        </button>
        <button type="submit" className="btn small" aria-label={`Show only these by ${name}`}>
          Show
        </button>
      </div>
    </form>
  );
}

const shownEnd = (value: number): string => (Number.isFinite(value) ? String(value) : '');
