// What the menu of a job puts into the clipboard.

/** Quotes a text for a shell. */
export const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;

/** Returns the request that submits the same spec again. */
export function asCurl(origin: string, spec: unknown): string {
  return `curl ${quoted(`${origin}/api/backtests/jobs`)} -H 'content-type: application/json' -d ${quoted(JSON.stringify(spec))}`;
}

/** Returns the commands that submit the same spec again. */
export const asCommand = (job_id: string): string =>
  `backtest spec ${job_id} > spec.yaml && backtest submit spec.yaml --wait`;

/** Returns the commands that run one variant of a job again, in full. */
export const asRun = (job_id: string, variantIndex: number): string =>
  `backtest spec ${job_id} > spec.yaml && backtest run spec.yaml --variant ${variantIndex}`;

export const EXPORTS = [
  { what: 'top', words: 'Best variants' },
  { what: 'trades', words: 'Trades' },
  { what: 'surface', words: 'All scores' },
  { what: 'equity', words: 'Equity of the best' },
] as const;

export const FORMATS = [
  ['csv', 'CSV'],
  ['ndjson', 'NDJSON'],
  ['parquet', 'Parquet'],
] as const;

/** Returns where a file of a job is. */
export const exportAddress = (job_id: string, what: string, format: string): string =>
  `/api/backtests/jobs/${job_id}/export?what=${what}&format=${format}`;

/** Returns where the page is that shows a job, or one variant of it, without this server. */
export const pageAddress = (job_id: string, variantIndex?: number): string =>
  `/api/backtests/jobs/${job_id}/report${variantIndex === undefined ? '' : `?variant_index=${variantIndex}`}`;
