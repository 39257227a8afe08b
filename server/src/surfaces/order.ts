// Units in ascending order of their scores, by a radix sort over the bits of the numbers: medians of any grouping then take
// one pass, where sorting each group would take longer than a slider allows.

const BITS = 11;
const BUCKETS = 2 ** BITS;

/** Units that have a score, lowest first, equal scores in order of the unit; and their scores beside them, to be read in a row. */
export interface Ascending {
  readonly units: Uint32Array;
  readonly values: Float32Array;
}

export function ascending(scores: Float32Array): Ascending {
  const units = unitsByScore(scores);
  const values = new Float32Array(units.length); // filled in a loop: `from` takes ten times as long
  for (let row = 0; row < units.length; row += 1) values[row] = scores[units[row]!]!;
  return { units, values };
}

function unitsByScore(scores: Float32Array): Uint32Array {
  const bits = new Uint32Array(scores.buffer, scores.byteOffset, scores.length);
  let ranked = 0;
  for (const score of scores) if (score === score) ranked += 1;
  let from = new Uint32Array(ranked);
  let to = new Uint32Array(ranked);
  ranked = 0;
  for (let unit = 0; unit < scores.length; unit += 1) {
    if (scores[unit] !== scores[unit]) continue;
    from[ranked] = unit;
    ranked += 1;
  }
  for (let shift = 0; shift < 32; shift += BITS) {
    const starts = new Uint32Array(BUCKETS + 1);
    for (let row = 0; row < ranked; row += 1) starts[bucketOf(bits[from[row]!]!, shift) + 1]! += 1;
    for (let bucket = 0; bucket < BUCKETS; bucket += 1) starts[bucket + 1]! += starts[bucket]!;
    for (let row = 0; row < ranked; row += 1) {
      const unit = from[row]!;
      const bucket = bucketOf(bits[unit]!, shift);
      to[starts[bucket]!] = unit;
      starts[bucket]! += 1;
    }
    [from, to] = [to, from];
  }
  return from;
}

/** Numbers below 0 have their sign bit set and grow the other way; -0 sorts before 0, which no median can show. */
function bucketOf(bits: number, shift: number): number {
  const key = bits >>> 31 === 1 ? ~bits : bits | 0x80000000;
  return (key >>> shift) & (BUCKETS - 1);
}

/** Returns the best unit, of equal ones the first, as a ranking does; -1: there is none. */
export function bestOf({ sign }: { readonly sign: 1 | -1 }, { units, values }: Ascending): number {
  if (units.length === 0) return -1;
  if (sign === -1) return units[0]!;
  let row = units.length - 1;
  while (row > 0 && values[row - 1] === values[row]) row -= 1;
  return units[row]!;
}

/** Collects the median of each of some groups from members that come in ascending order. */
export function openMedians(counts: Uint32Array) {
  const seen = new Uint32Array(counts.length);
  const medians = new Float32Array(counts.length).fill(NaN);
  return {
    take(group: number, score: number): void {
      const count = counts[group]!;
      const place = seen[group]!;
      seen[group] = place + 1;
      if (place === (count - 1) >> 1) medians[group] = score;
      // Of an even number the mean of the two in the middle; two infinities of one sign are that.
      else if (place === count >> 1) medians[group] = score === medians[group] ? score : (medians[group]! + score) / 2;
    },
    medians,
  };
}
