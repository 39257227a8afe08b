// The luck test of a search: the same search on the real market, rebuilt, and on permuted ones, as many at once as the pool
// has threads. They end in any order and are kept in that of their numbers.

import { permutingProblem } from '../markets/permuted-market.ts';
import { luckPlan, type Plan } from '../markets/plan.ts';
import type { Prepared } from '../prepare.ts';
import type { Pool } from '../scoring/pool.ts';
import type { LuckState } from '../scoring/state.ts';
import { countAsGood, pValue } from './p-value.ts';
import type { Permuted } from './permuted.ts';
import { drawBases, searchMarket, type Found } from './search-market.ts';

/** The state of a test that has not begun. */
export const NO_MARKETS: LuckState = { next: 0, variant: null, bests: [], sharpes: [] };

export interface LuckStep {
  readonly luck: LuckState;
  /** Units done, those of markets that ended before their turn among them. */
  readonly units: number;
}

type MarketPool = Required<Pick<Pool, 'size' | 'score' | 'chunk'>> & Pick<Pool, 'markets'>;

/** Searches what is left of the markets of a plan; yields after each chunk. */
export async function* searchMarkets(
  whole: Prepared,
  plan: Plan,
  pool: MarketPool,
  from: LuckState,
): AsyncGenerator<LuckStep, LuckState> {
  if (permutingProblem(whole) !== null) return from;
  let luck = from;
  const bases = yield* drawBases(whole, plan, () => ({ luck, units: luck.next * plan.unitsOfMarket }));
  const { markets: lanes = 1 } = pool;
  const search = { whole, plan, bases, pool: { ...pool, size: Math.ceil(pool.size / lanes) } };
  const open = new Map<number, { units: number; found: Found | null }>(); // begun and not in `luck`
  const begin = (market: number): AsyncGenerator<number, Found> => {
    open.set(market, { units: 0, found: null });
    return searchMarket(search, market);
  };
  for await (const { market, said } of inLanes({ next: luck.next, end: 1 + plan.permutations, lanes }, begin)) {
    const its = open.get(market);
    if (its === undefined) throw new RangeError(`permuted market ${market} has ended before`);
    its.units = said.done ? plan.unitsOfMarket : its.units + said.value;
    its.found = said.done ? said.value : null;
    for (let next = open.get(luck.next); next?.found; next = open.get(luck.next)) {
      open.delete(luck.next);
      const { best, sharpe } = next.found;
      const variant = luck.next === 0 ? next.found.variant : luck.variant;
      luck = { next: luck.next + 1, variant, bests: [...luck.bests, best], sharpes: [...luck.sharpes, sharpe] };
    }
    const early = [...open.values()].reduce((sum, { units }) => sum + units, 0);
    yield { luck, units: luck.next * plan.unitsOfMarket + early };
  }
  return luck;
}

/** Runs the markets from `next` on, so many at a time, and tells what each says when it says it. */
async function* inLanes<T, R>(
  { next, end, lanes }: { readonly next: number; readonly end: number; readonly lanes: number },
  begin: (market: number) => AsyncGenerator<T, R>,
): AsyncGenerator<{ readonly market: number; readonly said: IteratorResult<T, R> }, void> {
  const waiting = new Map<
    number,
    Promise<{ market: number; steps: AsyncGenerator<T, R>; said: IteratorResult<T, R> }>
  >();
  const ask = (market: number, steps: AsyncGenerator<T, R>): void => {
    const answer = steps.next().then((said) => ({ market, steps, said }));
    answer.catch(() => {}); // heard when it is waited for, and never if the caller has left
    waiting.set(market, answer);
  };
  let begun = next;
  for (; begun < Math.min(end, next + lanes); begun += 1) ask(begun, begin(begun));
  while (waiting.size > 0) {
    const { market, steps, said } = await Promise.race(waiting.values());
    waiting.delete(market);
    if (!said.done) ask(market, steps);
    else if (begun < end) {
      ask(begun, begin(begun));
      begun += 1;
    }
    yield { market, said };
  }
}

/** What the test has found, as far as it has come; null: the spec asks for none. */
export function permutedOf(whole: Prepared, luck: LuckState | null): Permuted | null {
  const plan = luckPlan(whole.spec, whole.grid);
  if (plan === null || luck === null) return null;
  const [best = null, ...bests] = luck.bests;
  const [best_sharpe_daily = null, ...sharpes] = luck.sharpes;
  const as_good = countAsGood(whole.spec.ranking, best, bests);
  const reason = permutingProblem(whole) ?? whyNone(luck, best);
  return {
    done: bests.length,
    asked: plan.permutations,
    variants: plan.variants,
    grid_variants: plan.gridVariants,
    blocks: plan.blocks,
    walk: plan.walk,
    p: reason === null ? pValue(as_good, bests.length) : null,
    as_good,
    best,
    best_sharpe_daily,
    best_variant: luck.variant,
    bests,
    sharpes,
    reason,
  };
}

function whyNone({ next }: LuckState, best: Permuted['best']): string | null {
  if (next > 0 && best === null) return 'the search ranked no variant on the real market';
  return next > 1 ? null : 'no permuted market was searched';
}
