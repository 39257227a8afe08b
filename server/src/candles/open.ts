// From settings to a candle source.

import type { SourceSettings } from '../config/settings.ts';
import { parquetSource } from './parquet.ts';
import type { CandleSource } from './source.ts';

export interface AskOptions {
  /** Somebody waits for the answer: a server that is away is not waited for as long as a command would. */
  readonly hurry?: boolean;
  /** Nobody waits yet: what takes time and needs no wish is done now. */
  readonly ahead?: boolean;
  /** How often a server is asked before it counts as away, for those who go on asking themselves. */
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
