// The probability of backtest overfitting, by combinatorially symmetric cross-validation: the history is cut into blocks,
// every half of the blocks picks its best trial, and the question is where that one stands in the other half.
// D. H. Bailey, J. Borwein, M. Lopez de Prado, Q. J. Zhu, The Probability of Backtest Overfitting, Journal of
// Computational Finance 20 (2017). Sums over blocks are all it needs, so no matrix of returns is kept.

export interface Overfitting {
  /**
   * For each choice of half the blocks, in lexicographic order: ln(w / (1 - w)), w = rank / (N + 1) of the chosen trial among
   * the N trials in the other half, 1 the worst; trials that are equal there share the mean of their ranks.
   */
  readonly logits: Float64Array;
  /** The share of logits below 0, and half the share of those that are 0. */
  readonly probability: number;
  /** The share of halves whose best trial loses in the other half (its returns sum to less than 0), and half of those where it breaks even. */
  readonly loss: number;
}

/** Of equal ratios in the half that chooses, the first trial wins; ratios that differ by rounding are equal. */
export type SplitMetric = 'mean' | 'sharpe';

/** Returns of one trial, summed by block. */
export interface BlockSums {
  readonly sums: Float64Array;
  readonly squares: Float64Array;
}

/**
 * The probability that the best trial of one half of a history does worse than most in the other half. `trials`: columns of
 * returns, all of the same length, at least two. `blocks`: contiguous, their lengths differ by one return at most. Metric
 * `sharpe` is mean / deviation (ddof 1), 0 for a half without any return but 0, +-Infinity without deviation.
 * @throws RangeError for fewer than two trials, an odd number of blocks, fewer than two returns a block.
 */
export function overfitting(
  trials: readonly Float64Array[],
  { blocks = 16, metric = 'sharpe' }: { readonly blocks?: number; readonly metric?: SplitMetric } = {},
): Overfitting {
  const returns = trials[0]?.length ?? 0;
  for (const { length } of trials) {
    if (length !== returns) throw new RangeError(`trials of ${returns} and ${length} returns: must be equal`);
  }
  if (trials.length < 2) throw new RangeError(`needs two trials to choose from, got ${trials.length}`);
  const sums = trials.map((trial) => blockSums(trial, blocks));
  const working = splits(sums, returns, metric, () => null);
  for (;;) {
    const { done, value } = working.next();
    if (done === true) return value;
  }
}

/** Sums of returns and of their squares. */
export function blockSums(returns: Float64Array, blocks: number): BlockSums {
  const found = { sums: new Float64Array(blocks), squares: new Float64Array(blocks) };
  for (let block = 0; block < blocks; block += 1) {
    const end = startOf(block + 1, blocks, returns.length);
    for (let at = startOf(block, blocks, returns.length); at < end; at += 1) {
      found.sums[block] += returns[at];
      found.squares[block] += returns[at] * returns[at];
    }
  }
  return found;
}

function startOf(block: number, blocks: number, returns: number): number {
  return Math.floor((block * returns) / blocks);
}

/** Trials that are measured between two turns: some 50 ms. */
const PORTION = 1_000_000;

/** `overfitting` from sums, in portions: yields `turn()` after each. Of one trial only the loss has a meaning. */
export function* splits<T>(
  trials: readonly BlockSums[],
  returns: number,
  metric: SplitMetric,
  turn: () => T,
): Generator<T, Overfitting> {
  const blocks = trials[0]?.sums.length ?? 0;
  checkSplit(blocks, returns);
  const measure = openHalves(trials, returns, metric);
  const halves = halvesOf(blocks);
  const logits = new Float64Array(2 * halves.length);
  const [one, other] = [new Float64Array(trials.length), new Float64Array(trials.length)];
  let losses = 0;
  let rest = PORTION;
  for (const [at, half] of halves.entries()) {
    const near = measure(half, one);
    const far = measure(2 ** blocks - 1 - half, other);
    const [first, second] = [bestOf(one, near.rounding), bestOf(other, far.rounding)];
    logits[at] = logitOf(other, first, far.rounding);
    logits[logits.length - 1 - at] = logitOf(one, second, near.rounding); // of the complement, which comes last in the order
    losses += lossOf(other[first], far.nothing) + lossOf(one[second], near.nothing);
    rest -= 2 * trials.length;
    if (rest > 0) continue;
    rest = PORTION;
    yield turn();
  }
  return { logits, probability: belowMiddle(logits), loss: losses / logits.length };
}

/** Tests whether no trial does better than one of them in any block, up to rounding. */
export function winsEveryBlock(trials: readonly BlockSums[], returns: number, winner: number): boolean {
  const measure = openHalves(trials, returns, 'sharpe');
  const measures = new Float64Array(trials.length);
  return trials[winner].sums.every((_, block) => {
    const { rounding } = measure(2 ** block, measures);
    return measures.every((value) => value <= measures[winner] + rounding);
  });
}

function checkSplit(blocks: number, returns: number): void {
  if (blocks < 2 || blocks % 2 !== 0) throw new RangeError(`blocks must be an even number, got ${blocks}`);
  if (returns < 2 * blocks) throw new RangeError(`${blocks} blocks need ${2 * blocks} returns, got ${returns}`);
}

