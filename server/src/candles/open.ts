// From settings to a candle source.

import type { SourceSettings } from '../config/settings.ts';
import { parquetSource } from './parquet.ts';
import type { CandleSource } from './source.ts';

export interface AskOptions {
  /** True: a user waits for the answer, so the wait for an unavailable server is short. */
  readonly hurry?: boolean;
  /** True: no wish is known yet, and what takes time and needs none is done now. */
  readonly ahead?: boolean;
  /** Times that a server is asked before it counts as unavailable, for callers who go on asking themselves. */
  readonly attempts?: number;
}

export async function openSource(
  settings: SourceSettings,
  { hurry = false, ahead = false, ...asking }: AskOptions = {},
): Promise<CandleSource> {
  if (settings.kind === 'parquet') return parquetSource(settings.folder, ahead);
  const [{ clickHouseSource }, { HURRY, PATIENCE }] = await Promise.all([
    import('./clickhouse/clickhouse.ts'),
    import('./clickhouse/client.ts'),
  ]);
  return clickHouseSource(settings, { ...(hurry ? HURRY : PATIENCE), ...asking });
}
