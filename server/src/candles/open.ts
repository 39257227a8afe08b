// From settings to a candle source. Plain JSON, so that a compute child can be told over IPC where candles are.
import { parquetSource } from './parquet.ts';
import type { CandleSource } from './source.ts';

/** The one kind of today; ClickHouse becomes another member of this union. */
export interface SourceSettings {
  readonly kind: 'parquet';
  /** Folder of the store. */
  readonly folder: string;
}

export async function openSource({ folder }: SourceSettings): Promise<CandleSource> {
  return parquetSource(folder);
}
