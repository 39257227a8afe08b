// Keeps a log file below a size while somebody writes to it: what is there becomes FILE.1, and the file begins again. It is
// copied and cut, not renamed, because the writer goes on with the file that it has open (for appending).

import { copyFileSync, existsSync, rmSync, statSync, truncateSync } from 'node:fs';

const LOG_BYTES = 10_000_000;
const EVERY_MS = 5000;

export function rotate(file: string, bytes = LOG_BYTES): void {
  if (!existsSync(file) || statSync(file).size <= bytes) return;
  try {
    rmSync(`${file}.1`, { force: true });
    copyFileSync(file, `${file}.1`);
  } catch {
    rmSync(`${file}.1`, { force: true }); // no room for both: the newer lines matter more
  }
  truncateSync(file);
}

/** Looks every few seconds until disposed. */
export function keepSmall(file: string, bytes = LOG_BYTES, everyMs = EVERY_MS): Disposable {
  const look = (): void => {
    try {
      rotate(file, bytes);
    } catch {
      // The next look may find it well; a log is no reason to end what it is of.
    }
  };
  look();
  const timer = setInterval(look, everyMs).unref();
  return { [Symbol.dispose]: () => clearInterval(timer) };
}
