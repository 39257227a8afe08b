// A market in which the past says nothing: the bars of the real one in a seeded random order. Every move is there and so is
// the drift; their order, and with it all memory, is gone. Number 0 is the real market, rebuilt from its moves like the
// others, so that both sides of a comparison are rounded alike.

import type { Candles } from '../bars/candles.ts';
import { foldCount } from '../bars/folds.ts';
import { inSample, type Prepared } from '../prepare.ts';
import { identityOrder, seededOrder, unpermutable, type BarOrder, type Permutable } from './order.ts';
import { luckPlan } from './plan.ts';
import { marketSeeds } from './seeds.ts';
import { firstsOfSessions } from './sessions.ts';

/** Returns why the markets of a spec cannot be permuted; null: they can. */
export function permutingProblem(whole: Prepared): string | null {
  return unpermutable(permutableOf(permutedPart(whole)));
}

/**
 * Opens the permuted markets of a spec, by number: of its searched part, or of the whole target slice where all folds of a
 * walk are searched. Of a market only the best is kept. It is valid until the next one is asked for, which takes its columns.
 */
export function openMarkets(whole: Prepared): (permutation: number) => Prepared {
  const part = permutedPart(whole);
  const { candles, first, carried } = part.timeline;
  const permutable = permutableOf(part);
  const into = emptyLike(candles);
  const marks = carried === null ? null : new Uint8Array(carried.length);
  const plan = luckPlan(whole.spec, whole.grid);
  const spec = plan === null ? part.spec : { ...part.spec, preselect: plan.shortlist, top_k: 1 };
  return (permutation) => {
    const { bars } = permutable;
    const order =
      permutation === 0 ? identityOrder(bars) : seededOrder(permutable, marketSeeds(whole.spec, permutation));
    rebuild(candles, order, into);
    marks?.forEach((_, bar) => {
      marks[bar] = carried?.[order.bars[first + bar] - first] ?? 0;
    });
    return { ...part, spec, timeline: { ...part.timeline, candles: into, carried: marks } };
  };
}

/** Returns what the search of a fold sees of a permuted market. */
export function searchedPart(market: Prepared, fold: number): Prepared {
  return market.spec.luck?.walk ? inSample(market, fold) : market;
}

/** Returns the bars that are permuted, with the warm-up before them. */
function permutedPart(whole: Prepared): Prepared {
  return whole.spec.luck?.walk ? whole : inSample(whole, foldCount(whole.spec) - 1);
}

function permutableOf({ spec, timeline }: Prepared): Permutable {
  const { candles, first, carried } = timeline;
  return {
    bars: candles.time.length,
    first,
    carried,
    firsts: firstsOfSessions(spec, timeline),
    blocks: spec.luck?.blocks ?? null,
  };
}

function emptyLike({ time }: Candles): Candles {
  const column = (): Float64Array => new Float64Array(time.length);
  return { time, open: column(), high: column(), low: column(), close: column(), volume: column() };
}

/** Writes the bars in an order, each from the close before it; bar 0 is that of the real market. */
function rebuild(real: Candles, { bars, gaps }: BarOrder, into: Candles): void {
  const { open, high, low, close, volume } = real;
  let before = 0;
  for (let place = 0; place < bars.length; place += 1) {
    const bar = bars[place];
    const gap = gaps[place];
    // Ratios and products keep the order of prices, rounded or not: a high stays the highest of its bar.
    const opens = place === 0 ? open[0] : before * (open[gap] / close[gap - 1]);
    into.open[place] = opens;
    into.high[place] = opens * (high[bar] / open[bar]);
    into.low[place] = opens * (low[bar] / open[bar]);
    before = opens * (close[bar] / open[bar]);
    into.close[place] = before;
    into.volume[place] = volume[bar];
  }
}
