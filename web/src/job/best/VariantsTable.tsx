import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useRef, type JSX, type RefObject } from 'react';
import { Sentinel } from '../../parts/Sentinel.tsx';
import { hovered } from '../hovered.ts';
import { HeadCell } from './HeadCell.tsx';
import type { Variants } from './use-variants.ts';
import { VariantRow } from './VariantRow.tsx';

interface VariantsTableProps {
  readonly job_id: string;
  readonly variants: Variants;
  readonly chosen: ReadonlySet<string>;
  /** Row that keys act on; -1: none. */
  readonly current: number;
  readonly onChoose: (variantIndex: number) => void;
  readonly onOver: (isOver: boolean) => void;
}

/** From so many rows on, only those in sight are in the document. */
const MANY = 60;
const ROW = 30;
const OVERSCAN = 12;

export function VariantsTable({
  job_id,
  variants,
  chosen,
  current,
  onChoose,
  onOver,
}: VariantsTableProps): JSX.Element {
  const { columns, groups, asked } = variants;
  const place = useRef<HTMLDivElement>(null);
  const { first, last, above, below } = useWindow(place, groups.length, current);
  useEffect(() => () => hovered.set(null), []);
  const leave = (): void => {
    onOver(false);
    hovered.set(null);
  };
  return (
    <div
      ref={place}
      className="best-scroll"
      tabIndex={0}
      role="region"
      aria-label="Rows of the best variants"
      onPointerEnter={() => onOver(true)}
      onPointerLeave={leave}
    >
      <table className="numbers" aria-label="Best variants" aria-rowcount={groups.length + 1}>
        <thead>
          <tr>
            <th scope="col" className="tick">
              <span className="sr">Choose</span>
            </th>
            {columns.map((column) => (
              <HeadCell key={column.id} column={column} columns={columns} />
            ))}
            <th scope="col">Equity</th>
            <th scope="col">
              <span className="sr">With the same trades</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {above > 0 && <Space height={above} />}
          {groups.slice(first, last).map((group, at) => (
            <VariantRow
              key={group.row.variant_index}
              job_id={job_id}
              group={group}
              columns={columns}
              place={first + at + 2}
              isChosen={chosen.has(String(group.row.variant_index))}
              isCurrent={first + at === current}
              onChoose={onChoose}
            />
          ))}
          {below > 0 && <Space height={below} />}
        </tbody>
      </table>
      {asked.hasNextPage && <Sentinel onSeen={() => void asked.fetchNextPage()} />}
    </div>
  );
}

interface Window {
  readonly first: number;
  readonly last: number;
  /** Heights of what is left out. */
  readonly above: number;
  readonly below: number;
}

/** Returns which rows are drawn, and keeps the current one in sight. */
function useWindow(place: RefObject<HTMLDivElement | null>, count: number, current: number): Window {
  const virtual = useVirtualizer({
    count,
    getScrollElement: () => place.current,
    estimateSize: () => ROW,
    overscan: OVERSCAN,
    scrollPaddingStart: ROW,
    enabled: count > MANY,
  });
  useEffect(() => {
    if (current < 0) return;
    if (count > MANY) virtual.scrollToIndex(current, { align: 'auto' });
    else place.current?.querySelector('[data-current]')?.scrollIntoView({ block: 'nearest' });
  }, [current, count, virtual, place]);
  if (count <= MANY) return { first: 0, last: count, above: 0, below: 0 };
  const items = virtual.getVirtualItems();
  const first = items[0]?.index ?? 0;
  const last = (items.at(-1)?.index ?? Math.min(count, MANY) - 1) + 1;
  return { first, last, above: first * ROW, below: (count - last) * ROW };
}

function Space({ height }: { readonly height: number }): JSX.Element {
  return (
    <tr aria-hidden="true" className="space">
      <td style={{ height }} />
    </tr>
  );
}
