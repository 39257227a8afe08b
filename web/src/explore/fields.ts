// What of the address the exploring panels read and change.

import { byName, list, oneOf, text } from '../lib/search.ts';

/** What a cell of the map shows of the variants behind it. */
export const HOW = ['max', 'median', 'near'] as const;
export type How = (typeof HOW)[number];

export const EXPLORE = {
  /** Keys of axes; none: those that explain the most. */
  x: text(),
  y: text(),
  how: oneOf(HOW, 'max'),
  /** Values of other axes at which the map is cut. */
  hold: byName(),
  /** Share of all scores that counts as the best; 1: all. */
  share: oneOf(['0.1', '0.01', '0.001', '1'], '0.01'),
  /** Ranges `a..b` by axis; that of the score stands under the name of the metric. */
  brush: byName(),
  /** Keys of axes from left to right; `-` before one turns it upside down. */
  order: list(),
} as const;
