// The indicators of a variant over its candles, computed here by the engine that ran it. Loaded with the candles.

import { CATALOGUE, computeIndicator } from '@backtest-jobs/engine';
import type { Bars, Overlay } from '../charts/candles.ts';
import { seriesColour } from '../charts/lines.ts';

interface Selection {
  readonly indicator_id: string;
  readonly inputs?: { readonly source?: string | null } | null;
  readonly params?: Readonly<Record<string, number>> | null;
}

interface Payload {
  readonly indicator_selections?: readonly Selection[] | null;
  readonly signal_params?: Readonly<Record<string, Readonly<Record<string, unknown>>>> | null;
}

/** Rules whose indicators are on the scale of prices. */
const ON_PRICES: ReadonlySet<string> = new Set(['price_vs_output', 'band_touch', 'outside_bands', 'pivot_events']);
const MOST_OUTPUTS = 4;
const MOST_PANES = 3;

/** Returns the lines of all indicators of a variant; those of rules are none. What cannot be computed is left out. */
export function indicatorLines(bars: Bars, payload: object): readonly Overlay[] {
  const { indicator_selections: selections, signal_params: signals } = payload as Payload;
  const candles = {
    time: Float64Array.from(bars.time),
    open: Float64Array.from(bars.open),
    high: Float64Array.from(bars.high),
    low: Float64Array.from(bars.low),
    close: Float64Array.from(bars.close),
    volume: Float64Array.from(bars.volume),
  };
  const overlays: Overlay[] = [];
  let panes = 0;
  for (const selection of selections ?? []) {
    const { indicator_id: id, inputs, params } = selection;
    const source = inputs?.source ?? undefined;
    const onPrices = source !== 'volume' && isOnPrices(id);
    if (!onPrices && panes === MOST_PANES) continue;
    if (!onPrices) panes += 1;
    const outputs = Object.entries(computeIndicator(candles, id, { ...params, ...(source && { source }) }));
    for (const [at, [name, values]] of outputs.slice(0, MOST_OUTPUTS).entries()) {
      if (onPrices && !isNear(values, candles.close)) continue;
      overlays.push({
        label: labelOf(selection, outputs.length === 1 ? '' : name),
        colour: seriesColour(COLOURS[overlays.length % COLOURS.length] ?? 0),
        values,
        pane: onPrices ? 0 : panes,
        levels: at === 0 ? levelsOf(signals?.[id] ?? {}) : [],
      });
    }
  }
  return overlays;
}

// Colours that are neither those of gain and loss nor near them.
const COLOURS = [0, 5, 2, 6, 4] as const;

function isOnPrices(id: string): boolean {
  return CATALOGUE.some((row) => row.id === id && row.rules.some(({ family }) => ON_PRICES.has(family)));
}

/** Returns whether values lie about where prices do: a direction beside a trailing stop does not. */
function isNear(values: Float64Array, close: Float64Array): boolean {
  const at = values.findLastIndex((value) => Number.isFinite(value));
  const ratio = at < 0 ? NaN : (values[at] ?? NaN) / (close[at] ?? NaN);
  return ratio > 0.2 && ratio < 5;
}

function labelOf({ indicator_id, params }: Selection, output: string): string {
  const short = (indicator_id.split('.').at(-1) ?? indicator_id).replaceAll('_', ' ').toUpperCase();
  const values = Object.values(params ?? {}).join(', ');
  return [short, values, output.replaceAll('_', ' ')].filter((word) => word !== '').join(' ');
}

function levelsOf(signal: Readonly<Record<string, unknown>>): Overlay['levels'] {
  return Object.entries(signal).flatMap(([name, value]) =>
    typeof value === 'number' && name.endsWith('_threshold')
      ? [{ value, title: name.replace('_threshold', '').replaceAll('_', ' ') }]
      : [],
  );
}
