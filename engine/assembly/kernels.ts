// The innermost loops in AssemblyScript, over columns in a linear memory. Each returns what its TypeScript counterpart
// returns, to the last bit. Addresses are in bytes. Bits are read in words of 64, so bitsets are padded to a multiple
// of 8 bytes.

/** Writes for each bar whether a < b; `out` has a word of 64 bits for each 64 bars begun. */
export function less(a: usize, b: usize, bars: i32, out: usize): void {
  pack(a, b, bars, out, false);
}

/** Writes for each bar whether a <= b. */
export function lessOrEqual(a: usize, b: usize, bars: i32, out: usize): void {
  pack(a, b, bars, out, true);
}

@inline
function pack(a: usize, b: usize, bars: i32, out: usize, orEqual: bool): void {
  const whole = bars & ~15;
  for (let bar = 0; bar < whole; bar += 16) {
    const at = (<usize>bar) << 3;
    const m0 = compared(v128.load(a + at), v128.load(b + at), orEqual);
    const m1 = compared(v128.load(a + at, 16), v128.load(b + at, 16), orEqual);
    const m2 = compared(v128.load(a + at, 32), v128.load(b + at, 32), orEqual);
    const m3 = compared(v128.load(a + at, 48), v128.load(b + at, 48), orEqual);
    const m4 = compared(v128.load(a + at, 64), v128.load(b + at, 64), orEqual);
    const m5 = compared(v128.load(a + at, 80), v128.load(b + at, 80), orEqual);
    const m6 = compared(v128.load(a + at, 96), v128.load(b + at, 96), orEqual);
    const m7 = compared(v128.load(a + at, 112), v128.load(b + at, 112), orEqual);
    store<u16>(out + ((<usize>bar) >> 3), <u16>packed(m0, m1, m2, m3, m4, m5, m6, m7));
  }
  let bits: u32 = 0;
  for (let bar = whole; bar < bars; bar += 1) {
    const at = (<usize>bar) << 3;
    const x = load<f64>(a + at);
    const y = load<f64>(b + at);
    bits |= u32(orEqual ? x <= y : x < y) << (bar & 15);
  }
  finish(out, whole, bars, bits);
}

/** Returns lanes with all bits set where the comparison holds. */
@inline
function compared(x: v128, y: v128, orEqual: bool): v128 {
  return orEqual ? f64x2.le(x, y) : f64x2.lt(x, y);
}

/** Writes a and b over `bytes` bytes; the bytes after a bitset, up to a multiple of 16, are 0. */
export function and(a: usize, b: usize, bytes: i32, out: usize): void {
  for (let at: usize = 0; at < <usize>bytes; at += 16) {
    v128.store(out + at, v128.and(v128.load(a + at), v128.load(b + at)));
  }
}

/** Returns one bit for each of the sixteen lanes of eight comparisons. */
@inline
function packed(m0: v128, m1: v128, m2: v128, m3: v128, m4: v128, m5: v128, m6: v128, m7: v128): i32 {
  const p0 = v128.shuffle<i32>(m0, m1, 0, 2, 4, 6);
  const p1 = v128.shuffle<i32>(m2, m3, 0, 2, 4, 6);
  const p2 = v128.shuffle<i32>(m4, m5, 0, 2, 4, 6);
  const p3 = v128.shuffle<i32>(m6, m7, 0, 2, 4, 6);
  const low = i16x8.narrow_i32x4_s(p0, p1);
  const high = i16x8.narrow_i32x4_s(p2, p3);
  return i8x16.bitmask(i8x16.narrow_i16x8_s(low, high));
}

/** Writes the bits of the last bars, and zeros up to the end of their word. */
@inline
function finish(out: usize, whole: i32, bars: i32, bits: u32): void {
  let at = out + ((<usize>whole) >> 3);
  const end = out + ((<usize>(bars + 63) >> 6) << 3);
  if (at < end) {
    store<u16>(at, <u16>bits);
    for (at += 2; at < end; at += 2) store<u16>(at, 0);
  }
}

