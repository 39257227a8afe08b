// A second simulator, for tests: written from the rules and not from `simulate.ts`, and as naive as they are. At every bar
// it looks at everything again: the best price since the entry is searched for, levels are computed anew, nothing is
// skipped or remembered. Whatever both say alike has been thought out twice.

import type { TargetBars } from '../bars/carried.ts';
import type { Exits, Setting } from '../simulate/setting.ts';
import { bestBefore, isRealBar, levels, reached, type Side, type SlowPosition } from './slow-levels.ts';

export interface SlowTrade extends SlowPosition {
  readonly exitBar: number;
  readonly exitAtOpen: boolean;
  readonly exitFill: number;
  readonly net: number;
  readonly ret: number;
  readonly locked: number;
  readonly reason: string;
}

export interface SlowResult {
  readonly trades: readonly SlowTrade[];
  readonly equity: readonly number[];
  readonly bust: boolean;
  readonly writtenOff: number;
  readonly ambiguousBars: number;
  readonly possibleTrails: number;
  readonly waitedFills: number;
  readonly carriedClose: boolean;
}

interface Books {
  available: number;
  safe: number;
  position: SlowPosition | null;
  readonly trades: SlowTrade[];
  bust: boolean;
  writtenOff: number;
  ambiguousBars: number;
  possibleTrails: number;
  waitedFills: number;
}

interface Market {
  readonly target: TargetBars;
  readonly signal: Int8Array;
  readonly setting: Setting;
  readonly exits: Exits;
}

export function slowSimulate(target: TargetBars, signal: Int8Array, setting: Setting, exits: Exits): SlowResult {
  const market = { target, signal, setting, exits };
  const books: Books = {
    available: setting.initCash,
    safe: 0,
    position: null,
    trades: [],
    bust: false,
    writtenOff: 0,
    ambiguousBars: 0,
    possibleTrails: 0,
    waitedFills: 0,
  };
  const equity: number[] = [];
  const last = target.time.length - 1;
  let plan: Plan = NOTHING;
  for (let bar = 0; bar <= last; bar += 1) {
    const isReal = isRealBar(target, bar);
    if (setting.fill === 'next_open' && isReal) {
      carryOut(market, books, plan, bar);
      plan = NOTHING;
    }
    if (setting.trigger === 'intrabar' && isReal) stopInside(market, books, bar);
    plan = revise(market, books, plan, bar);
    if (setting.fill === 'close' && isReal) {
      carryOut(market, books, plan, bar);
      plan = NOTHING;
    }
    if (setting.trigger === 'close' && isReal && bar < last) ruinAt(market, books, bar, target.close[bar]);
    if (bar === last && books.position !== null) {
      leave(market, books, { bar, price: target.close[bar], reason: 'forced_close', exitAtOpen: false });
    }
    equity.push(worth(market, books, bar));
  }
  const { trades, bust, writtenOff, ambiguousBars, possibleTrails, waitedFills } = books;
  const carriedClose = trades.at(-1)?.reason === 'forced_close' && !isRealBar(target, last);
  return { trades, equity, bust, writtenOff, ambiguousBars, possibleTrails, waitedFills, carriedClose };
}

/** What is to be done at the next price at which one can trade: leave the position, enter one, or both in this order. */
interface Plan {
  readonly leave: { readonly reason: string; readonly since: number } | null;
  readonly enter: { readonly side: Side; readonly since: number } | null;
}

const NOTHING: Plan = { leave: null, enter: null };

