// From settings to a candle source. Plain JSON, so that a compute child can be told over IPC where candles are.
import type { ClickHouseSettings } from './clickhouse-settings.ts';
import { parquetSource } from './parquet.ts';
import type { CandleSource } from './source.ts';

export interface ParquetSettings {
  readonly kind: 'parquet';
  /** Folder of the store. */
  readonly folder: string;
}

export type SourceSettings = ParquetSettings | ClickHouseSettings;

export async function openSource(settings: SourceSettings): Promise<CandleSource> {
  if (settings.kind === 'parquet') return parquetSource(settings.folder);
  const { clickHouseSource } = await import('./clickhouse.ts');
  return clickHouseSource(settings);
}
