// Runs and their money by the kernels of WebAssembly: what `followSignal`, `returnsOf` and `settle` do, in one pass, over
// columns in the memory of the kernels.

import type { Arena } from '../columns/arena.ts';
import type { Setting } from '../simulate/setting.ts';
import type { Balance } from './balance.ts';
import { LONG, SHORT, type Fills } from './fills.ts';
import type { Runs, Signal } from './runs.ts';

export interface KernelRuns {
  /** Finds the runs. */
  readonly findRuns: (signal: Signal) => void;
  /** Finds the runs and settles the balance, which puts everything in each. */
  readonly trade: (signal: Signal) => void;
}

/** Where the columns of a variant are. */
interface Columns {
  readonly runs: Runs;
  readonly fills: Fills;
  readonly ret: Float64Array;
  readonly balance: Balance;
  readonly setting: Setting;
}

/** Null where there are no kernels. */
export function openKernelRuns(columns: Columns, arena: Arena): KernelRuns | null {
  const kernels = arena.kernels();
  if (kernels === null) return null;
  const { runs, balance } = columns;
  const count = arena.ints(1);
  const frame = frameOf(columns, count, arena);
  return {
    findRuns({ long, short, direction, hasShortRule, bars }) {
      const [up, upToo] = [long.outer.byteOffset, long.inner.byteOffset];
      const [down, downToo] = [short.outer.byteOffset, short.inner.byteOffset];
      if (direction === 'short-only') kernels.followOne(down, downToo, up, upToo, SHORT, bars, frame);
      else if (!hasShortRule) kernels.followOne(up, upToo, 0, 0, LONG, bars, frame);
      else if (direction === 'long-only') kernels.followOne(up, upToo, down, downToo, LONG, bars, frame);
      else kernels.followBoth(up, upToo, down, downToo, bars, frame);
      runs.count = count[0];
    },
    trade({ long, short, direction, hasShortRule, bars }) {
      const [up, upToo] = [long.outer.byteOffset, long.inner.byteOffset];
      const [down, downToo] = [short.outer.byteOffset, short.inner.byteOffset];
      let available = 0;
      if (direction === 'short-only') available = kernels.tradeOne(down, downToo, up, upToo, SHORT, bars, frame);
      else if (!hasShortRule) available = kernels.tradeOne(up, upToo, 0, 0, LONG, bars, frame);
      else if (direction === 'long-only') available = kernels.tradeOne(up, upToo, down, downToo, LONG, bars, frame);
      else available = kernels.tradeBoth(up, upToo, down, downToo, bars, frame);
      runs.count = count[0];
      balance.safe = 0;
      balance.bust = available <= 0;
      balance.available = balance.bust ? 0 : available;
      balance.count = runs.count;
    },
  };
}

/** As `Frame` in assembly/kernels.ts. */
function frameOf({ runs, fills, ret, balance, setting }: Columns, count: Int32Array, arena: Arena): number {
  const frame = arena.floats(5);
  const addresses = [runs.entry, runs.exit, fills.prices, fills.factor, ret, balance.net, count].map(addressOf);
  new Uint32Array(frame.buffer, frame.byteOffset, addresses.length).set(addresses);
  frame[4] = setting.initCash;
  return frame.byteOffset;
}

function addressOf({ byteOffset }: ArrayBufferView): number {
  return byteOffset;
}
