// Where the ticks of an axis stand: round numbers, few enough to be read.

/** Returns round numbers between two, at most about so many of them. */
export function roundTicks(min: number, max: number, most: number): number[] {
  const span = max - min;
  if (!(span > 0) || !Number.isFinite(span)) return Number.isFinite(min) ? [min] : [];
  const step = roundStep(span / Math.max(1, most));
  const ticks: number[] = [];
  // Multiples, not sums: sums of 0.1 drift.
  for (let at = Math.ceil(min / step - 1e-9); at * step <= max + step * 1e-9; at += 1) {
    ticks.push(Number((at * step).toPrecision(12)));
  }
  return ticks;
}

/** Returns the least of 1, 2, 2.5, 5, 10 and their tenfolds that is not below a step. */
function roundStep(step: number): number {
  const power = 10 ** Math.floor(Math.log10(step));
  const head = [1, 2, 2.5, 5, 10].find((one) => one * power >= step * (1 - 1e-9)) ?? 10;
  return head * power;
}

const HEADS = [[1], [1, 3], [1, 2, 5], [1, 1.5, 2, 3, 5, 7]] as const;

/** Returns round numbers on a log axis: as dense a pattern of heads as has at most so many; of a short axis, those of a linear one. */
export function logTicks(min: number, max: number, most: number): number[] {
  if (!(min > 0) || !(max > min)) return [];
  if (max / min < 2) return roundTicks(min, max, most);
  const sets = HEADS.map((heads) => tensOf(heads, min, max));
  const fitting = sets.filter((ticks) => ticks.length <= Math.max(2, most));
  const best = fitting.at(-1) ?? sets[0] ?? [];
  return best.length < 2 ? roundTicks(min, max, most) : best;
}

function tensOf(heads: readonly number[], min: number, max: number): number[] {
  const ticks: number[] = [];
  for (let power = Math.floor(Math.log10(min)); 10 ** power <= max; power += 1) {
    for (const head of heads) {
      const tick = Number((head * 10 ** power).toPrecision(12));
      if (tick >= min && tick <= max) ticks.push(tick);
    }
  }
  return ticks;
}