/** Writes the mean of the last `window` values: `mean` of windows.ts, with two anchors in the lanes of one vector. */
export function mean(x: usize, window: i32, bars: i32, out: usize): void {
  const head = min(window - 1, bars);
  for (let bar = 0; bar < head; bar += 1) store<f64>(out + ((<usize>bar) << 3), NaN);
  const size = (<usize>window) << 3;
  const divisor = f64x2.splat(<f64>window);
  let anchor = window - 1;
  // Four anchors at once, because each sum waits for its last addition and four waits take no longer than one.
  for (; anchor + 4 * window <= bars; anchor += 4 * window) {
    const x0 = x + ((<usize>anchor) << 3);
    const o0 = out + ((<usize>anchor) << 3);
    const baseA = f64x2(load<f64>(x0), load<f64>(x0 + size));
    const baseB = f64x2(load<f64>(x0 + 2 * size), load<f64>(x0 + 3 * size));
    let sumA = f64x2.splat(0);
    let sumB = sumA;
    let from = x0;
    let to = o0 + size - 8;
    for (; to >= o0; from -= 8, to -= 8) {
      sumA = f64x2.add(sumA, f64x2.sub(pair(from, size), baseA));
      sumB = f64x2.add(sumB, f64x2.sub(pair(from + 2 * size, size), baseB));
      unpair(to, size, sumA);
      unpair(to + 2 * size, size, sumB);
    }
    sumA = f64x2.splat(0);
    sumB = sumA;
    from = x0;
    to = o0;
    for (const end = o0 + size; to < end; from += 8, to += 8) {
      sumA = f64x2.add(sumA, f64x2.sub(pair(from, size), baseA));
      sumB = f64x2.add(sumB, f64x2.sub(pair(from + 2 * size, size), baseB));
      unpair(to, size, f64x2.add(baseA, f64x2.div(f64x2.add(pair(to, size), sumA), divisor)));
      unpair(
        to + 2 * size,
        size,
        f64x2.add(baseB, f64x2.div(f64x2.add(pair(to + 2 * size, size), sumB), divisor)),
      );
    }
  }
  for (; anchor < bars; anchor += window) {
    const base = load<f64>(x + ((<usize>anchor) << 3));
    const end = min(anchor + window, bars);
    let sum = 0.0;
    let last = anchor + window - 1;
    for (let back = 0; back < window; back += 1, last -= 1) {
      sum += load<f64>(x + ((<usize>(anchor - back)) << 3)) - base;
      if (last < end) store<f64>(out + ((<usize>last) << 3), sum);
    }
    sum = 0.0;
    for (let bar = anchor; bar < end; bar += 1) {
      const at = (<usize>bar) << 3;
      sum += load<f64>(x + at) - base;
      store<f64>(out + at, base + (load<f64>(out + at) + sum) / <f64>window);
    }
  }
}

/** Loads two values, `apart` bytes from each other, as one vector. */
@inline
function pair(at: usize, apart: usize): v128 {
  return v128.load64_lane(at + apart, v128.load64_zero(at), 1);
}

/** Stores the lanes of a vector `apart` bytes from each other. */
@inline
function unpair(at: usize, apart: usize, value: v128): void {
  v128.store64_lane(at, value, 0);
  v128.store64_lane(at + apart, value, 1);
}

/** The columns of a variant: seven addresses and the initial cash. */
@unmanaged
class Frame {
  entry: usize;
  exit: usize;
  /** Fill prices; see fills.ts. */
  prices: usize;
  /** Columns `factor`, `base` and `extra` of both sides; see fills.ts. */
  terms: usize;
  ret: usize;
  net: usize;
  /** Address for the number of trades. */
  count: usize;
  cash: f64;
}

/**
 * Writes `entry`, `exit` and `count` of the runs of one side, where the other side is not true; `notOuter` 0 means no
 * other side.
 */
export function followOne(
  outer: usize,
  inner: usize,
  notOuter: usize,
  notInner: usize,
  side: i32,
  bars: i32,
  frame: Frame,
): void {
  walk(outer, inner, notOuter, notInner, side, bars, frame, false, false);
}

/** Writes `entry`, `exit` and `count` of the runs of both sides; a bar on which both are true is NEUTRAL. */
export function followBoth(
  longOuter: usize,
  longInner: usize,
  shortOuter: usize,
  shortInner: usize,
  bars: i32,
  frame: Frame,
): void {
  walk(longOuter, longInner, shortOuter, shortInner, 0, bars, frame, true, false);
}

