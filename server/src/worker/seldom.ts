// A message that would come every poll comes once, then every five seconds as long as its trouble lasts.

const EVERY_MS = 5000;

export function seldom<T extends readonly unknown[]>(
  report: (...said: T) => void,
  now: () => number = () => performance.now(),
): (...said: T) => void {
  let last = -Infinity;
  return (...said) => {
    if (now() - last < EVERY_MS) return;
    last = now();
    report(...said);
  };
}
