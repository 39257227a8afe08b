// The money and the one position it may hold: what a fill costs, what a trade brings, what all is worth at a close.
// The arithmetic and its order are normative: no reciprocal, no rearrangement, or scores differ in their last bits.

import type { TargetBars } from '../bars/carried.ts';
import type { Exits, Buffers, Setting, Simulation } from './setting.ts';
import { beginTrade, endTrade, FORCED_CLOSE, NO_EXIT, RUIN, SL, TRAIL, type Trades } from './trades.ts';

/** What waits to be filled: to leave the position, to enter one, or both, one after the other. */
export interface Orders {
  pending: boolean;
  /** Why the position is to end; NO_EXIT if it is not. */
  reason: number;
  /** The bar whose close decided the exit. */
  exitBar: number;
  /** The side to enter, 0 for none, and the bar whose close decided it. */
  entry: number;
  entryBar: number;
}

/** Fee, slippage and stops are fractions; a stop that is off is infinite. The position's fields count while side is not 0. */
export interface Account {
  readonly setting: Setting;
  readonly trades: Trades;
  readonly equity: Float64Array;
  readonly close: Float64Array;
  /** 1 where a bar had no market; null where every bar had one. */
  readonly carried: Uint8Array | null;
  /** What can trip a stop. To a trigger that looks at closes only, a bar has no extent. */
  readonly opens: Float64Array;
  readonly lows: Float64Array;
  readonly highs: Float64Array;
  readonly intrabar: boolean;
  readonly fee: number;
  readonly slip: number;
  readonly stops: boolean;
  readonly trails: boolean;
  readonly sl: number;
  readonly tp: number;
  readonly trail: number;
  readonly exits: Exits;
  readonly orders: Orders;
  available: number;
  safe: number;
  side: number;
  entryFill: number;
  amount: number;
  entryBar: number;
  /** The bar at whose close the position's time is over. */
  lastBar: number;
  exitRule: Uint8Array | null;
  /** The best price since the entry fill, of the bars that were followed. */
  peak: number;
  /** The nearer of stop-loss and trailing stop, and which of them it is. */
  stopLevel: number;
  stopReason: number;
  takeLevel: number;
  /** The first bar that is open from its start to its close: from here on stops and ruin are watched. */
  watchedFrom: number;
  /** A price before which ruin is impossible; about there `isRuinedAt` decides. */
  ruinLevel: number;
  /** Equity is written for the bars before this one. */
  valued: number;
  bust: boolean;
  writtenOff: number;
  ambiguousBars: number;
  possibleTrails: number;
  /** Fills that came later than they would have if every bar had a market. */
  waitedFills: number;
  /** Whether the forced close had no market. */
  carriedClose: boolean;
  /** Whether an order was taken back because a later one led to the position as it was; compare `Simulation.ruled`. */
  netted: boolean;
}

const NO_RULES: Exits = { long: null, short: null };

export function openAccount(target: TargetBars, setting: Setting, exits: Exits | null, buffers: Buffers): Account {
  const { equity, trades } = buffers;
  const intrabar = setting.trigger === 'intrabar';
  trades.count = 0;
  return {
    setting,
    trades,
    equity,
    close: target.close,
    carried: target.carried ?? null,
    opens: intrabar ? target.open : target.close,
    lows: intrabar ? target.low : target.close,
    highs: intrabar ? target.high : target.close,
    intrabar,
    fee: setting.feePct / 100,
    slip: setting.slippagePct / 100,
    stops: setting.sl !== null || setting.tp !== null || setting.trail !== null,
    trails: setting.trail !== null,
    sl: fraction(setting.sl),
    tp: fraction(setting.tp),
    trail: fraction(setting.trail),
    exits: exits ?? NO_RULES,
    orders: { pending: false, reason: NO_EXIT, exitBar: 0, entry: 0, entryBar: 0 },
    available: setting.initCash,
    safe: 0,
    side: 0,
    entryFill: 0,
    amount: 0,
    entryBar: 0,
    lastBar: Infinity,
    exitRule: null,
    peak: 0,
    stopLevel: 0,
    stopReason: SL,
    takeLevel: 0,
    watchedFrom: 0,
    ruinLevel: 0,
    valued: 0,
    bust: false,
    writtenOff: 0,
    ambiguousBars: 0,
    possibleTrails: 0,
    waitedFills: 0,
    carriedClose: false,
    netted: false,
  };
}

function fraction(percent: number | null): number {
  return percent === null ? Infinity : percent / 100;
}

/** What the account has become, with the equity of all bars. */
export function closeAccount(account: Account): Simulation {
  writeEquity(account, account.close.length);
  const { trades, equity, available, safe, setting, exits } = account;
  const { bust, writtenOff, ambiguousBars, possibleTrails, waitedFills, carriedClose } = account;
  const { direction } = setting;
  const ruled =
    account.netted ||
    (exits.long !== null && direction !== 'short-only') ||
    (exits.short !== null && direction !== 'long-only');
  const caveats = { bust, writtenOff, ambiguousBars, possibleTrails, waitedFills, carriedClose };
  return { trades, equity, finalEquity: available + safe, ...caveats, ruled, setting };
}

/** Where a position is opened. */
interface Entry {
  readonly bar: number;
  readonly price: number;
  readonly side: number;
}