/** The plan after the close of a bar; with next_open the last close has nothing to plan for. */
function revise(market: Market, books: Books, plan: Plan, bar: number): Plan {
  const { target, signal, setting, exits } = market;
  const last = target.time.length - 1;
  const now = signalAt(signal, bar);
  const isEdge = now !== signalAt(signal, bar - 1);
  let { leave: leaving, enter: entering } = plan;
  if (setting.fill === 'close' || bar < last) {
    const { position } = books;
    const rules = (side: Side) => (side === 'long' ? exits.long : exits.short);
    const hasTurned = (side: Side): boolean =>
      rules(side) === null ? now !== side : isEdge && now === (side === 'long' ? 'short' : 'long');
    const stop = position !== null && setting.trigger === 'close' && isRealBar(target, bar);
    const reason = stop ? reached(market, position, bar, target.close[bar]) : null;
    if (reason !== null) leaving = { reason, since: bar };
    if (entering !== null) entering = hasTurned(entering.side) ? null : entering;
    else if (position !== null && leaving === null) {
      const why = whyLeave(market, position, bar, hasTurned(position.side));
      leaving = why === null ? null : { reason: why, since: bar };
    }
  }
  const allowed = now !== 'neutral' && (setting.direction === 'long-short' || setting.direction === `${now}-only`);
  const isFree = entering === null && (books.position === null || leaving !== null);
  if (!allowed || !isEdge || !isFree || bar === last) return { leave: leaving, enter: entering };
  // Back to the side that is still held, after an earlier bar planned to leave it: the target is the position.
  const isBack = leaving !== null && leaving.since < bar && books.position?.side === now;
  return isBack ? NOTHING : { leave: leaving, enter: { side: now, since: bar } };
}

function whyLeave({ setting, exits }: Market, position: SlowPosition, bar: number, hasTurned: boolean): string | null {
  const { side, entryBar } = position;
  const rule = side === 'long' ? exits.long : exits.short;
  const closesSinceFill = setting.fill === 'next_open' ? bar - entryBar + 1 : bar - entryBar;
  if (setting.maxBars !== null && closesSinceFill >= setting.maxBars) return 'max_bars';
  if (rule !== null && bar > entryBar && rule[bar] === 1) return 'exit_rule';
  return hasTurned ? 'signal_exit' : null;
}

/** Fills a plan at the open or close of a real bar. A plan that is filled later than where every bar is real has waited. */
function carryOut(market: Market, books: Books, plan: Plan, bar: number): void {
  const { target, setting } = market;
  const atOpen = setting.fill === 'next_open';
  const price = atOpen ? target.open[bar] : target.close[bar];
  const waited = (since: number): number => Number(since + (atOpen ? 1 : 0) < bar);
  if (plan.leave !== null && books.position !== null) {
    leave(market, books, { bar, price, reason: plan.leave.reason, exitAtOpen: atOpen });
    books.waitedFills += waited(plan.leave.since);
  }
  if (plan.enter === null || books.bust || (!atOpen && bar === target.time.length - 1)) return;
  enter(market, books, { decidedAt: plan.enter.since, bar, price, side: plan.enter.side });
  books.waitedFills += waited(plan.enter.since);
}

function signalAt(signal: Int8Array, bar: number): 'long' | 'short' | 'neutral' {
  if (bar < 0 || signal[bar] === 0) return 'neutral';
  return signal[bar] === 1 ? 'long' : 'short';
}

/** At the open when that is beyond a level, else at a level that low or high reach. */
function stopInside(market: Market, books: Books, bar: number): void {
  const { target, setting } = market;
  const { position } = books;
  if (position === null) return;
  const atOpen = reached(market, position, bar, target.open[bar]);
  if (atOpen !== null) {
    leave(market, books, { bar, price: target.open[bar], reason: atOpen, exitAtOpen: true });
    return;
  }
  const { stop, stopReason, take } = levels(market, position, bar);
  const isLong = position.side === 'long';
  const [low, high] = [target.low[bar], target.high[bar]];
  const stopped = isLong ? low <= stop : high >= stop;
  const taken = isLong ? high >= take : low <= take;
  if (!stopped && isRuin(market, books, position, isLong ? low : high)) {
    if (taken) books.ambiguousBars += 1;
    if (taken && setting.ambiguous === 'tp_first')
      leave(market, books, { bar, price: take, reason: 'tp', exitAtOpen: false });
    else ruinAt(market, books, bar, isLong ? low : high);
    return;
  }
  if (stopped && taken) books.ambiguousBars += 1;
  if (taken && (!stopped || setting.ambiguous === 'tp_first')) {
    leave(market, books, { bar, price: take, reason: 'tp', exitAtOpen: false });
  } else if (stopped) {
    leave(market, books, { bar, price: stop, reason: stopReason, exitAtOpen: false });
  } else {
    trailInside(market, books, position, bar);
  }
}

