// Names what a variant did: variants with equal trades have equal hashes, whatever parameters they came from. Of a hundred
// variants that a search keeps, often a dozen differ.

import { sha256 } from '../identity/sha256.ts';
import type { Trades } from '../simulate/trades.ts';

const COLUMNS = 3;
const HEX_DIGITS = 32;

/**
 * Returns 32 hex digits over bars, sides and exit prices. The entry price and the amount follow from them, because all
 * variants of a search trade the same bars with the same costs and sizing.
 */
export function tradesHash({ count, side, entryBar, exitBar, exitFill }: Trades): string {
  const bytes = new Uint8Array(8 * COLUMNS * count);
  const view = new DataView(bytes.buffer);
  for (let trade = 0; trade < count; trade += 1) {
    const at = 8 * COLUMNS * trade;
    view.setFloat64(at, side[trade] * (entryBar[trade] + 1), true); // a short trade on bar 0 differs from a long one
    view.setFloat64(at + 8, exitBar[trade], true);
    view.setFloat64(at + 16, exitFill[trade], true);
  }
  return sha256(bytes).slice(0, HEX_DIGITS);
}