/** Opens a position, unless there is nothing left to trade with. all_in borrows its entry fee. */
export function enter(account: Account, signalBar: number, { bar, price, side }: Entry): void {
  if (account.bust) return;
  writeEquity(account, bar);
  const { setting, exits } = account;
  const entryFill = fillPrice(price, side > 0, account.slip);
  const amount = entryAmount(setting, account.available);
  const firstClose = setting.fill === 'next_open' ? bar : bar + 1;
  account.side = side;
  account.entryFill = entryFill;
  account.amount = amount;
  account.entryBar = bar;
  account.lastBar = setting.maxBars === null ? Infinity : firstClose + setting.maxBars - 1;
  account.exitRule = side > 0 ? exits.long : exits.short;
  account.peak = entryFill;
  placeStop(account);
  account.takeLevel = entryFill * (1 + side * account.tp);
  account.watchedFrom = firstClose;
  account.ruinLevel = ruinLevelOf(account);
  beginTrade(account.trades, { side, signalBar, entryBar: bar, entryFill, amount });
}

/** Ends the trade, locks a part of a profit away if the sizing says so, and goes bust if nothing is left. */
export function exit(account: Account, bar: number, price: number, reason: number, atOpen: boolean): void {
  writeEquity(account, bar);
  const { side, fee, amount, setting } = account;
  const exitFill = fillPrice(price, side < 0, account.slip);
  const ratio = exitFill / account.entryFill;
  const ret = side > 0 ? ratio * (1 - fee) - 1 - fee : 1 - fee - ratio * (1 + fee);
  const net = amount * ret;
  account.available += net;
  let locked = 0;
  if (setting.sizing === 'strategy_compound_profit_lock' && net > 0) {
    locked = (net * setting.safeProfitPercent) / 100;
    account.available -= locked;
    account.safe += locked;
  }
  if (account.available <= 0 || reason === RUIN) {
    account.bust = true;
    account.writtenOff = Math.max(0, 0 - account.available);
    account.available = 0;
  }
  account.side = 0;
  account.carriedClose = reason === FORCED_CLOSE && account.carried !== null && account.carried[bar] === 1;
  endTrade(account.trades, { exitBar: bar, exitAtOpen: atOpen, exitFill, net, ret, locked, reason });
}

/** Lets a trailing stop follow a bar that the position has come through: its best price counts from the next bar on. */
export function trailStop(account: Account, bar: number): void {
  const { side, highs, lows, peak } = account;
  if (side === 0 || !(side > 0 ? highs[bar] > peak : lows[bar] < peak)) return;
  account.peak = side > 0 ? highs[bar] : lows[bar];
  placeStop(account);
}

function placeStop(account: Account): void {
  const { side, entryFill, peak, sl, trail } = account;
  const fixed = entryFill * (1 - side * sl);
  const trailing = peak * (1 - side * trail);
  const nearer = side > 0 ? trailing > fixed : trailing < fixed;
  account.stopLevel = nearer ? trailing : fixed;
  account.stopReason = nearer ? TRAIL : SL;
}

/**
 * Whether a price leaves the position nothing: what is available, less the amount and its fee, with the worth of the position.
 * Money that the profit lock has put away is not at stake, and does not count.
 */
export function isRuinedAt({ side, available, amount, entryFill, fee }: Account, price: number): boolean {
  const value = (amount / entryFill) * price;
  return available - amount - amount * fee + (side > 0 ? value : amount + (amount - value)) <= 0;
}

/**
 * A price at which `isRuinedAt` is still false, within a billionth of where it becomes true: `available + amount * (r - 1 - fee)`
 * of a long and `available + amount * (1 - fee - r)` of a short is 0 there, with r the ratio of the price to the entry fill.
 */
function ruinLevelOf({ side, available, amount, entryFill, fee }: Account): number {
  const cover = available / amount;
  return side > 0
    ? entryFill * (1 + fee - cover) * (1 + 1e-9) + entryFill * 1e-12
    : entryFill * (cover + 1 - fee) * (1 - 1e-9);
}

/** Every fill slips against the trader, that of a stop too. */
function fillPrice(price: number, buy: boolean, slip: number): number {
  return buy ? price * (1 + slip) : price * (1 - slip);
}

/** Quote committed to a trade that begins with so much at hand. */
export function entryAmount({ sizing, fixedQuote, equityPercent }: Setting, available: number): number {
  if (sizing === 'fixed_quote') return Math.min(available, fixedQuote);
  if (sizing === 'percent_of_equity') return (available * equityPercent) / 100;
  return available;
}

/** Writes equity for the bars before `end`. Called before the position changes, so they all closed with it as it is. */
function writeEquity(account: Account, end: number): void {
  const { equity, close, side, available, safe, amount, entryFill, fee } = account;
  // A loop even where `fill` would do: its call costs more than these few bars.
  if (side === 0) {
    const cash = available + safe;
    for (let bar = account.valued; bar < end; bar += 1) equity[bar] = cash;
  } else {
    const idle = available - amount - amount * fee + safe;
    const quantity = amount / entryFill;
    for (let bar = account.valued; bar < end; bar += 1) {
      const value = quantity * close[bar];
      equity[bar] = idle + (side > 0 ? value : amount + (amount - value)); // the margin of a short is its amount
    }
  }
  account.valued = end;
}