/** What could be traded with if the position were worth its price, without what is locked away. */
function isRuin({ setting }: Market, { available }: Books, position: SlowPosition, price: number): boolean {
  const { side, amount, entryFill } = position;
  const held = (amount / entryFill) * price;
  const value = side === 'long' ? held : amount + (amount - held);
  return available - amount - amount * (setting.feePct / 100) + value <= 0;
}

/** Ends everything at a price that leaves nothing, once the position has been open for a bar from its start. */
function ruinAt(market: Market, books: Books, bar: number, price: number): void {
  const { position } = books;
  if (position === null || !isRuin(market, books, position, price)) return;
  if (market.setting.fill === 'close' && bar === position.entryBar) return;
  leave(market, books, { bar, price, reason: 'ruin', exitAtOpen: false });
}

/** The bar sets a new best price and comes back to the trailing level below it: surely, if it also closes beyond. */
function trailInside(market: Market, books: Books, position: SlowPosition, bar: number): void {
  const { target, setting } = market;
  if (setting.trail === null) return;
  const isLong = position.side === 'long';
  const extreme = isLong ? target.high[bar] : target.low[bar];
  const before = bestBefore(market, position, bar - 1);
  if (isLong ? extreme <= before : extreme >= before) return;
  const level = extreme * (isLong ? 1 - setting.trail / 100 : 1 + setting.trail / 100);
  const hasReached = (price: number): boolean => (isLong ? price <= level : price >= level);
  if (!hasReached(isLong ? target.low[bar] : target.high[bar])) return;
  const isSure = hasReached(target.close[bar]);
  if (!isSure) books.ambiguousBars += 1;
  if (!isSure) books.possibleTrails += 1;
  if (isSure || setting.ambiguous === 'trail_hit') {
    leave(market, books, { bar, price: level, reason: 'trail', exitAtOpen: false });
  }
}

interface Entry {
  readonly decidedAt: number;
  readonly bar: number;
  readonly price: number;
  readonly side: Side;
}

function enter({ setting }: Market, books: Books, { decidedAt, bar, price, side }: Entry): void {
  if (books.bust) return;
  const { sizing, fixedQuote, equityPercent, slippagePct } = setting;
  const amounts: Record<Setting['sizing'], number> = {
    all_in: books.available,
    strategy_compound: books.available,
    strategy_compound_profit_lock: books.available,
    fixed_quote: Math.min(books.available, fixedQuote),
    percent_of_equity: (books.available * equityPercent) / 100,
  };
  const entryFill = price * (side === 'long' ? 1 + slippagePct / 100 : 1 - slippagePct / 100);
  books.position = { side, decidedAt, entryBar: bar, entryFill, amount: amounts[sizing] };
}

interface Leave {
  readonly bar: number;
  readonly price: number;
  readonly reason: string;
  readonly exitAtOpen: boolean;
}

function leave({ setting }: Market, books: Books, { bar, price, reason, exitAtOpen }: Leave): void {
  const { position } = books;
  if (position === null) throw new Error('there is no position to leave');
  const { side, entryFill, amount } = position;
  const f = setting.feePct / 100;
  const exitFill = price * (side === 'long' ? 1 - setting.slippagePct / 100 : 1 + setting.slippagePct / 100);
  const r = exitFill / entryFill;
  const ret = side === 'long' ? r * (1 - f) - 1 - f : 1 - f - r * (1 + f);
  const net = amount * ret;
  const locks = setting.sizing === 'strategy_compound_profit_lock' && net > 0;
  const locked = locks ? (net * setting.safeProfitPercent) / 100 : 0;
  books.available = books.available + net;
  books.available = books.available - locked;
  books.safe = books.safe + locked;
  if (books.available <= 0 || reason === 'ruin') {
    books.bust = true;
    books.writtenOff = Math.max(0, -books.available);
    books.available = 0;
  }
  books.trades.push({ ...position, exitBar: bar, exitAtOpen, exitFill, net, ret, locked, reason });
  books.position = null;
}

function worth({ target, setting }: Market, { position, available, safe }: Books, bar: number): number {
  if (position === null) return available + safe;
  const { side, amount, entryFill } = position;
  const held = (amount / entryFill) * target.close[bar];
  const value = side === 'long' ? held : amount + (amount - held);
  return available - amount - amount * (setting.feePct / 100) + safe + value;
}