/**
 * Writes the runs of `followOne`, their returns and the nets of a balance that puts all it has in each trade. Returns
 * what is available in the end, 0 or less if the variant goes bust.
 */
export function tradeOne(
  outer: usize,
  inner: usize,
  notOuter: usize,
  notInner: usize,
  side: i32,
  bars: i32,
  frame: Frame,
): f64 {
  return walk(outer, inner, notOuter, notInner, side, bars, frame, false, true);
}

/** Writes and returns the same for the runs of both sides. */
export function tradeBoth(
  longOuter: usize,
  longInner: usize,
  shortOuter: usize,
  shortInner: usize,
  bars: i32,
  frame: Frame,
): f64 {
  return walk(longOuter, longInner, shortOuter, shortInner, 0, bars, frame, true, true);
}

/**
 * Walks from edge to edge. If `two`, both conditions are sides to trade; else the first one is `side`, and the second
 * one (address 0: none) says where it does not count. `two` and `trades` are constants at compile time, so the branches
 * they rule out are not compiled.
 */
@inline
function walk(
  outer: usize,
  inner: usize,
  otherOuter: usize,
  otherInner: usize,
  side: u32,
  bars: u32,
  frame: Frame,
  two: bool,
  trades: bool,
): f64 {
  const end = blocksOf(bars);
  let last = bars - 1; // nothing is entered on the last bar
  const entry = frame.entry;
  const exit = frame.exit;
  let available = frame.cash;
  let run: usize = 0;
  let from: u32 = 0;
  let held = false;
  let carry: u64 = 0;
  let otherCarry: u64 = 0;
  for (let block: usize = 0; block < end; block += 16) {
    let some = v128.and(v128.load(outer + block), v128.load(inner + block));
    if (two) some = v128.or(some, v128.and(v128.load(otherOuter + block), v128.load(otherInner + block)));
    if ((carry | otherCarry) == 0 && !v128.any_true(some)) continue;
    for (let at = block; at < block + 16; at += 8) {
      let bits = load<u64>(outer + at) & load<u64>(inner + at);
      let others: u64 = 0;
      if (two || otherOuter != 0) others = load<u64>(otherOuter + at) & load<u64>(otherInner + at);
      const both = bits & others;
      bits ^= both;
      others = two ? others ^ both : 0;
      let changes = (bits ^ ((bits << 1) | carry)) | (others ^ ((others << 1) | otherCarry));
      carry = bits >>> 63;
      otherCarry = others >>> 63;
      while (changes != 0) {
        const bit = ctz(changes);
        const bar = <u32>(at << 3) + <u32>bit;
        changes &= changes - 1;
        if (held) {
          store<u32>(exit + (run << 2), bar);
          if (trades) available = tradeOf(frame, run, from, bar, available);
          run += 1;
          if (trades && available <= 0) {
            // The variant is bust and trades no more.
            changes = 0;
            last = 0;
            block = end;
            at = end + 16;
          }
        }
        const other = <u32>((others >>> bit) & 1);
        held = (<u32>((bits >>> bit) & 1) | other) != 0 && bar < last;
        from = (bar << 1) | (two ? other : side);
        store<u32>(entry + (run << 2), from);
      }
    }
  }
  if (held) {
    store<u32>(exit + (run << 2), bars);
    if (trades) available = tradeOf(frame, run, from, bars, available);
    run += 1;
  }
  store<u32>(frame.count, <u32>run);
  return available;
}

/** Returns the bytes of the blocks of 128 bars in which bitsets are read. */
@inline
function blocksOf(bars: u32): usize {
  return (<usize>((bars + 127) >>> 7)) << 4;
}

/** Writes the return and the net of a trade in the normative order, and returns what is available after it. */
@inline
function tradeOf(frame: Frame, run: usize, from: u32, bar: u32, available: f64): f64 {
  const side = from & 1;
  const bought = load<f64>(frame.prices + ((<usize>from) << 3));
  const sold = load<f64>(frame.prices + ((<usize>(2 * bar + 1 - side)) << 3));
  const term = frame.terms + ((<usize>side) << 3);
  const ret = (sold / bought) * load<f64>(term) + load<f64>(term, 16) + load<f64>(term, 32);
  const net = available * ret;
  store<f64>(frame.ret + (run << 3), ret);
  store<f64>(frame.net + (run << 3), net);
  return available + net;
}
