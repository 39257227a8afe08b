/** Returns the path of a line of equity in a box. */
export function linePath(values: readonly number[], width: number, height: number): string {
  const low = Math.min(...values);
  const high = Math.max(...values);
  const x = (at: number): number => (values.length < 2 ? 0 : (width * at) / (values.length - 1));
  const y = (value: number): number => (high === low ? height / 2 : height - (height * (value - low)) / (high - low));
  return values.map((value, at) => `${at === 0 ? 'M' : 'L'}${round(x(at))} ${round(y(value))}`).join('');
}

const round = (value: number): number => Math.round(value * 10) / 10;