/**
 * The halves that hold block 0, as masks with bit b for block b, in lexicographic order of their blocks; the others are
 * their complements, the last one first.
 */
function halvesOf(blocks: number): readonly number[] {
  const found: number[] = [];
  const choose = (half: number, chosen: number, next: number): void => {
    if (chosen === blocks / 2) found.push(half);
    else for (let block = next; block < blocks; block += 1) choose(half + 2 ** block, chosen + 1, block + 1);
  };
  choose(1, 1, 1);
  return found;
}

/** Sums that differ by less than this part of the sum of their sizes are equal. */
const ROUNDING = 1e-9;

/** The difference up to which measures are equal, and the size up to which one is nothing. */
interface Tolerance {
  readonly rounding: number;
  readonly nothing: number;
}

/**
 * Measures every trial over some of the blocks; only order and sign of the measures count, so that of means is left a sum.
 * The sum of sizes is at most sqrt(count * squares).
 */
function openHalves(trials: readonly BlockSums[], returns: number, metric: SplitMetric) {
  const blocks = trials[0].sums.length;
  const sums = openSums(trials, 'sums');
  const squares = openSums(trials, 'squares');
  const lengths = Array.from(
    { length: blocks },
    (_, b) => startOf(b + 1, blocks, returns) - startOf(b, blocks, returns),
  );
  return (mask: number, out: Float64Array): Tolerance => {
    const count = lengths.reduce((sum, length, block) => sum + ((mask >>> block) & 1) * length, 0);
    const [early, late] = sums(mask);
    const [earlySquares, lateSquares] = squares(mask);
    let largest = 0;
    for (let trial = 0; trial < out.length; trial += 1) {
      out[trial] = early[trial] + late[trial];
      largest = Math.max(largest, earlySquares[trial] + lateSquares[trial]);
    }
    const ofSums = ROUNDING * Math.sqrt(count * largest);
    if (metric === 'mean') return { rounding: ofSums, nothing: ofSums };
    const all = count * (1 - NO_DEVIATION);
    largest = 0;
    for (let trial = 0; trial < out.length; trial += 1) {
      out[trial] = strengthOf(out[trial], earlySquares[trial] + lateSquares[trial], all);
      const size = Math.abs(out[trial]);
      if (size > largest && size < Infinity) largest = size;
    }
    // A strength is the square of a ratio of sums, so it is nothing where that ratio is.
    return { rounding: ROUNDING * Math.sqrt(count * largest), nothing: ROUNDING * ROUNDING * count };
  };
}

/** Sums over any blocks are those over the early ones and those over the late ones, each made once for each choice. */
function openSums(trials: readonly BlockSums[], name: keyof BlockSums) {
  const middle = trials[0].sums.length / 2;
  const choices = 2 ** middle;
  const ofSide = (first: number): readonly Float64Array[] => {
    const made = [new Float64Array(trials.length)];
    for (let block = 0; block < middle; block += 1) {
      for (const sum of made.slice()) made.push(sum.map((value, trial) => value + trials[trial][name][first + block]));
    }
    return made;
  };
  const [early, late] = [ofSide(0), ofSide(middle)];
  return (mask: number) => [early[mask % choices], late[Math.floor(mask / choices)]] as const;
}

// What sums of squares lose by rounding, of columns up to a million returns.
const NO_DEVIATION = 1e-12;

/**
 * In the order of the Sharpe ratios of halves with equally many returns: |mean / deviation| grows with sum^2 / squares, which
 * is their count where there is no deviation. The ratio itself would take a root and two divisions more.
 */
function strengthOf(sum: number, squares: number, withoutDeviation: number): number {
  if (squares === 0) return 0;
  const strength = (sum * Math.abs(sum)) / squares;
  return Math.abs(strength) < withoutDeviation ? strength : sum * Infinity;
}

/** The first of the best. */
function bestOf(values: Float64Array, rounding: number): number {
  let most = values[0];
  for (let at = 1; at < values.length; at += 1) if (values[at] > most) most = values[at];
  let best = 0;
  while (values[best] < most - rounding) best += 1;
  return best;
}

function logitOf(values: Float64Array, chosen: number, rounding: number): number {
  const value = values[chosen];
  let worse = 0;
  let equal = 0;
  for (let at = 0; at < values.length; at += 1) {
    worse += Number(values[at] < value - rounding);
    equal += Number(values[at] === value || Math.abs(values[at] - value) <= rounding);
  }
  const rank = worse + (equal + 1) / 2;
  return Math.log(rank / (values.length + 1 - rank)); // exactly 0 in the middle
}

/** 1 for a loss, a half for nothing. */
function lossOf(measure: number, nothing: number): number {
  if (Math.abs(measure) <= nothing) return 0.5;
  return measure < 0 ? 1 : 0;
}

function belowMiddle(logits: Float64Array): number {
  let doubled = 0;
  for (const logit of logits) doubled += Number(logit < 0) + Number(logit <= 0);
  return doubled / (2 * logits.length);
}
