// Numbers and durations as a report prints them.

/**
 * At most `places` decimals, half-even, trailing zeros stripped, never `-0`; `inf`, `-inf`, `N/A` for not-a-number.
 * What is rounded is the shortest decimal that names the double, the one everybody sees: 2.675 is a tie and gives 2.68,
 * although the double lies below it.
 */
export function formatNumber(value: number, places: number): string {
  if (Number.isNaN(value)) return 'N/A';
  if (!Number.isFinite(value)) return value > 0 ? 'inf' : '-inf';
  const scaled = roundedAt(Math.abs(value), places)
    .toString()
    .padStart(places + 1, '0');
  const whole = scaled.slice(0, scaled.length - places);
  let end = scaled.length;
  while (end > scaled.length - places && scaled[end - 1] === '0') end -= 1;
  const decimals = scaled.slice(scaled.length - places, end);
  const text = decimals === '' ? whole : `${whole}.${decimals}`;
  return value < 0 && text !== '0' ? `-${text}` : text;
}

/** `[N day[s], ]H:MM:SS`, to the second, half-even; `N/A` for not-a-number. */
export function formatDuration(ms: number): string {
  if (Number.isNaN(ms)) return 'N/A';
  const seconds = Number(roundedAt(ms / 1000, 0));
  const days = Math.floor(seconds / 86_400);
  const clock = `${Math.floor(seconds / 3600) % 24}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
  if (days === 0) return clock;
  return `${days} ${days === 1 ? 'day' : 'days'}, ${clock}`;
}

function two(value: number): string {
  return String(value).padStart(2, '0');
}

/** value * 10^places as a whole number, half-even, for value >= 0. */
function roundedAt(value: number, places: number): bigint {
  const [mantissa, exponent] = value.toExponential().split('e');
  const digits = BigInt(mantissa.replace('.', ''));
  const decimals = mantissa.length > 1 ? mantissa.length - 2 : 0;
  const shift = Number(exponent) - decimals + places; // value * 10^places = digits * 10^shift
  if (shift >= 0) return digits * 10n ** BigInt(shift);
  const unit = 10n ** BigInt(-shift);
  const floor = digits / unit;
  const twice = 2n * (digits % unit);
  return twice > unit || (twice === unit && floor % 2n === 1n) ? floor + 1n : floor;
}
