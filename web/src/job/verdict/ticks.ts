// Places on an axis that are round, and as many as fit.

/** Returns a round step of which about so many fit into a range. */
export function roundStep(from: number, to: number, about: number): number {
  const raw = (to - from) / Math.max(1, about);
  if (!(raw > 0) || !Number.isFinite(raw)) return 1;
  const size = 10 ** Math.floor(Math.log10(raw));
  return [1, 2, 2.5, 5, 10].map((one) => one * size).find((one) => one >= raw * (1 - 1e-9)) ?? 10 * size;
}

/** Returns the round places of a range. */
export function roundTicks(from: number, to: number, about: number): readonly number[] {
  const step = roundStep(from, to, about);
  const first = Math.ceil(from / step - 1e-9);
  const last = Math.floor(to / step + 1e-9);
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, at) =>
    Number(((first + at) * step).toPrecision(12)),
  );
}

/** Decimals that tell the steps of an axis apart. */
export function decimalsOf(step: number): number {
  for (let digits = 0; digits < 6; digits += 1)
    if (Math.abs(step * 10 ** digits - Math.round(step * 10 ** digits)) < 1e-6) return digits;
  return 6;
}
