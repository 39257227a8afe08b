// The part of a long history whose candles are shown at once.

export interface Window {
  readonly start: number;
  readonly end: number;
}

/**
 * Returns all of a history that has few bars, else a part of about `most` that has an instant well inside. Parts begin at
 * fixed places, so what is near is in the same one.
 */
export function windowAt({ start, end }: Window, bars: number, most: number, instant: number): Window {
  if (bars <= most || end <= start) return { start, end };
  const width = ((end - start) * most) / bars;
  const step = width / 2;
  const last = Math.max(0, Math.ceil((end - start - width) / step));
  const part = Math.min(last, Math.max(0, Math.round((instant - start) / step - 1)));
  const from = Math.round(start + part * step);
  return { start: from, end: Math.min(end, Math.round(from + width)) };
}
