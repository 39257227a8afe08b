// Finds runs and settles their balance with the WebAssembly kernels, which do in one pass what `findRuns`,
// `writeReturns` and `settle` do, over columns in their own memory.

import type { Arena } from '../columns/arena.ts';
import type { Setting } from '../simulate/setting.ts';
import type { Balance } from './balance.ts';
import { LONG, SHORT, type Fills } from './fills.ts';
import type { Runs, Signal } from './runs.ts';

export interface KernelRuns {
  /** Finds the runs. */
  readonly findRuns: (signal: Signal) => void;
  /** Finds the runs, writes their returns, and settles a balance that puts all it has in each trade. */
  readonly trade: (signal: Signal) => void;
}

/** The columns of a variant, all in the memory of the kernels. */
interface Columns {
  readonly runs: Runs;
  readonly fills: Fills;
  readonly ret: Float64Array;
  readonly balance: Balance;
  readonly setting: Setting;
}

/** Opens the kernels over the columns of a variant; null where there are no kernels. */
export function openKernelRuns(columns: Columns, arena: Arena): KernelRuns | null {
  const kernels = arena.kernels();
  if (kernels === null) return null;
  const { runs, balance } = columns;
  const count = arena.ints(1);
  const frame = frameOf(columns, count, arena);
  return {
    findRuns({ long, short, direction, hasShortRule, bars }) {
      const [longOuter, longInner] = [long.outer.byteOffset, long.inner.byteOffset];
      const [shortOuter, shortInner] = [short.outer.byteOffset, short.inner.byteOffset];
      if (direction === 'short-only')
        kernels.followOne(shortOuter, shortInner, longOuter, longInner, SHORT, bars, frame);
      else if (!hasShortRule) kernels.followOne(longOuter, longInner, 0, 0, LONG, bars, frame);
      else if (direction === 'long-only')
        kernels.followOne(longOuter, longInner, shortOuter, shortInner, LONG, bars, frame);
      else kernels.followBoth(longOuter, longInner, shortOuter, shortInner, bars, frame);
      runs.count = count[0];
    },
    trade({ long, short, direction, hasShortRule, bars }) {
      const [longOuter, longInner] = [long.outer.byteOffset, long.inner.byteOffset];
      const [shortOuter, shortInner] = [short.outer.byteOffset, short.inner.byteOffset];
      let available = 0;
      if (direction === 'short-only')
        available = kernels.tradeOne(shortOuter, shortInner, longOuter, longInner, SHORT, bars, frame);
      else if (!hasShortRule) available = kernels.tradeOne(longOuter, longInner, 0, 0, LONG, bars, frame);
      else if (direction === 'long-only')
        available = kernels.tradeOne(longOuter, longInner, shortOuter, shortInner, LONG, bars, frame);
      else available = kernels.tradeBoth(longOuter, longInner, shortOuter, shortInner, bars, frame);
      runs.count = count[0];
      balance.safe = 0;
      balance.ruinBar = -1;
      balance.bust = available <= 0;
      balance.available = balance.bust ? 0 : available;
      balance.count = runs.count;
    },
  };
}

/** Writes the `Frame` of assembly/kernels.ts, seven addresses and the cash, and returns its address. */
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
