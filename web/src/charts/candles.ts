// What a chart of candles is asked to draw.

/** Bars as columns of equal length, opens in epoch milliseconds. */
export interface BarColumns {
  readonly time: readonly number[];
  readonly open: readonly number[];
  readonly high: readonly number[];
  readonly low: readonly number[];
  readonly close: readonly number[];
}

export interface Bars extends BarColumns {
  readonly volume: readonly number[];
}

/** A line over the candles, or in a pane below them. */
export interface Overlay {
  readonly label: string;
  /** CSS variable. */
  readonly colour: string;
  /** One value a bar, NaN where there is none. */
  readonly values: Float64Array;
  /** 0: over the candles. */
  readonly pane: number;
  /** Thresholds of its signals. */
  readonly levels: readonly { readonly value: number; readonly title: string }[];
}

export interface Mark {
  /** Place of its bar. */
  readonly at: number;
  readonly kind: 'long' | 'short' | 'won' | 'lost';
  readonly text?: string;
}

/** The one trade that is looked at, by places of bars. */
export interface ShownTrade {
  readonly from: number;
  readonly to: number;
  readonly entry: number;
  readonly exit: number;
  readonly won: boolean;
  readonly stop: number | null;
  readonly target: number | null;
}
