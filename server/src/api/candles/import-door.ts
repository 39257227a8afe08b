// What the routes of imports share: where files wait, who reads them, how many may be on their way, and what they would change.

import { SpecError, TIMEFRAMES } from '@backtest-jobs/engine';
import type pg from 'pg';
import type { Config } from '../../config/config.ts';
import type { SourceSettings } from '../../config/settings.ts';
import { openImporter, type Imported, type Importer, type ImportQuestion } from '../../imports/importer.ts';
import type { AffectedJobs, ImportRecord } from '../../imports/record.ts';
import { Staging } from '../../imports/staging.ts';
import { ranOn } from '../../queue/reads/ran-on.ts';
import { openAdmission, type Admission } from '../../reports/admission.ts';
import { ApiError } from '../errors.ts';

const IMPORTS_OPEN = { things: 'imports', ofUser: 2, ofAll: 4 } as const;

/** What the routes share. */
export interface ImportDoor extends AsyncDisposable {
  readonly pool: pg.Pool;
  readonly config: Config;
  readonly importer: Importer;
  readonly importing: Admission;
  /** Throws where the store is not written to. */
  readonly staging: () => Staging;
  /** Folder of the store. */
  readonly store: string;
}

/** `candles`: where they are read, and written. */
export function openImports(pool: pg.Pool, config: Config, candles: SourceSettings): ImportDoor {
  const importer = openImporter();
  const staged = candles.kind === 'parquet' ? new Staging(candles.folder, config.backtest.imports) : null;
  return {
    pool,
    config,
    importer,
    importing: openAdmission(IMPORTS_OPEN),
    staging() {
      if (staged !== null) return staged;
      const way = 'insert them there, or run the API with CANDLE_SOURCE=parquet:<dir>';
      throw new ApiError('conflict', `the candles of this server are in a ClickHouse, which it only reads: ${way}`);
    },
    store: candles.kind === 'parquet' ? candles.folder : '',
    async [Symbol.asyncDispose]() {
      staged?.[Symbol.dispose]();
      await importer[Symbol.asyncDispose]();
    },
  };
}

/** Where a file goes; the market must be one of the configuration. */
export function placeOf(
  { config, store }: ImportDoor,
  wish: ImportRecord['wish'],
): Pick<ImportQuestion, 'wish' | 'store' | 'calendar'> {
  const { markets } = config.backtest;
  const market = markets[wish.market_id];
  if (market !== undefined) return { wish, store, calendar: market.calendar };
  const known = Object.entries(markets).map(([id, { name }]) => `${id} ${name}`);
  const message = `is not in the configuration, which has ${known.join(', ')}`;
  throw new SpecError([{ path: 'market_id', code: 'invalid_value', message }]);
}

export interface ImportUser {
  readonly user_id: string;
  readonly is_admin: boolean;
}

/** Finds the jobs that an import changes the candles of. */
export function jobsOf(
  { pool }: ImportDoor,
  { report, changed }: Imported,
  { user_id, is_admin }: ImportUser,
): Promise<AffectedJobs> {
  const { market_id, symbol, interval } = report;
  const whose = is_admin ? null : user_id;
  return ranOn(pool, { market_id, symbol, interval_ms: TIMEFRAMES[interval], ranges: changed, user_id: whose });
}
