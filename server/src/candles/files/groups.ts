// Rows of several symbols or intervals in one table, told apart by a column that names them. One of each is read, the one
// that was asked for or the only one there is; rows of two are never joined.

import { TIMEFRAMES } from '@backtest-jobs/engine';
import { MINUTE_MS, specError } from '@backtest-jobs/engine/internal';
import { isInterval } from '../source.ts';
import { plain, type NamesWish } from './file-names.ts';

/** What a column of a file names. */
export const GROUPS = ['symbol', 'interval'] as const;
export type Group = (typeof GROUPS)[number];

export interface Groups {
  /** Takes what a row says of a group; returns whether it is of the series that is read. */
  take(group: Group, value: string): boolean;
  /** Returns how many rows were not; throws SpecError when it is not clear which series was meant. */
  finish(): number;
}

/** Values that are kept: a column with more of them names no symbols, unless one was asked for. */
const MOST_VALUES = 1000;
const SHOWN = 20;

export function openGroups(origin: string, wish: NamesWish): Groups {
  const values = { symbol: new Map<string, boolean>(), interval: new Map<string, boolean>() };
  let left = 0;
  return {
    take(group, value) {
      const known = values[group].get(value);
      const fits = known ?? isWanted(group, value, wish[group]);
      const kept = values[group];
      if (known === undefined && (fits || kept.size < MOST_VALUES)) kept.set(value, fits);
      if (kept.size > MOST_VALUES && wish[group] === undefined) throw ambiguous(origin, group, kept);
      if (!fits) left += 1;
      return fits;
    },
    finish() {
      for (const group of GROUPS) {
        const fitting = [...values[group].values()].filter(Boolean).length;
        const wanted = wish[group];
        if (fitting > 1) throw ambiguous(origin, group, values[group]);
        if (fitting === 0 && values[group].size > 0 && wanted !== undefined)
          throw contradicted(origin, { group, wanted, values: values[group] });
      }
      return left;
    },
  };
}

/** Without a wish all are. A symbol may be written with other signs, an interval in other words. */
function isWanted(group: Group, value: string, wanted: string | undefined): boolean {
  if (wanted === undefined || value === wanted) return true;
  if (group === 'symbol') return plain(value) === plain(wanted);
  return isInterval(wanted) && intervalMs(value) === TIMEFRAMES[wanted];
}

const UNITS: Readonly<Record<string, number>> = { m: MINUTE_MS, h: 60 * MINUTE_MS, d: 1440 * MINUTE_MS };

/** Reads 60, 60min, 1H, H1, 1 hour, D and daily; null for anything else, and for 1M, which is a month. */
function intervalMs(text: string): number | null {
  const [, before = '', many = '', after = ''] = /^([a-z]?)(\d*) ?([a-z]*)$/i.exec(text) ?? [];
  if (/^\d+M$/.test(text)) return null;
  const word = (before + after).toLowerCase();
  const known = /^(?:m|min|mins|minutes?|t|)$|^(?:h|hours?|hourly)$|^(?:d|days?|daily)$/.test(word);
  const unit = UNITS[word.startsWith('t') || word === '' ? 'm' : word.charAt(0)];
  return known && unit !== undefined && (many !== '' || word !== '') ? Number(many || 1) * unit : null;
}

function ambiguous(origin: string, group: Group, values: ReadonlyMap<string, boolean>) {
  const message =
    `has rows of more than one ${group} in one of its columns: say which with --${group}, one of ${listed(values)}; ` +
    `if that column names something else, --${group}-column none`;
  return specError(origin, 'ambiguous_rows', message);
}

function contradicted(
  origin: string,
  {
    group,
    wanted,
    values,
  }: { readonly group: Group; readonly wanted: string; readonly values: ReadonlyMap<string, boolean> },
) {
  const message =
    `has no rows of the ${group} ${wanted}, only of ${listed(values)}; ` +
    `if they are, do not look at that column: --${group}-column none`;
  return specError(origin, 'no_candles', message);
}

function listed(values: ReadonlyMap<string, boolean>): string {
  const names = [...values.keys()].sort().map((name) => name.slice(0, 40) || 'no name');
  return names.slice(0, SHOWN).join(', ') + (names.length > SHOWN ? ` and ${names.length - SHOWN} more` : '');
}
