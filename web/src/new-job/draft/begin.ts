// The draft that an address asks for: a new one, a clone, or one that is derived from what a job found.

import { boxed, narrowed, validated, widened, type BoundsOf, type JobGrid } from './derive.ts';
import { draftOf, type Draft, type Mode } from './draft.ts';
import type { PlainObject } from './plain.ts';

export interface Wish {
  readonly from: string;
  /** `plateau`, a variant index or `box`. */
  readonly refine: string;
  readonly box: Readonly<Record<string, string>>;
  readonly widen: string;
  readonly validate: '' | 'holdout' | 'walk_forward';
  readonly strategy: string;
}

/** Names what an address asks for; the draft of each is kept apart. */
export function wishKey({ from, refine, box, widen, validate, strategy }: Wish): string {
  const boxes = Object.entries(box).map(([axis, range]) => [`box.${axis}`, range] as const);
  const parts = [...Object.entries({ from, refine, widen, validate, strategy }), ...boxes];
  return parts.flatMap(([name, value]) => (value === '' ? [] : [`${name}=${value}`])).join(' ');
}

/** A job that a draft is made from. */
export interface Parent extends JobGrid {
  readonly job_id: string;
  readonly name: string;
  readonly trials: number | null;
  /** Variant in the middle of the best neighbourhood, and the best one. */
  readonly plateau: number | null;
  readonly best: number | null;
}

/** Derives a draft from a job, as the address asks for; without more it is a clone. */
export function derivedFrom(parent: Parent, wish: Wish, boundsOf: BoundsOf): Draft {
  const changes: string[] = [];
  let grid: JobGrid = parent;
  const take = (spec: PlainObject, words: string): void => {
    grid = { ...grid, spec };
    changes.push(words);
  };
  const index = /^\d{1,15}$/.test(wish.refine) ? Number(wish.refine) : null;
  const middle = parent.plateau ?? parent.best;
  if (wish.refine === 'plateau' && middle !== null)
    take(narrowed(grid, middle), parent.plateau === null ? 'narrowed around its best' : 'narrowed around its plateau');
  if (index !== null) take(narrowed(grid, index), 'narrowed around one of its variants');
  if (wish.refine === 'box') take(boxed(grid, wish.box), 'the part that was chosen on its map');
  if (wish.widen !== '') take(widened(grid, wish.widen, parent.best, boundsOf), 'one axis wider');
  if (wish.validate !== '')
    take(
      validated(grid.spec, wish.validate),
      wish.validate === 'holdout' ? 'the last 30% held out' : 'walking forward',
    );
  const how = changes.join(', ');
  const name = how === '' ? parent.name : `${parent.name}, ${how.replace('its ', 'the ')}`.slice(0, 200);
  const { job_id, trials } = parent;
  return draftOf(
    { ...grid.spec, ...(name !== '' && { name }) },
    { job_id, name: parent.name, trials, how, isExact: how === '' },
  );
}

/** What each way of writing begins with. */
export const FRESH: Readonly<Record<Mode, PlainObject>> = {
  indicators: {
    indicator_grids: [
      { indicator_id: 'ma.sma', params: { window: { mode: 'range', start: 20, stop_incl: 200, step: 20 } } },
      { indicator_id: 'momentum.rsi', params: { window: { mode: 'explicit', values: [3, 5, 7, 14] } } },
    ],
    signal_grids: { 'momentum.rsi': { long_threshold: 45, short_threshold: 80 } },
  },
  rules: {
    rules: { long: 'ema(close, fast) > ema(close, slow)' },
    params: {
      fast: { mode: 'range', start: 5, stop_incl: 30, step: 5 },
      slow: { mode: 'range', start: 20, stop_incl: 100, step: 10 },
    },
    constraints: ['fast < slow'],
  },
  saved: { strategy_id: 'none' },
};

interface Market {
  readonly market_id: number;
  readonly symbol: string;
  readonly series: readonly { readonly interval: string; readonly start: string; readonly end: string }[];
}

const day = (iso: string): string => `${iso.slice(0, 10)}T00:00:00Z`;

/** Makes a first draft on an instrument: all of its candles, one hour bars or what there is. */
export function firstDraft(instrument: Market | undefined): Draft {
  const [series] = instrument?.series ?? [];
  const isDaily = series?.interval === '1d';
  return draftOf({
    ...(series && { time_range: { start: day(series.start), end: day(series.end) } }),
    template: {
      ...(instrument && { instrument_id: { market_id: instrument.market_id, symbol: instrument.symbol } }),
      timeframe: series === undefined || isDaily ? '1d' : '1h',
      ...FRESH.indicators,
      direction_mode: 'long-only',
      execution: { fill: 'next_open' },
      risk_grid: { sl: { mode: 'explicit', values: ['off', 2, 4, 8] }, trigger: 'intrabar' },
    },
    ranking: { primary_metric: 'sharpe' },
    filters: { min_trades: 30 },
  });
}

/** Makes the draft that runs a saved strategy. */
export function strategyDraft(strategy_id: string, instrument: Market | undefined): Draft {
  const { time_range, ranking, filters } = firstDraft(instrument).spec;
  return draftOf({
    ...(time_range && { time_range }),
    strategy_id,
    ...(ranking && { ranking }),
    ...(filters && { filters }),
  });
}
