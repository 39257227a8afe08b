// The halves of overfitting.ts as a picture: where the best of one half of the history stands in the other, so that the
// probability of overfitting can be read off it.

const BINS = 48;
/** A ratio of e^6 is a rank of 1 in 404; what lies beyond is in the bins at the ends. */
const END = 6;

/** Plain JSON. */
export interface Halves {
  /** Ends of the range of ln(w / (1 - w)), cut into bins of equal width; w is the relative rank, 0 the worst. */
  readonly from: number;
  readonly to: number;
  /**
   * Halves in each bin, all of them together. One exactly in the middle counts a half on both sides of it, so that what lies
   * left of the middle, of all, is the probability of overfitting.
   */
  readonly counts: readonly number[];
}

export function binHalves(logits: Float64Array): Halves {
  const counts = Array.from({ length: BINS }, () => 0);
  for (const logit of logits) {
    const place = ((logit + END) * BINS) / (2 * END);
    const bin = Math.max(0, Math.min(BINS - 1, Math.floor(place)));
    if (logit === 0) {
      counts[BINS / 2 - 1] += 0.5;
      counts[BINS / 2] += 0.5;
    } else counts[logit < 0 ? Math.min(bin, BINS / 2 - 1) : bin] += 1;
  }
  return { from: -END, to: END, counts };
}
