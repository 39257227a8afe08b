import type { Schemas } from '@backtest-jobs/client';
import { DropdownMenu } from 'radix-ui';
import type { JSX } from 'react';
import { useAddress } from '../../lib/address.ts';
import { Sign } from '../../parts/Sign.tsx';
import { FIELDS } from '../address.ts';
import { metricColumns, readHidden, writeHidden } from './columns.ts';

/** At the head of the table: equal trades as one, columns, the whole width. */
export function Tools({ job }: { readonly job: Schemas['JobStatus'] }): JSX.Element {
  const [{ group, focus }, change] = useAddress(FIELDS);
  const isWide = focus === 'top';
  return (
    <>
      <button
        type="button"
        className="btn quiet small same-trades"
        aria-pressed={group}
        title="Rows that made the same trades are one row"
        onClick={() => change({ group: !group })}
      >
        <Sign name="tick" /> Same trades as one
      </button>
      <ColumnsMenu primary={job.primary_metric} />
      <button
        type="button"
        className="btn quiet icon small widen"
        aria-label="The whole width"
        aria-pressed={isWide}
        onClick={() => change({ focus: isWide ? 'none' : 'top' })}
      >
        <Sign name="wide" />
      </button>
    </>
  );
}

function ColumnsMenu({ primary }: { readonly primary: string | null }): JSX.Element {
  const [{ hidden: text }, change] = useAddress(FIELDS);
  const hidden = readHidden(text, primary);
  const turn = (id: string): void =>
    change({ hidden: writeHidden(hidden.symmetricDifference(new Set([id])), primary) });
  return (
    <DropdownMenu.Root modal={false}>
      <DropdownMenu.Trigger asChild>
        <button type="button" className="btn quiet small">
          Columns
        </button>
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content className="floating menu" align="end" sideOffset={4} collisionPadding={8}>
          {metricColumns(primary).map(({ id, words, isRanking }) => (
            <DropdownMenu.CheckboxItem
              key={id}
              className="column-item"
              checked={isRanking || !hidden.has(id)}
              disabled={isRanking}
              onCheckedChange={() => turn(id)}
              onSelect={(event) => event.preventDefault()}
            >
              <span className="column-tick">
                <DropdownMenu.ItemIndicator>
                  <Sign name="tick" />
                </DropdownMenu.ItemIndicator>
              </span>
              {words.name}
              <span className="note">{words.long.split(':')[0]}</span>
            </DropdownMenu.CheckboxItem>
          ))}
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}
