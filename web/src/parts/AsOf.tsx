import type { JSX } from 'react';
import { useNow } from '../lib/clock.ts';
import { useStore } from '../lib/store.ts';
import { connection } from '../live/connection.ts';
import { ago } from '../words/format.ts';

export interface AsOfProps {
  readonly asked: { readonly data: unknown; readonly dataUpdatedAt: number; readonly isError: boolean };
}

const AGE_MS = 5000;

/** Says how old what is shown is, while the server cannot be asked for newer. */
export function AsOf({ asked: { data, dataUpdatedAt, isError } }: AsOfProps): JSX.Element | null {
  const { state } = useStore(connection);
  const now = useNow(AGE_MS);
  if (data === undefined || !(isError || state === 'offline')) return null;
  return (
    <span className="about caution" role="status">
      as of {ago(new Date(dataUpdatedAt).toISOString(), now)}
    </span>
  );
}
