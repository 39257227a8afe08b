// The trades that stops and exit rules make where orders wait for a market: an order may be taken back within a wait, so
// the end of a position depends on the edges after it. The reference makes these trades, bar by bar.

import type { TargetBars } from '../bars/carried.ts';
import type { Bits } from '../columns/bits.ts';
import { openBuffers, type Exits, type Risk, type Setting } from '../simulate/setting.ts';
import { simulate } from '../simulate/simulate.ts';
import type { ExitBits } from './exit-rules.ts';
import type { Runs, Signal } from './runs.ts';
import { keyOfFill, type Ends } from './stops.ts';

/** The columns of the trades of a variant. */
interface Columns {
  readonly runs: Runs;
  readonly ends: Ends;
}

/** Opens the simulation of one base at a time; it writes the runs of its trades and their ends. */
export function openSimulated(target: TargetBars, setting: Setting, { runs, ends }: Columns) {
  const bars = target.time.length;
  const delay = setting.fill === 'next_open' ? 1 : 0;
  const buffers = openBuffers(bars);
  const signal = new Int8Array(bars);
  let exits: Exits = { long: null, short: null };
  return {
    /** Reads the bits of a base. */
    read({ long, short }: Signal, rules: ExitBits): void {
      for (let bar = 0; bar < bars; bar += 1) {
        const word = bar >>> 5;
        const longs = ((long.outer[word] & long.inner[word]) >>> (bar & 31)) & 1;
        const shorts = ((short.outer[word] & short.inner[word]) >>> (bar & 31)) & 1;
        signal[bar] = longs - shorts;
      }
      exits = { long: bytesOf(rules.long, bars), short: bytesOf(rules.short, bars) };
    },
    /** Trades under a risk setting. Returns whether it went bust. */
    trade(risk: Risk): boolean {
      const { trades, bust } = simulate(target, signal, { ...setting, ...risk }, exits, buffers);
      for (let trade = 0; trade < trades.count; trade += 1) {
        runs.entry[trade] = 2 * (trades.entryBar[trade] - delay) + Number(trades.side[trade] < 0);
        ends.key[trade] = keyOfFill(trades.exitBar[trade]);
      }
      ends.ret.set(trades.ret.subarray(0, trades.count));
      runs.count = trades.count;
      return bust;
    },
  };
}

function bytesOf(bits: Bits | null, bars: number): Uint8Array | null {
  return bits && Uint8Array.from({ length: bars }, (_, bar) => (bits[bar >>> 5] >>> (bar & 31)) & 1);
}
